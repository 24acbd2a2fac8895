// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IProofVerifier} from "../interfaces/IProofVerifier.sol";
import {BN254_ORDER} from "./Bn254.sol";

/// @notice What `ezkl` generates for a circuit; it returns true or reverts.
interface IHalo2Verifier {
    function verifyProof(bytes calldata proof, uint256[] calldata instances) external returns (bool);
}

/// @title Adapter of one Halo2 verifier that `ezkl` generated.
/// @dev The generated code reads parts of the proof at fixed calldata positions but hashes it where the ABI's offsets
/// point, so whoever calls it directly can feed it two different proofs. Here the call is always encoded anew.
contract EzklVerifier is IProofVerifier {
    /// @dev Left for this contract's own work around the call.
    uint256 private constant OVERHEAD = 3_000;

    address public immutable halo2Verifier;

    /// @notice Code hash of {halo2Verifier}: the verifying key is part of its code.
    bytes32 public immutable vkHash;

    /// @notice Gas that a verification gets. A false curve point makes a precompile burn all of it.
    uint256 public immutable gasLimit;

    /// @notice `verifier` has no code of its own: nothing is deployed there, or it is an account that delegates.
    error EzklVerifierNotContract(address verifier);

    /// @notice Too little gas to tell a false proof from a starved verification.
    error EzklVerifierInsufficientGas(uint256 available, uint256 needed);

    /// @param gasLimit_ Well above what a valid proof takes, also after a repricing of precompiles.
    constructor(address halo2Verifier_, uint256 gasLimit_) {
        bytes memory code = halo2Verifier_.code;
        // ERC-7702: the delegate can change.
        if (code.length == 0 || code[0] == 0xef) revert EzklVerifierNotContract(halo2Verifier_);
        halo2Verifier = halo2Verifier_;
        vkHash = halo2Verifier_.codehash;
        gasLimit = gasLimit_;
    }

    /// @inheritdoc IProofVerifier
    function holdsKey(bytes32 hash) external view returns (bool) {
        return hash == vkHash && halo2Verifier.codehash == hash;
    }

    /// @inheritdoc IProofVerifier
    /// @dev Instances from the field order on are refused: they would be other names of the same proof.
    function verify(bytes32 circuit, uint256[] calldata instances, bytes calldata proof)
        external
        view
        returns (bool valid)
    {
        if (circuit != vkHash) return false;
        // Gone with the transaction that made it: that says nothing about the proof.
        if (halo2Verifier.codehash != circuit) revert EzklVerifierNotContract(halo2Verifier);
        for (uint256 i; i < instances.length; ++i) {
            if (instances[i] >= BN254_ORDER) return false;
        }

        bytes memory data = abi.encodeCall(IHalo2Verifier.verifyProof, (proof, instances));
        (address target, uint256 limit) = (halo2Verifier, gasLimit);
        // EIP-150 keeps one 64th back: without this a caller could starve a valid proof and have it booked as false.
        uint256 needed = limit + limit / 63 + OVERHEAD;
        if (gasleft() < needed) revert EzklVerifierInsufficientGas(gasleft(), needed);
        assembly ("memory-safe") {
            let success := staticcall(limit, target, add(data, 0x20), mload(data), 0, 0x20)
            valid := and(and(success, gt(returndatasize(), 0x1f)), eq(mload(0), 1))
        }
    }
}
