// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IStakerRewards} from "../interfaces/IStakerRewards.sol";
import {IStakersPool} from "../interfaces/IStakersPool.sol";
import {IStakingTiers} from "../interfaces/IStakingTiers.sol";
import {
    BlacklistingToken,
    CallbackToken,
    FeeOnTransferToken,
    MintableToken
} from "../mocks/HostileTokens.sol";
import {ReentrantWallet, RejectingWallet, Wallet} from "../mocks/HostileReceivers.sol";
import {StakersPoolFixture} from "../mocks/StakersPoolFixture.sol";

/// @notice What stakers earn, and the attacks on it.
contract StakerRewardsTest is StakersPoolFixture {
    IStakingTiers.Tier private constant FLEXIBLE = IStakingTiers.Tier.Flexible;

    /// Row 99: two stakers, two reward tokens, and who comes later has no part in the past.
    function test_aLateJoinerGetsNothingOfThePast() public {
        stake(alice, FLEXIBLE, 100e18);
        notifyEth(7 ether);
        notifyUsdc(70e6);
        pass(WEEK);
        stake(bob, FLEXIBLE, 300e18);
        assertEq(pool.earned(bob, ETH), 0);
        assertEq(pool.earned(bob, address(usdc)), 0);
        notifyEth(4 ether);
        notifyUsdc(8e6);
        pass(WEEK);

        assertEq(claim(alice, ETH), 8 ether);
        assertEq(claim(alice, address(usdc)), 72e6);
        assertEq(claim(bob, ETH), 3 ether);
        assertEq(claim(bob, address(usdc)), 6e6);
        assertEq(alice.balance, 8 ether);
        assertEq(usdc.balanceOf(bob), 6e6);
        assertEq(address(pool).balance, 0);
        assertEq(claim(alice, ETH), 0, "twice");
    }

    function test_stakingJustBeforeADistributionGainsNothing() public {
        stake(alice, FLEXIBLE, 100e18);
        stake(bob, FLEXIBLE, 9_900e18);
        notifyEth(7 ether);
        unstake(bob, 0, 9_900e18);
        assertEq(pool.earned(bob, ETH), 0);
        pass(WEEK);
        assertEq(pool.earned(alice, ETH), 7 ether);
        assertEq(pool.earned(bob, ETH), 0);
    }

    function test_whoStaysADayEarnsADay() public {
        stake(alice, FLEXIBLE, 100e18);
        stake(bob, FLEXIBLE, 100e18);
        notifyEth(7 ether);
        pass(1 days);
        unstake(bob, 0, 100e18);
        pass(6 days);
        assertEq(pool.earned(alice, ETH), 6.5 ether);
        assertEq(pool.earned(bob, ETH), 0.5 ether);
    }

    /// What the marketplace's `distributeFees` sends: ETH without data, tokens by transfer.
    function test_X43_plainTransfersAreRewards() public {
        stake(alice, FLEXIBLE, 100e18);
        vm.expectEmit(address(pool));
        emit IStakerRewards.RewardNotified(ETH, address(this), 2 ether, START + WEEK);
        (bool success,) = address(pool).call{value: 2 ether}("");
        assertTrue(success);
        (success,) = address(pool).call("");
        assertTrue(success, "a share of nothing");

        usdc.mint(address(pool), 30e6);
        assertEq(pool.rewardState(address(usdc)).notified, 0);
        vm.prank(stranger);
        assertEq(pool.sync(address(usdc)), 30e6);
        assertEq(pool.sync(address(usdc)), 0);
        assertEq(pool.sync(ETH), 0);
        pass(WEEK);
        vm.prank(alice);
        pool.claimAll();
        assertEq(alice.balance, 2 ether);
        assertEq(usdc.balanceOf(alice), 30e6);
    }

    function test_X43_aNotificationIsPaidInTheSameCall() public {
        // What is resident is nobody's payment.
        usdc.mint(address(pool), 100e6);
        (bool success,) = address(pool).call{value: 10 ether}("");
        assertTrue(success);
        vm.expectRevert(abi.encodeWithSelector(IStakerRewards.StakersPoolWrongValue.selector, 0, 1 ether));
        pool.notifyReward(ETH, 1 ether);
        vm.expectRevert(abi.encodeWithSelector(IStakerRewards.StakersPoolWrongValue.selector, 1, 0));
        pool.notifyReward{value: 1}(address(usdc), 1e6);
        vm.prank(stranger);
        vm.expectRevert();
        pool.notifyReward(address(usdc), 1e6);
        // A fee that rounded to nothing stops nobody.
        pool.notifyReward(address(usdc), 0);
        pool.notifyReward(ETH, 0);
        assertEq(pool.rewardState(address(usdc)).notified, 0);
    }

    function test_X44_aChangeOfStakeMovesNothingOfThePast() public {
        stake(alice, FLEXIBLE, 100e18);
        stake(bob, FLEXIBLE, 100e18);
        notifyEth(14 ether);
        notifyUsdc(14e6);
        fab.transfer(address(pool), 14e18);
        pool.sync(address(fab));
        pass(1 days);
        uint256 claimed = claim(alice, address(fab));
        assertEq(claimed, 1e18);
        // Compounding: the claimed FAB is staked, and so are ten million more.
        stake(alice, FLEXIBLE, claimed);
        stake(alice, FLEXIBLE, 10_000_000e18);
        assertEq(pool.earned(alice, ETH), 1 ether);
        assertEq(pool.earned(alice, address(usdc)), 1e6);
        assertEq(pool.earned(bob, ETH), 1 ether);
        assertEq(pool.earned(bob, address(usdc)), 1e6);
        assertEq(pool.earned(bob, address(fab)), 1e18);
    }

    /// The original subtracted a larger debt from a smaller reward, and the stake was stuck.
    function test_X44_unstakingWithPendingRewardsKeepsThem() public {
        stake(alice, FLEXIBLE, 100e18);
        notifyEth(7 ether);
        pass(1 days);
        unstake(alice, 0, 60e18);
        unstake(alice, 0, 40e18);
        assertEq(pool.earned(alice, ETH), 1 ether);
        assertEq(claim(alice, ETH), 1 ether);
        // Nobody stakes: the stream stands still.
        pass(30 days);
        assertEq(pool.rewardState(ETH).unallocated, 6 ether);
        stake(bob, FLEXIBLE, 1);
        pass(6 days);
        assertEq(claim(bob, ETH), 6 ether);
        IStakerRewards.RewardState memory state = pool.rewardState(ETH);
        assertEq(state.notified, 7 ether);
        assertEq(state.paid, 7 ether);
        assertEq(state.unallocated, 0);
    }

    function test_X44_stakedFabIsNeverAReward() public {
        stake(alice, FLEXIBLE, 100e18);
        assertEq(pool.sync(address(fab)), 0);
        fab.transfer(address(pool), 5e18);
        assertEq(pool.sync(address(fab)), 5e18);
        pass(WEEK);
        assertEq(claim(alice, address(fab)), 5e18);
        assertEq(fab.balanceOf(address(pool)), 100e18);
        unstake(alice, 0, 100e18);
    }

    function test_aRewardBeforeTheFirstStakeWaits() public {
        notifyEth(7 ether);
        pass(365 days);
        stake(alice, FLEXIBLE, 1e18);
        assertEq(pool.earned(alice, ETH), 0);
        assertEq(pool.rewardState(ETH).endsAt, time + WEEK);
        pass(1 days);
        assertEq(pool.earned(alice, ETH), 1 ether);
    }

    /// At a scale of 1e18 each of these shares would be zero.
    function testFuzz_aQuarterDollarReachesTenMillionFab(uint96 first, uint32 pokes) public {
        uint256 amount = bound(first, 1, 9_999_999e18);
        stake(alice, FLEXIBLE, amount);
        stake(bob, FLEXIBLE, 10_000_000e18 - amount);
        notifyUsdc(0.25e6);
        uint256 steps = pokes % 20;
        for (uint256 i; i < steps; ++i) {
            pass(WEEK / 20);
            claim(i % 2 == 0 ? alice : bob, address(usdc));
        }
        pass(WEEK);
        claim(alice, address(usdc));
        claim(bob, address(usdc));
        uint256 exact = 0.25e6 * amount / 10_000_000e18;
        assertApproxEqAbs(usdc.balanceOf(alice), exact, 1);
        assertApproxEqAbs(usdc.balanceOf(alice) + usdc.balanceOf(bob), 0.25e6, 1);
        assertLe(usdc.balanceOf(alice) + usdc.balanceOf(bob), 0.25e6);
    }

    /// One wei against the whole supply, the largest reward that is booked, and still everybody leaves.
    function testFuzz_noSizeBlocksAnExit(uint96 stakeSize, uint112 rewardSize, uint32 duration) public {
        MintableToken token = new MintableToken();
        _list(address(token));
        uint256 amount = bound(stakeSize, 1, 20_000_000e18);
        uint256 reward = bound(rewardSize, 1, type(uint112).max);
        stake(alice, FLEXIBLE, 1);
        token.mint(address(this), reward);
        token.approve(address(pool), reward);
        pool.notifyReward(address(token), reward);
        pass(bound(duration, 0, 30 days));
        stake(bob, FLEXIBLE, amount);
        pass(WEEK);
        uint256 paid = claim(alice, address(token)) + claim(bob, address(token));
        assertLe(paid, reward);
        assertLe(reward - paid, 2);
        unstake(alice, 0, 1);
        unstake(bob, 0, amount);
    }

    function test_rewardsBeyondTheBookAreRefused() public {
        MintableToken token = new MintableToken();
        _list(address(token));
        token.mint(address(this), 2 ** 112);
        token.approve(address(pool), 2 ** 112);
        pool.notifyReward(address(token), 2 ** 112 - 1);
        vm.expectRevert();
        pool.notifyReward(address(token), 1);
    }

    function test_theListOfRewardsIsBounded() public {
        for (uint160 i = 1; i <= 5; ++i) {
            _list(address(i));
        }
        assertEq(pool.rewardTokens().length, 8);
        vm.startPrank(owner);
        vm.expectRevert(abi.encodeWithSelector(IStakerRewards.StakersPoolTooManyRewards.selector, 8));
        pool.listRewardToken(address(6));
        vm.expectRevert(abi.encodeWithSelector(IStakerRewards.StakersPoolRewardListed.selector, address(usdc)));
        pool.listRewardToken(address(usdc));
        vm.stopPrank();
    }

    function test_tokensOutsideTheListAreRefused() public {
        MintableToken token = new MintableToken();
        token.mint(address(this), 1);
        token.approve(address(pool), 1);
        bytes memory refused =
            abi.encodeWithSelector(IStakerRewards.StakersPoolRewardUnknown.selector, address(token));
        vm.expectRevert(refused);
        pool.notifyReward(address(token), 1);
        vm.expectRevert(refused);
        pool.sync(address(token));
        vm.expectRevert(refused);
        pool.claim(address(token));
        vm.expectRevert(refused);
        pool.earned(alice, address(token));
        vm.expectRevert(refused);
        pool.rewardState(address(token));
        // Listed later, it is a reward from then on.
        token.transfer(address(pool), 1);
        _list(address(token));
        stake(alice, FLEXIBLE, 1);
        pool.sync(address(token));
        pass(WEEK);
        assertEq(claim(alice, address(token)), 1);
    }

    function test_aTokenThatKeepsAFeeIsRefused() public {
        FeeOnTransferToken token = new FeeOnTransferToken();
        _list(address(token));
        token.mint(address(this), 100);
        token.approve(address(pool), 100);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakerRewards.StakersPoolTransferMismatch.selector, address(token), 99, 100
            )
        );
        pool.notifyReward(address(token), 100);
    }

    function test_aBlockedTokenHoldsNoStakeAndNoOtherReward() public {
        BlacklistingToken token = new BlacklistingToken();
        _list(address(token));
        stake(alice, FLEXIBLE, 10e18);
        token.mint(address(pool), 10);
        pool.sync(address(token));
        notifyEth(1 ether);
        pass(WEEK);
        token.blacklist(alice);
        bytes memory refused = abi.encodeWithSelector(BlacklistingToken.Blacklisted.selector, alice);
        vm.startPrank(alice);
        vm.expectRevert(refused);
        pool.claimAll();
        vm.expectRevert(refused);
        pool.claim(address(token));
        assertEq(pool.claim(ETH), 1 ether);
        pool.unstake(0, 10e18);
        vm.expectRevert(IStakerRewards.StakersPoolZeroAddress.selector);
        pool.claim(address(token), address(0));
        assertEq(pool.claim(address(token), bob), 10);
        vm.stopPrank();
        assertEq(token.balanceOf(bob), 10);
    }

    function test_whoRejectsEthBlocksOnlyItself() public {
        RejectingWallet wallet = new RejectingWallet();
        _stakeAs(wallet, 10e18);
        stake(alice, FLEXIBLE, 10e18);
        notifyEth(2 ether);
        pass(WEEK);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakerRewards.StakersPoolEthTransferFailed.selector, address(wallet), 1 ether
            )
        );
        wallet.run(address(pool), 0, abi.encodeWithSignature("claim(address)", ETH));
        assertEq(claim(alice, ETH), 1 ether);
        wallet.run(address(pool), 0, abi.encodeWithSignature("claim(address,address)", ETH, bob));
        assertEq(bob.balance, 1 ether);
    }

    function test_X01_reenteringWhilePaidGainsNothing() public {
        CallbackToken token = new CallbackToken();
        _list(address(token));
        ReentrantWallet wallet = new ReentrantWallet();
        _stakeAs(wallet, 10e18);
        stake(alice, FLEXIBLE, 10e18);
        notifyEth(2 ether);
        token.mint(address(pool), 200);
        pool.sync(address(token));
        pass(WEEK);
        bytes[] memory attacks = new bytes[](6);
        attacks[0] = abi.encodeWithSignature("claim(address)", ETH);
        attacks[1] = abi.encodeWithSignature("claim(address,address)", address(token), address(wallet));
        attacks[2] = abi.encodeCall(pool.claimAll, ());
        attacks[3] = abi.encodeCall(pool.sync, (address(token)));
        attacks[4] = abi.encodeCall(pool.unstake, (0, 10e18));
        attacks[5] = abi.encodeCall(IStakersPool.notifyReward, (address(token), 0));
        wallet.arm(address(pool), attacks);
        wallet.run(address(pool), 0, abi.encodeCall(pool.claimAll, ()));
        assertGe(wallet.attempts(), 12);
        assertEq(wallet.successes(), 0);
        assertEq(address(wallet).balance, 1 ether);
        assertEq(token.balanceOf(address(wallet)), 100);
        assertEq(claim(alice, ETH), 1 ether);
    }

    function _stakeAs(Wallet wallet, uint256 amount) private {
        fab.transfer(address(wallet), amount);
        wallet.run(address(fab), 0, abi.encodeCall(fab.approve, (address(pool), amount)));
        wallet.run(address(pool), 0, abi.encodeCall(pool.stake, (FLEXIBLE, amount)));
    }

    function _list(address token) private {
        vm.prank(owner);
        pool.listRewardToken(token);
    }
}
