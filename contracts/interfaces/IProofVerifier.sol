// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Checks zero-knowledge proofs of one proof system.
interface IProofVerifier {
    /// @param circuit Hash of the verifying key, as the circuit was registered.
    /// @param instances Public inputs, field elements.
    /// @return Whether the proof holds; malformed input is `false`, never a revert that a caller could mistake for yes.
    /// A revert says that it could not be checked (too little gas), and nothing about the proof.
    function verify(bytes32 circuit, uint256[] calldata instances, bytes calldata proof) external returns (bool);

    /// @notice Whether {verify} checks against the verifying key with this hash.
    function holdsKey(bytes32 vkHash) external view returns (bool);
}
