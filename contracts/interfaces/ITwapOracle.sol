// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice A price that is an average over time, so that no single block moves it.
interface ITwapOracle {
    /// @notice What `amountIn` of `tokenIn` is worth in `tokenOut`, both in their smallest units.
    /// @return amountOut At the average price.
    /// @return updatedAt Unix seconds of the newest observation in the average.
    function consult(address tokenIn, address tokenOut, uint256 amountIn)
        external
        view
        returns (uint256 amountOut, uint256 updatedAt);
}
