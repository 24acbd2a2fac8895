// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IFabstirGovernor} from "../interfaces/IFabstirGovernor.sol";
import {IStakedVotes} from "../interfaces/IStakedVotes.sol";
import {IVotesAdapter} from "../interfaces/IVotesAdapter.sol";
import {GovernanceFixture} from "../mocks/GovernanceFixture.sol";
import {FabToken} from "../tokens/FabToken.sol";
import {FabstirGovernor} from "./FabstirGovernor.sol";
import {VotesAdapter} from "./VotesAdapter.sol";

/// Staking as the adapter sees it: FAB in, votes times a multiplier in checkpoints.
contract StakeBook is IStakedVotes {
    using Checkpoints for Checkpoints.Trace208;

    FabToken private immutable fab;
    uint256 private immutable multiplier;
    mapping(address => Checkpoints.Trace208) private votes;
    Checkpoints.Trace208 private extra;
    bool public broken;

    constructor(FabToken fab_, uint256 multiplier_) {
        (fab, multiplier) = (fab_, multiplier_);
    }

    function stake(uint256 amount) external {
        _add(int256(amount));
        fab.transferFrom(msg.sender, address(this), amount);
    }

    function unstake(uint256 amount) external {
        _add(-int256(amount));
        fab.transfer(msg.sender, amount);
    }

    function breakDown() external {
        broken = true;
    }

    function getVotes(address account) external view returns (uint256) {
        if (broken) revert();
        return votes[account].latest();
    }

    function getPastVotes(address account, uint256 timepoint) external view returns (uint256) {
        if (broken) revert();
        require(timepoint < block.timestamp, "future");
        return votes[account].upperLookupRecent(SafeCast.toUint48(timepoint));
    }

    function getPastExtraVotes(uint256 timepoint) external view returns (uint256) {
        if (broken) revert();
        require(timepoint < block.timestamp, "future");
        return extra.upperLookupRecent(SafeCast.toUint48(timepoint));
    }

    function clock() external view returns (uint48) {
        return uint48(block.timestamp);
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=timestamp";
    }

    function _add(int256 change) private {
        uint48 now_ = uint48(block.timestamp);
        int256 gained = change * int256(multiplier);
        votes[msg.sender].push(now_, uint208(uint256(int256(uint256(votes[msg.sender].latest())) + gained)));
        extra.push(now_, uint208(uint256(int256(uint256(extra.latest())) + gained - change)));
    }
}

contract BlockClock {
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=blocknumber&from=default";
    }
}

contract VotesAdapterTest is GovernanceFixture {
    address private immutable staker = makeAddr("staker");

    StakeBook private book;
    VotesAdapter private votes;

    function setUp() public {
        _deployGovernance();
        book = new StakeBook(fab, 2);
        votes = VotesAdapter(deployCode("VotesAdapter", abi.encode(fab, book)));
        _endow(staker, 600_000e18);
        vm.prank(staker);
        fab.approve(address(book), type(uint256).max);
        _wait(1);
    }

    function test_sumsHeldAndStakedVotes() public {
        vm.prank(staker);
        book.stake(200_000e18);
        assertEq(votes.getVotes(staker), 400_000e18 + 2 * 200_000e18);
        assertEq(votes.getPastVotes(staker, time - 1), 600_000e18);
        _wait(1);
        assertEq(votes.getPastVotes(staker, time - 1), 800_000e18);
        assertEq(votes.clock(), time);
        assertEq(votes.CLOCK_MODE(), "mode=timestamp");
        assertEq(votes.delegates(staker), staker);
        assertEq(address(votes.fab()), address(fab));
        assertEq(address(votes.staked()), address(book));
    }

    /// The quorum is a share of all votes: multipliers do not make a tenth of them easier to reach.
    function test_supplyIsAllVotesThatThereCanBe() public {
        assertEq(votes.getPastTotalSupply(time - 1), SUPPLY);
        vm.prank(staker);
        book.stake(600_000e18);
        _wait(1);
        assertEq(votes.getPastTotalSupply(time - 1), SUPPLY + 600_000e18);
        book.breakDown();
        assertEq(votes.getPastTotalSupply(time - 1), SUPPLY);
    }

    /// A staking contract that claims too many votes does not end governance.
    function test_supplyIsAtMostTwiceThatOfFab() public {
        book = new StakeBook(fab, 1_000);
        votes = VotesAdapter(deployCode("VotesAdapter", abi.encode(fab, book)));
        vm.startPrank(staker);
        fab.approve(address(book), type(uint256).max);
        book.stake(600_000e18);
        vm.stopPrank();
        _wait(1);
        assertEq(votes.getPastTotalSupply(time - 1), 2 * SUPPLY);
    }

    /// FAB that is staked after it was counted, or unstaked, or handed on, votes once in each second.
    function test_X57_fabDoesNotVoteHeldAndStaked() public {
        book = new StakeBook(fab, 1);
        votes = VotesAdapter(deployCode("VotesAdapter", abi.encode(fab, book)));
        address friend = makeAddr("friend");
        vm.startPrank(staker);
        fab.approve(address(book), type(uint256).max);
        uint256 t0 = time - 1;
        book.stake(600_000e18);
        _wait(1);
        uint256 t1 = time - 1;
        book.unstake(600_000e18);
        fab.transfer(friend, 600_000e18);
        vm.stopPrank();
        vm.startPrank(friend);
        fab.delegate(friend);
        _wait(1);
        uint256 t2 = time - 1;
        fab.approve(address(book), type(uint256).max);
        book.stake(600_000e18);
        vm.stopPrank();
        _wait(1);
        uint256[4] memory timepoints = [t0, t1, t2, time - 1];
        for (uint256 i; i < timepoints.length; ++i) {
            uint256 sum = votes.getPastVotes(staker, timepoints[i]) + votes.getPastVotes(friend, timepoints[i])
                + votes.getPastVotes(address(book), timepoints[i]);
            assertEq(sum, 600_000e18);
        }
        assertEq(fab.delegates(address(book)), address(0));
    }

    function testFuzz_X57_votesWithoutMultiplierNeverExceedTheSupply(uint256[6] memory amounts, uint8 steps) public {
        book = new StakeBook(fab, 1);
        votes = VotesAdapter(deployCode("VotesAdapter", abi.encode(fab, book)));
        vm.startPrank(staker);
        fab.approve(address(book), type(uint256).max);
        uint256 inside;
        for (uint256 i; i < amounts.length; ++i) {
            if ((steps >> i) & 1 == 1) {
                uint256 amount = bound(amounts[i], 0, 600_000e18 - inside);
                book.stake(amount);
                inside += amount;
            } else {
                uint256 amount = bound(amounts[i], 0, inside);
                book.unstake(amount);
                inside -= amount;
            }
            _wait(1);
            assertEq(votes.getPastVotes(staker, time - 1), 600_000e18);
        }
        vm.stopPrank();
    }

    function test_stakedVotesCountInAProposal() public {
        FabstirGovernor other = FabstirGovernor(
            payable(deployCode("FabstirGovernor", abi.encode(IVotes(address(votes)), timelock, address(guardian))))
        );
        vm.prank(staker);
        book.stake(600_000e18);
        _wait(1);
        assertEq(other.quorum(time - 1), 1_060_000e18);
        IFabstirGovernor.ParameterUpdate[] memory updates = _feeUpdate(800);
        vm.prank(staker);
        uint256 id = other.proposeParameterUpdate(updates, "by a staker");
        _openVote();
        vm.startPrank(staker);
        assertEq(other.castVote(id, true), 1_200_000e18);
        // What leaves the stake now has voted already.
        book.unstake(600_000e18);
        fab.transfer(alice, 600_000e18);
        vm.stopPrank();
        vm.prank(alice);
        assertEq(other.castVote(id, true), 800_000e18);
    }

    /// The next vote must be able to repair a staking contract that fails.
    function test_brokenStakingDoesNotEndGovernance() public {
        vm.prank(staker);
        book.stake(100_000e18);
        _wait(1);
        assertEq(votes.getPastVotes(staker, time - 1), 700_000e18);
        book.breakDown();
        assertEq(votes.getPastVotes(staker, time - 1), 500_000e18);
        assertEq(votes.getVotes(staker), 500_000e18);
        VotesAdapter early = VotesAdapter(
            deployCode("VotesAdapter", abi.encode(fab, IStakedVotes(makeAddr("not deployed yet"))))
        );
        assertEq(early.getVotes(staker), 500_000e18);
    }

    function test_futureVotesAreRefused() public {
        vm.expectRevert();
        votes.getPastVotes(staker, time);
    }

    function test_delegationIsTheTokens() public {
        bytes memory refusal =
            abi.encodeWithSelector(IVotesAdapter.VotesAdapterDelegateOnToken.selector, address(fab));
        vm.expectRevert(refusal);
        votes.delegate(alice);
        vm.expectRevert(refusal);
        votes.delegateBySig(alice, 0, 0, 0, 0, 0);
    }

    function test_constructorChecksClockAndAddress() public {
        vm.expectRevert(IVotesAdapter.VotesAdapterZeroAddress.selector);
        deployCode("VotesAdapter", abi.encode(fab, IStakedVotes(address(0))));
        address blocks = address(new BlockClock());
        vm.expectRevert(
            abi.encodeWithSelector(
                IVotesAdapter.VotesAdapterClockMode.selector, "mode=blocknumber&from=default"
            )
        );
        deployCode("VotesAdapter", abi.encode(IERC5805(blocks), book));
    }
}
