// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ISwapAdapter} from "../interfaces/ISwapAdapter.sol";
import {ITwapOracle} from "../interfaces/ITwapOracle.sol";
import {MintableToken} from "./HostileTokens.sol";

/// @notice An exchange outside the system: sells what it holds at any price it likes, honest or not.
contract TestExchange is ISwapAdapter, ITwapOracle {
    /// @dev Output for 1e6 of input.
    uint256 public spotPrice;
    uint256 public averagePrice;
    uint256 public updatedAt;
    /// @dev Share of the input that is taken, in basis points.
    uint256 public takenBps = 10_000;
    uint256 public refund;
    uint256 public askedMinimum;
    address public reenter;
    bytes public reenterData;
    bool public reentered;

    function set(uint256 spot, uint256 average, uint256 updatedAt_) external {
        (spotPrice, averagePrice, updatedAt) = (spot, average, updatedAt_);
    }

    function cheat(uint256 takenBps_, uint256 refund_) external {
        (takenBps, refund) = (takenBps_, refund_);
    }

    function arm(address target, bytes calldata data) external {
        (reenter, reenterData) = (target, data);
    }

    function swap(address tokenIn, address tokenOut, uint256 amountIn, uint256 minOut, address recipient) external {
        askedMinimum = minOut;
        if (reenter != address(0)) (reentered,) = reenter.call(reenterData);
        IERC20(tokenIn).transferFrom(msg.sender, address(this), amountIn * takenBps / 10_000);
        if (refund != 0) MintableToken(tokenIn).mint(msg.sender, refund);
        IERC20(tokenOut).transfer(recipient, amountIn * spotPrice / 1e6);
    }

    function consult(address, address, uint256 amountIn) external view returns (uint256, uint256) {
        return (amountIn * averagePrice / 1e6, updatedAt);
    }
}
