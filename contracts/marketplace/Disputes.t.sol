// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IHostEarnings} from "../interfaces/IHostEarnings.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {IMarketplaceSettings} from "../interfaces/IMarketplaceSettings.sol";
import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {CallbackToken} from "../mocks/HostileTokens.sol";
import {ReentrantWallet, RejectingWallet} from "../mocks/HostileReceivers.sol";
import {JobsFixture} from "../mocks/JobsFixture.sol";
import {JobsMarket} from "../mocks/deployed/JobsMarket.sol";

contract DisputesTest is JobsFixture {
    uint256 private constant BOND = 0.01 ether;

    function test_row93_hostWinsItsPaymentMinusFeesAndTheBond() public {
        uint256 jobId = _disputed(1 ether);
        assertEq(market.liabilities(ETH), 1 ether + BOND);
        vm.expectEmit(address(market));
        emit ISingleJobs.PaymentReleased(jobId, host, 0.85 ether, 0.1 ether, 0.05 ether);
        vm.expectEmit(address(market));
        emit IPaymentEscrow.EscrowResolved(_id(jobId), host, 0.85 ether + BOND, 0);
        vm.prank(arbiter);
        market.resolveDispute(_id(jobId), host);
        expectStatus(jobId, ISingleJobs.JobStatus.Resolved);
        _expectEscrow(jobId, IPaymentEscrow.EscrowStatus.Released);
        assertEq(owed(host, ETH), 0.85 ether + BOND);
        assertEq(owed(renter, ETH), 0);
        assertEq(market.openObligations(host), 0);
        assertTrue(market.jobFacts(jobId).completed);
        assertEq(market.jobFacts(jobId).fee, 0.1 ether);
        _expectReport(jobId, true, 1);
        assertSolvent(ETH);
    }

    function test_row93_renterWinsEverythingBack() public {
        uint256 jobId = _disputed(1 ether);
        vm.expectEmit(address(market));
        emit IPaymentEscrow.EscrowResolved(_id(jobId), renter, 0, 1 ether + BOND);
        vm.prank(arbiter);
        market.resolveDispute(_id(jobId), renter);
        expectStatus(jobId, ISingleJobs.JobStatus.Resolved);
        _expectEscrow(jobId, IPaymentEscrow.EscrowStatus.Refunded);
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
        uint256 jobId = _disputed(1 ether + 1);
        bytes memory early =
            abi.encodeWithSelector(IPaymentEscrow.EscrowArbiterHasTime.selector, _id(jobId), START + 7 days);
        vm.warp(START + 7 days - 1);
        vm.expectRevert(early);
        market.resolveStale(_id(jobId));
        vm.warp(START + 7 days);
        vm.prank(arbiter);
        vm.expectRevert(
            abi.encodeWithSelector(IPaymentEscrow.EscrowArbiterTooLate.selector, _id(jobId), START + 7 days)
        );
        market.resolveDispute(_id(jobId), host);

        uint256 bond = market.getEscrow(_id(jobId)).bond;
        assertEq(bond, BOND + 1);
        vm.expectEmit(address(market));
        emit IPaymentEscrow.EscrowResolved(_id(jobId), address(0), 0.5 ether, 0.5 ether + 1 + bond);
        vm.prank(stranger);
        market.resolveStale(_id(jobId));
        _expectEscrow(jobId, IPaymentEscrow.EscrowStatus.Split);
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
        uint256 jobId = _disputed(1 ether);
        proofs.setVerified(jobId);
        vm.warp(START + 7 days);
        market.resolveStale(_id(jobId));
        _expectEscrow(jobId, IPaymentEscrow.EscrowStatus.Released);
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
        emit IPaymentEscrow.EscrowDisputed(_id(jobId), renter, 10_001, START + 7 days);
        market.disputeEscrow(_id(jobId));
        vm.stopPrank();
        assertEq(market.liabilities(address(usdc)), 1e6 + 1 + 10_001);
        assertSolvent(address(usdc));
        vm.prank(arbiter);
        market.resolveDispute(_id(jobId), renter);
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
            abi.encodeWithSelector(IPaymentEscrow.EscrowReviewOver.selector, _id(jobId), START + 24 hours)
        );
        market.disputeResult{value: BOND}(jobId);
        vm.warp(START + 24 hours - 1);
        vm.prank(renter);
        market.disputeResult{value: BOND}(jobId);
        assertEq(market.getEscrow(_id(jobId)).resolveBy, START + 8 days - 1);
    }

    function test_disputedJobHasNoOtherWayOut() public {
        uint256 jobId = _disputed(1 ether);
        bytes memory disputed = statusError(jobId, ISingleJobs.JobStatus.Disputed, ISingleJobs.JobStatus.Submitted);
        vm.warp(START + 30 days);
        vm.startPrank(renter);
        vm.expectRevert(disputed);
        market.releasePayment(jobId);
        vm.expectRevert(disputed);
        market.releaseEscrow(_id(jobId));
        vm.expectRevert(disputed);
        market.autoRelease(jobId);
        vm.expectRevert(disputed);
        market.autoRelease(_id(jobId));
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
        uint256 jobId = _disputed(1 ether);
        proofs.reject(address(market), jobId);
        expectStatus(jobId, ISingleJobs.JobStatus.Failed);
        _expectEscrow(jobId, IPaymentEscrow.EscrowStatus.Refunded);
        assertEq(owed(renter, ETH), 1 ether + BOND);
        vm.prank(arbiter);
        vm.expectRevert(statusError(jobId, ISingleJobs.JobStatus.Failed, ISingleJobs.JobStatus.Disputed));
        market.resolveDispute(_id(jobId), host);
        assertSolvent(ETH);
    }

    function test_openChallengeKeepsMoneyFromTheHostInDisputesToo() public {
        connectProofs();
        uint256 jobId = _disputed(1 ether);
        proofs.setBlocked(jobId, true);
        bytes memory blocked = abi.encodeWithSelector(ISingleJobs.JobPayoutBlocked.selector, jobId);
        vm.prank(arbiter);
        vm.expectRevert(blocked);
        market.resolveDispute(_id(jobId), host);
        vm.warp(START + 7 days);
        vm.expectRevert(blocked);
        market.resolveStale(_id(jobId));
        proofs.setBlocked(jobId, false);
        market.resolveStale(_id(jobId));
        assertEq(owed(host, ETH), 0.5 ether);
    }

    function test_openChallengeDoesNotKeepTheRefundFromTheRenter() public {
        connectProofs();
        uint256 jobId = _disputed(1 ether);
        proofs.setBlocked(jobId, true);
        vm.prank(arbiter);
        market.resolveDispute(_id(jobId), renter);
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
        market.resolveDispute(_id(jobId), host);
        assertEq(owed(host, address(usdc)), 8.6e6);
        assertSolvent(address(usdc));
    }

    // X-32: decided once, by the arbiter that governance named.

    function test_X32_disputeIsResolvedOnce() public {
        postJob(10 ether);
        uint256 jobId = _disputed(1 ether);
        vm.startPrank(arbiter);
        market.resolveDispute(_id(jobId), renter);
        bytes memory resolved = statusError(jobId, ISingleJobs.JobStatus.Resolved, ISingleJobs.JobStatus.Disputed);
        vm.expectRevert(resolved);
        market.resolveDispute(_id(jobId), renter);
        vm.expectRevert(resolved);
        market.resolveDispute(_id(jobId), host);
        vm.warp(START + 30 days);
        vm.expectRevert(resolved);
        market.resolveStale(_id(jobId));
        vm.stopPrank();
        vm.startPrank(renter);
        vm.expectRevert(statusError(jobId, ISingleJobs.JobStatus.Resolved, ISingleJobs.JobStatus.Submitted));
        market.disputeResult{value: BOND}(jobId);
        vm.expectRevert(statusError(jobId, ISingleJobs.JobStatus.Resolved, ISingleJobs.JobStatus.Submitted));
        market.releasePayment(jobId);
        vm.stopPrank();
        assertEq(owed(renter, ETH), 1 ether + BOND);
        assertSolvent(ETH);
    }

    function test_X32_staleDisputeIsResolvedOnce() public {
        uint256 jobId = _disputed(1 ether);
        vm.warp(START + 7 days);
        market.resolveStale(_id(jobId));
        vm.expectRevert(statusError(jobId, ISingleJobs.JobStatus.Resolved, ISingleJobs.JobStatus.Disputed));
        market.resolveStale(_id(jobId));
    }

    function test_X32_onlyTheArbiterDecidesAndOnlyWhatIsDisputed() public {
        uint256 jobId = submittedJob(1 ether);
        vm.prank(arbiter);
        vm.expectRevert(statusError(jobId, ISingleJobs.JobStatus.Submitted, ISingleJobs.JobStatus.Disputed));
        market.resolveDispute(_id(jobId), renter);
        vm.prank(renter);
        market.disputeResult{value: BOND}(jobId);
        address[5] memory others = [renter, host, stranger, owner, guardian];
        for (uint256 i; i < 5; ++i) {
            vm.prank(others[i]);
            vm.expectRevert(abi.encodeWithSelector(IPaymentEscrow.EscrowNotArbiter.selector, others[i]));
            market.resolveDispute(_id(jobId), others[i]);
        }
        vm.prank(arbiter);
        vm.expectRevert(abi.encodeWithSelector(IPaymentEscrow.EscrowNotParty.selector, _id(jobId), arbiter));
        market.resolveDispute(_id(jobId), arbiter);
        vm.prank(arbiter);
        vm.expectRevert(abi.encodeWithSelector(IPaymentEscrow.EscrowNotParty.selector, _id(jobId), address(0)));
        market.resolveDispute(_id(jobId), address(0));
    }

    function test_X32_strangerCannotBecomeArbiterOrChangeTheTerms() public {
        bytes memory notOwner = abi.encodeWithSignature("OwnableUnauthorizedAccount(address)", stranger);
        vm.startPrank(stranger);
        vm.expectRevert(notOwner);
        market.setArbiter(stranger);
        vm.expectRevert(notOwner);
        market.setReputation(stranger);
        vm.expectRevert(notOwner);
        market.setProofSystem(stranger);
        vm.expectRevert(notOwner);
        market.setDisputeTerms(100, 7 days);
        vm.expectRevert(notOwner);
        market.sweepSurplus(ETH, stranger);
        vm.stopPrank();
    }

    function test_arbiterDecidesNoCaseOfItsOwn() public {
        uint256 jobId = _disputed(1 ether);
        address[2] memory parties = [host, renter];
        for (uint256 i; i < 2; ++i) {
            vm.prank(owner);
            market.setArbiter(parties[i]);
            vm.prank(parties[i]);
            vm.expectRevert(
                abi.encodeWithSelector(IPaymentEscrow.EscrowArbiterIsParty.selector, _id(jobId), parties[i])
            );
            market.resolveDispute(_id(jobId), parties[i]);
        }
    }

    function test_withoutArbiterADisputeGoesStale() public {
        vm.prank(owner);
        market.setArbiter(address(0));
        uint256 jobId = _disputed(1 ether);
        vm.warp(START + 7 days);
        market.resolveStale(_id(jobId));
        assertEq(owed(host, ETH), 0.5 ether);
    }

    // X-39: the escrow.

    function test_X39_depositorIsTheRenterAndTheHostReleasesNothing() public {
        uint256 jobId = submittedJob(1 ether);
        IPaymentEscrow.Escrow memory escrow = market.getEscrow(_id(jobId));
        assertEq(market.escrowIdOf(jobId), _id(jobId));
        assertEq(escrow.jobId, jobId);
        assertEq(escrow.depositor, renter);
        assertEq(escrow.host, host);
        assertEq(escrow.token, ETH);
        assertEq(escrow.amount, 1 ether);
        assertEq(escrow.bond, 0);
        assertEq(uint256(escrow.status), uint256(IPaymentEscrow.EscrowStatus.Active));
        address[4] memory others = [host, arbiter, owner, stranger];
        for (uint256 i; i < 4; ++i) {
            vm.prank(others[i]);
            vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobNotRenter.selector, jobId, others[i]));
            market.releaseEscrow(_id(jobId));
        }
        vm.prank(renter);
        market.releaseEscrow(_id(jobId));
        _expectEscrow(jobId, IPaymentEscrow.EscrowStatus.Released);
        assertEq(owed(host, ETH), 0.85 ether);
    }

    function test_X39_everyUsdcJobIsARecord() public {
        uint256 jobId = postUsdc(10e6);
        IPaymentEscrow.Escrow memory escrow = market.getEscrow(_id(jobId));
        assertEq(escrow.token, address(usdc));
        assertEq(escrow.amount, 10e6);
        assertEq(escrow.depositor, renter);
    }

    function test_X39_nothingPaysWithoutARecordAndNothingEmptiesThePool() public {
        postJob(1 ether);
        bytes[6] memory calls = [
            abi.encodeWithSignature("createEscrow(bytes32,address,uint256,address)", _id(1), owner, 1 ether, ETH),
            abi.encodeWithSignature("releasePaymentFor(bytes32,address,uint256,address)", _id(1), owner, 1 ether, ETH),
            abi.encodeWithSignature("emergencyWithdraw(address)", ETH),
            abi.encodeWithSignature("emergencyWithdraw(address,uint256)", ETH, 1 ether),
            abi.encodeWithSignature("emergencyWithdraw()"),
            abi.encodeWithSignature("batchReleasePayments(uint256[])", new uint256[](1))
        ];
        for (uint256 i; i < calls.length; ++i) {
            vm.prank(owner);
            (bool success,) = address(market).call(calls[i]);
            assertFalse(success);
        }
        bytes memory unknown = abi.encodeWithSelector(IPaymentEscrow.EscrowUnknown.selector, _id(2));
        vm.expectRevert(unknown);
        market.getEscrow(_id(2));
        vm.expectRevert(statusError(2, ISingleJobs.JobStatus.None, ISingleJobs.JobStatus.Submitted));
        market.releaseEscrow(_id(2));
    }

    function test_row92_anyoneReleasesAnEscrowAfterTheReview() public {
        uint256 jobId = submittedJob(1 ether);
        vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobReviewOpen.selector, jobId, START + 24 hours));
        market.autoRelease(_id(jobId));
        vm.warp(START + 24 hours);
        vm.prank(stranger);
        market.autoRelease(_id(jobId));
        assertEq(owed(host, ETH), 0.85 ether);
    }

    function test_row95_cancelledEscrowIsRefunded() public {
        uint256 jobId = postJob(1 ether);
        vm.prank(renter);
        market.cancelJob(jobId);
        _expectEscrow(jobId, IPaymentEscrow.EscrowStatus.Refunded);
    }

    function test_X31_X39_sweepTakesWhatNobodyIsOwed() public {
        postJob(5 ether);
        _disputed(1 ether);
        uint256 released = submittedJob(1 ether);
        vm.prank(renter);
        market.releasePayment(released);
        vm.startPrank(owner);
        vm.expectRevert(abi.encodeWithSelector(IPaymentEscrow.EscrowNoSurplus.selector, ETH));
        market.sweepSurplus(ETH, treasury);
        vm.expectRevert(abi.encodeWithSelector(IPaymentEscrow.EscrowNoSurplus.selector, address(usdc)));
        market.sweepSurplus(address(usdc), treasury);
        vm.deal(address(market), address(market).balance + 3);
        usdc.mint(address(market), 4);
        vm.expectRevert(IJobMarketplace.MarketplaceZeroAddress.selector);
        market.sweepSurplus(ETH, address(0));
        vm.expectEmit(address(market));
        emit IPaymentEscrow.SurplusSwept(ETH, treasury, 3);
        assertEq(market.sweepSurplus(ETH, treasury), 3);
        assertEq(market.sweepSurplus(address(usdc), treasury), 4);
        vm.stopPrank();
        assertEq(treasury.balance, 3);
        assertEq(usdc.balanceOf(treasury), 4);
        assertSolvent(ETH);
        assertSolvent(address(usdc));
    }

    function test_X14_treasuryIsNeverUnset() public {
        JobsMarket bare = JobsMarket(deployCode("JobsMarket"));
        vm.expectRevert(IJobMarketplace.MarketplaceZeroAddress.selector);
        bare.initialize(
            owner,
            neighbours(address(0)),
            new IMarketplaceSettings.TokenSetup[](0),
            new IMarketplaceSettings.PaymasterSetup[](0)
        );
        vm.prank(owner);
        vm.expectRevert(IJobMarketplace.MarketplaceZeroAddress.selector);
        market.setTreasury(address(0));
    }

    function test_termsOfADisputeAreThoseOfItsBeginning() public {
        uint256 jobId = _disputed(1 ether);
        vm.prank(owner);
        market.setDisputeTerms(1_000, 10 days);
        (uint256 bondBps, uint256 arbiterWindow) = market.disputeTerms();
        assertEq(bondBps, 1_000);
        assertEq(arbiterWindow, 10 days);
        assertEq(market.getEscrow(_id(jobId)).resolveBy, START + 7 days);
        vm.prank(arbiter);
        market.resolveDispute(_id(jobId), renter);
        assertEq(owed(renter, ETH), 1 ether + BOND);
        uint256 later = submittedJob(1 ether);
        assertEq(market.disputeBond(later), 0.1 ether);
    }

    function test_termsHaveBounds() public {
        vm.startPrank(owner);
        vm.expectRevert(_termError("bondBps", 9, 10, 1_000));
        market.setDisputeTerms(9, 7 days);
        vm.expectRevert(_termError("bondBps", 1_001, 10, 1_000));
        market.setDisputeTerms(1_001, 7 days);
        vm.expectRevert(_termError("arbiterWindow", 7 days - 1, 7 days, 30 days));
        market.setDisputeTerms(100, 7 days - 1);
        vm.expectRevert(_termError("arbiterWindow", 30 days + 1, 7 days, 30 days));
        market.setDisputeTerms(100, 30 days + 1);
        vm.stopPrank();
    }

    // HostEarnings.

    function test_row96_hostWithdrawsAllTokensAtOnce() public {
        uint256 inEth = submittedJob(1 ether);
        uint256 inUsdc = postUsdc(10e6);
        submit(inUsdc);
        vm.startPrank(renter);
        market.releasePayment(inEth);
        market.releasePayment(inUsdc);
        vm.stopPrank();
        assertEq(market.earningsOf(host, ETH), 0.85 ether);
        assertEq(market.earningsOf(host, address(usdc)), 8.5e6);
        address[] memory tokens = new address[](4);
        tokens[1] = address(usdc);
        tokens[2] = makeAddr("token of nothing");
        tokens[3] = ETH;
        vm.prank(host);
        uint256[] memory amounts = market.withdrawAll(tokens);
        assertEq(amounts[0], 0.85 ether);
        assertEq(amounts[1], 8.5e6);
        assertEq(amounts[2], 0);
        assertEq(amounts[3], 0);
        assertEq(host.balance, 0.85 ether);
        assertEq(usdc.balanceOf(host), 8.5e6);
        assertEq(market.earningsOf(host, ETH), 0);
        assertSolvent(ETH);
        assertSolvent(address(usdc));
    }

    function test_row96_listOfTokensIsBounded() public {
        vm.expectRevert(abi.encodeWithSelector(IHostEarnings.HostEarningsTooManyTokens.selector, 33, 32));
        market.withdrawAll(new address[](33));
        assertEq(market.withdrawAll(new address[](32)).length, 32);
    }

    function test_X01_paymentThatCallsBackTakesNothingTwice() public {
        ReentrantWallet attacker = new ReentrantWallet();
        addNode(address(attacker), address(attacker));
        postJob(10 ether);
        uint256 jobId = postJob(1 ether);
        attacker.run(address(market), 0, abi.encodeCall(ISingleJobs.claimJob, (jobId)));
        attacker.run(address(market), 0, abi.encodeCall(ISingleJobs.submitResult, (jobId, "bafkreiresult")));
        vm.prank(renter);
        market.releasePayment(jobId);
        address[] memory tokens = new address[](2);
        bytes[] memory attacks = new bytes[](3);
        attacks[0] = abi.encodeCall(IHostEarnings.withdrawAll, (tokens));
        attacks[1] = abi.encodeWithSignature("withdraw(address)", ETH);
        attacks[2] = abi.encodeCall(ISingleJobs.autoRelease, (jobId));
        attacker.arm(address(market), attacks);
        attacker.run(address(market), 0, abi.encodeCall(IHostEarnings.withdrawAll, (tokens)));
        assertEq(attacker.attempts(), 3);
        assertEq(address(attacker).balance, 0.85 ether);
        assertSolvent(ETH);
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
        attacks[2] = abi.encodeCall(IPaymentEscrow.releaseEscrow, (_id(jobId)));
        attacker.arm(address(market), attacks);
        attacker.run(address(market), 0, abi.encodeCall(IPaymentEscrow.disputeResult, (jobId)));
        assertEq(attacker.attempts(), 3);
        assertEq(attacker.successes(), 0);
        assertEq(market.liabilities(address(token)), 101e18);
        assertEq(token.balanceOf(address(market)), 101e18);
    }

    function test_row95_walletThatRejectsEthGetsItsRefundElsewhere() public {
        RejectingWallet wallet = new RejectingWallet();
        vm.deal(address(this), 2 ether);
        wallet.fund{value: 2 ether}();
        wallet.run(
            address(market), 1 ether, abi.encodeCall(ISingleJobs.postJob, (jobDetails(), jobRequirements(), 1 ether))
        );
        submit(1);
        wallet.run(address(market), BOND, abi.encodeCall(IPaymentEscrow.disputeResult, (1)));
        vm.prank(arbiter);
        market.resolveDispute(_id(1), address(wallet));
        address elsewhere = makeAddr("elsewhere");
        wallet.run(address(market), 0, abi.encodeWithSignature("withdraw(address,address)", ETH, elsewhere));
        assertEq(elsewhere.balance, 1 ether + BOND);
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
            market.resolveStale(_id(jobId));
        } else {
            vm.prank(arbiter);
            market.resolveDispute(_id(jobId), outcome % 3 == 0 ? host : renter);
        }
        (uint256 protocol, uint256 toStakers) = market.feeLedger(ETH);
        assertEq(owed(host, ETH) + owed(renter, ETH) + protocol + toStakers, payment + bond);
        assertEq(market.liabilities(ETH), payment + bond);
        assertSolvent(ETH);
    }

    function _disputed(uint256 payment) private returns (uint256 jobId) {
        jobId = submittedJob(payment);
        uint256 bond = market.disputeBond(jobId);
        vm.prank(renter);
        market.disputeResult{value: bond}(jobId);
        expectStatus(jobId, ISingleJobs.JobStatus.Disputed);
        _expectEscrow(jobId, IPaymentEscrow.EscrowStatus.Disputed);
    }

    /// @dev Asking the marketplace would use up the prank or expectation that stands before a call.
    function _id(uint256 jobId) private pure returns (bytes32) {
        return bytes32(jobId);
    }

    function _expectEscrow(uint256 jobId, IPaymentEscrow.EscrowStatus status) private view {
        assertEq(uint256(market.getEscrow(_id(jobId)).status), uint256(status), "escrow");
    }

    function _expectReport(uint256 jobId, bool success, uint256 count) private view {
        (, bool succeeded, uint256 times,,) = reputation.reports(jobId);
        assertEq(succeeded, success, "reported success");
        assertEq(times, count, "reports");
    }

    function _termError(string memory field, uint256 value, uint256 minimum, uint256 maximum)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(IPaymentEscrow.EscrowTermOutOfRange.selector, field, value, minimum, maximum);
    }
}
