// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice The part of a Chainlink-like feed that is read here. A sequencer uptime feed has the same shape: its answer
/// is 0 while the sequencer runs, and `startedAt` is when that began.
interface IPriceFeed {
    function decimals() external view returns (uint8);

    /// @return roundId Not used.
    /// @return answer Price with {decimals} decimals.
    /// @return startedAt Unix seconds.
    /// @return updatedAt Unix seconds.
    /// @return answeredInRound Not used.
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}
