// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";

/// @notice Who may do what and when, written from the specification and apart from the marketplace: a call that these
/// rules allow and the marketplace refuses blocks an exit (I6), and one that they forbid must fail.
library MarketplaceRules {
    function isOpen(ISessionJobs.SessionDetails memory session) internal pure returns (bool) {
        return session.status != ISessionJobs.SessionStatus.Settled;
    }

    function isOpen(ISingleJobs.Job memory job) internal pure returns (bool) {
        return job.status < ISingleJobs.JobStatus.Released || job.status == ISingleJobs.JobStatus.Disputed;
    }

    function takesCheckpoint(ISessionJobs.SessionDetails memory session, uint256 tokens)
        internal
        view
        returns (bool)
    {
        uint256 end = session.startedAt + session.maxDuration;
        if (block.timestamp >= end + 1 hours) return false;
        if (session.status == ISessionJobs.SessionStatus.Closing) {
            return block.timestamp < session.closesAt && tokens > session.provenTokens;
        }
        return session.status == ISessionJobs.SessionStatus.Active
            && tokens >= session.provenTokens + (block.timestamp < end ? session.proofInterval : 1);
    }

    function mayLeave(ISessionJobs.SessionDetails memory session, bytes4 action, address sender)
        internal
        view
        returns (bool)
    {
        if (action == ISessionJobs.settleSession.selector) return isOpen(session) && sender == session.host;
        if (action == ISessionJobs.triggerSessionTimeout.selector) {
            return isOpen(session) && block.timestamp >= session.startedAt + session.maxDuration + 2 hours;
        }
        if (action == ISessionJobs.finalizeSession.selector) {
            return session.status == ISessionJobs.SessionStatus.Closing && block.timestamp >= session.closesAt;
        }
        return session.status == ISessionJobs.SessionStatus.Active && sender == session.renter;
    }

    /// @param step 0 claim, 1 submit, 2 release, 3 release by anyone, 4 cancel, 5 expire. That who claims is a node is
    /// for the caller to know.
    function mayMove(ISingleJobs.Job memory job, uint8 step, address sender) internal view returns (bool) {
        bool posted = job.status == ISingleJobs.JobStatus.Posted;
        bool claimed = job.status == ISingleJobs.JobStatus.Claimed;
        bool submitted = job.status == ISingleJobs.JobStatus.Submitted;
        bool late = block.timestamp >= job.deadline;
        if (step == 0) return posted && !late && sender != job.renter;
        if (step == 1) return claimed && !late && sender == job.host;
        if (step == 2) return submitted && sender == job.renter;
        if (step == 3) return submitted && block.timestamp >= job.releaseAt;
        if (step == 4) return posted && sender == job.renter;
        return (posted || claimed) && late;
    }
}
