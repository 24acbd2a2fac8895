// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Six permitted functions of one target in one slot. An entry is selector (32 bits) | mask of pinned
/// arguments (8 bits), entry `i` from bit 40·i; the top bit says that a next word exists.
/// @dev Transfers of tokens stand elsewhere: see {SessionStorage-pinSlot}.
library SelectorWord {
    uint256 internal constant ENTRIES = 6;
    uint256 internal constant NEXT = 1 << 255;

    uint256 private constant BITS = 40;
    uint256 private constant ENTRY_MASK = (1 << BITS) - 1;

    /// @return found Selector 0 is never found: free entries end the search.
    /// @return pinMask Bit `i` is set when argument `i` is pinned.
    function find(uint256 word, bytes4 selector) internal pure returns (bool found, uint256 pinMask) {
        for (word &= ~NEXT; word != 0; word >>= BITS) {
            if (uint32(word >> 8) == uint32(selector)) return (true, uint8(word));
        }
    }

    function isFull(uint256 word) internal pure returns (bool) {
        return (word >> (BITS * (ENTRIES - 1))) & ENTRY_MASK != 0;
    }

    /// @dev The word must not be full.
    function add(uint256 word, bytes4 selector, uint256 pinMask) internal pure returns (uint256) {
        uint256 position;
        while ((word >> (BITS * position)) & ENTRY_MASK != 0) ++position;
        return word | (((uint256(uint32(selector)) << 8) | pinMask) << (BITS * position));
    }
}
