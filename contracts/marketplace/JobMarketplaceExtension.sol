// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IJobFacts} from "../interfaces/IJobFacts.sol";
import {CodeExtension} from "./CodeExtension.sol";
import {PaymentEscrow} from "./PaymentEscrow.sol";
import {SessionStore} from "./SessionStore.sol";

/// @title The second part of the marketplace's code: single jobs and their disputes.
/// @dev Called directly it has no token, no registry and no job, and cannot be given any.
contract JobMarketplaceExtension is PaymentEscrow, SessionStore, CodeExtension {
    /// @param office The {JobMarketplaceOffice}.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address office) CodeExtension(office) {}

    /// @inheritdoc IJobFacts
    function jobFacts(uint256 jobId) external view returns (JobFacts memory facts) {
        facts = _sessionFacts(jobId);
        if (facts.renter == address(0)) facts = _singleJobFacts(jobId);
    }
}
