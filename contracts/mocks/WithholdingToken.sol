// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MintableToken} from "./HostileTokens.sol";

/// @notice Takes deposits as any token does; once told to, it pays nothing out and answers false.
contract WithholdingToken is MintableToken {
    bool public withholds;

    function withhold(bool withholds_) external {
        withholds = withholds_;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        if (withholds) return false;
        return super.transfer(to, amount);
    }
}
