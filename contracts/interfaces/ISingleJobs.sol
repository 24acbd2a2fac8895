// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Single-prompt jobs: posted, claimed, submitted, released.
interface ISingleJobs {
    /// @dev Expired, Failed and Cancelled are terminal and refunded; Released is terminal and paid.
    enum JobStatus {
        None,
        Posted,
        Claimed,
        Submitted,
        Released,
        Expired,
        Failed,
        Cancelled
    }

    /// @param prompt CID or hash of the input, never the text itself.
    /// @param temperature Thousandths, at most 2000.
    struct JobDetails {
        string modelId;
        string prompt;
        uint256 maxTokens;
        uint256 temperature;
        uint256 seed;
        string resultFormat;
    }

    /// @param maxTimeToComplete Seconds from posting to the deadline.
    /// @param minGPUMemory GB, advisory: compared by the SDK with the host's metadata.
    struct JobRequirements {
        uint256 minGPUMemory;
        uint256 minReputationScore;
        uint256 maxTimeToComplete;
        bool requiresProof;
    }

    /// @param deadline Unix seconds; a claimed job that misses it is refunded in full.
    /// @param releaseAt Unix seconds; from then anyone may release a submitted job.
    struct Job {
        address renter;
        address host;
        address token;
        uint128 payment;
        uint48 deadline;
        uint48 releaseAt;
        JobStatus status;
        bool requiresProof;
        bytes32 detailsHash;
    }

    event JobPosted(
        uint256 indexed jobId, address indexed renter, address token, uint256 payment, string modelId, uint256 deadline
    );
    event JobCreated(uint256 indexed jobId, address indexed renter, string modelId, string prompt, uint256 payment);
    event JobClaimed(uint256 indexed jobId, address indexed host);
    event JobCompleted(uint256 indexed jobId, string resultCID);
    event PaymentReleased(
        uint256 indexed jobId, address indexed host, uint256 hostAmount, uint256 protocol, uint256 stakers
    );
    event JobCancelled(uint256 indexed jobId, uint256 refund);
    event JobExpired(uint256 indexed jobId, uint256 refund);

    error JobWrongStatus(uint256 jobId, JobStatus status, JobStatus expected);
    error JobNotRenter(uint256 jobId, address caller);
    error JobNotHost(uint256 jobId, address caller);
    /// @notice The deadline of the job has passed.
    error JobDeadlinePassed(uint256 jobId, uint256 deadline);
    error JobDeadlineNotReached(uint256 jobId, uint256 deadline);
    error JobReviewOpen(uint256 jobId, uint256 releaseAt);
    /// @notice `field` of the details or requirements lies outside `minimum` to `maximum`.
    error JobFieldOutOfRange(string field, uint256 value, uint256 minimum, uint256 maximum);
    /// @notice No verifier can check a proof yet: jobs that require one (`jobId` 0, they are not posted) and proofs
    /// that nobody asked for are refused.
    error JobProofUnsupported(uint256 jobId);

    /// @notice Posts a job paid in ETH; `msg.value` must be `payment` exactly.
    function postJob(JobDetails calldata details, JobRequirements calldata requirements, uint256 payment)
        external
        payable
        returns (uint256 jobId);

    /// @notice Posts a job paid in `token`; `amount` must be approved before.
    function postJobWithToken(
        JobDetails calldata details,
        JobRequirements calldata requirements,
        address token,
        uint256 amount
    ) external returns (uint256 jobId);

    /// @notice Short form of {postJob}; pays `msg.value`, which must be `maxPrice` exactly.
    /// @param deadline Unix seconds.
    function createJob(string calldata modelId, bytes32 inputHash, uint256 maxPrice, uint256 deadline)
        external
        payable
        returns (uint256 jobId);

    /// @notice Takes a posted job; the caller must be an active, accepting node and not the renter.
    function claimJob(uint256 jobId) external;

    /// @notice Hands in the result and starts the review window. The job's host only.
    function completeJob(uint256 jobId, string calldata resultCID, bytes calldata proof) external;

    /// @notice {completeJob} for jobs that require no proof.
    function submitResult(uint256 jobId, string calldata resultCID) external;

    /// @notice Credits the host before the review window ends. The renter only.
    function releasePayment(uint256 jobId) external;

    /// @notice Credits the host after the review window. Anyone.
    function autoRelease(uint256 jobId) external;

    /// @notice Takes back a job that nobody has claimed. The renter only.
    function cancelJob(uint256 jobId) external;

    /// @notice Refunds a job whose deadline passed unclaimed or uncompleted. Anyone.
    function claimExpired(uint256 jobId) external;

    function getJob(uint256 jobId) external view returns (Job memory);

    /// @notice Seconds between submission and automatic release.
    function reviewWindow() external view returns (uint256);
}
