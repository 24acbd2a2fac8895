// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {CircuitBreaker} from "./CircuitBreaker.sol";
import {MarketplaceSettings} from "./MarketplaceSettings.sol";

/// @title The last part of the marketplace's code: what governance sets, and the breaker.
/// @dev Called directly it has no owner and cannot be initialized.
contract JobMarketplaceGovernance is MarketplaceSettings, CircuitBreaker {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }
}
