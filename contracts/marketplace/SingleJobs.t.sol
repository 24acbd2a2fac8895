// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {MarketplaceFixture} from "../mocks/MarketplaceFixture.sol";

contract SingleJobsTest is MarketplaceFixture {
    uint256 private constant DEADLINE = START + 3600;

    function test_jobIsPostedClaimedSubmittedAndReleased() public {
        bytes32 detailsHash = keccak256(abi.encode(jobDetails(), jobRequirements()));
        vm.expectEmit(address(market));
        emit ISingleJobs.JobPosted(1, renter, ETH, 1 ether, "llama-70b", DEADLINE);
        vm.expectEmit(address(market));
        emit ISingleJobs.JobCreated(1, renter, "llama-70b", jobDetails().prompt, 1 ether);
        uint256 jobId = postJob(1 ether);
        assertEq(market.getJob(jobId).detailsHash, detailsHash);
        assertEq(market.getJob(jobId).deadline, DEADLINE);
        _expectStatus(jobId, ISingleJobs.JobStatus.Posted);

        vm.expectEmit(address(market));
        emit ISingleJobs.JobClaimed(jobId, host);
        vm.prank(host);
        market.claimJob(jobId);
        _expectStatus(jobId, ISingleJobs.JobStatus.Claimed);
        assertEq(market.openObligations(host), 1);

        vm.expectEmit(address(market));
        emit ISingleJobs.JobCompleted(jobId, "bafkreiresult");
        vm.prank(host);
        market.completeJob(jobId, "bafkreiresult", "");
        _expectStatus(jobId, ISingleJobs.JobStatus.Submitted);
        assertEq(market.getJob(jobId).releaseAt, START + 24 hours);
        assertEq(market.withdrawable(host, ETH), 0);

        vm.expectEmit(address(market));
        emit ISingleJobs.PaymentReleased(jobId, host, 0.85 ether, 0.1 ether, 0.05 ether);
        vm.prank(renter);
        market.releasePayment(jobId);
        _expectStatus(jobId, ISingleJobs.JobStatus.Released);
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
        _expectStatus(jobId, ISingleJobs.JobStatus.Cancelled);
    }

    function test_claimedJobCannotBeCancelled() public {
        uint256 jobId = postJob(1 ether);
        vm.prank(host);
        market.claimJob(jobId);
        vm.prank(renter);
        vm.expectRevert(
            _statusError(jobId, ISingleJobs.JobStatus.Claimed, ISingleJobs.JobStatus.Posted)
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
        _expectStatus(jobId, ISingleJobs.JobStatus.Expired);
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
        _expectStatus(jobId, ISingleJobs.JobStatus.Failed);
    }

    function test_submittedJobCannotExpire() public {
        uint256 jobId = submittedJob(1 ether);
        vm.warp(DEADLINE);
        vm.expectRevert(
            _statusError(jobId, ISingleJobs.JobStatus.Submitted, ISingleJobs.JobStatus.Posted)
        );
        market.claimExpired(jobId);
    }

    function test_secondHostCannotClaim() public {
        uint256 jobId = postJob(1 ether);
        address second = makeAddr("second host");
        register(second);
        vm.prank(host);
        market.claimJob(jobId);
        vm.prank(second);
        vm.expectRevert(
            _statusError(jobId, ISingleJobs.JobStatus.Claimed, ISingleJobs.JobStatus.Posted)
        );
        market.claimJob(jobId);
        vm.prank(second);
        vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobNotHost.selector, jobId, second));
        market.submitResult(jobId, "bafkreiresult");
    }

    function test_renterCannotClaimItsOwnJob() public {
        register(renter);
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
        vm.startPrank(host);
        registry.setAccepting(false);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceHostNotActive.selector, host));
        market.claimJob(jobId);
        vm.stopPrank();
    }

    function test_jobsThatNeedAProofAreRefusedAndSoAreUnaskedProofs() public {
        ISingleJobs.JobRequirements memory requirements = jobRequirements();
        requirements.requiresProof = true;
        vm.prank(renter);
        vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobProofUnsupported.selector, 0));
        market.postJob{value: 1 ether}(jobDetails(), requirements, 1 ether);

        uint256 jobId = postJob(1 ether);
        vm.startPrank(host);
        market.claimJob(jobId);
        vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobProofUnsupported.selector, jobId));
        market.completeJob(jobId, "bafkreiresult", hex"00");
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
        requirements.minReputationScore = 101;
        _expectRefused(jobDetails(), requirements, _fieldError("minReputationScore", 101, 0, 100));
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
        bytes memory unknown = _statusError(99, ISingleJobs.JobStatus.None, ISingleJobs.JobStatus.Posted);
        vm.expectRevert(unknown);
        market.getJob(99);
        vm.expectRevert(unknown);
        market.claimExpired(99);
        vm.expectRevert(unknown);
        market.cancelJob(99);
        uint256 session = openSession();
        vm.expectRevert(_statusError(session, ISingleJobs.JobStatus.None, ISingleJobs.JobStatus.Posted));
        market.getJob(session);
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
            _statusError(jobId, ISingleJobs.JobStatus.Released, ISingleJobs.JobStatus.Submitted);
        vm.warp(START + 30 days);
        vm.prank(renter);
        vm.expectRevert(released);
        market.releasePayment(jobId);
        vm.expectRevert(released);
        market.autoRelease(jobId);
        vm.prank(host);
        vm.expectRevert(_statusError(jobId, ISingleJobs.JobStatus.Released, ISingleJobs.JobStatus.Claimed));
        market.completeJob(jobId, "again", "");
        vm.expectRevert(_statusError(jobId, ISingleJobs.JobStatus.Released, ISingleJobs.JobStatus.Posted));
        market.claimExpired(jobId);
        assertEq(market.withdrawable(host, ETH), 0.85 ether);
        assertSolvent(ETH);
    }

    function test_X30_refundedJobIsRefundedOnce() public {
        uint256 jobId = postJob(1 ether);
        vm.startPrank(renter);
        market.cancelJob(jobId);
        bytes memory cancelled =
            _statusError(jobId, ISingleJobs.JobStatus.Cancelled, ISingleJobs.JobStatus.Posted);
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
        openSession();
        uint256 ethBefore = market.liabilities(ETH);
        uint256 released = _postUsdc(10e6);
        uint256 cancelled = _postUsdc(20e6);
        uint256 expired = _postUsdc(30e6);
        uint256 failed = _postUsdc(40e6);
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
        _expectStatus(jobId, ISingleJobs.JobStatus.Posted);
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

    function _postUsdc(uint256 amount) private returns (uint256) {
        vm.prank(renter);
        return market.postJobWithToken(jobDetails(), jobRequirements(), address(usdc), amount);
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

    function _expectStatus(uint256 jobId, ISingleJobs.JobStatus status) private view {
        assertEq(uint256(market.getJob(jobId).status), uint256(status), "status");
    }

    function _statusError(uint256 jobId, ISingleJobs.JobStatus status, ISingleJobs.JobStatus expected)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(ISingleJobs.JobWrongStatus.selector, jobId, status, expected);
    }

    function _fieldError(string memory field, uint256 value, uint256 minimum, uint256 maximum)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(ISingleJobs.JobFieldOutOfRange.selector, field, value, minimum, maximum);
    }
}
