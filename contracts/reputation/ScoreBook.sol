// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable2StepUpgradeable} from "@openzeppelin/contracts-upgradeable/access/Ownable2StepUpgradeable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IHostReputation} from "../interfaces/IHostReputation.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IReputationSystem} from "../interfaces/IReputationSystem.sol";
import {ScoreDecay} from "./ScoreDecay.sol";

/// @title Scores and statistics of hosts, one word each.
abstract contract ScoreBook is IReputationSystem, IHostReputation, Ownable2StepUpgradeable {
    /// @param updatedAt Start of the running decay period; 0: nothing is recorded yet.
    /// @param gainDay Day of the last gain, counted from the Unix epoch.
    struct Record {
        uint32 score;
        uint40 updatedAt;
        uint32 completed;
        uint32 failed;
        uint32 ratingSum;
        uint32 ratings;
        uint24 gainDay;
        uint8 gainsOfDay;
    }

    /// @custom:storage-location erc7201:fabstir.storage.ReputationSystem
    struct ReputationStorage {
        address marketplace;
        address proofSystem;
        address migrator;
        INodeRegistry registry;
        uint32 incentiveThreshold;
        mapping(address host => Record) records;
        mapping(uint256 jobId => mapping(address host => uint8 flags)) jobs;
        mapping(address host => mapping(address renter => uint40)) lastGain;
        mapping(address token => uint256) minimumFees;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.ReputationSystem")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant REPUTATION_STORAGE =
        0x34c14be2f5becbfe870d3054d156e03255a646199038bff191d94cca944f7500;

    uint256 private constant INITIAL_SCORE = 100;

    /// @inheritdoc IReputationSystem
    function getReputation(address host) external view returns (uint256) {
        return _score(host);
    }

    /// @inheritdoc IHostReputation
    function isEligibleForIncentives(address host) external view returns (bool) {
        return _score(host) >= _reputationStorage().incentiveThreshold;
    }

    /// @inheritdoc IHostReputation
    function averageRating(address host) external view returns (uint256) {
        return _averageRating(_reputationStorage().records[host]);
    }

    /// @inheritdoc IHostReputation
    function performance(address host) external view returns (Performance memory) {
        Record storage record = _reputationStorage().records[host];
        return Performance({
            score: _score(host),
            completed: record.completed,
            failed: record.failed,
            ratings: record.ratings,
            averageRating: _averageRating(record)
        });
    }

    function _add(Record storage record, uint256 points) internal {
        record.score = uint32(Math.min(record.score + points, type(uint32).max));
    }

    function _subtract(Record storage record, uint256 points) internal {
        record.score = uint32(Math.saturatingSub(record.score, points));
    }

    /// @dev The record with its decay booked; the first one starts from what the registry knows.
    function _opened(address host) internal returns (Record storage record) {
        record = _reputationStorage().records[host];
        (record.score, record.updatedAt) = _present(host);
    }

    function _present(address host) private view returns (uint32 score, uint40 periodStart) {
        Record storage record = _reputationStorage().records[host];
        if (record.updatedAt != 0) return ScoreDecay.decay(record.score, record.updatedAt);
        uint256 since = _registeredSince(host);
        if (since == 0) return (0, uint40(block.timestamp));
        return ScoreDecay.decay(INITIAL_SCORE, since);
    }

    function _score(address host) private view returns (uint256 score) {
        (score,) = _present(host);
    }

    /// @dev A registry that does not answer must not keep a failure from being booked.
    function _registeredSince(address host) private view returns (uint256) {
        try _reputationStorage().registry.registeredSince(host) returns (uint256 since) {
            return since;
        } catch {
            return 0;
        }
    }

    function _averageRating(Record storage record) private view returns (uint256) {
        return record.ratings == 0 ? 0 : uint256(record.ratingSum) * 100 / record.ratings;
    }

    function _reputationStorage() internal pure returns (ReputationStorage storage $) {
        assembly {
            $.slot := REPUTATION_STORAGE
        }
    }
}
