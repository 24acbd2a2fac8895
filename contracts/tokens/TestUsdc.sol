// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title A dollar token for the local chain, with the decimals and the permit of USDC. Anyone mints.
contract TestUsdc is ERC20, ERC20Permit {
    uint256 private constant LOCAL_CHAIN = 31337;

    /// @notice Money that anyone mints belongs on the local chain only.
    error TestUsdcLocalChainOnly(uint256 chainId);

    constructor() ERC20("USD Coin", "USDC") ERC20Permit("USD Coin") {
        if (block.chainid != LOCAL_CHAIN) revert TestUsdcLocalChainOnly(block.chainid);
    }

    /// @param amount In millionths of a dollar.
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
