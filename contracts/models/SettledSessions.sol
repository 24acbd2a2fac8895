// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {ISessionViews} from "../interfaces/ISessionViews.sol";

/// @title Settled sessions of the marketplace, each taken once.
/// @dev Asked and never told: settling calls nobody, and whoever wants a session counted pays for it.
library SettledSessions {
    using BitMaps for BitMaps.BitMap;

    struct Taken {
        address marketplace;
        BitMaps.BitMap ids;
    }

    error SettledSessionsNotSettled(uint256 jobId);
    error SettledSessionsNothingProven(uint256 jobId);
    error SettledSessionsTwice(uint256 jobId);

    /// @notice What the marketplace knows of session `jobId`, the first time that it is asked for.
    /// @dev Reverts with the marketplace's own error for an id that is no session.
    function take(Taken storage self, uint256 jobId) internal returns (ISessionJobs.SessionDetails memory session) {
        if (self.ids.get(jobId)) revert SettledSessionsTwice(jobId);
        session = ISessionViews(self.marketplace).getSessionDetails(jobId);
        if (session.status != ISessionJobs.SessionStatus.Settled) revert SettledSessionsNotSettled(jobId);
        if (session.provenTokens == 0) revert SettledSessionsNothingProven(jobId);
        self.ids.set(jobId);
    }

    function isTaken(Taken storage self, uint256 jobId) internal view returns (bool) {
        return self.ids.get(jobId);
    }
}
