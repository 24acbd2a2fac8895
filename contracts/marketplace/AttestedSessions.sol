// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable2StepUpgradeable} from "@openzeppelin/contracts-upgradeable/access/Ownable2StepUpgradeable.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IAttestedSessions} from "../interfaces/IAttestedSessions.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {AttestedWork} from "./AttestedWork.sol";
import {Progress} from "./SessionProgress.sol";

/// @title Challenges of attested work.
abstract contract AttestedSessions is AttestedWork, Ownable2StepUpgradeable, IAttestedSessions {
    using SafeCast for uint256;

    /// @inheritdoc IAttestedSessions
    function challengeAttestedWork(uint256 jobId) external payable nonReentrant {
        (Session storage session, Progress memory progress) = _openSession(jobId);
        if (msg.sender != session.renter) revert ISessionJobs.SessionNotRenter(jobId, msg.sender);
        Pending storage pending = _maturing(jobId, progress);
        if (pending.challenged) revert SessionWorkUnderChallenge(jobId);

        uint256 decideBy = block.timestamp + DECISION_WINDOW;
        pending.challenged = true;
        pending.maturesAt = uint40(decideBy);
        uint256 bond = _bondOf(pending);
        address token = _tokenAt(session.tokenIndex);
        emit SessionWorkChallenged(jobId, pending.tokens, bond, decideBy);
        if (msg.value == 0 && _owed(msg.sender, token) >= bond) {
            _spend(msg.sender, token, bond);
        } else {
            // Without the limits of deposits: a challenge is a reply (I6).
            _raiseLiability(token, bond);
            _pull(token, bond);
        }
    }

    /// @inheritdoc IAttestedSessions
    function decideAttestedWork(uint256 jobId, bool worked) external nonReentrant {
        if (msg.sender != _arbiter()) revert SessionNotArbiter(msg.sender);
        (Session storage session, Progress memory progress) = _openSession(jobId);
        (address renter, address host) = (session.renter, session.host);
        if (msg.sender == renter || msg.sender == host) {
            revert IJobMarketplace.MarketplaceSelfDealing(msg.sender);
        }
        Pending memory pending = _maturing(jobId, progress);
        if (!pending.challenged) revert SessionWorkNotChallenged(jobId);

        _clearPending(jobId, session, progress, pending);
        emit SessionWorkDecided(jobId, worked);
        if (worked) _prove(jobId, progress, pending.tokens);
        _storeProgress(session, progress);
        _credit(worked ? host : renter, _tokenAt(session.tokenIndex), _bondOf(pending));
    }

    /// @inheritdoc IAttestedSessions
    function setMaxPending(address token, uint256 maximum) external onlyOwner {
        if (_token(token).index == 0) revert IJobMarketplace.MarketplaceTokenNotAccepted(token);
        _sessionsStorage().maxPending[token] = maximum.toUint88();
        emit MaxPendingSet(token, maximum);
    }

    /// @inheritdoc IAttestedSessions
    function attestedWork(uint256 jobId) external view returns (IAttestedSessions.AttestedWork memory) {
        Pending memory pending = _sessionsStorage().pending[jobId];
        return IAttestedSessions.AttestedWork({
            tokens: pending.tokens,
            maturesAt: pending.maturesAt,
            value: pending.value,
            bond: pending.challenged ? _bondOf(pending) : 0,
            challenged: pending.challenged
        });
    }

    /// @inheritdoc IAttestedSessions
    function pendingValue(address host, address token) external view returns (uint256) {
        return _sessionsStorage().pendingValue[host][token];
    }

    /// @inheritdoc IAttestedSessions
    function maxPending(address token) external view returns (uint256) {
        return _sessionsStorage().maxPending[token];
    }

    /// @dev From the second on in which it matures, work counts whatever anyone says.
    function _maturing(uint256 jobId, Progress memory progress) private view returns (Pending storage pending) {
        pending = _sessionsStorage().pending[jobId];
        if (!progress.has(PENDING) || block.timestamp >= pending.maturesAt) revert SessionNothingPending(jobId);
    }
}
