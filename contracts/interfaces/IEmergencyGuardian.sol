// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";

/// @notice Members of the emergency role, and the audit log of what they did. They stop new work and let it go on;
/// the breaker ({ICircuitBreaker}) bounds how long, and no exit is ever stopped.
interface IEmergencyGuardian is IAccessControl {
    /// @notice Audit log.
    /// @param member Who decided, also when the governor passed it on.
    /// @param target Breaker that obeyed.
    /// @param level Level of the breaker afterwards.
    event EmergencyActionExecuted(
        address indexed member, address indexed target, string action, string reason, uint8 level, uint256 timestamp
    );

    /// @notice Only "pause" and "unpause" are actions.
    error EmergencyGuardianUnknownAction(string action);

    /// @notice `target` took the call to pause and stands at `level` all the same.
    error EmergencyGuardianNoEffect(address target, uint8 level);

    /// @notice Only a proposer of the timelock, the governor, passes on what a member asked of it.
    error EmergencyGuardianNotGovernor(address caller);
    error EmergencyGuardianZeroAddress();

    /// @notice "pause" or "unpause" for the breaker `target`. EMERGENCY_ROLE. Reverts for anything else, and when the
    /// breaker's limits on pauses forbid it. Unpausing ends what the guardian began; a level set by the timelock stays.
    function executeEmergencyAction(string calldata action, address target) external;

    /// @notice The same with a reason for the log and the breaker.
    function executeEmergencyAction(string calldata action, address target, string calldata reason) external;

    /// @notice The same by the governor, which passes on its caller; `member` needs the role.
    function executeEmergencyActionFor(address member, string calldata action, address target) external;

    /// @notice Level 0 to 3 of the breaker `target`. EMERGENCY_ROLE.
    function setCircuitBreakerLevel(address target, uint8 level) external;

    /// @notice Pauses one function of the breaker `target` that opens new work. EMERGENCY_ROLE.
    function pauseFunction(address target, bytes4 selector) external;

    /// @notice Takes it back. EMERGENCY_ROLE.
    function unpauseFunction(address target, bytes4 selector) external;

    /// @notice Role of the members; the timelock grants and revokes it.
    function EMERGENCY_ROLE() external view returns (bytes32);

    function timelock() external view returns (address);
}
