// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {Proxy} from "@openzeppelin/contracts/proxy/Proxy.sol";
import {IFabstirAccountFactory} from "../interfaces/IFabstirAccountFactory.sol";

/// @notice ERC-1967 proxy of one account.
/// @dev Its init code names the owner and nothing else that varies: the implementation is asked of the factory that
/// deploys, so the address stays the same when the implementation changes. Whoever deploys it through the factory,
/// the owner is the one in the init code.
contract FabstirAccountProxy is Proxy {
    /// @param owner 20 bytes of an address, or 64 bytes x‖y of a P-256 key.
    constructor(bytes memory owner) {
        address implementation = IFabstirAccountFactory(msg.sender).accountImplementation();
        ERC1967Utils.upgradeToAndCall(implementation, abi.encodeWithSignature("initialize(bytes)", owner));
    }

    /// @dev Ether and calls both reach the implementation.
    receive() external payable {
        _fallback();
    }

    function _implementation() internal view override returns (address) {
        return ERC1967Utils.getImplementation();
    }
}
