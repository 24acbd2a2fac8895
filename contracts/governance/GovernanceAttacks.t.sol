// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";
import {IFabstirGovernor} from "../interfaces/IFabstirGovernor.sol";
import {IParameterGuard} from "../interfaces/IParameterGuard.sol";
import {ITimelock} from "../interfaces/ITimelock.sol";
import {GovernanceFixture} from "../mocks/GovernanceFixture.sol";
import {GovernedSettings, GovernedSettingsV2} from "../mocks/GovernedSettings.sol";
import {FabToken} from "../tokens/FabToken.sol";
import {FabstirGovernor} from "./FabstirGovernor.sol";

/// Borrows FAB, uses its votes and pays back in one transaction.
contract FlashVoter {
    function vote(FabToken fab, FabstirGovernor governor, address lender, uint256 id) external returns (uint256) {
        uint256 amount = fab.balanceOf(lender);
        fab.transferFrom(lender, address(this), amount);
        fab.delegate(address(this));
        uint256 weight = governor.castVote(id, true);
        fab.transfer(lender, amount);
        return weight;
    }

    function propose(
        FabToken fab,
        FabstirGovernor governor,
        address lender,
        IFabstirGovernor.ParameterUpdate[] calldata updates
    ) external {
        fab.transferFrom(lender, address(this), fab.balanceOf(lender));
        fab.delegate(address(this));
        governor.proposeParameterUpdate(updates, "borrowed");
    }
}

contract GovernanceAttacksTest is GovernanceFixture {
    address private immutable mallory = makeAddr("mallory");

    function setUp() public {
        _deployGovernance();
    }

    /// Without tokens there is no proposal, no weight, no shortcut, and no function of the old back door.
    function test_X57_addressWithoutTokensCanDoNothing() public {
        IFabstirGovernor.ParameterUpdate[] memory updates = _feeUpdate(0);
        vm.startPrank(mallory);
        vm.expectPartialRevert(IGovernor.GovernorInsufficientProposerVotes.selector);
        governor.proposeParameterUpdate(updates, "mine");
        vm.expectPartialRevert(IGovernor.GovernorInsufficientProposerVotes.selector);
        governor.propose(new address[](1), new uint256[](1), new bytes[](1), "mine");
        vm.stopPrank();

        uint256 id = _proposeFee(0);
        _openVote();
        vm.startPrank(mallory);
        assertEq(governor.castVote(id, true), 0);
        vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        governor.queue(id);
        vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        governor.execute(id);
        _wait(7 days);
        vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        governor.queue(id);
        vm.stopPrank();

        bytes[3] memory backDoors = [
            abi.encodeWithSignature("createProposal(address,bytes4,uint256)", settings, settings.setFee.selector, 0),
            abi.encodeWithSignature("vote(uint256,bool)", id, true),
            abi.encodeWithSignature("executeProposal(uint256)", id)
        ];
        for (uint256 i; i < backDoors.length; ++i) {
            (bool success,) = address(governor).call(backDoors[i]);
            assertFalse(success, "back door");
        }
        assertEq(settings.fee(), 1000);
    }

    /// The same content is the same proposal: who makes it first could cancel it while it is pending.
    function test_aProposalThatNamesItsProposerIsNobodyElses() public {
        _endow(mallory, 10_000e18);
        _wait(1);
        IFabstirGovernor.ParameterUpdate[] memory updates = _feeUpdate(800);
        string memory description = string.concat("lower fee #proposer=", vm.toString(alice));
        vm.prank(mallory);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorRestrictedProposer.selector, mallory));
        governor.proposeParameterUpdate(updates, description);
        vm.prank(alice);
        uint256 id = governor.proposeParameterUpdate(updates, description);
        assertEq(governor.proposalProposer(id), alice);
    }

    /// Rows 2 and 170: neither a stranger nor the deployer has a way around the vote.
    function test_X57_noRoleIsLeftWithTheDeployer() public {
        address[2] memory callers = [mallory, address(this)];
        bytes memory fee = abi.encodeCall(GovernedSettings.setFee, (1));
        bytes32[4] memory roles = [
            timelock.DEFAULT_ADMIN_ROLE(),
            timelock.PROPOSER_ROLE(),
            timelock.EXECUTOR_ROLE(),
            timelock.CANCELLER_ROLE()
        ];
        for (uint256 i; i < callers.length; ++i) {
            vm.startPrank(callers[i]);
            for (uint256 j; j < roles.length; ++j) {
                assertFalse(timelock.hasRole(roles[j], callers[i]));
                vm.expectPartialRevert(IAccessControl.AccessControlUnauthorizedAccount.selector);
                timelock.grantRole(roles[j], callers[i]);
            }
            vm.expectPartialRevert(IAccessControl.AccessControlUnauthorizedAccount.selector);
            timelock.schedule(address(settings), 0, fee, 0, 0, 2 days);
            vm.expectPartialRevert(IAccessControl.AccessControlUnauthorizedAccount.selector);
            timelock.execute(address(settings), 0, fee, 0, 0);
            vm.expectPartialRevert(IAccessControl.AccessControlUnauthorizedAccount.selector);
            timelock.cancel(0);
            vm.expectPartialRevert(TimelockController.TimelockUnauthorizedCaller.selector);
            timelock.updateDelay(0);
            vm.expectPartialRevert(IAccessControl.AccessControlUnauthorizedAccount.selector);
            timelock.setParameterGuard(guard);
            vm.expectPartialRevert(IParameterGuard.ParameterGuardNotAdmin.selector);
            guard.setParameters(new IParameterGuard.Parameter[](0));
            vm.expectPartialRevert(IParameterGuard.ParameterGuardNotAdmin.selector);
            guard.removeParameter(address(settings), GovernedSettings.setFee.selector, 0);
            vm.expectPartialRevert(IGovernor.GovernorOnlyExecutor.selector);
            governor.updateTimelock(timelock);
            vm.expectPartialRevert(IGovernor.GovernorOnlyExecutor.selector);
            governor.setProposalThreshold(0);
            vm.expectPartialRevert(IGovernor.GovernorOnlyExecutor.selector);
            governor.updateQuorumNumerator(0);
            vm.expectPartialRevert(OwnableUpgradeable.OwnableUnauthorizedAccount.selector);
            settings.setFee(1);
            vm.stopPrank();
        }
    }

    /// Seven days are seven days of the clock on the wall, whatever the pace of blocks.
    function test_X58_votingCountsSecondsNotBlocks() public {
        uint256 id = _proposeFee(800);
        vm.roll(block.number + 10_000_000);
        _assertState(id, IGovernor.ProposalState.Pending);
        _openVote();
        vm.roll(block.number + 50_400);
        _assertState(id, IGovernor.ProposalState.Active);
        assertEq(governor.proposalDeadline(id) - governor.proposalSnapshot(id), 7 days);
        // The original's vote ended after 28 hours of blocks.
        _wait(28 hours);
        _assertState(id, IGovernor.ProposalState.Active);
        vm.prank(alice);
        governor.castVote(id, true);
        vm.prank(bob);
        governor.castVote(id, true);
        _wait(7 days - 28 hours - 1);
        _assertState(id, IGovernor.ProposalState.Active);
        _wait(1);
        _assertState(id, IGovernor.ProposalState.Succeeded);
    }

    /// Row 153.
    function test_X57_delegateAndTransferDoNotVoteTwice() public {
        uint256 id = _proposeFee(800);
        _openVote();
        vm.startPrank(alice);
        governor.castVote(id, true);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorAlreadyCastVote.selector, alice));
        governor.castVote(id, true);
        fab.transfer(mallory, 400_000e18);
        fab.delegate(carol);
        vm.stopPrank();
        vm.prank(mallory);
        fab.delegate(mallory);
        _wait(1);
        vm.prank(mallory);
        assertEq(governor.castVote(id, true), 0);
        vm.prank(carol);
        assertEq(governor.castVote(id, true), 9_999.99e18);
        (, uint256 yes,) = governor.proposalVotes(id);
        assertEq(yes, 809_999.99e18);
    }

    function test_X57_flashLoanHasNoVotes() public {
        FlashVoter voter = new FlashVoter();
        fab.approve(address(voter), type(uint256).max);
        IFabstirGovernor.ParameterUpdate[] memory updates = _feeUpdate(0);
        vm.expectPartialRevert(IGovernor.GovernorInsufficientProposerVotes.selector);
        voter.propose(fab, governor, address(this), updates);

        uint256 id = _proposeFee(800);
        _wait(1 days);
        vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        voter.vote(fab, governor, address(this), id);
        _wait(1);
        assertEq(voter.vote(fab, governor, address(this), id), 0);
    }

    /// Rows 14 and 156: the code behind a real proxy changes by proposal, vote, queue and two days, and not otherwise.
    function test_X25_upgradeOnlyByProposalAndTimelock() public {
        address next = address(new GovernedSettingsV2());
        bytes memory upgrade = abi.encodeCall(settings.upgradeToAndCall, (next, ""));
        address[3] memory callers = [mallory, address(this), alice];
        for (uint256 i; i < callers.length; ++i) {
            vm.prank(callers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(OwnableUpgradeable.OwnableUnauthorizedAccount.selector, callers[i])
            );
            settings.upgradeToAndCall(next, "");
        }

        uint256 id = _propose(address(settings), upgrade);
        assertTrue(governor.proposalNeedsSuperMajority(id));
        _win(id);
        governor.queue(id);
        assertEq(settings.version(), 1);
        _wait(2 days - 1);
        vm.expectPartialRevert(TimelockController.TimelockUnexpectedOperationState.selector);
        governor.execute(id);
        _wait(1);
        governor.execute(id);
        assertEq(settings.version(), 2);
        assertEq(settings.fee(), 1000);
        assertEq(
            address(uint160(uint256(vm.load(address(settings), ERC1967Utils.IMPLEMENTATION_SLOT)))), next
        );
    }

    /// Three quarters are a majority, and not enough for an upgrade.
    function test_X25_upgradeWithThreeQuartersOfTheVotesFails() public {
        _endow(mallory, 3_000_000e18);
        _wait(1);
        address next = address(new GovernedSettingsV2());
        uint256 id = _propose(address(settings), abi.encodeCall(settings.upgradeToAndCall, (next, "")));
        _openVote();
        vm.prank(mallory);
        governor.castVote(id, true);
        vm.prank(alice);
        governor.castVote(id, false);
        vm.prank(bob);
        governor.castVote(id, false);
        _wait(7 days);
        _assertState(id, IGovernor.ProposalState.Defeated);
    }

    /// The cap of the list holds against a proposal that does not use the façade.
    function test_X25_feeAboveItsCapIsNotExecuted() public {
        IFabstirGovernor.ParameterUpdate[] memory updates = _feeUpdate(FEE_MAX + 1);
        bytes memory outOfBounds = abi.encodeWithSelector(
            IParameterGuard.ParameterGuardOutOfBounds.selector, "fee", FEE_MAX + 1, 0, FEE_MAX
        );
        vm.prank(alice);
        vm.expectRevert(outOfBounds);
        governor.proposeParameterUpdate(updates, "100 %");

        uint256 id = _propose(address(settings), abi.encodeCall(GovernedSettings.setFee, (FEE_MAX + 1)));
        _winAndQueue(id);
        vm.expectRevert(outOfBounds);
        governor.execute(id);
        assertEq(settings.fee(), 1000);
    }

    /// Ownership was taken in the deploying transaction, and nobody is first afterwards.
    function test_X32_firstComerFindsNothingToTake() public {
        vm.startPrank(mallory);
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        settings.initialize(mallory);
        vm.expectPartialRevert(IAccessControl.AccessControlUnauthorizedAccount.selector);
        guardian.grantRole(keccak256("EMERGENCY_ROLE"), mallory);
        vm.expectPartialRevert(OwnableUpgradeable.OwnableUnauthorizedAccount.selector);
        settings.transferOwnership(mallory);
        vm.stopPrank();
        assertEq(settings.owner(), address(timelock));
    }

    /// A proposal passes once: neither the governor nor the timelock runs it a second time.
    function test_X32_executedProposalIsNotRepeated() public {
        uint256 id = _proposeFee(800);
        _enact(id);
        _enact(_propose(address(settings), abi.encodeCall(GovernedSettings.setFee, (900))));
        vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        governor.execute(id);
        vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        governor.queue(id);
        assertEq(settings.fee(), 900);
    }

    /// The governor is the timelock's proposer, so nothing may make it speak there without a vote on the very call.
    function test_X57_relayToTheTimelockIsRefused() public {
        bytes memory schedule = abi.encodeCall(
            timelock.schedule,
            (address(settings), 0, abi.encodeCall(GovernedSettings.setFee, (1)), bytes32(0), bytes32(0), 2 days)
        );
        uint256 id =
            _propose(address(governor), abi.encodeCall(governor.relay, (address(timelock), 0, schedule)));
        _winAndQueue(id);
        vm.expectRevert(
            abi.encodeWithSelector(IFabstirGovernor.GovernorRelayToTimelock.selector, address(timelock))
        );
        governor.execute(id);
    }

    /// The delay itself cannot be voted away.
    function test_X57_delayStaysAtTwoDays() public {
        uint256 id = _propose(address(timelock), abi.encodeCall(timelock.updateDelay, (2 days - 1)));
        _winAndQueue(id);
        vm.expectRevert(
            abi.encodeWithSelector(
                IParameterGuard.ParameterGuardOutOfBounds.selector, "delay", 2 days - 1, 2 days, 30 days
            )
        );
        governor.execute(id);
        _enact(_propose(address(timelock), abi.encodeCall(timelock.updateDelay, (3 days))));
        assertEq(timelock.getMinDelay(), 3 days);
    }

    /// No path executes a listed setter outside its bounds: a plain proposal, the façade, the call that rides on an
    /// upgrade, also one hidden in a second upgrade.
    function testFuzz_X25_noPathLeavesTheBounds(uint256 fee, uint8 path) public {
        fee = path % 8 < 4 ? bound(fee, 0, 2 * FEE_MAX) : fee;
        bytes memory call = abi.encodeCall(GovernedSettings.setFee, (fee));
        bool inside = fee <= FEE_MAX;
        uint256 id;
        if (path % 4 == 0) {
            id = _propose(address(settings), call);
        } else if (path % 4 == 1) {
            IFabstirGovernor.ParameterUpdate[] memory updates = _feeUpdate(fee);
            vm.prank(alice);
            if (!inside) vm.expectPartialRevert(IParameterGuard.ParameterGuardOutOfBounds.selector);
            id = governor.proposeParameterUpdate(updates, "fuzzed");
            if (!inside) return;
        } else {
            address next = address(new GovernedSettingsV2());
            call = abi.encodeCall(settings.upgradeToAndCall, (next, call));
            if (path % 4 == 3) call = abi.encodeCall(settings.upgradeToAndCall, (next, call));
            id = _propose(address(settings), call);
        }
        _winAndQueue(id);
        if (inside) {
            vm.expectEmit(address(timelock));
            emit ITimelock.ParameterUpdated(
                address(settings), GovernedSettings.setFee.selector, 0, "fee", 1000, fee, fee
            );
        } else {
            vm.expectPartialRevert(IParameterGuard.ParameterGuardOutOfBounds.selector);
        }
        governor.execute(id);
        assertEq(settings.fee(), inside ? fee : 1000);
    }
}
