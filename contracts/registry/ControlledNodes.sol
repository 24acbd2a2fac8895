// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IControlledNodes} from "../interfaces/IControlledNodes.sol";
import {Registrations} from "./Registrations.sol";
import {StakeMoves} from "./StakeMoves.sol";

/// @title Nodes that one account pays and another operates.
abstract contract ControlledNodes is IControlledNodes, Registrations, StakeMoves {
    using SafeERC20 for IERC20;

    uint256 private constant SUSPICIOUS_NODES = 3;

    /// @inheritdoc IControlledNodes
    function registerControlledNode(string calldata metadata, address operator) external {
        if (operator == address(0)) revert NodeRegistryZeroAddress();
        if (operator == msg.sender) revert NodeRegistrySelfControl(operator);
        RegistryStorage storage $ = _registryStorage();
        _checkNotPaused($);
        if ($.nodes[operator].position != 0) revert NodeRegistryAlreadyRegistered(operator);
        PendingControl storage offer = $.pending[operator][msg.sender];
        if (offer.amount != 0) revert NodeRegistryControlPending(operator, msg.sender);
        _countRegistration($, msg.sender);
        _metadataHash(metadata);

        uint256 amount = _minimum($);
        offer.amount = uint96(amount);
        offer.metadata = metadata;
        emit ControlProposed(operator, msg.sender, amount, metadata);
        $.fab.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IControlledNodes
    function acceptControl(address controller) external {
        RegistryStorage storage $ = _registryStorage();
        _checkNotPaused($);
        PendingControl memory offer = $.pending[msg.sender][controller];
        if (offer.amount == 0) revert NodeRegistryNoControlPending(msg.sender, controller);
        uint256 minimum = _minimum($);
        if (offer.amount < minimum) revert NodeRegistryStakeTooLow(offer.amount, minimum);

        delete $.pending[msg.sender][controller];
        _join($, msg.sender, controller, offer.amount, offer.metadata);
        emit ControllerSet(msg.sender, controller);
    }

    /// @inheritdoc IControlledNodes
    function cancelControlledNode(address operator) external {
        RegistryStorage storage $ = _registryStorage();
        uint256 amount = $.pending[operator][msg.sender].amount;
        if (amount == 0) revert NodeRegistryNoControlPending(operator, msg.sender);

        delete $.pending[operator][msg.sender];
        emit ControlCancelled(operator, msg.sender, amount);
        $.fab.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IControlledNodes
    function stakeControlled(address operator, uint256 amount) external {
        _stake(operator, amount);
    }

    /// @inheritdoc IControlledNodes
    function requestUnstakeControlled(address operator, uint256 amount) external {
        _requestUnstake(operator, amount);
    }

    /// @inheritdoc IControlledNodes
    function withdrawControlled(address operator) external {
        _checkPayer(_registryStorage(), operator);
        _withdraw(operator);
    }

    /// @inheritdoc IControlledNodes
    function unregisterControlledNode(address operator) external {
        RegistryStorage storage $ = _registryStorage();
        _checkPayer($, operator);
        _leave($, operator);
    }

    /// @inheritdoc IControlledNodes
    function pendingControl(address operator, address controller)
        external
        view
        returns (uint256 amount, string memory metadata)
    {
        PendingControl storage offer = _registryStorage().pending[operator][controller];
        return (offer.amount, offer.metadata);
    }

    /// @inheritdoc IControlledNodes
    function nodesOfController(address controller) external view returns (uint256) {
        return _nodesOf(controller);
    }

    /// @inheritdoc IControlledNodes
    function isSuspiciousController(address controller) external view returns (bool) {
        return _nodesOf(controller) >= SUSPICIOUS_NODES;
    }

    function _nodesOf(address controller) private view returns (uint256) {
        StoredNode storage own = _registryStorage().nodes[controller];
        bool ownsItself = own.position != 0 && own.flags & CONTROLLED == 0;
        return ownsItself ? uint256(own.controlled) + 1 : own.controlled;
    }
}
