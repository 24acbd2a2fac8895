// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {RegistryFixture} from "../mocks/RegistryFixture.sol";
import {NodeRegistry} from "./NodeRegistry.sol";

contract NodeRegistryTest is RegistryFixture {
        function test_registersWithExactlyTheMinimum() public {
        address node = makeAddr("node");
        fab.transfer(node, MINIMUM);
        vm.startPrank(node);
        fab.approve(address(registry), MINIMUM);
        vm.expectEmit(address(registry));
        emit INodeRegistry.NodeRegistered(node, node, MINIMUM, METADATA);
        registry.registerNode(METADATA);
        vm.stopPrank();

        INodeRegistry.Node memory stored = registry.getNode(node);
        assertEq(stored.operator, node);
        assertEq(stored.controller, node);
        assertEq(stored.stake, MINIMUM);
        assertEq(stored.activeSince, START);
        assertEq(stored.metadataHash, keccak256(bytes(METADATA)));
        assertTrue(stored.accepting);
        assertTrue(registry.isActiveNode(node));
        assertTrue(registry.isAcceptingNode(node));
        assertEq(registry.getNodeController(node), node);
        assertEq(fab.balanceOf(address(registry)), 2 * MINIMUM);
    }

    function test_oneWeiShortOfTheMinimumIsRefused() public {
        address node = makeAddr("node");
        fab.transfer(node, MINIMUM - 1);
        vm.startPrank(node);
        fab.approve(address(registry), MINIMUM);
        vm.expectRevert(
            abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientBalance.selector, node, MINIMUM - 1, MINIMUM
            )
        );
        registry.registerNode(METADATA);
        vm.stopPrank();
        assertFalse(registry.isActiveNode(node));
    }

    function test_registersOnce() public {
        vm.prank(host);
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NodeRegistryAlreadyRegistered.selector, host));
        registry.registerNode(METADATA);
    }

    function test_metadataLengthBounds() public {
        vm.startPrank(host);
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NodeRegistryMetadataLength.selector, 0, 1024));
        registry.updateMetadata("");
        registry.updateMetadata(string(new bytes(1024)));
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NodeRegistryMetadataLength.selector, 1025, 1024));
        registry.updateMetadata(string(new bytes(1025)));
        vm.expectEmit(address(registry));
        emit INodeRegistry.MetadataUpdated(host, "gpu:h100");
        registry.updateMetadata("gpu:h100");
        vm.stopPrank();
        assertEq(registry.getNode(host).metadataHash, keccak256("gpu:h100"));
    }

    function test_onlyRegisteredNodesHaveFunctions() public {
        bytes memory refused = abi.encodeWithSelector(INodeRegistry.NodeRegistryNotRegistered.selector, stranger);
        vm.startPrank(stranger);
        vm.expectRevert(refused);
        registry.stake(1);
        vm.expectRevert(refused);
        registry.requestUnstake(1);
        vm.expectRevert(refused);
        registry.unregisterNode();
        vm.expectRevert(refused);
        registry.updateMetadata("gpu:h100");
        vm.expectRevert(refused);
        registry.setAccepting(true);
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NodeRegistryNothingUnbonding.selector, stranger));
        registry.withdrawUnstaked();
        vm.stopPrank();
    }

    function test_excessStakeLeavesAfterSevenDaysWhileTheNodeStaysActive() public {
        addStake(host, 500e18);
        vm.startPrank(host);
        vm.expectEmit(address(registry));
        emit INodeRegistry.UnstakeRequested(host, 500e18, uint48(START + 7 days));
        registry.requestUnstake(500e18);
        assertTrue(registry.isAcceptingNode(host));
        vm.warp(START + 7 days - 1);
        vm.expectRevert(
            abi.encodeWithSelector(INodeRegistry.NodeRegistryStillUnbonding.selector, uint48(START + 7 days))
        );
        registry.withdrawUnstaked();
        vm.warp(START + 7 days);
        registry.withdrawUnstaked();
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NodeRegistryNothingUnbonding.selector, host));
        registry.withdrawUnstaked();
        vm.stopPrank();
        assertEq(fab.balanceOf(host), 500e18);
        assertEq(registry.getNode(host).unbonding, 0);
    }

    function test_secondRequestRestartsThePeriod() public {
        addStake(host, 500e18);
        vm.startPrank(host);
        registry.requestUnstake(100e18);
        vm.warp(START + 6 days);
        registry.requestUnstake(100e18);
        vm.warp(START + 7 days);
        vm.expectRevert(
            abi.encodeWithSelector(INodeRegistry.NodeRegistryStillUnbonding.selector, uint48(START + 13 days))
        );
        registry.withdrawUnstaked();
        vm.warp(START + 13 days);
        registry.withdrawUnstaked();
        vm.stopPrank();
        assertEq(fab.balanceOf(host), 200e18);
    }

    function test_belowTheMinimumTheNodeIsInactiveAtOnceAndStakingBringsItBack() public {
        vm.prank(host);
        registry.requestUnstake(1);
        assertFalse(registry.isActiveNode(host));
        assertFalse(registry.isAcceptingNode(host));
        assertEq(registry.nodeCount(), 1);
        addStake(host, 1);
        assertTrue(registry.isAcceptingNode(host));
    }

    function test_amountsMustBePositiveAndCovered() public {
        vm.startPrank(host);
        vm.expectRevert(INodeRegistry.NodeRegistryZeroAmount.selector);
        registry.stake(0);
        vm.expectRevert(INodeRegistry.NodeRegistryZeroAmount.selector);
        registry.requestUnstake(0);
        vm.expectRevert(
            abi.encodeWithSelector(INodeRegistry.NodeRegistryInsufficientStake.selector, MINIMUM + 1, MINIMUM)
        );
        registry.requestUnstake(MINIMUM + 1);
        vm.stopPrank();
    }

    function test_notAcceptingIsStillActive() public {
        vm.expectEmit(address(registry));
        emit INodeRegistry.AcceptingSet(host, false);
        vm.prank(host);
        registry.setAccepting(false);
        assertTrue(registry.isActiveNode(host));
        assertFalse(registry.isAcceptingNode(host));
    }

    function test_pagesSkipInactiveNodes() public {
        address[] memory nodes = registerMany(4);
        vm.prank(nodes[1]);
        registry.requestUnstake(1);

        address[] memory all = registry.getActiveNodes(0, 10);
        assertEq(all.length, 4);
        assertEq(all[0], host);
        assertEq(all[1], nodes[0]);
        assertEq(all[2], nodes[2]);
        assertEq(all[3], nodes[3]);
        assertEq(registry.getActiveNodes(1, 2).length, 1);
        assertEq(registry.getActiveNodes(4, type(uint256).max).length, 1);
        assertEq(registry.getActiveNodes(5, 1).length, 0);
        assertEq(registry.getActiveNodes(type(uint256).max, type(uint256).max).length, 0);
    }

    /// The list is a bijection with the registered nodes whatever the order of leaving.
    function testFuzz_listIsExactlyTheRegisteredNodes(uint256 seed) public {
        address[] memory nodes = registerMany(6);
        bool[] memory gone = new bool[](6);
        for (uint256 i; i < 4; ++i) {
            uint256 pick = uint256(keccak256(abi.encode(seed, i))) % 6;
            if (gone[pick]) continue;
            gone[pick] = true;
            vm.prank(nodes[pick]);
            registry.unregisterNode();
        }
        address[] memory listed = registry.getActiveNodes(0, 100);
        assertEq(listed.length, registry.nodeCount());
        uint256 expected = 1;
        for (uint256 i; i < 6; ++i) {
            uint256 times;
            for (uint256 j; j < listed.length; ++j) {
                if (listed[j] == nodes[i]) ++times;
            }
            assertEq(times, gone[i] ? 0 : 1);
            if (!gone[i]) ++expected;
        }
        assertEq(listed.length, expected);
    }

    /// I5 over any order of a node's own calls.
    function testFuzz_registryHoldsEveryStakeItOwes(uint256 seed) public {
        fab.transfer(host, 10_000e18);
        vm.prank(host);
        fab.approve(address(registry), type(uint256).max);
        uint256 time = START;
        for (uint256 i; i < 12; ++i) {
            uint256 roll = uint256(keccak256(abi.encode(seed, i)));
            uint256 amount = 1 + (roll >> 8) % 900e18;
            bytes[6] memory calls = [
                abi.encodeCall(INodeRegistry.stake, (amount)),
                abi.encodeCall(INodeRegistry.requestUnstake, (amount)),
                abi.encodeCall(INodeRegistry.withdrawUnstaked, ()),
                abi.encodeCall(INodeRegistry.unregisterNode, ()),
                abi.encodeCall(INodeRegistry.registerNode, ("gpu:rtx4090")),
                abi.encodeCall(INodeRegistry.setAccepting, (roll & 1 == 0))
            ];
            time += roll % 5 days;
            vm.warp(time);
            vm.prank(host);
            (bool success,) = address(registry).call(calls[roll % 6]);
            success;
            INodeRegistry.Node memory node = registry.getNode(host);
            assertEq(fab.balanceOf(address(registry)), uint256(node.stake) + node.unbonding);
            assertEq(fab.balanceOf(address(registry)) + fab.balanceOf(host), MINIMUM + 10_000e18);
        }
    }

    // X-21: no leaving with the stake while work is open, and coming back is possible.

    function test_X21_stakeStaysWhileObligationsAreOpen() public {
        vm.prank(host);
        registry.unregisterNode();
        market.setObligations(host, 1);
        assertEq(registry.getNode(host).obligations, 1);
        vm.warp(START + 8 days);
        vm.startPrank(host);
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NodeRegistryObligationsOpen.selector, 1));
        registry.withdrawUnstaked();
        market.setObligations(host, 0);
        registry.withdrawUnstaked();
        vm.stopPrank();
        assertEq(fab.balanceOf(host), MINIMUM);
    }

    function test_X21_whoLeftReturns() public {
        vm.startPrank(host);
        vm.expectEmit(address(registry));
        emit INodeRegistry.NodeUnregistered(host);
        registry.unregisterNode();
        assertEq(registry.nodeCount(), 0);
        vm.warp(START + 7 days);
        registry.withdrawUnstaked();
        fab.approve(address(registry), MINIMUM);
        registry.registerNode(METADATA);
        vm.stopPrank();
        assertTrue(registry.isAcceptingNode(host));
        assertEq(registry.nodeCount(), 1);
    }

    function test_X21_whoReturnsWhileUnbondingPaysOnlyWhatIsMissing() public {
        addStake(host, 200e18);
        vm.startPrank(host);
        registry.unregisterNode();
        registry.registerNode(METADATA);
        vm.stopPrank();
        INodeRegistry.Node memory node = registry.getNode(host);
        assertEq(node.stake, MINIMUM);
        assertEq(node.unbonding, 200e18);
        assertEq(node.unbondingEndsAt, START + 7 days);
        assertEq(fab.balanceOf(address(registry)), MINIMUM + 200e18);

        vm.startPrank(host);
        registry.requestUnstake(400e18);
        vm.warp(START + 7 days);
        registry.withdrawUnstaked();
        registry.unregisterNode();
        fab.approve(address(registry), 400e18);
        registry.registerNode(METADATA);
        vm.stopPrank();
        node = registry.getNode(host);
        assertEq(node.stake, MINIMUM);
        assertEq(node.unbonding, 0);
        assertEq(node.unbondingEndsAt, 0);
        assertEq(fab.balanceOf(host), 200e18);
    }

    function test_X22_ownerCannotTakeStakes() public {
        string[5] memory signatures = [
            "emergencyWithdraw()",
            "withdrawStake(address)",
            "withdraw(address,uint256)",
            "setMarketplace(address)",
            "setFab(address)"
        ];
        for (uint256 i; i < signatures.length; ++i) {
            vm.prank(owner);
            (bool success,) =
                address(registry).call(abi.encodePacked(bytes4(keccak256(bytes(signatures[i]))), new bytes(64)));
            assertFalse(success, signatures[i]);
        }
        assertEq(fab.balanceOf(address(registry)), MINIMUM);
    }

    // X-35: the limit of registrations refills by itself.

    function test_X35_limitRefillsAndCountsPerController() public {
        vm.startPrank(host);
        for (uint256 i; i < 9; ++i) {
            registry.unregisterNode();
            registry.registerNode(METADATA);
        }
        registry.unregisterNode();
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NodeRegistryTooManyRegistrations.selector, 10, 10));
        registry.registerNode(METADATA);
        vm.stopPrank();

        register(makeAddr("another node"));
        vm.warp(START + 6 minutes - 1);
        vm.prank(host);
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NodeRegistryTooManyRegistrations.selector, 10, 10));
        registry.registerNode(METADATA);
        vm.warp(START + 6 minutes);
        vm.prank(host);
        registry.registerNode(METADATA);
        assertTrue(registry.isActiveNode(host));
    }

    // Upgrade and wiring.

    function test_onlyTheOwnerUpgrades() public {
        address next = deployCode("NodeRegistry");
        vm.expectRevert(
            abi.encodeWithSelector(OwnableUpgradeable.OwnableUnauthorizedAccount.selector, address(this))
        );
        registry.upgradeToAndCall(next, "");
        vm.prank(owner);
        registry.upgradeToAndCall(next, "");
        assertTrue(registry.isActiveNode(host));
    }

    function test_initializesOnceAndNeverTheImplementation() public {
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        registry.initialize(stranger, address(fab), address(market), proofSystem, migrator);
        NodeRegistry implementation = NodeRegistry(deployCode("NodeRegistry"));
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        implementation.initialize(stranger, address(fab), address(market), proofSystem, migrator);
    }

    function test_zeroAddressesAreRefused() public {
        address implementation = deployCode("NodeRegistry");
        vm.expectRevert(INodeRegistry.NodeRegistryZeroAddress.selector);
        deployer.deploy("a", implementation, _initializer(owner, address(0), address(market)));
        vm.expectRevert(INodeRegistry.NodeRegistryZeroAddress.selector);
        deployer.deploy("b", implementation, _initializer(owner, address(fab), address(0)));
        vm.expectRevert(abi.encodeWithSelector(OwnableUpgradeable.OwnableInvalidOwner.selector, address(0)));
        deployer.deploy("c", implementation, _initializer(address(0), address(fab), address(market)));
    }

    function test_storageIsNamespaced() public view {
        bytes32 slot =
            keccak256(abi.encode(uint256(keccak256("fabstir.storage.NodeRegistry")) - 1)) & ~bytes32(uint256(0xff));
        assertEq(address(uint160(uint256(vm.load(address(registry), slot)))), address(fab));
        assertEq(registry.fab(), address(fab));
        assertEq(registry.marketplace(), address(market));
        assertEq(registry.minimumStake(), MINIMUM);
        assertEq(registry.unbondingPeriod(), 7 days);
        assertEq(registry.jailPeriod(), 24 hours);
        assertEq(registry.proofSystem(), proofSystem);
        assertEq(registry.migrator(), migrator);
    }

    function _initializer(address owner_, address fab_, address market_) private view returns (bytes memory) {
        return abi.encodeCall(NodeRegistry.initialize, (owner_, fab_, market_, proofSystem, migrator));
    }
}
