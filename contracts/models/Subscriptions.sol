// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ISubscriptions} from "../interfaces/ISubscriptions.sol";

/// @title Prepaid plans with a quota for each period.
/// @dev Has no owner and no upgrade: there is nothing to govern. Every token has a ledger of its own, so a bad one harms
/// only who chose it.
contract Subscriptions is ISubscriptions, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    uint256 private constant MIN_PERIOD = 1 days;
    uint256 private constant MAX_PERIOD = 366 days;
    uint256 private constant MAX_PERIODS_AHEAD = 36;

    /// @inheritdoc ISubscriptions
    uint256 public planCount;

    /// @inheritdoc ISubscriptions
    mapping(address account => mapping(address token => uint256)) public withdrawable;

    /// @inheritdoc ISubscriptions
    mapping(address token => uint256) public liabilities;

    mapping(uint256 planId => Plan) private _plans;
    mapping(uint256 planId => mapping(address subscriber => Subscription)) private _subscriptions;

    /// @inheritdoc ISubscriptions
    function createPlan(address token, uint128 price, uint32 period, uint64 quota, address meter)
        external
        returns (uint256 planId)
    {
        _requireRange("price", price, 1, type(uint128).max);
        _requireRange("period", period, MIN_PERIOD, MAX_PERIOD);
        _requireRange("quota", quota, 1, type(uint64).max);
        planId = ++planCount;
        _plans[planId] = Plan(msg.sender, token, meter, price, quota, period, true);
        emit PlanCreated(planId, msg.sender, token, price, period, quota);
        emit MeterSet(planId, meter);
    }

    /// @inheritdoc ISubscriptions
    function closePlan(uint256 planId) external {
        _ownPlan(planId).open = false;
        emit PlanClosed(planId);
    }

    /// @inheritdoc ISubscriptions
    function setMeter(uint256 planId, address meter) external {
        _ownPlan(planId).meter = meter;
        emit MeterSet(planId, meter);
    }

    /// @inheritdoc ISubscriptions
    function subscribe(uint256 planId, uint32 periods) external payable nonReentrant {
        Plan memory plan = _openPlan(planId);
        _requireRange("periods", periods, 1, MAX_PERIODS_AHEAD);
        _start(planId, plan, msg.sender, periods, false);
        _pull(plan.token, msg.sender, uint256(plan.price) * periods);
    }

    /// @inheritdoc ISubscriptions
    function extend(uint256 planId, uint32 periods) external payable nonReentrant {
        Plan memory plan = _openPlan(planId);
        Subscription storage held = _running(planId, plan, msg.sender);
        uint256 ahead = held.periods - _begun(held, plan);
        _requireRange("periods", periods, 1, MAX_PERIODS_AHEAD - ahead);

        held.periods += periods;
        uint256 amount = uint256(plan.price) * periods;
        liabilities[plan.token] += amount;
        emit Subscribed(planId, msg.sender, periods, _paidUntil(held, plan));
        _pull(plan.token, msg.sender, amount);
    }

    /// @inheritdoc ISubscriptions
    function setAutoRenew(uint256 planId, bool autoRenew) external {
        Plan memory plan = _plan(planId);
        if (autoRenew) {
            if (plan.token == address(0)) revert SubscriptionsNoAutoRenew(planId, msg.sender);
            _running(planId, plan, msg.sender);
        }
        _subscriptions[planId][msg.sender].autoRenew = autoRenew;
        emit AutoRenewSet(planId, msg.sender, autoRenew);
    }

    /// @inheritdoc ISubscriptions
    function renew(uint256 planId, address subscriber) external nonReentrant {
        Plan memory plan = _openPlan(planId);
        if (msg.sender != plan.provider && msg.sender != subscriber) {
            revert SubscriptionsNotRenewer(planId, msg.sender);
        }
        Subscription storage held = _subscriptions[planId][subscriber];
        if (!held.autoRenew) revert SubscriptionsNoAutoRenew(planId, subscriber);
        uint256 deadline = _paidUntil(held, plan) + plan.period;
        if (block.timestamp >= deadline) revert SubscriptionsRenewalTooLate(planId, subscriber, deadline);
        _start(planId, plan, subscriber, 1, true);
        _pull(plan.token, subscriber, plan.price);
    }

    /// @inheritdoc ISubscriptions
    function consume(uint256 planId, address subscriber, uint64 units) external {
        Plan memory plan = _plan(planId);
        if (msg.sender != plan.provider && msg.sender != plan.meter) {
            revert SubscriptionsNotMeter(planId, msg.sender);
        }
        Subscription storage held = _running(planId, plan, subscriber);
        uint256 remaining = _remaining(held, plan);
        if (units > remaining) revert SubscriptionsQuotaExceeded(planId, subscriber, units, remaining);
        remaining -= units;
        held.usedPeriod = uint32(_begun(held, plan) - 1);
        held.used = uint64(plan.quota - remaining);
        emit Consumed(planId, subscriber, units, remaining);
    }

    /// @inheritdoc ISubscriptions
    function cancel(uint256 planId) external returns (uint256 refund) {
        Plan memory plan = _plan(planId);
        Subscription storage held = _running(planId, plan, msg.sender);
        _collect(planId, plan, msg.sender);
        refund = uint256(held.periods - held.credited) * plan.price;
        held.periods = held.credited;
        held.autoRenew = false;
        withdrawable[msg.sender][plan.token] += refund;
        emit Canceled(planId, msg.sender, refund, _paidUntil(held, plan));
    }

    /// @inheritdoc ISubscriptions
    function collect(uint256 planId, address subscriber) external returns (uint256 amount) {
        return _collect(planId, _plan(planId), subscriber);
    }

    /// @inheritdoc ISubscriptions
    function withdraw(address token) external nonReentrant returns (uint256 amount) {
        return _withdraw(token, msg.sender);
    }

    /// @inheritdoc ISubscriptions
    function withdraw(address token, address to) external nonReentrant returns (uint256 amount) {
        if (to == address(0)) revert SubscriptionsZeroAddress();
        return _withdraw(token, to);
    }

    /// @inheritdoc ISubscriptions
    function getPlan(uint256 planId) external view returns (Plan memory) {
        return _plans[planId];
    }

    /// @inheritdoc ISubscriptions
    function getSubscription(uint256 planId, address subscriber) external view returns (Subscription memory) {
        return _subscriptions[planId][subscriber];
    }

    /// @inheritdoc ISubscriptions
    function paidUntil(uint256 planId, address subscriber) external view returns (uint256) {
        return _paidUntil(_subscriptions[planId][subscriber], _plans[planId]);
    }

    /// @inheritdoc ISubscriptions
    function remainingQuota(uint256 planId, address subscriber) external view returns (uint256) {
        Subscription memory held = _subscriptions[planId][subscriber];
        Plan memory plan = _plans[planId];
        return block.timestamp < _paidUntil(held, plan) ? _remaining(held, plan) : 0;
    }

    /// @dev What the provider earned before is credited first; then a new count of periods begins.
    function _start(uint256 planId, Plan memory plan, address subscriber, uint32 periods, bool autoRenew) private {
        Subscription storage held = _subscriptions[planId][subscriber];
        uint256 end = _paidUntil(held, plan);
        if (block.timestamp < end) revert SubscriptionsStillRunning(planId, subscriber, end);
        _collect(planId, plan, subscriber);
        _subscriptions[planId][subscriber] = Subscription({
            startedAt: uint48(block.timestamp),
            periods: periods,
            credited: 0,
            usedPeriod: 0,
            used: 0,
            autoRenew: autoRenew
        });
        liabilities[plan.token] += uint256(plan.price) * periods;
        emit Subscribed(planId, subscriber, periods, _paidUntil(held, plan));
    }

    function _collect(uint256 planId, Plan memory plan, address subscriber) private returns (uint256 amount) {
        Subscription storage held = _subscriptions[planId][subscriber];
        uint256 begun = _begun(held, plan);
        amount = (begun - held.credited) * plan.price;
        if (amount == 0) return 0;
        held.credited = uint32(begun);
        withdrawable[plan.provider][plan.token] += amount;
        emit Collected(planId, subscriber, amount);
    }

    function _pull(address token, address payer, uint256 amount) private {
        uint256 value = token == address(0) ? amount : 0;
        if (msg.value != value) revert SubscriptionsWrongValue(msg.value, value);
        if (token == address(0)) return;
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(payer, address(this), amount);
        uint256 received = IERC20(token).balanceOf(address(this)) - before;
        if (received != amount) revert SubscriptionsTransferMismatch(token, received, amount);
    }

    function _withdraw(address token, address to) private returns (uint256 amount) {
        amount = withdrawable[msg.sender][token];
        if (amount == 0) revert SubscriptionsNothingToWithdraw(msg.sender, token);

        withdrawable[msg.sender][token] = 0;
        liabilities[token] -= amount;
        emit Withdrawn(msg.sender, token, amount, to);
        if (token != address(0)) {
            IERC20(token).safeTransfer(to, amount);
        } else if (!LowLevelCall.callNoReturn(to, amount, "")) {
            revert SubscriptionsEthTransferFailed(to, amount);
        }
    }

    function _ownPlan(uint256 planId) private view returns (Plan storage plan) {
        plan = _plans[planId];
        if (msg.sender != plan.provider) revert SubscriptionsNotProvider(planId, msg.sender);
    }

    function _openPlan(uint256 planId) private view returns (Plan memory plan) {
        plan = _plan(planId);
        if (!plan.open) revert SubscriptionsPlanClosed(planId);
    }

    function _plan(uint256 planId) private view returns (Plan memory plan) {
        plan = _plans[planId];
        if (plan.provider == address(0)) revert SubscriptionsUnknownPlan(planId);
    }

    function _running(uint256 planId, Plan memory plan, address subscriber)
        private
        view
        returns (Subscription storage held)
    {
        held = _subscriptions[planId][subscriber];
        uint256 end = _paidUntil(held, plan);
        if (block.timestamp >= end) revert SubscriptionsNotRunning(planId, subscriber, end);
    }

    /// @dev Periods that have begun, of those that are paid for.
    function _begun(Subscription memory held, Plan memory plan) private view returns (uint256) {
        return Math.min(held.periods, (block.timestamp - held.startedAt) / plan.period + 1);
    }

    function _remaining(Subscription memory held, Plan memory plan) private view returns (uint256) {
        return _begun(held, plan) - 1 == held.usedPeriod ? plan.quota - held.used : plan.quota;
    }

    function _paidUntil(Subscription memory held, Plan memory plan) private pure returns (uint256) {
        return held.startedAt + uint256(held.periods) * plan.period;
    }

    function _requireRange(string memory field, uint256 value, uint256 minimum, uint256 maximum) private pure {
        if (value < minimum || value > maximum) revert SubscriptionsOutOfRange(field, value, minimum, maximum);
    }
}
