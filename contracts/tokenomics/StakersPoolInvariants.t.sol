// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IStakerRewards} from "../interfaces/IStakerRewards.sol";
import {IStakingTiers} from "../interfaces/IStakingTiers.sol";
import {StakersPoolFixture} from "../mocks/StakersPoolFixture.sol";
import {StakersPoolHandler} from "../mocks/StakersPoolHandler.sol";
import {FabToken} from "../tokens/FabToken.sol";
import {TestUsdc} from "../tokens/TestUsdc.sol";
import {StakersPool} from "./StakersPool.sol";

/// @dev The test runner calls only contracts whose source is a test file.
contract StakersPoolWalk is StakersPoolHandler {
    constructor(StakersPool pool_, FabToken fab_, TestUsdc usdc_, address[] memory stakers_, uint256 start)
        StakersPoolHandler(pool_, fab_, usdc_, stakers_, start)
    {}
}

contract StakersPoolInvariantsTest is StakersPoolFixture {
    StakersPoolWalk private walk;
    address[] private stakers;

    function setUp() public override {
        super.setUp();
        address carol = makeAddr("carol");
        fund(carol);
        stakers.push(alice);
        stakers.push(bob);
        stakers.push(carol);
        walk = new StakersPoolWalk(pool, fab, usdc, stakers, START);
        fab.transfer(address(walk), 30_000_000e18);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(walk);
    }

    /// hardhat-config: default.invariant.runs = 16
    /// hardhat-config: default.invariant.depth = 100
    function invariant_stakesAndRewardsAreThereInAnyOrderOfCalls() public view {
        assertEq(walk.violation(), "");
        uint256 staked;
        uint256 weights;
        uint256 votes;
        for (uint256 i; i < stakers.length; ++i) {
            (uint256 amount, uint256 weight, uint256 vote) = _sumOfPositions(stakers[i]);
            assertEq(pool.weightOf(stakers[i]), weight, "weight of a staker");
            assertEq(pool.getVotes(stakers[i]), vote, "votes of a staker");
            (staked, weights, votes) = (staked + amount, weights + weight, votes + vote);
        }
        assertEq(pool.totalStaked(), staked, "ledger of stakes");
        assertEq(pool.totalWeight(), weights, "sum of weights");
        address[] memory tokens = pool.rewardTokens();
        for (uint256 i; i < tokens.length; ++i) {
            _assertRewards(tokens[i], tokens[i] == address(fab) ? staked : 0);
        }
    }

    /// What the walk never reaches, the invariant says nothing about.
    function test_walkTakesEveryAction() public {
        string[9] memory actions =
            ["stake", "unstake", "exitEarly", "lapse", "relock", "notify", "transfer", "claim", "warp"];
        for (uint256 i; i < 600; ++i) {
            (bool success,) = address(walk).call(_step(uint256(keccak256(abi.encode(i)))));
            success;
        }
        assertEq(walk.violation(), "");
        for (uint256 i; i < actions.length; ++i) {
            assertGt(walk.successes(actions[i]), 1, actions[i]);
        }
        invariant_stakesAndRewardsAreThereInAnyOrderOfCalls();
    }

    /// Exact but for less than a unit for each staker and for the stream.
    function _assertRewards(address token, uint256 staked) private view {
        IStakerRewards.RewardState memory state = pool.rewardState(token);
        assertEq(state.notified, walk.notified(token), "notified");
        assertEq(state.paid, walk.claimed(token), "claims");
        uint256 owed = state.unallocated;
        for (uint256 i; i < stakers.length; ++i) {
            owed += pool.earned(stakers[i], token);
        }
        assertLe(owed, state.notified - state.paid, "more owed than booked");
        assertLe(state.notified - state.paid - owed, stakers.length + 1, "rewards were lost");
        assertEq(balanceOf(address(pool), token), staked + state.notified - state.paid, "balance");
        assertLe(state.endsAt, walk.clock() + WEEK, "a stream beyond its duration");
    }

    function _sumOfPositions(address staker)
        private
        view
        returns (uint256 amount, uint256 weight, uint256 votes)
    {
        uint256 count = pool.positionCount(staker);
        for (uint256 id; id < count; ++id) {
            IStakingTiers.Position memory position = pool.position(staker, id);
            IStakingTiers.Terms memory terms = pool.tierTerms(position.tier);
            amount += position.amount;
            weight += uint256(position.amount) * terms.rewardBps;
            votes += uint256(position.amount) * terms.voteBps / 10_000;
        }
    }

    function _step(uint256 word) private view returns (bytes memory) {
        (uint8 a, uint8 b, uint96 amount) = (uint8(word >> 8), uint8(word >> 16), uint96(word >> 24));
        bytes[7] memory steps = [
            abi.encodeCall(walk.stake, (a, b, amount)),
            abi.encodeCall(walk.unstake, (a, b, amount, amount % 2 == 0)),
            abi.encodeCall(walk.exitEarly, (a, b)),
            abi.encodeCall(walk.relockOrLapse, (a, b, uint8(word >> 128))),
            abi.encodeCall(walk.reward, (a, amount, b % 2 == 0)),
            abi.encodeCall(walk.claim, (a, b)),
            abi.encodeCall(walk.warp, (uint32(amount)))
        ];
        return steps[word % 7];
    }
}
