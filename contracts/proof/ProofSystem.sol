// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {IProofGate} from "../interfaces/IProofGate.sol";
import {IProofSystem} from "../interfaces/IProofSystem.sol";
import {Challenges} from "./Challenges.sol";

/// @title Proofs of work done and challenges of results.
/// @dev The owner is the timelock. It names circuits, resolvers and terms within fixed bounds; no function moves bonds
/// but the ways in which a challenge ends.
contract ProofSystem is Challenges, UUPSUpgradeable {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @notice The neighbours may be addresses that are not deployed yet.
    /// @param owner_ The timelock.
    /// @param fab_ Token of bonds, for good.
    /// @param marketplace_ Knows jobs and asks for proofs.
    /// @param registry_ Knows nodes and takes stake.
    /// @param reputation_ Books failures.
    /// @param resolvers_ Decide challenges.
    function initialize(
        address owner_,
        address fab_,
        address marketplace_,
        address registry_,
        address reputation_,
        address[] calldata resolvers_
    ) external initializer {
        if (fab_ == address(0) || marketplace_ == address(0)) revert ProofSystemZeroAddress();
        if (registry_ == address(0) || reputation_ == address(0)) revert ProofSystemZeroAddress();
        __Ownable_init(owner_);
        ProofSystemStorage storage $ = _proofSystemStorage();
        $.fab = fab_;
        $.marketplace = marketplace_;
        $.registry = registry_;
        $.reputation = reputation_;
        $.terms = Terms({
            challengeWindow: 24 hours,
            revealWindow: 12 hours,
            resolverWindow: 3 days,
            challengeBond: 10e18,
            challengeSlash: 10e18
        });
        for (uint256 i; i < resolvers_.length; ++i) {
            _setResolver(resolvers_[i], true);
        }
    }

    /// @inheritdoc IProofGate
    function isPayoutBlocked(uint256 jobId) external view returns (bool) {
        return _awaitsVerification(jobId) || _isChallenged(jobId);
    }

    /// @inheritdoc IProofSystem
    function setResolver(address resolver, bool allowed) external onlyOwner {
        _setResolver(resolver, allowed);
    }

    /// @inheritdoc IProofSystem
    /// @dev From a submission to the last decision about it pass at most 7 days, the three windows together.
    function setChallengeWindow(uint256 value) external onlyOwner {
        _checkTerm("challengeWindow", value, 1 hours, 2 days);
        _proofSystemStorage().terms.challengeWindow = uint24(value);
    }

    /// @inheritdoc IProofSystem
    function setRevealWindow(uint256 value) external onlyOwner {
        _checkTerm("revealWindow", value, 1 hours, 1 days);
        _proofSystemStorage().terms.revealWindow = uint24(value);
    }

    /// @inheritdoc IProofSystem
    function setResolverWindow(uint256 value) external onlyOwner {
        _checkTerm("resolverWindow", value, 1 hours, 4 days);
        _proofSystemStorage().terms.resolverWindow = uint24(value);
    }

    /// @inheritdoc IProofSystem
    function setChallengeBond(uint256 value) external onlyOwner {
        _checkTerm("challengeBond", value, 1e18, 1000e18);
        _proofSystemStorage().terms.challengeBond = uint96(value);
    }

    /// @inheritdoc IProofSystem
    function setChallengeSlash(uint256 value) external onlyOwner {
        _checkTerm("challengeSlash", value, 0, 1000e18);
        _proofSystemStorage().terms.challengeSlash = uint88(value);
    }

    /// @inheritdoc IProofSystem
    function isResolver(address account) external view returns (bool) {
        return _proofSystemStorage().resolvers[account];
    }

    /// @inheritdoc IProofSystem
    function challengeWindow() external view returns (uint256) {
        return _proofSystemStorage().terms.challengeWindow;
    }

    /// @inheritdoc IProofSystem
    function revealWindow() external view returns (uint256) {
        return _proofSystemStorage().terms.revealWindow;
    }

    /// @inheritdoc IProofSystem
    function resolverWindow() external view returns (uint256) {
        return _proofSystemStorage().terms.resolverWindow;
    }

    /// @inheritdoc IProofSystem
    function challengeBond() external view returns (uint256) {
        return _proofSystemStorage().terms.challengeBond;
    }

    /// @inheritdoc IProofSystem
    function challengeSlash() external view returns (uint256) {
        return _proofSystemStorage().terms.challengeSlash;
    }

    /// @inheritdoc IProofSystem
    function fab() external view returns (address) {
        return _proofSystemStorage().fab;
    }

    /// @inheritdoc IProofSystem
    function marketplace() external view returns (address) {
        return _proofSystemStorage().marketplace;
    }

    /// @inheritdoc IProofSystem
    function registry() external view returns (address) {
        return _proofSystemStorage().registry;
    }

    /// @inheritdoc IProofSystem
    function reputation() external view returns (address) {
        return _proofSystemStorage().reputation;
    }

    function _setResolver(address resolver, bool allowed) private {
        if (resolver == address(0)) revert ProofSystemZeroAddress();
        _proofSystemStorage().resolvers[resolver] = allowed;
        emit ResolverSet(resolver, allowed);
    }

    function _checkTerm(string memory term, uint256 value, uint256 minimum, uint256 maximum) private {
        if (value < minimum || value > maximum) revert ProofSystemTermOutOfRange(term, value, minimum, maximum);
        emit ChallengeTermSet(term, value);
    }

    function _authorizeUpgrade(address) internal override onlyOwner {}
}
