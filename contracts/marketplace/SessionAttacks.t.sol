// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {IMarketplaceLedger} from "../interfaces/IMarketplaceLedger.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {ReentrantWallet, RejectingWallet, GasBurningWallet, Wallet} from "../mocks/HostileReceivers.sol";
import {
    BlacklistingToken,
    CallbackToken,
    FalseReturningToken,
    FeeOnTransferToken,
    LyingToken,
    MintableToken,
    SilentToken
} from "../mocks/HostileTokens.sol";
import {MarketplaceFixture} from "../mocks/MarketplaceFixture.sol";

/// @notice The ways in which an earlier marketplace lost money; none of them may work here.
contract SessionAttacksTest is MarketplaceFixture {
    enum Exit {
        HostSettles,
        HostSettlesWithVoucher,
        RenterCompletes,
        Timeout
    }

    // X-01: re-entrancy on every way out, and where money really leaves.

    function test_X01_reentrantRenterGetsItsRefundOnce() public {
        openSession();
        for (uint256 i; i < 4; ++i) {
            ReentrantWallet attacker = new ReentrantWallet();
            attacker.fund{value: 1 ether}();
            uint256 jobId = _openFrom(attacker, host);
            attacker.arm(address(market), _everyAttack(jobId));
            _leave(jobId, Exit(i), 5_000);

            assertEq(attacker.attempts(), 0, "settlement called the renter");
            assertEq(market.withdrawable(address(attacker), ETH), 0.5 ether);
            attacker.run(address(market), 0, abi.encodeWithSignature("withdraw(address)", ETH));
            assertEq(attacker.payments(), 1, "payments");
            assertEq(attacker.attempts(), _everyAttack(jobId).length, "attempts");
            assertEq(attacker.successes(), 0, "an attack went through");
            assertEq(address(attacker).balance, 0.5 ether);
            assertSolvent(ETH);
        }
        assertGe(address(market).balance, 1 ether, "the victim's deposit");
    }

    function test_X01_reentrantHostIsPaidOnce() public {
        openSession();
        ReentrantWallet attacker = new ReentrantWallet();
        _registerWallet(attacker);
        uint256 earned;
        for (uint256 i; i < 4; ++i) {
            vm.prank(renter);
            uint256 jobId = market.createSessionJob{value: 1 ether}(
                address(attacker), 1 ether, PRICE_PER_TOKEN, DURATION, INTERVAL
            );
            attacker.arm(address(market), _everyAttack(jobId));
            _leave(jobId, Exit(i), 5_000);
            attacker.run(address(market), 0, abi.encodeWithSignature("withdraw(address)", ETH));
            earned += 0.425 ether;
            assertEq(address(attacker).balance, earned);
        }
        assertEq(attacker.payments(), 4);
        assertEq(attacker.successes(), 0);
        assertSolvent(ETH);
    }

    function test_X01_reentrantTreasuryAndStakersArePaidOnce() public {
        ReentrantWallet attacker = new ReentrantWallet();
        vm.startPrank(owner);
        market.setTreasury(address(attacker));
        market.setStakers(address(attacker));
        vm.stopPrank();
        openSession();
        for (uint256 i; i < 4; ++i) {
            uint256 jobId = openSession();
            attacker.arm(address(market), _everyAttack(jobId));
            _leave(jobId, Exit(i), 10_000);
            market.distributeFees(ETH);
            assertEq(address(attacker).balance, (i + 1) * 0.15 ether);
        }
        assertEq(attacker.payments(), 8);
        assertEq(attacker.successes(), 0);
        assertSolvent(ETH);
    }

    function test_X01_tokenWithCallbacksCannotReenter() public {
        CallbackToken token = new CallbackToken();
        acceptToken(address(token));
        ReentrantWallet attacker = new ReentrantWallet();
        token.mint(address(attacker), 100e18);
        attacker.run(address(token), 0, abi.encodeCall(token.approve, (address(market), type(uint256).max)));
        attacker.run(address(market), 0, abi.encodeCall(ISessionJobs.setDefaultCoSigner, (renter)));

        // Deposits that arrive while another one is measured would be counted twice.
        bytes memory create = abi.encodeCall(
            ISessionJobs.createSessionJobWithToken, (host, address(token), 10e18, 1e15, DURATION, INTERVAL)
        );
        bytes[] memory attacks = new bytes[](2);
        attacks[0] = create;
        attacks[1] = abi.encodeCall(
            ISessionJobs.createSession,
            (
                sessionParams(address(token), 10e18, 1e18)
            )
        );
        attacker.arm(address(market), attacks);
        attacker.run(address(market), 0, create);
        assertEq(attacker.attempts(), 2);
        assertEq(attacker.successes(), 0);
        assertEq(market.liabilities(address(token)), 10e18);

        attacker.arm(address(market), _everyAttack(1));
        _leave(1, Exit.HostSettlesWithVoucher, 5_000);
        attacker.run(address(market), 0, abi.encodeWithSignature("withdraw(address)", address(token)));
        assertEq(attacker.successes(), 0);
        assertEq(token.balanceOf(address(attacker)), 95e18);
        assertSolvent(address(token));
    }

    function test_X01_guardNamesItself() public {
        ReentrantWallet attacker = new ReentrantWallet();
        attacker.fund{value: 1 ether}();
        uint256 jobId = _openFrom(attacker, host);
        _leave(jobId, Exit.HostSettles, 0);
        // The withdrawal hands the ETH to the market itself through the attacker's own callback.
        ReentrantProbe probe = new ReentrantProbe(address(market));
        attacker.run(
            address(market), 0, abi.encodeWithSignature("withdraw(address,address)", ETH, address(probe))
        );
        assertEq(probe.answer(), abi.encodePacked(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector));
    }

    // X-02, X-03: credit beyond the deposit, and counters that overflow.

    function test_X02_strangerCannotCreditTokens() public {
        uint256 jobId = openSession();
        (, uint256 strangerKey) = makeAddrAndKey("stranger");
        bytes memory forged = voucherBy(strangerKey, jobId, 2_500);
        vm.startPrank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionBadCoSignature.selector, jobId, stranger, renter)
        );
        market.submitCheckpoint(jobId, 2_500, TRANSCRIPT, forged);
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionBadCoSignature.selector, jobId, stranger, renter)
        );
        market.submitProofOfWork(jobId, abi.encode(TRANSCRIPT, forged), 2_500);
        vm.stopPrank();
        assertEq(market.calculateCurrentEarnings(jobId), 0);
    }

    function test_X02_hostCannotCreditItself() public {
        uint256 jobId = openSession();
        (, uint256 hostKey) = makeAddrAndKey("host");
        bytes memory own = voucherBy(hostKey, jobId, 10_000);
        vm.prank(host);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionBadCoSignature.selector, jobId, host, renter));
        market.settleSessionWithVoucher(jobId, 10_000, TRANSCRIPT, own);
    }

    function test_X02_neverMoreThanTheDepositPaysFor() public {
        uint256 jobId = openSession();
        bytes memory signature = voucher(jobId, 10_001);
        bytes memory exceeded =
            abi.encodeWithSelector(ISessionJobs.SessionCapacityExceeded.selector, jobId, 10_001, 10_000);
        vm.expectRevert(exceeded);
        market.submitCheckpoint(jobId, 10_001, TRANSCRIPT, signature);
        vm.expectRevert(exceeded);
        market.submitProofOfWork(jobId, abi.encode(TRANSCRIPT, signature), 10_001);
        vm.prank(host);
        vm.expectRevert(exceeded);
        market.settleSessionWithVoucher(jobId, 10_001, TRANSCRIPT, signature);
        checkpoint(jobId, 10_000);
        assertEq(market.getSessionDetails(jobId).provenTokens, 10_000);
    }

    function testFuzz_X03_hugeCountsAreRefusedAndNothingIsLocked(uint256 tokens) public {
        tokens = bound(tokens, 10_001, type(uint256).max);
        uint256 jobId = openSession();
        checkpoint(jobId, 500);
        bytes memory signature = voucher(jobId, tokens);
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionCapacityExceeded.selector, jobId, tokens, 10_000)
        );
        market.submitCheckpoint(jobId, tokens, TRANSCRIPT, signature);
        vm.expectPartialRevert(ISessionJobs.SessionCapacityExceeded.selector);
        market.submitProofOfWork(jobId, abi.encode(TRANSCRIPT, signature), tokens);
        _leave(jobId, Exit.Timeout, 0);
        assertEq(market.withdrawable(renter, ETH), 0.95 ether);
    }

    function test_X05_thereIsNoBackDoor() public {
        openSession();
        string[7] memory signatures = [
            "createSessionForTesting(uint256,address,address,uint256)",
            "emergencyWithdraw(address)",
            "emergencyWithdraw()",
            "setHostEarnings(address)",
            "setUsdcAddress(address)",
            "sweep(address)",
            "setRegistry(address)"
        ];
        for (uint256 i; i < signatures.length; ++i) {
            vm.prank(owner);
            (bool success,) =
                address(market).call(abi.encodePacked(bytes4(keccak256(bytes(signatures[i]))), new bytes(128)));
            assertFalse(success, signatures[i]);
        }
    }

    function test_X08_hostsSettlementRefundsTheRenter() public {
        uint256 jobId = openSession();
        _leave(jobId, Exit.HostSettlesWithVoucher, 100);
        assertEq(market.withdrawable(renter, ETH), 0.99 ether);
        assertEq(market.withdrawable(host, ETH), 0.0085 ether);
        assertSolvent(ETH);
    }

    // X-09: a receiver that rejects payment blocks only itself.

    function test_X09_renterThatRejectsEthBlocksOnlyItself() public {
        for (uint256 i; i < 4; ++i) {
            RejectingWallet wallet = new RejectingWallet();
            wallet.fund{value: 1 ether}();
            uint256 jobId = _openFrom(wallet, host);
            _leave(jobId, Exit(i), 5_000);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IJobMarketplace.MarketplaceEthTransferFailed.selector, address(wallet), 0.5 ether
                )
            );
            wallet.run(address(market), 0, abi.encodeWithSignature("withdraw(address)", ETH));
            assertEq(market.withdrawable(address(wallet), ETH), 0.5 ether, "still owed");

            uint256 before = host.balance;
            vm.prank(host);
            market.withdraw(ETH);
            assertEq(host.balance - before, 0.425 ether);
            wallet.run(address(market), 0, abi.encodeWithSignature("withdraw(address,address)", ETH, stranger));
            assertEq(stranger.balance, (i + 1) * 0.5 ether);
        }
    }

    function test_X09_renterThatBurnsGasBlocksOnlyItself() public {
        GasBurningWallet wallet = new GasBurningWallet();
        wallet.fund{value: 1 ether}();
        uint256 jobId = _openFrom(wallet, host);
        _leave(jobId, Exit.Timeout, 5_000);
        vm.prank(host);
        market.withdraw(ETH);
        assertEq(host.balance, 0.425 ether);
    }

    function test_X09_blacklistedRenterBlocksOnlyItself() public {
        BlacklistingToken token = new BlacklistingToken();
        acceptToken(address(token));
        uint256 jobId = _openTokenSession(MintableToken(address(token)));
        token.blacklist(renter);
        _leave(jobId, Exit.HostSettlesWithVoucher, 5_000);
        vm.prank(renter);
        vm.expectRevert(abi.encodeWithSelector(BlacklistingToken.Blacklisted.selector, renter));
        market.withdraw(address(token));
        vm.prank(host);
        market.withdraw(address(token));
        market.distributeFees(address(token));
        assertEq(token.balanceOf(host), 4.25e18);
        assertEq(token.balanceOf(treasury), 0.5e18);
        vm.prank(renter);
        market.withdraw(address(token), stranger);
        assertEq(token.balanceOf(stranger), 5e18);
    }

    function test_X09_treasuryThatRejectsEthBlocksNobody() public {
        RejectingWallet wallet = new RejectingWallet();
        vm.prank(owner);
        market.setTreasury(address(wallet));
        uint256 jobId = openSession();
        _leave(jobId, Exit.HostSettles, 5_000);
        market.distributeFees(ETH);
        assertEq(stakersPool.balance, 0.025 ether);
        vm.prank(renter);
        market.withdraw(ETH);
        vm.prank(owner);
        market.setTreasury(treasury);
        market.distributeFees(ETH);
        assertEq(treasury.balance, 0.05 ether);
    }

    /// One function creates every session; each bad value of the token path fails like the ETH path's.
    function test_X10_tokenSessionsPassTheSameChecks() public {
        vm.startPrank(renter);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceHostNotActive.selector, stranger));
        market.createSessionJobWithToken(stranger, address(usdc), 10e6, 1000, DURATION, INTERVAL);
        vm.expectPartialRevert(ISessionJobs.SessionFieldOutOfRange.selector);
        market.createSessionJobWithToken(host, address(usdc), 10e6, 0, DURATION, INTERVAL);
        vm.expectPartialRevert(ISessionJobs.SessionFieldOutOfRange.selector);
        market.createSessionJobWithToken(host, address(usdc), 10e6, 1000, 0, INTERVAL);
        vm.expectPartialRevert(ISessionJobs.SessionFieldOutOfRange.selector);
        market.createSessionJobWithToken(host, address(usdc), 10e6, 1000, DURATION, 0);
        vm.expectPartialRevert(IJobMarketplace.MarketplaceDepositOutOfRange.selector);
        market.createSessionJobWithToken(host, address(usdc), 0, 1000, DURATION, INTERVAL);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceWrongValue.selector, 0, 1 ether));
        market.createSessionJobWithToken(host, ETH, 1 ether, PRICE_PER_TOKEN, DURATION, INTERVAL);
        vm.stopPrank();
    }

    // X-11: tokens that do not move what they say.

    function test_X11_feeOnTransferTokenIsRefused() public {
        FeeOnTransferToken token = new FeeOnTransferToken();
        acceptToken(address(token));
        _expectTokenRefused(
            MintableToken(address(token)),
            abi.encodeWithSelector(
                IJobMarketplace.MarketplaceTransferMismatch.selector, address(token), 9.9e18, 10e18
            )
        );
    }

    function test_X11_falseReturningTokenIsRefused() public {
        FalseReturningToken token = new FalseReturningToken();
        acceptToken(address(token));
        _expectTokenRefused(
            MintableToken(address(token)),
            abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(token))
        );
    }

    function test_X11_lyingTokenIsRefused() public {
        LyingToken token = new LyingToken();
        acceptToken(address(token));
        _expectTokenRefused(
            MintableToken(address(token)),
            abi.encodeWithSelector(IJobMarketplace.MarketplaceTransferMismatch.selector, address(token), 0, 10e18)
        );
    }

    function test_X11_tokenWithoutReturnValueWorks() public {
        SilentToken token = new SilentToken();
        acceptToken(address(token));
        token.mint(renter, 10e18);
        vm.prank(renter);
        uint256 jobId = market.createSessionJobWithToken(host, address(token), 10e18, 1e15, DURATION, INTERVAL);
        _leave(jobId, Exit.HostSettles, 5_000);
        vm.prank(host);
        market.withdraw(address(token));
        assertEq(token.balanceOf(host), 4.25e18);
    }

    function test_X12_ethMustComeExactly() public {
        vm.startPrank(renter);
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarketplace.MarketplaceWrongValue.selector, 1.5 ether, 1 ether)
        );
        market.createSessionJob{value: 1.5 ether}(host, 1 ether, PRICE_PER_TOKEN, DURATION, INTERVAL);
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarketplace.MarketplaceWrongValue.selector, 1 ether - 1, 1 ether)
        );
        market.createSessionJob{value: 1 ether - 1}(host, 1 ether, PRICE_PER_TOKEN, DURATION, INTERVAL);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceWrongValue.selector, 1, 0));
        market.createSession{value: 1}(
            sessionParams(address(usdc), 10e6, 1e6)
        );
        vm.stopPrank();
        (bool accepted,) = address(market).call{value: 1}("");
        assertFalse(accepted, "ETH that is no deposit");
    }

    function test_X13_timeoutLeavesNothingUnassigned() public {
        uint256 jobId = openSession();
        _leave(jobId, Exit.Timeout, 5_000);
        (uint256 protocol, uint256 stakers) = market.feeLedger(ETH);
        assertEq(
            market.withdrawable(host, ETH) + market.withdrawable(renter, ETH) + protocol + stakers, 1 ether
        );
        vm.prank(host);
        market.withdraw(ETH);
        vm.prank(renter);
        market.withdraw(ETH);
        market.distributeFees(ETH);
        assertEq(address(market).balance, 0);
    }

    function test_X15_settlingOnceClosesEveryOtherWay() public {
        for (uint256 i; i < 4; ++i) {
            uint256 jobId = openSession();
            _leave(jobId, Exit(i), 5_000);
            uint256 owed = market.withdrawable(host, ETH) + market.withdrawable(renter, ETH);
            bytes memory signature = voucher(jobId, 9_000);
            bytes memory settled = abi.encodeWithSelector(
                ISessionJobs.SessionWrongStatus.selector, jobId, ISessionJobs.SessionStatus.Settled
            );
            vm.warp(endOf(jobId) + 30 days);
            vm.startPrank(host);
            vm.expectRevert(settled);
            market.settleSession(jobId);
            vm.expectRevert(settled);
            market.settleSessionWithVoucher(jobId, 9_000, TRANSCRIPT, signature);
            vm.stopPrank();
            vm.prank(renter);
            vm.expectRevert(settled);
            market.completeSessionJob(jobId);
            vm.expectRevert(settled);
            market.finalizeSession(jobId);
            vm.expectRevert(settled);
            market.triggerSessionTimeout(jobId);
            vm.expectRevert(settled);
            market.submitCheckpoint(jobId, 9_000, TRANSCRIPT, signature);
            assertEq(market.withdrawable(host, ETH) + market.withdrawable(renter, ETH), owed);
        }
    }

    function test_X18_intervalIsNoTime() public {
        vm.prank(renter);
        uint256 jobId = market.createSessionJob{value: 1 ether}(host, 1 ether, PRICE_PER_TOKEN, 30 days, 100);
        vm.warp(START + 301);
        vm.startPrank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionNotDue.selector, jobId, START + 30 days + 2 hours)
        );
        market.triggerSessionTimeout(jobId);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionNotRenter.selector, jobId, stranger));
        market.completeSessionJob(jobId);
        vm.stopPrank();
    }

    /// The renter completes just before the host's checkpoint lands: the work is paid all the same.
    function test_X20_voucherCountsInTheClosingWindow() public {
        uint256 jobId = openSession();
        checkpoint(jobId, 500);
        vm.prank(renter);
        market.completeSessionJob(jobId);
        vm.warp(START + 1 hours - 1);
        checkpoint(jobId, 501);
        checkpoint(jobId, 5_000);
        bytes memory lower = voucher(jobId, 4_999);
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionCheckpointTooSmall.selector, jobId, 4_999, 5_001)
        );
        market.submitCheckpoint(jobId, 4_999, TRANSCRIPT, lower);
        vm.warp(START + 1 hours);
        market.finalizeSession(jobId);
        assertEq(market.withdrawable(host, ETH), 0.425 ether);
    }

    function test_X20_renterCannotFinalizeEarlyByCompletingTwice() public {
        uint256 jobId = openSession();
        vm.startPrank(renter);
        market.completeSessionJob(jobId);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISessionJobs.SessionWrongStatus.selector, jobId, ISessionJobs.SessionStatus.Closing
            )
        );
        market.completeSessionJob(jobId);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionNotDue.selector, jobId, START + 1 hours));
        market.finalizeSession(jobId);
        vm.stopPrank();
        vm.prank(host);
        market.settleSession(jobId);
    }

    /// The host's own settlement is open until two hours after the end. A renter that sees it coming cannot complete
    /// and finalize before it in one transaction.
    function test_X20_renterCannotCutOffTheHostsLateSettlement() public {
        uint256 jobId = openSession();
        uint256 end = endOf(jobId);
        bytes memory last = voucher(jobId, 5_000);
        vm.warp(end + 90 minutes);
        vm.startPrank(renter);
        market.completeSessionJob(jobId);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionNotDue.selector, jobId, end + 2 hours));
        market.finalizeSession(jobId);
        vm.stopPrank();
        vm.prank(host);
        market.settleSessionWithVoucher(jobId, 5_000, TRANSCRIPT, last);
        assertEq(market.withdrawable(host, ETH), 0.425 ether);
    }

    function test_X20_completionBeforeTheEndOfCheckpointsLeavesTheWholeWindow() public {
        uint256 jobId = openSession();
        uint256 end = endOf(jobId);
        vm.warp(end + 1 hours - 1);
        vm.prank(renter);
        market.completeSessionJob(jobId);
        vm.warp(end + 1 hours);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionNotDue.selector, jobId, end + 2 hours - 1));
        market.finalizeSession(jobId);
    }

    function test_X23_intervalBindsIntermediateCheckpointsOnly() public {
        uint256 jobId = openSession();
        bytes memory signature = voucher(jobId, 499);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionCheckpointTooSmall.selector, jobId, 499, 500));
        market.submitCheckpoint(jobId, 499, TRANSCRIPT, signature);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionCheckpointTooSmall.selector, jobId, 499, 500));
        market.submitProofOfWork(jobId, abi.encode(TRANSCRIPT, signature), 499);
        checkpoint(jobId, 500);
        signature = voucher(jobId, 999);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionCheckpointTooSmall.selector, jobId, 999, 1_000));
        market.submitCheckpoint(jobId, 999, TRANSCRIPT, signature);
        _leave(jobId, Exit.HostSettlesWithVoucher, 999);
        assertEq(market.withdrawable(host, ETH), 999 * 0.000085 ether);
    }

    /// Settles a session by one of the ways out. `tokens` is the count to reach, 0 for none.
    function _leave(uint256 jobId, Exit exit, uint256 tokens) private {
        ISessionJobs.SessionDetails memory details = market.getSessionDetails(jobId);
        address sessionHost = details.host;
        address sessionRenter = details.renter;
        if (exit == Exit.HostSettlesWithVoucher) {
            bytes memory signature = voucher(jobId, tokens);
            vm.prank(sessionHost);
            market.settleSessionWithVoucher(jobId, tokens, TRANSCRIPT, signature);
            return;
        }
        if (tokens != 0) checkpoint(jobId, tokens);
        if (exit == Exit.HostSettles) {
            vm.prank(sessionHost);
            market.settleSession(jobId);
        } else if (exit == Exit.RenterCompletes) {
            vm.prank(sessionRenter);
            market.completeSessionJob(jobId);
            vm.warp(market.getSessionDetails(jobId).closesAt);
            market.finalizeSession(jobId);
        } else {
            vm.warp(details.startedAt + details.maxDuration + 2 hours);
            market.triggerSessionTimeout(jobId);
        }
    }

    function _everyAttack(uint256 jobId) private view returns (bytes[] memory attacks) {
        attacks = new bytes[](13);
        attacks[0] = abi.encodeWithSignature("withdraw(address)", ETH);
        attacks[1] = abi.encodeWithSignature("withdraw(address,address)", ETH, stranger);
        attacks[2] = abi.encodeCall(IMarketplaceLedger.distributeFees, (ETH));
        attacks[3] = abi.encodeCall(ISessionJobs.settleSession, (jobId));
        attacks[4] = abi.encodeCall(ISessionJobs.settleSessionWithVoucher, (jobId, 10_000, TRANSCRIPT, ""));
        attacks[5] = abi.encodeCall(ISessionJobs.completeSessionJob, (jobId));
        attacks[6] = abi.encodeCall(ISessionJobs.finalizeSession, (jobId));
        attacks[7] = abi.encodeCall(ISessionJobs.triggerSessionTimeout, (jobId));
        attacks[8] = abi.encodeCall(ISessionJobs.settleSession, (1));
        attacks[9] = abi.encodeCall(ISessionJobs.claimAbandonedSession, (jobId));
        attacks[10] = abi.encodeCall(ISessionJobs.claimWithProof, (jobId, "", 0));
        attacks[11] = abi.encodeCall(
            ISessionJobs.createSessionFromDeposit, (sessionParams(ETH, 0.5 ether, PRICE_PER_TOKEN * 1000))
        );
        attacks[12] = abi.encodeCall(IMarketplaceLedger.depositPrepaid, (ETH, 0.5 ether));
    }

    function _openFrom(Wallet wallet, address sessionHost) private returns (uint256) {
        bytes memory result = wallet.run(
            address(market),
            1 ether,
            abi.encodeCall(
                ISessionJobs.createSession,
                (
                    ISessionJobs.SessionParams({
                        host: sessionHost,
                        token: ETH,
                        deposit: 1 ether,
                        pricePer1000: PRICE_PER_TOKEN * 1000,
                        maxDuration: DURATION,
                        proofInterval: INTERVAL,
                        coSigner: renter,
                        model: 0,
                        proofMode: ISessionJobs.ProofMode.CoSigned
                    })
                )
            )
        );
        return abi.decode(result, (uint256));
    }

    function _registerWallet(Wallet wallet) private {
        fab.transfer(address(wallet), 1_000e18);
        wallet.run(address(fab), 0, abi.encodeCall(fab.approve, (address(registry), 1_000e18)));
        wallet.run(address(registry), 0, abi.encodeCall(registry.registerNode, ("gpu:rtx4090")));
    }

    function _openTokenSession(MintableToken token) private returns (uint256 jobId) {
        token.mint(renter, 10e18);
        vm.startPrank(renter);
        token.approve(address(market), 10e18);
        jobId = market.createSessionJobWithToken(host, address(token), 10e18, 1e15, DURATION, INTERVAL);
        vm.stopPrank();
    }

    function _expectTokenRefused(MintableToken token, bytes memory reason) private {
        token.mint(renter, 10e18);
        vm.startPrank(renter);
        token.approve(address(market), 10e18);
        vm.expectRevert(reason);
        market.createSessionJobWithToken(host, address(token), 10e18, 1e15, DURATION, INTERVAL);
        vm.stopPrank();
        assertEq(market.liabilities(address(token)), 0);
    }
}

/// @notice Keeps what the market answers to a call from within its own payment.
contract ReentrantProbe {
    address private immutable _market;
    bytes public answer;

    constructor(address market) {
        _market = market;
    }

    receive() external payable {
        (, answer) = _market.call(abi.encodeWithSignature("withdraw(address)", address(0)));
    }
}
