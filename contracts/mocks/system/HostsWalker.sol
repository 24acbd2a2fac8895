// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IHostReputation} from "../../interfaces/IHostReputation.sol";
import {IMarketplaceLedger} from "../../interfaces/IMarketplaceLedger.sol";
import {INodeRegistry} from "../../interfaces/INodeRegistry.sol";
import {IRevenueSplitter} from "../../interfaces/IRevenueSplitter.sol";
import {IStakerRewards} from "../../interfaces/IStakerRewards.sol";
import {IStakersPool} from "../../interfaces/IStakersPool.sol";
import {IStakingTiers} from "../../interfaces/IStakingTiers.sol";
import {System, WalkLog} from "./System.sol";
import {SystemWalker} from "./SystemWalker.sol";

/// @notice Every function of registry, reputation, stakers' pool and splitter, and the way money leaves the ledger.
abstract contract HostsWalker is SystemWalker {
    constructor(System memory system, WalkLog log_) SystemWalker(system, log_) {}

    /// @notice What a node does with itself. Hosts that have left mostly come back.
    function operate(uint256 seed, uint256 amount) external walks {
        address node = (seed >> 8) % 4 == 0 ? _anyone(seed) : s.hosts[seed % s.hosts.length];
        amount = bound(amount, 1, 1_500e18);
        address registry = address(s.registry);
        uint256 step = (seed >> 16) % 24;
        INodeRegistry.Node memory stored = s.registry.getNode(node);
        if (stored.unbonding != 0 && block.timestamp >= stored.unbondingEndsAt && seed % 2 == 0) {
            _withdrawUnstaked(node);
        } else if (!s.registry.isAcceptingNode(node) && step > 2) {
            _revive(node);
        } else if (step < 4) {
            _fund(node, address(s.fab), amount, registry);
            _act("stake", node, registry, 0, abi.encodeCall(INodeRegistry.stake, (amount)));
        } else if (step == 4) {
            _act("requestUnstake", node, registry, 0, abi.encodeCall(INodeRegistry.requestUnstake, (amount)));
        } else if (step == 5) {
            _act("unregisterNode", node, registry, 0, abi.encodeCall(INodeRegistry.unregisterNode, ()));
        } else if (step < 12) {
            _withdrawUnstaked(node);
        } else {
            _offer(node, amount, step);
        }
    }

    function _revive(address node) private {
        address registry = address(s.registry);
        _fund(node, address(s.fab), 2_000e18, registry);
        if (s.registry.getNode(node).controller == address(0)) {
            _act("registerNode", node, registry, 0, abi.encodeCall(INodeRegistry.registerNode, ("gpu")));
        } else {
            _act("stake", node, registry, 0, abi.encodeCall(INodeRegistry.stake, (1_000e18)));
        }
        _act("setAccepting", node, registry, 0, abi.encodeCall(INodeRegistry.setAccepting, (true)));
    }

    function _withdrawUnstaked(address node) private {
        INodeRegistry.Node memory before = s.registry.getNode(node);
        bytes memory data = abi.encodeCall(INodeRegistry.withdrawUnstaked, ());
        if (!_act("withdrawUnstaked", node, address(s.registry), 0, data)) return;
        _check(s.market.openObligations(node) == 0, "stake left while work was open");
        _check(block.timestamp >= before.unbondingEndsAt, "stake left early");
    }

    function _offer(address node, uint256 amount, uint256 step) private {
        address registry = address(s.registry);
        bytes32[] memory models = new bytes32[](amount % 2);
        if (models.length != 0) models[0] = MODEL;
        if (step < 15) _act("setModels", node, registry, 0, abi.encodeCall(s.registry.setModels, (models)));
        else if (step < 18) _act("setPrice", node, registry, 0, abi.encodeCall(s.registry.setPrice, (0, ETH, amount % 100)));
        else if (step < 20) _act("setMaxSessions", node, registry, 0, abi.encodeCall(s.registry.setMaxSessions, (amount % 4)));
        else if (step < 22) _act("updateMetadata", node, registry, 0, abi.encodeCall(INodeRegistry.updateMetadata, ("new")));
        else _act("setAccepting", node, registry, 0, abi.encodeCall(INodeRegistry.setAccepting, (amount % 4 != 0)));
    }

    /// @notice Nodes that somebody else pays, claims on slashed stake, and the import.
    function control(uint256 seed, uint256 amount) external walks {
        (address operator, address payer) = (_anyone(seed), _anyone(seed >> 8));
        address registry = address(s.registry);
        address controller = s.registry.getNodeController(operator);
        if ((seed >> 24) % 4 != 0 && controller != address(0)) payer = controller;
        amount = bound(amount, 1, 1_500e18);
        uint256 step = (seed >> 16) % 9;
        if (step == 0) {
            _fund(payer, address(s.fab), 2_000e18, registry);
            bytes memory data = abi.encodeCall(s.registry.registerControlledNode, ("controlled", operator));
            _act("registerControlledNode", payer, registry, 0, data);
        } else if (step == 1) {
            (operator, payer) = _offered(seed);
            _act("acceptControl", operator, registry, 0, abi.encodeCall(s.registry.acceptControl, (payer)));
        } else if (step == 2) {
            (operator, payer) = _offered(seed);
            bytes memory data = abi.encodeCall(s.registry.cancelControlledNode, (operator));
            _act("cancelControlledNode", payer, registry, 0, data);
        } else if (step == 3) {
            _fund(payer, address(s.fab), amount, registry);
            bytes memory data = abi.encodeCall(s.registry.stakeControlled, (operator, amount));
            _act("stakeControlled", payer, registry, 0, data);
        } else if (step == 4) {
            bytes memory data = abi.encodeCall(s.registry.requestUnstakeControlled, (operator, amount));
            _act("requestUnstakeControlled", payer, registry, 0, data);
        } else if (step == 5) {
            if ((seed >> 32) % 4 != 0) return;
            bytes memory data = abi.encodeCall(s.registry.unregisterControlledNode, (operator));
            _act("unregisterControlledNode", payer, registry, 0, data);
        } else if (step == 6) {
            (operator, payer) = _leaving(seed);
            bytes memory data = abi.encodeCall(s.registry.withdrawControlled, (operator));
            bool success = _act("withdrawControlled", payer, registry, 0, data);
            _check(!success || s.market.openObligations(operator) == 0, "controlled stake left while work was open");
        } else if (step == 7) {
            _claimSlashed(_anyone(seed >> 40));
        } else {
            _fund(s.migrator, address(s.fab), amount, registry);
            bytes memory data = abi.encodeCall(INodeRegistry.importStake, (operator, payer, amount, "old"));
            _act("importStake", s.migrator, registry, 0, data);
        }
    }

    function _offered(uint256 seed) private view returns (address operator, address payer) {
        uint256 size = s.everyone.length;
        for (uint256 i; i < size * size; ++i) {
            uint256 at = (seed + i) % (size * size);
            (operator, payer) = (s.everyone[at / size], s.everyone[at % size]);
            (uint256 offered,) = s.registry.pendingControl(operator, payer);
            if (offered != 0) break;
        }
    }

    /// @dev A node whose stake belongs to another one and is unbonding, if there is one.
    function _leaving(uint256 seed) private view returns (address operator, address payer) {
        for (uint256 i; i < s.everyone.length; ++i) {
            operator = _anyone(seed % 256 + i);
            payer = s.registry.getNodeController(operator);
            if (payer != operator && s.registry.getNode(operator).unbonding != 0) break;
        }
    }

    function _claimSlashed(address account) private {
        (uint256 owed, uint256 before) = (s.registry.slashedUnclaimed(account), s.fab.balanceOf(account));
        bool success =
            _act("claimSlashed", account, address(s.registry), 0, abi.encodeCall(s.registry.claimSlashed, ()));
        _check(success == (owed != 0), "I6: a claim of slashed stake was refused");
        _check(s.fab.balanceOf(account) == before + owed, "claimed is not what was owed");
    }

    /// @notice Money into and out of the marketplace's ledger.
    function bank(uint256 seed, uint256 amount) external walks {
        (address account, address token) = (_anyone(seed), _token(seed >> 8));
        address market = address(s.market);
        uint256 step = (seed >> 16) % 6;
        if (step == 0) {
            amount = _amount(token, amount);
            _fund(account, token, amount, market);
            bytes memory data = abi.encodeCall(IMarketplaceLedger.depositPrepaid, (token, amount));
            _act("depositPrepaid", account, market, token == ETH ? amount : 0, data);
        } else if (step == 1) {
            _act("distributeFees", address(0xdead), market, 0, abi.encodeCall(IMarketplaceLedger.distributeFees, (token)));
        } else if (step == 2) {
            address[] memory all = new address[](2);
            (all[0], all[1]) = (token, _token((seed >> 8) + 1));
            _act("withdrawAll", account, market, 0, abi.encodeWithSignature("withdrawAll(address[])", all));
        } else if (step == 3) {
            _act("withdraw", account, market, 0, abi.encodeWithSignature("withdraw(address)", token));
        } else if (step == 4) {
            bytes memory data = abi.encodeWithSignature("withdraw(address,address)", token, _anyone(seed >> 24));
            _act("withdrawTo", account, market, 0, data);
        } else {
            address key = log.keyOf(account) == 0 ? s.operator : account;
            _act("setDefaultCoSigner", account, market, 0, abi.encodeCall(s.market.setDefaultCoSigner, (key)));
        }
    }

    function recommend(uint256 seed, uint256 amount) external walks {
        if (s.market.lastJobId() == 0) return;
        uint256 jobId = 1 + seed % s.market.lastJobId();
        bool session = _isSession(jobId);
        address host = session ? s.market.getSessionDetails(jobId).host : s.market.getJob(jobId).host;
        address renter = session ? s.market.getSessionDetails(jobId).renter : s.market.getJob(jobId).renter;
        address reputation = address(s.reputation);
        if ((seed >> 8) % 3 == 0) {
            _act("recordSettled", address(0xdead), reputation, 0, abi.encodeCall(IHostReputation.recordSettled, (jobId)));
        } else if ((seed >> 8) % 3 == 1) {
            bytes memory data = abi.encodeCall(IHostReputation.rateHost, (host, jobId, amount % 5 + 1, "good"));
            _act("rateHost", renter, reputation, 0, data);
        } else {
            (address[] memory hosts, uint32[] memory scores) = (new address[](1), new uint32[](1));
            (hosts[0], scores[0]) = (_anyone(seed >> 16), uint32(amount % 200));
            bytes memory data = abi.encodeCall(IHostReputation.importScores, (hosts, scores));
            _act("importScores", s.migrator, reputation, 0, data);
        }
    }

    /// @notice Positions in the stakers' pool.
    function pool(uint256 seed, uint256 amount) external walks {
        address staker = _anyone(seed);
        address target = address(s.pool);
        IStakingTiers.Tier tier = IStakingTiers.Tier((seed >> 8) % 5);
        uint256 count = s.pool.positionCount(staker);
        uint256 step = count == 0 ? 0 : (seed >> 16) % 5;
        uint256 id = count == 0 ? 0 : (seed >> 24) % count;
        uint256 held = s.pool.position(staker, id).amount;
        if (step == 0) {
            if (count == 4) return;
            amount = bound(amount, s.pool.tierTerms(tier).minimum, 200_000e18);
            _fund(staker, address(s.fab), amount, target);
            _act("stakePosition", staker, target, 0, abi.encodeCall(IStakingTiers.stake, (tier, amount)));
        } else if (step == 1) {
            amount = amount % 2 == 0 ? held : bound(amount, 0, held);
            _act("unstakePosition", staker, target, 0, abi.encodeCall(IStakingTiers.unstake, (id, amount)));
        } else if (step == 2) {
            _act("exitEarly", staker, target, 0, abi.encodeCall(IStakingTiers.exitEarly, (id)));
        } else if (step == 3 && block.timestamp < s.pool.position(staker, id).unlocksAt) {
            _act("relock", staker, target, 0, abi.encodeCall(IStakingTiers.relock, (id, tier)));
        } else {
            _act("lapse", address(0xdead), target, 0, abi.encodeCall(IStakingTiers.lapse, (staker, id)));
        }
    }

    /// @notice Rewards of the pool, and the splitter that feeds it.
    function rewards(uint256 seed, uint256 amount) external walks {
        (address account, address token) = (_anyone(seed), _token(seed >> 8));
        (address target, address splitter) = (address(s.pool), address(s.splitter));
        uint256 step = (seed >> 16) % 8;
        amount = _amount(token, amount);
        if (step == 0) {
            _fund(account, token, amount, target);
            bytes memory data = abi.encodeCall(IStakersPool.notifyReward, (token, amount));
            _act("notifyReward", account, target, token == ETH ? amount : 0, data);
        } else if (step == 1) {
            _act("claim", account, target, 0, abi.encodeWithSignature("claim(address)", token));
        } else if (step == 2) {
            bytes memory data = abi.encodeWithSignature("claim(address,address)", token, _anyone(seed >> 24));
            _act("claimTo", account, target, 0, data);
        } else if (step == 3) {
            _act("claimAll", account, target, 0, abi.encodeCall(IStakerRewards.claimAll, ()));
        } else if (step == 4) {
            _act("sync", account, target, 0, abi.encodeCall(IStakerRewards.sync, (token)));
        } else if (step == 5) {
            _fund(account, token, amount, splitter);
            bytes memory data = abi.encodeCall(IRevenueSplitter.split, (token, amount, _anyone(seed >> 24)));
            _act("split", account, splitter, token == ETH ? amount : 0, data);
        } else if (step == 6) {
            _act("withdrawShare", account, splitter, 0, abi.encodeWithSignature("withdraw(address)", token));
        } else {
            bytes memory data = abi.encodeWithSignature("withdraw(address,address)", token, _anyone(seed >> 24));
            _act("withdrawShareTo", account, splitter, 0, data);
        }
    }
}
