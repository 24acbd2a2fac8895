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

    /// @dev What an account has in one token: one slot, which every payment to it writes.
    /// @param owed Bounded by what the marketplace owes of the token: 2^88.
    /// @param sessions Sessions in this token that hold the account's stake, one too high from the first one on: they
    /// end where they are paid, and the slot of a host never returns to zero, which would make its next session cost
    /// 17,100 gas more.
    struct Balance {
        uint128 owed;
        uint128 sessions;
    }

    /// @dev `paid` counts the jobs and sessions that paid a host: in a word that each of them writes anyway.
    /// @param listed Set with the token's listing: no job pays for a new slot of fees.
    struct Fees {
        uint104 protocol;
        uint104 stakers;
        uint40 paid;
        bool listed;
    }

    /// @custom:storage-location erc7201:fabstir.storage.Ledger
    struct LedgerStorage {
        mapping(address account => mapping(address token => Balance)) balances;
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

    /// @dev Lists `token` with its fees, or changes whether new work may be paid in it.
    function _listToken(address token, bool accepted) internal {
        _setAccepted(token, accepted);
        _ledgerStorage().fees[token].listed = true;
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
        if (amount != 0) _ledgerStorage().balances[account][token].owed += amount.toUint128();
    }

    /// @dev Counts a session of `host` that holds its stake from now on.
    function _addSession(address host, address token) internal {
        Balance storage balance = _ledgerStorage().balances[host][token];
        uint128 stored = balance.sessions;
        balance.sessions = stored == 0 ? 2 : stored + 1;
    }

    /// @dev Ends a session that {_addSession} counted, and owes `amount` to its host.
    function _creditSession(address host, address token, uint256 amount) internal {
        Balance storage balance = _ledgerStorage().balances[host][token];
        (uint128 owed, uint128 sessions) = (balance.owed, balance.sessions);
        (balance.owed, balance.sessions) = (owed + amount.toUint128(), sessions - 1);
    }

    /// @dev Sessions that hold the stake of `host`, over all tokens of the governed list: what was ever deposited is
    /// in it.
    function _openSessions(address host) internal view returns (uint256 open) {
        for (uint256 index = _tokenCount(); index != 0; --index) {
            uint256 stored = _ledgerStorage().balances[host][_tokenAt(uint8(index))].sessions;
            if (stored != 0) open += stored - 1;
        }
    }

    /// @return What `account` may withdraw.
    function _owed(address account, address token) internal view returns (uint256) {
        return _ledgerStorage().balances[account][token].owed;
    }

    /// @dev Takes `amount` of what `account` is owed, for something that is owed in its place.
    function _spend(address account, address token, uint256 amount) internal {
        uint256 available = _owed(account, token);
        if (available < amount) {
            revert IJobMarketplace.MarketplaceBalanceTooLow(account, token, amount, available);
        }
        _ledgerStorage().balances[account][token].owed = (available - amount).toUint128();
        emit IJobMarketplace.PrepaidSpent(account, token, amount);
    }

    /// @dev Books the fees of a job or session that paid its host, and counts it. The count starts over at 2^40: no
    /// counter may stop a payment.
    function _creditFees(address token, uint256 protocol, uint256 stakers_) internal {
        Fees storage collected = _ledgerStorage().fees[token];
        collected.protocol += protocol.toUint104();
        collected.stakers += stakers_.toUint104();
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
