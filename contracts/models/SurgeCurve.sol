// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title From demand to a multiple of the base price, as functions of values.
library SurgeCurve {
    /// @dev Basis points: 10,000 is once. Over 1,000, a surge of 1.2 would be a discount of 88 % (X-45).
    uint256 internal constant BASIS = 10_000;
    uint256 internal constant HALF_LIFE = 15 minutes;

    /// @notice `load` after `elapsed` seconds: half of it after each half-life, and linear within one.
    function decayed(uint256 load, uint256 elapsed) internal pure returns (uint256) {
        uint256 halvings = elapsed / HALF_LIFE;
        if (halvings > 255) return 0;
        uint256 rest = load >> halvings;
        return rest - Math.mulDiv(rest, elapsed % HALF_LIFE, 2 * HALF_LIFE);
    }

    /// @notice Share of `capacity` that `load` takes, 0 to 10,000; 0 without capacity.
    function utilisation(uint256 load, uint256 capacity) internal pure returns (uint256) {
        if (capacity == 0) return 0;
        return load >= capacity ? BASIS : Math.mulDiv(load, BASIS, capacity);
    }

    /// @notice Once up to the kink, then in a straight line to the cap at full utilisation.
    /// @param kink Below 10,000.
    /// @param cap At least 10,000.
    function surge(uint256 used, uint256 kink, uint256 cap) internal pure returns (uint256) {
        if (used <= kink) return BASIS;
        if (used >= BASIS) return cap;
        return BASIS + (cap - BASIS) * (used - kink) / (BASIS - kink);
    }

    /// @notice `basePrice` times `surgeBps`, rounded up: never below `basePrice`.
    function price(uint256 basePrice, uint256 surgeBps) internal pure returns (uint256) {
        return Math.mulDiv(basePrice, surgeBps, BASIS, Math.Rounding.Ceil);
    }
}
