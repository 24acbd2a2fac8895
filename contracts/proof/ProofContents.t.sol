// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IProofSystem} from "../interfaces/IProofSystem.sol";
import {ProofSystemFixture, YesVerifier} from "../mocks/ProofSystemFixture.sol";

/// @dev What a submitted proof must say before anyone looks at its cryptography.
contract ProofContentsTest is ProofSystemFixture {
    function setUp() public {
        deployProofSystem();
    }

    /// Row 110 and 2.9: what the struct and the instances say must agree, byte for byte.
    function test_everyByteOfTheCommitmentsCounts() public {
        for (uint256 i; i < 96; ++i) {
            IProofSystem.EZKLProof memory proof = proofOf("job1");
            bytes32 flip = bytes32(uint256(1) << (8 * (i % 32)));
            if (i < 32) proof.modelCommitment ^= flip;
            else if (i < 64) proof.inputHash ^= flip;
            else proof.outputHash ^= flip;
            uint256 index = i / 32;
            uint256 value = proof.instances[index];
            vm.expectRevert(_mismatch(index, value, value ^ uint256(flip)));
            _submit(1, proof);
        }
    }

    function test_everyByteOfTheInstancesCounts() public {
        IProofSystem.EZKLProof memory proof = proofOf("job1");
        for (uint256 i; i < 320; ++i) {
            uint256 flip = uint256(1) << (8 * (i % 32));
            proof.instances[i / 32] ^= flip;
            vm.expectPartialRevert(IProofSystem.ProofSystemInstanceMismatch.selector);
            _submit(1, proof);
            proof.instances[i / 32] ^= flip;
        }
        _submit(1, proof);
    }

    function test_commitmentsAreOfTheInputAndTheOutput() public {
        IProofSystem.EZKLProof memory proof = proofOf("job1");
        uint256 hash = proof.instances[1];
        proof.instances[1] = 7;
        proof.inputHash = bytes32(uint256(7));
        vm.expectRevert(_mismatch(1, 7, hash));
        _submit(1, proof);
        proof = proofOf("job1");
        hash = proof.instances[2];
        proof.instances[2] = 7;
        proof.outputHash = bytes32(uint256(7));
        vm.expectRevert(_mismatch(2, 7, hash));
        _submit(1, proof);
        // A circuit that computes its hashes itself: the verifier is what refuses them.
        IProofSystem.InstanceLayout memory given = loadLayout();
        (given.inputs, given.outputs) = (0, 0);
        proofs.registerCircuit(MODEL, address(verifier), vk, given);
        _submit(1, proof);
        assertFalse(proofs.verifyProof(1, proof));
    }

    function test_keyAndNumberOfInstancesMustBeTheCircuits() public {
        IProofSystem.EZKLProof memory proof = proofOf("job1");
        proof.vk = bytes32(uint256(vk) ^ 1);
        vm.expectRevert(
            abi.encodeWithSelector(IProofSystem.ProofSystemKeyMismatch.selector, address(verifier), proof.vk)
        );
        _submit(1, proof);
        proof.vk = vk;
        proof.instances = new uint256[](9);
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ProofSystemInstanceCount.selector, 9, 10));
        _submit(1, proof);
        proof.instances = new uint256[](0);
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ProofSystemInstanceCount.selector, 0, 10));
        _submit(1, proof);
    }

    /// A host that could choose the circuit would prove the work of the cheapest.
    function test_circuitIsThatOfTheRentersModel() public {
        market.set(1, market.jobFacts(1), keccak256("large"));
        vm.expectRevert(
            abi.encodeWithSelector(IProofSystem.ProofSystemNoCircuit.selector, keccak256("large"))
        );
        _submit(1, proofOf("job1"));
        proofs.registerCircuit(keccak256("large"), address(new YesVerifier()), "large", loadLayout());
        vm.expectPartialRevert(IProofSystem.ProofSystemKeyMismatch.selector);
        _submit(1, proofOf("job1"));
    }

    /// Nor could it choose the input.
    function test_inputIsThatOfTheRentersJob() public {
        IProofSystem.EZKLProof memory proof = proofOf("job1");
        market.setInput(1, keccak256("prompt"));
        vm.expectRevert(_mismatch(1, proof.instances[1], uint256(keccak256("prompt"))));
        _submit(1, proof);
        market.setInput(1, proof.inputHash);
        _submit(1, proof);
        assertTrue(proofs.verifyProof(1, proof));
    }

    function test_X16_proofOfOneJobIsNoneOfAnother() public {
        Case memory loaded = loadCase("job1");
        uint256 binding = proofs.bindingOf(2, host, 0, bytes32(loaded.instances[0]));
        market.setInput(2, bytes32(loaded.instances[1]));
        vm.expectRevert(_mismatch(3, loaded.instances[3], binding));
        _submit(2, proofOf("job1"));
        // With the binding put right nothing but the cryptography is left to refuse it.
        loaded.instances[3] = binding;
        _submit(2, jobProof(loaded, vk));
        assertFalse(proofs.verifyProof(2, jobProof(loaded, vk)));
    }

    function _submit(uint256 jobId, IProofSystem.EZKLProof memory proof) private {
        vm.prank(host);
        proofs.submitProof(jobId, proof);
    }

    function _mismatch(uint256 index, uint256 value, uint256 expected) private pure returns (bytes memory) {
        return abi.encodeWithSelector(
            IProofSystem.ProofSystemInstanceMismatch.selector, index, value, expected
        );
    }
}
