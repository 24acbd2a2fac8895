// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Prepaid plans with a quota for each period. A plan never changes its price, period or quota.
interface ISubscriptions {
    /// @param meter Records use besides the provider; `address(0)` for none.
    /// @param price For a period, in the smallest unit of `token` (`address(0)` is ETH).
    /// @param quota Units in a period; what a unit is, the provider says.
    /// @param period Seconds; 1 to 366 days.
    /// @param open Takes subscriptions and renewals.
    struct Plan {
        address provider;
        address token;
        address meter;
        uint128 price;
        uint64 quota;
        uint32 period;
        bool open;
    }

    /// @param startedAt Unix seconds at which period 0 began.
    /// @param periods Paid for, from `startedAt`.
    /// @param credited Periods whose price the provider was credited.
    /// @param usedPeriod Period that `used` counts in.
    struct Subscription {
        uint48 startedAt;
        uint32 periods;
        uint32 credited;
        uint32 usedPeriod;
        uint64 used;
        bool autoRenew;
    }

    event PlanCreated(
        uint256 indexed planId,
        address indexed provider,
        address indexed token,
        uint256 price,
        uint256 period,
        uint256 quota
    );
    event PlanClosed(uint256 indexed planId);
    event MeterSet(uint256 indexed planId, address indexed meter);
    event Subscribed(uint256 indexed planId, address indexed subscriber, uint256 periods, uint256 paidUntil);
    event AutoRenewSet(uint256 indexed planId, address indexed subscriber, bool autoRenew);
    event Consumed(uint256 indexed planId, address indexed subscriber, uint256 units, uint256 remaining);
    event Canceled(uint256 indexed planId, address indexed subscriber, uint256 refund, uint256 endsAt);
    event Collected(uint256 indexed planId, address indexed subscriber, uint256 amount);
    event Withdrawn(address indexed account, address indexed token, uint256 amount, address to);

    error SubscriptionsOutOfRange(string field, uint256 value, uint256 minimum, uint256 maximum);
    error SubscriptionsUnknownPlan(uint256 planId);
    error SubscriptionsPlanClosed(uint256 planId);
    error SubscriptionsNotProvider(uint256 planId, address caller);
    error SubscriptionsNotMeter(uint256 planId, address caller);
    error SubscriptionsStillRunning(uint256 planId, address subscriber, uint256 paidUntil);
    error SubscriptionsNotRunning(uint256 planId, address subscriber, uint256 paidUntil);
    error SubscriptionsRenewalTooLate(uint256 planId, address subscriber, uint256 deadline);
    error SubscriptionsNoAutoRenew(uint256 planId, address subscriber);
    error SubscriptionsNotRenewer(uint256 planId, address caller);
    error SubscriptionsQuotaExceeded(uint256 planId, address subscriber, uint256 units, uint256 remaining);
    error SubscriptionsWrongValue(uint256 sent, uint256 expected);
    error SubscriptionsTransferMismatch(address token, uint256 received, uint256 expected);
    error SubscriptionsZeroAddress();
    error SubscriptionsNothingToWithdraw(address account, address token);
    error SubscriptionsEthTransferFailed(address to, uint256 amount);

    /// @notice Opens a plan of the caller. Anyone. Errors: SubscriptionsOutOfRange.
    /// @return planId Counts from 1.
    function createPlan(address token, uint128 price, uint32 period, uint64 quota, address meter)
        external
        returns (uint256 planId);

    /// @notice Takes no more subscriptions and renewals; what is paid for runs on. The provider only.
    function closePlan(uint256 planId) external;

    /// @notice The provider only.
    function setMeter(uint256 planId, address meter) external;

    /// @notice Pays for `periods` periods from now on, 1 to 36. Anyone whose subscription is not running.
    /// Errors: SubscriptionsPlanClosed, SubscriptionsStillRunning, SubscriptionsOutOfRange, SubscriptionsWrongValue,
    /// SubscriptionsTransferMismatch.
    function subscribe(uint256 planId, uint32 periods) external payable;

    /// @notice Pays for `periods` further periods of the caller's running subscription; at most 36 may lie ahead.
    /// Errors: as {subscribe}, SubscriptionsNotRunning.
    function extend(uint256 planId, uint32 periods) external payable;

    /// @notice Lets the provider renew with the caller's allowance, one period at a time. Tokens only.
    /// Errors: SubscriptionsNotRunning; SubscriptionsNoAutoRenew for ETH.
    function setAutoRenew(uint256 planId, bool autoRenew) external;

    /// @notice Starts one period now for a subscription that ended less than a period ago, paid from the subscriber's
    /// allowance. At most once a period by construction: the new one must end first. The provider or the subscriber.
    /// Errors: SubscriptionsPlanClosed, SubscriptionsNotRenewer, SubscriptionsNoAutoRenew, SubscriptionsStillRunning,
    /// SubscriptionsRenewalTooLate.
    function renew(uint256 planId, address subscriber) external;

    /// @notice Takes `units` from the quota of the running period. The provider or its meter.
    /// Errors: SubscriptionsNotMeter, SubscriptionsNotRunning, SubscriptionsQuotaExceeded.
    function consume(uint256 planId, address subscriber, uint64 units) external;

    /// @notice Ends the caller's subscription with its running period. Periods that have not begun are refunded in
    /// full, to {withdraw}; one that has begun is never, used or not. Errors: SubscriptionsNotRunning.
    /// @return refund Smallest unit of the plan's token.
    function cancel(uint256 planId) external returns (uint256 refund);

    /// @notice Credits the provider with the periods that have begun. Anyone.
    /// @return amount Smallest unit of the plan's token; 0 is no error.
    function collect(uint256 planId, address subscriber) external returns (uint256 amount);

    /// @notice Pays the caller what it is owed in `token`. Errors: SubscriptionsNothingToWithdraw,
    /// SubscriptionsEthTransferFailed.
    function withdraw(address token) external returns (uint256 amount);

    /// @notice As {withdraw}, paid to `to`. Errors: as {withdraw}, SubscriptionsZeroAddress.
    function withdraw(address token, address to) external returns (uint256 amount);

    function getPlan(uint256 planId) external view returns (Plan memory);
    function planCount() external view returns (uint256);
    function getSubscription(uint256 planId, address subscriber) external view returns (Subscription memory);

    /// @notice Unix seconds; 0 for who never subscribed.
    function paidUntil(uint256 planId, address subscriber) external view returns (uint256);

    /// @notice Units that are left in the running period; 0 when none runs.
    function remainingQuota(uint256 planId, address subscriber) external view returns (uint256);

    function withdrawable(address account, address token) external view returns (uint256);

    /// @notice What is owed in `token` to providers and subscribers, with the prepaid.
    function liabilities(address token) external view returns (uint256);
}
