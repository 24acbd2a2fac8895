// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Test} from "../mocks/Test.sol";
import {RewardStream} from "./RewardStream.sol";

contract RewardStreamTest is Test {
    using RewardStream for RewardStream.Stream;

    uint256 private constant START = 1_800_000_000;
    uint256 private constant SCALE = 1e36;
    uint256 private constant WEEK = 7 days;

    function test_aRewardIsStreamedEvenlyOverAWeek() public pure {
        RewardStream.Stream memory stream = _fresh(7_000_000);
        assertEq(stream.endsAt, START + WEEK);
        stream = stream.advanced(10, START + 1 days);
        assertEq(stream.left, 6_000_000 * SCALE);
        assertEq(stream.perWeight, 100_000 * SCALE);
        stream = stream.advanced(10, START + WEEK);
        assertEq(stream.left, 0);
        assertEq(stream.perWeight, 700_000 * SCALE);
        stream = stream.advanced(10, START + 20 days);
        assertEq(stream.perWeight, 700_000 * SCALE, "after the end");
    }

    function test_withoutWeightItStandsStill() public pure {
        RewardStream.Stream memory stream = _fresh(7_000_000).advanced(10, START + 1 days);
        stream = stream.advanced(0, START + 100 days);
        assertEq(stream.left, 6_000_000 * SCALE);
        assertEq(stream.endsAt, START + 106 days);
        stream = stream.advanced(10, START + 101 days);
        assertEq(stream.left, 5_000_000 * SCALE);
    }

    function test_whatADivisionLeavesIsCarriedOver() public pure {
        RewardStream.Stream memory stream = _fresh(1).advanced(7e35, START + WEEK);
        assertEq(stream.perWeight, 1);
        assertEq(stream.remainder, 3e35);
        stream = stream.advanced(1e35, START + WEEK + 1);
        assertEq(stream.perWeight, 4);
        assertEq(stream.remainder, 0);
    }

    function test_theNewEndIsTheMeanOfBothByAmount() public pure {
        RewardStream.Stream memory stream = _fresh(3_000).advanced(1, START + WEEK - 1 days);
        uint256 left = stream.left;
        stream = stream.added(left * 3 / SCALE);
        assertApproxEqAbs(stream.endsAt - (START + WEEK - 1 days), (1 days + 3 * WEEK) / 4, 100);
    }

    /// Anyone may send dust: it must not hold back what others are about to earn.
    function test_dustMovesNoEnd() public pure {
        RewardStream.Stream memory stream = _fresh(250_000_000).advanced(1e22, START + 6 days);
        for (uint256 i; i < 100; ++i) {
            stream = stream.added(1);
        }
        assertLe(stream.endsAt, START + WEEK + 2);
        assertGe(stream.endsAt, START + WEEK);
    }

    /// Every second an update: 0.25 USDC are less than one unit a second, and still arrive evenly.
    function test_frequentUpdatesDelayNothing() public pure {
        RewardStream.Stream memory stream = _fresh(250_000);
        uint256 weight = 10_000_000e18 * 10_000;
        for (uint256 i = 1; i <= 1_000; ++i) {
            stream = stream.advanced(weight, START + i);
        }
        assertApproxEqAbs(weight * stream.perWeight / SCALE, uint256(250_000) * 1_000 / WEEK, 1);
    }

    function testFuzz_nothingIsLostOrMade(
        uint112 first,
        uint112 second,
        uint96[3] calldata weights,
        uint32[4] calldata pauses
    ) public pure {
        uint256 a = bound(first, 0, type(uint112).max / 2);
        uint256 b = bound(second, 1, type(uint112).max / 2);
        RewardStream.Stream memory stream = _fresh(a + 1);
        uint256 earned;
        uint256 time = START;
        for (uint256 i; i < 3; ++i) {
            uint256 weight = uint256(weights[i]) * 15_000;
            uint256 before = stream.perWeight;
            time += pauses[i] % 10 days;
            stream = stream.advanced(weight, time);
            earned += weight * (stream.perWeight - before);
            assertEq(stream.left + stream.remainder + earned, (a + 1 + (i > 1 ? b : 0)) * SCALE);
            if (i == 1) stream = stream.added(b);
        }
        uint256 last = stream.perWeight;
        stream = stream.advanced(1, time + WEEK + pauses[3]);
        assertEq(earned + stream.perWeight - last, (a + 1 + b) * SCALE, "all arrives");
        assertEq(stream.left, 0);
    }

    /// A stream that nears its end must not carry a new reward out with it.
    function testFuzz_aCommonRateIsNeverAboveTheSumOfBoth(uint96 first, uint96 second, uint32 elapsed) public pure {
        uint256 a = bound(first, 1, type(uint96).max);
        uint256 b = bound(second, 1, type(uint96).max);
        uint256 gone = bound(elapsed, 0, WEEK - 1);
        RewardStream.Stream memory stream = _fresh(a).advanced(1, START + gone);
        (uint256 left, uint256 remaining) = (stream.left, WEEK - gone);
        stream = stream.added(b);
        uint256 period = stream.endsAt - stream.updatedAt;
        assertGe(period, remaining, "an end came nearer");
        assertLe(period, WEEK, "longer than a stream of its own");
        // The end is rounded down to a second: compare with one second more.
        uint256 together = Math.mulDiv(stream.left, 1, period + 1);
        assertLe(together, left / remaining + b * SCALE / WEEK + 2);
    }

    function _fresh(uint256 amount) private pure returns (RewardStream.Stream memory stream) {
        stream = stream.advanced(0, START).added(amount);
    }
}
