// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice The escrow of single jobs, and what happens when its two sides disagree. Posting a job creates it.
/// @dev A view of the marketplace's one ledger under the names that integrators know: it holds no funds of its own, and
/// there is no `createEscrow` for anyone to call.
interface IPaymentEscrow {
    /// @dev Refunded, Released and Split are terminal.
    enum EscrowStatus {
        None,
        Active,
        Disputed,
        Released,
        Refunded,
        Split
    }

    /// @param depositor The renter, never the marketplace.
    /// @param host `address(0)` while unclaimed.
    /// @param token `address(0)` is ETH.
    /// @param amount What the job pays, in the token's smallest unit, fees included.
    /// @param bond What the renter added to dispute the result, in the token's smallest unit.
    /// @param resolveBy Unix seconds until which the arbiter may decide; 0 without a dispute.
    struct Escrow {
        uint256 jobId;
        address depositor;
        address host;
        address token;
        uint256 amount;
        uint256 bond;
        uint256 resolveBy;
        EscrowStatus status;
    }

    event EscrowDisputed(bytes32 indexed escrowId, address indexed by, uint256 bond, uint256 resolveBy);
    /// @param winner `address(0)` when nobody decided and both sides got half.
    /// @param toHost Smallest unit of the token, without fees and with the bond if it went there.
    event EscrowResolved(bytes32 indexed escrowId, address indexed winner, uint256 toHost, uint256 toRenter);
    event SurplusSwept(address indexed token, address indexed to, uint256 amount);
    event DisputeTermsSet(uint256 bondBps, uint256 arbiterWindow);

    error EscrowUnknown(bytes32 escrowId);
    /// @notice The result can be disputed before `releaseAt` only.
    error EscrowReviewOver(bytes32 escrowId, uint256 releaseAt);
    error EscrowNotArbiter(address caller);
    /// @notice Nobody decides its own case.
    error EscrowArbiterIsParty(bytes32 escrowId, address arbiter);
    error EscrowNotParty(bytes32 escrowId, address winner);
    /// @notice The arbiter's time ended at `resolveBy`: {resolveStale} is what is left.
    error EscrowArbiterTooLate(bytes32 escrowId, uint256 resolveBy);
    error EscrowArbiterHasTime(bytes32 escrowId, uint256 resolveBy);
    error EscrowTermOutOfRange(string field, uint256 value, uint256 minimum, uint256 maximum);
    error EscrowNoSurplus(address token);

    /// @notice Escrow of a single job.
    function escrowIdOf(uint256 jobId) external pure returns (bytes32);

    /// @notice State of the escrow of a single job.
    function getEscrow(bytes32 escrowId) external view returns (Escrow memory);

    /// @notice {ISingleJobs.releasePayment}: pays the host before the review window ends. The renter only, never the
    /// host.
    function releaseEscrow(bytes32 escrowId) external;

    /// @notice {ISingleJobs.autoRelease}: pays the host after the review window. Anyone.
    function autoRelease(bytes32 escrowId) external;

    /// @notice Disputes the result of a submitted job within its review window. The renter only: a host that waits is
    /// paid.
    /// @dev Takes {disputeBond} on top, in the job's token: ETH as exact value, a token approved before.
    function disputeResult(uint256 jobId) external payable;

    /// @notice {disputeResult} by the escrow's id.
    function disputeEscrow(bytes32 escrowId) external payable;

    /// @notice Decides a dispute, once. The arbiter only, before `resolveBy`, and not in a case of its own.
    /// @dev The host wins: it is paid as on release and gets the bond. The renter wins: payment and bond go back whole.
    /// @param winner Host or renter of the job.
    function resolveDispute(bytes32 escrowId, address winner) external;

    /// @notice Ends a dispute that the arbiter left undecided. Anyone, from `resolveBy` on.
    /// @dev The host wins if a valid proof of the result is recorded. Otherwise each side gets half without fees, and
    /// the renter its bond and the odd unit.
    function resolveStale(bytes32 escrowId) external;

    /// @notice What disputing the job takes now, in the smallest unit of its token.
    function disputeBond(uint256 jobId) external view returns (uint256);

    /// @return bondBps Basis points of the payment.
    /// @return arbiterWindow Seconds.
    function disputeTerms() external view returns (uint256 bondBps, uint256 arbiterWindow);
}
