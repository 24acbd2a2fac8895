// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IControlledNodes} from "../interfaces/IControlledNodes.sol";
import {IHostOffers} from "../interfaces/IHostOffers.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IStakeSlashing} from "../interfaces/IStakeSlashing.sol";
import {Vm} from "./Test.sol";

/// @notice An indexer: the state of the registry from nothing but its events.
contract RegistryIndex {
    struct Entry {
        address controller;
        uint256 stake;
        uint256 unbonding;
        uint256 unbondingEndsAt;
        uint256 jailedUntil;
        uint256 maxSessions;
        bool accepting;
        bytes32 metadataHash;
    }

    mapping(address operator => Entry) private _entries;
    mapping(address operator => bytes32[]) private _models;
    mapping(address operator => mapping(bytes32 model => mapping(address token => uint256))) public prices;
    mapping(address operator => mapping(address controller => uint256)) public offers;
    mapping(address recipient => uint256) public slashed;
    uint256 public nodeCount;
    uint256 public minimum;
    uint256 public minimumAppliesAt;
    bool public importClosed;

    function entry(address operator) external view returns (Entry memory) {
        return _entries[operator];
    }

    function models(address operator) external view returns (bytes32[] memory) {
        return _models[operator];
    }

    function read(Vm.Log[] calldata logs) external {
        for (uint256 i; i < logs.length; ++i) {
            Vm.Log calldata log = logs[i];
            bytes32 topic = log.topics[0];
            if (log.topics.length == 1) _readGlobal(topic, log.data);
            else _read(topic, _address(log.topics[1]), log);
        }
    }

    function _readGlobal(bytes32 topic, bytes calldata data) private {
        if (topic == INodeRegistry.MinimumStakeSet.selector) {
            (minimum, minimumAppliesAt) = abi.decode(data, (uint256, uint256));
        } else if (topic == INodeRegistry.ImportClosed.selector) {
            importClosed = true;
        }
    }

    function _read(bytes32 topic, address subject, Vm.Log calldata log) private {
        Entry storage node = _entries[subject];
        if (topic == INodeRegistry.NodeRegistered.selector) {
            string memory metadata;
            (node.stake, metadata) = abi.decode(log.data, (uint256, string));
            node.metadataHash = keccak256(bytes(metadata));
            node.controller = _address(log.topics[2]);
            node.accepting = true;
            ++nodeCount;
        } else if (topic == INodeRegistry.NodeUnregistered.selector) {
            node.controller = address(0);
            node.accepting = false;
            node.metadataHash = 0;
            --nodeCount;
        } else if (topic == INodeRegistry.StakeAdded.selector) {
            (uint256 amount,) = abi.decode(log.data, (uint256, uint256));
            node.stake += amount;
        } else if (topic == INodeRegistry.UnstakeRequested.selector) {
            (uint256 amount, uint256 endsAt) = abi.decode(log.data, (uint256, uint256));
            node.stake -= amount;
            node.unbonding += amount;
            node.unbondingEndsAt = endsAt;
        } else if (topic == INodeRegistry.StakeWithdrawn.selector || topic == INodeRegistry.UnstakeReused.selector) {
            _leaves(node, abi.decode(log.data, (uint256)));
        } else if (topic == INodeRegistry.MetadataUpdated.selector) {
            node.metadataHash = keccak256(bytes(abi.decode(log.data, (string))));
        } else if (topic == INodeRegistry.AcceptingSet.selector) {
            node.accepting = abi.decode(log.data, (bool));
        } else {
            _readMore(topic, subject, log);
        }
    }

    function _readMore(bytes32 topic, address subject, Vm.Log calldata log) private {
        if (topic == IStakeSlashing.NodeSlashed.selector) {
            (uint256 fromStake, uint256 fromUnbonding,) = abi.decode(log.data, (uint256, uint256, string));
            _taken(subject, _address(log.topics[2]), fromStake, fromUnbonding);
        } else if (topic == IStakeSlashing.ClaimBondForfeited.selector) {
            (uint256 fromStake, uint256 fromUnbonding) = abi.decode(log.data, (uint256, uint256));
            _taken(subject, _address(log.topics[2]), fromStake, fromUnbonding);
        } else if (topic == IStakeSlashing.SlashedClaimed.selector) {
            slashed[subject] -= abi.decode(log.data, (uint256));
        } else if (topic == IStakeSlashing.NodeJailed.selector) {
            _entries[subject].jailedUntil = abi.decode(log.data, (uint256));
        } else if (topic == IControlledNodes.ControlProposed.selector) {
            (uint256 amount,) = abi.decode(log.data, (uint256, string));
            offers[subject][_address(log.topics[2])] = amount;
        } else if (
            topic == IControlledNodes.ControlCancelled.selector || topic == IControlledNodes.ControllerSet.selector
        ) {
            delete offers[subject][_address(log.topics[2])];
        } else if (topic == IHostOffers.ModelsSet.selector) {
            _models[subject] = abi.decode(log.data, (bytes32[]));
        } else if (topic == IHostOffers.PriceSet.selector) {
            prices[subject][log.topics[2]][_address(log.topics[3])] = abi.decode(log.data, (uint256));
        } else if (topic == IHostOffers.MaxSessionsSet.selector) {
            _entries[subject].maxSessions = abi.decode(log.data, (uint256));
        }
    }

    function _taken(address node, address recipient, uint256 fromStake, uint256 fromUnbonding) private {
        _entries[node].stake -= fromStake;
        if (fromUnbonding != 0) _leaves(_entries[node], fromUnbonding);
        slashed[recipient] += fromStake + fromUnbonding;
    }

    function _leaves(Entry storage node, uint256 amount) private {
        node.unbonding -= amount;
        if (node.unbonding == 0) node.unbondingEndsAt = 0;
    }

    function _address(bytes32 topic) private pure returns (address) {
        return address(uint160(uint256(topic)));
    }
}
