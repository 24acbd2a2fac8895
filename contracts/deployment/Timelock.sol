// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IParameterGuard} from "../interfaces/IParameterGuard.sol";
import {ITimelock} from "../interfaces/ITimelock.sol";

/// @title Owner of every contract of the system.
/// @dev The governor is its only proposer, canceller and executor. Every call passes the guard of the parameters, on
/// whatever way it was scheduled; an operation that nobody executed in time is as if never scheduled.
contract Timelock is ITimelock, TimelockController {
    /// @inheritdoc ITimelock
    uint256 public constant GRACE_PERIOD = 14 days;

    uint256 private constant DONE = 1;

    /// @inheritdoc ITimelock
    IParameterGuard public parameterGuard;

    /// @param minDelay Seconds between scheduling and execution.
    /// @param admin Wires the roles while deploying and renounces its own; `address(0)` for none.
    constructor(uint256 minDelay, address[] memory proposers, address[] memory executors, address admin)
        TimelockController(minDelay, proposers, executors, admin)
    {}

    /// @inheritdoc ITimelock
    function setParameterGuard(IParameterGuard guard) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (address(guard).code.length == 0 || guard.timelock() != address(this)) {
            revert TimelockForeignGuard(address(guard));
        }
        parameterGuard = guard;
        emit ParameterGuardSet(address(guard));
    }

    /// @notice State of operation `id`; unset again when its grace period is over.
    function getOperationState(bytes32 id) public view override returns (OperationState) {
        uint256 readyAt = getTimestamp(id);
        if (readyAt > DONE && block.timestamp > readyAt + GRACE_PERIOD) return OperationState.Unset;
        return super.getOperationState(id);
    }

    function _execute(address target, uint256 value, bytes calldata data) internal override {
        IParameterGuard guard = parameterGuard;
        if (address(guard) == address(0)) return super._execute(target, value, data);

        IParameterGuard.Reading[] memory before = guard.check(target, data);
        super._execute(target, value, data);
        if (before.length == 0) return;
        IParameterGuard.Reading[] memory afterwards = guard.check(target, data);
        for (uint256 i; i < before.length; ++i) {
            emit ParameterUpdated(
                target,
                before[i].selector,
                before[i].key,
                before[i].name,
                before[i].current,
                afterwards[i].current,
                before[i].requested
            );
        }
    }
}
