// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IJobFacts} from "../interfaces/IJobFacts.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {BreakerGate} from "./BreakerGate.sol";
import {FeeSplit} from "./FeeSplit.sol";
import {Progress} from "./SessionProgress.sol";

/// @title What a session is, where it is stored, and what it would pay.
abstract contract SessionStore is BreakerGate {
    /// @dev Four slots, the last one only when the co-signer is not the renter.
    struct Session {
        address renter;
        uint96 pricePer1000;
        address host;
        uint88 deposit;
        uint8 tokenIndex;
        Progress progress;
        address coSigner;
    }

    struct CoSignerChange {
        address coSigner;
        uint40 effectiveAt;
    }

    /// @dev Work that a host attested alone: see {AttestedWork}.
    struct Pending {
        uint40 tokens;
        uint40 maturesAt;
        uint88 value;
        bool challenged;
    }

    /// @custom:storage-location erc7201:fabstir.storage.SessionJobs
    struct SessionsStorage {
        mapping(uint256 jobId => Session) sessions;
        mapping(address account => address) defaultCoSigners;
        mapping(uint256 jobId => bytes32) models;
        mapping(uint256 jobId => CoSignerChange) coSignerChanges;
        mapping(uint256 jobId => Pending) pending;
        mapping(address host => mapping(address token => uint256)) pendingValue;
        mapping(address token => uint256) maxPending;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.SessionJobs")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant SESSIONS_STORAGE = 0xac6450a8c7a454af8020605d404a845ca8246aada2ecb55dec2a9373f228a100;

    /// @dev The renter itself signs, and `coSigner` is left empty.
    uint8 internal constant CO_SIGNED_BY_RENTER = 1;
    /// @dev The session counts against its host's cap.
    uint8 internal constant COUNTED = 2;
    /// @dev A checkpoint made the session an obligation of its host.
    uint8 internal constant OBLIGED = 4;
    /// @dev The co-signer changes or has changed.
    uint8 internal constant CO_SIGNER_CHANGES = 8;
    /// @dev There is pending work.
    uint8 internal constant PENDING = 16;

    uint256 internal constant CHECKPOINT_GRACE = 1 hours;
    uint256 internal constant TIMEOUT_GRACE = 2 hours;

    /// @dev Computed once over the running count, so that rounding never adds up over checkpoints.
    function _quote(Session storage session, Progress memory progress)
        internal
        view
        returns (uint256 host, uint256 renter, uint256 protocol, uint256 stakers)
    {
        uint256 gross = _gross(session, progress.provenTokens());
        (host, protocol, stakers) = FeeSplit.split(gross, progress.feeBps() >> 12, progress.feeBps() & 0xfff);
        renter = session.deposit - gross;
    }

    function _gross(Session storage session, uint256 tokens) internal view returns (uint256) {
        return tokens * session.pricePer1000 / 1000;
    }

    /// @dev The part of {IJobFacts-jobFacts} about sessions; all zero for an id that is none.
    function _sessionFacts(uint256 jobId) internal view returns (IJobFacts.JobFacts memory facts) {
        Session storage session = _sessionsStorage().sessions[jobId];
        Progress memory progress = _loadProgress(session);
        if (progress.status() == ISessionJobs.SessionStatus.None) return facts;
        facts.renter = session.renter;
        facts.host = session.host;
        facts.token = _tokenAt(session.tokenIndex);
        if (progress.status() == ISessionJobs.SessionStatus.Settled && progress.provenTokens() != 0) {
            facts.completed = true;
            (,, facts.fee,) = _quote(session, progress);
        }
    }

    function _loadProgress(Session storage session) internal view returns (Progress memory progress) {
        progress.word = session.progress.word;
    }

    function _storeProgress(Session storage session, Progress memory progress) internal {
        session.progress.word = progress.word;
    }

    /// @dev One SSTORE, where the compiler takes one for each field; the layout is the compiler's.
    function _storeHost(Session storage session, address host, uint88 deposit, uint8 tokenIndex) internal {
        uint256 word = uint256(uint160(host)) | (uint256(deposit) << 160) | (uint256(tokenIndex) << 248);
        assembly ("memory-safe") {
            sstore(add(session.slot, 1), word)
        }
    }

    function _openSession(uint256 jobId) internal view returns (Session storage session, Progress memory progress) {
        session = _sessionsStorage().sessions[jobId];
        progress.word = session.progress.word;
        if (
            progress.status() != ISessionJobs.SessionStatus.Active
                && progress.status() != ISessionJobs.SessionStatus.Closing
        ) {
            revert ISessionJobs.SessionWrongStatus(jobId, progress.status());
        }
    }

    /// @dev Key id whose vouchers count now.
    function _coSigner(uint256 jobId, Session storage session, Progress memory progress)
        internal
        view
        returns (address)
    {
        if (progress.has(CO_SIGNER_CHANGES)) {
            CoSignerChange memory change = _sessionsStorage().coSignerChanges[jobId];
            if (block.timestamp >= change.effectiveAt) return change.coSigner;
        }
        return progress.has(CO_SIGNED_BY_RENTER) ? session.renter : session.coSigner;
    }

    /// @dev Whether the key that signs is about to be another one.
    function _coSignerEnds(uint256 jobId, Progress memory progress) internal view returns (bool) {
        return progress.has(CO_SIGNER_CHANGES)
            && block.timestamp < _sessionsStorage().coSignerChanges[jobId].effectiveAt;
    }

    /// @dev Only now, when something is done for it, does the session hold its host's stake.
    function _oblige(Session storage session, Progress memory progress) internal {
        if (progress.has(OBLIGED)) return;
        progress.raise(OBLIGED);
        _addSession(session.host, _tokenAt(session.tokenIndex));
    }

    function _end(Progress memory progress) internal pure returns (uint256) {
        return uint256(progress.startedAt()) + progress.maxDuration();
    }

    /// @dev Of a closing session; of a settled one, when that was.
    function _closesAt(Progress memory progress) internal pure returns (uint256) {
        return uint256(progress.startedAt()) + progress.closing();
    }

    function _sessionsStorage() internal pure returns (SessionsStorage storage $) {
        assembly {
            $.slot := SESSIONS_STORAGE
        }
    }
}
