// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @title Owner of every contract of the system.
contract Timelock is TimelockController {
    /// @param minDelay Seconds between scheduling and execution.
    /// @param admin Wires the roles while deploying and renounces its own; `address(0)` for none.
    constructor(uint256 minDelay, address[] memory proposers, address[] memory executors, address admin)
        TimelockController(minDelay, proposers, executors, admin)
    {}
}
