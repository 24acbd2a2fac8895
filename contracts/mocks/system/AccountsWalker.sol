// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {Operation, SessionPolicy} from "../../interfaces/IBaseAccountIntegration.sol";
import {AccountOwnerWalker} from "./AccountOwnerWalker.sol";
import {System, WalkLog} from "./System.sol";

/// @notice One account on the real EntryPoint and two session keys that try more than they may.
abstract contract AccountsWalker is AccountOwnerWalker {
    constructor(System memory system, WalkLog log_) AccountOwnerWalker(system, log_) {}

    /// @notice What the owner decides about keys.
    function decide(uint256 seed) external walks {
        uint256 who = seed % KEYS;
        uint256 step = (seed >> 8) % 10;
        // A key that lives on comes to the end of its grant.
        if (step < 5 && _isLive(who) && (seed >> 24) % 4 != 0) step = 9;
        if (step < 4) {
            SessionPolicy memory policy = _policy(seed, who);
            bytes memory data = abi.encodeCall(s.account.addSessionKeyWithPolicy, (policy));
            if (!_asOwner("addSessionKeyWithPolicy", data)) return log.broken("a sound policy was refused");
            _granted(who, policy);
        } else if (step == 4) {
            uint48 expiry = uint48(block.timestamp + 1 hours);
            _asOwner("addSessionKey", abi.encodeCall(s.account.addSessionKey, (_keys[who], expiry)));
            delete _ghosts[who];
            (_ghosts[who].live, _ghosts[who].uses, _ghosts[who].validUntil) = (true, 1_000, expiry);
        } else if (step == 5) {
            bool success = _asOwner("revokeSessionKey", abi.encodeCall(s.account.revokeSessionKey, (_keys[who])));
            _check(success || !_ghosts[who].live, "I6: a revocation was refused");
            _ghosts[who].live = false;
        } else if (step == 6 && (seed >> 16) % 4 == 0) {
            bool success = _asOwner("revokeAllSessionKeys", abi.encodeCall(s.account.revokeAllSessionKeys, ()));
            _check(success, "I6: revoking everything was refused");
            _allDead();
        } else {
            _rule(seed);
        }
    }

    /// @notice The owner's own operations, sponsored.
    function _rule(uint256 seed) private {
        (string memory name, bytes memory data) = ("execute", _execute(_one(address(s.market), 0, abi.encodeWithSignature("withdraw(address)", _token(seed >> 16)))));
        uint256 step = (seed >> 24) % 5;
        if (step == 0) {
            _fund(address(s.account), ETH, 1 ether, address(0));
            uint256 deadline = block.timestamp + 2 hours;
            (name, data) = ("createJobViaAccount", abi.encodeCall(s.account.createJobViaAccount, ("perceptron", bytes32(uint256(11)), 1 ether, deadline)));
            if (_full()) return;
        } else if (step == 1) {
            _fund(address(s.account), address(s.fab), 2_000e18, address(s.registry));
            (name, data) = ("registerNodeViaAccount", abi.encodeCall(s.account.registerNodeViaAccount, ("gpu")));
        } else if (step == 2) {
            Operation[] memory calls = _one(address(s.market), 0, abi.encodeCall(s.market.setDefaultCoSigner, (_keys[0])));
            (name, data) = ("executeBatch", abi.encodeCall(s.account.executeBatch, (calls)));
        } else if (step == 3) {
            (name, data) = ("executeUserOp", abi.encodePacked(s.account.executeUserOp.selector, data));
        }
        if (_ownedSponsored(data)) log.note(name);
    }

    /// @notice Operations of a key: within its grant, beyond it, or on what it must never reach.
    function use(uint256 seed, uint256 amount) external walks {
        uint256 who = (seed >> 200) % KEYS;
        for (uint256 i; i < 3; ++i) {
            _use(who, uint256(keccak256(abi.encode(seed, i))), uint256(keccak256(abi.encode(amount, i))));
        }
    }

    function _use(uint256 who, uint256 seed, uint256 amount) private {
        Operation[] memory calls = _calls(seed, amount);
        PackedUserOperation memory op = _operation(1, _keys[who], _execute(calls));
        bool ownGas = (seed >> 208) % 4 == 0;
        if (!ownGas) _sponsored(op);
        op.signature = _mark(log.keyOf(_keys[who]), s.entryPoint.getUserOpHash(op));
        (bool included, bool ran) = _keyOperation(who, op);
        if (ran) log.note("keyOperation");
        if (included && ownGas) log.note("keyPaidByAccount");
    }

    /// @notice The seeds' direct claim of a key that pays its own gas.
    function claimDirectly(uint256 seed) external walks {
        uint256 who = seed % KEYS;
        uint256 jobId = _pick(seed >> 8, false);
        uint256[2] memory before = _wealth();
        bytes memory data = abi.encodeCall(s.account.claimJobViaSessionKey, (address(s.account), jobId));
        bool success = _act("claimJobViaSessionKey", _keys[who], address(s.account), 0, data);
        _used(who, before, success, 0);
    }
}
