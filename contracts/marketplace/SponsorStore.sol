// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";

/// @title Which paymaster sponsors the operations of session keys, for each EntryPoint.
/// @dev Governance sets it in the last part of the code; accounts read it in the first one, whenever they grant the
/// default to a key.
abstract contract SponsorStore {
    /// @custom:storage-location erc7201:fabstir.storage.JobMarketplace
    struct MarketplaceStorage {
        mapping(address entryPoint => address) sponsorPaymasters;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.JobMarketplace")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant MARKETPLACE_STORAGE = 0x89d6ae10e84318e46560931e52aeafde0e8fd06f9ecbe25b58c516312dd35b00;

    function _setSponsorPaymaster(address entryPoint, address paymaster) internal {
        _marketplaceStorage().sponsorPaymasters[entryPoint] = paymaster;
        emit IJobMarketplace.SponsorPaymasterSet(entryPoint, paymaster);
    }

    function _sponsorPaymaster(address entryPoint) internal view returns (address) {
        return _marketplaceStorage().sponsorPaymasters[entryPoint];
    }

    function _marketplaceStorage() private pure returns (MarketplaceStorage storage $) {
        assembly {
            $.slot := MARKETPLACE_STORAGE
        }
    }
}
