// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {JobsFixture} from "../mocks/JobsFixture.sol";

contract CircuitBreakerTest is JobsFixture {
    bytes4 private constant POST = ISingleJobs.postJob.selector;
    bytes4 private constant CLAIM = ISingleJobs.claimJob.selector;
    bytes4 private constant SESSION = ISessionJobs.createSession.selector;
    bytes4 private constant REGISTER = INodeRegistry.registerNode.selector;

    // Pauses.

    function test_row161_pauseSaysWhyAndStopsAllNewWork() public {
        uint256 open = postJob(1 ether);
        vm.expectEmit(address(market));
        emit ICircuitBreaker.EmergencyPaused(guardian, "price feed gone", START + 72 hours);
        vm.expectEmit(address(market));
        emit ICircuitBreaker.CircuitBreakerLevelSet(3, START + 72 hours);
        vm.prank(guardian);
        market.emergencyPause("price feed gone");
        _expectLevel(3, START + 72 hours);

        bytes memory paused = _pausedError(POST, 3, START + 72 hours);
        vm.startPrank(renter);
        vm.expectRevert(paused);
        market.postJob{value: 1 ether}(jobDetails(), jobRequirements(), 1 ether);
        vm.expectRevert(paused);
        market.postJobWithToken(jobDetails(), jobRequirements(), address(usdc), 1e6);
        vm.expectRevert(paused);
        market.createJob{value: 1 ether}("llama-70b", 0, 1 ether, START + 60);
        vm.stopPrank();
        vm.prank(host);
        vm.expectRevert(_pausedError(CLAIM, 3, START + 72 hours));
        market.claimJob(open);
        vm.expectRevert(_pausedError(SESSION, 3, START + 72 hours));
        market.openSessions(SESSION, 1);
        assertTrue(market.isFunctionPaused(REGISTER));
        assertTrue(market.isFunctionPaused(POST));
        assertFalse(market.isFunctionPaused(ISingleJobs.submitResult.selector));
        assertEq(market.getCircuitBreakerMetrics().lastIncident, START);
    }

    function test_row172_pauseEndsByItself() public {
        _pause();
        vm.warp(START + 72 hours - 1);
        assertTrue(market.isFunctionPaused(REGISTER));
        vm.warp(START + 72 hours);
        _expectLevel(0, 0);
        assertFalse(market.isFunctionPaused(REGISTER));
        postJob(1 ether);
    }

    /// A pause holds back nobody who is in: what was open is finished, refunded, disputed and withdrawn.
    function test_X19_I6_everyExitIsOpenAtLevel3() public {
        connectProofs();
        uint256[10] memory ids;
        for (uint256 i; i < 10; ++i) {
            ids[i] = postJob(1 ether);
        }
        for (uint256 i = 2; i < 10; ++i) {
            claim(ids[i]);
        }
        vm.startPrank(host);
        for (uint256 i = 4; i < 9; ++i) {
            market.submitResult(ids[i], "bafkreiresult");
        }
        vm.stopPrank();
        _pause();

        vm.startPrank(renter);
        market.cancelJob(ids[0]);
        market.releasePayment(ids[4]);
        market.releaseEscrow(bytes32(ids[5]));
        market.disputeResult{value: 0.01 ether}(ids[6]);
        market.disputeEscrow{value: 0.01 ether}(bytes32(ids[7]));
        vm.stopPrank();
        vm.prank(host);
        market.submitResult(ids[2], "bafkreiresult");
        vm.prank(host);
        market.abandonClaim(ids[3]);
        vm.prank(arbiter);
        market.resolveDispute(bytes32(ids[6]), host);
        proofs.reject(address(market), ids[8]);
        vm.warp(DEADLINE);
        market.claimExpired(ids[1]);
        market.claimExpired(ids[3]);
        market.claimExpired(ids[9]);
        vm.warp(START + 24 hours);
        market.autoRelease(ids[2]);
        vm.prank(host);
        market.withdraw(ETH);
        address[] memory tokens = new address[](1);
        vm.prank(renter);
        market.withdrawAll(tokens);
        market.distributeFees(ETH);
        _expectLevel(3, START + 72 hours);
        // What waits for the arbiter ends after the pause.
        vm.warp(START + 7 days);
        market.resolveStale(bytes32(ids[7]));
        assertEq(market.openObligations(host), 0);
        assertSolvent(ETH);
    }

    // X-37: no path around the limits of a pause.

    function test_X37_cooldownHoldsOnEveryPath() public {
        _pause();
        vm.warp(START + 2 hours);
        vm.prank(guardian);
        market.unpause();
        bytes memory cooldown =
            abi.encodeWithSelector(ICircuitBreaker.BreakerCooldown.selector, START + 7 days + 2 hours);
        vm.warp(START + 7 days + 2 hours - 1);
        vm.startPrank(guardian);
        vm.expectRevert(cooldown);
        market.emergencyPause("again");
        for (uint8 level = 1; level < 4; ++level) {
            vm.expectRevert(cooldown);
            market.setCircuitBreakerLevel(level);
        }
        vm.expectRevert(cooldown);
        market.pauseFunction(POST);
        vm.expectRevert(cooldown);
        market.pauseFunction("claimJob");
        vm.stopPrank();
        // Another guardian inherits the cooldown, and so does the timelock on the guardian's path.
        vm.startPrank(owner);
        market.setGuardian(stranger);
        vm.expectRevert(cooldown);
        market.emergencyPause("again");
        vm.stopPrank();
        vm.prank(stranger);
        vm.expectRevert(cooldown);
        market.setCircuitBreakerLevel(3);
        vm.warp(START + 7 days + 2 hours);
        vm.prank(stranger);
        market.setCircuitBreakerLevel(2);
    }

    function test_X37_nothingIsLoweredInTheFirstHour() public {
        vm.startPrank(guardian);
        market.pauseFunction(POST);
        market.setCircuitBreakerLevel(3);
        vm.stopPrank();
        vm.warp(START + 1 hours - 1);
        bytes memory early = abi.encodeWithSelector(ICircuitBreaker.BreakerCooldown.selector, START + 1 hours);
        address[2] memory callers = [guardian, owner];
        for (uint256 i; i < 2; ++i) {
            vm.startPrank(callers[i]);
            vm.expectRevert(early);
            market.unpause();
            for (uint8 level; level < 3; ++level) {
                vm.expectRevert(early);
                market.setCircuitBreakerLevel(level);
            }
            vm.expectRevert(early);
            market.unpauseFunction(POST);
            vm.stopPrank();
        }
        vm.warp(START + 1 hours);
        vm.expectEmit(address(market));
        emit ICircuitBreaker.EmergencyUnpaused(guardian);
        vm.prank(guardian);
        market.unpause();
        _expectLevel(0, 0);
    }

    /// A low level, begun in time, saves no pause its hour.
    function test_X37_raisedLevelHasAFirstHourOfItsOwn() public {
        address[2] memory callers = [guardian, owner];
        for (uint256 i; i < 2; ++i) {
            vm.startPrank(callers[i]);
            market.setCircuitBreakerLevel(1);
            vm.warp(START + i * 1 days + 2 hours);
            market.setCircuitBreakerLevel(3);
            bytes memory early = abi.encodeWithSelector(
                ICircuitBreaker.BreakerCooldown.selector, START + i * 1 days + 3 hours
            );
            vm.expectRevert(early);
            market.unpause();
            vm.expectRevert(early);
            market.setCircuitBreakerLevel(0);
            vm.expectRevert(early);
            market.setCircuitBreakerLevel(1);
            vm.warp(START + i * 1 days + 3 hours);
            market.setCircuitBreakerLevel(2);
            market.pauseFunction(POST);
            early = abi.encodeWithSelector(ICircuitBreaker.BreakerCooldown.selector, START + i * 1 days + 4 hours);
            vm.expectRevert(early);
            market.unpauseFunction(POST);
            // Named again, it stays paused no longer.
            vm.warp(START + i * 1 days + 4 hours - 1);
            market.pauseFunction(POST);
            vm.expectRevert(early);
            market.unpauseFunction("postJob");
            vm.warp(START + i * 1 days + 4 hours);
            market.unpauseFunction(POST);
            _expectLevel(0, 0);
            vm.stopPrank();
            vm.warp(START + 1 days);
        }
    }

    function test_X37_aRunningPauseNeverGetsLonger() public {
        vm.prank(guardian);
        market.setCircuitBreakerLevel(1);
        vm.warp(START + 70 hours);
        vm.startPrank(guardian);
        market.emergencyPause("worse");
        _expectLevel(3, START + 72 hours);
        vm.warp(START + 71 hours);
        market.setCircuitBreakerLevel(2);
        market.pauseFunction(POST);
        market.setCircuitBreakerLevel(3);
        vm.stopPrank();
        _expectLevel(3, START + 72 hours);
        vm.warp(START + 72 hours);
        _expectLevel(0, 0);
    }

    function test_X37_guardianSpendsTenDaysInNinetyAtMost() public {
        for (uint256 i; i < 4; ++i) {
            vm.warp(START + i * 10 days);
            vm.prank(guardian);
            market.emergencyPause("once more");
        }
        _expectLevel(3, START + 31 days);
        vm.warp(START + 38 days);
        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSelector(ICircuitBreaker.BreakerBudgetSpent.selector, 10 days, 10 days));
        market.emergencyPause("once more");
    }

    // Who may do what.

    function test_onlyGuardianAndTimelockControlTheBreaker() public {
        bytes memory refused = abi.encodeWithSelector(ICircuitBreaker.BreakerNotGuardian.selector, stranger);
        vm.startPrank(stranger);
        vm.expectRevert(refused);
        market.emergencyPause("mine");
        vm.expectRevert(refused);
        market.unpause();
        vm.expectRevert(refused);
        market.setCircuitBreakerLevel(1);
        vm.expectRevert(refused);
        market.pauseFunction(POST);
        vm.expectRevert(refused);
        market.pauseFunction("postJob");
        vm.expectRevert(refused);
        market.unpauseFunction(POST);
        vm.expectRevert(refused);
        market.unpauseFunction("postJob");
        vm.stopPrank();
    }

    function test_settingsAreTheTimelocksAlone() public {
        address[2] memory callers = [guardian, stranger];
        for (uint256 i; i < 2; ++i) {
            bytes memory refused = abi.encodeWithSignature("OwnableUnauthorizedAccount(address)", callers[i]);
            vm.startPrank(callers[i]);
            vm.expectRevert(refused);
            market.setGuardian(stranger);
            vm.expectRevert(refused);
            market.setRateLimit(POST, 1, 60);
            vm.expectRevert(refused);
            market.setFailureRules(3, 1 hours, 1 hours);
            vm.stopPrank();
        }
        vm.expectEmit(address(market));
        emit ICircuitBreaker.GuardianSet(stranger);
        vm.prank(owner);
        market.setGuardian(stranger);
        assertEq(market.guardian(), stranger);
        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSelector(ICircuitBreaker.BreakerNotGuardian.selector, guardian));
        market.emergencyPause("still me");
    }

    function test_levelsEndAtThree() public {
        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSelector(ICircuitBreaker.BreakerLevelOutOfRange.selector, 4));
        market.setCircuitBreakerLevel(4);
    }

    function test_thereIsNothingToEndWhenNothingIsStopped() public {
        bytes memory idle = abi.encodeWithSelector(ICircuitBreaker.BreakerNotPaused.selector);
        address[2] memory callers = [guardian, owner];
        for (uint256 i; i < 2; ++i) {
            vm.startPrank(callers[i]);
            vm.expectRevert(idle);
            market.unpause();
            vm.expectRevert(idle);
            market.setCircuitBreakerLevel(0);
            vm.expectRevert(idle);
            market.unpauseFunction(POST);
            vm.stopPrank();
        }
    }

    function test_row158_timelockOverridesTheGuardianForFourteenDays() public {
        vm.prank(guardian);
        market.emergencyPause("guardian");
        vm.warp(START + 1 hours);
        vm.prank(owner);
        market.setCircuitBreakerLevel(1);
        _expectLevel(1, START + 1 hours + 14 days);
        // The guardian's pause is over, with its cooldown; and what governance decided is not the guardian's to end.
        vm.startPrank(guardian);
        vm.expectRevert(abi.encodeWithSelector(ICircuitBreaker.BreakerCooldown.selector, START + 7 days + 1 hours));
        market.emergencyPause("guardian");
        vm.expectRevert(ICircuitBreaker.BreakerNotPaused.selector);
        market.unpause();
        vm.stopPrank();
        vm.warp(START + 1 hours + 14 days);
        _expectLevel(0, 0);
    }

    function test_row158_timelockStopsBeyondTheGuardiansLimits() public {
        _pause();
        vm.warp(START + 72 hours);
        vm.startPrank(owner);
        market.setCircuitBreakerLevel(3);
        _expectLevel(3, START + 72 hours + 14 days);
        vm.warp(START + 73 hours);
        market.setCircuitBreakerLevel(2);
        market.pauseFunction(POST);
        _expectLevel(2, START + 72 hours + 14 days);
        vm.warp(START + 74 hours);
        market.unpauseFunction(POST);
        _expectLevel(0, 0);
        vm.stopPrank();
    }

    function test_guardianRaisesAndEndsWithoutTouchingTheTimelocksLevel() public {
        vm.prank(owner);
        market.setCircuitBreakerLevel(1);
        vm.warp(START + 1 days);
        _pause();
        _expectLevel(3, START + 4 days);
        vm.warp(START + 2 days);
        vm.prank(guardian);
        market.unpause();
        _expectLevel(1, START + 14 days);
        vm.prank(owner);
        market.unpause();
        _expectLevel(0, 0);
    }

    function test_timelockLeavesALowerPauseOfTheGuardianAlone() public {
        vm.startPrank(guardian);
        market.pauseFunction(POST);
        vm.stopPrank();
        vm.startPrank(owner);
        market.setCircuitBreakerLevel(3);
        vm.warp(START + 1 hours);
        market.setCircuitBreakerLevel(2);
        vm.stopPrank();
        assertTrue(market.isFunctionPaused(POST));
        assertFalse(market.isFunctionPaused(CLAIM));
        vm.prank(owner);
        market.unpauseFunction(POST);
        assertFalse(market.isFunctionPaused(POST));
    }

    // Level 2: functions.

    function test_row164_eachNamedFunctionIsPausedWithItsAliases() public {
        uint256 open = postJob(1 ether);
        vm.expectEmit(address(market));
        emit ICircuitBreaker.FunctionPaused(ISingleJobs.createJob.selector, true);
        vm.prank(guardian);
        market.pauseFunction("createJob");
        _expectLevel(2, START + 72 hours);
        bytes memory paused = _pausedError(POST, 2, START + 72 hours);
        vm.startPrank(renter);
        vm.expectRevert(paused);
        market.postJob{value: 1 ether}(jobDetails(), jobRequirements(), 1 ether);
        vm.expectRevert(paused);
        market.postJobWithToken(jobDetails(), jobRequirements(), address(usdc), 1e6);
        vm.expectRevert(paused);
        market.createJob{value: 1 ether}("llama-70b", 0, 1 ether, START + 60);
        vm.stopPrank();
        claim(open);

        vm.prank(guardian);
        market.pauseFunction(CLAIM);
        assertTrue(market.isFunctionPaused(CLAIM));
        vm.warp(START + 1 hours);
        vm.startPrank(guardian);
        market.unpauseFunction("postJob");
        assertFalse(market.isFunctionPaused(POST));
        _expectLevel(2, START + 72 hours);
        market.unpauseFunction(CLAIM);
        _expectLevel(0, 0);
        vm.stopPrank();
        postJob(1 ether);
    }

    function test_row164_namesAndSelectorsMeanTheSame() public {
        string[10] memory names = [
            "postJob",
            "postJobWithToken",
            "createJob",
            "claimJob",
            "createSession",
            "createSessionJob",
            "createSessionJobWithToken",
            "createSessionWithQuote",
            "createSessionFromDeposit",
            "registerNode"
        ];
        bytes4[10] memory selectors = [
            ISingleJobs.postJob.selector,
            ISingleJobs.postJobWithToken.selector,
            ISingleJobs.createJob.selector,
            ISingleJobs.claimJob.selector,
            ISessionJobs.createSession.selector,
            ISessionJobs.createSessionJob.selector,
            ISessionJobs.createSessionJobWithToken.selector,
            ISessionJobs.createSessionWithQuote.selector,
            ISessionJobs.createSessionFromDeposit.selector,
            INodeRegistry.registerNode.selector
        ];
        uint256 fresh = vm.snapshotState();
        for (uint256 i; i < names.length; ++i) {
            vm.prank(guardian);
            market.pauseFunction(names[i]);
            assertTrue(market.isFunctionPaused(selectors[i]), names[i]);
            vm.revertToState(fresh);
            fresh = vm.snapshotState();
        }
        vm.prank(guardian);
        market.pauseFunction("registerControlledNode");
        assertTrue(market.isFunctionPaused(bytes4(keccak256("registerControlledNode(string,address)"))));
    }

    function test_I6_exitsCannotBeNamed() public {
        bytes4[8] memory exits = [
            ISingleJobs.submitResult.selector,
            ISingleJobs.completeJob.selector,
            ISingleJobs.releasePayment.selector,
            ISingleJobs.claimExpired.selector,
            IPaymentEscrow.disputeResult.selector,
            bytes4(keccak256("withdraw(address)")),
            ISessionJobs.settleSession.selector,
            INodeRegistry.withdrawUnstaked.selector
        ];
        vm.startPrank(guardian);
        for (uint256 i; i < exits.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ICircuitBreaker.BreakerUnknownFunction.selector, exits[i]));
            market.pauseFunction(exits[i]);
        }
        vm.expectRevert(abi.encodeWithSelector(ICircuitBreaker.BreakerUnknownFunction.selector, bytes4(0)));
        market.pauseFunction("withdraw");
        vm.stopPrank();
    }

    function test_functionThatIsNotListedOpensNoWork() public {
        bytes4 unknown = ISingleJobs.submitResult.selector;
        vm.expectRevert(abi.encodeWithSelector(ICircuitBreaker.BreakerUnknownFunction.selector, unknown));
        market.openSessions(unknown, 1);
    }

    // Rate limits.

    function test_X38_noPathAroundTheLimitOfPosting() public {
        for (uint256 i; i < 4; ++i) {
            postJob(1 ether);
            postUsdc(1e6);
        }
        vm.startPrank(renter);
        market.createJob{value: 1 ether}("llama-70b", 0, 1 ether, START + 60);
        market.createJob{value: 1 ether}("llama-70b", 0, 1 ether, START + 60);
        bytes memory limited = _limitedError(renter, 1, 0);
        vm.expectRevert(limited);
        market.postJob{value: 1 ether}(jobDetails(), jobRequirements(), 1 ether);
        vm.expectRevert(limited);
        market.postJobWithToken(jobDetails(), jobRequirements(), address(usdc), 1e6);
        vm.expectRevert(limited);
        market.createJob{value: 1 ether}("llama-70b", 0, 1 ether, START + 60);
        vm.warp(START + 6 minutes - 1);
        vm.expectRevert(limited);
        market.createJob{value: 1 ether}("llama-70b", 0, 1 ether, START + 1 hours);
        vm.warp(START + 6 minutes);
        market.createJob{value: 1 ether}("llama-70b", 0, 1 ether, START + 1 hours);
        vm.stopPrank();
        // Who posts much slows down itself only.
        hoax(stranger, 1 ether);
        market.postJob{value: 1 ether}(jobDetails(), jobRequirements(), 1 ether);
    }

    function test_X38_itemsAreCountedNotCalls() public {
        vm.prank(guardian);
        market.setCircuitBreakerLevel(1);
        vm.startPrank(renter);
        vm.expectRevert(_limitedError(renter, 11, 10));
        market.openSessions(SESSION, 11);
        market.openSessions(SESSION, 7);
        assertEq(market.rateLimitLeft(renter, SESSION), 3);
        vm.expectRevert(_limitedError(renter, 4, 3));
        market.openSessions(ISessionJobs.createSessionJob.selector, 4);
        market.openSessions(ISessionJobs.createSessionJobWithToken.selector, 3);
        vm.stopPrank();
        vm.prank(stranger);
        market.openSessions(SESSION, 10);
    }

    function test_row163_sessionsAreLimitedFromLevel1OnOnly() public {
        market.openSessions(SESSION, 1_000);
        assertEq(market.rateLimitLeft(address(this), SESSION), 10);
        vm.prank(guardian);
        market.setCircuitBreakerLevel(1);
        vm.expectRevert(_limitedError(address(this), 1_000, 10));
        market.openSessions(SESSION, 1_000);
        assertFalse(market.isFunctionPaused(SESSION));
    }

    function test_claimsHaveALimitOfTheirOwn() public {
        (uint256 burst, uint256 window) = market.rateLimit(CLAIM);
        assertEq(burst, 60);
        assertEq(window, 1 hours);
        vm.prank(owner);
        market.setRateLimit(CLAIM, 2, 1 hours);
        uint256[3] memory ids = [postJob(1 ether), postJob(1 ether), postJob(1 ether)];
        claim(ids[0]);
        claim(ids[1]);
        vm.prank(host);
        vm.expectRevert(_limitedError(host, 1, 0));
        market.claimJob(ids[2]);
        assertEq(market.rateLimitLeft(host, CLAIM), 0);
    }

    function test_row167_limitsAreGovernedWithinBounds() public {
        (uint256 burst, uint256 window) = market.rateLimit(POST);
        assertEq(burst, 10);
        assertEq(window, 1 hours);
        vm.startPrank(owner);
        vm.expectRevert(_settingError("burst", 0, 1, 10_000));
        market.setRateLimit(POST, 0, 1 hours);
        vm.expectRevert(_settingError("burst", 10_001, 1, 10_000));
        market.setRateLimit(POST, 10_001, 1 hours);
        vm.expectRevert(_settingError("window", 59, 60, 1 days));
        market.setRateLimit(POST, 10, 59);
        vm.expectRevert(_settingError("window", 1 days + 1, 60, 1 days));
        market.setRateLimit(POST, 10, 1 days + 1);
        vm.expectRevert(abi.encodeWithSelector(ICircuitBreaker.BreakerUnknownFunction.selector, REGISTER));
        market.setRateLimit(REGISTER, 10, 1 days);
        vm.expectEmit(address(market));
        emit ICircuitBreaker.RateLimitSet(ISingleJobs.createJob.selector, 1, 1 days);
        market.setRateLimit(ISingleJobs.createJob.selector, 1, 1 days);
        vm.stopPrank();
        (burst, window) = market.rateLimit(POST);
        assertEq(burst, 1);
        assertEq(window, 1 days);
        postJob(1 ether);
        vm.prank(renter);
        vm.expectRevert(_limitedError(renter, 1, 0));
        market.postJob{value: 1 ether}(jobDetails(), jobRequirements(), 1 ether);
    }

    function testFuzz_row167_bucketNeverGivesMoreThanItsBurstAndRefill(uint256 seed) public {
        vm.prank(guardian);
        market.setCircuitBreakerLevel(1);
        uint256 opened;
        uint256 time = START;
        for (uint256 i; i < 40; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            time += seed % 10 minutes;
            vm.warp(time);
            uint256 items = (seed >> 32) % 5;
            try market.openSessions(SESSION, items) {
                opened += items;
            } catch {}
            assertLe(opened * 1 hours, 10 * (1 hours + time - START), "more than the bucket holds");
        }
    }

    // The automatic breaker.

    function test_row160_failuresOfFiveControllersThrottle() public {
        for (uint256 i; i < 4; ++i) {
            _failJob(_node(i));
        }
        _expectLevel(0, 0);
        uint256 time = _failJob(_node(4));
        _expectLevel(1, time + 1 hours);
        ICircuitBreaker.Metrics memory metrics = market.getCircuitBreakerMetrics();
        assertEq(metrics.failures, 5);
        assertEq(metrics.suspicious, 5);
        assertEq(metrics.successes, 0);
        assertEq(metrics.lastIncident, time);
        // Level 1 slows callers down; it stops nobody.
        vm.startPrank(renter);
        market.openSessions(SESSION, 10);
        vm.expectRevert(_limitedError(renter, 1, 0));
        market.openSessions(SESSION, 1);
        vm.stopPrank();
        vm.warp(time + 1 hours);
        _expectLevel(0, 0);
        market.openSessions(SESSION, 1_000);
    }

    function test_row160_rejectedResultsCountToo() public {
        connectProofs();
        vm.prank(owner);
        market.setFailureRules(3, 1 hours, 2 hours);
        for (uint256 i; i < 3; ++i) {
            address node = _node(i);
            uint256 jobId = postJob(1 ether);
            vm.prank(node);
            market.claimJob(jobId);
            vm.prank(node);
            market.submitResult(jobId, "bafkreiresult");
            proofs.reject(address(market), jobId);
        }
        _expectLevel(1, START + 2 hours);
    }

    function test_X36_oneControllerCannotRaiseIt() public {
        for (uint256 i; i < 10; ++i) {
            addNode(_node(i), makeAddr("one controller"));
            _failJob(_node(i));
        }
        _expectLevel(0, 0);
        ICircuitBreaker.Metrics memory metrics = market.getCircuitBreakerMetrics();
        assertEq(metrics.failures, 10);
        assertEq(metrics.suspicious, 1);
    }

    function test_X36_fastReleasesAndCheapJobsCannotRaiseIt() public {
        for (uint256 i; i < 10; ++i) {
            uint256 jobId = postJob(MIN_ETH);
            vm.prank(_node(i));
            market.claimJob(jobId);
            vm.prank(_node(i));
            market.submitResult(jobId, "bafkreiresult");
            vm.prank(renter);
            market.releasePayment(jobId);
        }
        _expectLevel(0, 0);
        ICircuitBreaker.Metrics memory metrics = market.getCircuitBreakerMetrics();
        assertEq(metrics.failures, 0);
        assertEq(metrics.suspicious, 0);
        assertEq(metrics.successes, 10);
        assertEq(metrics.lastIncident, 0);
    }

    function test_X36_cancelledExpiredAndAbandonedJobsAreNoFailures() public {
        uint256 cancelled = postJob(1 ether);
        postJob(1 ether);
        uint256 abandoned = postJob(1 ether);
        vm.prank(renter);
        market.cancelJob(cancelled);
        claim(abandoned);
        vm.prank(host);
        market.abandonClaim(abandoned);
        vm.warp(DEADLINE);
        market.claimExpired(abandoned);
        assertEq(market.getCircuitBreakerMetrics().failures, 0);
    }

    function test_row162_failuresLeaveTheWindow() public {
        uint256 first = _failJob(_node(0));
        vm.warp(first + 30 minutes);
        uint256 second = _failJob(_node(1));
        assertEq(market.getCircuitBreakerMetrics().failures, 2);
        vm.warp(first + 1 hours);
        ICircuitBreaker.Metrics memory metrics = market.getCircuitBreakerMetrics();
        assertEq(metrics.failures, 1);
        assertEq(metrics.suspicious, 1);
        vm.warp(second + 1 hours);
        metrics = market.getCircuitBreakerMetrics();
        assertEq(metrics.failures, 0);
        assertEq(metrics.lastIncident, second);
        // A controller counts again once its window is over.
        _failJob(_node(0));
        assertEq(market.getCircuitBreakerMetrics().suspicious, 1);
    }

    function test_failuresGoOnThrottlingWhileNewControllersFail() public {
        for (uint256 i; i < 5; ++i) {
            _failJob(_node(i));
        }
        vm.warp(_now() + 30 minutes);
        uint256 time = _failJob(_node(5));
        _expectLevel(1, time + 1 hours);
        _failJob(_node(5));
        _expectLevel(1, time + 1 hours);
    }

    function test_guardianEndsTheAutomaticThrottleAtOnce() public {
        for (uint256 i; i < 5; ++i) {
            _failJob(_node(i));
        }
        vm.prank(guardian);
        market.unpause();
        _expectLevel(0, 0);
    }

    function test_timelocksLevelEndsTheAutomaticThrottle() public {
        for (uint256 i; i < 5; ++i) {
            _failJob(_node(i));
        }
        vm.startPrank(owner);
        market.setCircuitBreakerLevel(2);
        vm.warp(_now() + 1 hours);
        market.setCircuitBreakerLevel(0);
        vm.stopPrank();
        _expectLevel(0, 0);
    }

    function test_failureRulesAreGovernedWithinBounds() public {
        (uint256 threshold, uint256 window, uint256 period) = market.failureRules();
        assertEq(threshold, 5);
        assertEq(window, 1 hours);
        assertEq(period, 1 hours);
        vm.startPrank(owner);
        vm.expectRevert(_settingError("threshold", 2, 3, 1_000));
        market.setFailureRules(2, 1 hours, 1 hours);
        vm.expectRevert(_settingError("window", 7 days + 1, 10 minutes, 7 days));
        market.setFailureRules(3, 7 days + 1, 1 hours);
        vm.expectRevert(_settingError("period", 1 days + 1, 10 minutes, 1 days));
        market.setFailureRules(3, 1 hours, 1 days + 1);
        vm.expectEmit(address(market));
        emit ICircuitBreaker.FailureRulesSet(1_000, 7 days, 1 days);
        market.setFailureRules(1_000, 7 days, 1 days);
        vm.stopPrank();
        (threshold, window, period) = market.failureRules();
        assertEq(threshold, 1_000);
        assertEq(window, 7 days);
        assertEq(period, 1 days);
    }

    function _pause() private {
        vm.prank(guardian);
        market.emergencyPause("reason");
    }

    /// @dev A job of the shortest kind, claimed by `node` and left. Each is posted by another renter.
    function _failJob(address node) private returns (uint256 time) {
        time = _now() + 60;
        hoax(address(uint160(uint256(keccak256(abi.encode(time, node))))), 1 ether);
        uint256 jobId = market.createJob{value: 1 ether}("llama-70b", 0, 1 ether, time);
        vm.prank(node);
        market.claimJob(jobId);
        vm.warp(time);
        market.claimExpired(jobId);
    }

    function _node(uint256 i) private returns (address node) {
        node = address(uint160(0xabcd00 + i));
        if (!registry.isAcceptingNode(node)) addNode(node, node);
    }

    /// @dev A call, so that the compiler cannot keep an earlier reading.
    function _now() private view returns (uint256) {
        return this.clock();
    }

    function clock() external view returns (uint256) {
        return block.timestamp;
    }

    function _expectLevel(uint8 level, uint256 until) private view {
        (uint8 actual, uint256 actualUntil) = market.circuitBreakerLevel();
        assertEq(actual, level, "level");
        assertEq(actualUntil, until, "until");
    }

    function _pausedError(bytes4 selector, uint8 level, uint256 until) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ICircuitBreaker.BreakerPaused.selector, selector, level, until);
    }

    function _limitedError(address caller, uint256 asked, uint256 available) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ICircuitBreaker.BreakerRateLimited.selector, caller, asked, available);
    }

    function _settingError(string memory field, uint256 value, uint256 minimum, uint256 maximum)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(
            ICircuitBreaker.BreakerSettingOutOfRange.selector, field, value, minimum, maximum
        );
    }
}
