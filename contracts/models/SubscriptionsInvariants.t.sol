// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISubscriptions} from "../interfaces/ISubscriptions.sol";
import {Test} from "../mocks/Test.sol";
import {TestUsdc} from "../tokens/TestUsdc.sol";
import {Subscriptions} from "./Subscriptions.sol";

/// @dev Two providers and two subscribers in any order. The first broken rule is kept in `violation`: a reverted
/// assertion would be one more refused call.
contract SubscriptionsWalk is Test {
    Subscriptions public immutable subscriptions;
    TestUsdc public immutable usdc;
    address[] public subscribers;
    uint256 public clock;
    string public violation;
    mapping(string action => uint256) public successes;
    mapping(uint256 plan => mapping(address subscriber => mapping(uint256 period => uint256))) private _used;

    constructor(Subscriptions subscriptions_, TestUsdc usdc_, address[] memory subscribers_, uint256 start) {
        (subscriptions, usdc, subscribers, clock) = (subscriptions_, usdc_, subscribers_, start);
    }

    function subscribe(uint8 who, uint8 plan, uint8 periods) external {
        _pay(who, plan, uint32(bound(periods, 1, 6)), subscriptions.subscribe.selector);
        ++successes["subscribe"];
    }

    function extend(uint8 who, uint8 plan, uint8 periods) external {
        _pay(who, plan, uint32(bound(periods, 1, 6)), subscriptions.extend.selector);
        ++successes["extend"];
    }

    /// @dev Consents, or renews, mostly at the very end of what is paid for.
    function renew(uint8 who, uint8 plan, uint8 step) external {
        (address subscriber, uint256 id) = (subscribers[who % 2], plan % 3 + 1);
        if (step % 3 == 0) {
            vm.prank(subscriber);
            subscriptions.setAutoRenew(id, step % 4 != 0);
            ++successes["setAutoRenew"];
            return;
        }
        // Time that was moved for a refused call would not be taken back with it.
        require(subscriptions.getSubscription(id, subscriber).autoRenew, "no consent");
        uint256 end = subscriptions.paidUntil(id, subscriber);
        if (step % 3 == 1 && clock < end) {
            clock = end;
            vm.warp(clock);
        }
        ISubscriptions.Plan memory terms = subscriptions.getPlan(id);
        usdc.mint(subscriber, terms.price);
        vm.prank(subscriber);
        usdc.approve(address(subscriptions), terms.price);
        vm.prank(terms.provider);
        // A refusal must not revert: that would set back `clock` and not the time of the block.
        try subscriptions.renew(id, subscriber) {}
        catch {
            return;
        }
        if (clock < end) violation = "renewed before the end";
        if (subscriptions.paidUntil(id, subscriber) != clock + terms.period) {
            violation = "renewed for more than a period";
        }
        ++successes["renew"];
    }

    function consume(uint8 who, uint8 plan, uint64 units) external {
        (address subscriber, uint256 id) = (subscribers[who % 2], plan % 3 + 1);
        ISubscriptions.Plan memory terms = subscriptions.getPlan(id);
        uint64 size = uint64(bound(units, 1, terms.quota));
        vm.prank(terms.provider);
        subscriptions.consume(id, subscriber, size);
        ISubscriptions.Subscription memory held = subscriptions.getSubscription(id, subscriber);
        // A period is known by the time it began at.
        uint256 began = held.startedAt + (clock - held.startedAt) / terms.period * terms.period;
        _used[id][subscriber][began] += size;
        if (_used[id][subscriber][began] > terms.quota) violation = "more than the quota";
        ++successes["consume"];
    }

    /// @dev Plans come and go; those that the walk began with stay open.
    function plan(uint8 who, uint8 step, uint64 price) external {
        address provider = subscriptions.getPlan(who % 3 + 1).provider;
        uint256 id = subscriptions.planCount();
        if (step % 3 == 0) {
            vm.prank(provider);
            subscriptions.createPlan(address(usdc), uint128(price) + 1, 1 days, 5, provider);
            ++successes["createPlan"];
        } else if (step % 3 == 1) {
            vm.prank(provider);
            subscriptions.setMeter(who % 3 + 1, address(this));
            ++successes["setMeter"];
        } else {
            require(id > 3, "nothing to close");
            provider = subscriptions.getPlan(id).provider;
            vm.prank(provider);
            subscriptions.closePlan(id);
            if (subscriptions.getPlan(id).open) violation = "a closed plan is open";
            ++successes["closePlan"];
        }
    }

    /// @dev What belongs to another one cannot be changed, counted or taken.
    function intrude(uint8 who, uint8 step) external {
        address stranger = subscribers[who % 2];
        uint256 id = step % 3 + 1;
        bytes[4] memory calls = [
            abi.encodeCall(subscriptions.closePlan, (id)),
            abi.encodeCall(subscriptions.setMeter, (id, stranger)),
            abi.encodeCall(subscriptions.consume, (id, subscribers[1], 1)),
            abi.encodeCall(subscriptions.renew, (id, subscribers[(who + 1) % 2]))
        ];
        vm.prank(stranger);
        (bool success,) = address(subscriptions).call(calls[step / 4 % 4]);
        if (success) violation = "a stranger did what only the provider may";
    }

    function cancel(uint8 who, uint8 plan) external {
        (address subscriber, uint256 id) = (subscribers[who % 2], plan % 3 + 1);
        vm.prank(subscriber);
        subscriptions.cancel(id);
        ++successes["cancel"];
    }

    function collect(uint8 who, uint8 plan) external {
        if (subscriptions.collect(plan % 3 + 1, subscribers[who % 2]) != 0) ++successes["collect"];
    }

    function withdraw(uint8 who, bool inEth) external {
        address account = who % 4 < 2 ? subscribers[who % 4] : subscriptions.getPlan(who % 3 + 1).provider;
        address token = inEth ? address(0) : address(usdc);
        vm.prank(account);
        if (who % 8 < 4) {
            subscriptions.withdraw(token);
            ++successes["withdraw"];
        } else {
            subscriptions.withdraw(token, address(0x70));
            ++successes["withdrawTo"];
        }
    }

    function warp(uint32 duration) external {
        clock += bound(duration, 1, 3 days);
        vm.warp(clock);
    }

    function _pay(uint8 who, uint8 plan, uint32 periods, bytes4 action) private {
        (address subscriber, uint256 id) = (subscribers[who % 2], plan % 3 + 1);
        ISubscriptions.Plan memory terms = subscriptions.getPlan(id);
        uint256 amount = uint256(terms.price) * periods;
        uint256 value = terms.token == address(0) ? amount : 0;
        vm.deal(subscriber, subscriber.balance + value);
        usdc.mint(subscriber, amount);
        vm.prank(subscriber);
        usdc.approve(address(subscriptions), amount);
        vm.prank(subscriber);
        (bool success,) =
            address(subscriptions).call{value: value}(abi.encodeWithSelector(action, id, periods));
        require(success, "refused");
    }
}

contract SubscriptionsInvariantsTest is Test {
    uint256 private constant START = 1_800_000_000;
    Subscriptions private subscriptions;
    TestUsdc private usdc;
    SubscriptionsWalk private walk;
    address[] private subscribers;
    address[] private providers;

    function setUp() public {
        vm.warp(START);
        usdc = TestUsdc(deployCode("TestUsdc"));
        subscriptions = Subscriptions(deployCode("Subscriptions"));
        subscribers.push(makeAddr("alice"));
        subscribers.push(makeAddr("bob"));
        providers.push(makeAddr("first provider"));
        providers.push(makeAddr("second provider"));
        vm.startPrank(providers[0]);
        subscriptions.createPlan(address(usdc), 10e6, 1 days, 100, address(0));
        subscriptions.createPlan(address(0), 1 ether, 2 days, 7, address(0));
        vm.stopPrank();
        vm.prank(providers[1]);
        subscriptions.createPlan(address(usdc), 1, 3 days, 1, address(0));
        walk = new SubscriptionsWalk(subscriptions, usdc, subscribers, START);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(walk);
    }

    /// hardhat-config: default.invariant.runs = 16
    /// hardhat-config: default.invariant.depth = 150
    function invariant_prepaidAndEarnedAreTheLedgerAndAreThere() public view {
        assertEq(walk.violation(), "");
        _assertConserved(address(0), address(subscriptions).balance);
        _assertConserved(address(usdc), usdc.balanceOf(address(subscriptions)));
    }

    /// What the walk never reaches, the invariant says nothing about.
    function test_walkTakesEveryAction() public {
        for (uint256 i; i < 1_600; ++i) {
            (bool success,) = address(walk).call(_step(uint256(keccak256(abi.encode(i)))));
            success;
        }
        string[12] memory actions = _names();
        for (uint256 i; i < actions.length; ++i) {
            assertGt(walk.successes(actions[i]), 1, actions[i]);
        }
        invariant_prepaidAndEarnedAreTheLedgerAndAreThere();
    }

    function _assertConserved(address token, uint256 balance) private view {
        uint256 owed;
        for (uint256 i; i < 2; ++i) {
            owed += subscriptions.withdrawable(subscribers[i], token)
                + subscriptions.withdrawable(providers[i], token);
            for (uint256 plan = 1; plan <= 3; ++plan) {
                ISubscriptions.Plan memory terms = subscriptions.getPlan(plan);
                if (terms.token != token) continue;
                ISubscriptions.Subscription memory held = subscriptions.getSubscription(plan, subscribers[i]);
                owed += uint256(held.periods - held.credited) * terms.price;
            }
        }
        assertEq(subscriptions.liabilities(token), owed, "ledger");
        assertEq(balance, owed, "balance");
    }

    function _names() private pure returns (string[12] memory) {
        return [
            "subscribe",
            "extend",
            "renew",
            "consume",
            "cancel",
            "collect",
            "withdraw",
            "withdrawTo",
            "createPlan",
            "closePlan",
            "setMeter",
            "setAutoRenew"
        ];
    }

    function _step(uint256 word) private view returns (bytes memory) {
        (uint8 a, uint8 b, uint8 c) = (uint8(word >> 8), uint8(word >> 16), uint8(word >> 24));
        bytes[10] memory steps = [
            abi.encodeCall(walk.subscribe, (a, b, c)),
            abi.encodeCall(walk.extend, (a, b, c)),
            abi.encodeCall(walk.renew, (a, b, c)),
            abi.encodeCall(walk.consume, (a, b, c)),
            abi.encodeCall(walk.cancel, (a, b)),
            abi.encodeCall(walk.collect, (a, b)),
            abi.encodeCall(walk.withdraw, (a, b % 2 == 0)),
            abi.encodeCall(walk.warp, (uint32(word >> 32))),
            abi.encodeCall(walk.plan, (a, b, uint64(word >> 64))),
            abi.encodeCall(walk.intrude, (a, b))
        ];
        return steps[word % 10];
    }
}
