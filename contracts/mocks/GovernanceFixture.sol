// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Timelock} from "../deployment/Timelock.sol";
import {ProxyDeployer} from "../deployment/ProxyDeployer.sol";
import {EmergencyGuardian} from "../governance/EmergencyGuardian.sol";
import {FabstirGovernor} from "../governance/FabstirGovernor.sol";
import {ParameterGuard} from "../governance/ParameterGuard.sol";
import {IFabstirGovernor} from "../interfaces/IFabstirGovernor.sol";
import {IParameterGuard} from "../interfaces/IParameterGuard.sol";
import {FabToken} from "../tokens/FabToken.sol";
import {GovernedSettings} from "./GovernedSettings.sol";
import {Test} from "./Test.sol";

/// @title Governance as the deploy module sets it up, with three voters and one governed proxy.
/// @dev Of 10 million FAB alice has 800,000 delegated, bob 200,000 (together the quorum), carol 9,999.99; the rest
/// stays with this contract and is not delegated.
abstract contract GovernanceFixture is Test {
    uint256 internal constant SUPPLY = 10_000_000e18;
    uint256 internal constant START = 1_800_000_000;
    uint256 internal constant FEE_MAX = 3000;

    address internal immutable alice = makeAddr("alice");
    address internal immutable bob = makeAddr("bob");
    address internal immutable carol = makeAddr("carol");
    address internal immutable member = makeAddr("member");
    address internal immutable usdc = makeAddr("usdc");

    FabToken internal fab;
    Timelock internal timelock;
    ParameterGuard internal guard;
    EmergencyGuardian internal guardian;
    FabstirGovernor internal governor;
    GovernedSettings internal settings;

    /// @dev Kept apart from block.timestamp, which the optimizer takes for a constant within a test.
    uint256 internal time = START;

    function _deployGovernance() internal {
        vm.warp(START);
        fab = FabToken(deployCode("FabToken", abi.encode(address(this), SUPPLY)));
        timelock = Timelock(
            payable(deployCode("Timelock", abi.encode(2 days, new address[](0), new address[](0), address(this))))
        );
        guard = ParameterGuard(deployCode("ParameterGuard", abi.encode(address(timelock))));
        address[] memory members = new address[](1);
        members[0] = member;
        guardian = EmergencyGuardian(deployCode("EmergencyGuardian", abi.encode(address(timelock), members)));
        governor = FabstirGovernor(
            payable(deployCode("FabstirGovernor", abi.encode(IVotes(address(fab)), timelock, address(guardian))))
        );
        settings = GovernedSettings(
            ProxyDeployer(deployCode("ProxyDeployer"))
                .deploy(
                    "settings",
                    address(new GovernedSettings()),
                    abi.encodeCall(GovernedSettings.initialize, (address(timelock)))
                )
        );

        timelock.grantRole(timelock.PROPOSER_ROLE(), address(governor));
        timelock.grantRole(timelock.CANCELLER_ROLE(), address(governor));
        timelock.grantRole(timelock.EXECUTOR_ROLE(), address(governor));
        timelock.setParameterGuard(guard);
        guard.setParameters(_parameters());
        timelock.renounceRole(timelock.DEFAULT_ADMIN_ROLE(), address(this));

        _endow(alice, 800_000e18);
        _endow(bob, 200_000e18);
        _endow(carol, 9_999.99e18);
        _wait(1);
    }

    function _parameters() internal view returns (IParameterGuard.Parameter[] memory list) {
        list = new IParameterGuard.Parameter[](5);
        list[0] = _parameter(address(settings), GovernedSettings.setFee.selector, 0, "fee", settings.fee.selector);
        list[0].values[0].maximum = FEE_MAX;
        list[1] = _parameter(
            address(settings),
            GovernedSettings.setMinimumFee.selector,
            bytes32(uint256(uint160(usdc))),
            "minimumFee(USDC)",
            settings.minimumFee.selector
        );
        (list[1].values[0].minimum, list[1].values[0].maximum) = (10_000, 10_000_000);
        bytes4 windows = GovernedSettings.windows.selector;
        list[2] = _parameter(address(settings), GovernedSettings.setWindows.selector, 0, "", windows);
        list[2].values = new IParameterGuard.Value[](2);
        list[2].values[0] = IParameterGuard.Value("reviewWindow", windows, 0, 1 hours, 7 days);
        list[2].values[1] = IParameterGuard.Value("disputeWindow", windows, 1, 1 days, 30 days);
        list[3] = _parameter(
            address(timelock), timelock.updateDelay.selector, 0, "delay", timelock.getMinDelay.selector
        );
        (list[3].values[0].minimum, list[3].values[0].maximum) = (2 days, 30 days);
        list[4] = _parameter(
            address(governor), governor.setVotingPeriod.selector, 0, "votingPeriod", governor.votingPeriod.selector
        );
        (list[4].values[0].minimum, list[4].values[0].maximum) = (3 days, 30 days);
    }

    function _parameter(address target, bytes4 selector, bytes32 key, string memory name, bytes4 getter)
        internal
        pure
        returns (IParameterGuard.Parameter memory parameter)
    {
        parameter.target = target;
        parameter.selector = selector;
        parameter.keyed = key != 0;
        parameter.key = key;
        parameter.values = new IParameterGuard.Value[](1);
        (parameter.values[0].name, parameter.values[0].getter) = (name, getter);
    }

    function _endow(address voter, uint256 amount) internal {
        fab.transfer(voter, amount);
        vm.prank(voter);
        fab.delegate(voter);
    }

    function _wait(uint256 duration) internal {
        time += duration;
        vm.warp(time);
    }

    function _propose(address target, bytes memory data) internal returns (uint256) {
        return _propose(target, 0, data, "a proposal");
    }

    function _propose(address target, uint256 value, bytes memory data, string memory description)
        internal
        returns (uint256)
    {
        address[] memory targets = new address[](1);
        uint256[] memory values = new uint256[](1);
        bytes[] memory calldatas = new bytes[](1);
        (targets[0], values[0], calldatas[0]) = (target, value, data);
        vm.prank(alice);
        return governor.propose(targets, values, calldatas, description);
    }

    function _proposeFee(uint256 fee) internal returns (uint256) {
        IFabstirGovernor.ParameterUpdate[] memory updates = _feeUpdate(fee);
        vm.prank(alice);
        return governor.proposeParameterUpdate(updates, "a fee");
    }

    function _feeUpdate(uint256 fee) internal view returns (IFabstirGovernor.ParameterUpdate[] memory updates) {
        updates = new IFabstirGovernor.ParameterUpdate[](1);
        updates[0] =
            IFabstirGovernor.ParameterUpdate(address(settings), GovernedSettings.setFee.selector, "fee", fee);
    }

    /// @dev From the proposal to the first second of the vote.
    function _openVote() internal {
        _wait(1 days + 1);
    }

    /// @dev Alice and bob, the quorum, vote for it; the vote is over afterwards.
    function _win(uint256 id) internal {
        _openVote();
        vm.prank(alice);
        governor.castVote(id, true);
        vm.prank(bob);
        governor.castVote(id, true);
        _wait(7 days);
    }

    /// @dev To the first second in which it may be executed.
    function _winAndQueue(uint256 id) internal {
        _win(id);
        governor.queue(id);
        _wait(2 days);
    }

    function _enact(uint256 id) internal {
        _winAndQueue(id);
        governor.execute(id);
    }

    function _assertState(uint256 id, IGovernor.ProposalState expected) internal view {
        assertEq(uint256(governor.state(id)), uint256(expected), "state of the proposal");
    }

    function _expectState(uint256 id, IGovernor.ProposalState actual, IGovernor.ProposalState needed) internal {
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorUnexpectedProposalState.selector, id, actual, bytes32(1 << uint8(needed))
            )
        );
    }
}
