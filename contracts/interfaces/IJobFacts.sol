// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What other contracts of the system ask of the marketplace about one job or session.
interface IJobFacts {
    /// @param host `address(0)` while unclaimed.
    /// @param fee Protocol fee paid, in the token's smallest unit; 0 before the end.
    /// @param submittedAt Unix seconds at which the result was handed in; 0 before, and for sessions.
    /// @param submitted A single job whose result is handed in and not yet paid, disputed or rejected.
    /// @param completed Paid: a released job, or a session settled with proven tokens.
    struct JobFacts {
        address renter;
        address host;
        address token;
        uint256 fee;
        uint256 submittedAt;
        bool submitted;
        bool completed;
    }

    /// @notice All zero for an id that does not exist.
    function jobFacts(uint256 jobId) external view returns (JobFacts memory);

    /// @notice Refunds the renter of a submitted or disputed single job whose result was proven or judged wrong, with the
    /// bond of the dispute. The ProofSystem only.
    function rejectResult(uint256 jobId) external;
}
