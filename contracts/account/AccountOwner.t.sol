// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {SessionPolicy} from "../interfaces/IBaseAccountIntegration.sol";
import {P256Verifier} from "./P256Verifier.sol";
import {PasskeyTestBase} from "./PasskeyTestBase.t.sol";

/// @notice The three kinds of signature, of owners and of session keys.
contract AccountOwnerTest is PasskeyTestBase {
    // secp256k1

    function test_theEoaOwnerSigns() public {
        handle(ownerOp(claim(1)));
        assertEq(market.caller(), address(account));
        assertEq(account.owner(), abi.encodePacked(owner));
    }

    function testFuzz_anotherEoaFails(uint256 key) public {
        key = bound(key, 1, type(uint128).max);
        PackedUserOperation memory op = ownerOp(claim(1));
        op.signature = signKey(key, entryPoint.getUserOpHash(op));
        expectFailedOp("AA24 signature error");
        handle(op);
    }

    function test_theHighTwinOfASignatureFails() public {
        PackedUserOperation memory op = ownerOp(claim(1));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(ownerKey, entryPoint.getUserOpHash(op));
        uint256 n = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        op.signature = abi.encodePacked(uint8(0), r, n - uint256(s), v == 27 ? uint8(28) : uint8(27));
        expectFailedOp("AA24 signature error");
        handle(op);
    }

    function testFuzz_signaturesOfAnyShapeNeverRevert(bytes memory signature) public {
        PackedUserOperation memory op = ownerOp(claim(1));
        op.signature = signature;
        expectFailedOp("AA24 signature error");
        handle(op);
    }

    /// @dev An owner that delegates by EIP-7702 keeps its account: its code is never looked at.
    function test_anOwnerWithCodeStillSigns() public {
        vm.etch(owner, abi.encodePacked(hex"ef0100", address(market)));
        handle(ownerOp(claim(1)));
        assertEq(market.lastJob(), 1);
    }

    // P-256 and WebAuthn

    function test_theP256OwnerSigns() public {
        assertEq(passkeyAccount.owner(), passkey);
        PackedUserOperation memory op = passkeyOp();
        op.signature = signP256(entryPoint.getUserOpHash(op));
        handle(op);
        assertEq(market.caller(), address(passkeyAccount));
    }

    function test_theHighTwinOfAP256SignatureFails() public {
        PackedUserOperation memory op = passkeyOp();
        (bytes32 r, bytes32 s) = vm.signP256(PASSKEY, entryPoint.getUserOpHash(op));
        op.signature = abi.encodePacked(uint8(1), r, P256_N - lowS(s));
        expectFailedOp("AA24 signature error");
        handle(op);
    }

    function testFuzz_aTamperedP256SignatureFails(uint256 position, uint8 flip) public {
        PackedUserOperation memory op = passkeyOp();
        bytes memory signature = signP256(entryPoint.getUserOpHash(op));
        position = bound(position, 0, 64);
        signature[position] = bytes1(uint8(signature[position]) ^ uint8(bound(flip, 1, 255)));
        op.signature = signature;
        expectFailedOp("AA24 signature error");
        handle(op);
    }

    function test_theWebAuthnOwnerSigns() public {
        PackedUserOperation memory op = passkeyOp();
        op.signature = signWebAuthn(entryPoint.getUserOpHash(op), 0x05, "webauthn.get");
        handle(op);
        assertEq(market.caller(), address(passkeyAccount));
    }

    function test_aWebAuthnSignatureOfAnotherChallengeFails() public {
        PackedUserOperation memory op = passkeyOp();
        op.signature = signWebAuthn(keccak256("another"), 0x05, "webauthn.get");
        expectFailedOp("AA24 signature error");
        handle(op);
    }

    function test_webAuthnNeedsAVerifiedUserAndTheRightType() public {
        PackedUserOperation memory op = passkeyOp();
        bytes32 userOpHash = entryPoint.getUserOpHash(op);
        uint8[4] memory flags = [0x04, 0x01, 0x00, 0x15];
        for (uint256 i; i < flags.length; ++i) {
            op.signature = signWebAuthn(userOpHash, flags[i], "webauthn.get");
            expectFailedOp("AA24 signature error");
            handle(op);
        }
        op.signature = signWebAuthn(userOpHash, 0x05, "webauthn.set");
        expectFailedOp("AA24 signature error");
        handle(op);
        op.signature = signWebAuthn(userOpHash, 0x1d, "webauthn.get");
        handle(op);
    }

    function test_aP256SessionKeyCarriesItsPoint() public {
        SessionPolicy memory policy = spendingPolicy();
        policy.key = address(uint160(uint256(keccak256(passkey))));
        grant(policy);
        PackedUserOperation memory op = newOp(account, 1, policy.key, claim(8));
        addSponsor(op);
        op.signature = abi.encodePacked(signP256(entryPoint.getUserOpHash(op)), passkey);
        handle(op);
        assertEq(market.lastJob(), 8);

        op = newOp(account, 1, policy.key, claim(9));
        addSponsor(op);
        bytes memory assertion = signWebAuthn(entryPoint.getUserOpHash(op), 0x05, "webauthn.get");
        op.signature = abi.encodePacked(uint8(2), passkey, tailOf(assertion, 1));
        handle(op);
        assertEq(market.lastJob(), 9);

        // Another point with a valid signature of its own is another key.
        (uint256 x, uint256 y) = vm.publicKeyP256(2);
        op = newOp(account, 1, policy.key, claim(10));
        addSponsor(op);
        (bytes32 r, bytes32 s) = vm.signP256(2, entryPoint.getUserOpHash(op));
        op.signature = abi.encodePacked(uint8(1), r, lowS(s), x, y);
        expectFailedOp("AA24 signature error");
        handle(op);
    }

    function testFuzz_theSolidityVerifierAgreesWithTheSignature(uint256 key, bytes32 digest, bool tamper) public {
        key = bound(key, 1, type(uint128).max);
        P256Verifier verifier = P256Verifier(deployCode("P256Verifier"));
        (uint256 x, uint256 y) = vm.publicKeyP256(key);
        (bytes32 r, bytes32 s) = vm.signP256(key, digest);
        if (tamper) digest = keccak256(abi.encode(digest));
        (bool success, bytes memory returned) = address(verifier).staticcall(abi.encode(digest, r, lowS(s), x, y));
        assertTrue(success);
        assertEq(returned, tamper ? bytes("") : abi.encode(1));
    }
}
