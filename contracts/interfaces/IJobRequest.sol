// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What the renter of a single job asked for, as far as a proof can show it. A part of the marketplace,
/// asked by the ProofSystem: without it a host could prove the work of any registered circuit, or on any input.
interface IJobRequest {
    /// @return model keccak256 of the job's model name, the id under which its circuit is registered; 0 for a job
    /// whose prompt is no hash, which nobody can prove, and for all that {ISingleJobs-createJob} posted.
    /// @return inputHash What a proof must commit to as its input (`EZKLProof.inputHash`): the prompt of the job.
    function jobRequest(uint256 jobId) external view returns (bytes32 model, bytes32 inputHash);
}
