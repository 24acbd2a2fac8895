// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {NodeStore} from "./NodeStore.sol";

/// @title What every registration passes: the breaker and a limit for each controller.
abstract contract Registrations is NodeStore {
    uint256 private constant REGISTRATION_LIMIT = 10;
    uint256 private constant REGISTRATION_WINDOW = 1 hours;
    uint256 private constant REFILL_TIME = REGISTRATION_WINDOW / REGISTRATION_LIMIT;

    /// @dev One selector stands for all ways to register, so that pausing it leaves none open.
    function _checkNotPaused(RegistryStorage storage $) internal view {
        if (ICircuitBreaker($.marketplace).isFunctionPaused(INodeRegistry.registerNode.selector)) {
            revert NodeRegistryPaused();
        }
    }

    /// @dev A bucket per controller that refills by one in six minutes: a burst never closes the registry for good
    /// (X-35). It is one moment in the controller's first word, at which the bucket is full again.
    function _countRegistration(RegistryStorage storage $, address controller) internal {
        StoredNode storage entry = $.nodes[controller];
        uint256 until = Math.max(entry.registrationsUntil, block.timestamp) + REFILL_TIME;
        if (until > block.timestamp + REGISTRATION_WINDOW) {
            uint256 used = Math.ceilDiv(until - REFILL_TIME - block.timestamp, REFILL_TIME);
            revert NodeRegistryTooManyRegistrations(used, REGISTRATION_LIMIT);
        }
        entry.registrationsUntil = uint40(until);
    }
}
