// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IStakingTiers} from "../interfaces/IStakingTiers.sol";

/// @title Minimum, lock and multipliers of each tier.
library StakingTiers {
    /// @dev Basis points: 10,000 is once (X-45: over 1,000 every multiplier would be ten times off).
    uint256 internal constant BASIS = 10_000;
    uint256 internal constant EARLY_EXIT_BPS = 1_000;

    function terms(IStakingTiers.Tier tier) internal pure returns (IStakingTiers.Terms memory) {
        if (tier == IStakingTiers.Tier.Flexible) return IStakingTiers.Terms(1, 0, 5_000, 10_000);
        if (tier == IStakingTiers.Tier.Bronze) return IStakingTiers.Terms(5_000e18, 30 days, 7_500, 10_000);
        if (tier == IStakingTiers.Tier.Silver) return IStakingTiers.Terms(10_000e18, 90 days, 10_000, 10_000);
        if (tier == IStakingTiers.Tier.Gold) return IStakingTiers.Terms(50_000e18, 180 days, 12_500, 15_000);
        return IStakingTiers.Terms(100_000e18, 365 days, 15_000, 20_000);
    }

    /// @notice Weight of a position in the division of rewards, in wei of FAB times basis points: nothing is rounded.
    function weight(IStakingTiers.Position memory position) internal pure returns (uint256) {
        return position.amount * uint256(terms(position.tier).rewardBps);
    }

    /// @notice Votes of a position, in wei of FAB.
    function votes(IStakingTiers.Position memory position) internal pure returns (uint256) {
        return position.amount * uint256(terms(position.tier).voteBps) / BASIS;
    }

    /// @notice What leaving `amount` before the end of its lock costs.
    function penalty(uint256 amount) internal pure returns (uint256) {
        return amount * EARLY_EXIT_BPS / BASIS;
    }
}
