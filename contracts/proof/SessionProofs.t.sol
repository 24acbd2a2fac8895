// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IProofSystem} from "../interfaces/IProofSystem.sol";
import {ProofSystemFixture} from "../mocks/ProofSystemFixture.sol";
import {BN254_ORDER} from "./Bn254.sol";

contract SessionProofsTest is ProofSystemFixture {
    function setUp() public {
        deployProofSystem();
    }

    /// X-07: a proof is marked for its job alone; the same bytes stay good where they belong.
    function test_X07_useElsewhereBurnsNothing() public {
        Case memory loaded = loadCase("session1000");
        for (uint256 i; i < 3; ++i) {
            _verifySession(1, host, MODEL, 1000, loaded.instances, loaded.proof);
        }
    }

    function test_sessionProofsHoldForTheirCount() public {
        Case memory first = loadCase("session1000");
        Case memory later = loadCase("session2500");
        vm.expectEmit(address(proofs));
        emit IProofSystem.SessionProofVerified(1, host, 1000);
        _verifySession(1, host, MODEL, 1000, first.instances, first.proof);
        _verifySession(1, host, MODEL, 2500, later.instances, later.proof);
    }

    /// X-16: a proof names job, host, count, model, chain and marketplace.
    function test_X16_sessionProofDoesNotReplay() public {
        Case memory loaded = loadCase("session1000");
        _refusedSession(2, host, 1000, loaded);
        _refusedSession(1, watcher, 1000, loaded);
        _refusedSession(1, host, 1001, loaded);
        _refusedSession(1, host, 2500, loaded);
        vm.chainId(8453);
        _refusedSession(1, host, 1000, loaded);
        vm.chainId(31337);
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ProofSystemNoCircuit.selector, bytes32("other")));
        _verifySession(1, host, "other", 1000, loaded.instances, loaded.proof);
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ProofSystemNoCircuit.selector, bytes32(0)));
        _verifySession(1, host, 0, 1000, loaded.instances, loaded.proof);
        // A proof of a job is one of zero tokens.
        Case memory job = loadCase("job1");
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ProofSystemInvalidProof.selector, 1));
        _verifySession(1, host, MODEL, 0, job.instances, job.proof);
        _verifySession(1, host, MODEL, 1000, loaded.instances, loaded.proof);
    }

    function test_X16_proofForAnotherMarketplaceIsRefused() public {
        Case memory loaded = loadCase("session1000");
        deployProofSystem();
        // The same ProofSystem in front of a marketplace elsewhere: the slot of its marketplace.
        bytes32 slot = bytes32(uint256(0xdbc9654b26aa3d7902b5c9505feb64b37a9a96f39f68cb7bbafe607b5dd76300) + 1);
        assertEq(uint256(vm.load(address(proofs), slot)), uint160(address(market)));
        vm.store(address(proofs), slot, bytes32(uint256(uint160(watcher))));
        assertEq(proofs.marketplace(), watcher);
        vm.expectPartialRevert(IProofSystem.ProofSystemInstanceMismatch.selector);
        vm.prank(watcher);
        proofs.verifySession(1, host, MODEL, 1000, abi.encode(loaded.instances, loaded.proof));
    }

    /// The binding put right for the thief's job: the proof itself no longer holds.
    function test_X16_rewrittenBindingDoesNotHold() public {
        Case memory loaded = loadCase("session1000");
        loaded.instances[3] = proofs.bindingOf(1, watcher, 1000, bytes32(loaded.instances[0]));
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ProofSystemInvalidProof.selector, 1));
        _verifySession(1, watcher, MODEL, 1000, loaded.instances, loaded.proof);
    }

    function test_instanceBeyondTheFieldIsRefused() public {
        for (uint256 i; i < 10; ++i) {
            Case memory loaded = loadCase("session1000");
            if (loaded.instances[i] > type(uint256).max - BN254_ORDER) continue;
            loaded.instances[i] += BN254_ORDER;
            vm.expectRevert();
            _verifySession(1, host, MODEL, 1000, loaded.instances, loaded.proof);
        }
    }

    function test_X17_missingVerifierProvesNothing() public {
        Case memory loaded = loadCase("session1000");
        vm.etch(address(verifier), "");
        vm.expectRevert();
        _verifySession(1, host, MODEL, 1000, loaded.instances, loaded.proof);
    }

    function test_X06_sessionGarbageIsRefused() public {
        Case memory loaded = loadCase("session1000");
        bytes memory garbage = abi.encode(keccak256("new"), keccak256("word"));
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ProofSystemInvalidProof.selector, 1));
        _verifySession(1, host, MODEL, 1000, loaded.instances, garbage);
        vm.expectRevert();
        vm.prank(address(market));
        proofs.verifySession(1, host, MODEL, 1000, garbage);
        vm.expectRevert();
        vm.prank(address(market));
        proofs.verifySession(1, host, MODEL, 1000, "");
    }

    /// 513,000 gas, of which the verifier takes 488,000.
    function test_gasOfASessionProof() public {
        Case memory loaded = loadCase("session1000");
        bytes memory proof = abi.encode(loaded.instances, loaded.proof);
        vm.prank(address(market));
        uint256 before = gasleft();
        proofs.verifySession(1, host, MODEL, 1000, proof);
        uint256 used = before - gasleft();
        assertGt(used, 450_000);
        assertLt(used, 540_000);
    }

    function _verifySession(
        uint256 jobId,
        address worker,
        bytes32 model,
        uint256 tokens,
        uint256[] memory instances,
        bytes memory proof
    ) private {
        vm.prank(address(market));
        proofs.verifySession(jobId, worker, model, tokens, abi.encode(instances, proof));
    }

    function _refusedSession(uint256 jobId, address worker, uint256 tokens, Case memory loaded) private {
        bytes32 model = bytes32(loaded.instances[0]);
        uint256 expected = proofs.bindingOf(jobId, worker, tokens, model);
        vm.expectRevert(_mismatch(3, loaded.instances[3], expected));
        _verifySession(jobId, worker, MODEL, tokens, loaded.instances, loaded.proof);
    }

    function _mismatch(uint256 index, uint256 value, uint256 expected) private pure returns (bytes memory) {
        return abi.encodeWithSelector(
            IProofSystem.ProofSystemInstanceMismatch.selector, index, value, expected
        );
    }
}
