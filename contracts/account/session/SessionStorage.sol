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

    /// @dev A struct, so that a use finds its slot once.
    struct Session {
        SessionWord word;
    }

    /// @custom:storage-location erc7201:fabstir.storage.Sessions
    /// @param payers Payers beyond the first.
    /// @param usedSalts Salts of signed grants that were installed or cancelled.
    /// @param defaultClaims Jobs that a key claimed under the default grant.
    struct Layout {
        mapping(address key => Session) sessions;
        mapping(bytes32 grantId => mapping(address payer => bool)) payers;
        mapping(bytes32 grantId => GrantTerms) terms;
        mapping(bytes32 salt => bool) usedSalts;
        mapping(bytes32 grantId => uint256) defaultClaims;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.Sessions")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 internal constant SLOT = 0x7ce43d7f033497b7b681f56466e943a6001a98ec3d9eea36d63ee81fb0541b00;

    uint256 internal constant ALLOWED = 1;
    uint256 internal constant PERMITTED = 2;
    uint256 internal constant PIN_MASK_BITS = 8;
    /// @dev Tells a limit from a selector word, of which no target has so many.
    uint256 private constant LIMIT = 1 << 255;

    function load() internal pure returns (Layout storage $) {
        assembly ("memory-safe") {
            $.slot := SLOT
        }
    }

    /// @notice Slot of selector word number `index` ({SelectorWord}) of `target`.
    function selectorSlot(bytes32 grantId, address target, uint256 index) internal pure returns (uint256) {
        return _slot(grantId, (index << 160) | uint160(target));
    }

    /// @notice Slot of the limit of `token`: left (128 bits) | per call (128 bits).
    function limitSlot(bytes32 grantId, address token) internal pure returns (uint256) {
        return _slot(grantId, LIMIT | uint160(token));
    }

    /// @notice Slot that says whether argument number `index` may be `value`: {ALLOWED}, or for the recipient of a
    /// transfer {PERMITTED} with the mask of the other pinned arguments from bit 8. Transfers are permitted there and
    /// in no selector word: one slot says that a token may be sent, and to whom.
    function pinSlot(bytes32 grantId, address target, bytes4 selector, uint256 index, bytes32 value)
        internal
        pure
        returns (uint256)
    {
        uint256 place = (uint256(uint160(target)) << 64) | (uint256(uint32(selector)) << 32) | index;
        return _slot(grantId, _slot(bytes32(place), uint256(value)));
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

    /// @dev One hash over both words instead of a mapping's two. A mapping's second word is its slot, which no word
    /// here is.
    function _slot(bytes32 first, uint256 second) private pure returns (uint256 wordSlot) {
        assembly ("memory-safe") {
            mstore(0x00, first)
            mstore(0x20, second)
            wordSlot := keccak256(0x00, 0x40)
        }
    }
}
