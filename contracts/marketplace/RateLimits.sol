// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {RateLimiter} from "@openzeppelin/contracts/utils/RateLimiter.sol";
import {ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {WorkKind} from "./WorkKind.sol";

/// @title How much new work one caller may open in a time.
/// @dev A bucket for each caller and kind of work: who opens much slows down itself and nobody else. Items are counted,
/// not calls.
abstract contract RateLimits {
    using RateLimiter for RateLimiter.RefillingBucket;

    /// @custom:storage-location erc7201:fabstir.storage.RateLimits
    struct LimitsStorage {
        mapping(uint8 work => RateLimiter.RefillingBucket) buckets;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.RateLimits")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant LIMITS_STORAGE = 0xe8f07ebc3b805ac175a82d540df6c7583eef45d9121590cbaf71a5c36d11c600;

    uint48 private constant DEFAULT_WINDOW = 1 hours;
    uint208 private constant DEFAULT_BURST = 10;

    /// @dev A host works for many renters.
    uint208 private constant DEFAULT_CLAIM_BURST = 60;

    function _consume(uint8 work, uint256 items) internal {
        RateLimiter.RefillingBucket storage bucket = _limitsStorage().buckets[work];
        // A limit that was never set is the default one: a missing setup step must not close the marketplace.
        if (bucket._capacity == 0) bucket.updateSettings(DEFAULT_WINDOW, _defaultBurst(work));
        bytes32 key = _keyOf(msg.sender);
        if (!bucket.tryConsume(key, items)) {
            revert ICircuitBreaker.BreakerRateLimited(msg.sender, items, bucket.available(key));
        }
    }

    function _setLimit(uint8 work, uint48 window, uint208 burst) internal {
        _limitsStorage().buckets[work].updateSettings(window, burst);
    }

    function _limit(uint8 work) internal view returns (uint256 burst, uint256 window) {
        RateLimiter.RefillingBucket storage bucket = _limitsStorage().buckets[work];
        if (bucket._capacity == 0) return (_defaultBurst(work), DEFAULT_WINDOW);
        return (bucket._capacity, bucket._window);
    }

    function _limitLeft(uint8 work, address caller) internal view returns (uint256) {
        RateLimiter.RefillingBucket storage bucket = _limitsStorage().buckets[work];
        return bucket._capacity == 0 ? _defaultBurst(work) : bucket.available(_keyOf(caller));
    }

    function _defaultBurst(uint8 work) private pure returns (uint208) {
        return work == WorkKind.CLAIM ? DEFAULT_CLAIM_BURST : DEFAULT_BURST;
    }

    function _keyOf(address caller) private pure returns (bytes32) {
        return bytes32(uint256(uint160(caller)));
    }

    function _limitsStorage() private pure returns (LimitsStorage storage $) {
        assembly {
            $.slot := LIMITS_STORAGE
        }
    }
}
