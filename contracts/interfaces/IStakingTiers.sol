// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Positions of staked FAB. A longer lock earns more of every reward, and the two longest lend more votes.
interface IStakingTiers {
    enum Tier {
        Flexible,
        Bronze,
        Silver,
        Gold,
        Platinum
    }

    /// @param minimum FAB in wei that a position of the tier holds at least.
    /// @param lock Seconds before which leaving costs the penalty.
    /// @param rewardBps Share of rewards per FAB; 10,000 is once.
    /// @param voteBps Votes per FAB; 10,000 is once.
    struct Terms {
        uint96 minimum;
        uint48 lock;
        uint16 rewardBps;
        uint16 voteBps;
    }

    /// @param amount FAB in wei; 0 after the position was left.
    /// @param unlocksAt Unix seconds from which leaving is free.
    struct Position {
        uint96 amount;
        uint48 unlocksAt;
        Tier tier;
    }

    event Staked(address indexed account, uint256 indexed positionId, Tier tier, uint256 amount, uint256 unlocksAt);
    event Unstaked(address indexed account, uint256 indexed positionId, uint256 amount);
    event ExitedEarly(address indexed account, uint256 indexed positionId, uint256 amount, uint256 penalty);
    event PositionRelocked(address indexed account, uint256 indexed positionId, Tier tier, uint256 unlocksAt);
    event PositionLapsed(address indexed account, uint256 indexed positionId);

    error StakersPoolBelowMinimum(Tier tier, uint256 amount, uint256 minimum);
    error StakersPoolUnknownPosition(address account, uint256 positionId);
    error StakersPoolInsufficientStake(uint256 positionId, uint256 asked, uint256 amount);
    error StakersPoolLocked(uint256 positionId, uint256 unlocksAt);
    error StakersPoolNotLocked(uint256 positionId, uint256 unlocksAt);
    error StakersPoolShorterLock(uint256 positionId, uint256 endsAt, uint256 unlocksAt);
    error StakersPoolAlreadyFlexible(address account, uint256 positionId);

    /// @notice Pulls `amount` FAB (wei) from the caller into a new position of the caller.
    /// @return positionId Counts the positions of the caller from 0.
    /// Errors: StakersPoolBelowMinimum.
    function stake(Tier tier, uint256 amount) external returns (uint256 positionId);

    /// @notice Pays `amount` FAB (wei) of a position of the caller out. What stays must be nothing or enough for the
    /// tier. Errors: StakersPoolUnknownPosition, StakersPoolLocked, StakersPoolInsufficientStake,
    /// StakersPoolBelowMinimum.
    function unstake(uint256 positionId, uint256 amount) external;

    /// @notice Leaves a locked position of the caller: nine tenths are paid out, one tenth becomes a reward of those
    /// who stay. Errors: StakersPoolUnknownPosition, StakersPoolNotLocked.
    /// @return paid FAB in wei.
    function exitEarly(uint256 positionId) external returns (uint256 paid);

    /// @notice Locks a position of the caller anew, from now, in a tier that it has enough FAB for. The new lock may
    /// not end before the old one. Errors: StakersPoolUnknownPosition, StakersPoolBelowMinimum, StakersPoolShorterLock.
    function relock(uint256 positionId, Tier tier) external;

    /// @notice Makes a position whose lock is over a flexible one: multipliers are the price of a lock, and without one
    /// they would be taken from those who are locked. Anyone may call.
    /// Errors: StakersPoolUnknownPosition, StakersPoolAlreadyFlexible, StakersPoolLocked.
    function lapse(address account, uint256 positionId) external;

    /// @notice Minimum, lock and multipliers of `tier`.
    function tierTerms(Tier tier) external pure returns (Terms memory);

    /// @notice A position; all zero when there is none.
    function position(address account, uint256 positionId) external view returns (Position memory);

    /// @notice Positions that `account` ever opened; those that were left count.
    function positionCount(address account) external view returns (uint256);

    /// @notice FAB in wei in all positions.
    function totalStaked() external view returns (uint256);

    /// @notice Token of the stakes.
    function fab() external view returns (address);
}
