// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";

/// @notice P256VERIFY (RIP-7212, EIP-7951) for chains without the precompile: some 350,000 gas instead of 6,900.
/// @dev The account's constructor deploys it where it finds no precompile. No storage, so that any account may call
/// it in validation.
contract P256Verifier {
    /// @dev Input: digest ‖ r ‖ s ‖ x ‖ y. Output: 1 as a word when the signature is valid, else nothing.
    fallback(bytes calldata input) external returns (bytes memory) {
        if (input.length != 160) return "";
        (bytes32 digest, bytes32 r, bytes32 s, bytes32 x, bytes32 y) =
            abi.decode(input, (bytes32, bytes32, bytes32, bytes32, bytes32));
        return P256.verifySolidity(digest, r, s, x, y) ? abi.encode(true) : bytes("");
    }
}
