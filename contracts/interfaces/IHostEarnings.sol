// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What hosts have earned, under the names that integrators know. A view of the marketplace's one ledger: it
/// holds no funds of its own.
interface IHostEarnings {
    error HostEarningsTooManyTokens(uint256 tokens, uint256 maximum);

    /// @notice What `host` may withdraw in `token` (`address(0)` is ETH), in its smallest unit: earnings, and refunds
    /// if it rents too.
    function earningsOf(address host, address token) external view returns (uint256);

    /// @notice Pays the caller all that it is owed in each of `tokens`, at most 32. Never pausable.
    /// @dev A token in which nothing is owed is passed over. One that cannot be paid reverts the call: leave it out.
    function withdrawAll(address[] calldata tokens) external returns (uint256[] memory amounts);
}
