// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {ISessionViews} from "../interfaces/ISessionViews.sol";
import {AttestedWork} from "./AttestedWork.sol";
import {Progress} from "./SessionProgress.sol";

/// @title What can be read of sessions.
abstract contract SessionViews is AttestedWork, ISessionViews {
    /// @inheritdoc ISessionViews
    function getSessionDetails(uint256 jobId)
        external
        view
        returns (ISessionJobs.SessionDetails memory details)
    {
        Session storage session = _sessionsStorage().sessions[jobId];
        Progress memory progress = _loadProgress(session);
        if (progress.status() == ISessionJobs.SessionStatus.None) {
            revert ISessionJobs.SessionWrongStatus(jobId, ISessionJobs.SessionStatus.None);
        }
        details.renter = session.renter;
        details.host = session.host;
        details.token = _tokenAt(session.tokenIndex);
        details.coSigner = _coSigner(jobId, session, progress);
        details.deposit = session.deposit;
        details.pricePer1000 = session.pricePer1000;
        details.provenTokens = _provenNow(jobId, progress);
        details.proofInterval = progress.proofInterval();
        details.startedAt = progress.startedAt();
        details.maxDuration = progress.maxDuration();
        details.protocolBps = progress.feeBps() >> 12;
        details.stakersBps = progress.feeBps() & 0xfff;
        details.status = progress.status();
        details.model = _sessionsStorage().models[jobId];
        details.proofMode = progress.proofMode();
        if (progress.status() == ISessionJobs.SessionStatus.Active) details.closingWindow = progress.closing();
        if (progress.status() == ISessionJobs.SessionStatus.Closing) details.closesAt = _closesAt(progress);
        if (progress.status() == ISessionJobs.SessionStatus.Settled) details.settledAt = _closesAt(progress);
    }

    /// @inheritdoc ISessionViews
    function quoteSettlement(uint256 jobId)
        external
        view
        returns (uint256 host, uint256 renter, uint256 protocol, uint256 stakers)
    {
        (Session storage session, Progress memory progress) = _openSession(jobId);
        progress.setProvenTokens(_provenNow(jobId, progress));
        return _quote(session, progress);
    }

    /// @inheritdoc ISessionViews
    function calculateCurrentEarnings(uint256 jobId) external view returns (uint256 host) {
        Session storage session = _sessionsStorage().sessions[jobId];
        Progress memory progress = _loadProgress(session);
        progress.setProvenTokens(_provenNow(jobId, progress));
        (host,,,) = _quote(session, progress);
    }

    /// @inheritdoc ISessionViews
    function getRequiredProofInterval(uint256 jobId) external view returns (uint256) {
        return _sessionsStorage().sessions[jobId].progress.proofInterval();
    }

    /// @inheritdoc ISessionViews
    function getActiveSessionsForHost(address host, uint256 fromJobId, uint256 limit)
        external
        view
        returns (uint256[] memory jobIds, uint256 next)
    {
        uint256 last = _lastJobId();
        uint256 from = fromJobId == 0 ? 1 : fromJobId;
        if (from > last) return (new uint256[](0), 0);
        uint256 size = limit < last - from + 1 ? limit : last - from + 1;

        jobIds = new uint256[](size);
        uint256 found;
        for (uint256 jobId = from; jobId < from + size; ++jobId) {
            Session storage session = _sessionsStorage().sessions[jobId];
            if (session.host != host) continue;
            ISessionJobs.SessionStatus status = session.progress.status();
            if (status != ISessionJobs.SessionStatus.Settled) jobIds[found++] = jobId;
        }
        assembly ("memory-safe") {
            mstore(jobIds, found)
        }
        next = from + size > last ? 0 : from + size;
    }

    /// @inheritdoc ISessionViews
    function cappedSessions(address host) external view returns (uint256) {
        return _cappedSessions(host);
    }

    /// @inheritdoc ISessionViews
    function defaultCoSigner(address account) external view returns (address) {
        return _sessionsStorage().defaultCoSigners[account];
    }

    /// @dev With the work that has matured and that nobody has taken in yet.
    function _provenNow(uint256 jobId, Progress memory progress) private view returns (uint40 proven) {
        proven = progress.provenTokens();
        if (!progress.has(PENDING)) return proven;
        Pending memory pending = _sessionsStorage().pending[jobId];
        if (block.timestamp >= pending.maturesAt && pending.tokens > proven) return pending.tokens;
    }
}
