// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Names of fields in errors.
/// @dev A string argument is built in memory at every check; a word costs nothing until the check fails.
library FieldName {
    function toText(bytes32 name) internal pure returns (string memory text) {
        uint256 length;
        while (length < 32 && name[length] != 0) ++length;
        text = string(bytes.concat(name));
        assembly ("memory-safe") {
            mstore(text, length)
        }
    }
}
