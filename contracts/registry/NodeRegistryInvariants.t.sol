// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {MarketplaceAnswers, RegistryFixture} from "../mocks/RegistryFixture.sol";
import {RegistryHandler} from "../mocks/RegistryHandler.sol";
import {RegistryIndex} from "../mocks/RegistryIndex.sol";
import {Vm} from "../mocks/Test.sol";
import {FabToken} from "../tokens/FabToken.sol";
import {NodeRegistry} from "./NodeRegistry.sol";

/// @dev The test runner calls only contracts whose source is a test file.
contract RegistryWalk is RegistryHandler {
    constructor(NodeRegistry registry_, FabToken fab_, MarketplaceAnswers market_, address[] memory actors_)
        RegistryHandler(registry_, fab_, market_, actors_)
    {}
}

/// @notice I5, I6, the list of nodes, the controllers' counters and who owns which stake, after every step of a random
/// walk over every function of the registry.
contract NodeRegistryInvariantsTest is RegistryFixture {
    uint256 private constant ACTORS = 5;

    RegistryWalk private handler;
    RegistryIndex private index;
    address[] private actors;

    function setUp() public override {
        vm.recordLogs();
        super.setUp();
        actors.push(host);
        for (uint256 i = 1; i < ACTORS; ++i) {
            actors.push(makeAddr(string.concat("actor ", vm.toString(i))));
        }
        for (uint256 i; i < ACTORS; ++i) {
            fund(actors[i], 200_000e18);
        }
        fund(migrator, 200_000e18);
        handler = new RegistryWalk(registry, fab, market, actors);
        index = new RegistryIndex();
        index.read(_registryLogs());
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// hardhat-config: default.invariant.runs = 24
    /// hardhat-config: default.invariant.depth = 200
    function invariant_I5_I6_listCountersAndPayers() public view {
        assertEq(handler.violation(), "");
        _assertSolvent();
        _assertList();
        for (uint256 i; i < ACTORS; ++i) {
            _assertController(actors[i]);
        }
    }

    /// Row 32, and that the walk reaches what the invariants speak of.
    function test_row32_indexFromEventsIsTheRegistryAfterEveryKindOfStep() public {
        string[22] memory actions = [
            "registerNode",
            "stake",
            "requestUnstake",
            "unregisterNode",
            "withdrawUnstaked",
            "propose",
            "cancel",
            "stakeC",
            "requestC",
            "unregisterC",
            "withdrawC",
            "acceptControl",
            "setModels",
            "setPrice",
            "setMaxSessions",
            "setAccepting",
            "metadata",
            "slash",
            "forfeit",
            "claimSlashed",
            "importStake",
            "govern"
        ];
        for (uint256 i; i < 2_000; ++i) {
            (bool success,) = address(handler).call(_step(uint256(keccak256(abi.encode(i)))));
            success;
            if (i % 50 != 49) continue;
            index.read(_registryLogs());
            _assertIndexed();
            _assertSolvent();
            _assertList();
        }
        assertEq(handler.violation(), "");
        for (uint256 i; i < actions.length; ++i) {
            assertGt(handler.successes(actions[i]), 1, actions[i]);
        }
    }

    function _step(uint256 word) private view returns (bytes memory) {
        (uint256 seed, uint256 amount, uint8 step) = (word >> 8, word >> 64, uint8(word >> 128));
        bytes[16] memory steps = [
            abi.encodeCall(handler.acceptControl, (seed >> 24)),
            abi.encodeCall(handler.operate, (seed, amount, step)),
            abi.encodeCall(handler.operate, (seed, amount, step)),
            abi.encodeCall(handler.control, (seed, amount, 0)),
            abi.encodeCall(handler.control, (seed, amount, step)),
            abi.encodeCall(handler.control, (seed, amount, step)),
            abi.encodeCall(handler.control, (seed, amount, 5)),
            abi.encodeCall(handler.acceptControl, (seed)),
            abi.encodeCall(handler.offer, (seed, amount, step)),
            abi.encodeCall(handler.slash, (seed, amount, step % 2 == 0)),
            abi.encodeCall(handler.forfeitClaimBond, (seed)),
            abi.encodeCall(handler.claimSlashed, (seed)),
            abi.encodeCall(handler.importStake, (seed, amount)),
            abi.encodeCall(handler.govern, (amount, step % 64 == 3 ? 3 : step % 3)),
            abi.encodeCall(handler.disturb, (seed, step)),
            abi.encodeCall(handler.warp, (uint32(amount)))
        ];
        return steps[word % 16];
    }

    /// I5, exact but for what came unasked.
    function _assertSolvent() private view {
        uint256 owed = handler.donated() + registry.slashedUnclaimed(owner);
        for (uint256 i; i < ACTORS; ++i) {
            INodeRegistry.Node memory node = registry.getNode(actors[i]);
            owed += uint256(node.stake) + node.unbonding + registry.slashedUnclaimed(actors[i]);
            for (uint256 j; j < ACTORS; ++j) {
                (uint256 offered,) = registry.pendingControl(actors[i], actors[j]);
                owed += offered;
            }
        }
        assertEq(fab.balanceOf(address(registry)), owed, "I5");
    }

    /// Every place of the list holds another registered node, and every registered node has a place.
    function _assertList() private view {
        uint256 places = registry.nodeCount();
        uint256 registered;
        uint256 active;
        for (uint256 i; i < ACTORS; ++i) {
            if (registry.getNode(actors[i]).controller != address(0)) ++registered;
            if (registry.isActiveNode(actors[i])) ++active;
        }
        assertEq(places, registered, "places");
        address[] memory seen = new address[](places);
        uint256 found;
        for (uint256 i; i < places; ++i) {
            address[] memory page = registry.getActiveNodes(i, 1);
            if (page.length == 0) continue;
            assertTrue(registry.isActiveNode(page[0]), "an inactive node is listed");
            for (uint256 j; j < found; ++j) {
                assertNotEq(page[0], seen[j]);
            }
            seen[found++] = page[0];
        }
        assertEq(found, active, "active nodes");
    }

    function _assertController(address controller) private view {
        uint256 nodes;
        uint256 held;
        for (uint256 i; i < ACTORS; ++i) {
            address operator = actors[i];
            INodeRegistry.Node memory node = registry.getNode(operator);
            if (node.controller == controller) ++nodes;
            address payer = registry.getNodeController(operator);
            if (payer == controller) held += uint256(node.stake) + node.unbonding;
            (uint256 offered,) = registry.pendingControl(operator, controller);
            held += offered;
        }
        assertEq(registry.nodesOfController(controller), nodes, "counter of a controller");
        assertEq(registry.isSuspiciousController(controller), nodes >= 3, "suspicious");
        uint256 first = controller == host ? MINIMUM : 0;
        uint256 due = first + handler.paid(controller) - handler.returned(controller) - handler.lost(controller);
        assertEq(held, due, "a payer's stake is not what it paid");
    }

    function _assertIndexed() private view {
        assertEq(index.nodeCount(), registry.nodeCount(), "count");
        assertEq(index.slashed(owner), registry.slashedUnclaimed(owner), "slashed for the owner");
        assertEq(index.importClosed(), registry.migrator() == address(0), "import");
        (, uint256 appliesAt) = registry.pendingMinimumStake();
        if (appliesAt == 0) assertEq(index.minimum(), registry.minimumStake(), "minimum");
        else assertEq(index.minimumAppliesAt(), appliesAt, "raise");
        for (uint256 i; i < ACTORS; ++i) {
            address actor = actors[i];
            RegistryIndex.Entry memory indexed_ = index.entry(actor);
            INodeRegistry.Node memory node = registry.getNode(actor);
            assertEq(indexed_.controller, node.controller, "controller");
            assertEq(indexed_.stake, node.stake, "stake");
            assertEq(indexed_.unbonding, node.unbonding, "unbonding");
            assertEq(indexed_.unbondingEndsAt, node.unbondingEndsAt, "end of unbonding");
            assertEq(indexed_.jailedUntil, node.jailedUntil, "jail");
            assertEq(indexed_.maxSessions, node.maxSessions, "sessions");
            assertEq(indexed_.accepting, node.accepting, "accepting");
            assertEq(indexed_.metadataHash, node.metadataHash, "metadata");
            assertEq(abi.encode(index.models(actor)), abi.encode(registry.modelsOf(actor)), "models");
            assertEq(index.slashed(actor), registry.slashedUnclaimed(actor), "slashed");
            for (uint256 j; j < ACTORS; ++j) {
                (uint256 offered,) = registry.pendingControl(actor, actors[j]);
                assertEq(index.offers(actor, actors[j]), offered, "offer");
            }
            for (uint256 model; model < 3; ++model) {
                assertEq(
                    index.prices(actor, bytes32(model), address(0)),
                    registry.priceOf(actor, bytes32(model), address(0)),
                    "price"
                );
            }
        }
    }

    function _registryLogs() private returns (Vm.Log[] memory logs) {
        logs = vm.getRecordedLogs();
        uint256 kept;
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].emitter == address(registry)) logs[kept++] = logs[i];
        }
        assembly ("memory-safe") {
            mstore(logs, kept)
        }
    }
}
