// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Six permitted functions of one target in one slot. An entry is selector (32 bits) | mask of pinned
/// arguments (8 bits), entry `i` from bit 40·i; the top 16 bits are: a next word exists (1), entry 0 is capped (1),
/// unused (6), calls left of entry 0 (8).
library SelectorWord {
    uint256 internal constant ENTRIES = 6;
    uint256 internal constant NEXT = 1 << 255;
    uint256 internal constant CAPPED = 1 << 254;

    uint256 private constant BITS = 40;
    uint256 private constant ENTRY_MASK = (1 << BITS) - 1;
    uint256 private constant LEFT = 240;

    /// @return found Selector 0 is never found: it marks a free entry.
    /// @return position Number of the entry.
    /// @return pinMask Bit `i` is set when argument `i` is pinned.
    function find(uint256 word, bytes4 selector)
        internal
        pure
        returns (bool found, uint256 position, uint256 pinMask)
    {
        uint256 wanted = uint32(selector);
        if (wanted == 0) return (false, 0, 0);
        unchecked {
            for (; position < ENTRIES; ++position) {
                if (uint32(word >> 8) == wanted) return (true, position, uint8(word));
                word >>= BITS;
            }
        }
    }

    function isFull(uint256 word) internal pure returns (bool) {
        return (word >> (BITS * (ENTRIES - 1))) & ENTRY_MASK != 0;
    }

    /// @notice Entry number `position` without pins.
    function entry(uint256 position, bytes4 selector) internal pure returns (uint256) {
        return uint256(uint32(selector)) << (BITS * position + 8);
    }

    /// @dev The word must not be full.
    function add(uint256 word, bytes4 selector, uint256 pinMask) internal pure returns (uint256) {
        uint256 position;
        while ((word >> (BITS * position)) & ENTRY_MASK != 0) ++position;
        return word | entry(position, selector) | (pinMask << (BITS * position));
    }

    /// @notice Limits entry 0 to `calls` calls.
    function cap(uint256 word, uint8 calls) internal pure returns (uint256) {
        return word | CAPPED | (uint256(calls) << LEFT);
    }

    function capLeft(uint256 word) internal pure returns (uint256) {
        return uint8(word >> LEFT);
    }

    /// @dev The caller has seen that a call is left.
    function useCap(uint256 word) internal pure returns (uint256) {
        unchecked {
            return word - (1 << LEFT);
        }
    }
}
