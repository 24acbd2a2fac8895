// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";
import {IStakerRewards} from "../interfaces/IStakerRewards.sol";
import {IStakingTiers} from "../interfaces/IStakingTiers.sol";
import {StakersPoolFixture} from "../mocks/StakersPoolFixture.sol";
import {StakedVotes} from "./StakedVotes.sol";
import {StakersPool} from "./StakersPool.sol";

/// @notice Positions, locks and votes.
contract StakersPoolTest is StakersPoolFixture {
    IStakingTiers.Tier private constant FLEXIBLE = IStakingTiers.Tier.Flexible;
    IStakingTiers.Tier private constant BRONZE = IStakingTiers.Tier.Bronze;
    IStakingTiers.Tier private constant SILVER = IStakingTiers.Tier.Silver;
    IStakingTiers.Tier private constant GOLD = IStakingTiers.Tier.Gold;
    IStakingTiers.Tier private constant PLATINUM = IStakingTiers.Tier.Platinum;

    function test_stakingOpensAPositionAndPullsTheFab() public {
        vm.expectEmit(address(pool));
        emit IStakingTiers.Staked(alice, 0, BRONZE, 6_000e18, START + 30 days);
        assertEq(stake(alice, BRONZE, 6_000e18), 0);
        assertEq(stake(alice, FLEXIBLE, 1), 1);

        IStakingTiers.Position memory position = pool.position(alice, 0);
        assertEq(position.amount, 6_000e18);
        assertEq(position.unlocksAt, START + 30 days);
        assertEq(uint256(position.tier), uint256(BRONZE));
        assertEq(pool.position(alice, 2).amount, 0);
        assertEq(pool.positionCount(alice), 2);
        assertEq(pool.totalStaked(), 6_000e18 + 1);
        assertEq(fab.balanceOf(address(pool)), 6_000e18 + 1);
        assertEq(pool.fab(), address(fab));
    }

    /// Row 100.
    function test_X45_multipliersAreOfTenThousand() public {
        _expectTier(FLEXIBLE, 1, 0, 5_000, 10_000);
        _expectTier(BRONZE, 5_000e18, 30 days, 7_500, 10_000);
        _expectTier(SILVER, 10_000e18, 90 days, 10_000, 10_000);
        _expectTier(GOLD, 50_000e18, 180 days, 12_500, 15_000);
        _expectTier(PLATINUM, 100_000e18, 365 days, 15_000, 20_000);

        // Half the reward of a silver position of the same size, and not a twentieth.
        stake(alice, FLEXIBLE, 10_000e18);
        stake(bob, SILVER, 10_000e18);
        notifyEth(3 ether);
        pass(WEEK);
        assertEq(pool.earned(alice, ETH), 1 ether);
        assertEq(pool.earned(bob, ETH), 2 ether);
        assertEq(pool.weightOf(alice), 10_000e18 * 5_000);
        assertEq(pool.totalWeight(), 10_000e18 * 15_000);
    }

    function test_aTierTakesItsMinimumAndNotAWeiLess() public {
        _expectBelow(FLEXIBLE, 0, 1);
        _expectBelow(BRONZE, 5_000e18 - 1, 5_000e18);
        _expectBelow(SILVER, 10_000e18 - 1, 10_000e18);
        _expectBelow(GOLD, 50_000e18 - 1, 50_000e18);
        _expectBelow(PLATINUM, 100_000e18 - 1, 100_000e18);
        stake(alice, PLATINUM, 100_000e18);
    }

    function test_aFlexiblePositionIsLeftAtAnyTimeAndInParts() public {
        uint256 before = fab.balanceOf(alice);
        stake(alice, FLEXIBLE, 10e18);
        unstake(alice, 0, 4e18);
        assertEq(pool.position(alice, 0).amount, 6e18);
        vm.expectEmit(address(pool));
        emit IStakingTiers.Unstaked(alice, 0, 6e18);
        unstake(alice, 0, 6e18);
        assertEq(fab.balanceOf(alice), before);
        assertEq(pool.totalStaked(), 0);
        assertEq(pool.totalWeight(), 0);

        vm.expectRevert(abi.encodeWithSelector(IStakingTiers.StakersPoolUnknownPosition.selector, alice, 0));
        unstake(alice, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(IStakingTiers.StakersPoolUnknownPosition.selector, alice, 7));
        unstake(alice, 7, 1);
    }

    function test_onlyWhatIsInAPositionLeavesIt() public {
        stake(alice, FLEXIBLE, 10e18);
        stake(bob, FLEXIBLE, 10e18);
        vm.expectRevert(
            abi.encodeWithSelector(IStakingTiers.StakersPoolInsufficientStake.selector, 0, 10e18 + 1, 10e18)
        );
        unstake(alice, 0, 10e18 + 1);
        vm.expectRevert(abi.encodeWithSelector(IStakingTiers.StakersPoolInsufficientStake.selector, 0, 0, 10e18));
        unstake(alice, 0, 0);
    }

    function test_aLockedPositionIsFreeFromItsEndOn() public {
        stake(alice, SILVER, 12_000e18);
        pass(90 days - 1);
        vm.expectRevert(abi.encodeWithSelector(IStakingTiers.StakersPoolLocked.selector, 0, START + 90 days));
        unstake(alice, 0, 1);
        pass(1);
        vm.expectRevert(abi.encodeWithSelector(IStakingTiers.StakersPoolNotLocked.selector, 0, START + 90 days));
        vm.prank(alice);
        pool.exitEarly(0);
        unstake(alice, 0, 2_000e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakingTiers.StakersPoolBelowMinimum.selector, SILVER, 10_000e18 - 1, 10_000e18
            )
        );
        unstake(alice, 0, 1);
        unstake(alice, 0, 10_000e18);
        assertEq(fab.balanceOf(alice), 20_000_000e18);
    }

    /// Row 100: a tenth, and it is the others'.
    function test_anEarlyExitPaysATenthToWhoStays() public {
        stake(alice, GOLD, 50_000e18);
        stake(bob, FLEXIBLE, 1e18);
        pass(1 days);
        vm.expectEmit(address(pool));
        emit IStakingTiers.ExitedEarly(alice, 0, 45_000e18, 5_000e18);
        vm.prank(alice);
        assertEq(pool.exitEarly(0), 45_000e18);
        assertEq(fab.balanceOf(alice), 20_000_000e18 - 5_000e18);
        assertEq(pool.totalStaked(), 1e18);

        pass(WEEK);
        assertEq(pool.earned(alice, address(fab)), 0);
        assertEq(claim(bob, address(fab)), 5_000e18);
        unstake(bob, 0, 1e18);
        assertEq(fab.balanceOf(address(pool)), 0);
    }

    /// The multiplier is the price of a lock: without one it would be taken from those who are locked.
    function test_anybodyMakesAPositionFlexibleAfterItsLock() public {
        stake(alice, PLATINUM, 100_000e18);
        assertEq(pool.getVotes(alice), 200_000e18);
        pass(365 days - 1);
        vm.expectRevert(abi.encodeWithSelector(IStakingTiers.StakersPoolLocked.selector, 0, START + 365 days));
        pool.lapse(alice, 0);
        pass(1);
        vm.expectEmit(address(pool));
        emit IStakingTiers.PositionLapsed(alice, 0);
        vm.prank(stranger);
        pool.lapse(alice, 0);
        assertEq(pool.weightOf(alice), 100_000e18 * 5_000);
        assertEq(pool.getVotes(alice), 100_000e18);
        vm.expectRevert(abi.encodeWithSelector(IStakingTiers.StakersPoolAlreadyFlexible.selector, alice, 0));
        pool.lapse(alice, 0);
        unstake(alice, 0, 1);
    }

    function test_aPositionIsLockedAnewButNeverForLess() public {
        stake(alice, SILVER, 60_000e18);
        pass(60 days);
        vm.startPrank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakingTiers.StakersPoolShorterLock.selector, 0, START + 60 days, START + 90 days
            )
        );
        pool.relock(0, FLEXIBLE);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakingTiers.StakersPoolBelowMinimum.selector, PLATINUM, 60_000e18, 100_000e18
            )
        );
        pool.relock(0, PLATINUM);
        vm.expectRevert(abi.encodeWithSelector(IStakingTiers.StakersPoolUnknownPosition.selector, alice, 1));
        pool.relock(1, GOLD);
        vm.expectEmit(address(pool));
        emit IStakingTiers.PositionRelocked(alice, 0, GOLD, START + 240 days);
        pool.relock(0, GOLD);
        vm.stopPrank();
        assertEq(pool.weightOf(alice), 60_000e18 * 12_500);
        assertEq(pool.getVotes(alice), 90_000e18);
        assertEq(pool.position(alice, 0).unlocksAt, START + 240 days);
        assertEq(pool.totalStaked(), 60_000e18);
    }

    function test_votesAreRememberedBySecond() public {
        stake(alice, GOLD, 50_000e18);
        stake(bob, FLEXIBLE, 10e18);
        pass(10);
        stake(bob, FLEXIBLE, 5e18);
        pass(10);
        unstake(bob, 0, 10e18);

        assertEq(pool.getVotes(alice), 75_000e18);
        assertEq(pool.getVotes(bob), 5e18);
        pass(1);
        assertEq(pool.getPastVotes(bob, START - 1), 0);
        assertEq(pool.getPastVotes(bob, START), 10e18);
        assertEq(pool.getPastVotes(bob, START + 10), 15e18);
        assertEq(pool.getPastVotes(bob, START + 20), 5e18);
        assertEq(pool.getPastExtraVotes(START - 1), 0);
        assertEq(pool.getPastExtraVotes(START + 9), 25_000e18);
        assertEq(pool.getPastExtraVotes(START + 20), 25_000e18);
        assertEq(pool.clock(), START + 21);
        assertEq(pool.CLOCK_MODE(), "mode=timestamp");
    }

    /// Extra votes come and go with their tier, however a position changes.
    function test_extraVotesFollowTheMultipliers() public {
        stake(alice, GOLD, 60_000e18);
        stake(bob, PLATINUM, 100_000e18);
        pass(1);
        assertEq(pool.getPastExtraVotes(START), 130_000e18);
        vm.prank(bob);
        pool.exitEarly(0);
        pass(180 days);
        unstake(alice, 0, 5_000e18);
        pass(1);
        assertEq(pool.getPastExtraVotes(START + 1), 30_000e18);
        assertEq(pool.getPastExtraVotes(START + 180 days + 1), 27_500e18);
        pool.lapse(alice, 0);
        pass(1);
        assertEq(pool.getPastExtraVotes(START + 180 days + 2), 0);
        assertEq(pool.getVotes(alice), 55_000e18);
    }

    /// A stake of one block must not count in a vote of that block.
    function test_votesOfTheRunningSecondAreNotAnswered() public {
        stake(alice, FLEXIBLE, 10e18);
        bytes memory refused = abi.encodeWithSelector(StakedVotes.StakersPoolFutureLookup.selector, START, START);
        vm.expectRevert(refused);
        pool.getPastVotes(alice, START);
        vm.expectRevert(refused);
        pool.getPastExtraVotes(START);
        unstake(alice, 0, 10e18);
        pass(1);
        assertEq(pool.getPastVotes(alice, START), 0);
    }

    function test_onlyTheOwnerListsTokensAndUpgrades() public {
        bytes memory refused =
            abi.encodeWithSelector(OwnableUpgradeable.OwnableUnauthorizedAccount.selector, stranger);
        address next = deployCode("StakersPool");
        vm.startPrank(stranger);
        vm.expectRevert(refused);
        pool.listRewardToken(address(7));
        vm.expectRevert(refused);
        pool.upgradeToAndCall(next, "");
        vm.stopPrank();

        stake(alice, GOLD, 50_000e18);
        vm.prank(owner);
        pool.upgradeToAndCall(next, "");
        assertEq(pool.position(alice, 0).amount, 50_000e18);
        assertEq(pool.owner(), owner);
    }

    function test_isInitializedOnceAndNeedsFab() public {
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        pool.initialize(stranger, address(fab), new address[](0));
        StakersPool implementation = StakersPool(payable(deployCode("StakersPool")));
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        implementation.initialize(stranger, address(fab), new address[](0));
        vm.expectRevert(IStakerRewards.StakersPoolZeroAddress.selector);
        deployer.deploy(
            "other",
            address(implementation),
            abi.encodeCall(StakersPool.initialize, (owner, address(0), new address[](0)))
        );
    }

    function _expectTier(
        IStakingTiers.Tier tier,
        uint256 minimum,
        uint256 lock,
        uint256 rewardBps,
        uint256 voteBps
    ) private view {
        IStakingTiers.Terms memory terms = pool.tierTerms(tier);
        assertEq(terms.minimum, minimum, "minimum");
        assertEq(terms.lock, lock, "lock");
        assertEq(terms.rewardBps, rewardBps, "reward");
        assertEq(terms.voteBps, voteBps, "vote");
    }

    function _expectBelow(IStakingTiers.Tier tier, uint256 amount, uint256 minimum) private {
        vm.expectRevert(
            abi.encodeWithSelector(IStakingTiers.StakersPoolBelowMinimum.selector, tier, amount, minimum)
        );
        stake(alice, tier, amount);
    }
}
