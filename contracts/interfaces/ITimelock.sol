// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IParameterGuard} from "./IParameterGuard.sol";

/// @notice What the timelock, the owner of every contract, adds to OpenZeppelin's TimelockController.
interface ITimelock {
    /// @notice A call of the timelock changed a listed parameter.
    /// @param key First argument of a keyed setter (a token, say); 0 otherwise.
    /// @param name Name on the allow-list.
    /// @param oldValue Read by the listed getter before the call.
    /// @param newValue Read by the same getter after it: a setter that takes effect later still shows the old one.
    /// @param requested Argument of the setter.
    event ParameterUpdated(
        address indexed target,
        bytes4 indexed selector,
        bytes32 indexed key,
        string name,
        uint256 oldValue,
        uint256 newValue,
        uint256 requested
    );

    event ParameterGuardSet(address indexed guard);

    /// @notice There is no code at `guard`, or it serves another timelock.
    error TimelockForeignGuard(address guard);

    /// @notice Names the guard that every call passes from now on. Admin role: the timelock itself, and the deployer
    /// until it renounces.
    function setParameterGuard(IParameterGuard guard) external;

    /// @notice Guard of the parameters; `address(0)` until it is named.
    function parameterGuard() external view returns (IParameterGuard);

    /// @notice Seconds after its delay in which an operation can be executed; later it is as if never scheduled.
    function GRACE_PERIOD() external view returns (uint256);
}
