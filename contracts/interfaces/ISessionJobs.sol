// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Session jobs: one deposit, many prompts, checkpoints that the renter's key co-signs, one settlement.
/// @dev A checkpoint is an EIP-712 message, domain {name "FabstirJobMarketplace", version "1", chainId,
/// verifyingContract}: Checkpoint(uint256 jobId,uint256 cumulativeTokens,bytes32 transcriptHash), signed by the
/// session's co-signer key. It is recovered, never asked of a contract, so that nothing the renter's account does
/// later can void it.
interface ISessionJobs {
    enum SessionStatus {
        None,
        Active,
        Closing,
        Settled
    }

    /// @param token `address(0)` is ETH.
    /// @param deposit Smallest unit of the token.
    /// @param pricePer1000 Smallest unit of the token per 1,000 inference tokens.
    /// @param maxDuration Seconds, 10 minutes to 365 days.
    /// @param proofInterval Inference tokens between intermediate checkpoints, 100 to 1,000,000.
    /// @param coSigner Key id that signs checkpoints; `address(0)` takes a caller without code itself, and of a
    /// caller with code its default co-signer.
    struct SessionParams {
        address host;
        address token;
        uint256 deposit;
        uint256 pricePer1000;
        uint256 maxDuration;
        uint256 proofInterval;
        address coSigner;
    }

    /// @param provenTokens Inference tokens proven so far.
    /// @param closesAt Unix seconds at which a closing session may be finalized; 0 while active.
    struct SessionDetails {
        address renter;
        address host;
        address token;
        address coSigner;
        uint256 deposit;
        uint256 pricePer1000;
        uint256 provenTokens;
        uint256 proofInterval;
        uint256 startedAt;
        uint256 maxDuration;
        uint256 closesAt;
        uint256 protocolBps;
        uint256 stakersBps;
        SessionStatus status;
    }

    event SessionJobCreated(
        uint256 indexed jobId,
        address indexed user,
        address indexed host,
        address token,
        uint256 deposit,
        uint256 pricePerToken,
        uint256 maxDuration
    );
    /// @notice The exact price of the session, which {SessionJobCreated} can only give rounded down per token.
    event SessionTermsSet(uint256 indexed jobId, uint256 pricePer1000, address coSigner);
    event SessionProofRequirementSet(uint256 indexed jobId, uint256 interval);
    event SessionCheckpointed(uint256 indexed jobId, uint256 cumulativeTokens, bytes32 transcriptHash);
    event SessionClosing(uint256 indexed jobId, uint256 closesAt);
    event SessionSettled(
        uint256 indexed jobId,
        uint256 host,
        uint256 renter,
        uint256 protocol,
        uint256 stakers
    );
    event DefaultCoSignerSet(address indexed account, address coSigner);

    error SessionWrongStatus(uint256 jobId, SessionStatus status);
    error SessionNotHost(uint256 jobId, address caller);
    error SessionNotRenter(uint256 jobId, address caller);
    /// @notice A caller with code must name a co-signer key or set a default one before.
    error SessionCoSignerRequired(address caller);
    error SessionBadCoSignature(uint256 jobId, address recovered, address coSigner);
    /// @notice The running count did not grow, or an intermediate checkpoint is closer than the interval.
    error SessionCheckpointTooSmall(uint256 jobId, uint256 cumulativeTokens, uint256 minimum);
    /// @notice The deposit pays for `capacity` tokens at most.
    error SessionCapacityExceeded(uint256 jobId, uint256 cumulativeTokens, uint256 capacity);
    error SessionCheckpointsClosed(uint256 jobId, uint256 closedAt);
    error SessionNotDue(uint256 jobId, uint256 dueAt);
    /// @notice `field` lies outside `minimum` to `maximum`.
    error SessionFieldOutOfRange(string field, uint256 value, uint256 minimum, uint256 maximum);

    /// @notice Opens an ETH session. `pricePerToken` is wei per single inference token.
    function createSessionJob(
        address host,
        uint256 deposit,
        uint256 pricePerToken,
        uint256 maxDuration,
        uint256 proofInterval
    ) external payable returns (uint256 jobId);

    /// @notice Opens a session paid in `token`, of which `deposit` must be approved before.
    function createSessionJobWithToken(
        address host,
        address token,
        uint256 deposit,
        uint256 pricePerToken,
        uint256 maxDuration,
        uint256 proofInterval
    ) external returns (uint256 jobId);

    /// @notice Opens a session in its full form.
    function createSession(SessionParams calldata params) external payable returns (uint256 jobId);

    /// @notice Key that signs checkpoints of sessions which the caller, if it has code, opens without naming one.
    function setDefaultCoSigner(address coSigner) external;
    function defaultCoSigner(address account) external view returns (address);

    /// @notice Records a co-signed running count. Anyone may send it; replay is harmless.
    /// @param signature 65 bytes r, s, v of the co-signer over Checkpoint.
    function submitCheckpoint(uint256 jobId, uint256 cumulativeTokens, bytes32 transcriptHash, bytes calldata signature)
        external;

    /// @notice Seed-named form: `proof` is abi.encode(bytes32 transcriptHash, bytes signature) over the new running
    /// count, which is the proven count plus `tokensInBatch`.
    function submitProofOfWork(uint256 jobId, bytes calldata proof, uint256 tokensInBatch) external;

    /// @notice Settles at once with what is proven. The session's host only.
    function settleSession(uint256 jobId) external;

    /// @notice Takes the last voucher and settles in one transaction. The session's host only; no interval applies.
    function settleSessionWithVoucher(
        uint256 jobId,
        uint256 cumulativeTokens,
        bytes32 transcriptHash,
        bytes calldata signature
    ) external;

    /// @notice Ends the session for new prompts: a window opens in which higher vouchers count, as checkpoints until
    /// one hour after the session's end and by the host's settlement until the window ends. The renter only.
    function completeSessionJob(uint256 jobId) external;

    /// @notice Settles a session whose closing window has ended. Anyone.
    function finalizeSession(uint256 jobId) external;

    /// @notice Settles a session two hours after its end. Anyone.
    function triggerSessionTimeout(uint256 jobId) external;

    function getSessionDetails(uint256 jobId) external view returns (SessionDetails memory);

    /// @notice What settling now would pay, in the token's smallest unit.
    function quoteSettlement(uint256 jobId)
        external
        view
        returns (uint256 host, uint256 renter, uint256 protocol, uint256 stakers);

    /// @notice Host's part of what is proven.
    function calculateCurrentEarnings(uint256 jobId) external view returns (uint256);
    function getRequiredProofInterval(uint256 jobId) external view returns (uint256);

    /// @notice EIP-712 digest that the co-signer signs.
    function checkpointDigest(uint256 jobId, uint256 cumulativeTokens, bytes32 transcriptHash)
        external
        view
        returns (bytes32);
}
