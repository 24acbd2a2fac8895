// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {IWithdrawals} from "../interfaces/IWithdrawals.sol";
import {Ledger} from "./Ledger.sol";

/// @title The way out of the ledger.
abstract contract Withdrawals is Ledger, IWithdrawals {
    /// @inheritdoc IWithdrawals
    function withdraw(address token) external returns (uint256 amount) {
        return _withdraw(token, msg.sender);
    }

    /// @inheritdoc IWithdrawals
    function withdraw(address token, address to) external returns (uint256 amount) {
        if (to == address(0)) revert IJobMarketplace.MarketplaceZeroAddress();
        return _withdraw(token, to);
    }

    function _withdraw(address token, address to) internal nonReentrant returns (uint256 amount) {
        amount = _owed(msg.sender, token);
        if (amount == 0) revert IJobMarketplace.MarketplaceNothingToWithdraw(msg.sender, token);

        _ledgerStorage().balances[msg.sender][token].owed = 0;
        _removeLiability(token, amount);
        emit IJobMarketplace.Withdrawn(msg.sender, token, amount, to);
        _pay(token, to, amount);
    }
}
