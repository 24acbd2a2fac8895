// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable2StepUpgradeable} from "@openzeppelin/contracts-upgradeable/access/Ownable2StepUpgradeable.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {IMarketplaceSettings} from "../interfaces/IMarketplaceSettings.sol";
import {IProofGate} from "../interfaces/IProofGate.sol";
import {IReputationSystem} from "../interfaces/IReputationSystem.sol";
import {BreakerGate} from "./BreakerGate.sol";
import {SponsorStore} from "./SponsorStore.sol";

/// @title What governance sets.
/// @dev The owner is the timelock. Nothing here moves what users are owed, and nothing reaches work that is open.
abstract contract MarketplaceSettings is
    BreakerGate,
    SponsorStore,
    Ownable2StepUpgradeable,
    IMarketplaceSettings
{
    /// @dev The host keeps at least 70 %.
    uint256 private constant MAX_FEES_BPS = 3_000;
    uint256 private constant DEFAULT_PROTOCOL_BPS = 1_000;
    uint256 private constant DEFAULT_STAKERS_BPS = 500;
    uint256 private constant MIN_CLOSING_WINDOW = 10 minutes;
    uint256 private constant MAX_CLOSING_WINDOW = 24 hours;

    /// @inheritdoc IMarketplaceSettings
    function initialize(
        address owner_,
        Neighbours calldata neighbours,
        TokenSetup[] calldata tokens,
        PaymasterSetup[] calldata paymasters
    ) external initializer {
        __Ownable_init(owner_);
        _setRegistry(neighbours.registry);
        _setTreasury(neighbours.treasury);
        _setStakers(neighbours.stakers);
        _setProofSystem(neighbours.proofSystem);
        _setReputation(neighbours.reputation);
        _setArbiter(neighbours.arbiter);
        _setGuardian(neighbours.guardian);
        _setFees(DEFAULT_PROTOCOL_BPS, DEFAULT_STAKERS_BPS);
        _setClosingWindow(1 hours);
        _listToken(address(0), true);
        for (uint256 i; i < tokens.length; ++i) {
            if (tokens[i].token != address(0)) _listToken(tokens[i].token, true);
            _setLimits(tokens[i].token, tokens[i].minimum, tokens[i].maximum);
        }
        for (uint256 i; i < paymasters.length; ++i) {
            _setSponsorPaymaster(paymasters[i].entryPoint, paymasters[i].paymaster);
        }
    }

    /// @inheritdoc IMarketplaceSettings
    function setAcceptedToken(address token, bool accepted) external onlyOwner {
        _listToken(token, accepted);
    }

    /// @inheritdoc IMarketplaceSettings
    function setTokenLimits(address token, uint256 minimum, uint256 maximum) external onlyOwner {
        _setLimits(token, minimum, maximum);
    }

    /// @inheritdoc IMarketplaceSettings
    function setTreasury(address treasury_) external onlyOwner {
        _setTreasury(treasury_);
    }

    /// @inheritdoc IMarketplaceSettings
    function setStakers(address stakers_) external onlyOwner {
        _setStakers(stakers_);
    }

    /// @inheritdoc IMarketplaceSettings
    function setFees(uint256 protocolBps, uint256 stakersBps) external onlyOwner {
        _setFees(protocolBps, stakersBps);
    }

    /// @inheritdoc IMarketplaceSettings
    function setClosingWindow(uint256 window) external onlyOwner {
        _setClosingWindow(window);
    }

    /// @inheritdoc IMarketplaceSettings
    function setProofSystem(address proofSystem_) external onlyOwner {
        _setProofSystem(proofSystem_);
    }

    /// @inheritdoc IMarketplaceSettings
    function setReputation(address reputation_) external onlyOwner {
        _setReputation(reputation_);
    }

    /// @inheritdoc IMarketplaceSettings
    function setArbiter(address arbiter_) external onlyOwner {
        _setArbiter(arbiter_);
    }

    /// @inheritdoc IMarketplaceSettings
    function setSponsorPaymaster(address entryPoint, address paymaster) external onlyOwner {
        _setSponsorPaymaster(entryPoint, paymaster);
    }

    /// @inheritdoc IMarketplaceSettings
    function tokenConfig(address token) external view returns (TokenConfig memory) {
        Token memory stored = _token(token);
        return TokenConfig({
            index: stored.index,
            accepted: stored.accepted,
            minDeposit: stored.minDeposit,
            maxDeposit: stored.maxDeposit
        });
    }

    /// @inheritdoc IMarketplaceSettings
    function treasury() external view returns (address) {
        return _ledgerStorage().treasury;
    }

    /// @inheritdoc IMarketplaceSettings
    function stakers() external view returns (address) {
        return _ledgerStorage().stakers;
    }

    /// @inheritdoc IMarketplaceSettings
    function fees() external view returns (uint256 protocolBps, uint256 stakersBps) {
        return _feeBps();
    }

    /// @inheritdoc IMarketplaceSettings
    function closingWindow() external view returns (uint256) {
        return _bookStorage().closingWindow;
    }

    /// @inheritdoc IMarketplaceSettings
    function registry() external view returns (address) {
        return address(_registry());
    }

    /// @inheritdoc IMarketplaceSettings
    function proofSystem() external view returns (address) {
        return address(_proofSystem());
    }

    /// @inheritdoc IMarketplaceSettings
    function reputation() external view returns (address) {
        return address(_reputation());
    }

    /// @inheritdoc IMarketplaceSettings
    function arbiter() external view returns (address) {
        return _arbiter();
    }

    /// @inheritdoc IMarketplaceSettings
    function lastJobId() external view returns (uint256) {
        return _lastJobId();
    }

    function _setFees(uint256 protocolBps, uint256 stakersBps) private {
        // Each part first: their sum could overflow.
        uint256 highest = protocolBps > stakersBps ? protocolBps : stakersBps;
        uint256 total = highest > MAX_FEES_BPS ? highest : protocolBps + stakersBps;
        if (total > MAX_FEES_BPS) revert IJobMarketplace.MarketplaceFeesTooHigh(total, MAX_FEES_BPS);
        BookStorage storage $ = _bookStorage();
        $.protocolBps = uint16(protocolBps);
        $.stakersBps = uint16(stakersBps);
        emit IJobMarketplace.FeesSet(protocolBps, stakersBps);
    }

    function _setProofSystem(address proofSystem_) private {
        _bookStorage().proofSystem = IProofGate(proofSystem_);
        emit IJobMarketplace.ProofSystemSet(proofSystem_);
    }

    function _setReputation(address reputation_) private {
        _bookStorage().reputation = IReputationSystem(reputation_);
        emit IJobMarketplace.ReputationSet(reputation_);
    }

    function _setArbiter(address arbiter_) private {
        _bookStorage().arbiter = arbiter_;
        emit IJobMarketplace.ArbiterSet(arbiter_);
    }

    function _setClosingWindow(uint256 window) private {
        if (window < MIN_CLOSING_WINDOW || window > MAX_CLOSING_WINDOW) {
            revert IJobMarketplace.MarketplaceWindowOutOfRange(window, MIN_CLOSING_WINDOW, MAX_CLOSING_WINDOW);
        }
        _bookStorage().closingWindow = uint32(window);
        emit IJobMarketplace.ClosingWindowSet(window);
    }
}
