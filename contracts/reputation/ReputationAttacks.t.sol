// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IHostReputation} from "../interfaces/IHostReputation.sol";
import {ReputationFixture} from "../mocks/ReputationFixture.sol";

/// @notice X-60: no score without work that somebody else has paid for, and decay that reaches everyone.
contract ReputationAttacksTest is ReputationFixture {
    uint256 private constant MONTH = 30 days;

    function test_X60_freeAndCheapJobsBringNothing() public {
        for (uint256 i; i < 21; ++i) {
            _assertNothing(job(newRenter(), usdc, i % 2 == 0 ? 0 : MIN_FEE - 1, true), _feeTooSmall());
        }
        _assertNothing(job(newRenter(), address(0), 1 ether, true), _feeTooSmall());
        vm.prank(owner);
        reputation.setMinReputationFee(address(0), 0.00003 ether);
        report(job(newRenter(), address(0), 0.00003 ether, true), true);
        assertEq(score(), 110);
        vm.prank(owner);
        reputation.setMinReputationFee(address(0), 0);
        _assertNothing(job(newRenter(), address(0), 1 ether, true), _feeTooSmall());
    }

    function test_X60_selfDealingBringsNothing() public {
        _assertNothing(completedJob(host), IHostReputation.Outcome.NotArmsLength);
        // Both of one controller, whichever controls the other.
        registerControlled(host, renter);
        _assertNothing(completedJob(renter), IHostReputation.Outcome.NotArmsLength);
        address operator = makeAddr("operator");
        address sibling = makeAddr("sibling");
        registerControlled(controller, operator);
        registerControlled(controller, sibling);
        host = operator;
        _assertNothing(completedJob(controller), IHostReputation.Outcome.NotArmsLength);
        _assertNothing(completedJob(sibling), IHostReputation.Outcome.NotArmsLength);
        report(completedJob(stranger), true);
        assertEq(score(), 110);
    }

    /// Leaving before the job is recorded does not hide who controlled whom.
    function test_X60_leavingDoesNotHideTheController() public {
        address operator = makeAddr("operator");
        registerControlled(controller, operator);
        host = operator;
        uint256 jobId = completedJob(controller);
        vm.prank(operator);
        registry.unregisterNode();
        _assertNothing(jobId, IHostReputation.Outcome.NotArmsLength);
    }

    /// A controlled host may control nodes of its own.
    function test_X60_nodesOfTheHostAreNotItsCustomers() public {
        address operator = makeAddr("operator");
        registerControlled(controller, operator);
        registerControlled(operator, renter);
        host = operator;
        _assertNothing(completedJob(renter), IHostReputation.Outcome.NotArmsLength);
    }

    function test_X60_ratingOfAJobThatDoesNotCountChangesNothing() public {
        uint256[2] memory jobs = [completedJob(host), job(host, usdc, 0, true)];
        for (uint256 i; i < 2; ++i) {
            vm.expectEmit(address(reputation));
            emit IHostReputation.HostRated(host, jobs[i], host, 5, false, 100, "the best");
            vm.prank(host);
            reputation.rateHost(host, jobs[i], 5, "the best");
        }
        assertEq(score(), 100);
        assertEq(reputation.averageRating(host), 0);
        assertEq(reputation.performance(host).ratings, 0);
    }

    function test_X60_pairGainsOnceInSevenDays() public {
        report(completedJob(renter), true);
        vm.warp(START + 7 days - 1);
        uint256 early = completedJob(renter);
        vm.expectEmit(address(reputation));
        emit IHostReputation.JobCompletionRecorded(early, host, IHostReputation.Outcome.PairTooSoon, 110);
        report(early, true);
        vm.prank(renter);
        reputation.rateHost(host, early, 5, "");
        assertEq(score(), 110, "and no bonus for it");
        assertEq(reputation.averageRating(host), 500, "but it is a rating");
        assertEq(reputation.performance(host).completed, 2);
        vm.warp(START + 7 days);
        report(completedJob(renter), true);
        assertEq(score(), 120);
    }

    function test_X60_atMostTwentyGainsADay() public {
        uint256 midnight = (START / 1 days + 1) * 1 days;
        vm.warp(midnight);
        for (uint256 i; i < 20; ++i) {
            report(completedJob(newRenter()), true);
        }
        assertEq(score(), 300);
        address last = newRenter();
        uint256 over = completedJob(last);
        vm.expectEmit(address(reputation));
        emit IHostReputation.JobCompletionRecorded(over, host, IHostReputation.Outcome.DailyLimit, 300);
        report(over, true);
        vm.warp(midnight + 1 days - 1);
        report(completedJob(newRenter()), true);
        assertEq(score(), 300);
        vm.warp(midnight + 1 days);
        report(completedJob(last), true);
        assertEq(score(), 310, "the pair is free: it has gained nothing yet");
    }

    function test_X60_firstRecordedJobResetsNoScore() public {
        vm.prank(proofSystem);
        reputation.slashReputation(host, 30, "");
        report(completedJob(renter), true);
        assertEq(score(), 80);
    }

    function test_X60_row124_decayReachesWhoIsIdle() public {
        uint256 since = registry.registeredSince(host);
        uint256[5] memory daysIdle = [uint256(29), 30, 60, 400, 20_000];
        uint256[5] memory expected = [uint256(100), 95, 90, 48, 0];
        for (uint256 i; i < 5; ++i) {
            vm.warp(since + daysIdle[i] * 1 days);
            assertEq(score(), expected[i]);
        }
        assertFalse(reputation.isEligibleForIncentives(host));
    }

    /// A job a month does not hold the decay back.
    function test_X60_activityDoesNotStopDecay() public {
        uint256 since = registry.registeredSince(host);
        vm.warp(since + MONTH - 1);
        report(completedJob(renter), true);
        assertEq(score(), 110);
        vm.warp(since + MONTH);
        assertEq(score(), 104);
        vm.warp(since + MONTH + 29 days);
        report(completedJob(renter), true);
        assertEq(score(), 114);
        vm.warp(since + 2 * MONTH);
        assertEq(score(), 108);
    }

    function test_row124_decayIsBookedWithTheNextEvent() public {
        uint256 since = registry.registeredSince(host);
        vm.warp(since + 60 days);
        report(job(renter, usdc, 0, false), false);
        assertEq(score(), 70);
    }

    /// Against 0.95 to the power of the periods: all roundings together cost less than 1 / (1 - 0.95) = 20 points.
    function testFuzz_row124_decayIsCompoundAndNeverNegative(uint32 imported, uint32 idle) public {
        address[] memory hosts = new address[](1);
        hosts[0] = stranger;
        uint32[] memory scores = new uint32[](1);
        scores[0] = imported;
        vm.prank(migrator);
        reputation.importScores(hosts, scores);
        vm.warp(START + idle);

        uint256 periods = idle / MONTH;
        uint256 exact = uint256(imported) * 1e18;
        for (uint256 i; i < periods; ++i) {
            exact = exact * 95 / 100;
        }
        uint256 decayed = reputation.getReputation(stranger);
        assertLe(decayed, exact / 1e18);
        assertLe(exact / 1e18, decayed + 20);
    }

    /// Two looks at the clock decay as much as one.
    function testFuzz_row124_eventsInBetweenChangeNoDecay(uint16 firstDays, uint16 secondDays) public {
        address[] memory hosts = new address[](2);
        (hosts[0], hosts[1]) = (stranger, renter);
        uint32[] memory scores = new uint32[](2);
        (scores[0], scores[1]) = (1_000_000, 1_000_000);
        vm.prank(migrator);
        reputation.importScores(hosts, scores);
        uint256 time = START + uint256(firstDays) * 1 days;
        vm.warp(time);
        vm.prank(proofSystem);
        reputation.slashReputation(stranger, 0, "");
        vm.warp(time + uint256(secondDays) * 1 days);
        assertEq(reputation.getReputation(stranger), reputation.getReputation(renter));
    }

    /// The highest score that can be comes down to nothing in fewer than 400 rounds.
    function test_row124_decayIsBounded() public {
        address[] memory hosts = new address[](1);
        hosts[0] = stranger;
        uint32[] memory scores = new uint32[](1);
        scores[0] = type(uint32).max;
        vm.prank(migrator);
        reputation.importScores(hosts, scores);
        vm.warp(START + 400 * MONTH);
        assertEq(reputation.getReputation(stranger), 0);
        vm.warp(START + 400_000 * MONTH);
        uint256 before = gasleft();
        reputation.getReputation(stranger);
        assertLt(before - gasleft(), 500_000);
    }

    /// A gain at the highest score that can be neither wraps nor reverts.
    function test_row120_highestScoreStays() public {
        address[] memory hosts = new address[](1);
        hosts[0] = host;
        uint32[] memory scores = new uint32[](1);
        scores[0] = type(uint32).max;
        vm.prank(migrator);
        reputation.importScores(hosts, scores);
        report(completedJob(renter), true);
        assertEq(score(), type(uint32).max);
    }

    function _assertNothing(uint256 jobId, IHostReputation.Outcome outcome) private {
        uint256 before = score();
        uint256 completed = reputation.performance(host).completed;
        vm.expectEmit(address(reputation));
        emit IHostReputation.JobCompletionRecorded(jobId, host, outcome, before);
        report(jobId, true);
        assertEq(score(), before);
        assertEq(reputation.performance(host).completed, completed);
    }

    function _feeTooSmall() private pure returns (IHostReputation.Outcome) {
        return IHostReputation.Outcome.FeeTooSmall;
    }
}
