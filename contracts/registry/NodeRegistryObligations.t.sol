// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {MarketplaceFixture} from "../mocks/MarketplaceFixture.sol";

/// @notice X-21 with the marketplace itself: no leaving with the stake while work is open.
contract NodeRegistryObligationsTest is MarketplaceFixture {
    uint256 private constant MINIMUM = 1_000e18;

    function test_X21_stakeStaysWhileObligationsAreOpen() public {
        uint256 jobId = openSession();
        checkpoint(jobId, 500);
        vm.prank(host);
        registry.unregisterNode();
        assertFalse(registry.isActiveNode(host));

        vm.warp(START + 8 days);
        vm.prank(host);
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NodeRegistryObligationsOpen.selector, 1));
        registry.withdrawUnstaked();
        market.triggerSessionTimeout(jobId);
        vm.prank(host);
        registry.withdrawUnstaked();
        assertEq(fab.balanceOf(host), MINIMUM);
    }

    function test_X21_claimedJobHoldsTheStakeUntilItIsReleased() public {
        uint256 jobId = postJob(1 ether);
        vm.startPrank(host);
        market.claimJob(jobId);
        market.submitResult(jobId, "bafkreiresult");
        registry.requestUnstake(MINIMUM);
        vm.warp(START + 8 days);
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NodeRegistryObligationsOpen.selector, 1));
        registry.withdrawUnstaked();
        market.autoRelease(jobId);
        registry.withdrawUnstaked();
        vm.stopPrank();
        assertEq(fab.balanceOf(host), MINIMUM);
    }

    function test_X21_sessionWithoutCheckpointHoldsNobody() public {
        openSession();
        vm.startPrank(host);
        registry.unregisterNode();
        vm.warp(START + 7 days);
        registry.withdrawUnstaked();
        vm.stopPrank();
        assertEq(fab.balanceOf(host), MINIMUM);
    }
}
