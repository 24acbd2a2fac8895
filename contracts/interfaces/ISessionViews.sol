// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISessionJobs} from "./ISessionJobs.sol";

/// @notice What can be read of sessions.
interface ISessionViews {
    /// @notice All of a session. Attested work counts in it once it has matured.
    function getSessionDetails(uint256 jobId) external view returns (ISessionJobs.SessionDetails memory);

    /// @notice What settling now would pay, in the token's smallest unit.
    function quoteSettlement(uint256 jobId)
        external
        view
        returns (uint256 host, uint256 renter, uint256 protocol, uint256 stakers);

    /// @notice Host's part of what is proven.
    function calculateCurrentEarnings(uint256 jobId) external view returns (uint256);

    /// @notice Inference tokens between intermediate checkpoints.
    function getRequiredProofInterval(uint256 jobId) external view returns (uint256);

    /// @notice Sessions of `host` that are not settled, among the `limit` ids from `fromJobId` on.
    /// @return jobIds Fewer than `limit` is no end.
    /// @return next Where to go on; 0 at the end.
    function getActiveSessionsForHost(address host, uint256 fromJobId, uint256 limit)
        external
        view
        returns (uint256[] memory jobIds, uint256 next);

    /// @notice Open sessions of `host` among those that were opened while it had a cap on them.
    function cappedSessions(address host) external view returns (uint256);

    /// @notice Key that signs for sessions which `account`, if it has code, opens without naming one.
    function defaultCoSigner(address account) external view returns (address);
}
