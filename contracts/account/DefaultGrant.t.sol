// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {IBaseAccountIntegration} from "../interfaces/IBaseAccountIntegration.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {AccountTestBase} from "./AccountTestBase.t.sol";

/// The default grant, whose calls stand in the code: what it serves, and where it ends.
contract DefaultGrantTest is AccountTestBase {
    function test_itServesItsFiveFunctions() public {
        grantDefault();
        handle(sessionOp(claim(1)));
        bytes[4] memory served = [
            abi.encodeCall(ISessionJobs.submitProofOfWork, (1, "", 500)),
            abi.encodeCall(ISessionJobs.submitCheckpoint, (1, 500, 0, "")),
            abi.encodeCall(ISingleJobs.completeJob, (1, "cid", "")),
            abi.encodeCall(ISessionJobs.completeSessionJob, (1))
        ];
        for (uint256 i; i < served.length; ++i) {
            (bool success,) = validate(sessionOp(executeCall(address(market), 0, served[i])));
            assertTrue(success, "refused");
        }
    }

    function test_itServesThemAtTheMarketplaceOnly() public {
        grantDefault();
        bytes memory data = abi.encodeCall(ISessionJobs.completeSessionJob, (1));
        expectRefused(registry, data, ISessionJobs.completeSessionJob.selector);
        expectRefused(address(token), data, ISessionJobs.completeSessionJob.selector);
        data = abi.encodeCall(ISessionJobs.settleSession, (1));
        expectRefused(address(market), data, ISessionJobs.settleSession.selector);
    }

    function test_itSendsNoValue() public {
        grantDefault();
        bytes memory data = abi.encodeCall(ISessionJobs.completeSessionJob, (1));
        PackedUserOperation memory op = sessionOp(executeCall(address(market), 1, data));
        expectAA23(
            abi.encodeWithSelector(IBaseAccountIntegration.SessionSpendLimitExceeded.selector, app, address(0), 1, 0)
        );
        handle(op);
    }

    /// @dev A batch is checked before any of it runs, so that its claims count one by one.
    function test_claimsAreCountedWithinABatchAndOnTheDirectPath() public {
        grantDefault();
        for (uint256 i; i < 19; ++i) {
            handle(sessionOp(claim(i)));
        }
        bytes memory data = abi.encodeCall(ISingleJobs.claimJob, (19));
        PackedUserOperation memory op = sessionOp(
            executeCalls(two(one(address(market), 0, data)[0], one(address(market), 0, data)[0]))
        );
        bytes memory exhausted = abi.encodeWithSelector(IBaseAccountIntegration.SessionUsesExhausted.selector, app);
        expectAA23(exhausted);
        handle(op);

        vm.startPrank(app);
        account.claimJobViaSessionKey(address(account), 19);
        vm.expectRevert(exhausted);
        account.claimJobViaSessionKey(address(account), 20);
        vm.stopPrank();
    }

    function test_aNewGrantCountsItsClaimsAnew() public {
        grantDefault();
        for (uint256 i; i < 20; ++i) {
            handle(sessionOp(claim(i)));
        }
        grantDefault();
        handle(sessionOp(claim(20)));
    }

    function test_anotherGrantIsNoDefault() public {
        grantDefault();
        grant(spendingPolicy());
        bytes memory data = abi.encodeCall(ISessionJobs.completeSessionJob, (1));
        expectRefused(address(market), data, ISessionJobs.completeSessionJob.selector);
        // Its claims have no cap but its uses.
        for (uint256 i; i < 10; ++i) {
            handle(sessionOp(claim(i)));
        }
    }

    function test_revokingEndsIt() public {
        grantDefault();
        vm.prank(owner);
        account.revokeSessionKey(app);
        expectInactive();
    }
}
