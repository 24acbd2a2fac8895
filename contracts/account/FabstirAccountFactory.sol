// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {IFabstirAccountFactory} from "../interfaces/IFabstirAccountFactory.sol";
import {FabstirAccountProxy} from "./FabstirAccountProxy.sol";

/// @notice Deploys accounts. It has no storage: an unstaked factory may not read its own (ERC-7562 STO-031).
contract FabstirAccountFactory is IFabstirAccountFactory {
    /// @inheritdoc IFabstirAccountFactory
    address public immutable accountImplementation;

    constructor(address implementation) {
        accountImplementation = implementation;
    }

    /// @inheritdoc IFabstirAccountFactory
    function createAccount(bytes calldata owner, uint256 salt) external returns (address account) {
        account = getAddress(owner, salt);
        if (account.code.length != 0) return account;

        // Not by OpenZeppelin's Create2.deploy: it reads the factory's balance, which validation may not (OP-080).
        new FabstirAccountProxy{salt: bytes32(salt)}(owner);
        emit AccountCreated(account, owner, salt);
    }

    /// @inheritdoc IFabstirAccountFactory
    function getAddress(bytes calldata owner, uint256 salt) public view returns (address account) {
        bytes memory initCode = abi.encodePacked(type(FabstirAccountProxy).creationCode, abi.encode(owner));
        return Create2.computeAddress(bytes32(salt), keccak256(initCode));
    }
}
