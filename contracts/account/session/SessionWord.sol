// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What every use of a key reads and writes, in one slot:
/// payer (160 bits) | validUntil (32) | uses left (24) | epoch (20) | generation (16) | flags (4).
/// @dev The generation outlives revocation: each grant of a key has its own, so that nothing of an earlier grant
/// can be read again.
type SessionWord is uint256;

using SessionWordFields for SessionWord global;

library SessionWordFields {
    uint256 internal constant MAX_VALID_UNTIL = type(uint32).max;
    uint256 internal constant MAX_USES = type(uint24).max;
    uint256 internal constant MAX_EPOCH = (1 << 20) - 1;
    uint256 internal constant MAX_GENERATION = type(uint16).max;

    /// @dev The grant has {GrantTerms}: a start time or self-payment.
    uint256 internal constant HAS_TERMS = 1;
    /// @dev The grant has more payers than the one in the word.
    uint256 internal constant MORE_PAYERS = 2;
    /// @dev The grant is the default one, whose calls stand in the code and not in storage.
    uint256 internal constant DEFAULT = 4;

    uint256 private constant UNTIL = 160;
    uint256 private constant USES = 192;
    uint256 private constant EPOCH = 216;
    uint256 private constant GENERATION = 236;
    uint256 private constant FLAGS = 252;

    /// @dev Callers keep every field within its maximum.
    function pack(
        address payer_,
        uint256 validUntil_,
        uint256 uses_,
        uint256 epoch_,
        uint256 generation_,
        uint256 flags
    ) internal pure returns (SessionWord) {
        return SessionWord.wrap(
            uint160(payer_) | (validUntil_ << UNTIL) | (uses_ << USES) | (epoch_ << EPOCH)
                | (generation_ << GENERATION) | (flags << FLAGS)
        );
    }

    function payer(SessionWord word) internal pure returns (address) {
        return address(uint160(SessionWord.unwrap(word)));
    }

    function validUntil(SessionWord word) internal pure returns (uint48) {
        return uint32(SessionWord.unwrap(word) >> UNTIL);
    }

    function uses(SessionWord word) internal pure returns (uint32) {
        return uint24(SessionWord.unwrap(word) >> USES);
    }

    function epoch(SessionWord word) internal pure returns (uint32) {
        return uint32((SessionWord.unwrap(word) >> EPOCH) & MAX_EPOCH);
    }

    function generation(SessionWord word) internal pure returns (uint256) {
        return uint16(SessionWord.unwrap(word) >> GENERATION);
    }

    function has(SessionWord word, uint256 flag) internal pure returns (bool) {
        return (SessionWord.unwrap(word) >> FLAGS) & flag != 0;
    }

    /// @dev The caller has seen that a use is left.
    function useOnce(SessionWord word) internal pure returns (SessionWord) {
        unchecked {
            return SessionWord.wrap(SessionWord.unwrap(word) - (1 << USES));
        }
    }

    /// @notice Only the generation remains.
    function revoked(SessionWord word) internal pure returns (SessionWord) {
        return pack(address(0), 0, 0, 0, generation(word), 0);
    }

    /// @notice Names the mappings of one grant of `key`.
    function grantId(SessionWord word, address key) internal pure returns (bytes32) {
        return bytes32((generation(word) << 160) | uint160(key));
    }
}
