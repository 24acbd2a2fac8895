// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {AcceptedTokens} from "./AcceptedTokens.sol";

/// @title The one ledger of the marketplace: money comes in by {_pull}, moves by {_credit}, leaves by withdrawal.
/// @dev Liabilities change only where money enters or leaves: what settlement moves between accounts is owed before
/// and after. ETH that is not a deposit is refused, there is no receive function.
abstract contract Ledger is AcceptedTokens, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev `paid` counts the jobs and sessions that paid a host: in a word that each of them writes anyway.
    struct Fees {
        uint112 protocol;
        uint112 stakers;
        uint32 paid;
    }

    /// @custom:storage-location erc7201:fabstir.storage.Ledger
    struct LedgerStorage {
        mapping(address account => mapping(address token => uint256)) withdrawable;
        mapping(address token => Fees) fees;
        address treasury;
        address stakers;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.Ledger")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant LEDGER_STORAGE = 0x2175d0b87190367c3e1749f250d1a93005af644b98703050e1b9dab3bf0e7700;

    function _setTreasury(address treasury_) internal {
        if (treasury_ == address(0)) revert IJobMarketplace.MarketplaceZeroAddress();
        _ledgerStorage().treasury = treasury_;
        emit IJobMarketplace.TreasurySet(treasury_);
    }

    function _setStakers(address stakers_) internal {
        if (stakers_ == address(0)) revert IJobMarketplace.MarketplaceZeroAddress();
        _ledgerStorage().stakers = stakers_;
        emit IJobMarketplace.StakersSet(stakers_);
    }

    /// @dev Takes a deposit that {_addLiability} has booked: exactly `amount`, or the whole call reverts.
    function _pull(address token, uint256 amount) internal {
        if (token == address(0)) {
            if (msg.value != amount) revert IJobMarketplace.MarketplaceWrongValue(msg.value, amount);
            return;
        }
        if (msg.value != 0) revert IJobMarketplace.MarketplaceWrongValue(msg.value, 0);
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = IERC20(token).balanceOf(address(this)) - before;
        if (received != amount) revert IJobMarketplace.MarketplaceTransferMismatch(token, received, amount);
    }

    /// @dev Owes `amount` to `account`. Calls nobody, so that no receiver can stop another one's payment.
    function _credit(address account, address token, uint256 amount) internal {
        if (amount != 0) _ledgerStorage().withdrawable[account][token] += amount;
    }

    /// @dev Takes `amount` of what `account` is owed, for something that is owed in its place.
    function _spend(address account, address token, uint256 amount) internal {
        LedgerStorage storage $ = _ledgerStorage();
        uint256 available = $.withdrawable[account][token];
        if (available < amount) {
            revert IJobMarketplace.MarketplaceBalanceTooLow(account, token, amount, available);
        }
        $.withdrawable[account][token] = available - amount;
        emit IJobMarketplace.PrepaidSpent(account, token, amount);
    }

    /// @dev Books the fees of a job or session that paid its host, and counts it. The count starts over at 2^32: no
    /// counter may stop a payment.
    function _creditFees(address token, uint256 protocol, uint256 stakers_) internal {
        Fees storage collected = _ledgerStorage().fees[token];
        collected.protocol += protocol.toUint112();
        collected.stakers += stakers_.toUint112();
        unchecked {
            ++collected.paid;
        }
    }

    /// @dev Jobs and sessions that paid a host, over all tokens of the governed list.
    function _paidJobs() internal view returns (uint256 paid) {
        for (uint256 index = _tokenCount(); index != 0; --index) {
            paid += _ledgerStorage().fees[_tokenAt(uint8(index))].paid;
        }
    }

    /// @dev A token that the marketplace sends to itself would be owed to nobody; of ETH it takes none without a call.
    function _pay(address token, address to, uint256 amount) internal {
        if (token == address(0)) {
            if (!_tryPay(token, to, amount)) revert IJobMarketplace.MarketplaceEthTransferFailed(to, amount);
            return;
        }
        if (to == address(this)) revert IJobMarketplace.MarketplaceTransferMismatch(token, 0, amount);
        IERC20(token).safeTransfer(to, amount);
    }

    /// @dev Return data of the receiver is left where it is: copying it could cost the caller any amount of gas.
    /// @return Whether the receiver was paid.
    function _tryPay(address token, address to, uint256 amount) internal returns (bool) {
        if (token == address(0)) return LowLevelCall.callNoReturn(to, amount, "");
        return to != address(this) && IERC20(token).trySafeTransfer(to, amount);
    }

    function _ledgerStorage() internal pure returns (LedgerStorage storage $) {
        assembly {
            $.slot := LEDGER_STORAGE
        }
    }
}
