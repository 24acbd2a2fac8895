// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {WebAuthn} from "@openzeppelin/contracts/utils/cryptography/WebAuthn.sol";
import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {P256Verifier} from "./P256Verifier.sol";

/// @notice Signature kinds of owner and session keys. The first byte of a signature names its kind.
/// @dev No function looks at the code of a signer: that breaks OP-041 in validation, and a key that delegates by
/// EIP-7702 later would lock itself out. A wrong signature runs the same path as a right one, so that gas can be
/// estimated with a dummy of the same length.
library KeySignature {
    /// @dev r ‖ s ‖ v, low s only.
    uint8 internal constant SECP256K1 = 0x00;
    /// @dev r ‖ s, low s only; a session key appends x ‖ y.
    uint8 internal constant P256_RAW = 0x01;
    /// @dev abi.encode(r, s, challengeIndex, typeIndex, authenticatorData, clientDataJSON); a session key puts
    /// x ‖ y before it.
    uint8 internal constant WEBAUTHN = 0x02;
    /// @dev abi.encode(policy, salt, deadline, epoch, ownerSignature, keySignature): installs a signed grant.
    uint8 internal constant GRANT = 0x10;

    /// @dev RIP-7212 / EIP-7951.
    address private constant P256_PRECOMPILE = address(0x100);
    uint256 private constant P256_HALF_N = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8;

    bytes32 private constant PROBE_DIGEST = 0xda6b26e42f04ba8c5685efed522c99a984c775ae5578d1ab9f36eca8b87f148c;
    bytes32 private constant PROBE_R = 0x654e1fd10887d46f8467da1ff6209716f98e85389ba0e50f549c459249e81892;
    bytes32 private constant PROBE_S = 0x22374d127226ccba371e9098d684ca3a2838eb3e19d5b589ad56278b417e4dde;
    bytes32 private constant PROBE_X = 0x04ce5ce6b12ec4f9f560067d499143c59b750f8a37638bc11078fd3b64ed5f93;
    bytes32 private constant PROBE_Y = 0x24bf6ff4bb6c3a8d53b8ee9190fa81d770dec15718fa91f91758a7cb529d30c0;

    /// @dev WebAuthn flags of the authenticator data: user present and verified; backed up needs eligible.
    uint8 private constant PRESENT_AND_VERIFIED = 0x05;
    uint8 private constant BACKUP = 0x18;
    uint8 private constant BACKED_UP_NOT_ELIGIBLE = 0x10;

    /// @return signer `address(0)` when `rsv` is no low-s signature of 65 bytes.
    function recover(bytes32 digest, bytes calldata rsv) internal pure returns (address signer) {
        (signer,,) = ECDSA.tryRecoverCalldata(digest, rsv);
    }

    /// @param verifier See {p256Verifier}.
    function verifyP256(address verifier, bytes32 digest, bytes32 r, bytes32 s, bytes32 x, bytes32 y)
        internal
        view
        returns (bool valid)
    {
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, digest)
            mstore(add(input, 0x20), r)
            mstore(add(input, 0x40), s)
            mstore(add(input, 0x60), x)
            mstore(add(input, 0x80), y)
            // An invalid signature returns nothing.
            mstore(0x00, 0)
            valid := staticcall(gas(), verifier, input, 0xa0, 0x00, 0x20)
            valid := and(valid, eq(mload(0x00), 1))
        }
        valid = valid && uint256(s) <= P256_HALF_N;
    }

    /// @notice WebAuthn assertion (webauthn.get) over `digest` as the challenge, with user verification.
    function verifyWebAuthn(address verifier, bytes32 digest, bytes calldata encoded, bytes32 x, bytes32 y)
        internal
        view
        returns (bool)
    {
        (bool decoded, WebAuthn.WebAuthnAuth calldata assertion) = WebAuthn.tryDecodeAuth(encoded);
        if (!decoded) return false;
        bytes calldata authenticator = assertion.authenticatorData;
        bytes calldata client = bytes(assertion.clientDataJSON);
        if (authenticator.length < 37) return false;

        uint8 flags = uint8(authenticator[32]);
        bool wellFormed = flags & PRESENT_AND_VERIFIED == PRESENT_AND_VERIFIED
            && flags & BACKUP != BACKED_UP_NOT_ELIGIBLE
            && _contains(client, assertion.typeIndex, '"type":"webauthn.get"')
            && _contains(
                client,
                assertion.challengeIndex,
                abi.encodePacked('"challenge":"', Base64.encodeURL(abi.encodePacked(digest)), '"')
            );

        bytes32 message = sha256(abi.encodePacked(authenticator, sha256(client)));
        return verifyP256(verifier, message, assertion.r, assertion.s, x, y) && wellFormed;
    }

    /// @notice Finds what verifies P-256 signatures on this chain, with a signature known to be valid.
    /// @return The precompile at 0x100, or a new {P256Verifier} where there is none: a call to an address without
    /// code would break OP-041 in validation.
    function p256Verifier() internal returns (address) {
        bool found = verifyP256(P256_PRECOMPILE, PROBE_DIGEST, PROBE_R, PROBE_S, PROBE_X, PROBE_Y);
        return found ? P256_PRECOMPILE : address(new P256Verifier());
    }

    function _contains(bytes calldata text, uint256 index, bytes memory part) private pure returns (bool) {
        if (index > text.length || text.length - index < part.length) return false;
        return keccak256(text[index:index + part.length]) == keccak256(part);
    }
}
