// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What pays stakers: tokens or ETH that came in by the same call are streamed over 7 days.
interface IStakersPool {
    /// @notice Books `amount` of `token` as a reward; ETH (`address(0)`) as value, tokens are pulled from the caller.
    function notifyReward(address token, uint256 amount) external payable;
}
