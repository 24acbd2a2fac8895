// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";

/// @title How long and how often a guardian may stop the system.
/// @dev A pause lasts at most 72 hours, is followed by 7 days of cooldown, and no 90 days hold more than 10 days of
/// pauses. A guardian that is stolen or gone mad is thus a nuisance and never a lock. Times are arguments, so that the
/// rules can be tested as functions.
library PauseClock {
    uint256 internal constant MAX_PAUSE = 72 hours;

    /// @dev A pause that ends sooner hides what it was for; one that could not last so long is not begun.
    uint256 internal constant MIN_PAUSE = 1 hours;
    uint256 internal constant COOLDOWN = 7 days;
    uint256 internal constant BUDGET = 10 days;
    uint256 internal constant BUDGET_PERIOD = 90 days;

    /// @dev Two pauses start at least 7 days and an hour apart: no more than 13 touch any 90 days.
    uint256 internal constant SPANS = 13;

    struct Span {
        uint40 since;
        uint40 until;
    }

    /// @param count Pauses ever begun; the newest is at `(count - 1) % SPANS`.
    struct Clock {
        Span[SPANS] spans;
        uint64 count;
    }

    /// @notice Begins a pause at `time`.
    /// @return until Unix seconds at which it ends by itself: 72 hours later, or when the budget is spent.
    function start(Clock storage self, uint256 time) internal returns (uint256 until) {
        uint256 earliest = cooldownEnds(self);
        if (time < earliest) revert ICircuitBreaker.BreakerCooldown(earliest);
        uint256 spent = used(self, time);
        if (spent + MIN_PAUSE > BUDGET) revert ICircuitBreaker.BreakerBudgetSpent(spent, BUDGET);

        until = time + Math.min(BUDGET - spent, MAX_PAUSE);
        self.spans[self.count % SPANS] = Span(uint40(time), uint40(until));
        ++self.count;
    }

    /// @notice Ends the newest pause at `time`, which lies within it.
    function finish(Clock storage self, uint256 time) internal {
        self.spans[(self.count - 1) % SPANS].until = uint40(time);
    }

    /// @notice Unix seconds from which a pause may begin; 0 before the first one.
    function cooldownEnds(Clock storage self) internal view returns (uint256) {
        return self.count == 0 ? 0 : self.spans[(self.count - 1) % SPANS].until + COOLDOWN;
    }

    /// @notice Seconds of pause within the 90 days before `time`.
    /// @dev What {start} grants counts from here: as time runs, old pauses only drop out, so the budget holds for every
    /// 90 days and not just for these.
    function used(Clock storage self, uint256 time) internal view returns (uint256 sum) {
        uint256 from = Math.saturatingSub(time, BUDGET_PERIOD);
        for (uint256 i; i < SPANS; ++i) {
            Span memory span = self.spans[i];
            if (span.until <= from) continue;
            sum += Math.min(span.until, time) - Math.max(span.since, from);
        }
    }
}
