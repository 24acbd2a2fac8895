// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {Proxy} from "@openzeppelin/contracts/proxy/Proxy.sol";

/// @title Code that goes on elsewhere: calls that a contract does not answer itself are delegated to the next one.
/// @dev The next contract is part of the code, so that an upgrade replaces all of it at once. All parts work in the
/// same storage by the same mixins; their namespaces (ERC-7201) do not depend on the order of inheritance.
abstract contract CodeExtension is Initializable, Proxy {
    /// @notice Where the code goes on.
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address public immutable extension;

    constructor(address extension_) {
        extension = extension_;
        // Its own storage is nobody's: there the code can do nothing.
        _disableInitializers();
    }

    function _implementation() internal view override returns (address) {
        return extension;
    }
}
