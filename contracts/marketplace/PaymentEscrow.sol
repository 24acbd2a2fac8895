// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {IProofGate} from "../interfaces/IProofGate.sol";
import {FeeSplit} from "./FeeSplit.sol";
import {SingleJobs} from "./SingleJobs.sol";

/// @title Disputes of single jobs, and the escrow façade over the ledger.
/// @dev An escrow is its job: the id is the job's, so there is nothing to keep in step. A dispute ends once, because
/// its status is terminal before anything is credited (X-32).
abstract contract PaymentEscrow is SingleJobs {
    using SafeCast for uint256;

    /// @inheritdoc IPaymentEscrow
    function releaseEscrow(bytes32 escrowId) external nonReentrant {
        _releaseByRenter(uint256(escrowId));
    }

    /// @inheritdoc IPaymentEscrow
    function autoRelease(bytes32 escrowId) external nonReentrant {
        _releaseAfterReview(uint256(escrowId));
    }

    /// @inheritdoc IPaymentEscrow
    function disputeResult(uint256 jobId) external payable nonReentrant {
        _dispute(jobId);
    }

    /// @inheritdoc IPaymentEscrow
    function disputeEscrow(bytes32 escrowId) external payable nonReentrant {
        _dispute(uint256(escrowId));
    }

    /// @inheritdoc IPaymentEscrow
    function resolveDispute(bytes32 escrowId, address winner) external nonReentrant {
        uint256 jobId = uint256(escrowId);
        StoredJob storage job = _inStatus(jobId, JobStatus.Disputed);
        (address renter, address host) = (job.renter, job.host);
        if (msg.sender != _arbiter()) revert EscrowNotArbiter(msg.sender);
        if (msg.sender == renter || msg.sender == host) revert EscrowArbiterIsParty(escrowId, msg.sender);
        if (winner != renter && winner != host) revert EscrowNotParty(escrowId, winner);
        uint256 resolveBy = _singleJobsStorage().disputes[jobId].resolveBy;
        if (block.timestamp >= resolveBy) revert EscrowArbiterTooLate(escrowId, resolveBy);

        if (winner == host) _hostWins(jobId, job);
        else _renterWins(jobId, job);
    }

    /// @inheritdoc IPaymentEscrow
    function resolveStale(bytes32 escrowId) external nonReentrant {
        uint256 jobId = uint256(escrowId);
        StoredJob storage job = _inStatus(jobId, JobStatus.Disputed);
        uint256 resolveBy = _singleJobsStorage().disputes[jobId].resolveBy;
        if (block.timestamp < resolveBy) revert EscrowArbiterHasTime(escrowId, resolveBy);

        IProofGate gate = _proofSystem();
        if (address(gate) != address(0) && gate.isVerified(jobId)) _hostWins(jobId, job);
        else _nobodyWins(jobId, job);
    }

    /// @inheritdoc IPaymentEscrow
    function getEscrow(bytes32 escrowId) external view returns (Escrow memory) {
        uint256 jobId = uint256(escrowId);
        StoredJob memory job = _singleJobsStorage().jobs[jobId];
        if (job.status == JobStatus.None) revert EscrowUnknown(escrowId);
        Dispute memory dispute = _singleJobsStorage().disputes[jobId];
        return Escrow({
            jobId: jobId,
            depositor: job.renter,
            host: job.host,
            token: _tokenAt(job.tokenIndex),
            amount: job.payment,
            bond: dispute.bond,
            resolveBy: dispute.resolveBy,
            status: _escrowStatus(job.status, dispute.outcome)
        });
    }

    /// @inheritdoc IPaymentEscrow
    function disputeBond(uint256 jobId) external view returns (uint256) {
        return _bondOf(_singleJobsStorage().jobs[jobId].payment);
    }

    /// @inheritdoc IPaymentEscrow
    function escrowIdOf(uint256 jobId) external pure returns (bytes32) {
        return bytes32(jobId);
    }

    /// @dev Asks neither the breaker nor whether the token is still accepted: a dispute is a reply.
    function _dispute(uint256 jobId) private {
        StoredJob storage job = _inStatus(jobId, JobStatus.Submitted);
        if (msg.sender != job.renter) revert JobNotRenter(jobId, msg.sender);
        if (block.timestamp >= job.releaseAt) revert EscrowReviewOver(bytes32(jobId), job.releaseAt);

        uint256 bond = _bondOf(job.payment);
        (, uint256 arbiterWindow) = disputeTerms();
        uint256 resolveBy = block.timestamp + arbiterWindow;
        job.status = JobStatus.Disputed;
        _singleJobsStorage().disputes[jobId] = Dispute(bond.toUint80(), uint40(resolveBy), Outcome.None);
        address token = _tokenAt(job.tokenIndex);
        emit EscrowDisputed(bytes32(jobId), msg.sender, bond, resolveBy);
        _raiseLiability(token, bond);
        _pull(token, bond);
    }

    function _hostWins(uint256 jobId, StoredJob storage job) private {
        uint256 bond = _close(jobId, Outcome.Host);
        address host = job.host;
        _credit(host, _tokenAt(job.tokenIndex), bond);
        uint256 paid = _payHost(jobId, job, JobStatus.Resolved);
        emit EscrowResolved(bytes32(jobId), host, paid + bond, 0);
    }

    function _renterWins(uint256 jobId, StoredJob storage job) private {
        uint256 bond = _close(jobId, Outcome.Renter);
        address renter = job.renter;
        emit EscrowResolved(bytes32(jobId), renter, 0, job.payment + bond);
        _credit(renter, _tokenAt(job.tokenIndex), bond);
        _fail(jobId, job, JobStatus.Resolved);
    }

    /// @dev Nobody judged the host, so nothing is reported of it and no fee is taken.
    function _nobodyWins(uint256 jobId, StoredJob storage job) private {
        _requireUnblocked(jobId);
        uint256 toHost = job.payment / 2;
        uint256 toRenter = job.payment - toHost + _close(jobId, Outcome.Split);
        job.status = JobStatus.Resolved;
        address token = _tokenAt(job.tokenIndex);
        emit EscrowResolved(bytes32(jobId), address(0), toHost, toRenter);
        _releaseObligation(job.host);
        _credit(job.host, token, toHost);
        _credit(job.renter, token, toRenter);
    }

    function _close(uint256 jobId, Outcome outcome) private returns (uint256 bond) {
        Dispute storage dispute = _singleJobsStorage().disputes[jobId];
        dispute.outcome = outcome;
        return dispute.bond;
    }

    function _bondOf(uint256 payment) private view returns (uint256) {
        (uint256 bondBps,) = disputeTerms();
        return Math.ceilDiv(payment * bondBps, FeeSplit.BASIS);
    }

    function _escrowStatus(JobStatus status, Outcome outcome) private pure returns (EscrowStatus) {
        if (status < JobStatus.Released) return EscrowStatus.Active;
        if (status == JobStatus.Disputed) return EscrowStatus.Disputed;
        if (status == JobStatus.Released || outcome == Outcome.Host) return EscrowStatus.Released;
        return outcome == Outcome.Split ? EscrowStatus.Split : EscrowStatus.Refunded;
    }
}
