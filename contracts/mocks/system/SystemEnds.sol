// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPaymentEscrow} from "../../interfaces/IPaymentEscrow.sol";
import {ISessionJobs} from "../../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../../interfaces/ISingleJobs.sol";
import {System, WalkLog} from "./System.sol";
import {SystemWalker} from "./SystemWalker.sol";

/// @notice I4: tries every way to end once more what has ended, each by who may take it.
/// @dev A trial happens in a call to itself that reverts with what came of it, so nothing of it stays.
contract SystemEnds is SystemWalker {
    error Tried(bool success);

    constructor(System memory system, WalkLog log_) SystemWalker(system, log_) {}

    /// @notice One of the last jobs and sessions; `step` says which. A dispute can be judged for some days only.
    function tryEnded(uint256 step) external {
        uint256 last = s.market.lastJobId();
        if (last == 0) return;
        uint256 jobId = last - step % (last < 2 * MAX_OPEN ? last : 2 * MAX_OPEN);
        if (log.ended(jobId) == 0) return;
        if (_isSession(jobId)) _trySession(jobId);
        else _tryJob(jobId);
        log.note("endedAgain");
    }

    function _tryJob(uint256 jobId) private {
        ISingleJobs.Job memory job = s.market.getJob(jobId);
        bytes32 escrowId = bytes32(jobId);
        _cannot(s.arbiter, abi.encodeCall(IPaymentEscrow.resolveDispute, (escrowId, job.renter)));
        if (job.host != address(0)) {
            _cannot(s.arbiter, abi.encodeCall(IPaymentEscrow.resolveDispute, (escrowId, job.host)));
            _cannot(job.host, abi.encodeCall(ISingleJobs.submitResult, (jobId, "again")));
        }
        _cannot(s.hosts[0], abi.encodeCall(ISingleJobs.claimJob, (jobId)));
        _cannot(job.renter, abi.encodeCall(ISingleJobs.releasePayment, (jobId)));
        _cannot(job.renter, abi.encodeCall(ISingleJobs.cancelJob, (jobId)));
        _cannot(job.renter, abi.encodeCall(ISingleJobs.claimExpired, (jobId)));
        _cannot(job.renter, abi.encodeWithSignature("autoRelease(uint256)", jobId));
        _cannot(job.renter, abi.encodeCall(IPaymentEscrow.resolveStale, (escrowId)));
        _cannot(address(s.proofs), abi.encodeCall(s.market.rejectResult, (jobId)));
    }

    function _trySession(uint256 jobId) private {
        ISessionJobs.SessionDetails memory details = s.market.getSessionDetails(jobId);
        _cannot(details.host, abi.encodeCall(ISessionJobs.settleSession, (jobId)));
        _cannot(details.host, abi.encodeCall(ISessionJobs.claimWithProof, (jobId, "", 0)));
        _cannot(details.renter, abi.encodeCall(ISessionJobs.completeSessionJob, (jobId)));
        _cannot(details.renter, abi.encodeCall(ISessionJobs.triggerSessionTimeout, (jobId)));
        _cannot(details.renter, abi.encodeCall(ISessionJobs.finalizeSession, (jobId)));
    }

    function _cannot(address sender, bytes memory data) private {
        try this.attempt(sender, data) {}
        catch (bytes memory outcome) {
            bool refused = keccak256(outcome) == keccak256(abi.encodeWithSelector(Tried.selector, false));
            _check(refused, "I4: what has ended was ended again");
        }
    }

    /// @notice Always reverts, with {Tried}.
    function attempt(address sender, bytes calldata data) external {
        vm.prank(sender);
        (bool success,) = address(s.market).call(data);
        revert Tried(success);
    }
}
