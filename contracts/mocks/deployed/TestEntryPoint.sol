// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EntryPoint} from "@account-abstraction/contracts/core/EntryPoint.sol";

/// @notice EntryPoint 0.8 under a name that `deployCode` finds among the artifacts.
contract TestEntryPoint is EntryPoint {}
