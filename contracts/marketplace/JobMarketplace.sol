// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable2StepUpgradeable} from "@openzeppelin/contracts-upgradeable/access/Ownable2StepUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {ISponsorship} from "../interfaces/ISponsorship.sol";
import {CodeExtension} from "./CodeExtension.sol";
import {SessionJobs} from "./SessionJobs.sol";
import {SponsorStore} from "./SponsorStore.sol";
import {Withdrawals} from "./Withdrawals.sol";

/// @title The marketplace behind one proxy: single jobs and sessions over one ledger.
/// @dev What sessions, withdrawals and default grants pass through. The rest follows behind: {JobMarketplaceExtension},
/// {JobMarketplaceOffice}, {JobMarketplaceGovernance}. The owner is the timelock; no function moves what users are
/// owed. ETH that comes without a call is refused by the last of the four, which has no function for it.
contract JobMarketplace is
    SessionJobs,
    Withdrawals,
    SponsorStore,
    ISponsorship,
    Ownable2StepUpgradeable,
    UUPSUpgradeable,
    CodeExtension
{
    /// @param extension_ The {JobMarketplaceExtension}.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address extension_) CodeExtension(extension_) {}

    /// @inheritdoc ISponsorship
    function sponsorPaymaster(address entryPoint) external view returns (address) {
        return _sponsorPaymaster(entryPoint);
    }

    function _authorizeUpgrade(address) internal override onlyOwner {}
}
