// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {IMarketplaceLedger} from "../interfaces/IMarketplaceLedger.sol";
import {IStakersPool} from "../interfaces/IStakersPool.sol";
import {JobBook} from "./JobBook.sol";

/// @title Prepaid balances, the distribution of fees, and what the ledger says.
abstract contract MarketplaceLedger is JobBook, IMarketplaceLedger {
    using SafeERC20 for IERC20;

    /// @inheritdoc IMarketplaceLedger
    function depositPrepaid(address token, uint256 amount) external payable nonReentrant {
        _addLiability(token, amount);
        _credit(msg.sender, token, amount);
        emit IJobMarketplace.PrepaidDeposited(msg.sender, token, amount);
        _pull(token, amount);
    }

    /// @inheritdoc IMarketplaceLedger
    /// @dev Booked as paid before anybody is called; what was not taken is owed again.
    function distributeFees(address token) external nonReentrant {
        LedgerStorage storage $ = _ledgerStorage();
        Fees memory collected = $.fees[token];
        uint256 total = uint256(collected.protocol) + collected.stakers;
        if (total == 0) revert IJobMarketplace.MarketplaceNothingToWithdraw($.treasury, token);
        $.fees[token] = Fees({protocol: 0, stakers: 0, paid: collected.paid, listed: true});
        _removeLiability(token, total);

        uint256 protocol;
        if (collected.protocol != 0 && _tryPay(token, $.treasury, collected.protocol)) protocol = collected.protocol;
        uint256 stakers = collected.stakers == 0 ? 0 : _payStakers(token, $.stakers, collected.stakers);
        uint256 left = total - protocol - stakers;
        if (left == total) revert IJobMarketplace.MarketplaceTransferMismatch(token, 0, total);
        emit IJobMarketplace.FeesDistributed(token, protocol, stakers);
        if (left == 0) return;
        _raiseLiability(token, left);
        $.fees[token].protocol = uint104(collected.protocol - protocol);
        $.fees[token].stakers = uint104(collected.stakers - stakers);
    }

    /// @inheritdoc IMarketplaceLedger
    function prepaidBalance(address account, address token) external view returns (uint256) {
        return _owed(account, token);
    }

    /// @inheritdoc IMarketplaceLedger
    function withdrawable(address account, address token) external view returns (uint256) {
        return _owed(account, token);
    }

    /// @inheritdoc IMarketplaceLedger
    function feeLedger(address token) external view returns (uint256 protocol, uint256 stakers) {
        Fees memory collected = _ledgerStorage().fees[token];
        return (collected.protocol, collected.stakers);
    }

    /// @inheritdoc IMarketplaceLedger
    function paidJobs(address token) external view returns (uint256) {
        return _ledgerStorage().fees[token].paid;
    }

    /// @inheritdoc IMarketplaceLedger
    function liabilities(address token) external view returns (uint256) {
        return _token(token).liabilities;
    }

    /// @inheritdoc IMarketplaceLedger
    function openObligations(address host) external view returns (uint256) {
        return _openObligations(host);
    }

    /// @dev The pool streams what it is notified of; what it were merely sent would belong to nobody.
    /// @return paid What it took.
    function _payStakers(address token, address stakers, uint256 amount) private returns (uint256 paid) {
        if (stakers.code.length == 0) return _tryPay(token, stakers, amount) ? amount : 0;
        if (token == address(0)) {
            try IStakersPool(stakers).notifyReward{value: amount}(token, amount) {
                return amount;
            } catch {
                return 0;
            }
        }
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).forceApprove(stakers, amount);
        try IStakersPool(stakers).notifyReward(token, amount) {
            paid = Math.saturatingSub(before, IERC20(token).balanceOf(address(this)));
        } catch {}
        if (paid != amount) IERC20(token).forceApprove(stakers, 0);
    }
}
