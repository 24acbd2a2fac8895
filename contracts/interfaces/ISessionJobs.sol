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

    /// @notice What counts as proven besides the renter's co-signed vouchers, which count in every mode.
    /// @dev CoSigned: nothing, the only mode that trusts nobody. Attested: the host's word, after a day in which the
    /// renter may challenge it before an arbiter. Verified: a proof that the ProofSystem accepts.
    enum ProofMode {
        CoSigned,
        Attested,
        Verified
    }

    /// @dev All static, in this order, so that the words of a call stand where an account's policy looks for them.
    /// @param token `address(0)` is ETH.
    /// @param deposit Smallest unit of the token.
    /// @param pricePer1000 Smallest unit of the token per 1,000 inference tokens.
    /// @param maxDuration Seconds, 10 minutes to 365 days.
    /// @param proofInterval Inference tokens between intermediate checkpoints, 100 to 1,000,000.
    /// @param coSigner Key id that signs checkpoints; `address(0)` takes a caller without code itself, and of a
    /// caller with code its default co-signer. For a P-256 key the low 160 bits of keccak256(x, y).
    /// @param model Id of the model, for the host's price and for proofs; 0 is any.
    struct SessionParams {
        address host;
        address token;
        uint256 deposit;
        uint256 pricePer1000;
        uint256 maxDuration;
        uint256 proofInterval;
        address coSigner;
        bytes32 model;
        ProofMode proofMode;
    }

    /// @notice A host's offer of the price, model and token of a session, instead of its public minimum price.
    /// @dev EIP-712: Quote(address host,address renter,address token,uint256 pricePer1000,bytes32 model,uint256
    /// expiry). Signed by the host's key, or by ERC-1271 of a host that is a contract: opening a session is no path of
    /// validation, and an offer that fails harms nobody. It may be taken any number of times until it expires.
    /// @param renter The only one who may take it; `address(0)` is anyone.
    /// @param expiry Unix seconds, the last at which it may be taken.
    /// @param signature Empty for no offer.
    struct HostQuote {
        address renter;
        uint256 expiry;
        bytes signature;
    }

    /// @param provenTokens Inference tokens proven so far.
    /// @param closesAt Unix seconds at which a closing session may be finalized; 0 while active and once settled.
    /// @param closingWindow Seconds that completion leaves for the last vouchers; 0 once closing.
    /// @param settledAt Unix seconds; 0 before.
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
        bytes32 model;
        ProofMode proofMode;
        uint256 closingWindow;
        uint256 settledAt;
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
    /// @notice From `effectiveAt` on, in Unix seconds, only `coSigner` signs for the session.
    event SessionCoSignerChanging(uint256 indexed jobId, address coSigner, uint256 effectiveAt);
    /// @notice The session named a model or a proof mode.
    event SessionModelSet(uint256 indexed jobId, bytes32 indexed model, ProofMode proofMode);

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
    /// @notice Attested needs a token with a limit for pending work, Verified a model and a ProofSystem.
    error SessionProofModeUnavailable(ProofMode proofMode);
    error SessionPriceBelowMinimum(address host, uint256 pricePer1000, uint256 minimum);
    /// @notice The host takes no more than `maximum` sessions at a time.
    error SessionHostFull(address host, uint256 open, uint256 maximum);
    error SessionQuoteExpired(uint256 expiry);
    error SessionQuoteForAnother(address renter, address caller);
    error SessionBadQuote(address host);
    /// @notice The Final of `jobId` was signed by `recovered` and not by its host.
    error SessionBadFinal(uint256 jobId, address recovered, address host);
    error SessionBatchLength(uint256 jobs, uint256 proofs, uint256 batches);

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

    /// @notice Opens a session in its full form. ETH must come exactly, a token must be approved before.
    function createSession(SessionParams calldata params) external payable returns (uint256 jobId);

    /// @notice {createSession} at a price that the host offered, and with the approval of the deposit in one.
    /// @param permit ERC-2612 approval, abi.encode(uint256 deadline, uint8 v, bytes32 r, bytes32 s) over exactly the
    /// deposit, or empty. One that fails is ignored, for somebody may have sent it first: the allowance decides.
    function createSessionWithQuote(SessionParams calldata params, HostQuote calldata quote, bytes calldata permit)
        external
        payable
        returns (uint256 jobId);

    /// @notice {createSession} paid from what the caller may withdraw, prepaid balances included.
    function createSessionFromDeposit(SessionParams calldata params) external returns (uint256 jobId);

    /// @notice Key that signs checkpoints of sessions which the caller, if it has code, opens without naming one.
    function setDefaultCoSigner(address coSigner) external;

    /// @notice Changes the key that signs for an active session, effective after its closing window: until then the
    /// host can record what the old key signed, and no interval binds. The renter only.
    function setCoSigner(uint256 jobId, address coSigner) external;

    /// @notice Records a co-signed running count. Anyone may send it; replay is harmless.
    /// @param signature 65 bytes r, s, v of the co-signer over Checkpoint, or r, s, x, y of a P-256 key; low s only.
    function submitCheckpoint(uint256 jobId, uint256 cumulativeTokens, bytes32 transcriptHash, bytes calldata signature)
        external;

    /// @notice Records a batch of work on top of the running count, by the proof that the session's mode asks for.
    /// @dev The running count is what is proven, in attested mode what is attested.
    /// @param proof abi.encode(bytes32 transcriptHash, bytes signature), the signature over Checkpoint of the new
    /// running count; in attested mode empty when the host attests itself. In verified mode what the ProofSystem takes.
    function submitProofOfWork(uint256 jobId, bytes calldata proof, uint256 tokensInBatch) external;

    /// @notice {submitProofOfWork} for each entry in turn, all or none.
    function submitBatchProofs(uint256[] calldata jobIds, bytes[] calldata proofs, uint256[] calldata tokensInBatches)
        external;

    /// @notice Settles at once with what is proven. The session's host only. Attested work that has not matured is
    /// given up by it.
    function settleSession(uint256 jobId) external;

    /// @notice Takes the last voucher and settles in one transaction. The session's host only; no interval applies.
    function settleSessionWithVoucher(
        uint256 jobId,
        uint256 cumulativeTokens,
        bytes32 transcriptHash,
        bytes calldata signature
    ) external;

    /// @notice {settleSession} for each of them, all or none.
    function settleMany(uint256[] calldata jobIds) external;

    /// @notice Takes a last proof, as {submitProofOfWork} does, and settles. The session's host only; no interval
    /// applies, and the host's own word is no proof here: it has to mature.
    /// @param tokensInBatch 0 settles without looking at `proof`.
    function claimWithProof(uint256 jobId, bytes calldata proof, uint256 tokensInBatch) external;

    /// @notice Another name of {settleSession}.
    function claimAbandonedSession(uint256 jobId) external;

    /// @notice Ends the session for new prompts: a window opens in which higher vouchers count, as checkpoints until
    /// one hour after the session's end and by the host's settlement until the window ends. The renter only.
    function completeSessionJob(uint256 jobId) external;

    /// @notice Settles at once, at the count of which the host signed that it is the last. The renter only.
    /// @dev EIP-712: Final(uint256 jobId,uint256 cumulativeTokens), by the host's key. A host that is a contract settles
    /// itself instead.
    /// @param cumulativeTokens Never lowers what is proven.
    function completeSessionWithFinal(uint256 jobId, uint256 cumulativeTokens, bytes calldata signature) external;

    /// @notice Settles a session whose closing window has ended, and whose attested work has matured. Anyone.
    function finalizeSession(uint256 jobId) external;

    /// @notice Settles a session two hours after its end, when its attested work has matured. Anyone.
    function triggerSessionTimeout(uint256 jobId) external;

    /// @notice EIP-712 digest that the co-signer signs.
    function checkpointDigest(uint256 jobId, uint256 cumulativeTokens, bytes32 transcriptHash)
        external
        view
        returns (bytes32);

    /// @notice EIP-712 digest by which the host ends a session.
    function finalDigest(uint256 jobId, uint256 cumulativeTokens) external view returns (bytes32);

    /// @notice EIP-712 digest of a host's offer.
    function quoteDigest(
        address host,
        address renter,
        address token,
        uint256 pricePer1000,
        bytes32 model,
        uint256 expiry
    ) external view returns (bytes32);
}
