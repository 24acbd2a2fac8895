// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IControlledNodes} from "../interfaces/IControlledNodes.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {RegistryFixture} from "../mocks/RegistryFixture.sol";

contract ControlledNodesTest is RegistryFixture {
    address private operator = makeAddr("operator");

    function test_row26_controlBeginsWithTheConsentOfTheOperator() public {
        fund(controller, MINIMUM);
        vm.expectEmit(address(registry));
        emit IControlledNodes.ControlProposed(operator, controller, MINIMUM, METADATA);
        vm.prank(controller);
        registry.registerControlledNode(METADATA, operator);
        assertEq(registry.getNode(operator).controller, address(0));
        assertFalse(registry.isActiveNode(operator));
        assertEq(registry.nodeCount(), 1);
        (uint256 amount, string memory metadata) = registry.pendingControl(operator, controller);
        assertEq(amount, MINIMUM);
        assertEq(metadata, METADATA);

        vm.expectEmit(address(registry));
        emit INodeRegistry.NodeRegistered(operator, controller, MINIMUM, METADATA);
        vm.expectEmit(address(registry));
        emit IControlledNodes.ControllerSet(operator, controller);
        vm.prank(operator);
        registry.acceptControl(controller);

        INodeRegistry.Node memory node = registry.getNode(operator);
        assertEq(node.controller, controller);
        assertEq(node.stake, MINIMUM);
        assertEq(node.metadataHash, keccak256(bytes(METADATA)));
        assertTrue(registry.isAcceptingNode(operator));
        assertEq(registry.getNodeController(operator), controller);
        assertEq(registry.registeredSince(operator), START / 1 days * 1 days);
        (amount, metadata) = registry.pendingControl(operator, controller);
        assertEq(amount, 0);
        assertEq(metadata, "");
        assertFalse(registry.isActiveNode(controller));
    }

    function test_offerIsTakenBackInFullAndOnlyByWhoMadeIt() public {
        propose(controller, operator);
        bytes memory none =
            abi.encodeWithSelector(IControlledNodes.NodeRegistryNoControlPending.selector, operator, stranger);
        vm.prank(stranger);
        vm.expectRevert(none);
        registry.cancelControlledNode(operator);

        market.setPaused(INodeRegistry.registerNode.selector, true);
        vm.expectEmit(address(registry));
        emit IControlledNodes.ControlCancelled(operator, controller, MINIMUM);
        vm.prank(controller);
        registry.cancelControlledNode(operator);
        assertEq(fab.balanceOf(controller), MINIMUM);

        market.setPaused(INodeRegistry.registerNode.selector, false);
        vm.prank(controller);
        vm.expectRevert(
            abi.encodeWithSelector(IControlledNodes.NodeRegistryNoControlPending.selector, operator, controller)
        );
        registry.cancelControlledNode(operator);
        vm.prank(operator);
        vm.expectRevert(
            abi.encodeWithSelector(IControlledNodes.NodeRegistryNoControlPending.selector, operator, controller)
        );
        registry.acceptControl(controller);
    }

    function test_offersThatMakeNoSense() public {
        fund(controller, 2 * MINIMUM);
        vm.startPrank(controller);
        vm.expectRevert(INodeRegistry.NodeRegistryZeroAddress.selector);
        registry.registerControlledNode(METADATA, address(0));
        vm.expectRevert(abi.encodeWithSelector(IControlledNodes.NodeRegistrySelfControl.selector, controller));
        registry.registerControlledNode(METADATA, controller);
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NodeRegistryAlreadyRegistered.selector, host));
        registry.registerControlledNode(METADATA, host);
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NodeRegistryMetadataLength.selector, 0, 1024));
        registry.registerControlledNode("", operator);
        registry.registerControlledNode(METADATA, operator);
        vm.expectRevert(
            abi.encodeWithSelector(IControlledNodes.NodeRegistryControlPending.selector, operator, controller)
        );
        registry.registerControlledNode(METADATA, operator);
        vm.stopPrank();
    }

    function test_whoRegisteredMeanwhileCannotAccept() public {
        propose(controller, operator);
        register(operator);
        vm.prank(operator);
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NodeRegistryAlreadyRegistered.selector, operator));
        registry.acceptControl(controller);
        assertEq(registry.getNodeController(operator), operator);
    }

    function test_offerBelowARaisedMinimumIsRefusedAndPaidBack() public {
        propose(controller, operator);
        vm.prank(owner);
        registry.setMinimumStake(1_500e18);
        vm.warp(START + 14 days);
        vm.prank(operator);
        vm.expectRevert(
            abi.encodeWithSelector(INodeRegistry.NodeRegistryStakeTooLow.selector, MINIMUM, 1_500e18)
        );
        registry.acceptControl(controller);
        vm.prank(controller);
        registry.cancelControlledNode(operator);
        assertEq(fab.balanceOf(controller), MINIMUM);
    }

    function test_stakeOfAControlledNodeIsTheControllersAffair() public {
        registerControlled(controller, operator);
        bytes memory notPayer =
            abi.encodeWithSelector(INodeRegistry.NodeRegistryNotPayer.selector, operator, controller);
        fund(operator, 1);
        vm.startPrank(operator);
        vm.expectRevert(notPayer);
        registry.stake(1);
        vm.expectRevert(notPayer);
        registry.requestUnstake(1);
        vm.stopPrank();

        fund(controller, 500e18);
        vm.startPrank(controller);
        registry.stakeControlled(operator, 500e18);
        registry.requestUnstakeControlled(operator, 500e18);
        vm.warp(START + 7 days);
        registry.withdrawControlled(operator);
        vm.stopPrank();
        assertEq(fab.balanceOf(controller), 500e18);
        assertTrue(registry.isActiveNode(operator));
    }

    // X-34: nobody is registered without consent, and both sides can leave with the stake going to who paid it.

    function test_X34_nobodyIsRegisteredWithoutItsConsent() public {
        propose(controller, operator);
        address[2] memory others = [controller, stranger];
        for (uint256 i; i < 2; ++i) {
            vm.prank(others[i]);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IControlledNodes.NodeRegistryNoControlPending.selector, others[i], controller
                )
            );
            registry.acceptControl(controller);
        }
        assertEq(registry.getNodeController(operator), address(0));
        register(operator);
        assertEq(registry.getNodeController(operator), operator);
    }

    function test_X34_controllerLeavesWithItsStake() public {
        registerControlled(controller, operator);
        vm.prank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(INodeRegistry.NodeRegistryNotPayer.selector, operator, controller)
        );
        registry.unregisterControlledNode(operator);
        vm.startPrank(controller);
        registry.unregisterControlledNode(operator);
        assertEq(registry.nodesOfController(controller), 0);
        vm.warp(START + 7 days);
        registry.withdrawControlled(operator);
        vm.stopPrank();
        assertEq(fab.balanceOf(controller), MINIMUM);
    }

    function test_X34_operatorLeavesAndTheStakeGoesToWhoPaidIt() public {
        registerControlled(controller, operator);
        vm.startPrank(operator);
        registry.unregisterNode();
        vm.warp(START + 7 days);
        registry.withdrawUnstaked();
        vm.stopPrank();
        assertEq(fab.balanceOf(controller), MINIMUM);
        assertEq(fab.balanceOf(operator), 0);
        assertEq(registry.getNodeController(operator), controller, "leaving sheds no history");
    }

    function test_X34_onlyThePayerWithdrawsForAnother() public {
        vm.startPrank(host);
        registry.unregisterNode();
        vm.warp(START + 7 days);
        vm.stopPrank();
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NodeRegistryNotPayer.selector, host, host));
        registry.withdrawControlled(host);
    }

    /// The operator cannot take the controller's unbonding stake over by registering itself.
    function test_X34_stakeOfAControllerIsNeverReusedByTheOperator() public {
        registerControlled(controller, operator);
        vm.prank(operator);
        registry.unregisterNode();
        fund(operator, MINIMUM);
        bytes memory foreign =
            abi.encodeWithSelector(INodeRegistry.NodeRegistryForeignStake.selector, controller, MINIMUM);
        vm.prank(operator);
        vm.expectRevert(foreign);
        registry.registerNode(METADATA);
        propose(stranger, operator);
        vm.prank(operator);
        vm.expectRevert(foreign);
        registry.acceptControl(stranger);

        vm.warp(START + 7 days);
        vm.startPrank(operator);
        registry.withdrawUnstaked();
        registry.registerNode(METADATA);
        vm.stopPrank();
        assertEq(registry.getNodeController(operator), operator);
        assertEq(fab.balanceOf(controller), MINIMUM);
    }

    function test_sameControllerReturnsWhileItsStakeUnbonds() public {
        registerControlled(controller, operator);
        vm.prank(controller);
        registry.unregisterControlledNode(operator);
        registerControlled(controller, operator);
        assertEq(registry.getNode(operator).stake, MINIMUM);
        assertEq(registry.getNode(operator).unbonding, MINIMUM);
        vm.warp(START + 7 days);
        vm.prank(controller);
        registry.withdrawControlled(operator);
        assertEq(fab.balanceOf(controller), MINIMUM);
    }

    // Sybil tracking.

    function test_row27_suspiciousFromThreeNodesAndNotWhenTheyLeave() public {
        assertEq(registry.nodesOfController(host), 1, "itself");
        registerControlled(host, operator);
        assertEq(registry.nodesOfController(host), 2);
        assertFalse(registry.isSuspiciousController(host));
        address third = makeAddr("third");
        registerControlled(host, third);
        assertTrue(registry.isSuspiciousController(host));
        vm.startPrank(third);
        registry.unregisterNode();
        assertFalse(registry.isSuspiciousController(host));
        vm.warp(START + 7 days);
        registry.withdrawUnstaked();
        vm.stopPrank();

        registerControlled(controller, third);
        vm.prank(host);
        registry.unregisterControlledNode(operator);
        vm.prank(host);
        registry.unregisterNode();
        assertEq(registry.nodesOfController(host), 0);
        assertEq(registry.nodesOfController(controller), 1);
        assertEq(registry.nodesOfController(third), 0, "it counts for its controller");
    }

    function test_X35_offersCountForTheControllerThatMakesThem() public {
        for (uint256 i; i < 10; ++i) {
            propose(controller, operator);
            vm.prank(controller);
            registry.cancelControlledNode(operator);
        }
        fund(controller, MINIMUM);
        vm.startPrank(controller);
        bytes memory tooMany =
            abi.encodeWithSelector(INodeRegistry.NodeRegistryTooManyRegistrations.selector, 10, 10);
        vm.expectRevert(tooMany);
        registry.registerControlledNode(METADATA, operator);
        vm.expectRevert(tooMany);
        registry.registerNode(METADATA);
        vm.warp(START + 6 minutes);
        registry.registerControlledNode(METADATA, operator);
        vm.stopPrank();
        register(operator);
        assertTrue(registry.isActiveNode(operator), "the limit is not the operator's");
    }

    function test_pausedRegistrationsLeaveNoWayIn() public {
        propose(controller, operator);
        market.setPaused(INodeRegistry.registerNode.selector, true);
        fund(stranger, MINIMUM);
        vm.startPrank(stranger);
        vm.expectRevert(INodeRegistry.NodeRegistryPaused.selector);
        registry.registerNode(METADATA);
        vm.expectRevert(INodeRegistry.NodeRegistryPaused.selector);
        registry.registerControlledNode(METADATA, operator);
        vm.stopPrank();
        vm.prank(operator);
        vm.expectRevert(INodeRegistry.NodeRegistryPaused.selector);
        registry.acceptControl(controller);
    }

    function test_I6_pausingStopsNoExit() public {
        registerControlled(controller, operator);
        market.setPaused(INodeRegistry.registerNode.selector, true);
        vm.prank(operator);
        registry.unregisterNode();
        vm.startPrank(host);
        registry.requestUnstake(1);
        registry.unregisterNode();
        vm.warp(START + 7 days);
        registry.withdrawUnstaked();
        vm.stopPrank();
        vm.prank(controller);
        registry.withdrawControlled(operator);
        assertEq(fab.balanceOf(host) + fab.balanceOf(controller), 2 * MINIMUM);
    }
}
