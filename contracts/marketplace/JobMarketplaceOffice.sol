// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttestedSessions} from "./AttestedSessions.sol";
import {CodeExtension} from "./CodeExtension.sol";
import {HostEarnings} from "./HostEarnings.sol";
import {JobTermsSettings} from "./JobTermsSettings.sol";
import {JobViews} from "./JobViews.sol";
import {MarketplaceLedger} from "./MarketplaceLedger.sol";
import {SessionViews} from "./SessionViews.sol";

/// @title The third part of the marketplace's code: challenges of attested work, prepaid balances,
/// fees, the terms of jobs, and what is only read.
/// @dev Called directly it has no owner and no token, and cannot be given any.
contract JobMarketplaceOffice is
    SessionViews,
    AttestedSessions,
    MarketplaceLedger,
    HostEarnings,
    JobTermsSettings,
    JobViews,
    CodeExtension
{
    /// @param governance The {JobMarketplaceGovernance}.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address governance) CodeExtension(governance) {}
}
