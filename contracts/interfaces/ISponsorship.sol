// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Who pays for the operations of session keys.
interface ISponsorship {
    /// @notice What {IMarketplaceSettings-setSponsorPaymaster} set; `address(0)` for none.
    function sponsorPaymaster(address entryPoint) external view returns (address);
}
