// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {IProxyDeployer} from "../interfaces/IProxyDeployer.sol";
import {FabstirProxy} from "./FabstirProxy.sol";

/// @title CREATE2 deployer of {FabstirProxy}.
contract ProxyDeployer is IProxyDeployer {
    /// @inheritdoc IProxyDeployer
    address public transient pendingImplementation;

    /// @inheritdoc IProxyDeployer
    function deploy(bytes32 salt, address implementation, bytes calldata initData) external returns (address proxy) {
        if (initData.length == 0) revert ProxyDeployerNoInitData();

        pendingImplementation = implementation;
        proxy = address(new FabstirProxy{salt: _boundSalt(msg.sender, salt)}());
        pendingImplementation = address(0);
        emit ProxyDeployed(proxy, msg.sender, salt, implementation);
        Address.functionCall(proxy, initData);
    }

    /// @inheritdoc IProxyDeployer
    function predict(address deployer, bytes32 salt) external view returns (address) {
        return Create2.computeAddress(_boundSalt(deployer, salt), keccak256(type(FabstirProxy).creationCode));
    }

    function _boundSalt(address deployer, bytes32 salt) private pure returns (bytes32) {
        return keccak256(abi.encode(deployer, salt));
    }
}
