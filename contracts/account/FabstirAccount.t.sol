// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {Account} from "@openzeppelin/contracts/account/Account.sol";
import {ERC7821} from "@openzeppelin/contracts/account/extensions/draft-ERC7821.sol";
import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {IAccount, IEntryPointStake} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {IBaseAccountIntegration, Operation} from "../interfaces/IBaseAccountIntegration.sol";
import {AccountOwner} from "./AccountOwner.sol";
import {FabstirAccount} from "./FabstirAccount.sol";
import {PasskeyTestBase} from "./PasskeyTestBase.t.sol";

/// @notice ERC-1271, change of owner, execution, upgrade, EIP-7702.
contract FabstirAccountTest is PasskeyTestBase {
    // ERC-1271 by ERC-7739

    function test_ERC1271TakesTheNestedSignatureOnly() public view {
        bytes32 message = keccak256("hello");
        bytes32 nested = keccak256(abi.encode(keccak256("PersonalSign(bytes prefixed)"), message));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", _domain(address(account)), nested));
        assertTrue(account.isValidSignature(message, signKey(ownerKey, digest)) == IERC1271.isValidSignature.selector);
        assertTrue(account.isValidSignature(message, signKey(ownerKey, message)) == bytes4(0xffffffff));
        assertTrue(account.isValidSignature(bytes32(_MAGIC), "") == bytes4(0x77390001));
    }

    function test_ERC1271SignaturesAreNotReplayedAtAnotherAccountOfTheOwner() public {
        FabstirAccount other = FabstirAccount(payable(factory.createAccount(abi.encodePacked(owner), 1)));
        bytes32 message = keccak256("hello");
        bytes32 nested = keccak256(abi.encode(keccak256("PersonalSign(bytes prefixed)"), message));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", _domain(address(other)), nested));
        bytes memory signature = signKey(ownerKey, digest);
        assertTrue(other.isValidSignature(message, signature) == IERC1271.isValidSignature.selector);
        assertTrue(account.isValidSignature(message, signature) == bytes4(0xffffffff));
    }

    // Execution

    /// @dev The open relay: anybody made the contract call anything, so every approval given to it was theirs.
    function test_X52_nobodyElseMakesTheAccountCall() public {
        address victim = makeAddr("victim");
        vm.prank(address(account));
        token.transfer(victim, 1_000);
        vm.prank(victim);
        token.approve(address(account), 1_000);
        bytes memory steal = abi.encodeWithSignature("transferFrom(address,address,uint256)", victim, app, 1_000);
        Operation[] memory calls = one(address(token), 0, steal);
        bytes[4] memory doors = [
            abi.encodeCall(account.executeBatch, (calls)),
            executeCalls(calls),
            abi.encodeCall(account.createJobViaAccount, ("model", 0, 1, START + 1)),
            abi.encodeCall(account.registerNodeViaAccount, ("gpu"))
        ];
        address[4] memory callers = [app, victim, address(market), address(factory)];
        for (uint256 i; i < doors.length; ++i) {
            for (uint256 j; j < callers.length; ++j) {
                // The owner as tx.origin is nobody either.
                vm.prank(callers[j], owner);
                (bool success, bytes memory returned) = address(account).call(doors[i]);
                assertFalse(success);
                assertEq(returned, abi.encodeWithSelector(Account.AccountUnauthorized.selector, callers[j]));
            }
        }
        assertEq(token.balanceOf(victim), 1_000);
    }

    // Owner changes

    function test_theAccountChangesItsOwner() public {
        handle(ownerOp(executeCall(address(account), 0, abi.encodeCall(account.setOwner, (passkey)))));
        assertEq(account.owner(), passkey);
        PackedUserOperation memory op = ownerOp(claim(1));
        expectFailedOp("AA24 signature error");
        handle(op);
        op.signature = signP256(entryPoint.getUserOpHash(op));
        handle(op);
        // The former owner is a stranger now.
        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(Account.AccountUnauthorized.selector, owner));
        account.revokeAllSessionKeys();
    }

    /// @dev A key that a stolen owner key granted must not outlive the change of owner.
    function test_aChangeOfOwnerEndsEverySessionKey() public {
        grantDefault();
        handle(ownerOp(executeCall(address(account), 0, abi.encodeCall(account.setOwner, (passkey)))));
        assertEq(account.sessionEpoch(), 1);
        expectInactive();
        vm.prank(app);
        vm.expectRevert(abi.encodeWithSelector(IBaseAccountIntegration.SessionKeyNotActive.selector, app));
        account.claimJobViaSessionKey(address(account), 1);
    }

    function test_onlyTheAccountChangesItsOwner() public {
        vm.expectRevert(abi.encodeWithSelector(Account.AccountUnauthorized.selector, owner));
        vm.prank(owner);
        account.setOwner(abi.encodePacked(app));
    }

    function test_malformedOwnersAreRefused() public {
        bytes[8] memory owners = [
            bytes(""),
            new bytes(19),
            tailOf(passkey, 1),
            abi.encodePacked(address(0)),
            abi.encode(owner),
            new bytes(64),
            abi.encodePacked(uint256(1), uint256(1)),
            abi.encodePacked(passkey, hex"00")
        ];
        for (uint256 i; i < owners.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(AccountOwner.AccountOwnerInvalid.selector, owners[i]));
            factory.createAccount(owners[i], 0);
            vm.expectRevert(abi.encodeWithSelector(AccountOwner.AccountOwnerInvalid.selector, owners[i]));
            vm.prank(address(account));
            account.setOwner(owners[i]);
        }
    }

    // Execution

    function test_executeUserOpRunsTheOwnersCall() public {
        handle(ownerOp(abi.encodePacked(account.executeUserOp.selector, claim(4))));
        assertEq(market.lastJob(), 4);
        assertEq(market.caller(), address(account));
    }

    function test_aBatchThatRevertsUndoesAll() public {
        Operation[] memory calls = two(
            Operation(address(token), 0, abi.encodeCall(token.transfer, (app, 5))),
            Operation(address(token), 0, abi.encodeCall(token.transferFrom, (app, owner, 6)))
        );
        handle(ownerOp(executeCalls(calls)));
        assertEq(token.balanceOf(app), 0);
        handle(ownerOp(abi.encodeCall(account.executeBatch, (one(calls[0].target, 0, calls[0].data)))));
        assertEq(token.balanceOf(app), 5);
    }

    function test_otherExecutionModesAreRefused() public {
        vm.startPrank(address(account));
        bytes32[3] memory modes = [bytes32(0), bytes32(uint256(0xff) << 248), bytes32(uint256(0x0101) << 240)];
        for (uint256 i; i < modes.length; ++i) {
            assertFalse(account.supportsExecutionMode(modes[i]));
            vm.expectRevert(ERC7821.UnsupportedExecutionMode.selector);
            account.execute(modes[i], abi.encode(one(app, 0, "")));
        }
        vm.stopPrank();
        assertTrue(account.supportsExecutionMode(BATCH));
    }

    function test_marketplaceEntryPointsSpendTheAccountsEther() public {
        handle(ownerOp(abi.encodeCall(account.createJobViaAccount, ("llama", 0, 3 ether, 9))));
        assertEq(address(market).balance, 3 ether);
        assertEq(market.caller(), address(account));
    }

    function test_theOwnerWithdrawsADeposit() public {
        entryPoint.depositTo{value: 2 ether}(address(account));
        vm.prank(owner);
        account.withdrawDepositTo(IEntryPointStake(address(entryPoint)), payable(app), 2 ether);
        assertEq(app.balance, 2 ether);
        vm.prank(app);
        vm.expectRevert(abi.encodeWithSelector(Account.AccountUnauthorized.selector, app));
        account.withdrawDepositTo(IEntryPointStake(address(entryPoint)), payable(app), 1);
    }

    function test_itSaysWhatItSupports() public {
        assertTrue(account.supportsInterface(type(IAccount).interfaceId));
        assertTrue(account.supportsInterface(type(IERC1271).interfaceId));
        assertTrue(account.supportsInterface(type(IERC1155Receiver).interfaceId));
        assertFalse(account.supportsInterface(0xffffffff));
        assertTrue(account.onERC721Received(owner, owner, 1, "") == 0x150b7a02);
    }

    // Initialization and upgrade

    function test_initializeBelongsToTheDeployment() public {
        FabstirAccount implementation = FabstirAccount(payable(factory.accountImplementation()));
        vm.expectRevert(FabstirAccount.AccountAlreadyDeployed.selector);
        implementation.initialize(abi.encodePacked(app));
        vm.expectRevert(FabstirAccount.AccountAlreadyDeployed.selector);
        account.initialize(abi.encodePacked(app));
        vm.expectRevert(FabstirAccount.AccountAlreadyDeployed.selector);
        vm.prank(owner);
        account.initialize(abi.encodePacked(app));
    }

    function test_anUpgradeEndsEverySessionKey() public {
        grantDefault();
        address next = deployCode("FabstirAccount", abi.encode(entryPoint, market, registry));
        vm.prank(app);
        vm.expectRevert(abi.encodeWithSelector(Account.AccountUnauthorized.selector, app));
        account.upgradeToAndCall(next, "");
        handle(ownerOp(executeCall(address(account), 0, abi.encodeCall(account.upgradeToAndCall, (next, "")))));
        assertEq(account.sessionEpoch(), 1);
        (bool active,,,) = account.getSessionKey(app);
        assertFalse(active);
        assertEq(account.owner(), abi.encodePacked(owner));
    }

    // EIP-7702

    function test_7702_theOwnKeyIsRootWithoutAnInitializer() public {
        FabstirAccount delegated = _delegate();
        assertEq(delegated.owner(), abi.encodePacked(address(delegated)));
        vm.expectRevert(FabstirAccount.AccountAlreadyDeployed.selector);
        delegated.initialize(abi.encodePacked(app));

        PackedUserOperation memory op = newOp(delegated, 0, address(0), claim(6));
        op.signature = signKey(_delegatedKey(), entryPoint.getUserOpHash(op));
        handle(op);
        assertEq(market.caller(), address(delegated));
    }

    function test_7702_aStoredPasskeyIsAdditional() public {
        FabstirAccount delegated = _delegate();
        vm.prank(address(delegated));
        delegated.setOwner(passkey);
        PackedUserOperation memory op = newOp(delegated, 0, address(0), claim(6));
        op.signature = signP256(entryPoint.getUserOpHash(op));
        handle(op);
        op = newOp(delegated, 0, address(0), claim(7));
        op.signature = signKey(_delegatedKey(), entryPoint.getUserOpHash(op));
        handle(op);
        assertEq(market.lastJob(), 7);
        address implementation = factory.accountImplementation();
        vm.prank(address(delegated));
        vm.expectRevert(UUPSUpgradeable.UUPSUnauthorizedCallContext.selector);
        delegated.upgradeToAndCall(implementation, "");
    }

    function test_7702_sessionKeysWork() public {
        FabstirAccount delegated = _delegate();
        vm.prank(address(delegated));
        delegated.addSessionKey(app, uint48(START + 1 days));
        PackedUserOperation memory op = newOp(delegated, 1, app, claim(6));
        addSponsor(op);
        op.signature = signKey(appKey, entryPoint.getUserOpHash(op));
        handle(op);
        assertEq(market.caller(), address(delegated));
    }

    uint256 private constant _MAGIC = 0x7739773977397739773977397739773977397739773977397739773977397739;

    function _delegatedKey() private pure returns (uint256) {
        return uint256(keccak256("delegated"));
    }

    function _delegate() private returns (FabstirAccount delegated) {
        delegated = FabstirAccount(payable(makeAddr("delegated")));
        vm.etch(address(delegated), abi.encodePacked(hex"ef0100", factory.accountImplementation()));
        vm.deal(address(delegated), 1 ether);
    }

    function _domain(address wallet) private view returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("FabstirAccount"),
                keccak256("1"),
                block.chainid,
                wallet
            )
        );
    }
}
