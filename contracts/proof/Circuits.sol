// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IProofSystem} from "../interfaces/IProofSystem.sol";
import {IProofVerifier} from "../interfaces/IProofVerifier.sol";
import {BN254_ORDER} from "./Bn254.sol";
import {ProofStore} from "./ProofStore.sol";

/// @title Which circuit proves the work of which model, and what its instances must be.
abstract contract Circuits is ProofStore {
    /// @custom:storage-location erc7201:fabstir.storage.ProofCircuits
    struct CircuitsStorage {
        mapping(bytes32 modelId => Circuit) circuits;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.ProofCircuits")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant CIRCUITS_STORAGE = 0xfe3e56d45940b168a770a3f93f3a0072530196817fae9359c037351b167a6800;

    uint256 private constant COMMITMENTS = 3;
    uint256 private constant MAX_INSTANCES = 256;

    /// @inheritdoc IProofSystem
    function registerCircuit(bytes32 modelId, address verifier, bytes32 vkHash, InstanceLayout calldata instanceLayout)
        external
        onlyOwner
    {
        if (modelId == 0) revert ProofSystemNoCircuit(modelId);
        _checkLayout(instanceLayout);
        if (verifier.code.length == 0) revert ProofSystemNotVerifier(verifier);
        if (!IProofVerifier(verifier).holdsKey(vkHash)) revert ProofSystemKeyMismatch(verifier, vkHash);

        _circuitsStorage().circuits[modelId] = Circuit({
            verifier: verifier,
            count: instanceLayout.count,
            binding: instanceLayout.binding,
            inputs: instanceLayout.inputs,
            outputs: instanceLayout.outputs,
            vkHash: vkHash,
            modelCommitment: instanceLayout.modelCommitment
        });
        emit CircuitRegistered(modelId, verifier, vkHash, instanceLayout);
    }

    /// @inheritdoc IProofSystem
    function removeCircuit(bytes32 modelId) external onlyOwner {
        _circuitOf(modelId);
        delete _circuitsStorage().circuits[modelId];
        emit CircuitRemoved(modelId);
    }

    /// @inheritdoc IProofSystem
    function getCircuit(bytes32 modelId) external view returns (Circuit memory) {
        return _circuitsStorage().circuits[modelId];
    }

    /// @inheritdoc IProofSystem
    function bindingOf(uint256 jobId, address host, uint256 cumulativeTokens, bytes32 modelCommitment)
        public
        view
        returns (uint256)
    {
        address market = _proofSystemStorage().marketplace;
        bytes32 digest = keccak256(abi.encode(block.chainid, market, jobId, host, cumulativeTokens, modelCommitment));
        return uint256(digest) % BN254_ORDER;
    }

    /// @dev A model without a circuit has no proofs: nothing is paid unverified.
    function _circuitOf(bytes32 modelId) internal view returns (Circuit memory circuit) {
        circuit = _circuitsStorage().circuits[modelId];
        if (circuit.verifier == address(0)) revert ProofSystemNoCircuit(modelId);
    }

    /// @dev All that a proof says besides that it holds: of which model, for whom, over which input and output.
    function _checkInstances(
        Circuit memory circuit,
        uint256[] memory instances,
        uint256 jobId,
        address host,
        uint256 cumulativeTokens
    ) internal view {
        if (instances.length != circuit.count) revert ProofSystemInstanceCount(instances.length, circuit.count);
        _checkInstance(instances, 0, uint256(circuit.modelCommitment));
        uint256 binding = bindingOf(jobId, host, cumulativeTokens, circuit.modelCommitment);
        _checkInstance(instances, circuit.binding, binding);
        if (circuit.inputs == 0) return;
        _checkInstance(instances, 1, _hashOf(instances, circuit.inputs, circuit.outputs));
        _checkInstance(instances, 2, _hashOf(instances, circuit.outputs, circuit.count));
    }

    function _checkInstance(uint256[] memory instances, uint256 index, uint256 expected) internal pure {
        uint256 value = instances[index];
        if (value != expected) revert ProofSystemInstanceMismatch(index, value, expected);
    }

    function _holds(Circuit memory circuit, uint256[] memory instances, bytes memory proof) internal returns (bool) {
        return IProofVerifier(circuit.verifier).verify(circuit.vkHash, instances, proof);
    }

    /// @param end Not included; at most the number of instances.
    function _hashOf(uint256[] memory instances, uint256 start, uint256 end) private pure returns (uint256 hash) {
        assembly ("memory-safe") {
            hash := keccak256(add(add(instances, 0x20), shl(5, start)), shl(5, sub(end, start)))
        }
        hash %= BN254_ORDER;
    }

    function _checkLayout(InstanceLayout calldata instanceLayout) private pure {
        _checkField("modelCommitment", uint256(instanceLayout.modelCommitment), 1, BN254_ORDER - 1);
        _checkField("binding", instanceLayout.binding, COMMITMENTS, MAX_INSTANCES - 1);
        _checkField("count", instanceLayout.count, uint256(instanceLayout.binding) + 1, MAX_INSTANCES);
        if (instanceLayout.inputs == 0) {
            _checkField("outputs", instanceLayout.outputs, 0, 0);
        } else {
            _checkField("outputs", instanceLayout.outputs, uint256(instanceLayout.binding) + 2, instanceLayout.count - 1);
            _checkField("inputs", instanceLayout.inputs, uint256(instanceLayout.binding) + 1, instanceLayout.outputs - 1);
        }
    }

    function _checkField(string memory field, uint256 value, uint256 minimum, uint256 maximum) private pure {
        if (value < minimum || value > maximum) revert ProofSystemLayout(field, value, minimum, maximum);
    }

    function _circuitsStorage() private pure returns (CircuitsStorage storage $) {
        assembly {
            $.slot := CIRCUITS_STORAGE
        }
    }
}
