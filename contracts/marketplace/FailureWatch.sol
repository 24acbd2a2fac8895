// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {BreakerGate} from "./BreakerGate.sol";

/// @title The automatic breaker: counts jobs that hosts failed, and throttles callers when many hosts fail at once.
/// @dev It asks for distinct controllers, each counted at most once in any window, and a failure is a missed deadline
/// or a result proven or judged wrong. A host alone, and a renter by fast releases or cheap jobs, cannot raise it (X-36).
/// It never goes beyond level 1, so that nobody can buy a stop by failing jobs.
abstract contract FailureWatch is BreakerGate {
    using Checkpoints for Checkpoints.Trace208;

    uint256 private constant OPENED = 1 << 104;
    uint256 private constant DEFAULT_THRESHOLD = 5;
    uint256 private constant DEFAULT_WINDOW = 1 hours;
    uint256 private constant DEFAULT_PERIOD = 1 hours;

    /// @param controller Whose node failed, as it was when the job was claimed.
    function _recordFailure(address controller) internal {
        BreakerStorage storage $ = _breakerStorage();
        (uint256 threshold, uint256 window, uint256 period) = _failureRules();
        uint256 counted = $.countedAt[controller];
        bool opens = counted == 0 || block.timestamp >= counted + window;

        uint256 sum = $.failures.latest() + (opens ? OPENED + 1 : 1);
        $.failures.push(uint48(block.timestamp), uint208(sum));
        if (!opens) return;
        $.countedAt[controller] = block.timestamp;
        (, uint256 suspicious) = _failuresInWindow();
        if (suspicious < threshold) return;

        Stop storage stop = $.stops[uint256(Source.Failures)];
        if (block.timestamp >= stop.until) stop.since = uint40(block.timestamp);
        stop.level = 1;
        stop.until = uint40(block.timestamp + period);
        _summarize();
    }

    function _failuresInWindow() internal view returns (uint256 failures, uint256 suspicious) {
        BreakerStorage storage $ = _breakerStorage();
        (, uint256 window,) = _failureRules();
        uint48 before = uint48(Math.saturatingSub(block.timestamp, window));
        uint256 inWindow = uint256($.failures.latest()) - $.failures.upperLookupRecent(before);
        return (inWindow % OPENED, inWindow / OPENED);
    }

    /// @dev Unix seconds of the last failure; 0 when there was none.
    function _lastFailure() internal view returns (uint256 time) {
        (, time,) = _breakerStorage().failures.latestCheckpoint();
    }

    function _failureRules() internal view returns (uint256 threshold, uint256 window, uint256 period) {
        FailureRules memory rules = _breakerStorage().rules;
        if (rules.threshold == 0) return (DEFAULT_THRESHOLD, DEFAULT_WINDOW, DEFAULT_PERIOD);
        return (rules.threshold, rules.window, rules.period);
    }
}
