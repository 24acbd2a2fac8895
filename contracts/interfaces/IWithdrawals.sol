// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice The way out of the marketplace's ledger. Never pausable.
interface IWithdrawals {
    /// @notice Pays the caller everything it is owed in `token`.
    function withdraw(address token) external returns (uint256 amount);

    /// @notice Pays what the caller is owed in `token` to `to`.
    function withdraw(address token, address to) external returns (uint256 amount);
}
