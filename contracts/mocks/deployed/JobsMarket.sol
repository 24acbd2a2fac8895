// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {CircuitBreaker} from "../../marketplace/CircuitBreaker.sol";
import {HostEarnings} from "../../marketplace/HostEarnings.sol";
import {JobTermsSettings} from "../../marketplace/JobTermsSettings.sol";
import {JobViews} from "../../marketplace/JobViews.sol";
import {MarketplaceLedger} from "../../marketplace/MarketplaceLedger.sol";
import {MarketplaceSettings} from "../../marketplace/MarketplaceSettings.sol";
import {PaymentEscrow} from "../../marketplace/PaymentEscrow.sol";

/// @notice The marketplace without sessions: every contract about single jobs as it is deployed, composed smaller.
contract JobsMarket is
    PaymentEscrow,
    JobTermsSettings,
    JobViews,
    CircuitBreaker,
    HostEarnings,
    MarketplaceLedger,
    MarketplaceSettings
{
    function jobFacts(uint256 jobId) external view returns (JobFacts memory) {
        return _singleJobFacts(jobId);
    }

    /// @notice Gives an id away, as opening a session does.
    function skipId() external {
        _nextJobId();
    }

    /// @notice What every function that opens sessions does first.
    function openSessions(bytes4 selector, uint256 items) external {
        _requireOpen(selector, items);
    }
}
