// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Storage of the account under ERC-7201, so that it never meets what another EIP-7702 delegate left behind.
library AccountStorage {
    /// @custom:storage-location erc7201:fabstir.storage.Account
    /// @param owner secp256k1 owner; `address(0)` when a P-256 key owns the account.
    /// @param epoch Session keys and signed grants of earlier epochs are dead.
    /// @param x P-256 owner, 0 when there is none.
    struct Layout {
        address owner;
        uint32 epoch;
        bytes32 x;
        bytes32 y;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.Account")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 internal constant SLOT = 0x5c2007b58f19d93c181f3f6c311766948f2d70a23502676254ef2a81bdd6d100;

    function load() internal pure returns (Layout storage $) {
        assembly ("memory-safe") {
            $.slot := SLOT
        }
    }
}
