// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice One exchange, behind one function.
interface ISwapAdapter {
    /// @notice Pulls exactly `amountIn` of `tokenIn` from the caller, by allowance, and pays `tokenOut` to `recipient`.
    /// The caller measures what arrived and believes no answer.
    /// @param minOut Reverts when less than this would be paid, in the smallest unit of `tokenOut`.
    function swap(address tokenIn, address tokenOut, uint256 amountIn, uint256 minOut, address recipient) external;
}
