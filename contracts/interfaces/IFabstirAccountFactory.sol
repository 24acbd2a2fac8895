// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice One account per owner and salt, at an address that only owner and salt decide.
interface IFabstirAccountFactory {
    event AccountCreated(address indexed account, bytes owner, uint256 salt);

    /// @notice Deploys the account, or returns it when it exists.
    /// @param owner 20 bytes of an address, or 64 bytes x‖y of a P-256 key.
    function createAccount(bytes calldata owner, uint256 salt) external returns (address account);

    /// @notice Counterfactual address of the account.
    function getAddress(bytes calldata owner, uint256 salt) external view returns (address account);

    /// @notice Implementation behind every proxy of this factory.
    function accountImplementation() external view returns (address);
}
