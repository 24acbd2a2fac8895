// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IJobFacts} from "../interfaces/IJobFacts.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {IJobViews} from "../interfaces/IJobViews.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {JobsFixture} from "../mocks/JobsFixture.sol";
import {ProofRecorder} from "../mocks/Neighbours.sol";

contract SingleJobsTest is JobsFixture {
    function test_jobIsPostedClaimedSubmittedAndReleased() public {
        bytes32 detailsHash = keccak256(abi.encode(jobDetails(), jobRequirements()));
        vm.expectEmit(address(market));
        emit ISingleJobs.JobPosted(1, renter, ETH, 1 ether, "llama-70b", DEADLINE);
        vm.expectEmit(address(market));
        emit ISingleJobs.JobCreated(1, renter, "llama-70b", jobDetails().prompt, 1 ether);
        uint256 jobId = postJob(1 ether);
        assertEq(market.getJob(jobId).detailsHash, detailsHash);
        assertEq(market.getJob(jobId).deadline, DEADLINE);
        expectStatus(jobId, ISingleJobs.JobStatus.Posted);

        vm.expectEmit(address(market));
        emit ISingleJobs.JobClaimed(jobId, host);
        vm.prank(host);
        market.claimJob(jobId);
        expectStatus(jobId, ISingleJobs.JobStatus.Claimed);
        assertEq(market.openObligations(host), 1);

        vm.expectEmit(address(market));
        emit ISingleJobs.JobCompleted(jobId, "bafkreiresult");
        vm.prank(host);
        market.completeJob(jobId, "bafkreiresult", "");
        expectStatus(jobId, ISingleJobs.JobStatus.Submitted);
        assertEq(market.getJob(jobId).releaseAt, START + 24 hours);
        assertEq(market.withdrawable(host, ETH), 0);

        vm.expectEmit(address(market));
        emit ISingleJobs.PaymentReleased(jobId, host, 0.85 ether, 0.1 ether, 0.05 ether);
        vm.prank(renter);
        market.releasePayment(jobId);
        expectStatus(jobId, ISingleJobs.JobStatus.Released);
        assertEq(market.withdrawable(host, ETH), 0.85 ether);
        assertEq(market.openObligations(host), 0);
        assertSolvent(ETH);
    }

    function test_shortFormPostsTheHashOfTheInput() public {
        vm.expectEmit(address(market));
        emit ISingleJobs.JobCreated(
            1, renter, "llama-70b", "0x00000000000000000000000000000000000000000000000000000000000000ab", 1 ether
        );
        vm.prank(renter);
        uint256 jobId = market.createJob{value: 1 ether}("llama-70b", bytes32(uint256(0xab)), 1 ether, START + 60);
        assertEq(market.getJob(jobId).deadline, START + 60);
        vm.prank(renter);
        vm.expectRevert(_fieldError("deadline", START + 59, START + 60, START + 30 days));
        market.createJob{value: 1 ether}("llama-70b", bytes32(uint256(0xab)), 1 ether, START + 59);
        vm.prank(renter);
        vm.expectRevert(_fieldError("modelId", 0, 1, 128));
        market.createJob{value: 1 ether}("", bytes32(uint256(0xab)), 1 ether, START + 60);
    }

    function test_anyoneReleasesAfterTheReview() public {
        uint256 jobId = submittedJob(1 ether);
        vm.warp(START + 24 hours - 1);
        vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobReviewOpen.selector, jobId, START + 24 hours));
        market.autoRelease(jobId);
        vm.warp(START + 24 hours);
        vm.prank(stranger);
        market.autoRelease(jobId);
        assertEq(market.withdrawable(host, ETH), 0.85 ether);
    }

    function test_renterCancelsWhatNobodyClaimed() public {
        uint256 jobId = postJob(1 ether);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobNotRenter.selector, jobId, stranger));
        market.cancelJob(jobId);
        vm.expectEmit(address(market));
        emit ISingleJobs.JobCancelled(jobId, 1 ether);
        vm.prank(renter);
        market.cancelJob(jobId);
        assertEq(market.withdrawable(renter, ETH), 1 ether);
        expectStatus(jobId, ISingleJobs.JobStatus.Cancelled);
    }

    function test_claimedJobCannotBeCancelled() public {
        uint256 jobId = postJob(1 ether);
        vm.prank(host);
        market.claimJob(jobId);
        vm.prank(renter);
        vm.expectRevert(
            statusError(jobId, ISingleJobs.JobStatus.Claimed, ISingleJobs.JobStatus.Posted)
        );
        market.cancelJob(jobId);
    }

    function test_unclaimedJobExpiresWithAFullRefund() public {
        uint256 jobId = postJob(1 ether);
        vm.warp(DEADLINE - 1);
        vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobDeadlineNotReached.selector, jobId, DEADLINE));
        market.claimExpired(jobId);
        vm.warp(DEADLINE);
        vm.prank(host);
        vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobDeadlinePassed.selector, jobId, DEADLINE));
        market.claimJob(jobId);
        vm.expectEmit(address(market));
        emit ISingleJobs.JobExpired(jobId, 1 ether);
        vm.prank(stranger);
        market.claimExpired(jobId);
        assertEq(market.withdrawable(renter, ETH), 1 ether);
        expectStatus(jobId, ISingleJobs.JobStatus.Expired);
    }

    function test_missedDeadlineRefundsInFullAndFreesTheHost() public {
        uint256 jobId = postJob(1 ether);
        vm.prank(host);
        market.claimJob(jobId);
        vm.warp(DEADLINE);
        vm.prank(host);
        vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobDeadlinePassed.selector, jobId, DEADLINE));
        market.submitResult(jobId, "bafkreiresult");
        market.claimExpired(jobId);
        assertEq(market.withdrawable(renter, ETH), 1 ether);
        assertEq(market.withdrawable(host, ETH), 0);
        assertEq(market.openObligations(host), 0);
        expectStatus(jobId, ISingleJobs.JobStatus.Failed);
        _expectReport(jobId, host, false, 1);
        assertEq(registry.forfeited(host, renter), 20e18);
        vm.expectRevert(statusError(jobId, ISingleJobs.JobStatus.Failed, ISingleJobs.JobStatus.Posted));
        market.claimExpired(jobId);
        assertEq(registry.forfeited(host, renter), 20e18);
    }

    function test_unclaimedJobFailsNobody() public {
        uint256 jobId = postJob(1 ether);
        vm.warp(DEADLINE);
        market.claimExpired(jobId);
        assertEq(registry.forfeited(address(0), renter), 0);
        _expectReport(jobId, address(0), false, 0);
        assertEq(market.getCircuitBreakerMetrics().failures, 0);
    }

    function test_submittedJobCannotExpire() public {
        uint256 jobId = submittedJob(1 ether);
        vm.warp(DEADLINE);
        vm.expectRevert(
            statusError(jobId, ISingleJobs.JobStatus.Submitted, ISingleJobs.JobStatus.Posted)
        );
        market.claimExpired(jobId);
    }

    function test_secondHostCannotClaim() public {
        uint256 jobId = postJob(1 ether);
        address second = makeAddr("second host");
        addNode(second, second);
        vm.prank(host);
        market.claimJob(jobId);
        vm.prank(second);
        vm.expectRevert(
            statusError(jobId, ISingleJobs.JobStatus.Claimed, ISingleJobs.JobStatus.Posted)
        );
        market.claimJob(jobId);
        vm.prank(second);
        vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobNotHost.selector, jobId, second));
        market.submitResult(jobId, "bafkreiresult");
    }

    function test_renterCannotClaimItsOwnJob() public {
        addNode(renter, renter);
        uint256 jobId = postJob(1 ether);
        vm.prank(renter);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceSelfDealing.selector, renter));
        market.claimJob(jobId);
    }

    function test_onlyAcceptingNodesClaim() public {
        uint256 jobId = postJob(1 ether);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceHostNotActive.selector, stranger));
        market.claimJob(jobId);
        registry.set(host, false, host);
        vm.startPrank(host);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceHostNotActive.selector, host));
        market.claimJob(jobId);
        vm.stopPrank();
    }

    function test_fieldBounds() public {
        ISingleJobs.JobDetails memory details = jobDetails();
        details.maxTokens = 0;
        _expectRefused(details, jobRequirements(), _fieldError("maxTokens", 0, 1, 1_000_000));
        details.maxTokens = 1_000_001;
        _expectRefused(details, jobRequirements(), _fieldError("maxTokens", 1_000_001, 1, 1_000_000));
        details = jobDetails();
        details.temperature = 2_001;
        _expectRefused(details, jobRequirements(), _fieldError("temperature", 2_001, 0, 2_000));
        details = jobDetails();
        details.modelId = "";
        _expectRefused(details, jobRequirements(), _fieldError("modelId", 0, 1, 128));
        details = jobDetails();
        details.prompt = string(new bytes(257));
        _expectRefused(details, jobRequirements(), _fieldError("prompt", 257, 1, 256));
        details = jobDetails();
        details.resultFormat = string(new bytes(129));
        _expectRefused(details, jobRequirements(), _fieldError("resultFormat", 129, 0, 128));

        ISingleJobs.JobRequirements memory requirements = jobRequirements();
        requirements.minReputationScore = 1_001;
        _expectRefused(jobDetails(), requirements, _fieldError("minReputationScore", 1_001, 0, 1_000));
        requirements = jobRequirements();
        requirements.maxTimeToComplete = 59;
        _expectRefused(jobDetails(), requirements, _fieldError("maxTimeToComplete", 59, 60, 30 days));
        requirements.maxTimeToComplete = 30 days + 1;
        _expectRefused(jobDetails(), requirements, _fieldError("maxTimeToComplete", 30 days + 1, 60, 30 days));
        requirements.maxTimeToComplete = type(uint256).max;
        _expectRefused(
            jobDetails(), requirements, _fieldError("maxTimeToComplete", type(uint256).max, 60, 30 days)
        );
    }

    function test_resultNeedsACid() public {
        uint256 jobId = postJob(1 ether);
        vm.startPrank(host);
        market.claimJob(jobId);
        vm.expectRevert(_fieldError("resultCID", 0, 1, 256));
        market.submitResult(jobId, "");
        vm.stopPrank();
    }

    function test_unknownJobIsNamedAsSuch() public {
        bytes memory unknown = statusError(99, ISingleJobs.JobStatus.None, ISingleJobs.JobStatus.Posted);
        vm.expectRevert(unknown);
        market.getJob(99);
        vm.expectRevert(unknown);
        market.claimExpired(99);
        vm.expectRevert(unknown);
        market.cancelJob(99);
        vm.expectRevert(unknown);
        market.calculatePayment(99);
    }

    function testFuzz_releaseSplitsThePaymentExactly(uint256 payment) public {
        payment = bound(payment, MIN_ETH, 100 ether);
        uint256 jobId = submittedJob(payment);
        vm.prank(renter);
        market.releasePayment(jobId);
        (uint256 protocol, uint256 stakers) = market.feeLedger(ETH);
        assertEq(market.withdrawable(host, ETH) + protocol + stakers, payment);
        assertSolvent(ETH);
    }

    // X-30: paid once.

    function test_X30_releasedJobIsPaidOnce() public {
        postJob(10 ether);
        uint256 jobId = submittedJob(1 ether);
        vm.prank(renter);
        market.releasePayment(jobId);
        bytes memory released =
            statusError(jobId, ISingleJobs.JobStatus.Released, ISingleJobs.JobStatus.Submitted);
        vm.warp(START + 30 days);
        vm.prank(renter);
        vm.expectRevert(released);
        market.releasePayment(jobId);
        vm.expectRevert(released);
        market.autoRelease(jobId);
        vm.prank(host);
        vm.expectRevert(statusError(jobId, ISingleJobs.JobStatus.Released, ISingleJobs.JobStatus.Claimed));
        market.completeJob(jobId, "again", "");
        vm.expectRevert(statusError(jobId, ISingleJobs.JobStatus.Released, ISingleJobs.JobStatus.Posted));
        market.claimExpired(jobId);
        assertEq(market.withdrawable(host, ETH), 0.85 ether);
        assertSolvent(ETH);
    }

    function test_X30_refundedJobIsRefundedOnce() public {
        uint256 jobId = postJob(1 ether);
        vm.startPrank(renter);
        market.cancelJob(jobId);
        bytes memory cancelled =
            statusError(jobId, ISingleJobs.JobStatus.Cancelled, ISingleJobs.JobStatus.Posted);
        vm.expectRevert(cancelled);
        market.cancelJob(jobId);
        vm.warp(DEADLINE);
        vm.expectRevert(cancelled);
        market.claimExpired(jobId);
        vm.stopPrank();
        assertEq(market.withdrawable(renter, ETH), 1 ether);
    }

    /// A USDC job is paid in USDC on every way out, and the ETH of others stays where it is.
    function test_X31_everyWayOutPaysInTheJobsToken() public {
        postJob(1 ether);
        uint256 ethBefore = market.liabilities(ETH);
        uint256 released = postUsdc(10e6);
        uint256 cancelled = postUsdc(20e6);
        uint256 expired = postUsdc(30e6);
        uint256 failed = postUsdc(40e6);
        vm.startPrank(host);
        market.claimJob(released);
        market.submitResult(released, "bafkreiresult");
        market.claimJob(failed);
        vm.stopPrank();
        vm.startPrank(renter);
        market.releasePayment(released);
        market.cancelJob(cancelled);
        vm.warp(DEADLINE);
        market.claimExpired(expired);
        market.claimExpired(failed);
        vm.stopPrank();

        assertEq(market.withdrawable(host, address(usdc)), 8.5e6);
        assertEq(market.withdrawable(renter, address(usdc)), 90e6);
        assertEq(market.withdrawable(host, ETH), 0);
        assertEq(market.withdrawable(renter, ETH), 0);
        assertEq(market.liabilities(ETH), ethBefore);
        assertSolvent(address(usdc));
    }

    // X-33: nobody acts for somebody else.

    function test_X33_thereIsNoFunctionThatActsForOthers() public {
        uint256 jobId = postJob(1 ether);
        bytes[4] memory calls = [
            abi.encodeWithSignature("claimJobFor(address,uint256)", host, jobId),
            abi.encodeWithSignature("claimJobFor(uint256,address)", jobId, host),
            abi.encodeWithSignature("failJob(uint256)", jobId),
            abi.encodeWithSignature("createJobFor(address,string,bytes32,uint256,uint256)", renter, "m", 0, 1, 1)
        ];
        for (uint256 i; i < calls.length; ++i) {
            vm.prank(stranger);
            (bool success,) = address(market).call(calls[i]);
            assertFalse(success);
        }
        expectStatus(jobId, ISingleJobs.JobStatus.Posted);
    }

    function test_X33_zeroPriceJobsAreRefused() public {
        bytes memory refused = abi.encodeWithSelector(
            IJobMarketplace.MarketplaceDepositOutOfRange.selector, ETH, 0, MIN_ETH, MAX_ETH
        );
        vm.startPrank(renter);
        vm.expectRevert(refused);
        market.postJob(jobDetails(), jobRequirements(), 0);
        vm.expectRevert(refused);
        market.createJob("llama-70b", bytes32(0), 0, START + 60);
        vm.expectPartialRevert(IJobMarketplace.MarketplaceDepositOutOfRange.selector);
        market.postJobWithToken(jobDetails(), jobRequirements(), address(usdc), 0);
        vm.stopPrank();
    }

    function test_X33_onlyTheRenterReleasesDuringReview() public {
        uint256 jobId = submittedJob(1 ether);
        vm.prank(host);
        vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobNotRenter.selector, jobId, host));
        market.releasePayment(jobId);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobNotRenter.selector, jobId, stranger));
        market.releasePayment(jobId);
    }

    function test_X12_jobsTakeTheExactPayment() public {
        vm.startPrank(renter);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceWrongValue.selector, 2 ether, 1 ether));
        market.postJob{value: 2 ether}(jobDetails(), jobRequirements(), 1 ether);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceWrongValue.selector, 0, 1 ether));
        market.createJob("llama-70b", bytes32(0), 1 ether, START + 60);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceWrongValue.selector, 0, 1 ether));
        market.postJobWithToken(jobDetails(), jobRequirements(), ETH, 1 ether);
        vm.stopPrank();
    }

    // Fees and the bonus.

    function test_feesAreThoseOfPosting() public {
        uint256 jobId = postJob(1 ether);
        vm.prank(owner);
        market.setFees(2_000, 1_000);
        submit(jobId);
        assertEq(market.getJob(jobId).protocolBps, 1_000);
        assertEq(market.getJob(jobId).stakersBps, 500);
        (uint256 toHost, uint256 protocol, uint256 toStakers) = market.calculatePayment(jobId);
        assertEq(toHost, 0.85 ether);
        assertEq(protocol, 0.1 ether);
        assertEq(toStakers, 0.05 ether);
        vm.prank(renter);
        market.releasePayment(jobId);
        assertEq(owed(host, ETH), 0.85 ether);
        uint256 later = postJob(1 ether);
        assertEq(market.getJob(later).protocolBps, 2_000);
    }

    function test_row56_bonusIsOffUntilItIsSet() public {
        reputation.set(host, 65_535);
        uint256 jobId = submittedJob(1 ether);
        vm.prank(renter);
        market.releasePayment(jobId);
        assertEq(owed(host, ETH), 0.85 ether);
    }

    function test_row56_bonusComesOutOfTheProtocolsPart() public {
        vm.prank(owner);
        market.setBonusReputation(200);
        assertEq(market.bonusReputation(), 200);
        uint256 without = submittedJob(1 ether);
        uint256 with = submittedJob(1 ether);
        reputation.set(host, 199);
        vm.prank(renter);
        market.releasePayment(without);
        assertEq(owed(host, ETH), 0.85 ether);

        reputation.set(host, 200);
        (uint256 toHost, uint256 protocol, uint256 toStakers) = market.calculatePayment(with);
        assertEq(toHost, 0.935 ether);
        assertEq(protocol, 0.015 ether);
        assertEq(toStakers, 0.05 ether);
        vm.expectEmit(address(market));
        emit ISingleJobs.PaymentReleased(with, host, 0.935 ether, 0.015 ether, 0.05 ether);
        vm.prank(renter);
        market.releasePayment(with);
        assertEq(owed(host, ETH), 0.85 ether + 0.935 ether);
        assertEq(market.jobFacts(with).fee, 0.015 ether);
        assertEq(market.jobFacts(without).fee, 0.1 ether);

        // What was paid stays what it was, whatever becomes of the score.
        reputation.set(host, 0);
        (toHost,,) = market.calculatePayment(with);
        assertEq(toHost, 0.935 ether);
        assertSolvent(ETH);
    }

    function testFuzz_row56_bonusNeverExceedsTheEscrow(uint256 payment, uint256 protocolBps, uint256 stakersBps)
        public
    {
        payment = bound(payment, MIN_ETH, MAX_ETH);
        protocolBps = bound(protocolBps, 0, 3_000);
        stakersBps = bound(stakersBps, 0, 3_000 - protocolBps);
        vm.startPrank(owner);
        market.setFees(protocolBps, stakersBps);
        market.setBonusReputation(1);
        vm.stopPrank();
        uint256 jobId = submittedJob(payment);
        vm.prank(renter);
        market.releasePayment(jobId);
        (uint256 protocol, uint256 toStakers) = market.feeLedger(ETH);
        assertEq(owed(host, ETH) + protocol + toStakers, payment);
        assertEq(toStakers, payment * stakersBps / 10_000);
        assertSolvent(ETH);
    }

    // Claims: reputation, controllers, giving up.

    function test_row44_claimNeedsTheReputationThatTheJobAsksFor() public {
        uint256 jobId = postJob(1 ether);
        assertEq(market.getJob(jobId).minReputationScore, 100);
        reputation.set(host, 99);
        vm.prank(host);
        vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobReputationTooLow.selector, jobId, 99, 100));
        market.claimJob(jobId);
        reputation.set(host, 100);
        claim(jobId);
    }

    function test_row44_withoutReputationSystemNobodyIsAsked() public {
        vm.prank(owner);
        market.setReputation(address(0));
        uint256 jobId = postJob(1 ether);
        reputation.set(host, 0);
        submit(jobId);
        vm.prank(renter);
        market.releasePayment(jobId);
        _expectReport(jobId, address(0), false, 0);
    }

    function test_row45_nodesThatTheRenterControlsCannotClaim() public {
        uint256 jobId = postJob(1 ether);
        addNode(host, renter);
        vm.prank(host);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceSelfDealing.selector, renter));
        market.claimJob(jobId);
    }

    function test_row30_abandonedJobIsOpenForOtherControllersOnly() public {
        (address sister, address other) = (makeAddr("sister"), makeAddr("other"));
        addNode(host, makeAddr("controller"));
        addNode(sister, makeAddr("controller"));
        addNode(other, other);
        uint256 jobId = postJob(1 ether);
        claim(jobId);
        vm.prank(sister);
        vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobNotHost.selector, jobId, sister));
        market.abandonClaim(jobId);

        // A controller that is changed after the claim is of no use.
        addNode(host, makeAddr("new controller"));
        vm.expectEmit(address(market));
        emit ISingleJobs.JobAbandoned(jobId, host, 20e18);
        vm.prank(host);
        market.abandonClaim(jobId);
        expectStatus(jobId, ISingleJobs.JobStatus.Posted);
        assertEq(market.getJob(jobId).host, address(0));
        assertEq(market.openObligations(host), 0);
        assertEq(registry.forfeited(host, renter), 20e18);
        _expectReport(jobId, address(0), false, 0);

        bytes memory barred = abi.encodeWithSelector(
            ISingleJobs.JobControllerBarred.selector, jobId, makeAddr("controller")
        );
        vm.prank(sister);
        vm.expectRevert(barred);
        market.claimJob(jobId);
        addNode(host, makeAddr("controller"));
        vm.prank(host);
        vm.expectRevert(barred);
        market.claimJob(jobId);

        vm.prank(other);
        market.claimJob(jobId);
        vm.prank(other);
        market.submitResult(jobId, "bafkreiresult");
        vm.prank(renter);
        market.releasePayment(jobId);
        assertEq(owed(other, ETH), 0.85 ether);
        _expectReport(jobId, other, true, 1);
    }

    function test_abandoningEndsAMinuteBeforeTheDeadline() public {
        uint256 jobId = postJob(1 ether);
        claim(jobId);
        vm.warp(DEADLINE - 60);
        vm.prank(host);
        vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobDeadlinePassed.selector, jobId, DEADLINE - 60));
        market.abandonClaim(jobId);
        vm.warp(DEADLINE - 61);
        vm.prank(host);
        market.abandonClaim(jobId);
        vm.prank(renter);
        market.cancelJob(jobId);
        assertEq(owed(renter, ETH), 1 ether);
        assertSolvent(ETH);
    }

    function test_onlyAClaimCanBeAbandoned() public {
        uint256 jobId = submittedJob(1 ether);
        vm.prank(host);
        vm.expectRevert(statusError(jobId, ISingleJobs.JobStatus.Submitted, ISingleJobs.JobStatus.Claimed));
        market.abandonClaim(jobId);
    }

    // Proofs.

    function test_X17_withoutProofSystemNothingCanBeProven() public {
        ISingleJobs.JobRequirements memory requirements = jobRequirements();
        requirements.requiresProof = true;
        _expectRefused(
            jobDetails(), requirements, abi.encodeWithSelector(ISingleJobs.JobProofUnsupported.selector, 0)
        );
        uint256 jobId = postJob(1 ether);
        claim(jobId);
        vm.prank(host);
        vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobProofUnsupported.selector, jobId));
        market.completeJob(jobId, "bafkreiresult", "good");
    }

    function test_X17_proofSystemThatIsTakenAwayFailsClosed() public {
        connectProofs();
        uint256 jobId = postWithProof(1 ether);
        claim(jobId);
        vm.prank(owner);
        market.setProofSystem(address(0));
        vm.prank(host);
        vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobProofUnsupported.selector, jobId));
        market.submitResult(jobId, "bafkreiresult");
    }

    function test_row46_jobThatRequiresAProofTakesNothingLess() public {
        connectProofs();
        uint256 jobId = postWithProof(1 ether);
        assertTrue(market.getJob(jobId).requiresProof);
        claim(jobId);
        bytes memory missing = abi.encodeWithSelector(ISingleJobs.JobProofRequired.selector, jobId);
        vm.startPrank(host);
        vm.expectRevert(missing);
        market.submitResult(jobId, "bafkreiresult");
        vm.expectRevert(missing);
        market.completeJob(jobId, "bafkreiresult", "");
        vm.expectRevert(abi.encodeWithSelector(ProofRecorder.BadProof.selector, jobId, host));
        market.completeJob(jobId, "bafkreiresult", "bad");
        market.completeJob(jobId, "bafkreiresult", "good");
        vm.stopPrank();
        expectStatus(jobId, ISingleJobs.JobStatus.Submitted);
    }

    function test_row46_proofThatWasVerifiedBeforeIsEnough() public {
        connectProofs();
        uint256 jobId = postWithProof(1 ether);
        claim(jobId);
        proofs.setVerified(jobId);
        vm.prank(host);
        market.submitResult(jobId, "bafkreiresult");
        expectStatus(jobId, ISingleJobs.JobStatus.Submitted);
    }

    function test_row46_unaskedProofIsVerifiedToo() public {
        connectProofs();
        uint256 jobId = postJob(1 ether);
        claim(jobId);
        vm.startPrank(host);
        vm.expectRevert(abi.encodeWithSelector(ProofRecorder.BadProof.selector, jobId, host));
        market.completeJob(jobId, "bafkreiresult", "bad");
        market.completeJob(jobId, "bafkreiresult", "good");
        vm.stopPrank();
        assertTrue(proofs.isVerified(jobId));
    }

    function test_openChallengeHoldsThePayoutBack() public {
        connectProofs();
        uint256 jobId = submittedJob(1 ether);
        proofs.setBlocked(jobId, true);
        bytes memory blocked = abi.encodeWithSelector(ISingleJobs.JobPayoutBlocked.selector, jobId);
        vm.prank(renter);
        vm.expectRevert(blocked);
        market.releasePayment(jobId);
        vm.warp(START + 24 hours);
        vm.expectRevert(blocked);
        market.autoRelease(jobId);
        proofs.setBlocked(jobId, false);
        market.autoRelease(jobId);
        assertEq(owed(host, ETH), 0.85 ether);
    }

    function test_rejectedResultRefundsTheRenter() public {
        connectProofs();
        uint256 jobId = submittedJob(1 ether);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobNotProofSystem.selector, stranger));
        market.rejectResult(jobId);
        vm.expectEmit(address(market));
        emit ISingleJobs.JobFailed(jobId, host, host);
        proofs.reject(address(market), jobId);
        expectStatus(jobId, ISingleJobs.JobStatus.Failed);
        assertEq(owed(renter, ETH), 1 ether);
        assertEq(market.openObligations(host), 0);
        assertEq(registry.forfeited(host, renter), 0);
        _expectReport(jobId, host, false, 1);
        vm.expectRevert(statusError(jobId, ISingleJobs.JobStatus.Failed, ISingleJobs.JobStatus.Submitted));
        proofs.reject(address(market), jobId);
        assertSolvent(ETH);
    }

    // What others ask.

    function test_factsOfAJobAtEveryStep() public {
        IJobFacts.JobFacts memory facts = market.jobFacts(1);
        assertEq(facts.renter, address(0));
        uint256 jobId = postJob(1 ether);
        facts = market.jobFacts(jobId);
        assertEq(facts.renter, renter);
        assertEq(facts.host, address(0));
        assertEq(facts.submittedAt, 0);
        submit(jobId);
        facts = market.jobFacts(jobId);
        assertEq(facts.host, host);
        assertEq(facts.submittedAt, START);
        assertTrue(facts.submitted);
        assertFalse(facts.completed);
        assertEq(facts.fee, 0);
        vm.prank(renter);
        market.releasePayment(jobId);
        facts = market.jobFacts(jobId);
        assertFalse(facts.submitted);
        assertTrue(facts.completed);
        assertEq(facts.fee, 0.1 ether);
        // The reputation system saw the same when it was told.
        (,,, uint256 fee, bool completed) = reputation.reports(jobId);
        assertEq(fee, 0.1 ether);
        assertTrue(completed);
        assertEq(market.paidJobs(ETH), 1);
    }

    function test_pagesOfJobs() public {
        for (uint256 i; i < 5; ++i) {
            postJob(1 ether + i);
        }
        (uint256[] memory ids, ISingleJobs.Job[] memory jobs) = market.getJobsPage(0, 3);
        assertEq(ids.length, 3);
        assertEq(ids[0], 1);
        assertEq(jobs[2].payment, 1 ether + 2);
        (ids, jobs) = market.getJobsPage(4, 100);
        assertEq(ids.length, 2);
        assertEq(jobs.length, 2);
        assertEq(ids[1], 5);
        (ids,) = market.getJobsPage(6, 100);
        assertEq(ids.length, 0);
        vm.expectRevert(abi.encodeWithSelector(IJobViews.JobPageTooLong.selector, 101, 100));
        market.getJobsPage(1, 101);
    }

    function test_pageLeavesOutWhatIsNoSingleJob() public {
        postJob(1 ether);
        market.skipId();
        postJob(2 ether);
        (uint256[] memory ids, ISingleJobs.Job[] memory jobs) = market.getJobsPage(1, 10);
        assertEq(ids.length, 2);
        assertEq(ids[1], 3);
        assertEq(jobs[1].payment, 2 ether);
    }

    // Terms.

    function test_reviewWindowIsThatOfTheSubmission() public {
        uint256 jobId = submittedJob(1 ether);
        vm.prank(owner);
        market.setReviewWindow(1 hours);
        assertEq(market.getJob(jobId).releaseAt, START + 24 hours);
        uint256 later = submittedJob(1 ether);
        assertEq(market.getJob(later).releaseAt, START + 1 hours);
        assertEq(market.reviewWindow(), 1 hours);
    }

    function test_termsHaveBoundsAndAnOwner() public {
        bytes memory notOwner = abi.encodeWithSignature("OwnableUnauthorizedAccount(address)", stranger);
        vm.startPrank(stranger);
        vm.expectRevert(notOwner);
        market.setReviewWindow(1 hours);
        vm.expectRevert(notOwner);
        market.setBonusReputation(1);
        vm.stopPrank();
        vm.startPrank(owner);
        vm.expectRevert(_fieldError("reviewWindow", 3_599, 3_600, 7 days));
        market.setReviewWindow(3_599);
        vm.expectRevert(_fieldError("reviewWindow", 7 days + 1, 3_600, 7 days));
        market.setReviewWindow(7 days + 1);
        vm.expectRevert(_fieldError("bonusReputation", 65_536, 0, 65_535));
        market.setBonusReputation(65_536);
        vm.stopPrank();
    }

    function _expectReport(uint256 jobId, address host_, bool success, uint256 count) private view {
        (address reported, bool succeeded, uint256 times,,) = reputation.reports(jobId);
        assertEq(reported, host_, "reported host");
        assertEq(succeeded, success, "reported success");
        assertEq(times, count, "reports");
    }

    function _expectRefused(
        ISingleJobs.JobDetails memory details,
        ISingleJobs.JobRequirements memory requirements,
        bytes memory reason
    ) private {
        vm.prank(renter);
        vm.expectRevert(reason);
        market.postJob{value: 1 ether}(details, requirements, 1 ether);
    }

    function _fieldError(string memory field, uint256 value, uint256 minimum, uint256 maximum)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(ISingleJobs.JobFieldOutOfRange.selector, field, value, minimum, maximum);
    }
}
