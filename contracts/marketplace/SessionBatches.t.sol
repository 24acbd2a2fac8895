// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IJobFacts} from "../interfaces/IJobFacts.sol";
import {ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {MarketplaceFixture} from "../mocks/MarketplaceFixture.sol";

/// @notice Many sessions at once, aliases, pages, and what others are told of sessions.
contract SessionBatchesTest is MarketplaceFixture {
    function test_batchCountsOnWithinTheSameSession() public {
        uint256 first = openSession();
        uint256 second = openUsdcSession();
        uint256[] memory jobIds = _three(first, second, first);
        uint256[] memory batches = _three(500, 700, 600);
        bytes[] memory proofs = new bytes[](3);
        proofs[0] = _proof(first, 500);
        proofs[1] = _proof(second, 700);
        proofs[2] = _proof(first, 1_100);
        vm.prank(stranger);
        market.submitBatchProofs(jobIds, proofs, batches);
        assertEq(market.getSessionDetails(first).provenTokens, 1_100);
        assertEq(market.getSessionDetails(second).provenTokens, 700);
        assertEq(market.openObligations(host), 2);
    }

    /// Each check of a single proof holds for each proof of a batch, and one that fails undoes all.
    function test_X02_batchPassesTheChecksOfSingleProofs() public {
        uint256 first = openSession();
        uint256 second = openSession();
        (, uint256 strangerKey) = makeAddrAndKey("stranger");
        bytes[] memory proofs = new bytes[](3);
        proofs[0] = _proof(first, 500);
        proofs[1] = abi.encode(TRANSCRIPT, voucherBy(strangerKey, second, 500));
        proofs[2] = _proof(first, 1_000);
        vm.startPrank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionBadCoSignature.selector, second, stranger, renter)
        );
        market.submitBatchProofs(_three(first, second, first), proofs, _three(500, 500, 500));
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionCheckpointTooSmall.selector, second, 499, 500));
        market.submitBatchProofs(_three(first, second, first), proofs, _three(500, 499, 500));
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionCapacityExceeded.selector, second, 10_001, 10_000)
        );
        market.submitBatchProofs(_three(first, second, first), proofs, _three(500, 10_001, 500));
        vm.stopPrank();
        vm.prank(host);
        market.settleSession(second);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISessionJobs.SessionWrongStatus.selector, second, ISessionJobs.SessionStatus.Settled
            )
        );
        market.submitBatchProofs(_three(first, second, first), proofs, _three(500, 500, 500));
        assertEq(market.getSessionDetails(first).provenTokens, 0);
    }

    function testFuzz_X03_hugeCountsInABatchLockNothing(uint256 tokens) public {
        tokens = bound(tokens, 10_001, type(uint256).max);
        uint256 jobId = openSession();
        uint256[] memory jobIds = new uint256[](2);
        uint256[] memory batches = new uint256[](2);
        bytes[] memory proofs = new bytes[](2);
        (jobIds[0], jobIds[1]) = (jobId, jobId);
        (batches[0], batches[1]) = (500, tokens);
        proofs[0] = _proof(jobId, 500);
        proofs[1] = _proof(jobId, tokens);
        vm.expectPartialRevert(ISessionJobs.SessionCapacityExceeded.selector);
        market.submitBatchProofs(jobIds, proofs, batches);
        vm.prank(host);
        market.settleSession(jobId);
        assertEq(market.withdrawable(renter, ETH), 1 ether);
    }

    function test_listsOfABatchAreOfOneLength() public {
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionBatchLength.selector, 3, 2, 3));
        market.submitBatchProofs(_three(1, 2, 3), new bytes[](2), _three(1, 2, 3));
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionBatchLength.selector, 3, 3, 0));
        market.submitBatchProofs(_three(1, 2, 3), new bytes[](3), new uint256[](0));
    }

    function test_hostSettlesManyAtOnce() public {
        uint256 first = openSession();
        uint256 second = openUsdcSession();
        uint256 third = openSession();
        checkpoint(first, 5_000);
        checkpoint(third, 5_000);
        vm.prank(host);
        market.settleMany(_three(first, second, third));
        assertEq(market.withdrawable(host, ETH), 0.85 ether);
        assertEq(market.withdrawable(renter, ETH), 1 ether);
        assertEq(market.withdrawable(renter, address(usdc)), 10e6);
        assertEq(market.paidJobs(ETH), 2);
        assertEq(market.paidJobs(address(usdc)), 0);
        assertSolvent(ETH);
        assertSolvent(address(usdc));
    }

    function test_X15_settlingManyNeitherRepeatsNorTakesOthersSessions() public {
        uint256 first = openSession();
        uint256 second = openSession();
        vm.prank(host);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISessionJobs.SessionWrongStatus.selector, first, ISessionJobs.SessionStatus.Settled
            )
        );
        market.settleMany(_three(first, second, first));
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionNotHost.selector, first, stranger));
        market.settleMany(_three(first, second, second));
        assertEq(market.withdrawable(renter, ETH), 0);
    }

    function test_X08_aliasesSettleLikeTheHostDoes() public {
        uint256 claimed = openSession();
        uint256 abandoned = openSession();
        checkpoint(abandoned, 5_000);
        bytes memory proof = _proof(claimed, 100);
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionNotHost.selector, claimed, stranger));
        market.claimWithProof(claimed, proof, 100);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionNotHost.selector, abandoned, stranger));
        market.claimAbandonedSession(abandoned);
        vm.stopPrank();
        vm.startPrank(host);
        market.claimWithProof(claimed, proof, 100);
        market.claimAbandonedSession(abandoned);
        vm.stopPrank();
        assertEq(market.withdrawable(host, ETH), 0.4335 ether);
        assertEq(market.withdrawable(renter, ETH), 1.49 ether);
        assertSolvent(ETH);
    }

    function test_X24_sessionsOfAHostAreFoundPageByPage() public {
        for (uint256 i; i < 5; ++i) openSession();
        vm.prank(host);
        market.settleSession(2);
        vm.prank(renter);
        market.completeSessionJob(3);

        (uint256[] memory ids, uint256 next) = market.getActiveSessionsForHost(host, 0, 3);
        assertEq(ids, _two(1, 3));
        assertEq(next, 4);
        (ids, next) = market.getActiveSessionsForHost(host, next, 3);
        assertEq(ids, _two(4, 5));
        assertEq(next, 0);
        (ids, next) = market.getActiveSessionsForHost(host, 6, type(uint256).max);
        assertEq(ids.length, 0);
        assertEq(next, 0);
        (ids,) = market.getActiveSessionsForHost(stranger, 1, type(uint256).max);
        assertEq(ids.length, 0);
        assertEq(market.lastJobId(), 5);
    }

    function test_factsOfASession() public {
        assertEq(market.jobFacts(1).renter, address(0));
        uint256 jobId = openSession();
        IJobFacts.JobFacts memory facts = market.jobFacts(jobId);
        assertEq(facts.renter, renter);
        assertEq(facts.host, host);
        assertEq(facts.token, ETH);
        assertEq(facts.fee, 0);
        assertFalse(facts.submitted);
        assertFalse(facts.completed);
        checkpoint(jobId, 5_000);
        vm.prank(host);
        market.settleSession(jobId);
        facts = market.jobFacts(jobId);
        assertTrue(facts.completed);
        assertEq(facts.fee, 0.05 ether);
        uint256 unused = openUsdcSession();
        vm.prank(host);
        market.settleSession(unused);
        assertFalse(market.jobFacts(unused).completed);
    }

    /// Every way in stops, every way out goes on.
    function test_I6_breakerStopsOpeningAndNothingElse() public {
        uint256[3] memory sessions = [openSession(), openSession(), openSession()];
        uint256 closing = openSession();
        vm.prank(owner);
        market.setCircuitBreakerLevel(3);
        bytes[5] memory ways = [
            abi.encodeCall(ISessionJobs.createSessionJob, (host, 1 ether, PRICE_PER_TOKEN, DURATION, INTERVAL)),
            abi.encodeCall(ISessionJobs.createSession, (sessionParams(ETH, 1 ether, 0.1 ether))),
            abi.encodeCall(
                ISessionJobs.createSessionWithQuote,
                (sessionParams(ETH, 1 ether, 0.1 ether), ISessionJobs.HostQuote(address(0), 0, ""), "")
            ),
            abi.encodeCall(
                ISessionJobs.createSessionJobWithToken, (host, address(usdc), 10e6, 1000, DURATION, INTERVAL)
            ),
            abi.encodeCall(ISessionJobs.createSessionFromDeposit, (sessionParams(ETH, 1 ether, 0.1 ether)))
        ];
        vm.prank(renter);
        market.depositPrepaid{value: 1 ether}(ETH, 1 ether);
        for (uint256 i; i < 5; ++i) {
            vm.prank(renter);
            (bool success, bytes memory answer) = address(market).call{value: i < 3 ? 1 ether : 0}(ways[i]);
            assertFalse(success);
            assertEq(bytes32(bytes4(answer)), bytes32(ICircuitBreaker.BreakerPaused.selector));
        }

        checkpoint(sessions[0], 500);
        market.submitProofOfWork(sessions[0], _proof(sessions[0], 1_000), 500);
        vm.prank(host);
        market.settleSession(sessions[0]);
        bytes memory last = voucher(sessions[1], 700);
        vm.prank(host);
        market.settleSessionWithVoucher(sessions[1], 700, TRANSCRIPT, last);
        vm.prank(renter);
        market.completeSessionJob(closing);
        vm.warp(endOf(sessions[2]) + 2 hours);
        market.finalizeSession(closing);
        market.triggerSessionTimeout(sessions[2]);
        vm.prank(renter);
        market.withdraw(ETH);
        vm.prank(host);
        market.withdraw(ETH);
        market.distributeFees(ETH);
        assertEq(address(market).balance, 0);
    }

    function _proof(uint256 jobId, uint256 tokens) private view returns (bytes memory) {
        return abi.encode(TRANSCRIPT, voucher(jobId, tokens));
    }

    function _two(uint256 a, uint256 b) private pure returns (uint256[] memory list) {
        list = new uint256[](2);
        (list[0], list[1]) = (a, b);
    }

    function _three(uint256 a, uint256 b, uint256 c) private pure returns (uint256[] memory list) {
        list = new uint256[](3);
        (list[0], list[1], list[2]) = (a, b, c);
    }
}
