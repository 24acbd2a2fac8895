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

    struct Fees {
        uint128 protocol;
        uint128 stakers;
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

    /// @inheritdoc IJobMarketplace
    function withdraw(address token) external returns (uint256 amount) {
        return _withdraw(token, msg.sender);
    }

    /// @inheritdoc IJobMarketplace
    function withdraw(address token, address to) external returns (uint256 amount) {
        if (to == address(0)) revert MarketplaceZeroAddress();
        return _withdraw(token, to);
    }

    /// @inheritdoc IJobMarketplace
    function distributeFees(address token) external nonReentrant {
        LedgerStorage storage $ = _ledgerStorage();
        Fees memory collected = $.fees[token];
        uint256 total = uint256(collected.protocol) + collected.stakers;
        if (total == 0) revert MarketplaceNothingToWithdraw($.treasury, token);

        delete $.fees[token];
        _removeLiability(token, total);
        emit FeesDistributed(token, collected.protocol, collected.stakers);
        _pay(token, $.treasury, collected.protocol);
        _pay(token, $.stakers, collected.stakers);
    }

    /// @inheritdoc IJobMarketplace
    function setTreasury(address treasury_) external onlyOwner {
        _setTreasury(treasury_);
    }

    /// @inheritdoc IJobMarketplace
    function setStakers(address stakers_) external onlyOwner {
        _setStakers(stakers_);
    }

    /// @inheritdoc IJobMarketplace
    function withdrawable(address account, address token) external view returns (uint256) {
        return _ledgerStorage().withdrawable[account][token];
    }

    /// @inheritdoc IJobMarketplace
    function feeLedger(address token) external view returns (uint256 protocol, uint256 stakers_) {
        Fees memory collected = _ledgerStorage().fees[token];
        return (collected.protocol, collected.stakers);
    }

    /// @inheritdoc IJobMarketplace
    function treasury() external view returns (address) {
        return _ledgerStorage().treasury;
    }

    /// @inheritdoc IJobMarketplace
    function stakers() external view returns (address) {
        return _ledgerStorage().stakers;
    }

    function _setTreasury(address treasury_) internal {
        if (treasury_ == address(0)) revert MarketplaceZeroAddress();
        _ledgerStorage().treasury = treasury_;
        emit TreasurySet(treasury_);
    }

    function _setStakers(address stakers_) internal {
        if (stakers_ == address(0)) revert MarketplaceZeroAddress();
        _ledgerStorage().stakers = stakers_;
        emit StakersSet(stakers_);
    }

    /// @dev Takes a deposit that {_addLiability} has booked: exactly `amount`, or the whole call reverts.
    function _pull(address token, uint256 amount) internal {
        if (token == address(0)) {
            if (msg.value != amount) revert MarketplaceWrongValue(msg.value, amount);
            return;
        }
        if (msg.value != 0) revert MarketplaceWrongValue(msg.value, 0);
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = IERC20(token).balanceOf(address(this)) - before;
        if (received != amount) revert MarketplaceTransferMismatch(token, received, amount);
    }

    /// @dev Owes `amount` to `account`. Calls nobody, so that no receiver can stop another one's payment.
    function _credit(address account, address token, uint256 amount) internal {
        if (amount != 0) _ledgerStorage().withdrawable[account][token] += amount;
    }

    function _creditFees(address token, uint256 protocol, uint256 stakers_) internal {
        Fees storage collected = _ledgerStorage().fees[token];
        collected.protocol += protocol.toUint128();
        collected.stakers += stakers_.toUint128();
    }

    function _withdraw(address token, address to) private nonReentrant returns (uint256 amount) {
        LedgerStorage storage $ = _ledgerStorage();
        amount = $.withdrawable[msg.sender][token];
        if (amount == 0) revert MarketplaceNothingToWithdraw(msg.sender, token);

        $.withdrawable[msg.sender][token] = 0;
        _removeLiability(token, amount);
        emit Withdrawn(msg.sender, token, amount, to);
        _pay(token, to, amount);
    }

    /// @dev A token that the marketplace sends to itself would be owed to nobody; of ETH it takes none without a call.
    /// Return data of the receiver is left where it is: copying it could cost the caller any amount of gas.
    function _pay(address token, address to, uint256 amount) private {
        if (token != address(0)) {
            if (to == address(this)) revert MarketplaceTransferMismatch(token, 0, amount);
            IERC20(token).safeTransfer(to, amount);
        } else if (!LowLevelCall.callNoReturn(to, amount, "")) {
            revert MarketplaceEthTransferFailed(to, amount);
        }
    }

    function _ledgerStorage() private pure returns (LedgerStorage storage $) {
        assembly {
            $.slot := LEDGER_STORAGE
        }
    }
}
