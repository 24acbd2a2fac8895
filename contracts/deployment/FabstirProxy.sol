// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {Proxy} from "@openzeppelin/contracts/proxy/Proxy.sol";
import {IProxyDeployer} from "../interfaces/IProxyDeployer.sol";

/// @title ERC-1967 proxy without constructor arguments, so that its init code is the same on every chain.
/// @dev Its deployer must be a {ProxyDeployer}, which names the implementation and initializes in the same transaction.
contract FabstirProxy is Proxy {
    constructor() {
        ERC1967Utils.upgradeToAndCall(IProxyDeployer(msg.sender).pendingImplementation(), "");
    }

    function _implementation() internal view override returns (address) {
        return ERC1967Utils.getImplementation();
    }
}
