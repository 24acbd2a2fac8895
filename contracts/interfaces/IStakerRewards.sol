// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IStakersPool} from "./IStakersPool.sol";

/// @notice Rewards of stakers in a governed list of tokens; `address(0)` is ETH.
interface IStakerRewards is IStakersPool {
    /// @param notified Everything that was ever booked, in the token's smallest unit.
    /// @param paid Everything that was ever claimed.
    /// @param unallocated Booked and not streamed to anybody yet. It stands still while nobody stakes.
    /// @param endsAt Unix seconds at which all is streamed.
    struct RewardState {
        uint256 notified;
        uint256 paid;
        uint256 unallocated;
        uint256 endsAt;
    }

    event RewardTokenListed(address indexed token);
    event RewardNotified(address indexed token, address indexed from, uint256 amount, uint256 endsAt);
    event RewardClaimed(address indexed account, address indexed token, uint256 amount, address to);

    error StakersPoolZeroAddress();
    error StakersPoolRewardUnknown(address token);
    error StakersPoolRewardListed(address token);
    error StakersPoolTooManyRewards(uint256 maximum);
    error StakersPoolWrongValue(uint256 sent, uint256 expected);
    error StakersPoolTransferMismatch(address token, uint256 received, uint256 expected);
    error StakersPoolEthTransferFailed(address to, uint256 amount);

    /// @notice Books as a reward what the pool holds of `token` beyond its ledger, such as a plain transfer. Anyone
    /// may call. Errors: StakersPoolRewardUnknown.
    /// @return surplus In the token's smallest unit; 0 when there was none.
    function sync(address token) external returns (uint256 surplus);

    /// @notice Pays the caller what it earned in `token`; 0 is no error. Errors: StakersPoolRewardUnknown,
    /// StakersPoolEthTransferFailed.
    function claim(address token) external returns (uint256 amount);

    /// @notice As {claim}, paid to `to`. Errors: as {claim}, StakersPoolZeroAddress.
    function claim(address token, address to) external returns (uint256 amount);

    /// @notice Pays the caller what it earned in every token of the list. When one of the tokens refuses, claim the
    /// others one by one.
    function claimAll() external;

    /// @notice Adds a reward token. Listed for good: a token that went would take what was earned in it along.
    /// Owner only. Errors: StakersPoolRewardListed, StakersPoolTooManyRewards.
    function listRewardToken(address token) external;

    /// @notice What `account` could claim now, in the smallest unit of `token`.
    function earned(address account, address token) external view returns (uint256);

    /// @notice Ledger of one reward token. Errors: StakersPoolRewardUnknown.
    function rewardState(address token) external view returns (RewardState memory);

    /// @notice At most eight; ETH and FAB are the first two.
    function rewardTokens() external view returns (address[] memory);

    /// @notice FAB in wei times the multiplier of its tier in basis points, which rewards are shared by.
    function weightOf(address account) external view returns (uint256);

    /// @notice Sum of all weights.
    function totalWeight() external view returns (uint256);
}
