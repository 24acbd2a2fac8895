// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISingleJobs} from "./ISingleJobs.sol";

/// @notice What is only read of single jobs.
interface IJobViews {
    error JobPageTooLong(uint256 limit, uint256 maximum);

    /// @notice The single jobs among the `limit` ids from `from` on; ids are shared with sessions and start at 1.
    /// @param limit At most 100.
    function getJobsPage(uint256 from, uint256 limit) external view returns (uint256[] memory ids, ISingleJobs.Job[] memory jobs);

    /// @notice What releasing the job now would pay, in the token's smallest unit. Together it is the payment.
    /// @dev A host of high reputation gets up to a tenth more: the protocol takes less, the renter pays the same.
    function calculatePayment(uint256 jobId) external view returns (uint256 host, uint256 protocol, uint256 stakers);
}
