// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IHostTerms} from "../interfaces/IHostTerms.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {NodeRegistry} from "../registry/NodeRegistry.sol";
import {FabToken} from "../tokens/FabToken.sol";
import {MarketplaceAnswers} from "./RegistryFixture.sol";
import {Test} from "./Test.sol";

/// @notice Calls every function of the registry in any order, as five accounts that are operators and controllers of
/// each other, and keeps an account of what each of them paid, got back and lost.
/// @dev Refused calls are part of the walk. A reverted assertion would be one more of them, so the first broken rule is
/// kept in `violation`.
abstract contract RegistryHandler is Test {
    uint256 public constant ACTORS = 5;

    NodeRegistry internal immutable registry;
    FabToken internal immutable fab;
    MarketplaceAnswers internal immutable market;
    address internal immutable owner;
    address internal immutable proofSystem;
    address internal immutable migrator;

    address[] public actors;
    string public violation;
    /// @notice FAB that came to the registry unasked.
    uint256 public donated;
    mapping(address payer => uint256) public paid;
    mapping(address payer => uint256) public returned;
    mapping(address payer => uint256) public lost;
    /// @dev Start, holdings at the start and losses of each node's running day of slashes.
    mapping(address node => uint256) private _slashedAt;
    mapping(address node => uint256) private _hadThen;
    mapping(address node => uint256) private _lostSince;
    mapping(address node => uint256) private _bondsAt;
    mapping(address node => uint256) private _bonds;
    mapping(string action => uint256) public successes;

    constructor(NodeRegistry registry_, FabToken fab_, MarketplaceAnswers market_, address[] memory actors_) {
        (registry, fab, market, actors) = (registry_, fab_, market_, actors_);
        owner = registry_.owner();
        proofSystem = registry_.proofSystem();
        migrator = registry_.migrator();
    }

    /// @notice What an operator does with its own node.
    function operate(uint256 seed, uint256 amount, uint8 step) external {
        address actor = _actor(seed);
        amount = bound(amount, 1, 1_500e18);
        bytes[5] memory calls = [
            abi.encodeCall(INodeRegistry.registerNode, ("own")),
            abi.encodeCall(INodeRegistry.stake, (amount)),
            abi.encodeCall(INodeRegistry.requestUnstake, (amount)),
            abi.encodeCall(INodeRegistry.unregisterNode, ()),
            abi.encodeCall(INodeRegistry.withdrawUnstaked, ())
        ];
        INodeRegistry.Node memory node = registry.getNode(actor);
        step %= 5;
        bool success = _move(actor, actor, calls[step]);
        if (step == 3) _check(success == (node.controller != address(0)), "I6: a node could not leave");
        if (step == 4) _check(success == _mayWithdraw(node), "I6: a withdrawal was refused or came early");
        if (success) {
            ++successes[["registerNode", "stake", "requestUnstake", "unregisterNode", "withdrawUnstaked"][step]];
        }
    }

    /// @notice What a controller does with the node of another; mostly the one that pays for it.
    function control(uint256 seed, uint256 amount, uint8 step) external {
        step %= 6;
        address operator = _actor(seed >> 8);
        address actor = step > 1 && (seed >> 16) % 4 != 0 ? _payerOf(operator) : _actor(seed);
        amount = bound(amount, 1, 1_500e18);
        bytes[6] memory calls = [
            abi.encodeCall(registry.registerControlledNode, ("controlled", operator)),
            abi.encodeCall(registry.cancelControlledNode, (operator)),
            abi.encodeCall(registry.stakeControlled, (operator, amount)),
            abi.encodeCall(registry.requestUnstakeControlled, (operator, amount)),
            abi.encodeCall(registry.unregisterControlledNode, (operator)),
            abi.encodeCall(registry.withdrawControlled, (operator))
        ];
        INodeRegistry.Node memory node = registry.getNode(operator);
        (uint256 offered,) = registry.pendingControl(operator, actor);
        bool isPayer = _payerOf(operator) == actor;
        bool success = _move(actor, operator, calls[step]);
        if (step == 1) _check(success == (offered != 0), "I6: an offer could not be taken back");
        if (step > 1) _check(!success || isPayer, "X-34: another one than the payer moved stake");
        if (step == 4) {
            _check(success == (isPayer && node.controller != address(0)), "I6: a controller could not leave");
        }
        if (step == 5) _check(success == (isPayer && _mayWithdraw(node)), "I6: a controller was not paid");
        if (success) {
            string[6] memory names = ["propose", "cancel", "stakeC", "requestC", "unregisterC", "withdrawC"];
            if (actor != operator) ++successes[names[step]];
        }
    }

    function acceptControl(uint256 seed) external {
        address operator = _actor(seed);
        address controller;
        uint256 offered;
        for (uint256 i; i < ACTORS && offered == 0; ++i) {
            controller = actors[((seed >> 8) % 256 + i) % ACTORS];
            (offered,) = registry.pendingControl(operator, controller);
        }
        vm.prank(operator);
        (bool success,) = address(registry).call(abi.encodeCall(registry.acceptControl, (controller)));
        _check(!success || offered != 0, "X-34: control without an offer");
        if (success) ++successes["acceptControl"];
    }

    function offer(uint256 seed, uint256 amount, uint8 step) external {
        address actor = _actor(seed);
        bytes32[] memory models = new bytes32[](amount % 4);
        for (uint256 i; i < models.length; ++i) {
            models[i] = bytes32(amount % 3 + 1 + i);
        }
        bytes[5] memory calls = [
            abi.encodeCall(registry.setModels, (models)),
            abi.encodeCall(registry.setPrice, (bytes32(amount % 3), address(0), amount % 1e18)),
            abi.encodeCall(registry.setMaxSessions, (amount % 100)),
            abi.encodeCall(INodeRegistry.setAccepting, (amount % 2 == 0)),
            abi.encodeCall(INodeRegistry.updateMetadata, ("new"))
        ];
        step %= 5;
        vm.prank(actor);
        (bool success,) = address(registry).call(calls[step]);
        if (success) ++successes[["setModels", "setPrice", "setMaxSessions", "setAccepting", "metadata"][step]];
    }

    function slash(uint256 seed, uint256 amount, bool byOwner) external {
        address node = _actor(seed);
        amount = bound(amount, 1, 3_000e18);
        (uint256 had, address payer) = (_holdings(node), _payerOf(node));
        bool newDay = block.timestamp >= _slashedAt[node] + 1 days;
        address recipient = newDay || byOwner ? _actor(seed >> 8) : owner;
        uint256 owed = registry.slashedUnclaimed(recipient);
        vm.prank(byOwner ? owner : proofSystem);
        uint256 slashed = registry.slash(node, amount, _actor(seed >> 8), "walk");
        lost[payer] += slashed;
        _check(registry.slashedUnclaimed(recipient) == owed + slashed, "a slash went to another one");
        _check(_holdings(node) + slashed == had, "what was slashed is not what is missing");
        if (slashed == 0) return;
        if (newDay) (_slashedAt[node], _hadThen[node], _lostSince[node]) = (block.timestamp, had, 0);
        _lostSince[node] += slashed;
        _check(slashed <= amount && had - slashed >= 100e18, "X-22: a slash beyond its limits");
        _check(_lostSince[node] <= _hadThen[node] / 2, "X-22: more than half slashed in a day");
        _check(!registry.isActiveNode(node), "row 28: a jailed node is active");
        ++successes["slash"];
    }

    function forfeitClaimBond(uint256 seed) external {
        address node = _actor(seed);
        (uint256 had, address payer) = (_holdings(node), _payerOf(node));
        if (had != 0 && block.timestamp >= _bondsAt[node] + 1 days) {
            (_bondsAt[node], _bonds[node]) = (block.timestamp, 0);
        }
        address recipient = _bonds[node] < 5 ? _actor(seed >> 8) : owner;
        uint256 owed = registry.slashedUnclaimed(recipient);
        vm.prank(address(market));
        (bool success, bytes memory data) =
            address(registry).call(abi.encodeCall(IHostTerms.forfeitClaimBond, (node, _actor(seed >> 8))));
        _check(success, "a bond could not be taken");
        uint256 amount = abi.decode(data, (uint256));
        lost[payer] += amount;
        _check(amount == (had < 20e18 ? had : 20e18), "the bond is not 20 FAB or what there is");
        _check(registry.slashedUnclaimed(recipient) == owed + amount, "a bond went to another one");
        if (amount == 0) return;
        ++_bonds[node];
        ++successes["forfeit"];
    }

    function claimSlashed(uint256 seed) external {
        address actor = _actor(seed);
        (uint256 owed, uint256 before) = (registry.slashedUnclaimed(actor), fab.balanceOf(actor));
        vm.prank(actor);
        (bool success,) = address(registry).call(abi.encodeCall(registry.claimSlashed, ()));
        _check(success == (owed != 0), "I6: a claim was refused");
        _check(fab.balanceOf(actor) == before + owed, "claimed is not what was owed");
        if (success) ++successes["claimSlashed"];
    }

    function importStake(uint256 seed, uint256 amount) external {
        address payer = _actor(seed);
        amount = bound(amount, 1, 2_000e18);
        bytes memory data = abi.encodeCall(INodeRegistry.importStake, (_actor(seed >> 8), payer, amount, "old"));
        vm.prank(migrator);
        (bool success,) = address(registry).call(data);
        if (!success) return;
        paid[payer] += amount;
        ++successes["importStake"];
    }

    function govern(uint256 amount, uint8 step) external {
        step %= 8;
        // Once in a long while: it ends for good.
        if (step == 3 && amount % 16 != 0) return;
        bytes[4] memory calls = [
            abi.encodeCall(INodeRegistry.setMinimumStake, (bound(amount, 200e18, 2_000e18))),
            abi.encodeCall(INodeRegistry.setUnbondingPeriod, (bound(amount, 5 days, 9 days))),
            abi.encodeCall(INodeRegistry.setJailPeriod, (bound(amount, 1 hours, 3 days))),
            abi.encodeCall(INodeRegistry.closeImport, ())
        ];
        if (step > 3) return;
        vm.prank(owner);
        (bool success,) = address(registry).call(calls[step]);
        if (success) ++successes["govern"];
    }

    /// @notice Pause, obligations and FAB that nobody asked for.
    function disturb(uint256 seed, uint8 step) external {
        step %= 8;
        if (step < 2) market.setPaused(INodeRegistry.registerNode.selector, step == 1 && seed % 4 == 0);
        if (step == 2) market.setObligations(_actor(seed), (seed >> 8) % 3 == 0 ? 1 : 0);
        if (step == 3) {
            vm.prank(migrator);
            fab.transfer(address(registry), seed % 1e18);
            donated += seed % 1e18;
        }
    }

    function warp(uint32 duration) external {
        vm.warp(block.timestamp + bound(duration, 1 minutes, duration % 4 == 0 ? 8 days : 12 hours));
    }

    /// @dev Books what the call moved, for every account: it must be the payer's money and nobody else's.
    function _move(address sender, address operator, bytes memory data) private returns (bool success) {
        address earlier = _payerOf(operator);
        uint256[] memory before = new uint256[](ACTORS);
        for (uint256 i; i < ACTORS; ++i) {
            before[i] = fab.balanceOf(actors[i]);
        }
        vm.prank(sender);
        (success,) = address(registry).call(data);
        for (uint256 i; i < ACTORS; ++i) {
            address actor = actors[i];
            uint256 balance = fab.balanceOf(actor);
            if (balance > before[i]) {
                returned[actor] += balance - before[i];
                _check(actor == earlier || actor == sender, "stake went to a stranger");
            } else if (balance < before[i]) {
                paid[actor] += before[i] - balance;
                _check(actor == sender, "a stranger paid");
            }
        }
    }

    function _mayWithdraw(INodeRegistry.Node memory node) private view returns (bool) {
        return node.unbonding != 0 && block.timestamp >= node.unbondingEndsAt && node.obligations == 0;
    }

    function _holdings(address node) private view returns (uint256) {
        INodeRegistry.Node memory stored = registry.getNode(node);
        return uint256(stored.stake) + stored.unbonding;
    }

    function _payerOf(address operator) private view returns (address) {
        address controller = registry.getNodeController(operator);
        return controller == address(0) ? operator : controller;
    }

    function _actor(uint256 seed) private view returns (address) {
        return actors[seed % 256 % ACTORS];
    }

    function _check(bool holds, string memory rule) private {
        if (!holds && bytes(violation).length == 0) violation = rule;
    }
}
