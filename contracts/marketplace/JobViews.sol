// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IJobRequest} from "../interfaces/IJobRequest.sol";
import {IJobViews} from "../interfaces/IJobViews.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {StoredJobs} from "./StoredJobs.sol";

/// @title What is only read of single jobs, apart from {ISingleJobs.getJob}.
abstract contract JobViews is StoredJobs, IJobViews, IJobRequest {
    uint256 private constant MAX_PAGE = 100;

    /// @inheritdoc IJobViews
    function getJobsPage(uint256 from, uint256 limit) external view returns (uint256[] memory ids, ISingleJobs.Job[] memory jobs) {
        if (limit > MAX_PAGE) revert JobPageTooLong(limit, MAX_PAGE);
        uint256 last = _lastJobId();
        if (from == 0) from = 1;
        uint256 size = from > last ? 0 : Math.min(limit, last - from + 1);
        ids = new uint256[](size);
        jobs = new ISingleJobs.Job[](size);
        uint256 found;
        for (uint256 i; i < size; ++i) {
            StoredJob memory job = _singleJobsStorage().jobs[from + i];
            if (job.status == ISingleJobs.JobStatus.None) continue;
            ids[found] = from + i;
            jobs[found++] = _describe(job);
        }
        assembly ("memory-safe") {
            mstore(ids, found)
            mstore(jobs, found)
        }
    }

    /// @inheritdoc IJobViews
    function calculatePayment(uint256 jobId)
        external
        view
        returns (uint256 host, uint256 protocol, uint256 stakers_)
    {
        StoredJob memory job = _singleJobsStorage().jobs[jobId];
        if (job.status == ISingleJobs.JobStatus.None) revert ISingleJobs.JobWrongStatus(
                jobId, ISingleJobs.JobStatus.None, ISingleJobs.JobStatus.Posted
            );
        return _split(job, _isPaid(jobId, job) ? job.bonus : _earnsBonus(job.host));
    }

    /// @inheritdoc IJobRequest
    function jobRequest(uint256 jobId) external view returns (bytes32 model, bytes32 inputHash) {
        Request memory request = _singleJobsStorage().requests[jobId];
        return (request.model, request.inputHash);
    }
}
