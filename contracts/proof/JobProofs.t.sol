// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IProofSystem} from "../interfaces/IProofSystem.sol";
import {ProofSystemFixture, YesVerifier} from "../mocks/ProofSystemFixture.sol";
import {BN254_ORDER} from "./Bn254.sol";

contract JobProofsTest is ProofSystemFixture {
    function setUp() public {
        deployProofSystem();
    }

    function test_X40_submittedProofIsKeptAsHash() public {
        IProofSystem.EZKLProof memory proof = proofOf("job1");
        vm.expectEmit(address(proofs));
        emit IProofSystem.ProofSubmitted(1, host, keccak256(abi.encode(proof)), proof.inputHash, proof.outputHash);
        _submit(1, proof);
        IProofSystem.ProofRecord memory record = proofs.getProof(1);
        assertEq(record.host, host);
        assertEq(record.submittedAt, block.timestamp);
        assertEq(uint256(record.status), uint256(IProofSystem.ProofStatus.Submitted));
        assertEq(record.proofHash, keccak256(abi.encode(proof)));
        assertFalse(proofs.isVerified(1));
    }

    function test_onlyTheHostSubmits() public {
        IProofSystem.EZKLProof memory proof = proofOf("job1");
        address[3] memory others = [renter, watcher, address(market)];
        for (uint256 i; i < others.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IProofSystem.ProofSystemNotHost.selector, 1, others[i], host));
            vm.prank(others[i]);
            proofs.submitProof(1, proof);
        }
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ProofSystemNotHost.selector, 9, host, address(0)));
        _submit(9, proof);
    }

    function test_proofIsTakenBetweenResultAndPayment() public {
        IProofSystem.EZKLProof memory proof = proofOf("job1");
        setFacts(1, 0, false, false);
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ProofSystemJobNotOpen.selector, 1));
        _submit(1, proof);
        setFacts(1, block.timestamp, false, true);
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ProofSystemJobNotOpen.selector, 1));
        _submit(1, proof);
        // Disputed: the proof decides for the host.
        setFacts(1, block.timestamp, false, false);
        _submit(1, proof);
        assertTrue(proofs.verifyProof(1, proof));
        assertTrue(proofs.isVerified(1));
    }

    function test_everyProofStatusHasItsWayOut() public {
        IProofSystem.EZKLProof memory good = proofOf("job1");
        IProofSystem.EZKLProof memory bad = falseProofOf("job2");
        _wrongStatus(1, IProofSystem.ProofStatus.None, IProofSystem.ProofStatus.Submitted);
        proofs.verifyProof(1, good);
        _submit(1, good);
        _wrongStatus(1, IProofSystem.ProofStatus.Submitted, IProofSystem.ProofStatus.None);
        _submit(1, good);
        vm.expectEmit(address(proofs));
        emit IProofSystem.ProofVerified(1, host);
        proofs.verifyProof(1, good);
        _wrongStatus(1, IProofSystem.ProofStatus.Verified, IProofSystem.ProofStatus.Submitted);
        proofs.verifyProof(1, good);
        _wrongStatus(1, IProofSystem.ProofStatus.Verified, IProofSystem.ProofStatus.None);
        _submit(1, good);
        _wrongStatus(1, IProofSystem.ProofStatus.Verified, IProofSystem.ProofStatus.None);
        _submitAndVerify(1, good);

        _submit(2, bad);
        vm.expectEmit(address(proofs));
        emit IProofSystem.ProofInvalid(2, host);
        assertFalse(proofs.verifyProof(2, bad));
        _wrongStatus(2, IProofSystem.ProofStatus.Invalid, IProofSystem.ProofStatus.Submitted);
        proofs.verifyProof(2, bad);
        _wrongStatus(2, IProofSystem.ProofStatus.Invalid, IProofSystem.ProofStatus.None);
        _submit(2, bad);
    }

    /// X-41: an invalid proof is recorded, costs the host its score and the job.
    function test_X41_invalidProofFailsTheJob() public {
        IProofSystem.EZKLProof memory bad = falseProofOf("job2");
        _submit(2, bad);
        vm.prank(watcher);
        assertFalse(proofs.verifyProof(2, bad));
        assertEq(uint256(proofs.getProof(2).status), uint256(IProofSystem.ProofStatus.Invalid));
        assertEq(scores.failures(host, 2), 1);
        assertEq(market.rejections(2), 1);
        assertFalse(proofs.isVerified(2));
        assertFalse(proofs.isPayoutBlocked(2));
    }

    function test_invalidProofEndsADispute() public {
        market.dispute(2);
        IProofSystem.EZKLProof memory bad = falseProofOf("job2");
        _submit(2, bad);
        assertFalse(proofs.verifyProof(2, bad));
        assertEq(scores.failures(host, 2), 1);
        assertEq(market.rejections(2), 1);
    }

    function test_X06_anyBytesAreNoProof() public {
        IProofSystem.EZKLProof memory garbage = proofOf("job2");
        garbage.proof = abi.encode(keccak256("new"), keccak256("word"));
        _submit(2, garbage);
        assertFalse(proofs.verifyProof(2, garbage));
        assertFalse(proofs.isVerified(2));
    }

    /// X-07: only the submitted bytes can be judged, so nobody burns a proof with other bytes.
    function test_X07_anotherProofCannotBeJudgedInItsPlace() public {
        IProofSystem.EZKLProof memory proof = proofOf("job1");
        _submit(1, proof);
        IProofSystem.EZKLProof memory forged = falseProofOf("job1");
        vm.expectRevert(
            abi.encodeWithSelector(
                IProofSystem.ProofSystemProofMismatch.selector,
                1,
                keccak256(abi.encode(forged)),
                keccak256(abi.encode(proof))
            )
        );
        vm.prank(watcher);
        proofs.verifyProof(1, forged);
        forged = proofOf("job1");
        forged.instances[9] += BN254_ORDER;
        vm.expectPartialRevert(IProofSystem.ProofSystemProofMismatch.selector);
        proofs.verifyProof(1, forged);
        assertTrue(proofs.verifyProof(1, proof));
    }

    /// X-07: nor with too little gas, at any amount.
    function test_X07_starvedVerificationIsNoVerdict() public {
        IProofSystem.EZKLProof memory proof = proofOf("job1");
        _submit(1, proof);
        bytes memory call = abi.encodeCall(proofs.verifyProof, (1, proof));
        bool passed;
        for (uint256 gas_ = 100_000; gas_ < 2_000_000 && !passed; gas_ += gas_ > 1_500_000 ? 997 : 50_000) {
            (passed,) = address(proofs).call{gas: gas_}(call);
            IProofSystem.ProofStatus status = proofs.getProof(1).status;
            assertTrue(status != IProofSystem.ProofStatus.Invalid, "a starved proof was called invalid");
            assertEq(status == IProofSystem.ProofStatus.Verified, passed);
        }
        assertTrue(passed);
        assertEq(scores.failures(host, 1), 0);
    }


    function test_replacedCircuitJudgesNoEarlierProof() public {
        IProofSystem.EZKLProof memory bad = falseProofOf("job1");
        _submit(1, bad);
        YesVerifier other = new YesVerifier();
        proofs.registerCircuit(MODEL, address(other), "other", loadLayout());
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ProofSystemKeyMismatch.selector, address(other), vk));
        proofs.verifyProof(1, bad);
        proofs.removeCircuit(MODEL);
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ProofSystemNoCircuit.selector, MODEL));
        proofs.verifyProof(1, bad);
        assertFalse(proofs.isVerified(1));
        // Nobody can ever decide it: the payout waits a day, not for good.
        assertTrue(proofs.isPayoutBlocked(1));
        skip(24 hours);
        assertFalse(proofs.isPayoutBlocked(1));
    }

    function test_failureThatTheMarketplaceRefusesIsNotRecorded() public {
        IProofSystem.EZKLProof memory bad = falseProofOf("job2");
        _submit(2, bad);
        market.refuse(true);
        vm.expectRevert("refused");
        proofs.verifyProof(2, bad);
        assertEq(uint256(proofs.getProof(2).status), uint256(IProofSystem.ProofStatus.Submitted));
        assertEq(scores.failures(host, 2), 0);
    }

    function test_payoutWaitsForVerificationOneDay() public {
        IProofSystem.EZKLProof memory proof = proofOf("job1");
        assertFalse(proofs.isPayoutBlocked(1));
        _submit(1, proof);
        assertTrue(proofs.isPayoutBlocked(1));
        skip(24 hours - 1);
        assertTrue(proofs.isPayoutBlocked(1));
        skip(1);
        assertFalse(proofs.isPayoutBlocked(1));
        proofs.verifyProof(1, proof);
        assertTrue(proofs.isVerified(1));
    }

    function test_batchJudgesEachItemAlone() public {
        _submit(1, proofOf("job1"));
        _submit(2, falseProofOf("job2"));
        uint256[] memory jobIds = new uint256[](5);
        IProofSystem.EZKLProof[] memory items = new IProofSystem.EZKLProof[](5);
        // Not submitted, other bytes, false, true, and the true one again.
        (jobIds[0], items[0]) = (7, proofOf("job1"));
        (jobIds[1], items[1]) = (1, falseProofOf("job1"));
        (jobIds[2], items[2]) = (2, falseProofOf("job2"));
        (jobIds[3], items[3]) = (1, proofOf("job1"));
        (jobIds[4], items[4]) = (1, proofOf("job1"));
        IProofSystem.ProofStatus[] memory statuses = proofs.batchVerifyProofs(jobIds, items);
        assertEq(uint256(statuses[0]), uint256(IProofSystem.ProofStatus.None));
        assertEq(uint256(statuses[1]), uint256(IProofSystem.ProofStatus.Submitted));
        assertEq(uint256(statuses[2]), uint256(IProofSystem.ProofStatus.Invalid));
        assertEq(uint256(statuses[3]), uint256(IProofSystem.ProofStatus.Verified));
        assertEq(uint256(statuses[4]), uint256(IProofSystem.ProofStatus.Verified));
        assertEq(market.rejections(2), 1);
    }

    function test_batchOutlivesARefusingNeighbour() public {
        _submit(1, proofOf("job1"));
        _submit(2, falseProofOf("job2"));
        market.refuse(true);
        uint256[] memory jobIds = new uint256[](2);
        IProofSystem.EZKLProof[] memory items = new IProofSystem.EZKLProof[](2);
        (jobIds[0], items[0]) = (2, falseProofOf("job2"));
        (jobIds[1], items[1]) = (1, proofOf("job1"));
        IProofSystem.ProofStatus[] memory statuses = proofs.batchVerifyProofs(jobIds, items);
        assertEq(uint256(statuses[0]), uint256(IProofSystem.ProofStatus.Submitted));
        assertEq(uint256(statuses[1]), uint256(IProofSystem.ProofStatus.Verified));
    }

    function test_batchIsBounded() public {
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ProofSystemBatchSize.selector, 21, 20));
        proofs.batchVerifyProofs(new uint256[](21), new IProofSystem.EZKLProof[](21));
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ProofSystemBatchSize.selector, 2, 1));
        proofs.batchVerifyProofs(new uint256[](1), new IProofSystem.EZKLProof[](2));
        assertEq(proofs.batchVerifyProofs(new uint256[](0), new IProofSystem.EZKLProof[](0)).length, 0);
    }

    function test_marketplaceSubmitsAndVerifiesInOneCall() public {
        setFacts(1, 0, false, false);
        _submitAndVerify(1, proofOf("job1"));
        assertTrue(proofs.isVerified(1));
        assertEq(proofs.getProof(1).host, host);
        assertFalse(proofs.isPayoutBlocked(1));
    }

    function test_X17_falseProofDoesNotPassTheMarketplace() public {
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ProofSystemInvalidProof.selector, 1));
        _submitAndVerify(1, falseProofOf("job1"));
        assertEq(uint256(proofs.getProof(1).status), uint256(IProofSystem.ProofStatus.None));
        vm.expectPartialRevert(IProofSystem.ProofSystemInstanceMismatch.selector);
        _submitAndVerify(1, proofOf("job2"));
        vm.expectRevert();
        vm.prank(address(market));
        proofs.submitAndVerify(1, host, hex"1234");
        proofs.removeCircuit(MODEL);
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ProofSystemNoCircuit.selector, MODEL));
        _submitAndVerify(1, proofOf("job1"));
    }

    function test_onlyTheMarketplaceAsks() public {
        bytes memory proof = abi.encode(proofOf("job1"));
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ProofSystemNotMarketplace.selector, host));
        vm.prank(host);
        proofs.submitAndVerify(1, host, proof);
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ProofSystemNotMarketplace.selector, address(this)));
        proofs.verifySession(1, host, MODEL, 1000, proof);
    }

    function _submit(uint256 jobId, IProofSystem.EZKLProof memory proof) private {
        vm.prank(host);
        proofs.submitProof(jobId, proof);
    }

    function _submitAndVerify(uint256 jobId, IProofSystem.EZKLProof memory proof) private {
        vm.prank(address(market));
        proofs.submitAndVerify(jobId, host, abi.encode(proof));
    }

    function _wrongStatus(uint256 jobId, IProofSystem.ProofStatus status, IProofSystem.ProofStatus expected) private {
        vm.expectRevert(
            abi.encodeWithSelector(IProofSystem.ProofSystemWrongStatus.selector, jobId, status, expected)
        );
    }
}
