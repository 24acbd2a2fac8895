// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Work that a host alone attests, in sessions whose renter chose that mode.
/// @dev It is paid when it matures: a day later, or when a challenge was not decided in three days. A co-signed
/// checkpoint that reaches its count replaces it. How much of it a host may have pending is governed per token; 0, the
/// default, closes the mode. This mode trusts the arbiter; the co-signed one trusts nobody.
interface IAttestedSessions {
    /// @param tokens Running count that the host attests.
    /// @param maturesAt Unix seconds.
    /// @param value What it would add to the gross payment, in the token's smallest unit.
    /// @param bond What the renter put up for its challenge; 0 while there is none.
    struct AttestedWork {
        uint256 tokens;
        uint256 maturesAt;
        uint256 value;
        uint256 bond;
        bool challenged;
    }

    event SessionWorkAttested(
        uint256 indexed jobId, uint256 cumulativeTokens, bytes32 transcriptHash, uint256 maturesAt
    );
    event SessionWorkMatured(uint256 indexed jobId, uint256 cumulativeTokens);
    /// @notice Pending work was replaced by a co-signed count, or given up by the settlement of its host.
    event SessionWorkDropped(uint256 indexed jobId, uint256 cumulativeTokens);
    event SessionWorkChallenged(uint256 indexed jobId, uint256 cumulativeTokens, uint256 bond, uint256 decideBy);
    event SessionWorkDecided(uint256 indexed jobId, bool worked);
    event MaxPendingSet(address indexed token, uint256 maximum);

    /// @notice The host may not have work worth more than `maximum` pending in this token.
    error SessionPendingExceeded(address host, address token, uint256 pending, uint256 maximum);
    /// @notice No work is pending, or what was has matured.
    error SessionNothingPending(uint256 jobId);
    /// @notice The pending work is challenged already, and takes no more.
    error SessionWorkUnderChallenge(uint256 jobId);
    error SessionWorkNotChallenged(uint256 jobId);
    error SessionNotArbiter(address caller);

    /// @notice Disputes the pending work before the arbiter, once for each batch, for 1 % of its value as a bond in the
    /// session's token: taken from what the caller may withdraw when that is enough and nothing is sent, else sent along
    /// in ETH, or pulled as an approved token. The renter only.
    function challengeAttestedWork(uint256 jobId) external payable;

    /// @notice Decides a challenge within three days. If the work was done it counts at once and the bond is the
    /// host's; if not it is gone and the bond is the renter's again. The arbiter only, and no party of the session.
    function decideAttestedWork(uint256 jobId, bool worked) external;

    /// @notice All zero when nothing is pending. Work that has matured stays here until the session is touched.
    function attestedWork(uint256 jobId) external view returns (AttestedWork memory);

    /// @notice Value of all pending work of `host`, in the token's smallest unit.
    function pendingValue(address host, address token) external view returns (uint256);

    /// @notice Bounds what each host may have pending, in the token's smallest unit. 0 takes no new attested sessions and no
    /// new attested work. Governance only.
    function setMaxPending(address token, uint256 maximum) external;

    /// @notice What {setMaxPending} set, in the token's smallest unit.
    function maxPending(address token) external view returns (uint256);
}
