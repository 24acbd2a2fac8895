// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {IEmergencyGuardian} from "../interfaces/IEmergencyGuardian.sol";

/// @title Guardian of the breakers.
/// @dev Keeps no clock of its own: the breaker ends a pause after 72 h and keeps the cooldown, on every path.
contract EmergencyGuardian is IEmergencyGuardian, AccessControl {
    /// @inheritdoc IEmergencyGuardian
    bytes32 public constant EMERGENCY_ROLE = keccak256("EMERGENCY_ROLE");

    bytes32 private constant PAUSE = keccak256("pause");
    bytes32 private constant UNPAUSE = keccak256("unpause");
    bytes32 private constant PROPOSER_ROLE = keccak256("PROPOSER_ROLE");
    uint8 private constant PAUSED = 3;

    /// @inheritdoc IEmergencyGuardian
    address public immutable timelock;

    /// @param timelock_ Grants and revokes the role.
    /// @param members First holders of the role.
    constructor(address timelock_, address[] memory members) {
        if (timelock_ == address(0)) revert EmergencyGuardianZeroAddress();
        timelock = timelock_;
        _grantRole(DEFAULT_ADMIN_ROLE, timelock_);
        for (uint256 i; i < members.length; ++i) {
            if (members[i] == address(0)) revert EmergencyGuardianZeroAddress();
            _grantRole(EMERGENCY_ROLE, members[i]);
        }
    }

    /// @inheritdoc IEmergencyGuardian
    function executeEmergencyAction(string calldata action, address target) external {
        _execute(msg.sender, action, target, action);
    }

    /// @inheritdoc IEmergencyGuardian
    function executeEmergencyAction(string calldata action, address target, string calldata reason) external {
        _execute(msg.sender, action, target, reason);
    }

    /// @inheritdoc IEmergencyGuardian
    function executeEmergencyActionFor(address member, string calldata action, address target) external {
        if (!TimelockController(payable(timelock)).hasRole(PROPOSER_ROLE, msg.sender)) {
            revert EmergencyGuardianNotGovernor(msg.sender);
        }
        _execute(member, action, target, action);
    }

    /// @inheritdoc IEmergencyGuardian
    function setCircuitBreakerLevel(address target, uint8 level) external onlyRole(EMERGENCY_ROLE) {
        ICircuitBreaker(target).setCircuitBreakerLevel(level);
        _log(msg.sender, target, "setCircuitBreakerLevel", "");
    }

    /// @inheritdoc IEmergencyGuardian
    function pauseFunction(address target, bytes4 selector) external onlyRole(EMERGENCY_ROLE) {
        ICircuitBreaker(target).pauseFunction(selector);
        _log(msg.sender, target, "pauseFunction", "");
    }

    /// @inheritdoc IEmergencyGuardian
    function unpauseFunction(address target, bytes4 selector) external onlyRole(EMERGENCY_ROLE) {
        ICircuitBreaker(target).unpauseFunction(selector);
        _log(msg.sender, target, "unpauseFunction", "");
    }

    /// @dev Looks whether the breaker obeyed: a contract that swallows the call is no breaker (X-59).
    function _execute(address member, string calldata action, address target, string calldata reason) private {
        _checkRole(EMERGENCY_ROLE, member);
        bytes32 wanted = keccak256(bytes(action));
        if (wanted != PAUSE && wanted != UNPAUSE) revert EmergencyGuardianUnknownAction(action);

        if (wanted == PAUSE) ICircuitBreaker(target).emergencyPause(reason);
        else ICircuitBreaker(target).unpause();
        uint8 level = _log(member, target, action, reason);
        if (wanted == PAUSE && level != PAUSED) revert EmergencyGuardianNoEffect(target, level);
    }

    function _log(address member, address target, string memory action, string memory reason)
        private
        returns (uint8 level)
    {
        (level,) = ICircuitBreaker(target).circuitBreakerLevel();
        emit EmergencyActionExecuted(member, target, action, reason, level, block.timestamp);
    }
}
