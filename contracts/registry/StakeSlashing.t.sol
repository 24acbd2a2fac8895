// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IStakeSlashing} from "../interfaces/IStakeSlashing.sol";
import {RegistryFixture} from "../mocks/RegistryFixture.sol";

contract StakeSlashingTest is RegistryFixture {
    address private challenger = makeAddr("challenger");

    function test_row31_slashGoesToThePullLedgerAndTheNodeDropsOut() public {
        vm.expectEmit(address(registry));
        emit IStakeSlashing.NodeJailed(host, START + 24 hours);
        vm.expectEmit(address(registry));
        emit IStakeSlashing.NodeSlashed(host, challenger, 300e18, 0, "invalid proof");
        assertEq(_slash(300e18), 300e18);
        assertEq(registry.getNode(host).stake, 700e18);
        assertFalse(registry.isActiveNode(host));
        assertEq(registry.slashedUnclaimed(challenger), 300e18);
        assertEq(fab.balanceOf(address(registry)), MINIMUM);

        vm.expectEmit(address(registry));
        emit IStakeSlashing.SlashedClaimed(challenger, 300e18);
        vm.startPrank(challenger);
        assertEq(registry.claimSlashed(), 300e18);
        vm.expectRevert(abi.encodeWithSelector(IStakeSlashing.NodeRegistryNothingToClaim.selector, challenger));
        registry.claimSlashed();
        vm.stopPrank();
        assertEq(fab.balanceOf(challenger), 300e18);
    }

    function test_onlyTheProofSystemAndTheOwnerSlash() public {
        address[3] memory others = [stranger, host, address(market)];
        for (uint256 i; i < 3; ++i) {
            vm.prank(others[i]);
            vm.expectRevert(abi.encodeWithSelector(IStakeSlashing.NodeRegistryNotSlasher.selector, others[i]));
            registry.slash(host, 1, challenger, "");
        }
        vm.startPrank(owner);
        vm.expectRevert(INodeRegistry.NodeRegistryZeroAddress.selector);
        registry.slash(host, 1, address(0), "");
        assertEq(registry.slash(host, 1, challenger, ""), 1);
        registry.setProofSystem(stranger);
        vm.stopPrank();
        vm.prank(proofSystem);
        vm.expectRevert(abi.encodeWithSelector(IStakeSlashing.NodeRegistryNotSlasher.selector, proofSystem));
        registry.slash(host, 1, challenger, "");
        vm.prank(stranger);
        registry.slash(host, 1, challenger, "");
    }

    function test_withoutProofSystemNobodyButTheOwnerSlashes() public {
        vm.prank(owner);
        registry.setProofSystem(address(0));
        vm.prank(proofSystem);
        vm.expectRevert(abi.encodeWithSelector(IStakeSlashing.NodeRegistryNotSlasher.selector, proofSystem));
        registry.slash(host, 1, challenger, "");
        vm.prank(owner);
        assertEq(registry.slash(host, 1, challenger, ""), 1);
    }

    function test_X22_ownerTakesAtMostHalfADayAndLeavesAHundred() public {
        uint256 rest = MINIMUM;
        uint256[5] memory takes = [uint256(500e18), 250e18, 125e18, 25e18, 0];
        uint256 time = START;
        for (uint256 i; i < 5; ++i) {
            vm.prank(owner);
            assertEq(registry.slash(host, type(uint256).max, owner, "everything"), takes[i]);
            rest -= takes[i];
            vm.prank(owner);
            assertEq(registry.slash(host, type(uint256).max, owner, "and again"), 0);
            time += 24 hours;
            vm.warp(time);
        }
        assertEq(registry.getNode(host).stake, rest);
        assertEq(rest, 100e18);
    }

    function test_dayOfSlashesEndsToTheSecond() public {
        _slash(500e18);
        vm.warp(START + 24 hours - 1);
        assertEq(_slash(1), 0);
        vm.warp(START + 24 hours);
        assertEq(_slash(1), 1);
    }

    /// A host that loses a little to a friend on purpose is no safer from what comes the same day.
    function test_aSmallSlashIsNoShieldAgainstALargeOne() public {
        assertEq(_slash(10e18), 10e18);
        vm.warp(START + 1 hours);
        vm.prank(owner);
        assertEq(registry.slash(host, type(uint256).max, owner, "fraud"), 490e18);
        assertEq(registry.slashedUnclaimed(owner), 490e18);
        assertEq(registry.slashedUnclaimed(challenger), 10e18);
        vm.prank(owner);
        assertEq(registry.slash(host, 1, owner, "fraud"), 0);
    }

    /// Nor do many challenges by friends carry the stake past the unbonding: only the first of a day is theirs.
    function test_challengersGetOneSlashOfAHostADay() public {
        for (uint256 i; i < 60; ++i) {
            assertEq(_slash(10e18), i < 50 ? 10e18 : 0);
        }
        assertEq(registry.slashedUnclaimed(challenger), 10e18);
        assertEq(registry.slashedUnclaimed(owner), 490e18);
        vm.warp(START + 24 hours);
        assertEq(_slash(10e18), 10e18);
        assertEq(registry.slashedUnclaimed(challenger), 20e18);
    }

    /// What is staked during a day of slashes does not raise what it may take.
    function test_stakeAddedLaterIsNotPartOfTheDay() public {
        _slash(1e18);
        addStake(host, 10_000e18);
        assertEq(_slash(type(uint256).max), 499e18);
    }

    /// Whoever runs before the challenge is decided does not get away.
    function test_unbondingStakeIsSlashableUntilItIsWithdrawn() public {
        vm.prank(host);
        registry.unregisterNode();
        vm.warp(START + 7 days);
        vm.expectEmit(address(registry));
        emit IStakeSlashing.NodeSlashed(host, challenger, 0, 500e18, "late");
        vm.prank(proofSystem);
        registry.slash(host, 600e18, challenger, "late");
        vm.startPrank(host);
        registry.withdrawUnstaked();
        vm.stopPrank();
        assertEq(fab.balanceOf(host), 500e18);
        vm.warp(START + 9 days);
        assertEq(_slash(1), 0);
    }

    function test_stakeIsTakenBeforeWhatUnbonds() public {
        vm.prank(host);
        registry.requestUnstake(900e18);
        assertEq(_slash(300e18), 300e18);
        INodeRegistry.Node memory node = registry.getNode(host);
        assertEq(node.stake, 0);
        assertEq(node.unbonding, 700e18);
    }

    function test_row28_jailEndsByItselfAndLeavingDoesNotShortenIt() public {
        addStake(host, MINIMUM);
        _slash(1e18);
        assertTrue(registry.isJailed(host));
        assertFalse(registry.isActiveNode(host));
        assertFalse(registry.isAcceptingNode(host));
        vm.startPrank(host);
        registry.unregisterNode();
        registry.registerNode(METADATA);
        vm.stopPrank();
        assertFalse(registry.isActiveNode(host));
        vm.warp(START + 24 hours - 1);
        assertFalse(registry.isActiveNode(host));
        vm.warp(START + 24 hours);
        assertTrue(registry.isActiveNode(host));
        assertFalse(registry.isJailed(host));
        assertEq(registry.getNode(host).jailedUntil, START + 24 hours);
    }

    function test_furtherSlashProlongsTheJailEvenWithinTheCooldown() public {
        addStake(host, MINIMUM);
        _slash(1e18);
        vm.warp(START + 12 hours);
        assertEq(_slash(999e18), 999e18);
        assertEq(_slash(1e18), 0);
        vm.warp(START + 36 hours - 1);
        assertFalse(registry.isActiveNode(host));
        vm.warp(START + 36 hours);
        assertTrue(registry.isActiveNode(host));
    }

    function test_shorterPeriodEndsNoJail() public {
        addStake(host, MINIMUM);
        _slash(1e18);
        vm.prank(owner);
        registry.setJailPeriod(0);
        vm.warp(START + 23 hours);
        _slash(1e18);
        assertTrue(registry.isJailed(host));
    }

    function test_nothingHappensToStrangersAndForNothing() public {
        vm.startPrank(proofSystem);
        assertEq(registry.slash(stranger, 1, challenger, ""), 0);
        assertEq(registry.slash(host, 0, challenger, ""), 0);
        vm.stopPrank();
        assertFalse(registry.isJailed(host));
        assertFalse(registry.isJailed(stranger));
        assertEq(registry.getNodeController(stranger), address(0));
    }

    function test_bondGoesFromStakeThenUnbondingAndDoesNotJail() public {
        assertEq(registry.claimBond(), 20e18);
        vm.prank(host);
        registry.requestUnstake(985e18);
        vm.expectEmit(address(registry));
        emit IStakeSlashing.ClaimBondForfeited(host, renter, 15e18, 5e18);
        vm.startPrank(address(market));
        assertEq(registry.forfeitClaimBond(host, renter), 20e18);
        assertEq(registry.getNode(host).unbonding, 980e18);
        assertEq(registry.forfeitClaimBond(stranger, renter), 0);
        vm.stopPrank();
        assertFalse(registry.isJailed(host));
        vm.prank(renter);
        registry.claimSlashed();
        assertEq(fab.balanceOf(renter), 20e18);
    }

    /// Fifty claims of a friend's jobs, all given up at once, would be the whole stake without a day of unbonding.
    function test_X21_abandonedClaimsAreNoWayOutForTheStake() public {
        vm.prank(host);
        registry.requestUnstake(500e18);
        vm.startPrank(address(market));
        for (uint256 i; i < 50; ++i) {
            assertEq(registry.forfeitClaimBond(host, renter), 20e18);
        }
        assertEq(registry.forfeitClaimBond(host, renter), 0);
        vm.stopPrank();
        assertEq(registry.slashedUnclaimed(renter), 100e18);
        assertEq(registry.slashedUnclaimed(owner), 900e18);
        assertEq(registry.getNode(host).unbonding, 0);
        assertEq(registry.getNode(host).unbondingEndsAt, 0);
    }

    function test_rentersGetFiveBondsOfAHostADay() public {
        vm.startPrank(address(market));
        for (uint256 i; i < 6; ++i) {
            registry.forfeitClaimBond(host, renter);
        }
        vm.warp(START + 24 hours - 1);
        registry.forfeitClaimBond(host, renter);
        assertEq(registry.slashedUnclaimed(renter), 100e18);
        vm.warp(START + 24 hours);
        registry.forfeitClaimBond(host, renter);
        assertEq(registry.slashedUnclaimed(renter), 120e18);
        assertEq(registry.slashedUnclaimed(owner), 40e18);
        vm.stopPrank();
    }

    function test_row171_stakeCoversABondForEveryTwentyFab() public {
        assertEq(registry.coveredClaims(host), 50);
        assertEq(registry.coveredClaims(stranger), 0);
        vm.prank(address(market));
        registry.forfeitClaimBond(host, renter);
        assertEq(registry.coveredClaims(host), 49);
        // What unbonds cannot be withdrawn while a claim is open, but it is on its way out.
        vm.prank(host);
        registry.requestUnstake(61e18);
        assertEq(registry.coveredClaims(host), 45);
    }

    function test_onlyTheMarketplaceForfeits() public {
        address[3] memory others = [owner, proofSystem, renter];
        for (uint256 i; i < 3; ++i) {
            vm.prank(others[i]);
            vm.expectRevert(
                abi.encodeWithSelector(IStakeSlashing.NodeRegistryNotMarketplace.selector, others[i])
            );
            registry.forfeitClaimBond(host, renter);
        }
    }

    function test_slashedControllerGetsOnlyTheRest() public {
        address operator = makeAddr("operator");
        registerControlled(controller, operator);
        vm.prank(proofSystem);
        registry.slash(operator, 400e18, challenger, "");
        vm.startPrank(controller);
        registry.unregisterControlledNode(operator);
        vm.warp(START + 7 days);
        registry.withdrawControlled(operator);
        vm.stopPrank();
        assertEq(fab.balanceOf(controller), 600e18);
    }

    function testFuzz_slashStaysWithinItsLimits(uint256 staked, uint256 unbonding, uint256 amount) public {
        staked = bound(staked, 0, 1_000_000e18);
        unbonding = bound(unbonding, 0, MINIMUM + staked);
        if (staked != 0) addStake(host, staked);
        if (unbonding != 0) {
            vm.prank(host);
            registry.requestUnstake(unbonding);
        }
        uint256 total = MINIMUM + staked;
        uint256 slashed = _slash(amount);
        assertLe(slashed, amount);
        assertLe(slashed, total / 2);
        assertGe(total - slashed, 100e18);
        INodeRegistry.Node memory node = registry.getNode(host);
        assertEq(uint256(node.stake) + node.unbonding + slashed, total);
        if (amount >= total) assertEq(slashed, total / 2);
    }

    function _slash(uint256 amount) private returns (uint256) {
        vm.prank(proofSystem);
        return registry.slash(host, amount, challenger, "invalid proof");
    }
}
