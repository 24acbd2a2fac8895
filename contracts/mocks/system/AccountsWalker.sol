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
import {System, WalkLog} from "./System.sol";
import {SystemWalker} from "./SystemWalker.sol";

/// @notice One account on the real EntryPoint, two session keys that try more than they may, sponsored operations, and
/// the vault that feeds the sponsor.
/// @dev What the account holds and what the marketplace owes it is its wealth; only operations of a key are compared.
abstract contract AccountsWalker is SystemWalker {
    struct Ghost {
        bool live;
        uint48 validUntil;
        uint32 uses;
        uint256[2] total;
        uint256[2] spent;
    }

    bytes32 private constant BATCH = bytes32(uint256(1) << 248);
    uint256 private constant KEYS = 2;

    address[KEYS] private _keys;
    uint256 private immutable _ownerKey;
    uint256 private immutable _sponsorKey;
    address private immutable _owner;
    Ghost[KEYS] private _ghosts;

    constructor(System memory system, WalkLog log_) SystemWalker(system, log_) {
        (_owner, _ownerKey) = makeAddrAndKey("account owner");
        (, _sponsorKey) = makeAddrAndKey("sponsor");
        string[KEYS] memory names = ["first key", "second key"];
        for (uint256 i; i < KEYS; ++i) {
            uint256 key;
            (_keys[i], key) = makeAddrAndKey(names[i]);
            log_.setKey(_keys[i], key);
        }
    }

    /// @notice What the owner decides about keys.
    function decide(uint256 seed) external walks {
        uint256 who = seed % KEYS;
        address account = address(s.account);
        uint256 step = (seed >> 8) % 10;
        if (step < 4) {
            SessionPolicy memory policy = _policy(seed, who);
            bytes memory data = abi.encodeCall(s.account.addSessionKeyWithPolicy, (policy));
            if (!_act("addSessionKeyWithPolicy", _owner, account, 0, data)) return log.broken("a sound policy was refused");
            delete _ghosts[who];
            (_ghosts[who].live, _ghosts[who].uses, _ghosts[who].validUntil) = (true, policy.uses, policy.validUntil);
            _ghosts[who].total = [uint256(policy.limits[0].total), policy.limits[1].total];
        } else if (step == 4) {
            uint48 expiry = uint48(block.timestamp + 1 hours);
            _act("addSessionKey", _owner, account, 0, abi.encodeCall(s.account.addSessionKey, (_keys[who], expiry)));
            delete _ghosts[who];
            (_ghosts[who].live, _ghosts[who].uses, _ghosts[who].validUntil) = (true, 1_000, expiry);
        } else if (step == 5) {
            bytes memory data = abi.encodeCall(s.account.revokeSessionKey, (_keys[who]));
            bool success = _act("revokeSessionKey", _owner, account, 0, data);
            _check(success || !_ghosts[who].live, "I6: a revocation was refused");
            _ghosts[who].live = false;
        } else if (step == 6 && (seed >> 16) % 4 == 0) {
            bool success =
                _act("revokeAllSessionKeys", _owner, account, 0, abi.encodeCall(s.account.revokeAllSessionKeys, ()));
            _check(success, "I6: revoking everything was refused");
            for (uint256 i; i < KEYS; ++i) {
                _ghosts[i].live = false;
            }
        } else if (step == 7) {
            _act("cancelGrant", _owner, account, 0, abi.encodeCall(s.account.cancelGrant, (bytes32(seed))));
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
        PackedUserOperation memory op = _operation(0, address(0), data);
        _sponsored(op);
        op.signature = _mark(_ownerKey, s.entryPoint.getUserOpHash(op));
        if (_handled(op)) log.note(name);
    }

    /// @notice A sponsored operation of a key: within its grant, beyond it, or on what it must never reach.
    function use(uint256 seed, uint256 amount) external walks {
        uint256 who = (seed >> 200) % KEYS;
        Operation[] memory calls = _calls(seed, amount);
        uint256[2] memory before = _wealth();
        (uint256 fab, uint256 thief) = (s.fab.balanceOf(address(s.account)), _stolen());
        PackedUserOperation memory op = _operation(1, _keys[who], _execute(calls));
        _sponsored(op);
        op.signature = _mark(log.keyOf(_keys[who]), s.entryPoint.getUserOpHash(op));
        bool included = _handled(op);
        _used(who, before, included);
        if (included) log.note("keyOperation");
        _check(s.fab.balanceOf(address(s.account)) >= fab, "I7: a key moved a token without a limit");
        _check(_stolen() == thief, "I7: a key got money for itself");
    }

    /// @notice The seeds' direct claim of a key that pays its own gas.
    function claimDirectly(uint256 seed) external walks {
        uint256 who = seed % KEYS;
        uint256 jobId = _pick(seed >> 8, false);
        uint256[2] memory before = _wealth();
        bytes memory data = abi.encodeCall(s.account.claimJobViaSessionKey, (address(s.account), jobId));
        bool success = _act("claimJobViaSessionKey", _keys[who], address(s.account), 0, data);
        _used(who, before, success);
    }

    function _used(uint256 who, uint256[2] memory before, bool included) private {
        Ghost storage ghost = _ghosts[who];
        uint256[2] memory afterwards = _wealth();
        if (included) {
            _check(ghost.live && block.timestamp <= ghost.validUntil, "I7: a dead key was used");
            _check(ghost.uses != 0, "I7: a key was used too often");
            if (ghost.uses != 0) --ghost.uses;
        }
        for (uint256 i; i < 2; ++i) {
            if (afterwards[i] >= before[i]) continue;
            _check(included, "I7: a refused operation moved something");
            ghost.spent[i] += before[i] - afterwards[i];
            log.note("keySpent");
            _check(ghost.spent[i] <= ghost.total[i], "I7: more left than was granted");
        }
    }

    function _wealth() private view returns (uint256[2] memory wealth) {
        wealth[0] = address(s.account).balance + s.market.withdrawable(address(s.account), ETH);
        address usdc = s.tokens[1];
        wealth[1] = IERC20(usdc).balanceOf(address(s.account)) + s.market.withdrawable(address(s.account), usdc);
    }

    function _stolen() private view returns (uint256 sum) {
        for (uint256 i; i < KEYS; ++i) {
            sum += _keys[i].balance + IERC20(s.tokens[1]).balanceOf(_keys[i]) + s.fab.balanceOf(_keys[i]);
        }
    }

    function _calls(uint256 seed, uint256 amount) private returns (Operation[] memory calls) {
        (address market, address usdc) = (address(s.market), s.tokens[1]);
        uint256 kind = seed % 24;
        if (kind > 15) kind %= 4;
        if (kind < 4 && s.market.lastJobId() - log.floor() > MAX_OPEN + 6) kind = 4;
        bool eth = (seed >> 8) % 2 == 0;
        amount = eth ? bound(amount, 0.0001 ether, 0.6 ether) : bound(amount, 0.5e6, 60e6);
        _fund(address(s.account), eth ? ETH : usdc, amount, market);
        uint256 jobId = s.market.lastJobId() == 0 ? 0 : 1 + (seed >> 16) % s.market.lastJobId();
        if (kind < 3) {
            ISessionJobs.SessionParams memory params = ISessionJobs.SessionParams(
                s.hosts[(seed >> 24) % 2], eth ? ETH : usdc, amount, amount, 1 days, 100, _keys[0], 0, ISessionJobs.ProofMode.CoSigned
            );
            bytes memory data = kind == 2
                ? abi.encodeCall(ISessionJobs.createSessionFromDeposit, (params))
                : abi.encodeCall(ISessionJobs.createSession, (params));
            return _one(market, eth && kind != 2 ? amount : 0, data);
        }
        if (kind == 3) {
            if (!eth) return _one(market, 0, abi.encodeCall(s.market.depositPrepaid, (usdc, amount)));
            bytes memory data =
                abi.encodeCall(ISingleJobs.createJob, ("perceptron", bytes32(uint256(11)), amount, block.timestamp + 2 hours));
            return _one(market, amount, data);
        }
        if (kind == 4) return _one(market, 0, abi.encodeCall(ISessionJobs.completeSessionJob, (jobId)));
        if (kind == 5) return _one(market, 0, abi.encodeCall(ISingleJobs.cancelJob, (jobId)));
        if (kind == 6) return _one(market, 0, abi.encodeWithSignature("withdraw(address)", eth ? ETH : usdc));
        if (kind == 7) return _one(market, eth ? amount : 0, abi.encodeCall(s.market.depositPrepaid, (eth ? ETH : usdc, amount)));
        // From here on what no grant of this walk allows.
        if (kind == 8) return _one(usdc, 0, abi.encodeCall(IERC20.transfer, (_keys[0], amount)));
        if (kind == 9) return _one(_keys[0], amount, "");
        if (kind == 10) return _one(market, 0, abi.encodeWithSignature("withdraw(address,address)", ETH, _keys[0]));
        if (kind == 11) return _one(address(s.account), 0, abi.encodeCall(s.account.addSessionKey, (_keys[1], uint48(block.timestamp + 1))));
        if (kind == 12) return _one(address(s.fab), 0, abi.encodeCall(IERC20.approve, (_keys[0], type(uint256).max)));
        if (kind == 13) return _one(market, 0, abi.encodeCall(ISingleJobs.releasePayment, (jobId)));
        if (kind == 14) return _one(address(s.entryPoint), 0, abi.encodeCall(s.entryPoint.withdrawTo, (payable(_keys[0]), 1)));
        calls = new Operation[](2);
        calls[0] = Operation(usdc, 0, abi.encodeCall(IERC20.approve, (market, amount)));
        calls[1] = Operation(market, 0, abi.encodeCall(s.market.depositPrepaid, (usdc, amount)));
    }

    function _policy(uint256 seed, uint256 who) private view returns (SessionPolicy memory policy) {
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
        policy.limits[0] = TokenLimit(ETH, 0.5 ether, uint128(1 + (seed >> 64) % 2 ether));
        policy.limits[1] = TokenLimit(s.tokens[1], 50e6, uint128(1 + (seed >> 128) % 200e6));
        policy.payers = new address[](1);
        policy.payers[0] = address(s.sponsor);
        policy.pins = new ArgumentPin[](0);
    }

    /// @notice Who feeds the sponsor, and who empties it.
    function feed(uint256 seed, uint256 amount) external walks {
        (address vault, address sponsor) = (address(s.vault), address(s.sponsor));
        (uint256 cap,) = s.vault.paymasterOf(sponsor);
        uint256 step = seed % 16;
        if (step < 8) {
            uint256 deposit = s.entryPoint.balanceOf(sponsor);
            uint256 room = cap > deposit ? cap - deposit : 1;
            amount = (seed >> 8) % 4 == 0 ? bound(amount, 1, cap + 1) : room;
            _act("topUp", s.keeper, vault, 0, abi.encodeCall(s.vault.topUp, (sponsor, amount)));
        } else if (step == 8) {
            uint256 next = bound(amount, 0.05 ether, 0.2 ether);
            if (_govern("setPaymaster", vault, abi.encodeCall(s.vault.setPaymaster, (sponsor, next)))) log.raiseCap(next);
        } else if (step == 9) {
            _govern("setKeeper", vault, abi.encodeCall(s.vault.setKeeper, (s.keeper, amount % 4 != 0)));
        } else if (step == 10) {
            _govern("withdrawVault", vault, abi.encodeCall(s.vault.withdraw, (payable(s.treasury), amount % 1 ether)));
        } else if (step == 11) {
            bytes memory data = abi.encodeCall(s.sponsor.withdraw, (amount % 0.02 ether));
            _act("withdrawSponsor", s.operator, sponsor, 0, data);
        } else if (step == 12) {
            bytes memory data = abi.encodeCall(s.sponsor.migrateTo, (address(s.nextSponsor), amount % 0.02 ether));
            _act("migrateTo", s.operator, sponsor, 0, data);
        } else {
            address thief = _anyone(seed >> 16);
            bytes[4] memory calls = [
                abi.encodeCall(s.vault.topUp, (sponsor, 1)),
                abi.encodeCall(s.vault.withdraw, (payable(thief), 1)),
                abi.encodeCall(s.sponsor.withdraw, (1)),
                abi.encodeCall(s.sponsor.migrateTo, (address(s.nextSponsor), 1))
            ];
            uint256 at = (seed >> 24) % 4;
            _check(!_act("", thief, at < 2 ? vault : sponsor, 0, calls[at]), "a stranger moved the sponsor's money");
        }
    }

    function _operation(uint256 kind, address key, bytes memory data) private view returns (PackedUserOperation memory op) {
        op.sender = address(s.account);
        op.nonce = s.entryPoint.getNonce(op.sender, (uint192(kind) << 184) | uint160(key));
        op.callData = data;
        op.accountGasLimits = bytes32((uint256(2_000_000) << 128) | 2_000_000);
        op.preVerificationGas = 50_000;
        op.gasFees = bytes32((uint256(1 gwei) << 128) | 1 gwei);
    }

    function _sponsored(PackedUserOperation memory op) private view {
        bytes memory head = abi.encodePacked(
            s.sponsor, uint128(100_000), uint128(0), bytes16("policy"), uint48(block.timestamp - 1), uint48(block.timestamp + 600)
        );
        op.paymasterAndData = abi.encodePacked(head, new bytes(65));
        (uint8 v, bytes32 r, bytes32 s_) =
            vm.sign(_sponsorKey, s.sponsor.sponsorshipHash(op));
        op.paymasterAndData = abi.encodePacked(head, r, s_, v);
    }

    function _mark(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s_) = vm.sign(key, digest);
        return abi.encodePacked(uint8(0), r, s_, v);
    }

    function _handled(PackedUserOperation memory op) private returns (bool included) {
        PackedUserOperation[] memory ops = new PackedUserOperation[](1);
        ops[0] = op;
        try s.entryPoint.handleOps(ops, payable(address(0xbe4ef1c1a27))) {
            log.note("handleOps");
        } catch {}
        return s.entryPoint.getNonce(op.sender, uint192(op.nonce >> 64)) != op.nonce;
    }

    function _execute(Operation[] memory calls) private pure returns (bytes memory) {
        return abi.encodeWithSignature("execute(bytes32,bytes)", BATCH, abi.encode(calls));
    }

    function _one(address target, uint256 value, bytes memory data) private pure returns (Operation[] memory calls) {
        calls = new Operation[](1);
        calls[0] = Operation(target, value, data);
    }
}
