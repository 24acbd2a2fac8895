// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {Account} from "@openzeppelin/contracts/account/Account.sol";
import {
    ArgumentPin,
    IBaseAccountIntegration,
    Operation,
    SessionPolicy
} from "../interfaces/IBaseAccountIntegration.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {AccountTestBase, MarketplaceRecorder} from "./AccountTestBase.t.sol";
import {FabstirAccount} from "./FabstirAccount.sol";

/// @notice Session keys through `handleOps` of EntryPoint 0.8: rules 1 to 10 of section 2.6 but the spending rules.
contract SessionKeysTest is AccountTestBase {
    // X-50, X-51: a real account on a real EntryPoint, with a real deposit that pays.

    function test_X50_theMarketplaceSeesTheWalletNotTheBundler() public {
        grantDefault();
        handle(sessionOp(claim(7)));
        assertEq(market.caller(), address(account));
        assertEq(market.lastJob(), 7);
        assertEq(usesLeft(), 999);
    }

    function test_X51_theSponsorsDepositPays() public {
        grantDefault();
        uint256 balance = address(account).balance;
        uint256 deposit = sponsor.getDeposit();
        handle(sessionOp(claim(7)));
        assertEq(address(account).balance, balance);
        assertLt(sponsor.getDeposit(), deposit);
    }

    // X-52: nobody else can make the account call.

    function testFuzz_X52_strangersCannotExecute(address stranger) public {
        vm.assume(stranger != address(entryPoint) && stranger != address(account));
        Operation[] memory calls = one(address(token), 0, abi.encodeCall(token.transfer, (stranger, 1)));
        bytes memory refusal = abi.encodeWithSelector(Account.AccountUnauthorized.selector, stranger);
        vm.startPrank(stranger);
        vm.expectRevert(refusal);
        account.executeBatch(calls);
        vm.expectRevert(refusal);
        account.execute(BATCH, abi.encode(calls));
        vm.expectRevert(refusal);
        account.createJobViaAccount("m", 0, 1, 2);
        vm.expectRevert(refusal);
        account.registerNodeViaAccount("m");
        vm.stopPrank();
    }

    // X-53: scope, expiry and uses.

    function test_X53_anEndlessExpiryIsRefused() public {
        uint48 latest = uint48(START + 30 days);
        vm.startPrank(owner);
        vm.expectRevert(
            abi.encodeWithSelector(
                IBaseAccountIntegration.SessionPolicyInvalid.selector, "validUntil", type(uint48).max, latest
            )
        );
        account.addSessionKey(app, type(uint48).max);
        vm.expectRevert(
            abi.encodeWithSelector(
                IBaseAccountIntegration.SessionPolicyInvalid.selector, "validUntil", latest + 1, latest
            )
        );
        account.addSessionKey(app, latest + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IBaseAccountIntegration.SessionPolicyInvalid.selector, "validUntil", START, START)
        );
        account.addSessionKey(app, uint48(START));
        account.addSessionKey(app, latest);
        vm.stopPrank();
    }

    function test_X53_theDefaultClaimsTwentyTimesOnly() public {
        grantDefault();
        for (uint256 i; i < 20; ++i) {
            handle(sessionOp(claim(i)));
        }
        PackedUserOperation memory op = sessionOp(claim(20));
        expectAA23(abi.encodeWithSelector(IBaseAccountIntegration.SessionUsesExhausted.selector, app));
        handle(op);
        handle(sessionOp(executeCall(address(market), 0, abi.encodeCall(market.completeSessionJob, (1)))));
    }

    function test_X53_theDefaultGrantsNothingElse() public {
        grantDefault();
        bytes4 withdrawTo = bytes4(keccak256("withdraw(address,address)"));
        expectRefused(
            address(market), abi.encodeWithSelector(withdrawTo, address(0), app), withdrawTo
        );
        expectRefused(address(token), abi.encodeCall(token.transfer, (app, 1)), token.transfer.selector);
        expectRefused(address(token), abi.encodeCall(token.approve, (app, 1)), token.approve.selector);
        expectRefused(app, hex"", bytes4(0));
        expectRefused(app, hex"00000000", bytes4(0));
    }

    // Rule 1

    function test_rule1_lanesOfAKeyDoNotBlockEachOther() public {
        grantDefault();
        uint192 lane = (uint192(1) << 184) | (uint192(5) << 160) | uint160(app);
        PackedUserOperation memory op = sessionOp(claim(1));
        op.nonce = entryPoint.getNonce(address(account), lane);
        addSponsor(op);
        op.signature = signKey(appKey, entryPoint.getUserOpHash(op));
        handle(op);
        handle(sessionOp(claim(2)));
        assertEq(entryPoint.getNonce(address(account), lane), (uint256(lane) << 64) + 1);
    }

    function test_rule1_theNonceOfAnotherKindIsRefused() public {
        PackedUserOperation memory op = newOp(account, 2, app, claim(1));
        op.signature = signKey(ownerKey, entryPoint.getUserOpHash(op));
        expectAA23(abi.encodeWithSelector(FabstirAccount.AccountNonceKind.selector, 2));
        handle(op);
    }

    function test_rule1_theSessionKeyCannotUseTheOwnersNonce() public {
        grantDefault();
        PackedUserOperation memory op = newOp(account, 0, app, claim(1));
        op.signature = signKey(appKey, entryPoint.getUserOpHash(op));
        expectFailedOp("AA24 signature error");
        handle(op);
    }

    function test_rule1_oneKeyCannotUseAnothersNonce() public {
        grantDefault();
        (, uint256 otherKey) = makeAddrAndKey("other app");
        PackedUserOperation memory op = sessionOp(claim(1));
        op.signature = signKey(otherKey, entryPoint.getUserOpHash(op));
        expectFailedOp("AA24 signature error");
        handle(op);
    }

    // Rule 2

    function test_rule2_timeLimitsAreReturned() public {
        SessionPolicy memory policy = spendingPolicy();
        policy.validAfter = uint48(START + 100);
        grant(policy);
        PackedUserOperation memory op = sessionOp(claim(1));
        expectFailedOp("AA22 expired or not due");
        handle(op);

        vm.warp(START + 101);
        handle(sessionOp(claim(1)));

        vm.warp(START + 1 days);
        handle(sessionOp(claim(2)));
        vm.warp(START + 1 days + 1);
        op = sessionOp(claim(3));
        expectFailedOp("AA22 expired or not due");
        handle(op);
    }

    // Rule 3

    function testFuzz_rule3_aDummySignatureWalksTheWholePath(bytes32 r, uint256 s) public {
        grant(spendingPolicy());
        PackedUserOperation memory op = sessionOp(executeCalls(two(approve(10), create(10))));
        op.signature = abi.encodePacked(uint8(0), r, s, uint8(27));
        (bool success, bytes memory returned) = validate(op);
        assertTrue(success);
        uint256 validationData = abi.decode(returned, (uint256));
        assertEq(uint160(validationData), 1);
        assertEq(uint48(validationData >> 160), START + 1 days);
        assertEq(usesLeft(), 9);
        (uint256 left,) = account.getSessionLimit(app, address(token));
        assertEq(left, 240);
    }

    function test_rule3_aMissingSignatureFailsAndDoesNotRevert() public {
        grantDefault();
        PackedUserOperation memory op = sessionOp(claim(1));
        op.signature = "";
        expectFailedOp("AA24 signature error");
        handle(op);
    }

    // Rule 4

    function test_rule4_validationTouchesOnlyTheAccountsStorage() public {
        grant(spendingPolicy());
        PackedUserOperation memory op = sessionOp(executeCalls(two(approve(10), create(10))));
        vm.record();
        (bool success,) = validate(op);
        assertTrue(success);
        (bytes32[] memory reads, bytes32[] memory writes) = vm.accesses(address(account));
        assertGt(reads.length, 0);
        assertGt(writes.length, 0);
        assertUntouched(address(token));
        assertUntouched(address(market));
        assertUntouched(address(entryPoint));
        assertUntouched(address(factory));
    }

    // Rule 7

    function test_rule7_aUseStaysBookedWhenExecutionReverts() public {
        grantDefault();
        market.breakDown(true);
        handle(sessionOp(claim(1)));
        assertEq(market.calls(), 0);
        assertEq(usesLeft(), 999);
    }

    function test_rule7_usesEnd() public {
        SessionPolicy memory policy = spendingPolicy();
        policy.uses = 1;
        grant(policy);
        handle(sessionOp(claim(1)));
        PackedUserOperation memory op = sessionOp(claim(2));
        expectAA23(abi.encodeWithSelector(IBaseAccountIntegration.SessionUsesExhausted.selector, app));
        handle(op);
    }

    // Revocation

    function test_revokedKeysAreDead() public {
        grantDefault();
        vm.prank(owner);
        account.revokeSessionKey(app);
        expectInactive();
        (bool active,,, uint32 left) = account.getSessionKey(app);
        assertFalse(active);
        assertEq(left, 0);
    }

    function test_revokeAllEndsEveryKey() public {
        grantDefault();
        vm.prank(owner);
        account.revokeAllSessionKeys();
        assertEq(account.sessionEpoch(), 1);
        expectInactive();
        grantDefault();
        handle(sessionOp(claim(1)));
    }

    function test_aNewGrantReplacesTheOldOne() public {
        grant(spendingPolicy());
        grantDefault();
        (uint256 left, uint256 perCall) = account.getSessionLimit(app, address(token));
        assertEq(left, 0);
        assertEq(perCall, 0);
        expectRefused(address(token), approve(1).data, token.approve.selector);
    }

    // Rule 9

    function testFuzz_rule9_onlySelfOrOwnerGrants(address stranger) public {
        vm.assume(stranger != owner && stranger != address(account));
        bytes memory refusal = abi.encodeWithSelector(Account.AccountUnauthorized.selector, stranger);
        SessionPolicy memory policy = spendingPolicy();
        vm.startPrank(stranger);
        vm.expectRevert(refusal);
        account.addSessionKey(app, uint48(START + 1));
        vm.expectRevert(refusal);
        account.addSessionKeyWithPolicy(policy);
        vm.expectRevert(refusal);
        account.revokeSessionKey(app);
        vm.expectRevert(refusal);
        account.revokeAllSessionKeys();
        vm.expectRevert(refusal);
        account.cancelGrant(0);
        vm.stopPrank();
    }

    function test_rule9_theOwnerGrantsByOperation() public {
        handle(
            ownerOp(
                executeCall(address(account), 0, abi.encodeCall(account.addSessionKey, (app, uint48(START + 1 days))))
            )
        );
        handle(sessionOp(claim(1)));
        assertEq(market.lastJob(), 1);
    }

    function test_rule9_aKeyThatPaysItsOwnGasCallsTheAccount() public {
        grantDefault();
        vm.prank(app);
        account.claimJobViaSessionKey(address(account), 11);
        assertEq(market.caller(), address(account));
        assertEq(market.lastJob(), 11);
        assertEq(usesLeft(), 999);
        vm.prank(app);
        vm.expectRevert(abi.encodeWithSelector(IBaseAccountIntegration.WalletMismatch.selector, app));
        account.claimJobViaSessionKey(app, 11);
    }

    function test_rule9_theDirectPathHasTheSameLimits() public {
        bytes memory inactive = abi.encodeWithSelector(IBaseAccountIntegration.SessionKeyNotActive.selector, app);
        vm.prank(app);
        vm.expectRevert(inactive);
        account.claimJobViaSessionKey(address(account), 1);

        SessionPolicy memory policy = spendingPolicy();
        policy.validAfter = uint48(START + 10);
        policy.pins = new ArgumentPin[](1);
        bytes32[] memory jobs = new bytes32[](2);
        (jobs[0], jobs[1]) = (bytes32(uint256(1)), bytes32(uint256(2)));
        policy.pins[0] = ArgumentPin(address(market), ISingleJobs.claimJob.selector, 0, jobs);
        policy.uses = 2;
        grant(policy);
        vm.startPrank(app);
        vm.warp(START + 10);
        vm.expectRevert(inactive);
        account.claimJobViaSessionKey(address(account), 1);
        vm.warp(START + 1 days + 1);
        vm.expectRevert(inactive);
        account.claimJobViaSessionKey(address(account), 1);
        vm.warp(START + 1 days);
        vm.expectRevert(
            abi.encodeWithSelector(
                IBaseAccountIntegration.SessionArgumentNotAllowed.selector,
                app,
                address(market),
                ISingleJobs.claimJob.selector,
                0,
                bytes32(uint256(3))
            )
        );
        account.claimJobViaSessionKey(address(account), 3);
        account.claimJobViaSessionKey(address(account), 1);
        account.claimJobViaSessionKey(address(account), 2);
        vm.expectRevert(abi.encodeWithSelector(IBaseAccountIntegration.SessionUsesExhausted.selector, app));
        account.claimJobViaSessionKey(address(account), 2);
        vm.stopPrank();
    }

    // Rule 10

    function test_rule10_sessionKeysDoNotSignForTheAccount() public {
        grantDefault();
        bytes32 digest = keccak256("message");
        assertTrue(account.isValidSignature(digest, signKey(appKey, digest)) == bytes4(0xffffffff));
    }

}
