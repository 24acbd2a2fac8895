// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title What time takes from a score: 5 % of what is left in each full period of 30 days.
library ScoreDecay {
    uint256 internal constant PERIOD = 30 days;

    /// @param score At `since` (Unix seconds).
    /// @param since Start of the running period; not in the future.
    /// @return decayed Rounded down after each period, so it loses at least one point in each and ends at 0: fewer
    /// than 400 rounds from the highest score that there can be.
    /// @return periodStart Start of the period that runs now: what was left of one is not lost to the next.
    function decay(uint256 score, uint256 since) internal view returns (uint32 decayed, uint40 periodStart) {
        uint256 periods = (block.timestamp - since) / PERIOD;
        periodStart = uint40(since + periods * PERIOD);
        for (; periods != 0 && score != 0; --periods) {
            score = score * 95 / 100;
        }
        decayed = uint32(score);
    }
}
