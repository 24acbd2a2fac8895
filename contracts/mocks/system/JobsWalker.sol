// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IPaymentEscrow} from "../../interfaces/IPaymentEscrow.sol";
import {IProofSystem} from "../../interfaces/IProofSystem.sol";
import {ISingleJobs} from "../../interfaces/ISingleJobs.sol";
import {System, WalkLog} from "./System.sol";
import {SystemWalker} from "./SystemWalker.sol";

/// @notice Every function of single jobs, their disputes, proofs and challenges.
abstract contract JobsWalker is SystemWalker {
    struct Call {
        string name;
        address sender;
        address target;
        bytes data;
    }

    constructor(System memory system, WalkLog log_) SystemWalker(system, log_) {}

    function post(uint256 seed, uint256 payment) external walks {
        if (_full()) return;
        address renter = s.renters[seed % s.renters.length];
        address token = _token(seed >> 8);
        payment = _amount(token, payment);
        bool proven = (seed >> 16) % 3 == 0;
        ISingleJobs.JobDetails memory details = ISingleJobs.JobDetails(
            "perceptron", proven || (seed >> 20) % 2 == 0 ? Strings.toHexString(uint256(11), 32) : "prompt", 100, 700, 1, "json"
        );
        ISingleJobs.JobRequirements memory requirements =
            ISingleJobs.JobRequirements(16, 0, bound(seed >> 24, 10 minutes, 1 days), proven);
        _fund(renter, token, payment, address(s.market));
        if (token != ETH) {
            bytes memory data = abi.encodeCall(ISingleJobs.postJobWithToken, (details, requirements, token, payment));
            _act("postJobWithToken", renter, address(s.market), 0, data);
        } else if ((seed >> 60) % 2 == 0) {
            bytes memory data = abi.encodeCall(ISingleJobs.postJob, (details, requirements, payment));
            _act("postJob", renter, address(s.market), payment, data);
        } else {
            bytes memory data = abi.encodeCall(
                ISingleJobs.createJob, ("perceptron", bytes32(uint256(11)), payment, block.timestamp + 2 hours)
            );
            _act("createJob", renter, address(s.market), payment, data);
        }
    }

    /// @notice What the job waits for, mostly by who may do it.
    function move(uint256 seed, uint256 pick) external walks {
        uint256 jobId = _pick(seed, false);
        if (jobId == 0) return;
        ISingleJobs.Job memory job = s.market.getJob(jobId);
        Call memory call = _next(seed, pick, jobId, job);
        call.target = address(s.market);
        if ((seed >> 96) % 8 == 0) call.sender = _anyone(seed >> 100);
        uint256 value;
        bytes4 selector = bytes4(call.data);
        if (selector == IPaymentEscrow.disputeResult.selector || selector == IPaymentEscrow.disputeEscrow.selector) {
            value = s.market.disputeBond(jobId);
            _fund(call.sender, job.token, value, address(s.market));
            if (job.token != ETH) value = 0;
        }
        uint256[4] memory before = _owed(job);
        uint256 bond = job.status == ISingleJobs.JobStatus.Disputed ? s.market.getEscrow(bytes32(jobId)).bond : 0;
        (bool recorded, uint256 forfeited) = _told(jobId, job);
        if (!_act(call.name, call.sender, call.target, value, call.data)) return;
        _noteTold(jobId, job, selector, recorded, forfeited);
        _check(log.ended(jobId) == 0, "I4: an ended job moved");
        ISingleJobs.Job memory afterwards = s.market.getJob(jobId);
        if (afterwards.host == job.host) _paid(job, afterwards.status, before, bond);
    }

    /// @dev What the marketplace has told its neighbours of the job.
    function _told(uint256 jobId, ISingleJobs.Job memory job) private view returns (bool recorded, uint256 forfeited) {
        recorded = job.host != address(0) && s.reputation.isRecorded(jobId, job.host);
        forfeited = s.registry.slashedUnclaimed(job.renter) + s.registry.slashedUnclaimed(s.timelock);
    }

    function _noteTold(uint256 jobId, ISingleJobs.Job memory job, bytes4 selector, bool recorded, uint256 forfeited)
        private
    {
        (bool recordedNow, uint256 forfeitedNow) = _told(jobId, job);
        if (recordedNow && !recorded) log.note("recordJobCompletion");
        if (forfeitedNow > forfeited) log.note("forfeitClaimBond");
        // A proof that does not hold ends the hand-in.
        if (selector == ISingleJobs.completeJob.selector && job.requiresProof) log.note("submitAndVerify");
    }

    /// @dev What the step changed in the ledger, by the status it led to.
    function _paid(ISingleJobs.Job memory job, ISingleJobs.JobStatus status, uint256[4] memory before, uint256 bond)
        private
    {
        uint256[4] memory owed = _owed(job);
        uint256 host;
        uint256 renter;
        uint256 fees;
        // What fell is as wrong as what rose too much.
        unchecked {
            (host, renter) = (owed[0] - before[0], owed[1] - before[1]);
            fees = owed[2] + owed[3] - before[2] - before[3];
        }
        if (!_jobEnded(status)) {
            _check(host == 0 && renter == 0 && fees == 0, "I1: a step that ends nothing paid somebody");
            return;
        }
        if (host > type(uint128).max || renter > type(uint128).max || fees > type(uint128).max) {
            return log.broken("I1: the end of a job took from somebody");
        }
        _check(host + renter + fees == job.payment + bond, "I1: paid out is not what was held");
        if (status == ISingleJobs.JobStatus.Released) _check(renter == 0 && host >= fees, "a release paid the renter");
        else if (status != ISingleJobs.JobStatus.Resolved) _check(host == 0 && fees == 0, "a refund paid the host");
    }

    function _owed(ISingleJobs.Job memory job) private view returns (uint256[4] memory owed) {
        if (job.host != address(0)) owed[0] = s.market.withdrawable(job.host, job.token);
        owed[1] = s.market.withdrawable(job.renter, job.token);
        (owed[2], owed[3]) = s.market.feeLedger(job.token);
    }

    function _next(uint256 seed, uint256 pick, uint256 jobId, ISingleJobs.Job memory job)
        private
        view
        returns (Call memory)
    {
        address market = address(s.market);
        pick %= 16;
        bool late = block.timestamp >= job.deadline;
        if (late && job.status < ISingleJobs.JobStatus.Submitted) {
            return Call("claimExpired", address(0xdead), market, abi.encodeCall(ISingleJobs.claimExpired, (jobId)));
        }
        if (job.status == ISingleJobs.JobStatus.Posted) {
            if (pick == 0) return Call("cancelJob", job.renter, market, abi.encodeCall(ISingleJobs.cancelJob, (jobId)));
            address host = s.hosts[(seed >> 64) % s.hosts.length];
            return Call("claimJob", host, market, abi.encodeCall(ISingleJobs.claimJob, (jobId)));
        }
        if (job.status == ISingleJobs.JobStatus.Claimed) {
            if (pick == 0) {
                return Call("abandonClaim", job.host, market, abi.encodeCall(ISingleJobs.abandonClaim, (jobId)));
            }
            if (!job.requiresProof && pick < 8) {
                bytes memory data = abi.encodeCall(ISingleJobs.submitResult, (jobId, "result"));
                return Call("submitResult", job.host, market, data);
            }
            bytes memory proof = job.requiresProof ? abi.encode(_jobProof(jobId, job.host, pick > 2)) : bytes("");
            bytes memory complete = abi.encodeCall(ISingleJobs.completeJob, (jobId, "result", proof));
            return Call("completeJob", job.host, market, complete);
        }
        // Of a job that has ended, both are tried again.
        bool again = _jobEnded(job.status) && (seed >> 72) % 2 == 0;
        if (job.status == ISingleJobs.JobStatus.Disputed || again) return _dispute(pick, jobId, job);
        return _submitted(pick, jobId, job);
    }

    function _submitted(uint256 pick, uint256 jobId, ISingleJobs.Job memory job) private view returns (Call memory) {
        address market = address(s.market);
        bytes32 escrowId = bytes32(jobId);
        if (block.timestamp >= job.releaseAt) {
            bytes memory data = pick % 2 == 0
                ? abi.encodeWithSignature("autoRelease(uint256)", jobId)
                : abi.encodeWithSignature("autoRelease(bytes32)", escrowId);
            return Call(pick % 2 == 0 ? "autoRelease" : "autoReleaseEscrow", address(0xdead), market, data);
        }
        if (pick < 4) {
            return Call("disputeResult", job.renter, market, abi.encodeCall(IPaymentEscrow.disputeResult, (jobId)));
        }
        if (pick < 6) {
            return Call("disputeEscrow", job.renter, market, abi.encodeCall(IPaymentEscrow.disputeEscrow, (escrowId)));
        }
        if (pick < 9) {
            return Call("releasePayment", job.renter, market, abi.encodeCall(ISingleJobs.releasePayment, (jobId)));
        }
        if (pick < 11) {
            bytes memory data = abi.encodeCall(IPaymentEscrow.releaseEscrow, (escrowId));
            return Call("releaseEscrow", job.renter, market, data);
        }
        return Call("autoRelease", address(0xdead), market, abi.encodeWithSignature("autoRelease(uint256)", jobId));
    }

    function _dispute(uint256 pick, uint256 jobId, ISingleJobs.Job memory job) private view returns (Call memory) {
        bytes32 escrowId = bytes32(jobId);
        if (block.timestamp >= s.market.getEscrow(escrowId).resolveBy || pick > 3) {
            bytes memory stale = abi.encodeCall(IPaymentEscrow.resolveStale, (escrowId));
            return Call("resolveStale", address(0xdead), address(s.market), stale);
        }
        address winner = pick % 2 == 0 ? job.host : job.renter;
        bytes memory data = abi.encodeCall(IPaymentEscrow.resolveDispute, (escrowId, winner));
        return Call("resolveDispute", s.arbiter, address(s.market), data);
    }

    /// @notice Proofs apart from the hand-in, singly and in batches: what the job waits for, mostly.
    function prove(uint256 seed, uint256 pick) external walks {
        uint256 jobId = _pickSubmitted(seed);
        if (jobId == 0) return;
        ISingleJobs.Job memory job = s.market.getJob(jobId);
        // The same each time: what is verified has to be what was submitted.
        IProofSystem.EZKLProof memory proof = _jobProof(jobId, job.host, jobId % 3 != 0);
        bool submitted = s.proofs.getProof(jobId).status == IProofSystem.ProofStatus.Submitted;
        if (pick % 8 == 0) submitted = !submitted;
        if (!submitted) {
            _act("submitProof", job.host, address(s.proofs), 0, abi.encodeCall(IProofSystem.submitProof, (jobId, proof)));
        } else if (pick % 3 != 0) {
            bytes memory data = abi.encodeCall(IProofSystem.verifyProof, (jobId, proof));
            bool verified = _act("verifyProof", address(0xdead), address(s.proofs), 0, data);
            if (verified) _noteRejected(jobId, job.status);
        } else {
            (uint256[] memory ids, IProofSystem.EZKLProof[] memory proofs) =
                (new uint256[](1), new IProofSystem.EZKLProof[](1));
            (ids[0], proofs[0]) = (jobId, proof);
            bytes memory data = abi.encodeCall(IProofSystem.batchVerifyProofs, (ids, proofs));
            _act("batchVerifyProofs", address(0xdead), address(s.proofs), 0, data);
        }
    }

    function _noteRejected(uint256 jobId, ISingleJobs.JobStatus before) private {
        bool open = before == ISingleJobs.JobStatus.Submitted || before == ISingleJobs.JobStatus.Disputed;
        if (open && s.market.getJob(jobId).status == ISingleJobs.JobStatus.Failed) log.note("rejectResult");
    }

    /// @notice The newest challenge of a job, or a new one.
    function challenge(uint256 seed, uint256 pick) external walks {
        _withdrawBond(seed);
        uint256 jobId = _pickChallenged(seed);
        if (jobId == 0) return;
        ISingleJobs.Job memory job = s.market.getJob(jobId);
        (uint256 id,) = s.proofs.challengesOf(jobId);
        IProofSystem.Challenge memory newest = s.proofs.getChallenge(id);
        bool committed = newest.status == IProofSystem.ChallengeStatus.Committed;
        bool open = committed || newest.status == IProofSystem.ChallengeStatus.Revealed;
        bool late = block.timestamp >= (committed ? newest.revealBy : newest.resolveBy);
        if (committed && !late) {
            bytes memory data = abi.encodeCall(IProofSystem.revealEvidence, (id, "evidence", 0));
            _act("revealEvidence", address(0xdead), address(s.proofs), 0, data);
        } else if (open && !late) {
            bytes memory data = abi.encodeCall(IProofSystem.resolveChallenge, (id, pick % 4 != 0));
            if (_act("resolveChallenge", s.resolver, address(s.proofs), 0, data)) _noteRejected(jobId, job.status);
        } else if (open) {
            bytes memory data = abi.encodeCall(IProofSystem.expireChallenge, (id));
            _act("expireChallenge", address(0xdead), address(s.proofs), 0, data);
        } else {
            address challenger = pick % 2 == 0 ? job.renter : s.hosts[(seed >> 64) % s.hosts.length];
            uint256 bond = s.proofs.challengeBond();
            _fund(challenger, address(s.fab), bond, address(s.proofs));
            bytes32 evidence = s.proofs.evidenceHashOf(jobId, challenger, "evidence", 0);
            bytes memory data = abi.encodeCall(IProofSystem.challengeProof, (jobId, evidence, bond));
            _act("challengeProof", challenger, address(s.proofs), 0, data);
        }
    }

    /// @dev A job with an open challenge, else one that can be challenged.
    function _pickChallenged(uint256 seed) private view returns (uint256 jobId) {
        uint256 last = s.market.lastJobId();
        for (uint256 i; i < 2 * MAX_OPEN && i < last; ++i) {
            if (_isChallenged(last - i)) return last - i;
        }
        return _pickSubmitted(seed);
    }

    /// @dev Mostly.
    function _pickSubmitted(uint256 seed) private view returns (uint256 jobId) {
        for (uint256 i; i < MAX_OPEN; ++i) {
            jobId = _pick(seed % (1 << 128) + i, false);
            if (jobId == 0 || s.market.getJob(jobId).status == ISingleJobs.JobStatus.Submitted) break;
        }
    }

    function _withdrawBond(uint256 seed) private {
        for (uint256 i; i < s.everyone.length; ++i) {
            address account = _anyone(seed % 256 + i);
            if (s.proofs.withdrawableBond(account) == 0) continue;
            bytes memory data = abi.encodeCall(IProofSystem.withdrawBond, ());
            _check(_act("withdrawBond", account, address(s.proofs), 0, data), "I6: a bond was refused");
            return;
        }
    }
}
