// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAttestedSessions} from "../interfaces/IAttestedSessions.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {Progress} from "./SessionProgress.sol";
import {SessionStore} from "./SessionStore.sol";

/// @title Work that a host attested alone, from its word to the day on which it counts.
/// @dev Whoever touches a session takes in what has matured; {_takeMatured} and {_dropPending} change `progress` in
/// memory, which the caller stores.
abstract contract AttestedWork is SessionStore {
    uint256 internal constant CHALLENGE_WINDOW = 24 hours;
    uint256 internal constant DECISION_WINDOW = 3 days;
    uint256 private constant BOND_DIVISOR = 100;

    /// @dev A new batch replaces the one before and starts its day over, so that a challenge is always about the whole.
    /// @param cumulativeTokens New running count, above what is proven and pending, and within the capacity.
    function _attest(
        uint256 jobId,
        Session storage session,
        Progress memory progress,
        uint256 cumulativeTokens,
        bytes32 transcriptHash
    ) internal {
        (address host, address token) = (session.host, _tokenAt(session.tokenIndex));
        if (msg.sender != host) revert ISessionJobs.SessionNotHost(jobId, msg.sender);
        Pending memory before = _sessionsStorage().pending[jobId];
        if (before.challenged) revert IAttestedSessions.SessionWorkUnderChallenge(jobId);

        uint256 value = _gross(session, cumulativeTokens) - _gross(session, progress.provenTokens());
        uint256 total = _sessionsStorage().pendingValue[host][token] + value - before.value;
        uint256 maximum = _sessionsStorage().maxPending[token];
        if (total > maximum) revert IAttestedSessions.SessionPendingExceeded(host, token, total, maximum);

        uint256 maturesAt = block.timestamp + CHALLENGE_WINDOW;
        _sessionsStorage().pendingValue[host][token] = total;
        _sessionsStorage().pending[jobId] = Pending({
            tokens: uint40(cumulativeTokens),
            maturesAt: uint40(maturesAt),
            value: uint88(value),
            challenged: false
        });
        progress.raise(PENDING);
        emit IAttestedSessions.SessionWorkAttested(jobId, cumulativeTokens, transcriptHash, maturesAt);
    }

    function _takeMatured(uint256 jobId, Session storage session, Progress memory progress) internal {
        if (!progress.has(PENDING)) return;
        Pending memory pending = _sessionsStorage().pending[jobId];
        if (block.timestamp < pending.maturesAt) return;
        _clearPending(jobId, session, progress, pending);
        if (pending.challenged) _credit(session.renter, _tokenAt(session.tokenIndex), _bondOf(pending));
        _prove(jobId, progress, pending.tokens);
    }

    /// @dev What the host has attested is given up, or replaced by a count that is co-signed.
    function _dropPending(uint256 jobId, Session storage session, Progress memory progress) internal {
        if (!progress.has(PENDING)) return;
        Pending memory pending = _sessionsStorage().pending[jobId];
        _clearPending(jobId, session, progress, pending);
        if (pending.challenged) _credit(session.renter, _tokenAt(session.tokenIndex), _bondOf(pending));
        emit IAttestedSessions.SessionWorkDropped(jobId, pending.tokens);
    }

    /// @dev Pending work counts. A voucher may have proven more in the meantime.
    function _prove(uint256 jobId, Progress memory progress, uint40 tokens) internal {
        if (tokens > progress.provenTokens()) progress.setProvenTokens(tokens);
        emit IAttestedSessions.SessionWorkMatured(jobId, tokens);
    }

    function _clearPending(
        uint256 jobId,
        Session storage session,
        Progress memory progress,
        Pending memory pending
    ) internal {
        progress.lower(PENDING);
        delete _sessionsStorage().pending[jobId];
        _sessionsStorage().pendingValue[session.host][_tokenAt(session.tokenIndex)] -= pending.value;
    }

    /// @dev Unix seconds from which pending work holds its session no more; 0 without any.
    function _pendingUntil(uint256 jobId, Progress memory progress) internal view returns (uint256) {
        return progress.has(PENDING) ? _sessionsStorage().pending[jobId].maturesAt : 0;
    }

    function _bondOf(Pending memory pending) internal pure returns (uint256) {
        return Math.ceilDiv(pending.value, BOND_DIVISOR);
    }
}
