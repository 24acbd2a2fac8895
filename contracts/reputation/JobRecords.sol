// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IHostReputation} from "../interfaces/IHostReputation.sol";
import {IJobFacts} from "../interfaces/IJobFacts.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IReputationSystem} from "../interfaces/IReputationSystem.sol";
import {ScoreBook} from "./ScoreBook.sol";

/// @title What each job brought its host, once.
abstract contract JobRecords is ScoreBook {
    uint8 private constant COMPLETED = 1;
    uint8 private constant FAILED = 2;
    uint8 private constant RATED = 4;
    /// @dev At arm's length with a sufficient fee.
    uint8 private constant COUNTED = 8;
    uint8 private constant GAINED = 16;

    uint256 private constant GAIN = 10;
    uint256 private constant LOSS = 20;
    uint256 private constant PAIR_COOLDOWN = 7 days;
    uint256 private constant GAINS_A_DAY = 20;
    uint256 private constant MAX_FEEDBACK_LENGTH = 280;

    /// @inheritdoc IReputationSystem
    function recordJobCompletion(address host, uint256 jobId, bool success) external {
        ReputationStorage storage $ = _reputationStorage();
        if (msg.sender != $.marketplace && msg.sender != $.proofSystem) revert ReputationNotReporter(msg.sender);
        if (success) _bookReported($, host, jobId);
        else _bookFailure($, host, jobId);
    }

    /// @inheritdoc IHostReputation
    function recordSettled(uint256 jobId) external {
        ReputationStorage storage $ = _reputationStorage();
        IJobFacts.JobFacts memory facts = IJobFacts($.marketplace).jobFacts(jobId);
        if (!facts.completed) revert ReputationNotCompleted(jobId);
        if ($.jobs[jobId][facts.host] != 0) revert ReputationAlreadyRecorded(jobId, facts.host);
        _bookCompletion($, jobId, facts);
    }

    /// @inheritdoc IHostReputation
    /// @dev Books the completion first if nobody has, so that a rating never waits for it.
    function rateHost(address host, uint256 jobId, uint256 rating, string calldata feedback) external {
        _checkRange("rating", rating, 1, 5);
        _checkRange("feedback", bytes(feedback).length, 0, MAX_FEEDBACK_LENGTH);
        ReputationStorage storage $ = _reputationStorage();
        IJobFacts.JobFacts memory facts = IJobFacts($.marketplace).jobFacts(jobId);
        if (!facts.completed) revert ReputationNotCompleted(jobId);
        if (facts.host != host) revert ReputationNotHostOf(jobId, host);
        if (facts.renter != msg.sender) revert ReputationNotRenter(jobId, msg.sender);
        if ($.jobs[jobId][host] == 0) _bookCompletion($, jobId, facts);
        uint8 flags = $.jobs[jobId][host];
        if (flags & RATED != 0) revert ReputationAlreadyRated(jobId);
        $.jobs[jobId][host] = flags | RATED;

        Record storage record = _opened(host);
        if (flags & COUNTED != 0) {
            record.ratingSum += uint32(rating);
            ++record.ratings;
        }
        if (flags & GAINED != 0 && rating > 3) _add(record, rating - 3);
        emit HostRated(host, jobId, msg.sender, rating, flags & COUNTED != 0, record.score, feedback);
    }

    /// @inheritdoc IHostReputation
    function isRecorded(uint256 jobId, address host) external view returns (bool) {
        return _reputationStorage().jobs[jobId][host] != 0;
    }

    /// @dev A marketplace that does not answer, or not yet, leaves the job to {recordSettled}.
    function _bookReported(ReputationStorage storage $, address host, uint256 jobId) private {
        if ($.jobs[jobId][host] != 0) return;
        try IJobFacts($.marketplace).jobFacts(jobId) returns (IJobFacts.JobFacts memory facts) {
            if (facts.completed && facts.host == host) _bookCompletion($, jobId, facts);
        } catch {}
    }

    /// @dev Counts whatever the fee and whoever the renter: a host cannot buy its failures off.
    function _bookFailure(ReputationStorage storage $, address host, uint256 jobId) private {
        uint8 flags = $.jobs[jobId][host];
        if (flags & FAILED != 0) return;
        $.jobs[jobId][host] = flags | FAILED;
        Record storage record = _opened(host);
        unchecked {
            ++record.failed;
        }
        _subtract(record, LOSS);
        emit JobFailureRecorded(jobId, host, record.score);
    }

    function _bookCompletion(ReputationStorage storage $, uint256 jobId, IJobFacts.JobFacts memory facts) private {
        address host = facts.host;
        Record storage record = _opened(host);
        Outcome outcome = _outcome($, record, facts);
        uint8 flags = COMPLETED;
        if (outcome != Outcome.NotArmsLength && outcome != Outcome.FeeTooSmall) {
            flags |= COUNTED;
            unchecked {
                ++record.completed;
            }
        }
        if (outcome == Outcome.Gained) {
            flags |= GAINED;
            _bookGain($, record, facts);
        }
        $.jobs[jobId][host] = flags;
        emit JobCompletionRecorded(jobId, host, outcome, record.score);
    }

    function _bookGain(ReputationStorage storage $, Record storage record, IJobFacts.JobFacts memory facts) private {
        uint24 today = uint24(block.timestamp / 1 days);
        record.gainsOfDay = record.gainDay == today ? record.gainsOfDay + 1 : 1;
        record.gainDay = today;
        $.lastGain[facts.host][facts.renter] = uint40(block.timestamp);
        _add(record, GAIN);
    }

    function _outcome(ReputationStorage storage $, Record storage record, IJobFacts.JobFacts memory facts)
        private
        view
        returns (Outcome)
    {
        uint256 minimum = $.minimumFees[facts.token];
        if (minimum == 0 || facts.fee < minimum) return Outcome.FeeTooSmall;
        if (!_isArmsLength($.registry, facts.host, facts.renter)) return Outcome.NotArmsLength;
        uint256 last = $.lastGain[facts.host][facts.renter];
        if (last != 0 && block.timestamp < last + PAIR_COOLDOWN) return Outcome.PairTooSoon;
        bool full = record.gainDay == block.timestamp / 1 days && record.gainsOfDay >= GAINS_A_DAY;
        return full ? Outcome.DailyLimit : Outcome.Gained;
    }

    /// @dev Closed when the registry does not answer or never knew the host.
    function _isArmsLength(INodeRegistry registry_, address host, address renter) private view returns (bool) {
        address ofHost = _controllerOf(registry_, host);
        if (ofHost == address(0) || host == renter || ofHost == renter) return false;
        address ofRenter = _controllerOf(registry_, renter);
        return ofRenter != ofHost && ofRenter != host;
    }

    function _controllerOf(INodeRegistry registry_, address account) private view returns (address) {
        try registry_.getNodeController(account) returns (address controller) {
            return controller;
        } catch {
            return address(0);
        }
    }

    function _checkRange(string memory field, uint256 value, uint256 minimum, uint256 maximum) internal pure {
        if (value < minimum || value > maximum) revert ReputationOutOfRange(field, value, minimum, maximum);
    }
}
