// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

/// @title FAB, the token of stakes and votes. No more than the first supply ever exists; holders may burn theirs.
contract FabToken is ERC20, ERC20Burnable, ERC20Permit, ERC20Votes {
    /// @param holder Receives the whole supply.
    /// @param supply In wei, 18 decimals.
    constructor(address holder, uint256 supply) ERC20("Fabstir", "FAB") ERC20Permit("Fabstir") {
        _mint(holder, supply);
    }

    /// @notice Votes are counted at Unix seconds (ERC-6372): block numbers are no clock on an L2.
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
