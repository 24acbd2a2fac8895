// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Account} from "@openzeppelin/contracts/account/Account.sol";
import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {AccountStorage} from "./AccountStorage.sol";
import {KeySignature} from "./KeySignature.sol";

/// @notice The owner of the account: one secp256k1 address or one P-256 key.
/// @dev As an EIP-7702 delegate the account's own key is always an owner too, and nothing has to be stored.
abstract contract AccountOwner is Account {
    /// @param owner 20 bytes of an address, or 64 bytes x‖y of a P-256 key.
    event OwnerChanged(bytes owner);

    /// @notice `owner` is neither 20 bytes of an address other than 0 nor 64 bytes x‖y of a point on P-256.
    error AccountOwnerInvalid(bytes owner);

    address private immutable _p256Verifier = KeySignature.p256Verifier();

    /// @notice The account itself or its secp256k1 owner as the caller.
    modifier onlySelfOrOwner() {
        if (msg.sender != address(this) && msg.sender != AccountStorage.load().owner) {
            revert AccountUnauthorized(msg.sender);
        }
        _;
    }

    /// @notice The account itself as the caller, by {execute} or {executeBatch}.
    modifier onlySelf() {
        if (msg.sender != address(this)) revert AccountUnauthorized(msg.sender);
        _;
    }

    /// @notice 20 bytes of an address, or 64 bytes x‖y of a P-256 key.
    function owner() external view returns (bytes memory) {
        AccountStorage.Layout storage $ = AccountStorage.load();
        if ($.owner != address(0)) return abi.encodePacked($.owner);
        if ($.x != 0) return abi.encodePacked($.x, $.y);
        return abi.encodePacked(address(this));
    }

    function _setOwner(bytes calldata newOwner) internal {
        AccountStorage.Layout storage $ = AccountStorage.load();
        if (newOwner.length == 20) {
            address account = address(bytes20(newOwner));
            if (account == address(0)) revert AccountOwnerInvalid(newOwner);
            $.owner = account;
            ($.x, $.y) = (0, 0);
        } else {
            if (newOwner.length != 64) revert AccountOwnerInvalid(newOwner);
            (bytes32 x, bytes32 y) = (bytes32(newOwner), bytes32(newOwner[32:]));
            if (!P256.isValidPublicKey(x, y)) revert AccountOwnerInvalid(newOwner);
            $.owner = address(0);
            ($.x, $.y) = (x, y);
        }
        emit OwnerChanged(newOwner);
    }

    /// @dev Serves operations of the owner, ERC-1271 and signed grants.
    function _rawSignatureValidation(bytes32 digest, bytes calldata signature)
        internal
        view
        virtual
        override
        returns (bool)
    {
        if (signature.length == 0) return false;
        uint8 kind = uint8(signature[0]);
        if (kind == KeySignature.SECP256K1) {
            address signer = KeySignature.recover(digest, signature[1:]);
            return signer != address(0) && (signer == address(this) || signer == AccountStorage.load().owner);
        }
        AccountStorage.Layout storage $ = AccountStorage.load();
        return _verifyP256Kind(kind, digest, signature[1:], $.x, $.y);
    }

    /// @return The 160-bit id of the key that made a valid session signature, else `address(0)`.
    function _sessionSigner(bytes32 digest, bytes calldata signature) internal view returns (address) {
        if (signature.length == 0) return address(0);
        uint8 kind = uint8(signature[0]);
        if (kind == KeySignature.SECP256K1) return KeySignature.recover(digest, signature[1:]);

        bytes calldata point;
        bytes calldata rest;
        if (kind == KeySignature.P256_RAW && signature.length == 129) {
            (rest, point) = (signature[1:65], signature[65:]);
        } else if (kind == KeySignature.WEBAUTHN && signature.length > 65) {
            (point, rest) = (signature[1:65], signature[65:]);
        } else {
            return address(0);
        }
        bool valid = _verifyP256Kind(kind, digest, rest, bytes32(point), bytes32(point[32:]));
        return valid ? address(uint160(uint256(keccak256(point)))) : address(0);
    }

    function _verifyP256Kind(uint8 kind, bytes32 digest, bytes calldata signature, bytes32 x, bytes32 y)
        private
        view
        returns (bool)
    {
        if (kind == KeySignature.P256_RAW) {
            return signature.length == 64
                && KeySignature.verifyP256(
                    _p256Verifier, digest, bytes32(signature), bytes32(signature[32:]), x, y
                );
        }
        return kind == KeySignature.WEBAUTHN
            && KeySignature.verifyWebAuthn(_p256Verifier, digest, signature, x, y);
    }
}
