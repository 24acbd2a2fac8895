// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {SessionCheckpoints} from "./SessionCheckpoints.sol";
import {SessionCreation} from "./SessionCreation.sol";
import {Progress} from "./SessionProgress.sol";

/// @title Sessions, from their opening to their settlement.
/// @dev Every way out of a session ends in {_settle}, which calls nobody. The host may settle until somebody else does,
/// which is not before the closing window ends or 2 h after the session's end, and not before attested work matures.
abstract contract SessionJobs is SessionCreation, SessionCheckpoints {
    /// @inheritdoc ISessionJobs
    function setCoSigner(uint256 jobId, address coSigner) external {
        Session storage session = _sessionsStorage().sessions[jobId];
        Progress memory progress = _loadProgress(session);
        if (progress.status() != SessionStatus.Active) revert SessionWrongStatus(jobId, progress.status());
        if (msg.sender != session.renter) revert SessionNotRenter(jobId, msg.sender);
        if (coSigner == address(0)) revert IJobMarketplace.MarketplaceZeroAddress();
        if (coSigner == session.host) revert IJobMarketplace.MarketplaceSelfDealing(coSigner);

        // The one that signs now goes on signing until the new one does.
        session.coSigner = _coSigner(jobId, session, progress);
        progress.lower(CO_SIGNED_BY_RENTER);
        progress.raise(CO_SIGNER_CHANGES);
        _storeProgress(session, progress);
        uint256 effectiveAt = block.timestamp + progress.closing();
        _sessionsStorage().coSignerChanges[jobId] = CoSignerChange(coSigner, uint40(effectiveAt));
        emit SessionCoSignerChanging(jobId, coSigner, effectiveAt);
    }

    /// @inheritdoc ISessionJobs
    function settleSession(uint256 jobId) external nonReentrant {
        _settleByHost(jobId);
    }

    /// @inheritdoc ISessionJobs
    function claimAbandonedSession(uint256 jobId) external nonReentrant {
        _settleByHost(jobId);
    }

    /// @inheritdoc ISessionJobs
    function settleMany(uint256[] calldata jobIds) external nonReentrant {
        for (uint256 i; i < jobIds.length; ++i) {
            _settleByHost(jobIds[i]);
        }
    }

    /// @inheritdoc ISessionJobs
    /// @dev A voucher that is not above what is proven adds nothing and is not looked at: anyone may have recorded it
    /// a moment before, which must not stop the host.
    function settleSessionWithVoucher(
        uint256 jobId,
        uint256 cumulativeTokens,
        bytes32 transcriptHash,
        bytes calldata signature
    ) external nonReentrant {
        (Session storage session, Progress memory progress) = _openSession(jobId);
        _admitHost(jobId, session, progress);
        if (cumulativeTokens > progress.provenTokens()) {
            _acceptVoucher(jobId, session, progress, cumulativeTokens, transcriptHash, signature);
        }
        _settle(jobId, session, progress);
    }

    /// @inheritdoc ISessionJobs
    function claimWithProof(uint256 jobId, bytes calldata proof, uint256 tokensInBatch) external nonReentrant {
        (Session storage session, Progress memory progress) = _openSession(jobId);
        _admitHost(jobId, session, progress);
        uint256 cumulativeTokens = Math.saturatingAdd(progress.provenTokens(), tokensInBatch);
        bool verified = tokensInBatch != 0 && progress.proofMode() == ProofMode.Verified;
        if (verified) {
            _checkCapacity(jobId, progress, cumulativeTokens);
            _acceptCount(jobId, session, progress, cumulativeTokens, keccak256(proof));
        } else if (tokensInBatch != 0) {
            (bytes32 transcriptHash, bytes memory signature) = abi.decode(proof, (bytes32, bytes));
            _acceptVoucher(jobId, session, progress, cumulativeTokens, transcriptHash, signature);
        }
        _settle(jobId, session, progress);
        if (verified) _verify(jobId, session, cumulativeTokens, proof);
    }

    /// @inheritdoc ISessionJobs
    /// @dev Only the time for {triggerSessionTimeout} cuts the window short: else the renter could complete and
    /// finalize in one transaction, ahead of the host that settles with its last voucher.
    function completeSessionJob(uint256 jobId) external nonReentrant {
        Session storage session = _sessionsStorage().sessions[jobId];
        Progress memory progress = _loadProgress(session);
        if (progress.status() != SessionStatus.Active) revert SessionWrongStatus(jobId, progress.status());
        if (msg.sender != session.renter) revert SessionNotRenter(jobId, msg.sender);

        uint256 closesAt = Math.min(block.timestamp + progress.closing(), _end(progress) + TIMEOUT_GRACE);
        progress.setStatus(SessionStatus.Closing);
        progress.setClosing(uint32(closesAt - progress.startedAt()));
        _storeProgress(session, progress);
        emit SessionClosing(jobId, closesAt);
    }

    /// @inheritdoc ISessionJobs
    function completeSessionWithFinal(uint256 jobId, uint256 cumulativeTokens, bytes calldata signature)
        external
        nonReentrant
    {
        (Session storage session, Progress memory progress) = _openSession(jobId);
        if (msg.sender != session.renter) revert SessionNotRenter(jobId, msg.sender);
        _checkCapacity(jobId, progress, cumulativeTokens);
        _checkFinal(session.host, jobId, cumulativeTokens, signature);
        _takeMatured(jobId, session, progress);
        if (cumulativeTokens > progress.provenTokens()) {
            _acceptCount(jobId, session, progress, cumulativeTokens, 0);
        }
        _settle(jobId, session, progress);
    }

    /// @inheritdoc ISessionJobs
    function finalizeSession(uint256 jobId) external nonReentrant {
        (Session storage session, Progress memory progress) = _openSession(jobId);
        if (progress.status() != SessionStatus.Closing) revert SessionWrongStatus(jobId, progress.status());
        _settleWhenDue(jobId, session, progress, _closesAt(progress));
    }

    /// @inheritdoc ISessionJobs
    function triggerSessionTimeout(uint256 jobId) external nonReentrant {
        (Session storage session, Progress memory progress) = _openSession(jobId);
        _settleWhenDue(jobId, session, progress, _end(progress) + TIMEOUT_GRACE);
    }

    function _settleByHost(uint256 jobId) private {
        (Session storage session, Progress memory progress) = _openSession(jobId);
        _admitHost(jobId, session, progress);
        _settle(jobId, session, progress);
    }

    function _settleWhenDue(uint256 jobId, Session storage session, Progress memory progress, uint256 dueAt) private {
        dueAt = Math.max(dueAt, _pendingUntil(jobId, progress));
        if (block.timestamp < dueAt) revert SessionNotDue(jobId, dueAt);
        _takeMatured(jobId, session, progress);
        _settle(jobId, session, progress);
    }

    /// @dev Attested work that has not matured is gone with it: only the host, or its Final, settles before.
    function _settle(uint256 jobId, Session storage session, Progress memory progress) private {
        _dropPending(jobId, session, progress);
        progress.setStatus(SessionStatus.Settled);
        progress.setClosing(uint32(block.timestamp - progress.startedAt()));
        _storeProgress(session, progress);
        (uint256 toHost, uint256 toRenter, uint256 protocol, uint256 stakers) = _quote(session, progress);
        (address renter, address host, address token) =
            (session.renter, session.host, _tokenAt(session.tokenIndex));

        emit SessionSettled(jobId, toHost, toRenter, protocol, stakers);
        if (progress.has(COUNTED)) _releaseCapped(host);
        if (progress.has(OBLIGED)) _creditSession(host, token, toHost);
        else _credit(host, token, toHost);
        _credit(renter, token, toRenter);
        if (toHost != 0) _creditFees(token, protocol, stakers);
    }

    /// @dev Only the host goes on, with what has matured for it.
    function _admitHost(uint256 jobId, Session storage session, Progress memory progress) private {
        if (msg.sender != session.host) revert SessionNotHost(jobId, msg.sender);
        _takeMatured(jobId, session, progress);
    }
}
