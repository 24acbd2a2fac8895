// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Single-prompt jobs: posted, claimed, submitted, released. What is disputed is in {IPaymentEscrow}.
interface ISingleJobs {
    /// @dev Expired, Failed and Cancelled are terminal and refunded; Released is terminal and paid; Resolved is the
    /// terminal end of a dispute. New ones are appended: clients know the numbers.
    enum JobStatus {
        None,
        Posted,
        Claimed,
        Submitted,
        Released,
        Expired,
        Failed,
        Cancelled,
        Disputed,
        Resolved
    }

    /// @param prompt CID or hash of the input, never the text itself. A proof can be given of a job whose prompt is the
    /// input hash that it has to show, 32 bytes in hex with "0x"; one that requires a proof must have such a prompt.
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
    /// @param minGPUMemory GB, advisory: nothing compares it, and it is in the call data only, neither stored nor emitted.
    struct JobRequirements {
        uint256 minGPUMemory;
        uint256 minReputationScore;
        uint256 maxTimeToComplete;
        bool requiresProof;
    }

    /// @param deadline Unix seconds; a claimed job that misses it is refunded in full.
    /// @param releaseAt Unix seconds; a submitted job can be disputed before, and released by anyone from then on.
    /// @param submittedAt Unix seconds; 0 before.
    /// @param minReputationScore Score that a host needs to claim.
    /// @param protocolBps Basis points of the payment that go to the protocol; fixed when the job is posted.
    /// @param stakersBps Basis points of the payment that go to the stakers; fixed when the job is posted.
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
        uint48 submittedAt;
        uint32 minReputationScore;
        uint16 protocolBps;
        uint16 stakersBps;
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
    /// @notice The host missed the deadline, or its result was proven or judged wrong.
    event JobFailed(uint256 indexed jobId, address indexed host, address indexed controller);
    event JobAbandoned(uint256 indexed jobId, address indexed host, uint256 forfeitedBond);
    event ReviewWindowSet(uint256 reviewWindow);
    event BonusReputationSet(uint256 bonusReputation);

    error JobWrongStatus(uint256 jobId, JobStatus status, JobStatus expected);
    error JobNotRenter(uint256 jobId, address caller);
    error JobNotHost(uint256 jobId, address caller);
    /// @notice The deadline of the job has passed.
    error JobDeadlinePassed(uint256 jobId, uint256 deadline);
    /// @notice Reputation or registry failed, perhaps for want of gas: send at least `minimum`.
    error JobGasTooLow(uint256 gas, uint256 minimum);
    error JobDeadlineNotReached(uint256 jobId, uint256 deadline);
    error JobReviewOpen(uint256 jobId, uint256 releaseAt);
    /// @notice `field` of the details or requirements lies outside `minimum` to `maximum`.
    error JobFieldOutOfRange(string field, uint256 value, uint256 minimum, uint256 maximum);
    /// @notice Without a proof system nothing can be proven: jobs that require it (`jobId` 0, they are not posted) and
    /// proofs are refused.
    error JobProofUnsupported(uint256 jobId);
    /// @notice The job requires a valid proof of its result.
    error JobProofRequired(uint256 jobId);
    /// @notice A challenge of the result is open.
    error JobPayoutBlocked(uint256 jobId);
    error JobReputationTooLow(uint256 jobId, uint256 score, uint256 minimum);
    /// @notice A node of this controller has given the job up before.
    error JobControllerBarred(uint256 jobId, address controller);
    /// @notice The stake covers the claim bonds of `covered` jobs that are not handed in; this would be one more.
    error JobClaimsNotCovered(address host, uint256 claims, uint256 covered);
    error JobNotProofSystem(address caller);

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

    /// @notice Takes a posted job; the caller must be an active, accepting node, neither the renter nor controlled by
    /// it, with the reputation that the job asks for. Its claim bond is at stake until the result is handed in:
    /// it holds no more jobs at a time than its stake covers bonds.
    function claimJob(uint256 jobId) external;

    /// @notice Gives a claimed job back before its deadline: the renter gets the claim bond, and no node of the
    /// caller's controller can claim the job again. The job's host only.
    function abandonClaim(uint256 jobId) external;

    /// @notice Hands in the result before the deadline and starts the review window. The job's host only.
    /// @param proof abi.encode(IProofSystem.EZKLProof), verified in this call; empty when the job requires none.
    function completeJob(uint256 jobId, string calldata resultCID, bytes calldata proof) external;

    /// @notice {completeJob} without a proof.
    function submitResult(uint256 jobId, string calldata resultCID) external;

    /// @notice Credits the host before the review window ends. The renter only; waits for open challenges.
    function releasePayment(uint256 jobId) external;

    /// @notice Credits the host after the review window. Anyone; waits for open challenges.
    function autoRelease(uint256 jobId) external;

    /// @notice Takes back a job that nobody has claimed. The renter only.
    function cancelJob(uint256 jobId) external;

    /// @notice Refunds a job whose deadline passed unclaimed or uncompleted. Anyone. A host that claimed it fails: the
    /// renter gets its claim bond too.
    function claimExpired(uint256 jobId) external;

    /// @notice All of a single job.
    function getJob(uint256 jobId) external view returns (Job memory);

    /// @notice Seconds between submission and automatic release, 1 hour to 7 days; fixed at submission.
    function reviewWindow() external view returns (uint256);

    /// @notice Reputation from which a host gets the bonus, at most 65,535; 0 is no bonus for anyone.
    function bonusReputation() external view returns (uint256);
}
