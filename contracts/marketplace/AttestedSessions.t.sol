// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAttestedSessions} from "../interfaces/IAttestedSessions.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {MarketplaceFixture} from "../mocks/MarketplaceFixture.sol";

/// @notice Sessions whose host attests its work alone: 1 ETH for 10,000 tokens, at most 0.8 ETH pending.
contract AttestedSessionsTest is MarketplaceFixture {
    uint256 private constant MAX_PENDING = 0.8 ether;

    address private arbiter = makeAddr("arbiter");

    function setUp() public override {
        super.setUp();
        vm.startPrank(owner);
        market.setMaxPending(ETH, MAX_PENDING);
        market.setArbiter(arbiter);
        vm.stopPrank();
    }

    // Opening.

    function test_modeIsClosedWhereNothingMayBePending() public {
        bytes memory closed = abi.encodeWithSelector(
            ISessionJobs.SessionProofModeUnavailable.selector, ISessionJobs.ProofMode.Attested
        );
        vm.prank(renter);
        vm.expectRevert(closed);
        market.createSession(_attested(address(usdc), 10e6, 1e6));
        vm.prank(owner);
        market.setMaxPending(ETH, 0);
        vm.prank(renter);
        vm.expectRevert(closed);
        market.createSession{value: 1 ether}(_attested(ETH, 1 ether, 0.1 ether));
    }

    function test_onlyGovernanceSetsTheMaximum() public {
        vm.expectEmit(address(market));
        emit IAttestedSessions.MaxPendingSet(address(usdc), 5e6);
        vm.startPrank(owner);
        market.setMaxPending(address(usdc), 5e6);
        assertEq(market.maxPending(address(usdc)), 5e6);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceTokenNotAccepted.selector, address(fab)));
        market.setMaxPending(address(fab), 1);
        vm.stopPrank();
    }

    // Maturing.

    function test_attestedWorkIsPaidWhenItMatures() public {
        uint256 jobId = _open();
        vm.expectEmit(address(market));
        emit IAttestedSessions.SessionWorkAttested(jobId, 5_000, TRANSCRIPT, START + 24 hours);
        _attest(jobId, 5_000);
        IAttestedSessions.AttestedWork memory work = market.attestedWork(jobId);
        assertEq(work.tokens, 5_000);
        assertEq(work.value, 0.5 ether);
        assertEq(work.bond, 0);
        assertEq(market.pendingValue(host, ETH), 0.5 ether);
        assertEq(market.openObligations(host), 1, "the stake is held from the first word on");

        vm.warp(START + 24 hours - 1);
        assertEq(market.getSessionDetails(jobId).provenTokens, 0);
        assertEq(market.calculateCurrentEarnings(jobId), 0);
        vm.warp(START + 24 hours);
        assertEq(market.getSessionDetails(jobId).provenTokens, 5_000);
        assertEq(market.calculateCurrentEarnings(jobId), 0.425 ether);
        vm.expectEmit(address(market));
        emit IAttestedSessions.SessionWorkMatured(jobId, 5_000);
        vm.prank(host);
        market.settleSession(jobId);
        assertEq(market.withdrawable(host, ETH), 0.425 ether);
        assertEq(market.withdrawable(renter, ETH), 0.5 ether);
        assertEq(market.pendingValue(host, ETH), 0);
        assertEq(market.attestedWork(jobId).tokens, 0);
        assertSolvent(ETH);
    }

    /// The host's own word takes no deposit before the renter had its day.
    function test_X16_hostCannotTakeTheDepositByItsWord() public {
        uint256 jobId = _open();
        _attest(jobId, 8_000);
        vm.expectEmit(address(market));
        emit IAttestedSessions.SessionWorkDropped(jobId, 8_000);
        vm.prank(host);
        market.settleSession(jobId);
        assertEq(market.withdrawable(host, ETH), 0);
        assertEq(market.withdrawable(renter, ETH), 1 ether);
        assertEq(market.pendingValue(host, ETH), 0);
    }

    function test_X16_hostsWordIsNoProofWhereTheRenterDidNotAskForIt() public {
        uint256 jobId = openSession();
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionBadCoSignature.selector, jobId, address(0), renter)
        );
        _attest(jobId, 500);
        uint256 attested = _open();
        vm.prank(host);
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionBadCoSignature.selector, attested, address(0), renter)
        );
        market.claimWithProof(attested, abi.encode(TRANSCRIPT, bytes("")), 500);
    }

    function test_onlyTheHostAttests() public {
        uint256 jobId = _open();
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionNotHost.selector, jobId, stranger));
        market.submitProofOfWork(jobId, abi.encode(TRANSCRIPT, bytes("")), 500);
    }

    function test_nextBatchCountsOnAndStartsTheDayOver() public {
        uint256 jobId = _open();
        _attest(jobId, 500);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionCheckpointTooSmall.selector, jobId, 999, 1_000));
        _attest(jobId, 499);
        vm.warp(START + 23 hours);
        _attest(jobId, 600);
        assertEq(market.attestedWork(jobId).tokens, 1_100);
        assertEq(market.attestedWork(jobId).maturesAt, START + 47 hours);
        assertEq(market.pendingValue(host, ETH), 0.11 ether);
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionCapacityExceeded.selector, jobId, 10_100, 10_000)
        );
        _attest(jobId, 9_000);
    }

    function test_whatMaturedStaysWhenTheNextBatchIsAttested() public {
        uint256 jobId = _openFor(30 days);
        _attest(jobId, 500);
        vm.warp(START + 24 hours);
        _attest(jobId, 600);
        assertEq(market.getSessionDetails(jobId).provenTokens, 500);
        assertEq(market.attestedWork(jobId).tokens, 1_100);
        assertEq(market.attestedWork(jobId).value, 0.06 ether);
        assertEq(market.openObligations(host), 1);
    }

    function test_maximumIsOverAllSessionsOfAHost() public {
        uint256 first = _open();
        uint256 second = _open();
        _attest(first, 5_000);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAttestedSessions.SessionPendingExceeded.selector, host, ETH, 0.8001 ether, MAX_PENDING
            )
        );
        _attest(second, 3_001);
        _attest(second, 3_000);
        vm.prank(host);
        market.settleSession(first);
        assertEq(market.pendingValue(host, ETH), 0.3 ether);
        _attest(second, 5_000);
    }

    // Co-signed counts in the same session.

    function test_coSignedCountReplacesPendingWork() public {
        uint256 jobId = _open();
        _attest(jobId, 5_000);
        checkpoint(jobId, 5_000);
        assertEq(market.attestedWork(jobId).tokens, 0);
        assertEq(market.pendingValue(host, ETH), 0);
        assertEq(market.getSessionDetails(jobId).provenTokens, 5_000);
        market.submitProofOfWork(jobId, abi.encode(TRANSCRIPT, voucher(jobId, 6_000)), 1_000);
        assertEq(market.openObligations(host), 1);
    }

    /// A voucher over next to nothing is no way to get rid of the host's word without a bond.
    function test_X16_lowVoucherOfTheRenterLeavesPendingWork() public {
        uint256 jobId = _open();
        _attest(jobId, 5_000);
        checkpoint(jobId, 500);
        assertEq(market.attestedWork(jobId).tokens, 5_000);
        assertEq(market.getSessionDetails(jobId).provenTokens, 500);
        vm.warp(START + 24 hours);
        vm.prank(host);
        market.settleSession(jobId);
        assertEq(market.withdrawable(host, ETH), 0.425 ether);
        assertEq(market.pendingValue(host, ETH), 0);
    }

    function test_finalOfTheHostGivesItUp() public {
        uint256 jobId = _open();
        _attest(jobId, 5_000);
        (, uint256 hostKey) = makeAddrAndKey("host");
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(hostKey, market.finalDigest(jobId, 1_000));
        vm.prank(renter);
        market.completeSessionWithFinal(jobId, 1_000, abi.encodePacked(r, s, v));
        assertEq(market.withdrawable(host, ETH), 0.085 ether);
        assertEq(market.pendingValue(host, ETH), 0);
    }

    // Ways out wait for it, no longer than the challenge takes.

    function test_finalizingWaitsForPendingWork() public {
        uint256 jobId = _open();
        vm.prank(renter);
        market.completeSessionJob(jobId);
        vm.warp(START + 1 hours - 1);
        _attest(jobId, 1);
        vm.warp(START + 1 hours);
        vm.expectPartialRevert(ISessionJobs.SessionCheckpointsClosed.selector);
        _attest(jobId, 1);
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionNotDue.selector, jobId, START + 25 hours - 1)
        );
        market.finalizeSession(jobId);
        vm.warp(START + 25 hours - 1);
        market.finalizeSession(jobId);
        assertEq(market.withdrawable(host, ETH), 0.000085 ether);
        assertSolvent(ETH);
    }

    function test_timeoutWaitsForPendingWork() public {
        uint256 jobId = _open();
        uint256 end = endOf(jobId);
        vm.warp(end);
        _attest(jobId, 1);
        vm.warp(end + 2 hours);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionNotDue.selector, jobId, end + 24 hours));
        market.triggerSessionTimeout(jobId);
        vm.warp(end + 24 hours);
        market.triggerSessionTimeout(jobId);
        assertEq(market.withdrawable(host, ETH), 0.000085 ether);
    }

    // Challenges.

    function test_challengeCostsOnePercentOfTheValue() public {
        uint256 jobId = _open();
        _attest(jobId, 5_000);
        vm.prank(renter);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceWrongValue.selector, 1, 0.005 ether));
        market.challengeAttestedWork{value: 1}(jobId);
        vm.expectEmit(address(market));
        emit IAttestedSessions.SessionWorkChallenged(jobId, 5_000, 0.005 ether, START + 3 days);
        _challenge(jobId);
        assertEq(market.attestedWork(jobId).bond, 0.005 ether);
        assertTrue(market.attestedWork(jobId).challenged);
        assertEq(market.liabilities(ETH), 1.005 ether);
        assertSolvent(ETH);
    }

    function test_bondComesFromWhatTheRenterIsOwed() public {
        vm.prank(owner);
        market.setMaxPending(address(usdc), 10e6);
        vm.startPrank(renter);
        uint256 jobId = market.createSession(_attested(address(usdc), 10e6, 1e6));
        vm.stopPrank();
        _attest(jobId, 5_000);
        vm.startPrank(renter);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceWrongValue.selector, 1, 0));
        market.challengeAttestedWork{value: 1}(jobId);
        market.depositPrepaid(address(usdc), 1e6);
        market.challengeAttestedWork(jobId);
        vm.stopPrank();
        assertEq(market.withdrawable(renter, address(usdc)), 0.95e6);
        assertEq(market.liabilities(address(usdc)), 11e6);
        assertSolvent(address(usdc));
    }

    /// I6: a challenge is a reply. A token that is no longer accepted takes no deposits, but it takes bonds.
    function test_I6_bondOfADelistedTokenComesFromTheWallet() public {
        vm.prank(owner);
        market.setMaxPending(address(usdc), 10e6);
        vm.prank(renter);
        uint256 jobId = market.createSession(_attested(address(usdc), 10e6, 1e6));
        _attest(jobId, 5_000);
        vm.prank(owner);
        market.setAcceptedToken(address(usdc), false);
        uint256 held = usdc.balanceOf(renter);

        vm.startPrank(renter);
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarketplace.MarketplaceTokenNotAccepted.selector, address(usdc))
        );
        market.depositPrepaid(address(usdc), 1e6);
        market.challengeAttestedWork(jobId);
        vm.stopPrank();
        assertEq(usdc.balanceOf(renter), held - 0.05e6);
        assertEq(market.liabilities(address(usdc)), 10.05e6);
        assertSolvent(address(usdc));

        vm.prank(arbiter);
        market.decideAttestedWork(jobId, false);
        assertEq(market.withdrawable(renter, address(usdc)), 0.05e6);
    }

    function test_bondOfAnEthSessionIsOwedOrSentWhole() public {
        uint256 jobId = _open();
        _attest(jobId, 5_000);
        vm.startPrank(renter);
        market.depositPrepaid{value: 0.004 ether}(ETH, 0.004 ether);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceWrongValue.selector, 0, 0.005 ether));
        market.challengeAttestedWork(jobId);
        market.depositPrepaid{value: 0.001 ether}(ETH, 0.001 ether);
        market.challengeAttestedWork(jobId);
        vm.stopPrank();
        assertEq(market.withdrawable(renter, ETH), 0);
        assertSolvent(ETH);
    }

    function test_onlyTheRenterChallengesAndOnceForEachBatch() public {
        uint256 jobId = _open();
        vm.prank(renter);
        vm.expectRevert(abi.encodeWithSelector(IAttestedSessions.SessionNothingPending.selector, jobId));
        market.challengeAttestedWork(jobId);
        _attest(jobId, 5_000);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionNotRenter.selector, jobId, stranger));
        market.challengeAttestedWork(jobId);
        _challenge(jobId);
        vm.deal(renter, 1 ether);
        vm.prank(renter);
        vm.expectRevert(abi.encodeWithSelector(IAttestedSessions.SessionWorkUnderChallenge.selector, jobId));
        market.challengeAttestedWork{value: 0.005 ether}(jobId);
        vm.expectRevert(abi.encodeWithSelector(IAttestedSessions.SessionWorkUnderChallenge.selector, jobId));
        _attest(jobId, 500);
    }

    function test_matureWorkCannotBeChallenged() public {
        uint256 jobId = _open();
        _attest(jobId, 5_000);
        vm.warp(START + 24 hours);
        vm.prank(renter);
        vm.expectRevert(abi.encodeWithSelector(IAttestedSessions.SessionNothingPending.selector, jobId));
        market.challengeAttestedWork{value: 0.005 ether}(jobId);
    }

    function test_arbiterForTheHostPaysItTheBond() public {
        uint256 jobId = _open();
        _attest(jobId, 5_000);
        _challenge(jobId);
        vm.expectEmit(address(market));
        emit IAttestedSessions.SessionWorkDecided(jobId, true);
        vm.prank(arbiter);
        market.decideAttestedWork(jobId, true);
        assertEq(market.withdrawable(host, ETH), 0.005 ether);
        assertEq(market.getSessionDetails(jobId).provenTokens, 5_000);
        vm.prank(host);
        market.settleSession(jobId);
        assertEq(market.withdrawable(host, ETH), 0.43 ether);
        assertSolvent(ETH);
    }

    function test_arbiterForTheRenterReturnsTheBondAndDropsTheWork() public {
        uint256 jobId = _open();
        _attest(jobId, 5_000);
        _challenge(jobId);
        vm.warp(START + 3 days - 1);
        vm.prank(arbiter);
        market.decideAttestedWork(jobId, false);
        assertEq(market.withdrawable(renter, ETH), 0.005 ether);
        assertEq(market.getSessionDetails(jobId).provenTokens, 0);
        assertEq(market.pendingValue(host, ETH), 0);
        market.triggerSessionTimeout(jobId);
        assertEq(market.withdrawable(renter, ETH), 1.005 ether);
        assertEq(market.withdrawable(host, ETH), 0);
        assertEq(market.openObligations(host), 0);
        assertSolvent(ETH);
    }

    /// The arbiter's silence takes nobody's money.
    function test_undecidedChallengeProceedsAndReturnsTheBond() public {
        uint256 jobId = _open();
        _attest(jobId, 5_000);
        vm.warp(START + 24 hours - 1);
        _challenge(jobId);
        uint256 decideBy = START + 24 hours - 1 + 3 days;
        vm.warp(decideBy - 1);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionNotDue.selector, jobId, decideBy));
        market.triggerSessionTimeout(jobId);
        vm.warp(decideBy);
        vm.prank(arbiter);
        vm.expectRevert(abi.encodeWithSelector(IAttestedSessions.SessionNothingPending.selector, jobId));
        market.decideAttestedWork(jobId, false);
        market.triggerSessionTimeout(jobId);
        assertEq(market.withdrawable(host, ETH), 0.425 ether);
        assertEq(market.withdrawable(renter, ETH), 0.505 ether);
        assertSolvent(ETH);
    }

    function test_bondReturnsWhenChallengedWorkIsReplacedOrGivenUp() public {
        uint256 replaced = _open();
        _attest(replaced, 4_000);
        _challenge(replaced);
        checkpoint(replaced, 4_000);
        assertEq(market.withdrawable(renter, ETH), 0.004 ether);
        uint256 givenUp = _open();
        _attest(givenUp, 4_000);
        _challenge(givenUp);
        vm.prank(host);
        market.settleSession(givenUp);
        assertEq(market.withdrawable(renter, ETH), 1.008 ether);
        assertSolvent(ETH);
    }

    function test_onlyTheArbiterDecidesAndNeverItsOwnCase() public {
        uint256 jobId = _open();
        _attest(jobId, 5_000);
        vm.prank(arbiter);
        vm.expectRevert(abi.encodeWithSelector(IAttestedSessions.SessionWorkNotChallenged.selector, jobId));
        market.decideAttestedWork(jobId, true);
        _challenge(jobId);
        vm.prank(host);
        vm.expectRevert(abi.encodeWithSelector(IAttestedSessions.SessionNotArbiter.selector, host));
        market.decideAttestedWork(jobId, true);
        address[2] memory parties = [host, renter];
        for (uint256 i; i < 2; ++i) {
            vm.prank(owner);
            market.setArbiter(parties[i]);
            vm.prank(parties[i]);
            vm.expectRevert(
                abi.encodeWithSelector(IJobMarketplace.MarketplaceSelfDealing.selector, parties[i])
            );
            market.decideAttestedWork(jobId, true);
        }
    }

    function testFuzz_everyEndConservesTheDepositAndTheBond(uint256 tokens, uint256 coSigned, uint8 end) public {
        tokens = bound(tokens, 500, 8_000);
        coSigned = bound(coSigned, 500, 10_000);
        uint256 jobId = _open();
        _attest(jobId, tokens);
        _challenge(jobId);
        uint256 bond = market.attestedWork(jobId).bond;
        if (end % 3 == 0) checkpoint(jobId, coSigned);
        if (end % 3 == 1) {
            vm.prank(arbiter);
            market.decideAttestedWork(jobId, end % 2 == 0);
        }
        vm.warp(START + 30 days);
        market.triggerSessionTimeout(jobId);
        (uint256 protocol, uint256 stakers) = market.feeLedger(ETH);
        assertEq(
            market.withdrawable(host, ETH) + market.withdrawable(renter, ETH) + protocol + stakers, 1 ether + bond
        );
        assertEq(market.pendingValue(host, ETH), 0);
        assertEq(market.openObligations(host), 0);
        assertSolvent(ETH);
    }

    function _open() private returns (uint256) {
        return _openFor(DURATION);
    }

    function _openFor(uint256 duration) private returns (uint256) {
        ISessionJobs.SessionParams memory params = _attested(ETH, 1 ether, 0.1 ether);
        params.maxDuration = duration;
        vm.prank(renter);
        return market.createSession{value: 1 ether}(params);
    }

    function _attested(address token, uint256 deposit, uint256 price)
        private
        view
        returns (ISessionJobs.SessionParams memory params)
    {
        params = sessionParams(token, deposit, price);
        params.proofMode = ISessionJobs.ProofMode.Attested;
    }

    function _attest(uint256 jobId, uint256 tokensInBatch) private {
        vm.prank(host);
        market.submitProofOfWork(jobId, abi.encode(TRANSCRIPT, bytes("")), tokensInBatch);
    }

    function _challenge(uint256 jobId) private {
        uint256 bond = (market.attestedWork(jobId).value + 99) / 100;
        vm.prank(renter);
        market.challengeAttestedWork{value: bond}(jobId);
    }
}
