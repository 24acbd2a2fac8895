// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {RegistryFixture} from "../mocks/RegistryFixture.sol";
import {NodeRegistry} from "./NodeRegistry.sol";

contract RegistryGovernanceTest is RegistryFixture {
    address private operator = makeAddr("operator");

    // The minimum stake.

    function test_raiseAppliesAfterFourteenDays() public {
        vm.expectEmit(address(registry));
        emit INodeRegistry.MinimumStakeSet(1_500e18, START + 14 days);
        _setMinimum(1_500e18);
        (uint256 next, uint256 appliesAt) = registry.pendingMinimumStake();
        assertEq(next, 1_500e18);
        assertEq(appliesAt, START + 14 days);
        vm.warp(START + 14 days - 1);
        assertTrue(registry.isActiveNode(host));
        assertEq(registry.minimumStake(), MINIMUM);
        vm.warp(START + 14 days);
        assertFalse(registry.isActiveNode(host));
        assertEq(registry.minimumStake(), 1_500e18);
        (next, appliesAt) = registry.pendingMinimumStake();
        assertEq(next, 0);
        assertEq(appliesAt, 0);
        addStake(host, 500e18);
        assertTrue(registry.isActiveNode(host));
        register(operator);
        assertEq(registry.getNode(operator).stake, 1_500e18);
    }

    function test_cutAppliesAtOnceAndEndsARaise() public {
        _setMinimum(1_500e18);
        vm.expectEmit(address(registry));
        emit INodeRegistry.MinimumStakeSet(400e18, START);
        _setMinimum(400e18);
        assertEq(registry.minimumStake(), 400e18);
        vm.warp(START + 14 days);
        assertEq(registry.minimumStake(), 400e18);
        vm.prank(host);
        registry.requestUnstake(600e18);
        assertTrue(registry.isActiveNode(host));
    }

    function test_sameMinimumTakesARaiseBack() public {
        _setMinimum(1_500e18);
        _setMinimum(MINIMUM);
        (uint256 next,) = registry.pendingMinimumStake();
        assertEq(next, 0);
        vm.warp(START + 14 days);
        assertEq(registry.minimumStake(), MINIMUM);
    }

    /// No second announcement shortens the time that nodes have.
    function test_anotherRaiseStartsItsOwnFourteenDays() public {
        _setMinimum(1_500e18);
        vm.warp(START + 13 days);
        _setMinimum(1_200e18);
        vm.warp(START + 27 days - 1);
        assertEq(registry.minimumStake(), MINIMUM);
        vm.warp(START + 27 days);
        assertEq(registry.minimumStake(), 1_200e18);
        _setMinimum(1_300e18);
        assertEq(registry.minimumStake(), 1_200e18, "the one that applies stays meanwhile");
    }

    function test_valuesHaveBounds() public {
        vm.startPrank(owner);
        registry.setMinimumStake(200e18);
        registry.setMinimumStake(100_000e18);
        _expectOutOfRange("minimumStake", 200e18 - 1, 200e18, 100_000e18);
        registry.setMinimumStake(200e18 - 1);
        _expectOutOfRange("minimumStake", 100_000e18 + 1, 200e18, 100_000e18);
        registry.setMinimumStake(100_000e18 + 1);
        registry.setUnbondingPeriod(5 days);
        registry.setUnbondingPeriod(30 days);
        _expectOutOfRange("unbondingPeriod", 5 days - 1, 5 days, 30 days);
        registry.setUnbondingPeriod(5 days - 1);
        _expectOutOfRange("unbondingPeriod", 30 days + 1, 5 days, 30 days);
        registry.setUnbondingPeriod(30 days + 1);
        registry.setJailPeriod(0);
        registry.setJailPeriod(30 days);
        _expectOutOfRange("jailPeriod", 30 days + 1, 0, 30 days);
        registry.setJailPeriod(30 days + 1);
        vm.stopPrank();
        assertEq(registry.unbondingPeriod(), 30 days);
        assertEq(registry.jailPeriod(), 30 days);
    }

    function test_newUnbondingPeriodIsForNewRequests() public {
        addStake(host, MINIMUM);
        vm.prank(host);
        registry.requestUnstake(1);
        vm.expectEmit(address(registry));
        emit INodeRegistry.UnbondingPeriodSet(30 days);
        vm.prank(owner);
        registry.setUnbondingPeriod(30 days);
        assertEq(registry.getNode(host).unbondingEndsAt, START + 7 days);
        vm.prank(host);
        registry.requestUnstake(1);
        assertEq(registry.getNode(host).unbondingEndsAt, START + 30 days);
    }

    function test_onlyTheOwnerGoverns() public {
        bytes[4] memory calls = [
            abi.encodeCall(INodeRegistry.setMinimumStake, (MINIMUM)),
            abi.encodeCall(INodeRegistry.setUnbondingPeriod, (7 days)),
            abi.encodeCall(INodeRegistry.setJailPeriod, (1 days)),
            abi.encodeCall(INodeRegistry.setProofSystem, (stranger))
        ];
        address[4] memory callers = [stranger, host, migrator, proofSystem];
        for (uint256 i; i < 4; ++i) {
            vm.prank(callers[i]);
            (bool success, bytes memory reason) = address(registry).call(calls[i]);
            assertFalse(success);
            assertEq(
                reason, abi.encodeWithSelector(OwnableUpgradeable.OwnableUnauthorizedAccount.selector, callers[i])
            );
            vm.prank(owner);
            (success,) = address(registry).call(calls[i]);
            assertTrue(success);
        }
    }

    // The import.

    function test_X42_importedStakeComesWithItsFab() public {
        vm.prank(migrator);
        vm.expectPartialRevert(IERC20Errors.ERC20InsufficientAllowance.selector);
        registry.importStake(operator, address(0), 1_200e18, METADATA);

        fund(migrator, 1_300e18);
        vm.startPrank(migrator);
        vm.expectEmit(address(registry));
        emit INodeRegistry.NodeRegistered(operator, operator, 1_200e18, METADATA);
        registry.importStake(operator, address(0), 1_200e18, METADATA);
        registry.importStake(stranger, controller, 100e18, METADATA);
        vm.stopPrank();
        assertTrue(registry.isAcceptingNode(operator));
        assertFalse(registry.isActiveNode(stranger), "below the minimum");
        assertEq(registry.getNodeController(stranger), controller);
        assertEq(registry.nodesOfController(controller), 1);
        assertEq(fab.balanceOf(address(registry)), MINIMUM + 1_300e18);

        vm.startPrank(operator);
        registry.unregisterNode();
        vm.warp(START + 7 days);
        registry.withdrawUnstaked();
        vm.stopPrank();
        assertEq(fab.balanceOf(operator), 1_200e18);
    }

    function test_importIsRefused() public {
        fund(migrator, MINIMUM);
        vm.startPrank(migrator);
        vm.expectRevert(INodeRegistry.NodeRegistryZeroAddress.selector);
        registry.importStake(address(0), controller, 1, METADATA);
        vm.expectRevert(INodeRegistry.NodeRegistryZeroAmount.selector);
        registry.importStake(operator, controller, 0, METADATA);
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NodeRegistryAlreadyRegistered.selector, host));
        registry.importStake(host, controller, 1, METADATA);
        vm.stopPrank();
        address[2] memory others = [owner, stranger];
        for (uint256 i; i < 2; ++i) {
            vm.prank(others[i]);
            vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NodeRegistryNotMigrator.selector, others[i]));
            registry.importStake(operator, controller, 1, METADATA);
        }
    }

    function test_X42_importClosesForEver() public {
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NodeRegistryNotMigrator.selector, stranger));
        registry.closeImport();
        vm.expectEmit(address(registry));
        emit INodeRegistry.ImportClosed();
        vm.prank(migrator);
        registry.closeImport();
        assertEq(registry.migrator(), address(0));
        address[2] memory callers = [migrator, owner];
        for (uint256 i; i < 2; ++i) {
            vm.startPrank(callers[i]);
            vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NodeRegistryNotMigrator.selector, callers[i]));
            registry.closeImport();
            vm.stopPrank();
        }
        vm.prank(migrator);
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NodeRegistryNotMigrator.selector, migrator));
        registry.importStake(operator, address(0), 1, METADATA);
    }

    function test_ownerClosesTheImportToo() public {
        vm.prank(owner);
        registry.closeImport();
        assertEq(registry.migrator(), address(0));
    }

    function test_importIsClosedFromTheStartWithoutMigrator() public {
        NodeRegistry other = NodeRegistry(
            deployer.deploy(
                "other",
                deployCode("NodeRegistry"),
                abi.encodeCall(
                    NodeRegistry.initialize, (owner, address(fab), address(market), address(0), address(0))
                )
            )
        );
        vm.prank(migrator);
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NodeRegistryNotMigrator.selector, migrator));
        other.importStake(operator, address(0), 1, METADATA);
        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NodeRegistryNotMigrator.selector, owner));
        other.closeImport();
    }

    function test_leavingKeepsWhatOthersJudgeBy() public {
        vm.warp(START + 3 days);
        vm.prank(host);
        registry.unregisterNode();
        assertEq(registry.getNodeController(host), host);
        assertEq(registry.registeredSince(host), START / 1 days * 1 days);
        assertEq(registry.getNode(host).controller, address(0));
        vm.prank(host);
        registry.registerNode(METADATA);
        assertEq(registry.registeredSince(host), START / 1 days * 1 days);
        assertEq(registry.registeredSince(stranger), 0);
        assertEq(registry.getNodeController(stranger), address(0));
    }

    function _setMinimum(uint256 minimum) private {
        vm.prank(owner);
        registry.setMinimumStake(minimum);
    }

    function _expectOutOfRange(string memory field, uint256 value, uint256 minimum, uint256 maximum) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                INodeRegistry.NodeRegistryOutOfRange.selector, field, value, minimum, maximum
            )
        );
    }
}
