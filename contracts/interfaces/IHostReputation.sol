// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What renters, hosts, governance and migration ask of the ReputationSystem.
interface IHostReputation {
    /// @notice What a completed job brought. Only the first brings points; `NotArmsLength` and `FeeTooSmall` bring
    /// neither statistics nor a rating.
    enum Outcome {
        Gained,
        NotArmsLength,
        FeeTooSmall,
        PairTooSoon,
        DailyLimit
    }

    /// @param completed Jobs and sessions at arm's length with a sufficient fee.
    /// @param averageRating Hundredths: 450 is 4.5 of 5; 0 without a rating.
    struct Performance {
        uint256 score;
        uint256 completed;
        uint256 failed;
        uint256 ratings;
        uint256 averageRating;
    }

    struct MinimumFee {
        address token;
        uint256 fee;
    }

    event JobCompletionRecorded(uint256 indexed jobId, address indexed host, Outcome outcome, uint256 score);
    event JobFailureRecorded(uint256 indexed jobId, address indexed host, uint256 score);
    /// @param counted Whether it is part of the average.
    event HostRated(
        address indexed host,
        uint256 indexed jobId,
        address indexed renter,
        uint256 rating,
        bool counted,
        uint256 score,
        string feedback
    );
    event ReputationSlashed(address indexed host, uint256 points, uint256 score, string reason);
    event ScoreImported(address indexed host, uint256 score);
    event MinReputationFeeSet(address indexed token, uint256 fee);
    event IncentiveThresholdSet(uint256 threshold);
    event ProofSystemSet(address indexed proofSystem);
    event ImporterSet(address indexed migrator);
    event ImportClosed();

    error ReputationZeroAddress();
    error ReputationNotReporter(address caller);
    error ReputationNotSlasher(address caller);
    error ReputationNotCompleted(uint256 jobId);
    error ReputationAlreadyRecorded(uint256 jobId, address host);
    error ReputationNotHostOf(uint256 jobId, address host);
    error ReputationNotRenter(uint256 jobId, address caller);
    error ReputationAlreadyRated(uint256 jobId);
    error ReputationOutOfRange(string field, uint256 value, uint256 minimum, uint256 maximum);
    error ReputationLengthMismatch(uint256 hosts, uint256 scores);
    error ReputationNotMigrator(address caller);

    /// @notice Books a settled session or a released job for its host, by the rules of
    /// {IReputationSystem-recordJobCompletion}. Anyone, once for each job; so settling pays no gas for it.
    function recordSettled(uint256 jobId) external;

    /// @notice Whether the end of the job is booked for `host`, as done or as failed.
    function isRecorded(uint256 jobId, address host) external view returns (bool);

    /// @notice Rates the host of a completed job. Its renter only, once. For a job that brought points 4 adds one
    /// point and 5 adds two; a job below the minimum fee or not at arm's length changes nothing.
    /// @param rating 1 to 5.
    /// @param feedback At most 280 bytes, kept in the event.
    function rateHost(address host, uint256 jobId, uint256 rating, string calldata feedback) external;

    /// @notice Takes `points` of the score of `host`, down to 0. Timelock and ProofSystem only.
    function slashReputation(address host, uint256 points, string calldata reason) external;

    /// @notice Whether the score reaches the threshold.
    function isEligibleForIncentives(address host) external view returns (bool);

    function incentiveThreshold() external view returns (uint256);

    /// @notice Hundredths: 450 is 4.5 of 5; 0 without a rating.
    function averageRating(address host) external view returns (uint256);

    function performance(address host) external view returns (Performance memory);

    /// @notice Protocol fee from which a job counts, in the token's smallest unit; 0: jobs in `token` never count.
    function minReputationFee(address token) external view returns (uint256);

    /// @notice Timelock only; 0 excludes the token.
    function setMinReputationFee(address token, uint256 fee) external;

    /// @notice 1 to 1,000,000 points. Timelock only.
    function setIncentiveThreshold(uint256 threshold) external;

    /// @notice Timelock only; `address(0)` for none.
    function setProofSystem(address proofSystem) external;

    /// @notice Takes over scores of a predecessor system. The migrator only. Hosts that have a score of their own keep
    /// it, so that a repeated import changes nothing.
    /// @return imported Hosts whose score was taken.
    function importScores(address[] calldata hosts, uint32[] calldata scores) external returns (uint256 imported);

    /// @notice Ends the import for ever. The migrator or the timelock.
    function closeImport() external;

    function marketplace() external view returns (address);
    function registry() external view returns (address);
    function proofSystem() external view returns (address);

    /// @notice Who may import; 0 once the import is closed.
    function migrator() external view returns (address);
}
