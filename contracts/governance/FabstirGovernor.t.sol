// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IFabstirGovernor} from "../interfaces/IFabstirGovernor.sol";
import {ITimelock} from "../interfaces/ITimelock.sol";
import {GovernanceFixture} from "../mocks/GovernanceFixture.sol";
import {GovernedSettings} from "../mocks/GovernedSettings.sol";
import {FabstirGovernor} from "./FabstirGovernor.sol";

/// Counts by blocks.
contract BlockVotes {
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=blocknumber&from=default";
    }

    function clock() external view returns (uint48) {
        return uint48(block.number);
    }
}

contract FabstirGovernorTest is GovernanceFixture {
    IGovernor.ProposalState private constant PENDING = IGovernor.ProposalState.Pending;
    IGovernor.ProposalState private constant ACTIVE = IGovernor.ProposalState.Active;
    IGovernor.ProposalState private constant DEFEATED = IGovernor.ProposalState.Defeated;
    IGovernor.ProposalState private constant SUCCEEDED = IGovernor.ProposalState.Succeeded;
    IGovernor.ProposalState private constant QUEUED = IGovernor.ProposalState.Queued;
    IGovernor.ProposalState private constant EXPIRED = IGovernor.ProposalState.Expired;
    IGovernor.ProposalState private constant EXECUTED = IGovernor.ProposalState.Executed;

    function setUp() public {
        _deployGovernance();
    }

    function test_termsAreThoseOfTheSpecification() public view {
        assertEq(governor.votingDelay(), 1 days);
        assertEq(governor.votingPeriod(), 7 days);
        assertEq(timelock.getMinDelay(), 2 days);
        assertEq(governor.proposalThreshold(), 10_000e18);
        assertEq(governor.quorum(time - 1), 1_000_000e18);
        assertEq(governor.CLOCK_MODE(), "mode=timestamp");
        assertEq(governor.clock(), time);
        assertEq(governor.timelock(), address(timelock));
        assertEq(governor.emergencyGuardian(), address(guardian));
    }

    /// Rows 150, 151, 153: the whole life, with the true values in the events.
    function test_aParameterUpdateLivesFromProposalToSetter() public {
        bytes memory call = abi.encodeCall(GovernedSettings.setFee, (800));
        address[] memory targets = new address[](1);
        bytes[] memory calldatas = new bytes[](1);
        (targets[0], calldatas[0]) = (address(settings), call);
        uint256 id = governor.hashProposal(targets, new uint256[](1), calldatas, keccak256("a fee"));

        vm.expectEmit(address(governor));
        emit IFabstirGovernor.ProposalClassified(id, false);
        vm.expectEmit(address(governor));
        emit IFabstirGovernor.ParameterUpdateProposed(
            id, address(settings), GovernedSettings.setFee.selector, "fee", 1000, 800
        );
        assertEq(_proposeFee(800), id);
        assertFalse(governor.proposalNeedsSuperMajority(id));
        _assertState(id, PENDING);

        _openVote();
        _assertState(id, ACTIVE);
        vm.prank(alice);
        assertEq(governor.castVote(id, true), 800_000e18);
        vm.prank(bob);
        assertEq(governor.castVote(id, false), 200_000e18);
        (uint256 no, uint256 yes,) = governor.proposalVotes(id);
        assertEq(no, 200_000e18);
        assertEq(yes, 800_000e18);
        _wait(7 days - 1);
        _assertState(id, ACTIVE);
        _expectState(id, ACTIVE, SUCCEEDED);
        governor.queue(id);
        _wait(1);
        // 800,000 are no quorum: votes against do not count for it.
        _assertState(id, DEFEATED);

        id = _proposeAgain(800);
        _win(id);
        _assertState(id, SUCCEEDED);
        vm.prank(carol);
        governor.queue(id);
        _assertState(id, QUEUED);
        assertEq(governor.proposalEta(id), time + 2 days);
        _wait(2 days);
        vm.expectEmit(address(timelock));
        emit ITimelock.ParameterUpdated(
            address(settings), GovernedSettings.setFee.selector, 0, "fee", 1000, 800, 800
        );
        vm.prank(carol);
        governor.execute(id);
        _assertState(id, EXECUTED);
        assertEq(settings.fee(), 800);
    }

    /// Row 151: the old value is what the setter finds, not what the proposal found.
    function test_oldValueIsReadWhenItIsExecuted() public {
        uint256 first = _proposeFee(800);
        IFabstirGovernor.ParameterUpdate[] memory updates = _feeUpdate(700);
        vm.prank(alice);
        uint256 second = governor.proposeParameterUpdate(updates, "a second fee");
        _openVote();
        vm.startPrank(alice);
        governor.castVote(first, true);
        governor.castVote(second, true);
        vm.stopPrank();
        vm.startPrank(bob);
        governor.castVote(first, true);
        governor.castVote(second, true);
        vm.stopPrank();
        _wait(7 days);
        governor.queue(first);
        governor.queue(second);
        _wait(2 days);
        governor.execute(first);
        vm.expectEmit(address(timelock));
        emit ITimelock.ParameterUpdated(
            address(settings), GovernedSettings.setFee.selector, 0, "fee", 800, 700, 700
        );
        governor.execute(second);
    }

    function test_severalParametersGoInOneProposal() public {
        IFabstirGovernor.ParameterUpdate[] memory updates = new IFabstirGovernor.ParameterUpdate[](2);
        updates[0] = _feeUpdate(900)[0];
        updates[1] = IFabstirGovernor.ParameterUpdate(
            address(settings), GovernedSettings.setMinimumFee.selector, "minimumFee(USDC)", 100_000
        );
        vm.prank(alice);
        uint256 id = governor.proposeParameterUpdate(updates, "two");
        _enact(id);
        assertEq(settings.fee(), 900);
        assertEq(settings.minimumFee(usdc), 100_000);
    }

    function test_emptyUpdateIsRefused() public {
        vm.prank(alice);
        vm.expectPartialRevert(IGovernor.GovernorInvalidProposalLength.selector);
        governor.proposeParameterUpdate(new IFabstirGovernor.ParameterUpdate[](0), "nothing");
    }

    /// Row 152.
    function test_thresholdIs10000FabOfPastVotes() public {
        IFabstirGovernor.ParameterUpdate[] memory updates = _feeUpdate(800);
        vm.prank(carol);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorInsufficientProposerVotes.selector, carol, 9_999.99e18, 10_000e18
            )
        );
        governor.proposeParameterUpdate(updates, "one cent short");

        fab.transfer(carol, 0.01e18);
        vm.prank(carol);
        vm.expectPartialRevert(IGovernor.GovernorInsufficientProposerVotes.selector);
        governor.proposeParameterUpdate(updates, "votes of this second do not count");
        _wait(1);
        vm.prank(carol);
        governor.proposeParameterUpdate(updates, "10,000");
    }

    /// Row 154.
    function test_voteBeforeItsStartReverts() public {
        uint256 id = _proposeFee(800);
        _wait(1 days);
        _expectState(id, PENDING, ACTIVE);
        vm.prank(alice);
        governor.castVote(id, true);
        _wait(1);
        vm.prank(alice);
        governor.castVote(id, true);
    }

    function test_quorumIsATenthOfTheSupply() public {
        vm.prank(bob);
        fab.transfer(carol, 1);
        _wait(1);
        uint256 short = _proposeFee(800);
        _win(short);
        _assertState(short, DEFEATED);

        vm.prank(carol);
        fab.transfer(bob, 1);
        _wait(1);
        uint256 enough = _proposeAgain(800);
        _win(enough);
        _assertState(enough, SUCCEEDED);
    }

    function test_abstainCountsForTheQuorumOnly() public {
        uint256 id = _proposeFee(800);
        _openVote();
        vm.prank(alice);
        governor.castVote(id, 2);
        vm.prank(bob);
        governor.castVote(id, true);
        _wait(7 days);
        _assertState(id, SUCCEEDED);
    }

    function test_tieIsDefeated() public {
        _endow(makeAddr("dave"), 1_000_000e18);
        _wait(1);
        uint256 id = _proposeFee(800);
        _openVote();
        vm.prank(makeAddr("dave"));
        governor.castVote(id, false);
        _win(id);
        _assertState(id, DEFEATED);
    }

    /// Row 15.
    function test_executionBeforeTwoDaysReverts() public {
        uint256 id = _proposeFee(800);
        _win(id);
        governor.queue(id);
        _wait(2 days - 1);
        vm.expectPartialRevert(TimelockController.TimelockUnexpectedOperationState.selector);
        governor.execute(id);
        _wait(1);
        governor.execute(id);
        _expectState(id, EXECUTED, QUEUED);
        governor.execute(id);
    }

    function test_executionExpires14DaysAfterItsTime() public {
        uint256 id = _proposeFee(800);
        _winAndQueue(id);
        assertEq(governor.proposalExpiresAt(id), time + 14 days);
        uint256 snapshot = vm.snapshotState();
        _wait(14 days);
        governor.execute(id);
        assertEq(settings.fee(), 800);

        vm.revertToState(snapshot);
        _wait(14 days + 1);
        _assertState(id, EXPIRED);
        _expectState(id, EXPIRED, QUEUED);
        governor.execute(id);
        _expectState(id, EXPIRED, SUCCEEDED);
        governor.queue(id);
        _wait(3650 days);
        _assertState(id, EXPIRED);
        assertEq(settings.fee(), 1000);
    }

    function test_wonProposalIsQueuedWithin14Days() public {
        uint256 id = _proposeFee(800);
        _win(id);
        uint256 snapshot = vm.snapshotState();
        _wait(14 days - 1);
        assertEq(governor.proposalExpiresAt(id), time);
        governor.queue(id);
        _assertState(id, QUEUED);

        vm.revertToState(snapshot);
        _wait(14 days);
        _assertState(id, EXPIRED);
        _expectState(id, EXPIRED, SUCCEEDED);
        governor.queue(id);
    }

    function test_proposerCancelsBeforeTheVote() public {
        uint256 id = _proposeFee(800);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, id, bob));
        governor.cancel(id);
        vm.prank(alice);
        governor.cancel(id);
        _assertState(id, IGovernor.ProposalState.Canceled);
        _wait(3650 days);
        _assertState(id, IGovernor.ProposalState.Canceled);
    }

    /// The governor's own terms: 80 %, and within the bounds of the list.
    function test_governorSetsItsOwnTerms() public {
        uint256 id = _propose(address(governor), abi.encodeCall(governor.setVotingPeriod, (4 days)));
        assertTrue(governor.proposalNeedsSuperMajority(id));
        _enact(id);
        assertEq(governor.votingPeriod(), 4 days);

        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorOnlyExecutor.selector, address(this)));
        governor.setVotingPeriod(1 days);
    }

    function test_relayRecoversWhatWasSentHere() public {
        fab.transfer(address(governor), 5e18);
        bytes memory transfer = abi.encodeCall(fab.transfer, (bob, 5e18));
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorOnlyExecutor.selector, address(this)));
        governor.relay(address(fab), 0, transfer);
        uint256 before = fab.balanceOf(bob);
        _enact(_propose(address(governor), abi.encodeCall(governor.relay, (address(fab), 0, transfer))));
        assertEq(fab.balanceOf(bob), before + 5e18);
    }

    function test_votesByBlockNumberAreRefused() public {
        address votes = address(new BlockVotes());
        vm.expectRevert(
            abi.encodeWithSelector(IFabstirGovernor.GovernorClockMode.selector, "mode=blocknumber&from=default")
        );
        deployCode("FabstirGovernor", abi.encode(IVotes(votes), timelock, address(guardian)));
    }

    function _proposeAgain(uint256 fee) private returns (uint256) {
        IFabstirGovernor.ParameterUpdate[] memory updates = _feeUpdate(fee);
        vm.prank(alice);
        return governor.proposeParameterUpdate(updates, "a fee, again");
    }
}
