// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {IProofGate} from "../interfaces/IProofGate.sol";
import {AttestedWork} from "./AttestedWork.sol";
import {Progress} from "./SessionProgress.sol";
import {SessionSignatures} from "./SessionSignatures.sol";

/// @title What makes tokens proven.
/// @dev Deadlines, with `end` the start plus the longest duration: checkpoints until `end` + 1 h or, once closing,
/// until the window ends if that is sooner. Functions that take `progress` change it in memory; their callers store it.
abstract contract SessionCheckpoints is AttestedWork, SessionSignatures, ISessionJobs {
    /// @inheritdoc ISessionJobs
    function submitCheckpoint(
        uint256 jobId,
        uint256 cumulativeTokens,
        bytes32 transcriptHash,
        bytes calldata signature
    ) external {
        (Session storage session, Progress memory progress) = _openSession(jobId);
        _takeMatured(jobId, session, progress);
        _checkTime(jobId, progress);
        _checkCount(jobId, progress, progress.provenTokens(), cumulativeTokens);
        _acceptVoucher(jobId, session, progress, cumulativeTokens, transcriptHash, signature);
        _oblige(session, progress);
        _storeProgress(session, progress);
    }

    /// @inheritdoc ISessionJobs
    function submitProofOfWork(uint256 jobId, bytes calldata proof, uint256 tokensInBatch) external nonReentrant {
        _submitProof(jobId, proof, tokensInBatch);
    }

    /// @inheritdoc ISessionJobs
    function submitBatchProofs(uint256[] calldata jobIds, bytes[] calldata proofs, uint256[] calldata tokensInBatches)
        external
        nonReentrant
    {
        if (jobIds.length != proofs.length || jobIds.length != tokensInBatches.length) {
            revert SessionBatchLength(jobIds.length, proofs.length, tokensInBatches.length);
        }
        for (uint256 i; i < jobIds.length; ++i) {
            _submitProof(jobIds[i], proofs[i], tokensInBatches[i]);
        }
    }

    /// @inheritdoc ISessionJobs
    function checkpointDigest(uint256 jobId, uint256 cumulativeTokens, bytes32 transcriptHash)
        external
        view
        returns (bytes32)
    {
        return _checkpointDigest(jobId, cumulativeTokens, transcriptHash);
    }

    /// @inheritdoc ISessionJobs
    function finalDigest(uint256 jobId, uint256 cumulativeTokens) external view returns (bytes32) {
        return _finalDigest(jobId, cumulativeTokens);
    }

    /// @inheritdoc ISessionJobs
    function quoteDigest(
        address host,
        address renter,
        address token,
        uint256 pricePer1000,
        bytes32 model,
        uint256 expiry
    ) external view returns (bytes32) {
        return _quoteDigest(host, renter, token, pricePer1000, model, expiry);
    }

    /// @dev A batch on top of the running count. In the end it is stored before the proof is verified: a verifier that
    /// refuses undoes it.
    function _submitProof(uint256 jobId, bytes calldata proof, uint256 tokensInBatch) private {
        (Session storage session, Progress memory progress) = _openSession(jobId);
        _takeMatured(jobId, session, progress);
        _checkTime(jobId, progress);
        _oblige(session, progress);
        uint256 proven = progress.provenTokens();
        uint256 cumulativeTokens = Math.saturatingAdd(proven, tokensInBatch);

        if (progress.proofMode() == ProofMode.Verified) {
            _checkCount(jobId, progress, proven, cumulativeTokens);
            _acceptCount(jobId, session, progress, cumulativeTokens, keccak256(proof));
            _storeProgress(session, progress);
            _verify(jobId, session, cumulativeTokens, proof);
            return;
        }
        (bytes32 transcriptHash, bytes memory signature) = abi.decode(proof, (bytes32, bytes));
        if (progress.proofMode() == ProofMode.Attested && signature.length == 0) {
            uint256 running = Math.max(proven, _sessionsStorage().pending[jobId].tokens);
            cumulativeTokens = Math.saturatingAdd(running, tokensInBatch);
            _checkCount(jobId, progress, running, cumulativeTokens);
            _attest(jobId, session, progress, cumulativeTokens, transcriptHash);
        } else {
            _checkCount(jobId, progress, proven, cumulativeTokens);
            _acceptVoucher(jobId, session, progress, cumulativeTokens, transcriptHash, signature);
        }
        _storeProgress(session, progress);
    }

    function _acceptVoucher(
        uint256 jobId,
        Session storage session,
        Progress memory progress,
        uint256 cumulativeTokens,
        bytes32 transcriptHash,
        bytes memory signature
    ) internal {
        _checkCapacity(jobId, progress, cumulativeTokens);
        address coSigner = _coSigner(jobId, session, progress);
        _checkCoSignature(coSigner, jobId, cumulativeTokens, transcriptHash, signature);
        _acceptCount(jobId, session, progress, cumulativeTokens, transcriptHash);
    }

    /// @dev Pending work that does not reach beyond the new count is replaced. What does reach beyond stays: else the
    /// renter would rid itself of it with a voucher over next to nothing, and never need to challenge it.
    function _acceptCount(
        uint256 jobId,
        Session storage session,
        Progress memory progress,
        uint256 cumulativeTokens,
        bytes32 transcriptHash
    ) internal {
        progress.setProvenTokens(uint40(cumulativeTokens));
        emit SessionCheckpointed(jobId, cumulativeTokens, transcriptHash);
        if (progress.has(PENDING) && _sessionsStorage().pending[jobId].tokens <= cumulativeTokens) {
            _dropPending(jobId, session, progress);
        }
    }

    /// @dev Fails closed: without a ProofSystem nothing is proven.
    function _verify(uint256 jobId, Session storage session, uint256 cumulativeTokens, bytes calldata proof) internal {
        IProofGate gate = _proofSystem();
        if (address(gate) == address(0)) revert SessionProofModeUnavailable(ProofMode.Verified);
        gate.verifySession(jobId, session.host, _sessionsStorage().models[jobId], cumulativeTokens, proof);
    }

    function _checkCapacity(uint256 jobId, Progress memory progress, uint256 cumulativeTokens) internal pure {
        if (cumulativeTokens > progress.capacity()) {
            revert SessionCapacityExceeded(jobId, cumulativeTokens, progress.capacity());
        }
    }

    function _checkTime(uint256 jobId, Progress memory progress) private view {
        uint256 closedAt = _end(progress) + CHECKPOINT_GRACE;
        if (progress.status() == SessionStatus.Closing) closedAt = Math.min(closedAt, _closesAt(progress));
        if (block.timestamp >= closedAt) revert SessionCheckpointsClosed(jobId, closedAt);
    }

    /// @dev The interval does not bind what may be the last count: in the closing window, after the session's end, and
    /// while the key that signed it is about to be replaced.
    function _checkCount(uint256 jobId, Progress memory progress, uint256 running, uint256 cumulativeTokens)
        private
        view
    {
        bool last = progress.status() == SessionStatus.Closing || block.timestamp >= _end(progress)
            || _coSignerEnds(jobId, progress);
        uint256 minimum = running + (last ? 1 : progress.proofInterval());
        if (cumulativeTokens < minimum) revert SessionCheckpointTooSmall(jobId, cumulativeTokens, minimum);
        _checkCapacity(jobId, progress, cumulativeTokens);
    }
}
