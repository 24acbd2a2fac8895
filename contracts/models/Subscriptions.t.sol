// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISubscriptions} from "../interfaces/ISubscriptions.sol";
import {CallbackToken, FeeOnTransferToken, LyingToken} from "../mocks/HostileTokens.sol";
import {ReentrantWallet, RejectingWallet} from "../mocks/HostileReceivers.sol";
import {Test} from "../mocks/Test.sol";
import {TestUsdc} from "../tokens/TestUsdc.sol";
import {Subscriptions} from "./Subscriptions.sol";

/// @notice Row 104. The plan: 10 USDC for 30 days and 1,000 units.
contract SubscriptionsTest is Test {
    uint256 private constant START = 1_800_000_000;
    address private constant ETH = address(0);
    uint128 private constant PRICE = 10e6;
    uint32 private constant PERIOD = 30 days;
    uint64 private constant QUOTA = 1_000;

    address private provider = makeAddr("provider");
    address private meter = makeAddr("meter");
    address private alice = makeAddr("alice");
    address private stranger = makeAddr("stranger");
    uint256 private time = START;
    TestUsdc private usdc;
    Subscriptions private subscriptions;
    uint256 private plan;
    uint256 private ethPlan;

    function setUp() public {
        vm.warp(START);
        usdc = TestUsdc(deployCode("TestUsdc"));
        subscriptions = Subscriptions(deployCode("Subscriptions"));
        vm.startPrank(provider);
        plan = subscriptions.createPlan(address(usdc), PRICE, PERIOD, QUOTA, meter);
        ethPlan = subscriptions.createPlan(ETH, 1 ether, 1 days, 10, address(0));
        vm.stopPrank();
        usdc.mint(alice, 1_000e6);
        vm.deal(alice, 100 ether);
        vm.prank(alice);
        usdc.approve(address(subscriptions), type(uint256).max);
    }

    function test_aSubscriptionIsPrepaidAndCountsDown() public {
        vm.expectEmit(address(subscriptions));
        emit ISubscriptions.Subscribed(plan, alice, 3, START + 3 * PERIOD);
        _subscribe(3);
        assertEq(usdc.balanceOf(address(subscriptions)), 30e6);
        assertEq(subscriptions.liabilities(address(usdc)), 30e6);
        assertEq(subscriptions.paidUntil(plan, alice), START + 3 * PERIOD);
        vm.expectEmit(address(subscriptions));
        emit ISubscriptions.Consumed(plan, alice, 400, 600);
        _consume(provider, 400);
        _consume(meter, 600);
        assertEq(subscriptions.remainingQuota(plan, alice), 0);
        vm.expectRevert(_exceeded(1, 0));
        _consume(meter, 1);
        // What was not used is not carried over.
        _pass(PERIOD);
        assertEq(subscriptions.remainingQuota(plan, alice), QUOTA);
        _consume(meter, 1);
        _pass(PERIOD);
        vm.expectRevert(_exceeded(QUOTA + 1, QUOTA));
        _consume(meter, QUOTA + 1);
        _consume(meter, QUOTA);
        _pass(PERIOD - 1);
        _consume(meter, 0);
        _pass(1);
        assertEq(subscriptions.remainingQuota(plan, alice), 0);
        vm.expectRevert(_notRunning(START + 3 * PERIOD));
        _consume(meter, 1);
    }

    function test_theProviderIsPaidAsPeriodsBegin() public {
        _subscribe(3);
        assertEq(subscriptions.collect(plan, alice), 10e6);
        assertEq(subscriptions.collect(plan, alice), 0);
        _pass(PERIOD);
        assertEq(subscriptions.collect(plan, alice), 10e6);
        _pass(10 * PERIOD);
        assertEq(subscriptions.collect(plan, alice), 10e6);
        assertEq(subscriptions.withdrawable(provider, address(usdc)), 30e6);
        vm.expectEmit(address(subscriptions));
        emit ISubscriptions.Withdrawn(provider, address(usdc), 30e6, provider);
        vm.prank(provider);
        assertEq(subscriptions.withdraw(address(usdc)), 30e6);
        assertEq(usdc.balanceOf(provider), 30e6);
        assertEq(subscriptions.liabilities(address(usdc)), 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISubscriptions.SubscriptionsNothingToWithdraw.selector, provider, address(usdc)
            )
        );
        vm.prank(provider);
        subscriptions.withdraw(address(usdc));
        vm.expectRevert(ISubscriptions.SubscriptionsZeroAddress.selector);
        vm.prank(provider);
        subscriptions.withdraw(address(usdc), address(0));
    }

    /// The original gave back in money what had been used in full.
    function test_X47_aUsedQuotaIsNotRefunded() public {
        _subscribe(1);
        _consume(meter, QUOTA);
        vm.prank(alice);
        assertEq(subscriptions.cancel(plan), 0);
        assertEq(subscriptions.withdrawable(alice, address(usdc)), 0);
        assertEq(subscriptions.withdrawable(provider, address(usdc)), 10e6);
    }

    function test_X47_onlyPeriodsThatHaveNotBegunAreRefunded() public {
        _subscribe(5);
        _pass(PERIOD);
        _consume(meter, QUOTA);
        vm.expectEmit(address(subscriptions));
        emit ISubscriptions.Canceled(plan, alice, 30e6, START + 2 * PERIOD);
        vm.prank(alice);
        assertEq(subscriptions.cancel(plan), 30e6);
        assertEq(subscriptions.withdrawable(provider, address(usdc)), 20e6);
        // The running period stays paid, and cancelling twice pays nothing twice.
        assertEq(subscriptions.paidUntil(plan, alice), START + 2 * PERIOD);
        vm.prank(alice);
        assertEq(subscriptions.cancel(plan), 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISubscriptions.SubscriptionsStillRunning.selector, plan, alice, START + 2 * PERIOD
            )
        );
        _subscribe(1);
        _pass(PERIOD);
        vm.expectRevert(_notRunning(START + 2 * PERIOD));
        vm.prank(alice);
        subscriptions.cancel(plan);
        vm.prank(alice);
        assertEq(subscriptions.withdraw(address(usdc), stranger), 30e6);
        assertEq(usdc.balanceOf(stranger), 30e6);
    }

    /// Cancelling does not make a used period fresh.
    function test_X47_extendingAfterACancelGivesNoSecondQuota() public {
        _subscribe(2);
        _consume(meter, QUOTA);
        vm.startPrank(alice);
        subscriptions.cancel(plan);
        subscriptions.extend(plan, 1);
        vm.stopPrank();
        assertEq(subscriptions.remainingQuota(plan, alice), 0);
        vm.expectRevert(_exceeded(1, 0));
        _consume(meter, 1);
    }

    /// The original let anyone renew a plan of less than a day again and again.
    function test_X47_aPeriodIsRenewedOnce() public {
        _subscribe(1);
        vm.prank(alice);
        subscriptions.setAutoRenew(plan, true);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISubscriptions.SubscriptionsStillRunning.selector, plan, alice, START + PERIOD
            )
        );
        _renew(provider);
        _pass(PERIOD);
        vm.expectRevert(
            abi.encodeWithSelector(ISubscriptions.SubscriptionsNotRenewer.selector, plan, stranger)
        );
        _renew(stranger);
        _renew(provider);
        assertEq(usdc.balanceOf(alice), 980e6);
        assertEq(subscriptions.withdrawable(provider, address(usdc)), 10e6);
        assertTrue(subscriptions.getSubscription(plan, alice).autoRenew);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISubscriptions.SubscriptionsStillRunning.selector, plan, alice, START + 2 * PERIOD
            )
        );
        _renew(provider);
        // Long ended: no surprise months later.
        _pass(2 * PERIOD);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISubscriptions.SubscriptionsRenewalTooLate.selector, plan, alice, START + 3 * PERIOD
            )
        );
        _renew(provider);
        assertEq(usdc.balanceOf(alice), 980e6);
    }

    function test_X47_plansOfLessThanADayAreRefused() public {
        _expectOutOfRange("period", 1 days - 1, 1 days, 366 days);
        subscriptions.createPlan(ETH, 1, 1 days - 1, 1, meter);
        _expectOutOfRange("period", 366 days + 1, 1 days, 366 days);
        subscriptions.createPlan(ETH, 1, 366 days + 1, 1, meter);
        _expectOutOfRange("price", 0, 1, type(uint128).max);
        subscriptions.createPlan(ETH, 0, 1 days, 1, meter);
        _expectOutOfRange("quota", 0, 1, type(uint64).max);
        subscriptions.createPlan(ETH, 1, 1 days, 0, meter);
        assertEq(subscriptions.planCount(), 2);
    }

    function test_renewalNeedsTheSubscribersConsent() public {
        _subscribe(1);
        _pass(PERIOD);
        bytes memory refused =
            abi.encodeWithSelector(ISubscriptions.SubscriptionsNoAutoRenew.selector, plan, alice);
        vm.expectRevert(refused);
        _renew(provider);
        vm.expectRevert(_notRunning(START + PERIOD));
        vm.prank(alice);
        subscriptions.setAutoRenew(plan, true);

        _subscribe(1);
        vm.startPrank(alice);
        subscriptions.setAutoRenew(plan, true);
        vm.expectEmit(address(subscriptions));
        emit ISubscriptions.AutoRenewSet(plan, alice, false);
        subscriptions.setAutoRenew(plan, false);
        subscriptions.setAutoRenew(plan, true);
        subscriptions.cancel(plan);
        vm.stopPrank();
        _pass(PERIOD);
        vm.expectRevert(refused);
        _renew(alice);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(ISubscriptions.SubscriptionsNoAutoRenew.selector, ethPlan, alice)
        );
        subscriptions.setAutoRenew(ethPlan, true);
    }

    function test_onlyProviderAndMeterRecordUse() public {
        _subscribe(1);
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.SubscriptionsNotMeter.selector, plan, alice));
        _consume(alice, 1);
        bytes memory refused =
            abi.encodeWithSelector(ISubscriptions.SubscriptionsNotProvider.selector, plan, stranger);
        vm.startPrank(stranger);
        vm.expectRevert(refused);
        subscriptions.setMeter(plan, stranger);
        vm.expectRevert(refused);
        subscriptions.closePlan(plan);
        vm.stopPrank();
        vm.prank(provider);
        subscriptions.setMeter(plan, stranger);
        _consume(stranger, 1);
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.SubscriptionsNotMeter.selector, plan, meter));
        _consume(meter, 1);
    }

    function test_aClosedPlanRunsOutAndTakesNothing() public {
        _subscribe(2);
        vm.prank(alice);
        subscriptions.setAutoRenew(plan, true);
        vm.prank(provider);
        subscriptions.closePlan(plan);
        bytes memory refused = abi.encodeWithSelector(ISubscriptions.SubscriptionsPlanClosed.selector, plan);
        vm.expectRevert(refused);
        vm.prank(alice);
        subscriptions.extend(plan, 1);
        _pass(PERIOD);
        _consume(meter, QUOTA);
        _pass(PERIOD);
        vm.expectRevert(refused);
        _renew(provider);
        vm.expectRevert(refused);
        _subscribe(1);
        assertFalse(subscriptions.getPlan(plan).open);
        assertEq(subscriptions.getPlan(plan).price, PRICE);
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.SubscriptionsUnknownPlan.selector, 9));
        subscriptions.collect(9, alice);
    }

    function test_atMostThirtySixPeriodsLieAhead() public {
        _expectOutOfRange("periods", 0, 1, 36);
        _subscribe(0);
        _expectOutOfRange("periods", 37, 1, 36);
        _subscribe(37);
        _subscribe(36);
        vm.startPrank(alice);
        _expectOutOfRange("periods", 2, 1, 1);
        subscriptions.extend(plan, 2);
        vm.expectEmit(address(subscriptions));
        emit ISubscriptions.Subscribed(plan, alice, 1, START + 37 * uint256(PERIOD));
        subscriptions.extend(plan, 1);
        _expectOutOfRange("periods", 1, 1, 0);
        subscriptions.extend(plan, 1);
        vm.stopPrank();
        assertEq(subscriptions.liabilities(address(usdc)), 370e6);
        vm.expectRevert(
            abi.encodeWithSelector(ISubscriptions.SubscriptionsNotRunning.selector, plan, stranger, 0)
        );
        vm.prank(stranger);
        subscriptions.extend(plan, 1);
    }

    function test_ethIsPaidExactly() public {
        vm.startPrank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(ISubscriptions.SubscriptionsWrongValue.selector, 1 ether, 2 ether)
        );
        subscriptions.subscribe{value: 1 ether}(ethPlan, 2);
        vm.expectRevert(abi.encodeWithSelector(ISubscriptions.SubscriptionsWrongValue.selector, 1, 0));
        subscriptions.subscribe{value: 1}(plan, 1);
        subscriptions.subscribe{value: 2 ether}(ethPlan, 2);
        assertEq(subscriptions.cancel(ethPlan), 1 ether);
        subscriptions.withdraw(ETH);
        vm.stopPrank();
        assertEq(alice.balance, 99 ether);
        assertEq(address(subscriptions).balance, subscriptions.liabilities(ETH));
    }

    function test_tokensThatDoNotArriveAreRefused() public {
        FeeOnTransferToken kept = new FeeOnTransferToken();
        kept.mint(address(this), 100);
        kept.approve(address(subscriptions), 100);
        uint256 bad = subscriptions.createPlan(address(kept), 100, 1 days, 1, meter);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISubscriptions.SubscriptionsTransferMismatch.selector, address(kept), 99, 100
            )
        );
        subscriptions.subscribe(bad, 1);
        LyingToken lying = new LyingToken();
        lying.mint(address(subscriptions), 1_000);
        bad = subscriptions.createPlan(address(lying), 100, 1 days, 1, meter);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISubscriptions.SubscriptionsTransferMismatch.selector, address(lying), 0, 100
            )
        );
        subscriptions.subscribe(bad, 1);
    }

    function test_X01_reenteringWhilePaidGainsNothing() public {
        CallbackToken token = new CallbackToken();
        ReentrantWallet wallet = new ReentrantWallet();
        token.mint(address(wallet), 1_000);
        uint256 callbackPlan = subscriptions.createPlan(address(token), 100, 1 days, 1, meter);
        wallet.run(address(token), 0, abi.encodeCall(token.approve, (address(subscriptions), 1_000)));
        bytes[] memory attacks = new bytes[](4);
        attacks[0] = abi.encodeWithSignature("withdraw(address)", address(token));
        attacks[1] = abi.encodeCall(subscriptions.subscribe, (callbackPlan, 1));
        attacks[2] = abi.encodeCall(subscriptions.extend, (callbackPlan, 1));
        attacks[3] = abi.encodeCall(subscriptions.renew, (callbackPlan, address(wallet)));
        wallet.arm(address(subscriptions), attacks);
        wallet.run(address(subscriptions), 0, abi.encodeCall(subscriptions.subscribe, (callbackPlan, 5)));
        wallet.run(address(subscriptions), 0, abi.encodeCall(subscriptions.cancel, (callbackPlan)));
        wallet.run(address(subscriptions), 0, attacks[0]);
        assertGe(wallet.attempts(), 8);
        assertEq(wallet.successes(), 0);
        assertEq(token.balanceOf(address(wallet)), 900);
        assertEq(token.balanceOf(address(subscriptions)), 100);
    }

    function test_whoRejectsEthBlocksOnlyItself() public {
        RejectingWallet wallet = new RejectingWallet();
        vm.deal(address(this), 2 ether);
        wallet.fund{value: 2 ether}();
        wallet.run(
            address(subscriptions), 2 ether, abi.encodeCall(subscriptions.subscribe, (ethPlan, 2))
        );
        wallet.run(address(subscriptions), 0, abi.encodeCall(subscriptions.cancel, (ethPlan)));
        vm.expectRevert(
            abi.encodeWithSelector(
                ISubscriptions.SubscriptionsEthTransferFailed.selector, address(wallet), 1 ether
            )
        );
        wallet.run(address(subscriptions), 0, abi.encodeWithSignature("withdraw(address)", ETH));
        vm.prank(provider);
        assertEq(subscriptions.withdraw(ETH), 1 ether);
    }

    function testFuzz_refundAndEarningsAreWhatWasPaid(uint8 periods, uint32 elapsed) public {
        uint32 count = uint32(bound(periods, 1, 36));
        _subscribe(count);
        uint256 gone = bound(elapsed, 0, uint256(count) * PERIOD - 1);
        _pass(gone);
        vm.prank(alice);
        uint256 refund = subscriptions.cancel(plan);
        assertEq(refund, (count - gone / PERIOD - 1) * PRICE);
        assertEq(subscriptions.withdrawable(provider, address(usdc)) + refund, uint256(count) * PRICE);
    }

    function _subscribe(uint32 periods) private {
        vm.prank(alice);
        subscriptions.subscribe(plan, periods);
    }

    function _consume(address caller, uint64 units) private {
        vm.prank(caller);
        subscriptions.consume(plan, alice, units);
    }

    function _renew(address caller) private {
        vm.prank(caller);
        subscriptions.renew(plan, alice);
    }

    function _pass(uint256 duration) private {
        time += duration;
        vm.warp(time);
    }

    function _exceeded(uint256 units, uint256 remaining) private view returns (bytes memory) {
        return abi.encodeWithSelector(
            ISubscriptions.SubscriptionsQuotaExceeded.selector, plan, alice, units, remaining
        );
    }

    function _notRunning(uint256 end) private view returns (bytes memory) {
        return abi.encodeWithSelector(ISubscriptions.SubscriptionsNotRunning.selector, plan, alice, end);
    }

    function _expectOutOfRange(string memory field, uint256 value, uint256 minimum, uint256 maximum) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                ISubscriptions.SubscriptionsOutOfRange.selector, field, value, minimum, maximum
            )
        );
    }
}
