// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";
import {ProxyDeployer} from "../deployment/ProxyDeployer.sol";
import {IDynamicPricing} from "../interfaces/IDynamicPricing.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {SessionAnswers} from "../mocks/SessionAnswers.sol";
import {Test} from "../mocks/Test.sol";
import {DynamicPricing} from "./DynamicPricing.sol";
import {SettledSessions} from "./SettledSessions.sol";
import {SurgeCurve} from "./SurgeCurve.sol";

contract SurgeCurveTest is Test {
    /// Half used up to which nothing changes, three times at full use.
    function test_theCurveRisesFromTheKinkToTheCap() public pure {
        assertEq(SurgeCurve.surge(0, 5_000, 30_000), 10_000);
        assertEq(SurgeCurve.surge(5_000, 5_000, 30_000), 10_000);
        assertEq(SurgeCurve.surge(7_500, 5_000, 30_000), 20_000);
        assertEq(SurgeCurve.surge(10_000, 5_000, 30_000), 30_000);
        assertEq(SurgeCurve.surge(99_999, 5_000, 30_000), 30_000);
    }

    /// 1.2 over a denominator of 10,000, and not a discount of 88 %.
    function test_X45_aSurgeRaisesThePrice() public pure {
        assertEq(SurgeCurve.price(1 ether, 12_000), 1.2 ether);
        assertEq(SurgeCurve.price(1, 10_001), 2);
        assertEq(SurgeCurve.price(1, 10_000), 1);
    }

    function test_loadHalvesEveryQuarterOfAnHour() public pure {
        assertEq(SurgeCurve.decayed(1_000, 0), 1_000);
        assertEq(SurgeCurve.decayed(1_000, 450), 750);
        assertEq(SurgeCurve.decayed(1_000, 900), 500);
        assertEq(SurgeCurve.decayed(1_000, 1_800), 250);
        assertEq(SurgeCurve.decayed(type(uint256).max, 256 * 900), 0);
        assertEq(SurgeCurve.decayed(type(uint256).max, type(uint256).max), 0);
    }

    function testFuzz_surgeIsBetweenOnceAndTheCapAndNeverFalls(uint256 used, uint256 more, uint16 kink, uint16 cap)
        public
        pure
    {
        uint256 bend = bound(kink, 0, 9_999);
        uint256 top = bound(cap, 10_000, 50_000);
        uint256 low = bound(used, 0, 20_000);
        uint256 surge = SurgeCurve.surge(low, bend, top);
        assertGe(surge, 10_000);
        assertLe(surge, top);
        assertGe(SurgeCurve.surge(low + bound(more, 0, 20_000), bend, top), surge);
    }

    function testFuzz_loadNeverGrowsByItself(uint256 load, uint32 elapsed, uint32 more) public pure {
        uint256 later = SurgeCurve.decayed(load, elapsed);
        assertLe(later, load);
        assertLe(SurgeCurve.decayed(load, uint256(elapsed) + more), later);
    }

    function testFuzz_aPriceIsNeverBelowItsBase(uint128 base, uint16 surge) public pure {
        uint256 times = bound(surge, 10_000, 50_000);
        uint256 price = SurgeCurve.price(base, times);
        assertGe(price, base);
        assertLe(price, uint256(base) * 5);
        assertEq(price, (uint256(base) * times + 9_999) / 10_000);
    }

    function testFuzz_utilisationIsAShare(uint256 load, uint256 capacity) public pure {
        uint256 used = SurgeCurve.utilisation(load, capacity);
        assertLe(used, 10_000);
        if (capacity == 0 || load == 0) assertEq(used, 0);
        else if (load >= capacity) assertEq(used, 10_000);
        else if (load < type(uint240).max) assertEq(used, load * 10_000 / capacity);
    }
}

contract DynamicPricingTest is Test {
    uint256 private constant START = 1_800_000_000;
    bytes32 private constant MODEL = "llama";

    address private owner = makeAddr("timelock");
    address private stranger = makeAddr("stranger");
    SessionAnswers private market;
    uint256 private jobId;
    DynamicPricing private pricing;
    ProxyDeployer private deployer;

    function setUp() public {
        vm.warp(START);
        market = new SessionAnswers();
        deployer = ProxyDeployer(deployCode("ProxyDeployer"));
        pricing = DynamicPricing(
            deployer.deploy(
                "pricing",
                deployCode("DynamicPricing"),
                abi.encodeCall(DynamicPricing.initialize, (owner, address(market), IDynamicPricing.Curve(5_000, 30_000)))
            )
        );
        vm.prank(owner);
        pricing.setCapacity(MODEL, 1_000_000);
    }

    /// Row 103.
    function test_pricesFollowDemandAndFallBack() public {
        assertEq(pricing.priceNow(MODEL, 1 ether), 1 ether);
        _demand(500_000);
        assertEq(pricing.utilisationBps(MODEL), 5_000);
        assertEq(pricing.priceNow(MODEL, 1 ether), 1 ether);
        _settle(MODEL, 250_000);
        vm.expectEmit(address(pricing));
        emit IDynamicPricing.DemandRecorded(jobId, MODEL, 250_000, 750_000);
        pricing.recordSettled(jobId);
        assertTrue(pricing.isRecorded(jobId));
        assertFalse(pricing.isRecorded(jobId + 1));
        assertEq(pricing.surgeBps(MODEL), 20_000);
        assertEq(pricing.priceNow(MODEL, 1 ether), 2 ether);
        vm.warp(START + 15 minutes);
        assertEq(pricing.utilisationBps(MODEL), 3_750);
        assertEq(pricing.priceNow(MODEL, 1 ether), 1 ether);
        assertEq(pricing.surgeBps("another model"), 10_000);
    }

    function test_noDemandRaisesThePriceAboveTheCap() public {
        for (uint256 i; i < 5; ++i) {
            _demand(type(uint40).max);
        }
        assertEq(pricing.surgeBps(MODEL), 30_000);
        // And it falls as soon as demand ends, however much there was.
        vm.warp(START + 15 minutes);
        assertEq(pricing.utilisationBps(MODEL), 5_000);
        assertEq(pricing.surgeBps(MODEL), 10_000);
    }

    function test_X45_demandIsWhatTheMarketplaceSettledOnce() public {
        assertEq(pricing.marketplace(), address(market));
        vm.startPrank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionWrongStatus.selector, 1, ISessionJobs.SessionStatus.None)
        );
        pricing.recordSettled(1);
        market.set(1, MODEL, 600_000, ISessionJobs.SessionStatus.Closing);
        vm.expectRevert(abi.encodeWithSelector(SettledSessions.SettledSessionsNotSettled.selector, 1));
        pricing.recordSettled(1);
        market.set(1, MODEL, 0, ISessionJobs.SessionStatus.Settled);
        vm.expectRevert(abi.encodeWithSelector(SettledSessions.SettledSessionsNothingProven.selector, 1));
        pricing.recordSettled(1);
        market.set(1, MODEL, 600_000, ISessionJobs.SessionStatus.Settled);
        pricing.recordSettled(1);
        vm.expectRevert(abi.encodeWithSelector(SettledSessions.SettledSessionsTwice.selector, 1));
        pricing.recordSettled(1);
        vm.stopPrank();
        assertEq(pricing.utilisationBps(MODEL), 6_000);
    }

    /// Sessions of a month, recorded in one second, are not the demand of that second.
    function test_X45_sessionsThatWereHeldBackRaiseNothing() public {
        for (uint256 i; i < 5; ++i) {
            _settle(MODEL, 1_000_000);
        }
        vm.warp(START + 30 days);
        for (uint256 i; i < 5; ++i) {
            pricing.recordSettled(jobId - i);
        }
        assertEq(pricing.utilisationBps(MODEL), 0);
        assertEq(pricing.priceNow(MODEL, 1 ether), 1 ether);
    }

    /// Early or late, alone or after others: the load is the same.
    function testFuzz_theMomentOfRecordingChangesNothing(uint32 first, uint32 second, uint8 halvings) public {
        uint256 amount = bound(first, 1, 400_000);
        uint256 other = bound(second, 1, 400_000);
        _settle(MODEL, amount);
        uint256 late = jobId;
        _demand(uint40(other));
        vm.warp(START + uint256(halvings % 4) * 15 minutes);
        pricing.recordSettled(late);
        assertApproxEqAbs(
            pricing.utilisationBps(MODEL), (amount + other) * 10_000 / 1_000_000 >> (halvings % 4), 2
        );
    }

    function test_aModelWithoutCapacityNeverSurges() public {
        _settle("another model", type(uint40).max);
        pricing.recordSettled(jobId);
        assertEq(pricing.surgeBps("another model"), 10_000);
        _demand(1_000_000);
        vm.prank(owner);
        pricing.setCapacity(MODEL, 0);
        assertEq(pricing.surgeBps(MODEL), 10_000);
        assertEq(pricing.capacityOf(MODEL), 0);
    }

    function test_aNewCapacityKeepsTheLoadThatFits() public {
        _demand(800_000);
        vm.warp(START + 15 minutes);
        vm.startPrank(owner);
        pricing.setCapacity(MODEL, 4_000_000);
        assertEq(pricing.utilisationBps(MODEL), 1_000);
        pricing.setCapacity(MODEL, 100_000);
        assertEq(pricing.utilisationBps(MODEL), 10_000);
        vm.stopPrank();
    }

    function test_theCurveHasBounds() public {
        vm.startPrank(owner);
        _expectOutOfRange("kinkBps", 10_000, 0, 9_999);
        pricing.setCurve(IDynamicPricing.Curve(10_000, 20_000));
        _expectOutOfRange("maxSurgeBps", 9_999, 10_000, 50_000);
        pricing.setCurve(IDynamicPricing.Curve(0, 9_999));
        _expectOutOfRange("maxSurgeBps", 50_001, 10_000, 50_000);
        pricing.setCurve(IDynamicPricing.Curve(0, 50_001));
        pricing.setCurve(IDynamicPricing.Curve(9_999, 50_000));
        vm.stopPrank();
        assertEq(pricing.curve().kinkBps, 9_999);
        assertEq(pricing.curve().maxSurgeBps, 50_000);
    }

    function test_onlyTheOwnerSetsAndUpgrades() public {
        bytes memory refused =
            abi.encodeWithSelector(OwnableUpgradeable.OwnableUnauthorizedAccount.selector, stranger);
        address next = deployCode("DynamicPricing");
        vm.startPrank(stranger);
        vm.expectRevert(refused);
        pricing.setCurve(IDynamicPricing.Curve(0, 10_000));
        vm.expectRevert(refused);
        pricing.setCapacity(MODEL, 1);
        vm.expectRevert(refused);
        pricing.upgradeToAndCall(next, "");
        vm.stopPrank();
        vm.startPrank(owner);
        pricing.upgradeToAndCall(next, "");
        vm.stopPrank();
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        pricing.initialize(stranger, stranger, IDynamicPricing.Curve(0, 10_000));
        vm.expectRevert(IDynamicPricing.DynamicPricingZeroAddress.selector);
        deployer.deploy(
            "zero",
            next,
            abi.encodeCall(DynamicPricing.initialize, (owner, address(0), IDynamicPricing.Curve(0, 10_000)))
        );
    }

    function testFuzz_surgeStaysInBoundsWhateverComes(uint40[6] calldata demand, uint16[6] calldata pauses) public {
        uint256 time = START;
        for (uint256 i; i < 6; ++i) {
            time += pauses[i];
            vm.warp(time);
            _demand(demand[i] % 2_000_000 + 1);
            assertGe(pricing.surgeBps(MODEL), 10_000);
            assertLe(pricing.surgeBps(MODEL), 30_000);
        }
    }

    function _demand(uint40 tokens) private {
        _settle(MODEL, tokens);
        pricing.recordSettled(jobId);
    }

    function _settle(bytes32 model, uint256 tokens) private {
        market.set(++jobId, model, tokens, ISessionJobs.SessionStatus.Settled);
    }

    function _expectOutOfRange(string memory field, uint256 value, uint256 minimum, uint256 maximum) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IDynamicPricing.DynamicPricingOutOfRange.selector, field, value, minimum, maximum
            )
        );
    }
}
