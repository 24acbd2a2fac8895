// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What the timelock sets of single jobs. A job under way keeps the terms that it met.
interface IJobTerms {
    /// @notice Seconds between submission and automatic release, 1 hour to 7 days. Timelock only.
    function setReviewWindow(uint256 reviewWindow_) external;

    /// @notice Reputation from which a host gets the bonus, at most 65,535; 0 is no bonus for anyone. Timelock only.
    function setBonusReputation(uint256 bonusReputation_) external;

    /// @notice Terms of later disputes. Timelock only.
    /// @param bondBps Basis points, 10 to 1,000.
    /// @param arbiterWindow Seconds, 7 to 30 days: no challenge outlasts it.
    function setDisputeTerms(uint256 bondBps, uint256 arbiterWindow) external;

    /// @notice Sends what came in unasked to `to`: balance minus all that is owed, which no user can claim. Timelock
    /// only.
    function sweepSurplus(address token, address to) external returns (uint256 amount);
}
