// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What the marketplace owes, and the balances that renters fill ahead.
interface IMarketplaceLedger {
    /// @notice Adds `amount` to what the caller may withdraw or open sessions with. ETH must come exactly, a token must
    /// be approved before; the limits of deposits apply.
    function depositPrepaid(address token, uint256 amount) external payable;

    /// @notice What `account` can open sessions with: the same balance as {withdrawable}.
    function prepaidBalance(address account, address token) external view returns (uint256);

    /// @notice Pays collected fees to the treasury and the stakers. Anyone may call it. What one of them does not take stays
    /// collected and keeps nothing from the other; it reverts when neither takes anything.
    /// @dev A receiver of the stakers' fees that has code is an IStakersPool and is notified.
    function distributeFees(address token) external;

    /// @notice What `account` may withdraw, in the token's smallest unit.
    function withdrawable(address account, address token) external view returns (uint256);

    /// @notice Fees collected and not yet distributed.
    function feeLedger(address token) external view returns (uint256 protocol, uint256 stakers);

    /// @notice Jobs and sessions that have paid a host in `token`.
    function paidJobs(address token) external view returns (uint256);

    /// @notice All that the marketplace owes in `token`: deposits, escrows, bonds, withdrawable and fees.
    function liabilities(address token) external view returns (uint256);

    /// @notice Open claims and checkpointed sessions of `host`; while there is one, its stake cannot leave.
    function openObligations(address host) external view returns (uint256);
}
