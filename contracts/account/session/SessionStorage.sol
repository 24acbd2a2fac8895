// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SessionWord} from "./SessionWord.sol";

/// @notice Storage of the session keys under ERC-7201. Everything of a grant is keyed by its grant id
/// ({SessionWordFields-grantId}); the account's own storage is free to use in validation (ERC-7562 STO-010).
library SessionStorage {
    /// @notice Read only when a key starts later or pays for itself.
    /// @param maxGasCost Wei that one operation may cost the account; 0 when only payers pay.
    struct GrantTerms {
        uint48 validAfter;
        uint128 maxGasCost;
    }

    /// @custom:storage-location erc7201:fabstir.storage.Sessions
    /// @param limits Token limit words: left (128 bits) | per call (128 bits).
    /// @param pins Allowed values, by hash of target, selector, argument index and value.
    /// @param payers Payers beyond the first.
    /// @param usedSalts Salts of signed grants that were installed or cancelled.
    struct Layout {
        mapping(address key => SessionWord) sessions;
        mapping(bytes32 grantId => mapping(address token => uint256)) limits;
        mapping(bytes32 grantId => mapping(bytes32 pin => bool)) pins;
        mapping(bytes32 grantId => mapping(address payer => bool)) payers;
        mapping(bytes32 grantId => GrantTerms) terms;
        mapping(bytes32 salt => bool) usedSalts;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.Sessions")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 internal constant SLOT = 0x7ce43d7f033497b7b681f56466e943a6001a98ec3d9eea36d63ee81fb0541b00;

    function load() internal pure returns (Layout storage $) {
        assembly ("memory-safe") {
            $.slot := SLOT
        }
    }

    /// @notice Slot of selector word number `index` ({SelectorWord}) of `target`.
    /// @dev One hash over both words instead of a mapping's two. A mapping's second word is its slot, which no
    /// address is.
    function selectorSlot(bytes32 grantId, address target, uint256 index)
        internal
        pure
        returns (uint256 wordSlot)
    {
        assembly ("memory-safe") {
            mstore(0x00, grantId)
            mstore(0x20, or(shl(160, index), target))
            wordSlot := keccak256(0x00, 0x40)
        }
    }

    function readSlot(uint256 wordSlot) internal view returns (uint256 word) {
        assembly ("memory-safe") {
            word := sload(wordSlot)
        }
    }

    function writeSlot(uint256 wordSlot, uint256 word) internal {
        assembly ("memory-safe") {
            sstore(wordSlot, word)
        }
    }

    function pinKey(address target, bytes4 selector, uint256 index, bytes32 value) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(target, selector, uint8(index), value));
    }
}
