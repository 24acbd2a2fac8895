// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {ParameterGuard} from "../governance/ParameterGuard.sol";
import {IParameterGuard} from "../interfaces/IParameterGuard.sol";
import {ITimelock} from "../interfaces/ITimelock.sol";
import {Test} from "../mocks/Test.sol";
import {Timelock} from "./Timelock.sol";

/// Takes its new value a call later, as a setter with notice does.
contract NoticedSetter {
    uint256 public value = 5;
    uint256 public next;

    function setValue(uint256 value_) external {
        next = value_;
    }
}

/// Run here by a council of one address, as on a local chain: what holds here holds without the governor's help.
contract TimelockTest is Test {
    uint256 private constant START = 1_800_000_000;

    Timelock private timelock;
    NoticedSetter private setter;
    ParameterGuard private guard;

    function setUp() public {
        vm.warp(START);
        address[] memory council = new address[](1);
        council[0] = address(this);
        timelock = Timelock(payable(deployCode("Timelock", abi.encode(2 days, council, council, address(this)))));
        setter = new NoticedSetter();
        guard = ParameterGuard(deployCode("ParameterGuard", abi.encode(address(timelock))));
    }

    function test_operationExpires14DaysAfterItsDelay() public {
        bytes memory call = abi.encodeCall(setter.setValue, (7));
        bytes32 id = timelock.hashOperation(address(setter), 0, call, 0, 0);
        assertEq(timelock.GRACE_PERIOD(), 14 days);
        timelock.schedule(address(setter), 0, call, 0, 0, 2 days);
        vm.warp(START + 2 days - 1);
        assertEq(uint256(timelock.getOperationState(id)), uint256(TimelockController.OperationState.Waiting));
        vm.warp(START + 16 days);
        assertTrue(timelock.isOperationReady(id));
        uint256 snapshot = vm.snapshotState();
        timelock.execute(address(setter), 0, call, 0, 0);
        assertTrue(timelock.isOperationDone(id));
        vm.warp(START + 1000 days);
        assertTrue(timelock.isOperationDone(id));

        vm.revertToState(snapshot);
        vm.warp(START + 16 days + 1);
        assertFalse(timelock.isOperation(id));
        vm.expectPartialRevert(TimelockController.TimelockUnexpectedOperationState.selector);
        timelock.execute(address(setter), 0, call, 0, 0);
        vm.expectPartialRevert(TimelockController.TimelockUnexpectedOperationState.selector);
        timelock.cancel(id);
        assertEq(setter.next(), 0);

        // Once more needs the whole delay again.
        timelock.schedule(address(setter), 0, call, 0, 0, 2 days);
        vm.expectPartialRevert(TimelockController.TimelockUnexpectedOperationState.selector);
        timelock.execute(address(setter), 0, call, 0, 0);
        vm.warp(START + 18 days + 1);
        timelock.execute(address(setter), 0, call, 0, 0);
        assertEq(setter.next(), 7);
    }

    function test_X25_directOperationsPassTheGuard() public {
        _guardTheSetter();
        bytes memory call = abi.encodeCall(setter.setValue, (11));
        timelock.schedule(address(setter), 0, call, 0, 0, 2 days);
        address[] memory targets = new address[](1);
        bytes[] memory payloads = new bytes[](1);
        (targets[0], payloads[0]) = (address(setter), call);
        timelock.scheduleBatch(targets, new uint256[](1), payloads, 0, 0, 2 days);
        vm.warp(START + 2 days);
        vm.expectPartialRevert(IParameterGuard.ParameterGuardOutOfBounds.selector);
        timelock.execute(address(setter), 0, call, 0, 0);
        vm.expectPartialRevert(IParameterGuard.ParameterGuardOutOfBounds.selector);
        timelock.executeBatch(targets, new uint256[](1), payloads, 0, 0);
        assertEq(setter.next(), 0);
    }

    /// The event tells what the getter says, also where that is not yet what was asked.
    function test_setterWithNoticeShowsTheOldValue() public {
        _guardTheSetter();
        bytes memory call = abi.encodeCall(setter.setValue, (10));
        timelock.schedule(address(setter), 0, call, 0, 0, 2 days);
        vm.warp(START + 2 days);
        vm.expectEmit(address(timelock));
        emit ITimelock.ParameterUpdated(address(setter), setter.setValue.selector, 0, "value", 5, 5, 10);
        timelock.execute(address(setter), 0, call, 0, 0);
        assertEq(setter.next(), 10);
    }

    function test_failureOfTheTargetIsPassedOn() public {
        _guardTheSetter();
        bytes memory call = abi.encodeCall(setter.setValue, (10));
        timelock.schedule(address(setter), 1, call, 0, 0, 2 days);
        vm.deal(address(timelock), 1);
        vm.warp(START + 2 days);
        vm.expectRevert();
        timelock.execute(address(setter), 1, call, 0, 0);
    }

    function test_guardMustServeThisTimelock() public {
        vm.expectRevert(abi.encodeWithSelector(ITimelock.TimelockForeignGuard.selector, address(0)));
        timelock.setParameterGuard(IParameterGuard(address(0)));
        ParameterGuard foreign = ParameterGuard(deployCode("ParameterGuard", abi.encode(address(this))));
        vm.expectRevert(abi.encodeWithSelector(ITimelock.TimelockForeignGuard.selector, foreign));
        timelock.setParameterGuard(foreign);
        vm.expectEmit(address(timelock));
        emit ITimelock.ParameterGuardSet(address(guard));
        timelock.setParameterGuard(guard);
        assertEq(address(timelock.parameterGuard()), address(guard));
    }

    function _guardTheSetter() private {
        timelock.setParameterGuard(guard);
        IParameterGuard.Parameter[] memory list = new IParameterGuard.Parameter[](1);
        list[0].target = address(setter);
        list[0].selector = setter.setValue.selector;
        list[0].values = new IParameterGuard.Value[](1);
        list[0].values[0] = IParameterGuard.Value("value", setter.value.selector, 0, 0, 10);
        guard.setParameters(list);
        timelock.renounceRole(timelock.DEFAULT_ADMIN_ROLE(), address(this));
    }
}
