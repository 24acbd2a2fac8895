// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Holds the ether for paymasters and hands it out a day's budget at a time, which bounds what a stolen signer
/// or operator key of a paymaster is worth (invariant I8).
interface ITopUpVault {
    event PaymasterSet(address indexed paymaster, address indexed entryPoint, uint256 dailyCap);
    event KeeperSet(address indexed keeper, bool allowed);
    event ToppedUp(address indexed paymaster, uint256 amount, uint256 deposit);
    event Withdrawn(address indexed to, uint256 amount);

    error TopUpVaultZeroAddress();
    error TopUpVaultNotKeeper(address caller);
    error TopUpVaultNotListed(address paymaster);
    /// @notice `amount` is more than the cap leaves now.
    error TopUpVaultCapExceeded(address paymaster, uint256 amount, uint256 available);
    /// @notice The deposit would rise to `deposit`, above a day's budget.
    error TopUpVaultDepositTooHigh(address paymaster, uint256 deposit, uint256 dailyCap);
    error TopUpVaultTransferFailed(address to, uint256 amount);

    /// @notice Deposits `amount` wei for `paymaster` at its EntryPoint. Keepers only.
    /// @dev In any time t at most dailyCap × (1 + t / 1 day) leaves for one paymaster, and what this vault pays never
    /// lifts a deposit above dailyCap.
    function topUp(address paymaster, uint256 amount) external;

    /// @notice Wei that {topUp} would accept now, as far as the cap goes.
    function available(address paymaster) external view returns (uint256);

    /// @notice Daily cap in wei and EntryPoint; zeros when not listed.
    function paymasterOf(address paymaster) external view returns (uint256 dailyCap, address entryPoint);

    /// @notice Whether `keeper` may call {topUp}.
    function isKeeper(address keeper) external view returns (bool);

    /// @notice Lists `paymaster` with a budget of `dailyCap` wei; 0 ends it. What it got keeps counting.
    /// Governance (timelock) only.
    function setPaymaster(address paymaster, uint256 dailyCap) external;

    /// @notice Lets `keeper` call {topUp}, or no longer. Governance only.
    function setKeeper(address keeper, bool allowed) external;

    /// @notice Moves `amount` wei out. Governance only.
    function withdraw(address payable to, uint256 amount) external;
}
