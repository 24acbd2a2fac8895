// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IJobFacts} from "../interfaces/IJobFacts.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {BreakerGate} from "./BreakerGate.sol";
import {FeeSplit} from "./FeeSplit.sol";

/// @title What a session is, where it is stored, and what it would pay.
abstract contract SessionStore is BreakerGate {
    /// @dev One slot with all that a checkpoint reads and writes, save the key that signs it.
    /// @param capacity Tokens that the deposit pays for; bounds `provenTokens`.
    /// @param closing Seconds of the closing window while active; once closing, seconds from the start to its end;
    /// once settled, to the settlement.
    /// @param feeBps Basis points of the protocol and, in the low 12 bits, of the stakers.
    /// @param flags Says which of the words that most sessions do not need are in use.
    struct Progress {
        uint40 provenTokens;
        uint40 capacity;
        uint40 startedAt;
        uint32 maxDuration;
        uint32 closing;
        uint24 proofInterval;
        uint24 feeBps;
        ISessionJobs.SessionStatus status;
        ISessionJobs.ProofMode proofMode;
        uint8 flags;
    }

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
        uint256 gross = _gross(session, progress.provenTokens);
        (host, protocol, stakers) = FeeSplit.split(gross, progress.feeBps >> 12, progress.feeBps & 0xfff);
        renter = session.deposit - gross;
    }

    function _gross(Session storage session, uint256 tokens) internal view returns (uint256) {
        return tokens * session.pricePer1000 / 1000;
    }

    /// @dev The part of {IJobFacts-jobFacts} about sessions; all zero for an id that is none.
    function _sessionFacts(uint256 jobId) internal view returns (IJobFacts.JobFacts memory facts) {
        Session storage session = _sessionsStorage().sessions[jobId];
        Progress memory progress = _loadProgress(session);
        if (progress.status == ISessionJobs.SessionStatus.None) return facts;
        facts.renter = session.renter;
        facts.host = session.host;
        facts.token = _tokenAt(session.tokenIndex);
        if (progress.status == ISessionJobs.SessionStatus.Settled && progress.provenTokens != 0) {
            facts.completed = true;
            (,, facts.fee,) = _quote(session, progress);
        }
    }

    /// @dev One SLOAD, where the compiler's copy takes one for each field.
    function _loadProgress(Session storage session) internal view returns (Progress memory progress) {
        Progress storage stored = session.progress;
        uint256 word;
        assembly ("memory-safe") {
            word := sload(stored.slot)
        }
        progress.provenTokens = uint40(word);
        progress.capacity = uint40(word >> 40);
        progress.startedAt = uint40(word >> 80);
        progress.maxDuration = uint32(word >> 120);
        progress.closing = uint32(word >> 152);
        progress.proofInterval = uint24(word >> 184);
        progress.feeBps = uint24(word >> 208);
        progress.status = ISessionJobs.SessionStatus(uint8(word >> 232));
        progress.proofMode = ISessionJobs.ProofMode(uint8(word >> 240));
        progress.flags = uint8(word >> 248);
    }

    /// @dev One SSTORE; the layout is the compiler's.
    function _storeProgress(Session storage session, Progress memory progress) internal {
        Progress storage stored = session.progress;
        uint256 word = uint256(progress.provenTokens) | (uint256(progress.capacity) << 40)
            | (uint256(progress.startedAt) << 80) | (uint256(progress.maxDuration) << 120)
            | (uint256(progress.closing) << 152) | (uint256(progress.proofInterval) << 184)
            | (uint256(progress.feeBps) << 208) | (uint256(progress.status) << 232)
            | (uint256(progress.proofMode) << 240) | (uint256(progress.flags) << 248);
        assembly ("memory-safe") {
            sstore(stored.slot, word)
        }
    }

    function _openSession(uint256 jobId) internal view returns (Session storage session, Progress memory progress) {
        session = _sessionsStorage().sessions[jobId];
        progress = _loadProgress(session);
        if (
            progress.status != ISessionJobs.SessionStatus.Active
                && progress.status != ISessionJobs.SessionStatus.Closing
        ) {
            revert ISessionJobs.SessionWrongStatus(jobId, progress.status);
        }
    }

    /// @dev Key id whose vouchers count now.
    function _coSigner(uint256 jobId, Session storage session, Progress memory progress)
        internal
        view
        returns (address)
    {
        if (_has(progress, CO_SIGNER_CHANGES)) {
            CoSignerChange memory change = _sessionsStorage().coSignerChanges[jobId];
            if (block.timestamp >= change.effectiveAt) return change.coSigner;
        }
        return _has(progress, CO_SIGNED_BY_RENTER) ? session.renter : session.coSigner;
    }

    /// @dev Whether the key that signs is about to be another one.
    function _coSignerEnds(uint256 jobId, Progress memory progress) internal view returns (bool) {
        return _has(progress, CO_SIGNER_CHANGES)
            && block.timestamp < _sessionsStorage().coSignerChanges[jobId].effectiveAt;
    }

    /// @dev Only now, when something is done for it, does the session hold its host's stake.
    function _oblige(Session storage session, Progress memory progress) internal {
        if (_has(progress, OBLIGED)) return;
        progress.flags |= OBLIGED;
        _addObligation(session.host);
    }

    function _has(Progress memory progress, uint8 flag) internal pure returns (bool) {
        return progress.flags & flag != 0;
    }

    function _end(Progress memory progress) internal pure returns (uint256) {
        return uint256(progress.startedAt) + progress.maxDuration;
    }

    /// @dev Of a closing session; of a settled one, when that was.
    function _closesAt(Progress memory progress) internal pure returns (uint256) {
        return uint256(progress.startedAt) + progress.closing;
    }

    function _sessionsStorage() internal pure returns (SessionsStorage storage $) {
        assembly {
            $.slot := SESSIONS_STORAGE
        }
    }
}
