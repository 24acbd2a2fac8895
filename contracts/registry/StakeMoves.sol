// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {NodeStore} from "./NodeStore.sol";

/// @title Stake in and out, for operators and controllers alike.
abstract contract StakeMoves is NodeStore {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @inheritdoc INodeRegistry
    function stake(uint256 amount) external {
        _stake(msg.sender, amount);
    }

    /// @inheritdoc INodeRegistry
    function requestUnstake(uint256 amount) external {
        _requestUnstake(msg.sender, amount);
    }

    /// @inheritdoc INodeRegistry
    function withdrawUnstaked() external {
        _withdraw(msg.sender);
    }

    /// @dev By the payer only.
    function _stake(address operator, uint256 amount) internal {
        if (amount == 0) revert NodeRegistryZeroAmount();
        RegistryStorage storage $ = _registryStorage();
        StoredNode storage node = _registered($, operator);
        _checkPayer($, operator);
        node.stake += amount.toUint96();

        emit StakeAdded(operator, amount, node.stake);
        $.fab.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @dev By the payer only.
    function _requestUnstake(address operator, uint256 amount) internal {
        if (amount == 0) revert NodeRegistryZeroAmount();
        RegistryStorage storage $ = _registryStorage();
        StoredNode storage node = _registered($, operator);
        _checkPayer($, operator);
        if (amount > node.stake) revert NodeRegistryInsufficientStake(amount, node.stake);
        _startUnbonding($, operator, uint96(amount));
    }

    /// @dev Pays the payer, whichever of the two asks.
    function _withdraw(address operator) internal {
        RegistryStorage storage $ = _registryStorage();
        StoredNode storage node = $.nodes[operator];
        uint256 amount = node.unbonding;
        if (amount == 0) revert NodeRegistryNothingUnbonding(operator);
        if (block.timestamp < node.unbondingEndsAt) revert NodeRegistryStillUnbonding(node.unbondingEndsAt);
        uint256 obligations = IJobMarketplace($.marketplace).openObligations(operator);
        if (obligations != 0) revert NodeRegistryObligationsOpen(obligations);

        node.unbonding = 0;
        node.unbondingEndsAt = 0;
        emit StakeWithdrawn(operator, amount);
        $.fab.safeTransfer(_payerOf($, operator), amount);
    }
}
