// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Timelock} from "../deployment/Timelock.sol";
import {IFabstirGovernor} from "../interfaces/IFabstirGovernor.sol";
import {GovernanceFixture} from "../mocks/GovernanceFixture.sol";
import {GovernedSettings} from "../mocks/GovernedSettings.sol";
import {FabstirGovernor} from "./FabstirGovernor.sol";

/// Which proposals need 80 % of the votes for and against, and what that means to the wei.
contract SuperMajorityTest is GovernanceFixture {
    address private immutable dave = makeAddr("dave");

    function setUp() public {
        _deployGovernance();
    }

    /// What is no listed parameter needs four votes for each against.
    function test_eightyPercentBoundary() public {
        bytes memory call = abi.encodeCall(GovernedSettings.setAccepted, (usdc, true));
        // The quorum of 1,000,000 against 250,000: 80 % to the wei.
        _endow(dave, 250_000e18);
        _wait(1);
        uint256 id = _propose(address(settings), call);
        assertTrue(governor.proposalNeedsSuperMajority(id));
        _openVote();
        vm.prank(dave);
        governor.castVote(id, false);
        _winAndQueue(id);
        governor.execute(id);
        assertTrue(settings.accepted(usdc));

        fab.transfer(dave, 1);
        _wait(1);
        id = _propose(address(settings), 0, call, "one wei more against it");
        _openVote();
        vm.prank(dave);
        governor.castVote(id, false);
        _win(id);
        _assertState(id, IGovernor.ProposalState.Defeated);
    }

    function test_everythingButListedParametersNeedsEightyPercent() public view {
        bytes memory fee = abi.encodeCall(GovernedSettings.setFee, (800));
        assertFalse(_needsEighty(address(settings), 0, fee), "listed");
        assertTrue(_needsEighty(address(settings), 1, fee), "with ETH");
        assertTrue(_needsEighty(address(settings), 0, abi.encodePacked(fee, uint8(0))), "with more data");
        assertTrue(_needsEighty(address(settings), 0, hex"112233"), "without selector");
        assertTrue(_needsEighty(usdc, 0, fee), "another contract");
        assertTrue(
            _needsEighty(address(settings), 0, abi.encodeCall(GovernedSettings.setMinimumFee, (address(fab), 1))),
            "another key"
        );
        assertTrue(
            _needsEighty(address(settings), 0, abi.encodeCall(settings.upgradeToAndCall, (address(1), ""))), "upgrade"
        );
        assertTrue(
            _needsEighty(
                address(settings), 0, abi.encodeCall(settings.transferOwnership, (address(1)))
            ),
            "owner"
        );
        assertTrue(
            _needsEighty(address(timelock), 0, abi.encodeCall(timelock.grantRole, (bytes32(0), alice))), "role"
        );
        assertTrue(_needsEighty(address(timelock), 0, abi.encodeCall(timelock.updateDelay, (3 days))), "delay");
        assertTrue(
            _needsEighty(address(governor), 0, abi.encodeCall(governor.setVotingPeriod, (4 days))), "vote"
        );
        assertTrue(
            _needsEighty(
                address(guard),
                0,
                abi.encodeCall(guard.removeParameter, (address(settings), GovernedSettings.setFee.selector, 0))
            ),
            "the list"
        );
    }

    /// One call of the batch is enough.
    function test_oneUnlistedCallMakesTheWholeProposalAnEightyPercentMatter() public view {
        address[] memory targets = new address[](2);
        bytes[] memory calldatas = new bytes[](2);
        (targets[0], targets[1]) = (address(settings), address(settings));
        calldatas[0] = abi.encodeCall(GovernedSettings.setFee, (800));
        calldatas[1] = abi.encodeCall(GovernedSettings.setAccepted, (usdc, true));
        assertTrue(governor.needsSuperMajority(targets, new uint256[](2), calldatas));
        calldatas[1] = abi.encodeCall(GovernedSettings.setWindows, (2 days, 8 days));
        assertFalse(governor.needsSuperMajority(targets, new uint256[](2), calldatas));
    }

    /// A simple majority cannot keep what the list has lost since.
    function test_parameterThatLeftTheListIsNotSetByAnOrdinaryMajority() public {
        uint256 id = _proposeFee(800);
        uint256 removal = _propose(
            address(guard),
            0,
            abi.encodeCall(guard.removeParameter, (address(settings), GovernedSettings.setFee.selector, 0)),
            "off the list"
        );
        _openVote();
        vm.startPrank(alice);
        governor.castVote(id, true);
        governor.castVote(removal, true);
        vm.stopPrank();
        vm.startPrank(bob);
        governor.castVote(id, true);
        governor.castVote(removal, true);
        vm.stopPrank();
        _wait(7 days);
        governor.queue(id);
        governor.queue(removal);
        _wait(2 days);
        governor.execute(removal);
        vm.expectRevert(abi.encodeWithSelector(IFabstirGovernor.GovernorSuperMajorityNeeded.selector, id));
        governor.execute(id);
        assertEq(settings.fee(), 1000);
    }

    /// The rule of 80 %, for any split of the votes.
    function testFuzz_superMajorityIsFourFifthsOfForAndAgainst(uint256 against, bool listed) public {
        against = bound(against, 0, 1_000_000e18);
        _endow(dave, against);
        _wait(1);
        uint256 id = listed
            ? _proposeFee(800)
            : _propose(address(settings), abi.encodeCall(GovernedSettings.setAccepted, (usdc, true)));
        _openVote();
        vm.prank(dave);
        governor.castVote(id, false);
        _win(id);
        bool wins = listed ? against < 1_000_000e18 : against <= 250_000e18;
        _assertState(id, wins ? IGovernor.ProposalState.Succeeded : IGovernor.ProposalState.Defeated);
    }

    function test_withoutAGuardEverythingNeedsEightyPercent() public {
        Timelock bare = Timelock(
            payable(deployCode("Timelock", abi.encode(2 days, new address[](0), new address[](0), address(0))))
        );
        FabstirGovernor other = FabstirGovernor(
            payable(deployCode("FabstirGovernor", abi.encode(IVotes(address(fab)), bare, address(guardian))))
        );
        address[] memory targets = new address[](1);
        bytes[] memory calldatas = new bytes[](1);
        (targets[0], calldatas[0]) = (address(settings), abi.encodeCall(GovernedSettings.setFee, (800)));
        assertTrue(other.needsSuperMajority(targets, new uint256[](1), calldatas));
    }

    function _needsEighty(address target, uint256 value, bytes memory data) private view returns (bool) {
        address[] memory targets = new address[](1);
        uint256[] memory values = new uint256[](1);
        bytes[] memory calldatas = new bytes[](1);
        (targets[0], values[0], calldatas[0]) = (target, value, data);
        return governor.needsSuperMajority(targets, values, calldatas);
    }
}
