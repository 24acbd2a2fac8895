// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {MarketplaceFixture} from "../mocks/MarketplaceFixture.sol";

/// @notice Breaker and single jobs in the marketplace as it is deployed, with the real registry.
contract BreakerEverywhereTest is MarketplaceFixture {
    address private guardian = makeAddr("guardian");

    function setUp() public override {
        super.setUp();
        vm.prank(owner);
        market.setGuardian(guardian);
    }

    function test_X37_row164_noWayInIsOpenAtLevel3() public {
        uint256 jobId = postJob(1 ether);
        ISessionJobs.SessionParams memory params = sessionParams(ETH, 1 ether, PRICE_PER_TOKEN * 1000);
        ISessionJobs.HostQuote memory quote;
        vm.prank(renter);
        market.depositPrepaid{value: 1 ether}(ETH, 1 ether);
        vm.prank(guardian);
        market.emergencyPause("drill");
        bytes[9] memory calls = [
            abi.encodeCall(ISingleJobs.postJob, (jobDetails(), jobRequirements(), 1 ether)),
            abi.encodeCall(ISingleJobs.createJob, ("llama-70b", 0, 1 ether, START + 60)),
            abi.encodeCall(ISessionJobs.createSession, (params)),
            abi.encodeCall(ISessionJobs.createSessionWithQuote, (params, quote, "")),
            abi.encodeCall(
                ISessionJobs.createSessionJob, (host, 1 ether, PRICE_PER_TOKEN, DURATION, INTERVAL)
            ),
            abi.encodeCall(
                ISingleJobs.postJobWithToken, (jobDetails(), jobRequirements(), address(usdc), 10e6)
            ),
            abi.encodeCall(
                ISessionJobs.createSessionJobWithToken, (host, address(usdc), 10e6, 1e3, DURATION, INTERVAL)
            ),
            abi.encodeCall(ISessionJobs.createSessionFromDeposit, (params)),
            abi.encodeCall(ISingleJobs.claimJob, (jobId))
        ];
        for (uint256 i; i < calls.length; ++i) {
            address caller = i == 8 ? host : renter;
            vm.prank(caller);
            (bool success, bytes memory answer) = address(market).call{value: i < 5 ? 1 ether : 0}(calls[i]);
            assertFalse(success, vm.toString(i));
            assertEq(bytes32(bytes4(answer)), bytes32(ICircuitBreaker.BreakerPaused.selector));
        }
        fab.transfer(stranger, 1_000e18);
        vm.startPrank(stranger);
        fab.approve(address(registry), 1_000e18);
        vm.expectRevert(INodeRegistry.NodeRegistryPaused.selector);
        registry.registerNode("gpu:none");
        vm.stopPrank();
        // The same calls go through once the pause has ended by itself.
        vm.warp(START + 72 hours);
        calls[1] = abi.encodeCall(ISingleJobs.createJob, ("llama-70b", 0, 1 ether, START + 73 hours));
        for (uint256 i; i < calls.length - 1; ++i) {
            vm.prank(renter);
            (bool success,) = address(market).call{value: i < 5 ? 1 ether : 0}(calls[i]);
            assertTrue(success, vm.toString(i));
        }
    }

    function test_X19_I6_sessionsAndStakeGoOnAtLevel3() public {
        uint256 first = openSession();
        uint256 second = openUsdcSession();
        vm.prank(guardian);
        market.emergencyPause("drill");
        checkpoint(first, 5_000);
        checkpoint(second, 1_000);
        vm.prank(host);
        market.settleSession(first);
        vm.prank(renter);
        market.completeSessionJob(second);
        vm.warp(market.getSessionDetails(second).closesAt);
        market.finalizeSession(second);
        vm.startPrank(host);
        market.withdraw(ETH);
        market.withdraw(address(usdc));
        registry.requestUnstake(1e18);
        registry.unregisterNode();
        vm.stopPrank();
        market.distributeFees(ETH);
        (uint8 level,) = market.circuitBreakerLevel();
        assertEq(level, 3);
        assertEq(market.getCircuitBreakerMetrics().successes, 2);
        assertSolvent(ETH);
        assertSolvent(address(usdc));
    }

    function test_X38_everyWayToOpenASessionSharesOneLimit() public {
        vm.prank(guardian);
        market.setCircuitBreakerLevel(1);
        for (uint256 i; i < 5; ++i) {
            openSession();
            openUsdcSession();
        }
        bytes memory limited =
            abi.encodeWithSelector(ICircuitBreaker.BreakerRateLimited.selector, renter, 1, 0);
        vm.startPrank(renter);
        vm.expectRevert(limited);
        market.createSessionJob{value: 1 ether}(host, 1 ether, PRICE_PER_TOKEN, DURATION, INTERVAL);
        vm.expectRevert(limited);
        market.createSessionJobWithToken(host, address(usdc), 10e6, 1e3, DURATION, INTERVAL);
        market.depositPrepaid{value: 1 ether}(ETH, 1 ether);
        vm.expectRevert(limited);
        market.createSessionFromDeposit(sessionParams(ETH, 1 ether, PRICE_PER_TOKEN * 1000));
        vm.stopPrank();
    }

    function test_missedDeadlineCostsTheHostItsClaimBond() public {
        uint256 jobId = postJob(1 ether);
        vm.prank(host);
        market.claimJob(jobId);
        vm.warp(START + 3600);
        market.claimExpired(jobId);
        assertEq(registry.getNode(host).stake, 980e18);
        vm.prank(renter);
        assertEq(registry.claimSlashed(), 20e18);
        assertEq(fab.balanceOf(renter), 20e18);
        assertEq(market.withdrawable(renter, ETH), 1 ether);
        // Below the minimum stake it is no host any more.
        uint256 next = postJob(1 ether);
        vm.prank(host);
        vm.expectPartialRevert(bytes4(keccak256("MarketplaceHostNotActive(address)")));
        market.claimJob(next);
    }

    function test_sessionIsNoSingleJobAndNoEscrow() public {
        uint256 session = openSession();
        uint256 jobId = postJob(1 ether);
        bytes memory none = abi.encodeWithSelector(
            ISingleJobs.JobWrongStatus.selector,
            session,
            ISingleJobs.JobStatus.None,
            ISingleJobs.JobStatus.Submitted
        );
        vm.startPrank(renter);
        vm.expectRevert(none);
        market.disputeResult(session);
        vm.expectRevert(none);
        market.releasePayment(session);
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(IPaymentEscrow.EscrowUnknown.selector, bytes32(session)));
        market.getEscrow(bytes32(session));
        (uint256[] memory ids,) = market.getJobsPage(1, 100);
        assertEq(ids.length, 1);
        assertEq(ids[0], jobId);
        assertEq(market.jobFacts(session).renter, renter);
        assertEq(market.jobFacts(session).host, host);
        assertEq(market.jobFacts(jobId).host, address(0));
    }

    function test_disputeInTheDeployedMarketplace() public {
        address arbiter = makeAddr("arbiter");
        vm.prank(owner);
        market.setArbiter(arbiter);
        uint256 jobId = submittedJob(1 ether);
        vm.prank(renter);
        market.disputeResult{value: 0.01 ether}(jobId);
        vm.prank(arbiter);
        market.resolveDispute(bytes32(jobId), host);
        address[] memory tokens = new address[](1);
        vm.prank(host);
        market.withdrawAll(tokens);
        assertEq(host.balance, 0.86 ether);
        assertSolvent(ETH);
    }
}
