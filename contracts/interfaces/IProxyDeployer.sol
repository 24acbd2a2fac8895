// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Deploys proxies whose address depends on who deploys and on a salt, never on the implementation: the same
/// account gets the same addresses on every chain, and nobody else can take them.
interface IProxyDeployer {
    event ProxyDeployed(address indexed proxy, address indexed deployer, bytes32 indexed salt, address implementation);

    /// @notice A proxy that is left uninitialized could be taken over by anyone.
    error ProxyDeployerNoInitData();

    /// @notice Deploys a proxy and calls it with `initData` in the same transaction.
    /// @param salt Bound to the caller: two callers with one salt get two addresses.
    /// @param initData Encoded call of the implementation's initializer.
    function deploy(bytes32 salt, address implementation, bytes calldata initData) external returns (address proxy);

    /// @notice Where {deploy} puts the proxy of `deployer` and `salt`, deployed or not.
    function predict(address deployer, bytes32 salt) external view returns (address);

    /// @notice What the proxy under construction asks for; `address(0)` at any other time.
    function pendingImplementation() external view returns (address);
}
