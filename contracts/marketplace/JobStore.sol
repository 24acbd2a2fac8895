// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IJobFacts} from "../interfaces/IJobFacts.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {StoredJobs} from "./StoredJobs.sol";
import {JobTerms} from "./JobTerms.sol";

/// @title Single jobs as they are looked up.
abstract contract JobStore is JobTerms, StoredJobs {
    /// @inheritdoc ISingleJobs
    function getJob(uint256 jobId) external view returns (Job memory) {
        StoredJob memory job = _singleJobsStorage().jobs[jobId];
        if (job.status == JobStatus.None) revert JobWrongStatus(jobId, JobStatus.None, JobStatus.Posted);
        return _describe(job);
    }

    /// @dev Part of {IJobFacts.jobFacts}; all zero for an id that is not a single job.
    function _singleJobFacts(uint256 jobId) internal view returns (IJobFacts.JobFacts memory facts) {
        StoredJob memory job = _singleJobsStorage().jobs[jobId];
        if (job.status == JobStatus.None) return facts;
        bool paid = _isPaid(jobId, job);
        (, uint256 fee,) = _split(job, job.bonus);
        return IJobFacts.JobFacts({
            renter: job.renter,
            host: job.host,
            token: _tokenAt(job.tokenIndex),
            fee: paid ? fee : 0,
            submittedAt: job.submittedAt,
            submitted: job.status == JobStatus.Submitted,
            completed: paid
        });
    }

    function _inStatus(uint256 jobId, JobStatus expected) internal view returns (StoredJob storage job) {
        job = _singleJobsStorage().jobs[jobId];
        if (job.status != expected) revert JobWrongStatus(jobId, job.status, expected);
    }
}
