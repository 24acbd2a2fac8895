// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {
    ArgumentPin,
    CallPermission,
    IBaseAccountIntegration,
    SessionPolicy,
    TokenLimit
} from "../interfaces/IBaseAccountIntegration.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {AccountTestBase, MarketplaceRecorder} from "./AccountTestBase.t.sol";

/// @notice Who pays for a session key, and the bounds of a policy.
contract SessionPolicyBoundsTest is AccountTestBase {
    // Payers

    function test_payer_anotherPaymasterIsRefused() public {
        grantDefault();
        PackedUserOperation memory op = sessionOp(claim(1));
        address other = makeAddr("other paymaster");
        vm.etch(other, hex"00");
        entryPoint.depositTo{value: 1 ether}(other);
        op.paymasterAndData = abi.encodePacked(other, uint128(100_000), uint128(0));
        op.signature = signKey(appKey, entryPoint.getUserOpHash(op));
        expectAA23(abi.encodeWithSelector(IBaseAccountIntegration.SessionPayerNotAllowed.selector, app, other));
        handle(op);
    }

    function test_payer_theAccountDoesNotPayByDefault() public {
        grantDefault();
        PackedUserOperation memory op = newOp(account, 1, app, claim(1));
        op.signature = signKey(appKey, entryPoint.getUserOpHash(op));
        expectAA23(abi.encodeWithSelector(IBaseAccountIntegration.SessionPayerNotAllowed.selector, app, address(0)));
        handle(op);
    }

    function test_payer_theAccountPaysUpToMaxGasCost() public {
        PackedUserOperation memory op = newOp(account, 1, app, claim(1));
        uint256 cost = 4_050_000 * 1 gwei;
        SessionPolicy memory policy = spendingPolicy();
        policy.maxGasCost = uint128(cost - 1);
        grant(policy);
        op.signature = signKey(appKey, entryPoint.getUserOpHash(op));
        expectAA23(
            abi.encodeWithSelector(IBaseAccountIntegration.SessionGasCostExceeded.selector, app, cost, cost - 1)
        );
        handle(op);

        policy.maxGasCost = uint128(cost);
        grant(policy);
        handle(op);
        assertEq(market.lastJob(), 1);
    }

    function test_payer_everyListedPaymasterPays() public {
        SessionPolicy memory policy = spendingPolicy();
        policy.payers = new address[](3);
        policy.payers[0] = makeAddr("first");
        policy.payers[1] = makeAddr("second");
        policy.payers[2] = address(sponsor);
        grant(policy);
        handle(sessionOp(claim(1)));
        assertEq(market.lastJob(), 1);
    }

    // More than one selector word

    function test_sevenFunctionsOfOneTarget() public {
        bytes4[8] memory selectors = [
            ISingleJobs.completeJob.selector,
            ISingleJobs.submitResult.selector,
            ISingleJobs.createJob.selector,
            ISingleJobs.autoRelease.selector,
            ISingleJobs.cancelJob.selector,
            ISingleJobs.claimExpired.selector,
            ISingleJobs.claimJob.selector,
            MarketplaceRecorder.completeSessionJob.selector
        ];
        SessionPolicy memory policy = spendingPolicy();
        policy.calls = new CallPermission[](8);
        for (uint256 i; i < 8; ++i) {
            policy.calls[i] = CallPermission(address(market), selectors[i]);
        }
        grant(policy);
        handle(sessionOp(claim(1)));
        handle(sessionOp(executeCall(address(market), 0, abi.encodeCall(market.completeSessionJob, (2)))));
        assertEq(market.calls(), 2);
        expectRefused(address(market), create(1).data, ISessionJobs.createSessionJobWithToken.selector);
    }

    // Policy bounds

    function test_policyBounds() public {
        SessionPolicy memory policy = spendingPolicy();
        policy.key = address(account);
        expectInvalid(policy, "key", uint160(address(account)), 0);
        policy = spendingPolicy();
        policy.key = address(0);
        expectInvalid(policy, "key", 0, 0);
        policy = spendingPolicy();
        policy.uses = 0;
        expectInvalid(policy, "uses", 0, 2 ** 24 - 1);
        policy.uses = 2 ** 24;
        expectInvalid(policy, "uses", 2 ** 24, 2 ** 24 - 1);
        policy = spendingPolicy();
        policy.validUntil = uint48(START + 365 days + 1);
        expectInvalid(policy, "validUntil", START + 365 days + 1, START + 365 days);
        policy = spendingPolicy();
        policy.validAfter = policy.validUntil;
        expectInvalid(policy, "validAfter", policy.validUntil, policy.validUntil);
        policy = spendingPolicy();
        policy.calls = new CallPermission[](0);
        expectInvalid(policy, "calls", 0, 1);
        policy = spendingPolicy();
        policy.payers = new address[](2);
        policy.payers[0] = address(sponsor);
        expectInvalid(policy, "payers", 0, 1);
        policy = spendingPolicy();
        policy.limits = new TokenLimit[](2);
        policy.limits[0] = policy.limits[1] = TokenLimit(address(token), 1, 1);
        expectInvalid(policy, "limits", uint160(address(token)), 1);
        policy = spendingPolicy();
        policy.limits[0].perCall = 0;
        expectInvalid(policy, "limits", uint160(address(token)), 0);
        policy = spendingPolicy();
        policy.pins = new ArgumentPin[](1);
        policy.pins[0].index = 8;
        policy.pins[0].allowed = new bytes32[](1);
        expectInvalid(policy, "pins", 8, 7);
    }
}
