// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {Ledger} from "./Ledger.sol";

/// @title What single jobs and sessions share: one counter of ids, who may host, and what holds a host's stake.
abstract contract JobBook is Ledger {
    /// @custom:storage-location erc7201:fabstir.storage.JobBook
    /// @dev `registry` and `lastJobId` share a slot that every creation writes anyway.
    struct BookStorage {
        INodeRegistry registry;
        uint64 lastJobId;
        mapping(address host => uint256) obligations;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.JobBook")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant BOOK_STORAGE = 0x722cda5a048080c1ff590f302df1805b121813e0984936bb033196f355a3b000;

    /// @inheritdoc IJobMarketplace
    function openObligations(address host) external view returns (uint256) {
        uint256 stored = _bookStorage().obligations[host];
        return stored == 0 ? 0 : stored - 1;
    }

    /// @inheritdoc IJobMarketplace
    function registry() external view returns (address) {
        return address(_bookStorage().registry);
    }

    function _setRegistry(address registry_) internal {
        if (registry_ == address(0)) revert MarketplaceZeroAddress();
        _bookStorage().registry = INodeRegistry(registry_);
    }

    function _nextJobId() internal returns (uint256) {
        return ++_bookStorage().lastJobId;
    }

    function _checkHost(address host, address renter) internal view {
        if (host == renter) revert MarketplaceSelfDealing(renter);
        if (!_bookStorage().registry.isAcceptingNode(host)) revert MarketplaceHostNotActive(host);
    }

    /// @dev Stored one too high from the first obligation on: the slot never returns to zero, which would make the
    /// next obligation cost 17,100 gas more.
    function _addObligation(address host) internal {
        mapping(address => uint256) storage obligations = _bookStorage().obligations;
        uint256 stored = obligations[host];
        obligations[host] = stored == 0 ? 2 : stored + 1;
    }

    function _releaseObligation(address host) internal {
        _bookStorage().obligations[host] -= 1;
    }

    function _bookStorage() private pure returns (BookStorage storage $) {
        assembly {
            $.slot := BOOK_STORAGE
        }
    }
}
