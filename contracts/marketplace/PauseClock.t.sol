// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {Test} from "../mocks/Test.sol";
import {PauseClock} from "./PauseClock.sol";

contract PauseClockHolder {
    using PauseClock for PauseClock.Clock;

    PauseClock.Clock private _clock;

    function start(uint256 time) external returns (uint256) {
        return _clock.start(time);
    }

    function finish(uint256 time) external {
        _clock.finish(time);
    }

    function used(uint256 time) external view returns (uint256) {
        return _clock.used(time);
    }

    function cooldownEnds() external view returns (uint256) {
        return _clock.cooldownEnds();
    }
}

contract PauseClockTest is Test {
    uint256 private constant START = 1_800_000_000;

    PauseClockHolder private clock;

    function setUp() public {
        clock = new PauseClockHolder();
    }

    function test_firstPauseLasts72Hours() public {
        assertEq(clock.cooldownEnds(), 0);
        assertEq(clock.start(START), START + 72 hours);
        assertEq(clock.used(START + 1 hours), 1 hours);
        assertEq(clock.used(START + 30 days), 72 hours);
        assertEq(clock.cooldownEnds(), START + 10 days);
    }

    function test_earlyEndShortensThePauseAndItsCooldown() public {
        clock.start(START);
        clock.finish(START + 2 hours);
        assertEq(clock.used(START + 1 days), 2 hours);
        assertEq(clock.cooldownEnds(), START + 7 days + 2 hours);
    }

    function test_X37_nextPauseWaitsSevenDays() public {
        clock.start(START);
        vm.expectRevert(abi.encodeWithSelector(ICircuitBreaker.BreakerCooldown.selector, START + 10 days));
        clock.start(START + 10 days - 1);
        assertEq(clock.start(START + 10 days), START + 13 days);
    }

    function test_X37_tenDaysInNinety() public {
        for (uint256 i; i < 3; ++i) {
            assertEq(clock.start(START + i * 10 days), START + i * 10 days + 3 days);
        }
        // Nine days are spent: the fourth gets what is left, the fifth nothing.
        assertEq(clock.start(START + 30 days), START + 31 days);
        vm.expectRevert(abi.encodeWithSelector(ICircuitBreaker.BreakerBudgetSpent.selector, 10 days, 10 days));
        clock.start(START + 38 days);
        vm.expectRevert(
            abi.encodeWithSelector(ICircuitBreaker.BreakerBudgetSpent.selector, 10 days - 1 hours + 1, 10 days)
        );
        clock.start(START + 90 days + 1 hours - 1);
        assertEq(clock.start(START + 90 days + 1 hours), START + 90 days + 2 hours);
    }

    function test_usedIsDefinedOnAYoungChain() public {
        clock.start(100);
        assertEq(clock.used(1100), 1000);
    }

    /// Whatever a guardian tries, no 90 days hold more than 10 days of pauses, and no pause follows another within 7.
    function testFuzz_X37_noHistoryBreaksTheLimits(uint256 seed) public {
        uint256 count;
        uint256[] memory since = new uint256[](40);
        uint256[] memory until = new uint256[](40);
        uint256 time = START;
        for (uint256 i; i < 40; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            time += seed % 4 == 0 ? seed % 30 days : seed % 8 days;
            try clock.start(time) returns (uint256 end) {
                assertLe(end - time, 72 hours, "too long");
                assertGe(end - time, 1 hours, "too short to be of use");
                if (count != 0) assertGe(time, until[count - 1] + 7 days, "no cooldown");
                if ((seed >> 32) % 3 == 0) {
                    end = bound(seed >> 40, time + 1 hours, end);
                    clock.finish(end);
                }
                (since[count], until[count]) = (time, end);
                time = end;
                ++count;
            } catch {}
            _assertBudget(since, until, count);
        }
    }

    /// The sum over a window is largest when the window ends with a pause.
    function _assertBudget(uint256[] memory since, uint256[] memory until, uint256 count) private pure {
        for (uint256 last; last < count; ++last) {
            uint256 from = until[last] - 90 days;
            uint256 sum;
            for (uint256 i; i <= last; ++i) {
                if (until[i] > from) sum += until[i] - (since[i] > from ? since[i] : from);
            }
            assertLe(sum, 10 days, "budget");
        }
    }
}
