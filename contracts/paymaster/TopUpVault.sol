// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IEntryPoint} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ITopUpVault} from "../interfaces/ITopUpVault.sol";

/// @dev What a paymaster says of itself when it is listed.
interface IHasEntryPoint {
    function entryPoint() external view returns (address);
}

/// @notice Tops up the deposits of listed paymasters from its own ether, each within its daily cap.
/// @dev A token bucket for each paymaster: `spent` falls by the cap in a day, steadily; what would lift it above the cap is refused.
contract TopUpVault is ITopUpVault, Ownable2Step {
    /// @param entryPoint As it was when the paymaster was listed.
    /// @param updatedAt Unix seconds at which `spent` was right.
    struct Budget {
        uint128 dailyCap;
        uint128 spent;
        address entryPoint;
        uint48 updatedAt;
    }

    mapping(address paymaster => Budget) private _budgets;
    /// @inheritdoc ITopUpVault
    mapping(address keeper => bool) public isKeeper;

    /// @param owner_ The timelock.
    constructor(address owner_) Ownable(owner_) {}

    receive() external payable {}

    /// @inheritdoc ITopUpVault
    function topUp(address paymaster, uint256 amount) external {
        if (!isKeeper[msg.sender]) revert TopUpVaultNotKeeper(msg.sender);
        Budget storage budget = _budgets[paymaster];
        uint256 cap = budget.dailyCap;
        if (cap == 0) revert TopUpVaultNotListed(paymaster);
        uint256 spent = _spent(budget);
        uint256 left = _left(cap, spent);
        if (amount > left) revert TopUpVaultCapExceeded(paymaster, amount, left);
        IEntryPoint entryPoint = IEntryPoint(budget.entryPoint);
        uint256 deposit = entryPoint.balanceOf(paymaster) + amount;
        if (deposit > cap) revert TopUpVaultDepositTooHigh(paymaster, deposit, cap);

        (budget.spent, budget.updatedAt) = (uint128(spent + amount), uint48(block.timestamp));
        emit ToppedUp(paymaster, amount, deposit);
        entryPoint.depositTo{value: amount}(paymaster);
    }

    /// @inheritdoc ITopUpVault
    function available(address paymaster) external view returns (uint256) {
        Budget storage budget = _budgets[paymaster];
        return _left(budget.dailyCap, _spent(budget));
    }

    /// @inheritdoc ITopUpVault
    function paymasterOf(address paymaster) external view returns (uint256 dailyCap, address entryPoint) {
        Budget storage budget = _budgets[paymaster];
        return (budget.dailyCap, budget.entryPoint);
    }

    /// @inheritdoc ITopUpVault
    function setPaymaster(address paymaster, uint256 dailyCap) external onlyOwner {
        Budget storage budget = _budgets[paymaster];
        address entryPoint;
        if (dailyCap != 0) {
            entryPoint = IHasEntryPoint(paymaster).entryPoint();
            if (entryPoint == address(0)) revert TopUpVaultZeroAddress();
        }
        budget.spent = uint128(_spent(budget));
        budget.dailyCap = SafeCast.toUint128(dailyCap);
        (budget.entryPoint, budget.updatedAt) = (entryPoint, uint48(block.timestamp));
        emit PaymasterSet(paymaster, entryPoint, dailyCap);
    }

    /// @inheritdoc ITopUpVault
    function setKeeper(address keeper, bool allowed) external onlyOwner {
        if (keeper == address(0)) revert TopUpVaultZeroAddress();
        isKeeper[keeper] = allowed;
        emit KeeperSet(keeper, allowed);
    }

    /// @inheritdoc ITopUpVault
    function withdraw(address payable to, uint256 amount) external onlyOwner {
        if (to == address(0)) revert TopUpVaultZeroAddress();
        emit Withdrawn(to, amount);
        (bool success,) = to.call{value: amount}("");
        if (!success) revert TopUpVaultTransferFailed(to, amount);
    }

    /// @dev A lowered cap may be below what was spent under the old one.
    function _left(uint256 cap, uint256 spent) private pure returns (uint256) {
        return spent < cap ? cap - spent : 0;
    }

    /// @dev Rounded up: the part of a wei that is free again waits.
    function _spent(Budget storage budget) private view returns (uint256) {
        uint256 freed = uint256(budget.dailyCap) * (block.timestamp - budget.updatedAt) / 1 days;
        return freed < budget.spent ? budget.spent - freed : 0;
    }
}
