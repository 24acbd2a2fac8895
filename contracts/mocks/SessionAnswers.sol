// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISessionJobs} from "../interfaces/ISessionJobs.sol";

/// @notice Stands where the marketplace stands: says of sessions what a test has told it.
contract SessionAnswers {
    mapping(uint256 jobId => ISessionJobs.SessionDetails) private _sessions;

    function set(uint256 jobId, bytes32 model, uint256 provenTokens, ISessionJobs.SessionStatus status) external {
        ISessionJobs.SessionDetails storage session = _sessions[jobId];
        (session.model, session.provenTokens, session.status) = (model, provenTokens, status);
        session.settledAt = status == ISessionJobs.SessionStatus.Settled ? block.timestamp : 0;
    }

    function getSessionDetails(uint256 jobId) external view returns (ISessionJobs.SessionDetails memory session) {
        session = _sessions[jobId];
        if (session.status == ISessionJobs.SessionStatus.None) {
            revert ISessionJobs.SessionWrongStatus(jobId, session.status);
        }
    }
}
