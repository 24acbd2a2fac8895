// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";
import {ProxyDeployer} from "../deployment/ProxyDeployer.sol";
import {IBuyback} from "../interfaces/IBuyback.sol";
import {Test} from "../mocks/Test.sol";
import {TestExchange} from "../mocks/TestExchange.sol";
import {FabToken} from "../tokens/FabToken.sol";
import {TestUsdc} from "../tokens/TestUsdc.sol";
import {Buyback} from "./Buyback.sol";

/// @notice Row 98. One FAB is half a dollar: a dollar (1e6) buys 2e18.
contract BuybackTest is Test {
    uint256 private constant START = 1_800_000_000;
    uint256 private constant PRICE = 2e18;

    address private owner = makeAddr("timelock");
    address private treasury = makeAddr("treasury");
    address private keeper = makeAddr("keeper");
    address private stranger = makeAddr("stranger");
    FabToken private fab;
    TestUsdc private usdc;
    TestExchange private exchange;
    Buyback private buyback;
    ProxyDeployer private deployer;

    function setUp() public {
        vm.warp(START);
        fab = FabToken(deployCode("FabToken", abi.encode(address(this), 100_000_000e18)));
        usdc = TestUsdc(deployCode("TestUsdc"));
        exchange = new TestExchange();
        deployer = ProxyDeployer(deployCode("ProxyDeployer"));
        buyback = Buyback(
            deployer.deploy(
                "buyback",
                deployCode("Buyback"),
                abi.encodeCall(Buyback.initialize, (owner, address(usdc), address(fab), treasury, _limits()))
            )
        );
        vm.startPrank(owner);
        buyback.setRoute(address(exchange), address(exchange));
        buyback.setKeeper(keeper, true);
        vm.stopPrank();
        fab.transfer(address(exchange), 1_000_000e18);
        usdc.mint(treasury, 1_000_000e6);
        vm.prank(treasury);
        usdc.approve(address(buyback), type(uint256).max);
        exchange.set(PRICE, PRICE, START);
    }

    function test_dollarsBecomeFabAndAShareIsBurned() public {
        uint256 supply = fab.totalSupply();
        vm.expectEmit(address(buyback));
        emit IBuyback.BoughtBack(1_000e6, 2_000e18, 500e18);
        assertEq(_buy(1_000e6, 1), 2_000e18);
        assertEq(usdc.balanceOf(treasury), 999_000e6);
        assertEq(fab.balanceOf(treasury), 1_500e18);
        assertEq(fab.totalSupply(), supply - 500e18);
        assertEq(fab.balanceOf(address(buyback)), 0);
        assertEq(usdc.balanceOf(address(buyback)), 0);
        assertEq(usdc.allowance(address(buyback), address(exchange)), 0);
        // The average minus 2 % and not the keeper's one wei was asked of the exchange.
        assertEq(exchange.askedMinimum(), 1_960e18);
    }

    /// A sandwich moves the price of the moment, not the average.
    function test_X46_lessThanTheAverageMinusTheDeviationIsRefused() public {
        exchange.set(PRICE * 98 / 100, PRICE, START);
        _buy(100e6, 1);
        exchange.set(PRICE * 98 / 100 - 1, PRICE, START);
        vm.expectRevert(
            abi.encodeWithSelector(IBuyback.BuybackTooFewBought.selector, 196e18 - 100, 196e18)
        );
        _buy(100e6, 1);
    }

    function test_X46_theKeepersMinimumHoldsToo() public {
        vm.expectRevert(
            abi.encodeWithSelector(IBuyback.BuybackTooFewBought.selector, 200e18, 200e18 + 1)
        );
        _buy(100e6, 200e18 + 1);
        vm.expectRevert(IBuyback.BuybackNoMinimum.selector);
        _buy(100e6, 0);
        // An average of nothing is no guard.
        exchange.set(PRICE, 0, START);
        vm.expectRevert(IBuyback.BuybackNoMinimum.selector);
        _buy(100e6, 1);
    }

    function test_X46_anOldAverageIsRefused() public {
        vm.warp(START + 30 minutes);
        _buy(100e6, 1);
        vm.warp(START + 30 minutes + 1);
        vm.expectRevert(abi.encodeWithSelector(IBuyback.BuybackStalePrice.selector, START, 30 minutes));
        _buy(100e6, 1);
        exchange.set(PRICE, PRICE, START + 1 days);
        vm.expectRevert(abi.encodeWithSelector(IBuyback.BuybackPriceFromFuture.selector, START + 1 days));
        _buy(100e6, 1);
    }

    function test_X46_theExchangesWordCountsForNothing() public {
        // Resident FAB is not output.
        fab.transfer(address(buyback), 1_000e18);
        exchange.set(0, PRICE, START);
        vm.expectRevert(abi.encodeWithSelector(IBuyback.BuybackTooFewBought.selector, 0, 196e18));
        _buy(100e6, 1);
        exchange.set(PRICE, PRICE, START);
        exchange.cheat(9_000, 0);
        vm.expectRevert(abi.encodeWithSelector(IBuyback.BuybackWrongSpend.selector, 90e6, 100e6));
        _buy(100e6, 1);
        exchange.cheat(10_000, 5e6);
        vm.expectRevert(abi.encodeWithSelector(IBuyback.BuybackWrongSpend.selector, 95e6, 100e6));
        _buy(100e6, 1);
    }

    function test_X46_theExchangeDoesNotReenter() public {
        vm.prank(owner);
        buyback.setKeeper(address(exchange), true);
        exchange.arm(address(buyback), abi.encodeCall(buyback.buy, (100e6, 1)));
        _buy(100e6, 1);
        assertFalse(exchange.reentered());
        assertEq(usdc.balanceOf(treasury), 999_900e6);
    }

    function test_X46_spendingIsCappedAndRefills() public {
        assertEq(buyback.available(), 10_000e6);
        _buy(10_000e6, 1);
        vm.expectRevert(abi.encodeWithSelector(IBuyback.BuybackOverCap.selector, 1e6, 0));
        _buy(1e6, 1);
        vm.warp(START + 12 hours);
        exchange.set(PRICE, PRICE, START + 12 hours);
        assertEq(buyback.available(), 5_000e6);
        vm.expectRevert(abi.encodeWithSelector(IBuyback.BuybackOverCap.selector, 5_000e6 + 1, 5_000e6));
        _buy(5_000e6 + 1, 1);
        _buy(5_000e6, 1);
        assertEq(buyback.available(), 0);
    }

    /// A new cap does not forget what was spent under the old one.
    function test_X46_newLimitsKeepWhatWasSpent() public {
        _buy(10_000e6, 1);
        IBuyback.Limits memory limits = _limits();
        limits.cap = 12_000e6;
        vm.prank(owner);
        buyback.setLimits(limits);
        assertEq(buyback.available(), 2_000e6);
        assertEq(buyback.limits().cap, 12_000e6);
    }

    function test_onlyKeepersBuyAndOnlyOnARoute() public {
        vm.expectRevert(abi.encodeWithSelector(IBuyback.BuybackNotKeeper.selector, stranger));
        vm.prank(stranger);
        buyback.buy(100e6, 1);
        vm.prank(owner);
        buyback.setKeeper(keeper, false);
        assertFalse(buyback.isKeeper(keeper));
        vm.expectRevert(abi.encodeWithSelector(IBuyback.BuybackNotKeeper.selector, keeper));
        _buy(100e6, 1);

        Buyback fresh = Buyback(
            deployer.deploy(
                "fresh",
                deployCode("Buyback"),
                abi.encodeCall(Buyback.initialize, (owner, address(usdc), address(fab), treasury, _limits()))
            )
        );
        vm.expectRevert(IBuyback.BuybackNoRoute.selector);
        fresh.minimumOut(1e6);
        assertEq(buyback.minimumOut(1e6), 1.96e18);
    }

    function test_limitsHaveBounds() public {
        vm.startPrank(owner);
        IBuyback.Limits memory limits = _limits();
        limits.maxDeviationBps = 1_001;
        _expectOutOfRange(limits, "maxDeviationBps", 1_001, 0, 1_000);
        limits = _limits();
        limits.burnBps = 10_001;
        _expectOutOfRange(limits, "burnBps", 10_001, 0, 10_000);
        limits = _limits();
        limits.maxAge = 0;
        _expectOutOfRange(limits, "maxAge", 0, 1, 1 days);
        limits.maxAge = 1 days + 1;
        _expectOutOfRange(limits, "maxAge", 1 days + 1, 1, 1 days);
        limits = _limits();
        limits.window = 1 hours - 1;
        _expectOutOfRange(limits, "window", 1 hours - 1, 1 hours, 365 days);
        vm.stopPrank();
    }

    function test_onlyTheOwnerSetsAndUpgrades() public {
        bytes memory refused =
            abi.encodeWithSelector(OwnableUpgradeable.OwnableUnauthorizedAccount.selector, stranger);
        address next = deployCode("Buyback");
        vm.startPrank(stranger);
        vm.expectRevert(refused);
        buyback.setRoute(stranger, stranger);
        vm.expectRevert(refused);
        buyback.setLimits(_limits());
        vm.expectRevert(refused);
        buyback.setKeeper(stranger, true);
        vm.expectRevert(refused);
        buyback.setTreasury(stranger);
        vm.expectRevert(refused);
        buyback.upgradeToAndCall(next, "");
        vm.stopPrank();

        vm.startPrank(owner);
        buyback.setTreasury(stranger);
        buyback.upgradeToAndCall(next, "");
        vm.expectRevert(IBuyback.BuybackZeroAddress.selector);
        buyback.setTreasury(address(0));
        vm.expectRevert(IBuyback.BuybackZeroAddress.selector);
        buyback.setKeeper(address(0), true);
        vm.expectRevert(IBuyback.BuybackZeroAddress.selector);
        buyback.setRoute(address(exchange), address(0));
        vm.stopPrank();
        assertEq(buyback.treasury(), stranger);
        (address adapter, address oracle) = buyback.route();
        assertEq(adapter, address(exchange));
        assertEq(oracle, address(exchange));
        assertEq(buyback.usdc(), address(usdc));
        assertEq(buyback.fab(), address(fab));
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        buyback.initialize(stranger, address(usdc), address(fab), treasury, _limits());
        address implementation = deployCode("Buyback");
        vm.expectRevert(IBuyback.BuybackZeroAddress.selector);
        deployer.deploy(
            "zero",
            implementation,
            abi.encodeCall(Buyback.initialize, (owner, address(0), address(fab), treasury, _limits()))
        );
    }

    function testFuzz_neverBelowTheGuardAndNothingStays(uint64 amount, uint96 spot, uint96 average) public {
        amount = uint64(bound(amount, 1, 10_000e6));
        exchange.set(bound(spot, 1, 100e18), bound(average, 1, 100e18), START);
        uint256 minimum = buyback.minimumOut(amount);
        vm.prank(keeper);
        try buyback.buy(amount, 1) returns (uint256 bought) {
            assertGe(bought * 10_000, amount * exchange.averagePrice() / 1e6 * 9_800);
            assertEq(fab.balanceOf(treasury) + 100_000_000e18 - fab.totalSupply(), bought);
        } catch {
            bool enough = amount * exchange.spotPrice() / 1e6 >= minimum && minimum != 0;
            assertFalse(enough, "refused a fair price");
        }
        assertEq(fab.balanceOf(address(buyback)), 0);
        assertEq(usdc.balanceOf(address(buyback)), 0);
    }

    function _buy(uint256 amountIn, uint256 minOut) private returns (uint256) {
        vm.prank(keeper);
        return buyback.buy(amountIn, minOut);
    }

    function _limits() private pure returns (IBuyback.Limits memory) {
        return IBuyback.Limits({
            maxDeviationBps: 200,
            burnBps: 2_500,
            maxAge: 30 minutes,
            window: 1 days,
            cap: 10_000e6
        });
    }

    function _expectOutOfRange(
        IBuyback.Limits memory limits,
        string memory field,
        uint256 value,
        uint256 minimum,
        uint256 maximum
    ) private {
        vm.expectRevert(
            abi.encodeWithSelector(IBuyback.BuybackLimitOutOfRange.selector, field, value, minimum, maximum)
        );
        buyback.setLimits(limits);
    }
}
