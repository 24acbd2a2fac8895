// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Scores of hosts: +10 for a job done, -20 for one failed, 5 % less every 30 days. Whoever the registry knows
/// starts with 100 at its first registration; the rest is in {IHostReputation}.
interface IReputationSystem {
    /// @notice Books the end of a single job. The marketplace and the ProofSystem only; each job counts once for a
    /// host. Never reverts for a reporter: what does not count (fee too small, same pair within 7 days, daily cap) is
    /// only recorded.
    function recordJobCompletion(address host, uint256 jobId, bool success) external;

    /// @notice Score with decay applied.
    function getReputation(address host) external view returns (uint256);
}
