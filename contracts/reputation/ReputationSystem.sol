// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {IHostReputation} from "../interfaces/IHostReputation.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {JobRecords} from "./JobRecords.sol";

/// @title Reputation of hosts. Holds no money and stands in nobody's way.
contract ReputationSystem is JobRecords, UUPSUpgradeable {
    uint256 private constant DEFAULT_THRESHOLD = 150;
    uint256 private constant HIGHEST_THRESHOLD = 1_000_000;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @param owner_ The timelock.
    /// @param marketplace_ Reports and knows the jobs; like the others it may be an address that is not deployed yet.
    /// @param registry_ Knows the hosts and who controls them.
    /// @param proofSystem_ Reports failures; `address(0)` for none.
    /// @param migrator_ May import until it closes the import; `address(0)` closes it from the start.
    /// @param fees Protocol fees from which jobs count, by token; the default is 0.10 USDC.
    function initialize(
        address owner_,
        address marketplace_,
        address registry_,
        address proofSystem_,
        address migrator_,
        MinimumFee[] calldata fees
    ) external initializer {
        if (marketplace_ == address(0) || registry_ == address(0)) revert ReputationZeroAddress();
        __Ownable_init(owner_);
        ReputationStorage storage $ = _reputationStorage();
        $.marketplace = marketplace_;
        $.registry = INodeRegistry(registry_);
        $.migrator = migrator_;
        emit ImporterSet(migrator_);
        _setProofSystem(proofSystem_);
        _setIncentiveThreshold(DEFAULT_THRESHOLD);
        for (uint256 i; i < fees.length; ++i) {
            _setMinReputationFee(fees[i].token, fees[i].fee);
        }
    }

    /// @inheritdoc IHostReputation
    function slashReputation(address host, uint256 points, string calldata reason) external {
        if (msg.sender != _reputationStorage().proofSystem && msg.sender != owner()) {
            revert ReputationNotSlasher(msg.sender);
        }
        Record storage record = _opened(host);
        _subtract(record, points);
        emit ReputationSlashed(host, points, record.score, reason);
    }

    /// @inheritdoc IHostReputation
    function importScores(address[] calldata hosts, uint32[] calldata scores) external returns (uint256 imported) {
        ReputationStorage storage $ = _reputationStorage();
        if (msg.sender != $.migrator) revert ReputationNotMigrator(msg.sender);
        if (hosts.length != scores.length) revert ReputationLengthMismatch(hosts.length, scores.length);
        for (uint256 i; i < hosts.length; ++i) {
            Record storage record = $.records[hosts[i]];
            if (record.updatedAt != 0) continue;
            record.score = scores[i];
            record.updatedAt = uint40(block.timestamp);
            ++imported;
            emit ScoreImported(hosts[i], scores[i]);
        }
    }

    /// @inheritdoc IHostReputation
    function closeImport() external {
        ReputationStorage storage $ = _reputationStorage();
        address migrator_ = $.migrator;
        if (migrator_ == address(0) || (msg.sender != migrator_ && msg.sender != owner())) {
            revert ReputationNotMigrator(msg.sender);
        }
        $.migrator = address(0);
        emit ImportClosed();
    }

    /// @inheritdoc IHostReputation
    function setMinReputationFee(address token, uint256 fee) external onlyOwner {
        _setMinReputationFee(token, fee);
    }

    /// @inheritdoc IHostReputation
    function setIncentiveThreshold(uint256 threshold) external onlyOwner {
        _setIncentiveThreshold(threshold);
    }

    /// @inheritdoc IHostReputation
    function setProofSystem(address proofSystem_) external onlyOwner {
        _setProofSystem(proofSystem_);
    }

    /// @inheritdoc IHostReputation
    function minReputationFee(address token) external view returns (uint256) {
        return _reputationStorage().minimumFees[token];
    }

    /// @inheritdoc IHostReputation
    function incentiveThreshold() external view returns (uint256) {
        return _reputationStorage().incentiveThreshold;
    }

    /// @inheritdoc IHostReputation
    function marketplace() external view returns (address) {
        return _reputationStorage().marketplace;
    }

    /// @inheritdoc IHostReputation
    function registry() external view returns (address) {
        return address(_reputationStorage().registry);
    }

    /// @inheritdoc IHostReputation
    function proofSystem() external view returns (address) {
        return _reputationStorage().proofSystem;
    }

    /// @inheritdoc IHostReputation
    function migrator() external view returns (address) {
        return _reputationStorage().migrator;
    }

    function _setMinReputationFee(address token, uint256 fee) private {
        _reputationStorage().minimumFees[token] = fee;
        emit MinReputationFeeSet(token, fee);
    }

    function _setIncentiveThreshold(uint256 threshold) private {
        _checkRange("incentiveThreshold", threshold, 1, HIGHEST_THRESHOLD);
        _reputationStorage().incentiveThreshold = uint32(threshold);
        emit IncentiveThresholdSet(threshold);
    }

    function _setProofSystem(address proofSystem_) private {
        _reputationStorage().proofSystem = proofSystem_;
        emit ProofSystemSet(proofSystem_);
    }

    function _authorizeUpgrade(address) internal override onlyOwner {}
}
