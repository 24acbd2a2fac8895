// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {IFabstirAccountFactory} from "../interfaces/IFabstirAccountFactory.sol";
import {AccountTestBase} from "./AccountTestBase.t.sol";
import {FabstirAccount} from "./FabstirAccount.sol";
import {FabstirAccountFactory} from "./FabstirAccountFactory.sol";
import {FabstirAccountProxy} from "./FabstirAccountProxy.sol";

contract FabstirAccountFactoryTest is AccountTestBase {
    function testFuzz_aFrontRunDeploymentYieldsTheSameOwner(address stranger, uint256 salt) public {
        bytes memory ownerBytes = abi.encodePacked(owner);
        address expected = factory.getAddress(ownerBytes, salt);
        vm.prank(stranger);
        assertEq(factory.createAccount(ownerBytes, salt), expected);
        assertEq(FabstirAccount(payable(expected)).owner(), ownerBytes);
        assertEq(factory.createAccount(ownerBytes, salt), expected);
    }

    function testFuzz_ownerAndSaltDecideTheAddress(address first, address second, uint256 salt) public view {
        vm.assume(first != second);
        address here = factory.getAddress(abi.encodePacked(first), salt);
        assertNotEq(here, factory.getAddress(abi.encodePacked(second), salt));
        assertNotEq(here, factory.getAddress(abi.encodePacked(first), salt ^ 1));
    }

    function test_theInitCodeNamesOnlyTheOwner() public view {
        bytes memory initCode =
            abi.encodePacked(vm.getCode("FabstirAccountProxy"), abi.encode(abi.encodePacked(owner)));
        bytes32 digest = keccak256(abi.encodePacked(hex"ff", factory, uint256(3), keccak256(initCode)));
        assertEq(factory.getAddress(abi.encodePacked(owner), 3), address(uint160(uint256(digest))));
    }

    function test_aDeploymentIsAnnounced() public {
        address expected = factory.getAddress(abi.encodePacked(owner), 9);
        vm.expectEmit(address(factory));
        emit IFabstirAccountFactory.AccountCreated(expected, abi.encodePacked(owner), 9);
        factory.createAccount(abi.encodePacked(owner), 9);
    }

    function test_theFactoryReadsNoStorage() public {
        vm.record();
        factory.createAccount(abi.encodePacked(owner), 10);
        factory.createAccount(abi.encodePacked(owner), 10);
        (bytes32[] memory reads, bytes32[] memory writes) = vm.accesses(address(factory));
        assertEq(reads.length, 0);
        assertEq(writes.length, 0);
    }

    function test_theFirstOperationDeploys() public {
        address expected = factory.getAddress(abi.encodePacked(owner), 11);
        vm.deal(expected, 1 ether);
        PackedUserOperation memory op = newOp(FabstirAccount(payable(expected)), 0, address(0), claim(1));
        op.initCode = abi.encodePacked(factory, abi.encodeCall(factory.createAccount, (abi.encodePacked(owner), 11)));
        op.signature = signKey(ownerKey, entryPoint.getUserOpHash(op));
        handle(op);
        assertEq(market.caller(), expected);
    }

    /// @dev AA10 on 0.8: the owner signs again without initCode, and nothing is lost.
    function test_aFrontRunFirstOperationIsSignedAgain() public {
        address expected = factory.getAddress(abi.encodePacked(owner), 12);
        vm.deal(expected, 1 ether);
        PackedUserOperation memory op = newOp(FabstirAccount(payable(expected)), 0, address(0), claim(1));
        op.initCode = abi.encodePacked(factory, abi.encodeCall(factory.createAccount, (abi.encodePacked(owner), 12)));
        op.signature = signKey(ownerKey, entryPoint.getUserOpHash(op));
        factory.createAccount(abi.encodePacked(owner), 12);
        expectFailedOp("AA10 sender already constructed");
        handle(op);
        op.initCode = "";
        op.signature = signKey(ownerKey, entryPoint.getUserOpHash(op));
        handle(op);
        assertEq(market.caller(), expected);
    }

    /// @dev A proxy of somebody else's factory stands at another address.
    function test_anotherFactoryIsAnotherAddress() public {
        FabstirAccountFactory other = FabstirAccountFactory(
            deployCode("FabstirAccountFactory", abi.encode(factory.accountImplementation()))
        );
        bytes memory ownerBytes = abi.encodePacked(owner);
        address elsewhere = other.createAccount(ownerBytes, 13);
        assertNotEq(elsewhere, factory.getAddress(ownerBytes, 13));
        assertEq(factory.getAddress(ownerBytes, 13).code.length, 0);
    }

    /// @dev Nobody but a factory deploys a proxy: the implementation is asked of the deployer.
    function test_aProxyWithoutAFactoryReverts() public {
        vm.expectRevert();
        deployCode("FabstirAccountProxy", abi.encode(abi.encodePacked(owner)));
    }

    function test_theFactoryTakesNoEther() public {
        vm.deal(address(this), 1);
        bytes memory data = abi.encodeCall(factory.createAccount, (abi.encodePacked(owner), 14));
        (bool success,) = address(factory).call{value: 1}(data);
        assertFalse(success);
        (success,) = address(factory).call(data);
        assertTrue(success);
    }

    function test_theImplementationFitsTheCodeSizeLimit() public view {
        assertLt(factory.accountImplementation().code.length, 24_576);
    }
}
