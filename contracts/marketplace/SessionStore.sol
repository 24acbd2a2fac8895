// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {FeeSplit} from "./FeeSplit.sol";
import {JobBook} from "./JobBook.sol";

/// @title What a session is, where it is stored, and what it would pay.
abstract contract SessionStore is JobBook {
    /// @dev One slot with all that a checkpoint reads and writes, save the key that signs it.
    /// @param capacity Tokens that the deposit pays for; bounds `provenTokens`.
    /// @param closing Seconds of the closing window while active; once closing, seconds from the start to its end.
    /// @param coSignedByRenter Whether the renter itself signs, and `coSigner` is left empty.
    struct Progress {
        uint40 provenTokens;
        uint40 capacity;
        uint40 startedAt;
        uint32 maxDuration;
        uint32 closing;
        uint24 proofInterval;
        uint16 protocolBps;
        uint16 stakersBps;
        SessionStatus status;
        bool coSignedByRenter;
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

    /// @custom:storage-location erc7201:fabstir.storage.SessionJobs
    struct SessionsStorage {
        mapping(uint256 jobId => Session) sessions;
        mapping(address account => address) defaultCoSigners;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.SessionJobs")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant SESSIONS_STORAGE = 0xac6450a8c7a454af8020605d404a845ca8246aada2ecb55dec2a9373f228a100;

    /// @inheritdoc ISessionJobs
    function getSessionDetails(uint256 jobId) external view returns (SessionDetails memory) {
        Session memory session = _sessionsStorage().sessions[jobId];
        Progress memory progress = session.progress;
        if (progress.status == SessionStatus.None) revert SessionWrongStatus(jobId, SessionStatus.None);
        return SessionDetails({
            renter: session.renter,
            host: session.host,
            token: _tokenAt(session.tokenIndex),
            coSigner: progress.coSignedByRenter ? session.renter : session.coSigner,
            deposit: session.deposit,
            pricePer1000: session.pricePer1000,
            provenTokens: progress.provenTokens,
            proofInterval: progress.proofInterval,
            startedAt: progress.startedAt,
            maxDuration: progress.maxDuration,
            closesAt: progress.status == SessionStatus.Closing ? _closesAt(progress) : 0,
            protocolBps: progress.protocolBps,
            stakersBps: progress.stakersBps,
            status: progress.status
        });
    }

    /// @inheritdoc ISessionJobs
    function quoteSettlement(uint256 jobId)
        external
        view
        returns (uint256 host, uint256 renter, uint256 protocol, uint256 stakers)
    {
        return _quote(_openSession(jobId));
    }

    /// @inheritdoc ISessionJobs
    function calculateCurrentEarnings(uint256 jobId) external view returns (uint256 host) {
        (host,,,) = _quote(_sessionsStorage().sessions[jobId]);
    }

    /// @inheritdoc ISessionJobs
    function getRequiredProofInterval(uint256 jobId) external view returns (uint256) {
        return _sessionsStorage().sessions[jobId].progress.proofInterval;
    }

    /// @inheritdoc ISessionJobs
    function defaultCoSigner(address account) external view returns (address) {
        return _sessionsStorage().defaultCoSigners[account];
    }

    /// @dev Computed once over the running count, so that rounding never adds up over checkpoints.
    function _quote(Session storage session)
        internal
        view
        returns (uint256 host, uint256 renter, uint256 protocol, uint256 stakers)
    {
        Progress memory progress = session.progress;
        uint256 gross = uint256(progress.provenTokens) * session.pricePer1000 / 1000;
        (host, protocol, stakers) = FeeSplit.split(gross, progress.protocolBps, progress.stakersBps);
        renter = session.deposit - gross;
    }

    function _openSession(uint256 jobId) internal view returns (Session storage session) {
        session = _sessionsStorage().sessions[jobId];
        SessionStatus status = session.progress.status;
        if (status != SessionStatus.Active && status != SessionStatus.Closing) {
            revert SessionWrongStatus(jobId, status);
        }
    }

    function _end(Progress memory progress) internal pure returns (uint256) {
        return uint256(progress.startedAt) + progress.maxDuration;
    }

    /// @dev Of a closing session.
    function _closesAt(Progress memory progress) internal pure returns (uint256) {
        return uint256(progress.startedAt) + progress.closing;
    }

    function _sessionsStorage() internal pure returns (SessionsStorage storage $) {
        assembly {
            $.slot := SESSIONS_STORAGE
        }
    }
}
