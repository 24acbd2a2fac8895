// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {AccountTestBase} from "./AccountTestBase.t.sol";
import {FabstirAccount} from "./FabstirAccount.sol";

/// @notice A second account whose owner is a P-256 key.
abstract contract PasskeyTestBase is AccountTestBase {
    uint256 internal constant PASSKEY = 0xfab571a;
    uint256 internal constant P256_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551;

    bytes internal passkey;
    FabstirAccount internal passkeyAccount;

    function setUp() public override {
        super.setUp();
        (uint256 x, uint256 y) = vm.publicKeyP256(PASSKEY);
        passkey = abi.encodePacked(x, y);
        passkeyAccount = FabstirAccount(payable(factory.createAccount(passkey, 0)));
        vm.deal(address(passkeyAccount), 10 ether);
    }

    function passkeyOp() internal view returns (PackedUserOperation memory) {
        return newOp(passkeyAccount, 0, address(0), claim(2));
    }

    function signP256(bytes32 digest) internal pure returns (bytes memory) {
        (bytes32 r, bytes32 s) = vm.signP256(PASSKEY, digest);
        return abi.encodePacked(uint8(1), r, lowS(s));
    }

    function signWebAuthn(bytes32 challenge, uint8 flags, string memory kind) internal pure returns (bytes memory) {
        bytes memory authenticator = abi.encodePacked(sha256("fabstir.example"), flags, uint32(7));
        string memory client = string.concat(
            '{"type":"', kind, '","challenge":"', Base64.encodeURL(abi.encode(challenge)), '","origin":"https://fabstir.example"}'
        );
        (bytes32 r, bytes32 s) = vm.signP256(PASSKEY, sha256(abi.encodePacked(authenticator, sha256(bytes(client)))));
        return abi.encodePacked(uint8(2), abi.encode(r, lowS(s), 23, 1, authenticator, client));
    }

    function lowS(bytes32 s) internal pure returns (uint256) {
        return uint256(s) > P256_N / 2 ? P256_N - uint256(s) : uint256(s);
    }

    function tailOf(bytes memory data, uint256 from) internal pure returns (bytes memory tail) {
        tail = new bytes(data.length - from);
        for (uint256 i; i < tail.length; ++i) tail[i] = data[from + i];
    }
}
