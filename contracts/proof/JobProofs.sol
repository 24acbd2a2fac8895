// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IJobFacts} from "../interfaces/IJobFacts.sol";
import {IJobRequest} from "../interfaces/IJobRequest.sol";
import {IProofGate} from "../interfaces/IProofGate.sol";
import {IProofSystem} from "../interfaces/IProofSystem.sol";
import {IReputationSystem} from "../interfaces/IReputationSystem.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {Circuits} from "./Circuits.sol";

/// @title Proofs of single jobs and of sessions.
/// @dev A proof is marked for the job it is bound to, never for its bytes: nobody can use up the proof of another.
abstract contract JobProofs is Circuits {
    /// @custom:storage-location erc7201:fabstir.storage.JobProofs
    struct JobProofsStorage {
        mapping(uint256 jobId => ProofRecord) records;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.JobProofs")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant JOB_PROOFS_STORAGE = 0xe1c54b9d6e73f712cee4cbfdf6fcdb678422c3a6de666d6cdd22cef29fac3000;

    /// @dev How long a submitted proof holds the payout back when nobody verifies it.
    uint256 private constant VERIFICATION_WINDOW = 24 hours;

    uint256 private constant MAX_BATCH = 20;

    /// @inheritdoc IProofSystem
    function submitProof(uint256 jobId, EZKLProof calldata proof) external nonReentrant {
        IJobFacts.JobFacts memory facts = _jobFacts(jobId);
        if (msg.sender != facts.host) revert ProofSystemNotHost(jobId, msg.sender, facts.host);
        if (facts.submittedAt == 0 || facts.completed) revert ProofSystemJobNotOpen(jobId);
        _record(jobId, msg.sender, proof);
    }

    /// @inheritdoc IProofSystem
    function verifyProof(uint256 jobId, EZKLProof calldata proof) external nonReentrant returns (bool valid) {
        ProofRecord storage record = _jobProofsStorage().records[jobId];
        _checkStatus(jobId, record.status, ProofStatus.Submitted);
        bytes32 proofHash = keccak256(abi.encode(proof));
        if (proofHash != record.proofHash) revert ProofSystemProofMismatch(jobId, proofHash, record.proofHash);

        (Circuit memory circuit,) = _jobCircuit(jobId, proof.vk);
        valid = _holds(circuit, proof.instances, proof.proof);
        if (valid) _markVerified(jobId, record);
        else _markInvalid(jobId, record);
    }

    /// @inheritdoc IProofSystem
    /// @dev By calls to itself, so that whatever goes wrong with one item is undone alone.
    function batchVerifyProofs(uint256[] calldata jobIds, EZKLProof[] calldata proofs)
        external
        returns (ProofStatus[] memory statuses)
    {
        if (jobIds.length > MAX_BATCH) revert ProofSystemBatchSize(jobIds.length, MAX_BATCH);
        if (proofs.length != jobIds.length) revert ProofSystemBatchSize(proofs.length, jobIds.length);
        statuses = new ProofStatus[](jobIds.length);
        for (uint256 i; i < jobIds.length; ++i) {
            try this.verifyProof(jobIds[i], proofs[i]) {} catch {}
            statuses[i] = _statusOf(jobIds[i]);
        }
    }

    /// @inheritdoc IProofGate
    function submitAndVerify(uint256 jobId, address host, bytes calldata proof)
        external
        onlyMarketplace
        nonReentrant
    {
        EZKLProof memory decoded = abi.decode(proof, (EZKLProof));
        Circuit memory circuit = _record(jobId, host, decoded);
        if (!_holds(circuit, decoded.instances, decoded.proof)) revert ProofSystemInvalidProof(jobId);
        _markVerified(jobId, _jobProofsStorage().records[jobId]);
    }

    /// @inheritdoc IProofGate
    /// @dev Keeps nothing: the count in the binding and the marketplace's growing counter refuse a second use.
    function verifySession(uint256 jobId, address host, bytes32 model, uint256 cumulativeTokens, bytes calldata proof)
        external
        onlyMarketplace
        nonReentrant
    {
        // A binding without tokens is that of a single job.
        if (cumulativeTokens == 0) revert ProofSystemInvalidProof(jobId);
        (uint256[] memory instances, bytes memory inner) = abi.decode(proof, (uint256[], bytes));
        Circuit memory circuit = _circuitOf(model);
        _checkInstances(circuit, instances, jobId, host, cumulativeTokens);
        if (!_holds(circuit, instances, inner)) revert ProofSystemInvalidProof(jobId);
        emit SessionProofVerified(jobId, host, cumulativeTokens);
    }

    /// @inheritdoc IProofGate
    function isVerified(uint256 jobId) external view returns (bool) {
        return _statusOf(jobId) == ProofStatus.Verified;
    }

    /// @inheritdoc IProofSystem
    function getProof(uint256 jobId) external view returns (ProofRecord memory) {
        return _jobProofsStorage().records[jobId];
    }

    /// @dev A proof of the host decides an open challenge.
    function _closeByProof(uint256 jobId, bool valid) internal virtual;

    function _statusOf(uint256 jobId) internal view returns (ProofStatus) {
        return _jobProofsStorage().records[jobId].status;
    }

    function _awaitsVerification(uint256 jobId) internal view returns (bool) {
        ProofRecord storage record = _jobProofsStorage().records[jobId];
        return record.status == ProofStatus.Submitted && block.timestamp < record.submittedAt + VERIFICATION_WINDOW;
    }

    function _checkStatus(uint256 jobId, ProofStatus status, ProofStatus expected) internal pure {
        if (status != expected) revert ProofSystemWrongStatus(jobId, status, expected);
    }

    function _fail(address host, uint256 jobId) internal {
        ProofSystemStorage storage $ = _proofSystemStorage();
        IReputationSystem($.reputation).recordJobCompletion(host, jobId, false);
        ISingleJobs.JobStatus status = ISingleJobs($.marketplace).getJob(jobId).status;
        // Whether renter or arbiter was to look at it, it is known to be wrong. A paid or refunded job is over.
        if (status == ISingleJobs.JobStatus.Submitted || status == ISingleJobs.JobStatus.Disputed) {
            IJobFacts($.marketplace).rejectResult(jobId);
        }
    }

    function _record(uint256 jobId, address host, EZKLProof memory proof) private returns (Circuit memory circuit) {
        ProofRecord storage record = _jobProofsStorage().records[jobId];
        _checkStatus(jobId, record.status, ProofStatus.None);
        bytes32 inputHash;
        (circuit, inputHash) = _jobCircuit(jobId, proof.vk);
        _checkInstances(circuit, proof.instances, jobId, host, 0);
        _checkInstance(proof.instances, 0, uint256(proof.modelCommitment));
        _checkInstance(proof.instances, 1, uint256(proof.inputHash));
        // What the renter asked for, whatever the proof says of itself.
        _checkInstance(proof.instances, 1, uint256(inputHash));
        _checkInstance(proof.instances, 2, uint256(proof.outputHash));

        bytes32 proofHash = keccak256(abi.encode(proof));
        record.host = host;
        record.submittedAt = uint40(block.timestamp);
        record.status = ProofStatus.Submitted;
        record.proofHash = proofHash;
        emit ProofSubmitted(jobId, host, proofHash, proof.inputHash, proof.outputHash);
    }

    function _markVerified(uint256 jobId, ProofRecord storage record) private {
        record.status = ProofStatus.Verified;
        emit ProofVerified(jobId, record.host);
        _closeByProof(jobId, true);
    }

    function _markInvalid(uint256 jobId, ProofRecord storage record) private {
        record.status = ProofStatus.Invalid;
        emit ProofInvalid(jobId, record.host);
        _closeByProof(jobId, false);
        _fail(record.host, jobId);
    }

    /// @dev Of the model that the renter asked for. A proof under a key that was replaced since cannot be checked.
    function _jobCircuit(uint256 jobId, bytes32 vk)
        private
        view
        returns (Circuit memory circuit, bytes32 inputHash)
    {
        bytes32 model;
        (model, inputHash) = IJobRequest(_proofSystemStorage().marketplace).jobRequest(jobId);
        circuit = _circuitOf(model);
        if (vk != circuit.vkHash) revert ProofSystemKeyMismatch(circuit.verifier, vk);
    }

    function _jobProofsStorage() private pure returns (JobProofsStorage storage $) {
        assembly {
            $.slot := JOB_PROOFS_STORAGE
        }
    }
}
