// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {
    ArgumentPin,
    CallPermission,
    Operation,
    SessionPolicy,
    TokenLimit
} from "../../interfaces/IBaseAccountIntegration.sol";
import {ISessionJobs} from "../../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../../interfaces/ISingleJobs.sol";
import {Vm} from "../Test.sol";
import {System, WalkLog} from "./System.sol";
import {SystemWalker} from "./SystemWalker.sol";

/// @notice The owner of the account and its two session keys: what each key was granted, what it has spent, and how
/// their operations are made.
/// @dev What the account holds, in the marketplace and at the EntryPoint too, is its wealth; only operations of a key
/// are compared.
abstract contract AccountKeys is SystemWalker {
    struct Ghost {
        bool live;
        uint48 validUntil;
        uint32 uses;
        uint256 maxGasCost;
        uint256[2] total;
        uint256[2] spent;
    }

    /// @dev Who can own the account: two secp256k1 keys, one P-256 key.
    struct Owner {
        address account;
        uint256 key;
        bytes encoded;
    }

    bytes32 private constant BATCH = bytes32(uint256(1) << 248);
    address internal constant BENEFICIARY = address(0xbe4ef1c1a27);
    uint256 internal constant KEYS = 2;
    uint256 internal constant OWNERS = 3;

    address[KEYS] internal _keys;
    Ghost[KEYS] internal _ghosts;
    Owner[OWNERS] private _owners;
    uint256 internal _ownedBy;
    uint256 private immutable _sponsorKey;

    constructor(System memory system, WalkLog log_) SystemWalker(system, log_) {
        (, _sponsorKey) = makeAddrAndKey("sponsor");
        string[KEYS] memory names = ["first key", "second key"];
        for (uint256 i; i < KEYS; ++i) {
            uint256 key;
            (_keys[i], key) = makeAddrAndKey(names[i]);
            log_.setKey(_keys[i], key);
        }
        string[2] memory owners = ["account owner", "second account owner"];
        for (uint256 i; i < 2; ++i) {
            (address account, uint256 key) = makeAddrAndKey(owners[i]);
            _owners[i] = Owner(account, key, abi.encodePacked(account));
        }
        (uint256 x, uint256 y) = vm.publicKeyP256(7);
        _owners[2] = Owner(address(0), 7, abi.encodePacked(x, y));
    }

    function _owner(uint256 who) internal view returns (Owner memory) {
        return _owners[who];
    }

    /// @dev As the owner itself where that is an account, by an operation of its key otherwise.
    function _asOwner(string memory name, bytes memory data) internal returns (bool success) {
        Owner memory owner = _owners[_ownedBy];
        if (owner.account != address(0)) return _act(name, owner.account, address(s.account), 0, data);
        success = _owned(_ownedBy, _execute(_one(address(s.account), 0, data)));
        if (success) log.note(name);
    }

    /// @dev An operation signed by `who`, paid by the account: the sponsor may be empty.
    function _owned(uint256 who, bytes memory data) internal returns (bool ran) {
        _fund(address(s.account), ETH, 0.01 ether, address(0));
        PackedUserOperation memory op = _operation(0, address(0), data);
        op.signature = _ownerSignature(who, s.entryPoint.getUserOpHash(op));
        (, ran) = _handled(op);
    }

    /// @dev An operation of the owner that the sponsor pays for.
    function _ownedSponsored(bytes memory data) internal returns (bool ran) {
        PackedUserOperation memory op = _operation(0, address(0), data);
        _sponsored(op);
        op.signature = _ownerSignature(_ownedBy, s.entryPoint.getUserOpHash(op));
        (, ran) = _handled(op);
    }

    function _ownerSignature(uint256 who, bytes32 digest) internal view returns (bytes memory) {
        Owner memory owner = _owners[who];
        if (owner.account != address(0)) return _mark(owner.key, digest);
        (bytes32 r, bytes32 s_) = vm.signP256(owner.key, digest);
        // Low s only.
        uint256 n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551;
        if (uint256(s_) > n / 2) s_ = bytes32(n - uint256(s_));
        return abi.encodePacked(uint8(1), r, s_);
    }

    function _granted(uint256 who, SessionPolicy memory policy) internal {
        Ghost storage ghost = _ghosts[who];
        (ghost.live, ghost.uses, ghost.validUntil) = (true, policy.uses, policy.validUntil);
        (ghost.maxGasCost, ghost.spent) = (policy.maxGasCost, [uint256(0), 0]);
        ghost.total = [uint256(policy.limits[0].total), policy.limits[1].total];
    }

    function _isLive(uint256 who) internal view returns (bool) {
        Ghost storage ghost = _ghosts[who];
        return ghost.live && ghost.uses != 0 && block.timestamp <= ghost.validUntil;
    }

    /// @dev All keys and unused grants are dead from now on.
    function _allDead() internal {
        for (uint256 i; i < KEYS; ++i) {
            _ghosts[i].live = false;
            (bool active,,,) = s.account.getSessionKey(_keys[i]);
            _check(!active, "I7: a key survived the end of its epoch");
        }
    }

    /// @dev After an operation of a key.
    /// @param paidGas Wei that the EntryPoint collected from the account itself.
    function _used(uint256 who, uint256[2] memory before, bool included, uint256 paidGas) internal {
        Ghost storage ghost = _ghosts[who];
        uint256[2] memory afterwards = _wealth();
        if (included) {
            _check(ghost.live && block.timestamp <= ghost.validUntil, "I7: a dead key was used");
            _check(ghost.uses != 0, "I7: a key was used too often");
            if (ghost.uses != 0) --ghost.uses;
            _check(paidGas <= ghost.maxGasCost, "I7: an operation cost the account more than was granted");
        }
        afterwards[0] += paidGas;
        for (uint256 i; i < 2; ++i) {
            if (afterwards[i] >= before[i]) continue;
            _check(included, "I7: a refused operation moved something");
            ghost.spent[i] += before[i] - afterwards[i];
            log.note("keySpent");
            _check(ghost.spent[i] <= ghost.total[i], "I7: more left than was granted");
        }
    }

    function _wealth() internal view returns (uint256[2] memory wealth) {
        address account = address(s.account);
        wealth[0] = account.balance + s.market.withdrawable(account, ETH) + s.entryPoint.balanceOf(account);
        wealth[1] = IERC20(s.tokens[1]).balanceOf(account) + s.market.withdrawable(account, s.tokens[1]);
    }

    function _policy(uint256 seed, uint256 who) internal view returns (SessionPolicy memory policy) {
        bytes4[8] memory selectors = [
            ISessionJobs.createSession.selector,
            ISessionJobs.createSessionFromDeposit.selector,
            ISingleJobs.createJob.selector,
            ISessionJobs.completeSessionJob.selector,
            ISingleJobs.cancelJob.selector,
            bytes4(keccak256("withdraw(address)")),
            s.market.depositPrepaid.selector,
            ISingleJobs.claimJob.selector
        ];
        policy.key = _keys[who];
        policy.validUntil = uint48(block.timestamp + 10 minutes + (seed >> 16) % 60 days);
        policy.uses = uint32(1 + (seed >> 48) % 30);
        policy.calls = new CallPermission[](selectors.length + 1);
        for (uint256 i; i < selectors.length; ++i) {
            policy.calls[i] = CallPermission(address(s.market), selectors[i]);
        }
        policy.calls[selectors.length] = CallPermission(s.tokens[1], IERC20.approve.selector);
        policy.limits = new TokenLimit[](2);
        policy.limits[0] = TokenLimit(ETH, 0.5 ether, uint128(1 + (seed >> 64) % 1 ether));
        policy.limits[1] = TokenLimit(s.tokens[1], 50e6, uint128(1 + (seed >> 128) % 100e6));
        policy.payers = new address[](1);
        policy.payers[0] = address(s.sponsor);
        policy.pins = new ArgumentPin[](0);
        // Half of the keys may let the account pay their gas, some of them too little for an operation.
        if ((seed >> 40) % 2 == 0) policy.maxGasCost = uint128((seed >> 41) % 0.01 ether);
    }

    function _operation(uint256 kind, address key, bytes memory data)
        internal
        view
        returns (PackedUserOperation memory op)
    {
        op.sender = address(s.account);
        op.nonce = s.entryPoint.getNonce(op.sender, (uint192(kind) << 184) | uint160(key));
        op.callData = data;
        op.accountGasLimits = bytes32((uint256(2_000_000) << 128) | 2_000_000);
        op.preVerificationGas = 50_000;
        op.gasFees = bytes32((uint256(1 gwei) << 128) | 1 gwei);
    }

    function _sponsored(PackedUserOperation memory op) internal view {
        bytes memory head = abi.encodePacked(
            s.sponsor, uint128(100_000), uint128(0), bytes16("policy"), uint48(block.timestamp - 1), uint48(block.timestamp + 600)
        );
        op.paymasterAndData = abi.encodePacked(head, new bytes(65));
        (uint8 v, bytes32 r, bytes32 s_) = vm.sign(_sponsorKey, s.sponsor.sponsorshipHash(op));
        op.paymasterAndData = abi.encodePacked(head, r, s_, v);
    }

    function _mark(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s_) = vm.sign(key, digest);
        return abi.encodePacked(uint8(0), r, s_, v);
    }

    /// @return included Whether its nonce was used.
    /// @return ran Whether its call succeeded too.
    function _handled(PackedUserOperation memory op) internal returns (bool included, bool ran) {
        PackedUserOperation[] memory ops = new PackedUserOperation[](1);
        ops[0] = op;
        vm.recordLogs();
        try s.entryPoint.handleOps(ops, payable(BENEFICIARY)) {
            log.note("handleOps");
        } catch {}
        included = s.entryPoint.getNonce(op.sender, uint192(op.nonce >> 64)) != op.nonce;
        if (included) ran = _succeeded();
    }

    /// @dev By the EntryPoint's own word.
    function _succeeded() private returns (bool success) {
        bytes32 topic = keccak256("UserOperationEvent(bytes32,address,address,uint256,bool,uint256,uint256)");
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].emitter != address(s.entryPoint) || logs[i].topics[0] != topic) continue;
            (, success,,) = abi.decode(logs[i].data, (uint256, bool, uint256, uint256));
        }
    }

    function _execute(Operation[] memory calls) internal pure returns (bytes memory) {
        return abi.encodeWithSignature("execute(bytes32,bytes)", BATCH, abi.encode(calls));
    }

    function _one(address target, uint256 value, bytes memory data) internal pure returns (Operation[] memory calls) {
        calls = new Operation[](1);
        calls[0] = Operation(target, value, data);
    }
}
