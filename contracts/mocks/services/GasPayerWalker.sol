// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Operation} from "../../interfaces/IBaseAccountIntegration.sol";
import {ITokenPaymaster} from "../../interfaces/ITokenPaymaster.sol";
import {AccountKeys} from "../system/AccountKeys.sol";
import {IBlacklist, System, WalkLog} from "../system/System.sol";
import {Services} from "./Services.sol";

/// @notice Operations whose gas is paid in tokens, to the last unit: what leaves the sender is what the paymaster keeps,
/// and that is never worth less than what the EntryPoint took from its deposit.
abstract contract GasPayerWalker is AccountKeys {
    /// @dev Before an operation.
    struct Held {
        uint256 sender;
        uint256 payer;
        uint256 deposit;
        uint256 collected;
        uint256 sink;
    }

    address private constant SINK = address(0x517c);
    uint256 private constant BPS = 10_000;

    Services internal v;
    /// @dev Ghosts of what the paymaster has: tokens, wei at the EntryPoint, wei of stake.
    mapping(address token => uint256) private _kept;
    uint256 private _deposited;
    uint256 private _staked;

    constructor(System memory system, Services memory services, WalkLog log_) AccountKeys(system, log_) {
        v = services;
    }

    /// @notice An operation that pays in a token; one in four is not worth its gas.
    function pay(uint256 seed, uint256 amount) external walks {
        address token = s.tokens[1 + seed % 4];
        _fund(address(s.account), token, _units(token) * bound(amount, 1, 1_000), address(v.payer));
        if ((seed >> 8) % 16 == 0) _allow(token, amount % _units(token));
        uint256 flaw = (seed >> 16) % 16;
        (bytes memory data, uint256 price) = _data(token, flaw, amount >> 64);
        uint256 moved = _units(token) * ((seed >> 24) % 3);
        Operation[] memory calls = _one(token, 0, abi.encodeCall(IERC20.transfer, (SINK, moved)));
        PackedUserOperation memory op = _operation(0, address(0), _execute(calls));
        uint128 postOpGas = flaw == 0 ? 19_999 : flaw == 1 ? 40_001 : 40_000;
        op.paymasterAndData = abi.encodePacked(v.payer, uint128(200_000), postOpGas, data);
        op.signature = _ownerSignature(_ownedBy, s.entryPoint.getUserOpHash(op));
        Held memory before = _held(token);
        (bool included, bool ran) = _handled(op);
        if (included) log.note(_isFeed(token) ? "payByFeed" : "payByQuote");
        _check(!included || flaw > 5, "gas was paid on terms that do not hold");
        _settled(token, before, included, ran ? moved : 0, price);
    }

    function _settled(address token, Held memory before, bool included, uint256 moved, uint256 price) private {
        Held memory afterwards = _held(token);
        uint256 cost = before.deposit - afterwards.deposit;
        uint256 gained = afterwards.payer - before.payer;
        if (!included) {
            _check(cost == 0 && gained == 0 && before.sender == afterwards.sender, "a refused operation was charged");
            return;
        }
        _check(cost == afterwards.collected - before.collected, "the deposit paid for something else");
        _check(gained * 1 ether >= cost * price, "gas was paid with less than it cost");
        _check(before.sender - afterwards.sender == gained + moved, "a sender lost what nobody got");
        _check(afterwards.sink - before.sink == moved, "a call moved something else");
        _kept[token] += gained;
        _deposited -= cost;
    }

    function _held(address token) private view returns (Held memory) {
        return Held(
            IERC20(token).balanceOf(address(s.account)),
            IERC20(token).balanceOf(address(v.payer)),
            s.entryPoint.balanceOf(address(v.payer)),
            BENEFICIARY.balance,
            IERC20(token).balanceOf(SINK)
        );
    }

    function _allow(address token, uint256 amount) private {
        vm.prank(address(s.account));
        IERC20(token).approve(address(v.payer), amount);
    }

    function _units(address token) private view returns (uint256) {
        return token == s.tokens[1] ? 1e6 : 1e18;
    }

    function _isFeed(address token) private view returns (bool) {
        (ITokenPaymaster.PriceSource source,,,,) = v.payer.priceOf(token);
        return source == ITokenPaymaster.PriceSource.Feed;
    }

    /// @dev paymasterData, and the price with its markup; `flaw` 2 to 5 spoils it.
    function _data(address token, uint256 flaw, uint256 amount) private view returns (bytes memory data, uint256 price) {
        (ITokenPaymaster.PriceSource source, uint256 kept,,, uint256 markup) = v.payer.priceOf(token);
        uint128 most = flaw == 2 ? 1 : type(uint128).max;
        data = abi.encodePacked(most, flaw == 3 ? address(0xbad) : token);
        if (source != ITokenPaymaster.PriceSource.Quote) {
            if (flaw == 4 || flaw == 5) data = abi.encodePacked(data, hex"00");
            return (data, (kept * (BPS + markup) + BPS - 1) / BPS);
        }
        uint128 quoted = uint128(_units(token) * bound(amount, 100, 10_000) + (flaw == 4 ? 10_001 * _units(token) : 0));
        (uint48 from, uint48 until) = (uint48(block.timestamp - 1), uint48(block.timestamp + 9 minutes));
        bytes32 digest = v.payer.quoteHash(token, address(s.account), quoted, from, until);
        address signer = flaw == 5 ? s.operator : v.payer.quoteSigner();
        data = abi.encodePacked(data, quoted, from, until, _signed(signer, digest));
        price = (uint256(quoted) * (BPS + markup) + BPS - 1) / BPS;
    }

    /// @notice Terms, feeds and signers.
    function terms(uint256 seed, uint256 amount) external walks {
        (address payer, address token) = (address(v.payer), s.tokens[1 + (seed >> 8) % 4]);
        uint256 step = seed % 16;
        if (step < 4) {
            v.nativeFeed.set(int256(bound(amount, 500e8, 4_000e8)), block.timestamp, block.timestamp);
            v.tokenFeed.set(int256(bound(amount >> 64, 0.5e8, 2e8)), block.timestamp, block.timestamp);
        } else if (step < 9) {
            _act("updatePrice", s.operator, payer, 0, abi.encodeCall(ITokenPaymaster.updatePrice, (token)));
        } else if (step == 9) {
            _setToken(token, amount);
        } else if (step == 10) {
            _govern("setNativeFeed", payer, abi.encodeCall(ITokenPaymaster.setNativeFeed, (address(v.nativeFeed), 1 days)));
        } else if (step == 11) {
            address feed = amount % 2 == 0 ? address(0) : address(v.sequencerFeed);
            _govern("setSequencerFeed", payer, abi.encodeCall(ITokenPaymaster.setSequencerFeed, (feed, 1 hours)));
        } else if (step == 12) {
            address signer = amount % 4 == 0 ? s.keeper : makeAddr("quoter");
            _govern("setQuoteSigner", payer, abi.encodeCall(ITokenPaymaster.setQuoteSigner, (signer)));
        } else if (step == 13) {
            v.sequencerFeed.set(int256(amount % 2), block.timestamp - 2 hours, block.timestamp);
        } else if (step == 14 && amount % 8 == 0) {
            IBlacklist(s.tokens[3]).blacklist(address(s.account));
        } else {
            bytes memory data = abi.encodeCall(ITokenPaymaster.setQuoteSigner, (s.operator));
            _check(!_act("", s.operator, payer, 0, data), "a stranger set the signer of quotes");
        }
    }

    function _setToken(address token, uint256 amount) private {
        ITokenPaymaster.PriceSource source = ITokenPaymaster.PriceSource(1 + amount % 2);
        bool byFeed = source == ITokenPaymaster.PriceSource.Feed;
        ITokenPaymaster.TokenTerms memory set = ITokenPaymaster.TokenTerms(
            source,
            uint16((amount >> 8) % 2_001),
            uint112(100 * _units(token)),
            uint112(10_000 * _units(token)),
            byFeed ? address(v.tokenFeed) : address(0),
            byFeed ? 1 days : 0
        );
        _govern("setToken", address(v.payer), abi.encodeCall(ITokenPaymaster.setToken, (token, set)));
    }

    /// @notice What comes to the paymaster and what leaves it, which the treasury alone gets.
    function fill(uint256 seed, uint256 amount) external walks {
        (address payer, address token) = (address(v.payer), s.tokens[1 + (seed >> 8) % 4]);
        uint256 step = seed % 8;
        address sender = (seed >> 16) % 4 == 0 ? s.operator : (seed >> 16) % 2 == 0 ? s.timelock : s.treasury;
        uint256 before = s.treasury.balance;
        amount = bound(amount, 0, 0.1 ether);
        vm.deal(sender, 1 ether);
        if (sender == s.treasury) before = 1 ether;
        bool success;
        if (step < 3) {
            if (_act("depositPayer", sender, payer, amount, abi.encodeCall(v.payer.deposit, ()))) _deposited += amount;
            return;
        } else if (step == 3) {
            success = _act("addStakePayer", sender, payer, amount, abi.encodeCall(v.payer.addStake, (1)));
            if (success) _staked += amount;
        } else if (step == 4) {
            success = _act("unlockStakePayer", sender, payer, 0, abi.encodeCall(v.payer.unlockStake, ()));
        } else if (step == 5) {
            success = _act("withdrawStakePayer", sender, payer, 0, abi.encodeCall(v.payer.withdrawStake, ()));
            _check(!success || s.treasury.balance == before + _staked, "a stake did not go to the treasury");
            if (success) _staked = 0;
        } else if (step == 6) {
            if (amount > _deposited / 4) amount = _deposited / 4;
            success = _act("withdrawDepositPayer", sender, payer, 0, abi.encodeCall(v.payer.withdrawDeposit, (amount)));
            _check(!success || s.treasury.balance == before + amount, "a deposit did not go to the treasury");
            if (success) _deposited -= amount;
        } else {
            amount = _kept[token] / 2;
            success = _act("withdrawTokens", sender, payer, 0, abi.encodeCall(v.payer.withdrawTokens, (token, amount)));
            if (success) _kept[token] -= amount;
        }
        _check(!success || sender != s.operator, "a stranger moved what the paymaster has");
    }

    /// @notice Every token unit and every wei of the paymaster is accounted for.
    function accounted() external view returns (bool) {
        for (uint256 i = 1; i < s.tokens.length; ++i) {
            if (IERC20(s.tokens[i]).balanceOf(address(v.payer)) != _kept[s.tokens[i]]) return false;
        }
        address payer = address(v.payer);
        return payer.balance == 0 && s.entryPoint.balanceOf(payer) == _deposited
            && s.entryPoint.getDepositInfo(payer).stake == _staked;
    }
}
