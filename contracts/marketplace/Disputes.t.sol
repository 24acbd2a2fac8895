// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {DisputesFixture} from "../mocks/DisputesFixture.sol";
import {CallbackToken} from "../mocks/HostileTokens.sol";
import {ReentrantWallet} from "../mocks/HostileReceivers.sol";

contract DisputesTest is DisputesFixture {
    function test_row93_hostWinsItsPaymentMinusFeesAndTheBond() public {
        uint256 jobId = disputedJob(1 ether);
        assertEq(market.liabilities(ETH), 1 ether + BOND);
        vm.expectEmit(address(market));
        emit ISingleJobs.PaymentReleased(jobId, host, 0.85 ether, 0.1 ether, 0.05 ether);
        vm.expectEmit(address(market));
        emit IPaymentEscrow.EscrowResolved(escrowIdOf(jobId), host, 0.85 ether + BOND, 0);
        vm.prank(arbiter);
        market.resolveDispute(escrowIdOf(jobId), host);
        expectStatus(jobId, ISingleJobs.JobStatus.Resolved);
        expectEscrow(jobId, IPaymentEscrow.EscrowStatus.Released);
        assertEq(owed(host, ETH), 0.85 ether + BOND);
        assertEq(owed(renter, ETH), 0);
        assertEq(market.openObligations(host), 0);
        assertTrue(market.jobFacts(jobId).completed);
        assertEq(market.jobFacts(jobId).fee, 0.1 ether);
        _expectReport(jobId, true, 1);
        assertSolvent(ETH);
    }

    function test_row93_renterWinsEverythingBack() public {
        uint256 jobId = disputedJob(1 ether);
        vm.expectEmit(address(market));
        emit IPaymentEscrow.EscrowResolved(escrowIdOf(jobId), renter, 0, 1 ether + BOND);
        vm.prank(arbiter);
        market.resolveDispute(escrowIdOf(jobId), renter);
        expectStatus(jobId, ISingleJobs.JobStatus.Resolved);
        expectEscrow(jobId, IPaymentEscrow.EscrowStatus.Refunded);
        assertEq(owed(renter, ETH), 1 ether + BOND);
        assertEq(owed(host, ETH), 0);
        (uint256 protocol, uint256 toStakers) = market.feeLedger(ETH);
        assertEq(protocol + toStakers, 0);
        assertEq(market.openObligations(host), 0);
        assertFalse(market.jobFacts(jobId).completed);
        assertEq(market.jobFacts(jobId).fee, 0);
        assertEq(market.getCircuitBreakerMetrics().failures, 1);
        _expectReport(jobId, false, 1);
        assertSolvent(ETH);
    }

    function test_row93_silentArbiterSplitsTheEscrowAndReturnsTheBond() public {
        uint256 jobId = disputedJob(1 ether + 1);
        bytes memory early =
            abi.encodeWithSelector(IPaymentEscrow.EscrowArbiterHasTime.selector, escrowIdOf(jobId), START + 7 days);
        vm.warp(START + 7 days - 1);
        vm.expectRevert(early);
        market.resolveStale(escrowIdOf(jobId));
        vm.warp(START + 7 days);
        vm.prank(arbiter);
        vm.expectRevert(
            abi.encodeWithSelector(IPaymentEscrow.EscrowArbiterTooLate.selector, escrowIdOf(jobId), START + 7 days)
        );
        market.resolveDispute(escrowIdOf(jobId), host);

        uint256 bond = market.getEscrow(escrowIdOf(jobId)).bond;
        assertEq(bond, BOND + 1);
        vm.expectEmit(address(market));
        emit IPaymentEscrow.EscrowResolved(escrowIdOf(jobId), address(0), 0.5 ether, 0.5 ether + 1 + bond);
        vm.prank(stranger);
        market.resolveStale(escrowIdOf(jobId));
        expectEscrow(jobId, IPaymentEscrow.EscrowStatus.Split);
        assertEq(owed(host, ETH), 0.5 ether);
        assertEq(owed(renter, ETH), 0.5 ether + 1 + bond);
        assertEq(market.openObligations(host), 0);
        assertFalse(market.jobFacts(jobId).completed);
        assertEq(market.getCircuitBreakerMetrics().failures, 0);
        _expectReport(jobId, false, 0);
        assertSolvent(ETH);
    }

    function test_verifiedProofDecidesAStaleDisputeForTheHost() public {
        connectProofs();
        uint256 jobId = disputedJob(1 ether);
        proofs.setVerified(jobId);
        vm.warp(START + 7 days);
        market.resolveStale(escrowIdOf(jobId));
        expectEscrow(jobId, IPaymentEscrow.EscrowStatus.Released);
        assertEq(owed(host, ETH), 0.85 ether + BOND);
        assertSolvent(ETH);
    }

    function test_bondIsOnePercentRoundedUpInTheJobsToken() public {
        uint256 jobId = postUsdc(1e6 + 1);
        submit(jobId);
        assertEq(market.disputeBond(jobId), 10_001);
        vm.deal(renter, 1 ether);
        vm.startPrank(renter);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceWrongValue.selector, 10_001, 0));
        market.disputeResult{value: 10_001}(jobId);
        vm.expectEmit(address(market));
        emit IPaymentEscrow.EscrowDisputed(escrowIdOf(jobId), renter, 10_001, START + 7 days);
        market.disputeEscrow(escrowIdOf(jobId));
        vm.stopPrank();
        assertEq(market.liabilities(address(usdc)), 1e6 + 1 + 10_001);
        assertSolvent(address(usdc));
        vm.prank(arbiter);
        market.resolveDispute(escrowIdOf(jobId), renter);
        assertEq(owed(renter, address(usdc)), 1e6 + 1 + 10_001);
        assertEq(owed(renter, ETH), 0);
    }

    function test_X12_ethBondIsExact() public {
        uint256 jobId = submittedJob(1 ether);
        vm.startPrank(renter);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceWrongValue.selector, BOND + 1, BOND));
        market.disputeResult{value: BOND + 1}(jobId);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceWrongValue.selector, 0, BOND));
        market.disputeResult(jobId);
        market.disputeResult{value: BOND}(jobId);
        vm.stopPrank();
    }

    function test_onlyTheRenterDisputesAndOnlyWithinTheReview() public {
        uint256 jobId = postJob(1 ether);
        vm.startPrank(renter);
        vm.expectRevert(statusError(jobId, ISingleJobs.JobStatus.Posted, ISingleJobs.JobStatus.Submitted));
        market.disputeResult{value: BOND}(jobId);
        vm.stopPrank();
        submit(jobId);
        address[2] memory others = [host, stranger];
        for (uint256 i; i < 2; ++i) {
            vm.deal(others[i], BOND);
            vm.prank(others[i]);
            vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobNotRenter.selector, jobId, others[i]));
            market.disputeResult{value: BOND}(jobId);
        }
        vm.warp(START + 24 hours);
        vm.prank(renter);
        vm.expectRevert(
            abi.encodeWithSelector(IPaymentEscrow.EscrowReviewOver.selector, escrowIdOf(jobId), START + 24 hours)
        );
        market.disputeResult{value: BOND}(jobId);
        vm.warp(START + 24 hours - 1);
        vm.prank(renter);
        market.disputeResult{value: BOND}(jobId);
        assertEq(market.getEscrow(escrowIdOf(jobId)).resolveBy, START + 8 days - 1);
    }

    function test_disputedJobHasNoOtherWayOut() public {
        uint256 jobId = disputedJob(1 ether);
        bytes memory disputed = statusError(jobId, ISingleJobs.JobStatus.Disputed, ISingleJobs.JobStatus.Submitted);
        vm.warp(START + 30 days);
        vm.startPrank(renter);
        vm.expectRevert(disputed);
        market.releasePayment(jobId);
        vm.expectRevert(disputed);
        market.releaseEscrow(escrowIdOf(jobId));
        vm.expectRevert(disputed);
        market.autoRelease(jobId);
        vm.expectRevert(disputed);
        market.autoRelease(escrowIdOf(jobId));
        vm.expectRevert(disputed);
        market.disputeResult{value: BOND}(jobId);
        vm.expectRevert(statusError(jobId, ISingleJobs.JobStatus.Disputed, ISingleJobs.JobStatus.Posted));
        market.claimExpired(jobId);
        vm.expectRevert(statusError(jobId, ISingleJobs.JobStatus.Disputed, ISingleJobs.JobStatus.Posted));
        market.cancelJob(jobId);
        vm.stopPrank();
        assertEq(market.openObligations(host), 1);
    }

    function test_proofOfAWrongResultEndsADisputeAndReturnsTheBond() public {
        connectProofs();
        uint256 jobId = disputedJob(1 ether);
        proofs.reject(address(market), jobId);
        expectStatus(jobId, ISingleJobs.JobStatus.Failed);
        expectEscrow(jobId, IPaymentEscrow.EscrowStatus.Refunded);
        assertEq(owed(renter, ETH), 1 ether + BOND);
        vm.prank(arbiter);
        vm.expectRevert(statusError(jobId, ISingleJobs.JobStatus.Failed, ISingleJobs.JobStatus.Disputed));
        market.resolveDispute(escrowIdOf(jobId), host);
        assertSolvent(ETH);
    }

    function test_openChallengeKeepsMoneyFromTheHostInDisputesToo() public {
        connectProofs();
        uint256 jobId = disputedJob(1 ether);
        proofs.setBlocked(jobId, true);
        bytes memory blocked = abi.encodeWithSelector(ISingleJobs.JobPayoutBlocked.selector, jobId);
        vm.prank(arbiter);
        vm.expectRevert(blocked);
        market.resolveDispute(escrowIdOf(jobId), host);
        vm.warp(START + 7 days);
        vm.expectRevert(blocked);
        market.resolveStale(escrowIdOf(jobId));
        proofs.setBlocked(jobId, false);
        market.resolveStale(escrowIdOf(jobId));
        assertEq(owed(host, ETH), 0.5 ether);
    }

    function test_openChallengeDoesNotKeepTheRefundFromTheRenter() public {
        connectProofs();
        uint256 jobId = disputedJob(1 ether);
        proofs.setBlocked(jobId, true);
        vm.prank(arbiter);
        market.resolveDispute(escrowIdOf(jobId), renter);
        assertEq(owed(renter, ETH), 1 ether + BOND);
    }

    function test_I6_delistedTokenCanStillBeDisputedAndPaid() public {
        uint256 jobId = postUsdc(10e6);
        submit(jobId);
        vm.prank(owner);
        market.setAcceptedToken(address(usdc), false);
        vm.prank(renter);
        market.disputeResult(jobId);
        vm.prank(arbiter);
        market.resolveDispute(escrowIdOf(jobId), host);
        assertEq(owed(host, address(usdc)), 8.6e6);
        assertSolvent(address(usdc));
    }

    function test_X01_tokenThatCallsBackDuringADisputeFindsItClosed() public {
        CallbackToken token = new CallbackToken();
        vm.startPrank(owner);
        market.setAcceptedToken(address(token), true);
        market.setTokenLimits(address(token), 1, 1e24);
        vm.stopPrank();
        ReentrantWallet attacker = new ReentrantWallet();
        token.mint(address(attacker), 101e18);
        attacker.run(address(token), 0, abi.encodeWithSignature("approve(address,uint256)", market, 101e18));
        bytes memory posted = attacker.run(
            address(market),
            0,
            abi.encodeCall(
                ISingleJobs.postJobWithToken, (jobDetails(), jobRequirements(), address(token), 100e18)
            )
        );
        uint256 jobId = abi.decode(posted, (uint256));
        submit(jobId);
        bytes[] memory attacks = new bytes[](3);
        attacks[0] = abi.encodeCall(ISingleJobs.releasePayment, (jobId));
        attacks[1] = abi.encodeCall(IPaymentEscrow.disputeResult, (jobId));
        attacks[2] = abi.encodeCall(IPaymentEscrow.releaseEscrow, (escrowIdOf(jobId)));
        attacker.arm(address(market), attacks);
        attacker.run(address(market), 0, abi.encodeCall(IPaymentEscrow.disputeResult, (jobId)));
        assertEq(attacker.attempts(), 3);
        assertEq(attacker.successes(), 0);
        assertEq(market.liabilities(address(token)), 101e18);
        assertEq(token.balanceOf(address(market)), 101e18);
    }

    function testFuzz_I1_everyOutcomePaysOutWhatCameIn(uint256 payment, uint256 bondBps, uint8 outcome) public {
        payment = bound(payment, MIN_ETH, MAX_ETH);
        bondBps = bound(bondBps, 10, 1_000);
        vm.prank(owner);
        market.setDisputeTerms(bondBps, 7 days);
        uint256 jobId = submittedJob(payment);
        uint256 bond = market.disputeBond(jobId);
        assertGe(bond * 10_000, payment * bondBps);
        assertLt((bond - 1) * 10_000, payment * bondBps);
        vm.prank(renter);
        market.disputeResult{value: bond}(jobId);
        if (outcome % 3 == 2) {
            vm.warp(START + 7 days);
            market.resolveStale(escrowIdOf(jobId));
        } else {
            vm.prank(arbiter);
            market.resolveDispute(escrowIdOf(jobId), outcome % 3 == 0 ? host : renter);
        }
        (uint256 protocol, uint256 toStakers) = market.feeLedger(ETH);
        assertEq(owed(host, ETH) + owed(renter, ETH) + protocol + toStakers, payment + bond);
        assertEq(market.liabilities(ETH), payment + bond);
        assertSolvent(ETH);
    }

    function _expectReport(uint256 jobId, bool success, uint256 count) private view {
        (, bool succeeded, uint256 times,,) = reputation.reports(jobId);
        assertEq(succeeded, success, "reported success");
        assertEq(times, count, "reports");
    }
}
