// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What the marketplace asks of the ProofSystem. Every function fails closed.
interface IProofGate {
    /// @notice Whether a valid proof of this job by its host is recorded.
    function isVerified(uint256 jobId) external view returns (bool);

    /// @notice Whether the payout of a submitted job waits: a challenge is open and has not expired, or a proof was
    /// submitted less than 24 hours ago and is not verified. Time alone ends it, no call is needed.
    function isPayoutBlocked(uint256 jobId) external view returns (bool);

    /// @notice Takes and verifies the proof of a single job in one call. The marketplace only; reverts when invalid.
    /// @param proof abi.encode(IProofSystem.EZKLProof).
    function submitAndVerify(uint256 jobId, address host, bytes calldata proof) external;

    /// @notice Verifies the proof that a session's host has worked `cumulativeTokens` tokens. The marketplace only;
    /// reverts when the proof is invalid, belongs to another job, host, count, model or chain, or no circuit of the
    /// model is registered.
    /// @param model Id under which the circuit of the model is registered.
    /// @param proof abi.encode(uint256[] instances, bytes proof).
    function verifySession(uint256 jobId, address host, bytes32 model, uint256 cumulativeTokens, bytes calldata proof)
        external;
}
