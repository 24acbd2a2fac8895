// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EntryPoint} from "@account-abstraction/contracts/core/EntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {
    ArgumentPin,
    CallPermission,
    Operation,
    SessionPolicy,
    TokenLimit
} from "../interfaces/IBaseAccountIntegration.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {SponsorPaymaster} from "../paymaster/SponsorPaymaster.sol";
import {AccountTestBase, MarketplaceRecorder, TestToken} from "./AccountTestBase.t.sol";
import {FabstirAccount} from "./FabstirAccount.sol";
import {FabstirAccountFactory} from "./FabstirAccountFactory.sol";

/// @notice Owner, three session keys and time, in any order. The keys belong to a thief that tries everything: calls
/// beyond its grant, forbidden targets, broken encodings, old allowances, dead keys.
/// @dev Keeps for each key what its present grant allows, and after each use compares it with what the account has
/// lost. What the account has in the marketplace counts as its own. The first broken rule is kept in `violation`: a
/// reverted assertion would be one more refused call to the runner.
contract SessionWalk is AccountTestBase {
    struct Base {
        EntryPoint entryPoint;
        MarketplaceRecorder market;
        SponsorPaymaster sponsor;
        FabstirAccountFactory factory;
        FabstirAccount account;
        TestToken token;
    }

    struct Ghost {
        bool live;
        uint48 validAfter;
        uint48 validUntil;
        uint32 uses;
        uint128[3] total;
        uint128[3] perCall;
        uint256[3] spent;
    }

    uint256 private constant KEYS = 3;
    uint256 private constant CALL_KINDS = 24;

    bytes4 private constant WITH_QUOTE = MarketplaceRecorder.createSessionWithQuote.selector;
    bytes4 private constant FROM_DEPOSIT = MarketplaceRecorder.createSessionFromDeposit.selector;

    /// @dev ETH, then two ERC-20 tokens.
    address[3] private _tokens;
    address[KEYS] private _keys;
    uint256[KEYS] private _privateKeys;
    Ghost[KEYS] private _ghosts;
    address private _thief;
    address private _friend;
    uint256 private _now;
    string public violation;
    mapping(string event_ => uint256) public seen;
    /// @notice Single calls of a kind that have moved something out of the account.
    mapping(uint256 kind => uint256) public spentBy;

    /// @param base Where the test stands; this contract's own code has no room to deploy it.
    constructor(Base memory base, address secondToken) {
        (entryPoint, market, sponsor) = (base.entryPoint, base.market, base.sponsor);
        (factory, account, token) = (base.factory, base.account, base.token);
        owner = makeAddr("owner");
        (, sponsorKey) = makeAddrAndKey("sponsor");
        _now = START;
        _thief = makeAddr("thief");
        _friend = makeAddr("friend");
        _tokens = [address(0), address(token), secondToken];
        string[KEYS] memory names = ["first key", "second key", "third key"];
        for (uint256 i; i < KEYS; ++i) (_keys[i], _privateKeys[i]) = makeAddrAndKey(names[i]);
        vm.startPrank(address(account));
        // Older than any grant, and what the account has in the marketplace already.
        for (uint256 i = 1; i < 3; ++i) {
            IERC20(_tokens[i]).approve(address(market), type(uint256).max);
            IERC20(_tokens[i]).approve(address(account), type(uint256).max);
        }
        market.depositPrepaid{value: 10_000}(address(0), 10_000);
        market.depositPrepaid(_tokens[1], 10_000);
        vm.stopPrank();
    }

    function setUp() public override {}

    // Owner

    function grant(uint256 seed, uint256 who) external {
        vm.warp(_now);
        SessionPolicy memory policy = _policy(seed, who % KEYS);
        vm.prank(owner);
        try account.addSessionKeyWithPolicy(policy) {
            _granted(who % KEYS, policy);
        } catch {
            violation = "a sound policy was refused";
        }
    }

    function grantDefault_(uint256 who) external {
        if ((who >> 8) % 3 != 0) return;
        vm.warp(_now);
        vm.prank(owner);
        account.addSessionKey(_keys[who % KEYS], uint48(_now + 1 hours));
        SessionPolicy memory policy;
        (policy.validUntil, policy.uses) = (uint48(_now + 1 hours), 1_000);
        _granted(who % KEYS, policy);
    }

    function revoke(uint256 who) external {
        if ((who >> 8) % 3 != 0) return;
        vm.prank(owner);
        account.revokeSessionKey(_keys[who % KEYS]);
        _ghosts[who % KEYS].live = false;
        ++seen["revoke"];
    }

    function revokeAll(uint256 seed) external {
        if (seed % 4 != 0) return;
        vm.prank(owner);
        account.revokeAllSessionKeys();
        for (uint256 i; i < KEYS; ++i) _ghosts[i].live = false;
        ++seen["revokeAll"];
    }

    function wait(uint256 time) external {
        _now += bound(time, 1, 40 minutes);
        vm.warp(_now);
    }

    function breakMarket(bool broken) external {
        market.breakDown(broken);
    }

    // Keys

    /// @dev A batch of calls that are within the grant, nearly, or not at all.
    function use(uint256 seed, uint256 who) external {
        Operation[] memory calls = new Operation[](1 + seed % 4);
        for (uint256 i; i < calls.length; ++i) {
            uint256 roll = uint256(keccak256(abi.encode(seed, i)));
            calls[i] = _call(roll);
            // What uses an approval up stands behind it.
            if (_kind(roll) == 3 && i + 1 < calls.length) {
                address paid = _tokens[1 + (roll >> 32) % 2];
                calls[++i] = Operation(
                    address(market),
                    0,
                    _session(ISessionJobs.createSessionJobWithToken.selector, paid, (roll >> 16) % 1_100)
                );
            }
        }
        _send(who % KEYS, seed % 3 == 0 ? abi.encodeCall(account.executeBatch, (calls)) : executeCalls(calls), true);
    }

    /// @dev Single calls, which are within the grant more often.
    function useOnce(uint256 seed, uint256 who) external {
        for (uint256 i; i < 8; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256[3] memory before = _wealth();
            _send(who % KEYS, executeCalls(_single(_call(seed))), true);
            uint256[3] memory afterwards = _wealth();
            for (uint256 j; j < 3; ++j) if (afterwards[j] < before[j]) ++spentBy[_kind(seed)];
        }
    }

    /// @dev A sound batch in which words are changed: offsets that leave it, point back or overlap, lengths and counts
    /// that are not true, bits above addresses; or which is cut, or has more behind it.
    function useBroken(uint256 seed, uint256 who, uint256 word, uint256 value) external {
        Operation[] memory calls = seed % 2 == 0 ? _single(_call(seed >> 8)) : two(_call(seed >> 8), _call(seed >> 16));
        bytes memory data = executeCalls(calls);
        for (uint256 i; i < 1 + seed % 3; ++i) {
            uint256 position = 4 + 32 * ((word >> (16 * i)) % ((data.length - 4) / 32));
            uint256 old;
            assembly ("memory-safe") {
                old := mload(add(add(data, 0x20), position))
            }
            uint256 changed = _changed(old, uint256(keccak256(abi.encode(value, i))), value);
            if (position + 32 > data.length) continue;
            assembly ("memory-safe") {
                mstore(add(add(data, 0x20), position), changed)
            }
        }
        if (seed % 7 == 0) data = abi.encodePacked(data, value);
        if (seed % 7 == 1) {
            uint256 length = value % data.length;
            assembly ("memory-safe") {
                mstore(data, length)
            }
        }
        _send(who % KEYS, data, false);
    }

    /// @dev A key that pays its own gas.
    function useDirectly(uint256 who, uint256 jobId) external {
        who %= KEYS;
        vm.warp(_now);
        uint256[3] memory before = _wealth();
        vm.prank(_keys[who]);
        try account.claimJobViaSessionKey(address(account), jobId) {
            _used(who, before, "direct");
        } catch {
            _lost(before, "a refused direct call moved something");
        }
    }

    /// @dev What a key must never reach, whatever its grant.
    function reach(uint256 seed, uint256 who) external {
        who %= KEYS;
        bytes memory inner = abi.encodeCall(account.setOwner, (abi.encodePacked(_thief)));
        bytes memory nested = executeCall(address(token), 0, abi.encodeCall(IERC20.transfer, (_thief, 1)));
        bytes memory calls = abi.encode(_single(_call(2)));
        bytes[16] memory ops = [
            executeCall(address(account), 0, inner),
            executeCall(address(0), 0, inner),
            executeCall(address(account), 0, nested),
            executeCall(address(0), 0, nested),
            executeCall(address(entryPoint), 0, abi.encodeCall(entryPoint.withdrawTo, (payable(_thief), 1))),
            executeCall(address(sponsor), 0, abi.encodeCall(sponsor.withdraw, (1))),
            executeCall(address(factory), 0, abi.encodeCall(factory.createAccount, (abi.encodePacked(_thief), 1))),
            executeCall(_thief, 1, ""),
            inner,
            abi.encodePacked(account.executeUserOp.selector, nested),
            // Delegatecall, try, and opData modes of ERC-7821 and ERC-7579.
            abi.encodeWithSignature("execute(bytes32,bytes)", bytes32(uint256(0xff) << 248), abi.encodePacked(_thief)),
            abi.encodeWithSignature("execute(bytes32,bytes)", bytes32(uint256(0x0101) << 240), calls),
            abi.encodeWithSignature("execute(bytes32,bytes)", BATCH | bytes32(uint256(0x78210001) << 176), calls),
            abi.encodeCall(account.createJobViaAccount, ("m", 0, 1, type(uint256).max)),
            abi.encodeCall(account.addSessionKey, (_thief, uint48(_now + 1))),
            abi.encodeWithSignature("upgradeToAndCall(address,bytes)", _thief, "")
        ];
        uint256[3] memory before = _wealth();
        if (_handled(who, ops[seed % ops.length])) violation = "a key reached what it must not";
        _lost(before, "a refused operation moved something");
        ++seen["reach"];
    }

    function thiefHas() external view returns (uint256 sum) {
        sum = _thief.balance;
        for (uint256 i = 1; i < 3; ++i) {
            sum += IERC20(_tokens[i]).balanceOf(_thief);
            sum += IERC20(_tokens[i]).allowance(address(account), _thief);
        }
        for (uint256 i; i < KEYS; ++i) {
            sum += _keys[i].balance + IERC20(_tokens[1]).balanceOf(_keys[i]);
        }
    }

    function ownerIsTheOwner() external view returns (bool) {
        return keccak256(account.owner()) == keccak256(abi.encodePacked(owner));
    }

    /// @dev The counters say at most what the grant leaves.
    function countersHold() external view returns (bool) {
        for (uint256 who; who < KEYS; ++who) {
            Ghost memory ghost = _ghosts[who];
            (bool active,,, uint32 left) = account.getSessionKey(_keys[who]);
            if (active && (!ghost.live || left > ghost.uses)) return false;
            if (!ghost.live) continue;
            for (uint256 i; i < 3; ++i) {
                (uint256 rest,) = account.getSessionLimit(_keys[who], _tokens[i]);
                if (rest + ghost.spent[i] > ghost.total[i]) return false;
            }
        }
        return true;
    }

    // What happened

    function _send(uint256 who, bytes memory data, bool wellFormed) private {
        uint256[3] memory before = _wealth();
        uint256 executed = market.calls();
        if (_handled(who, data)) {
            _used(who, before, wellFormed ? "sent" : "broken");
            if (market.calls() != executed) ++seen["executed"];
        } else {
            _lost(before, "a refused operation moved something");
            ++seen["refused"];
        }
    }

    /// @return included Validation has passed: the nonce is used, whatever became of the calls.
    function _handled(uint256 who, bytes memory data) private returns (bool included) {
        vm.warp(_now);
        PackedUserOperation memory op = newOp(account, 1, _keys[who], data);
        addSponsor(op);
        op.signature = signKey(_privateKeys[who], entryPoint.getUserOpHash(op));
        PackedUserOperation[] memory ops = new PackedUserOperation[](1);
        ops[0] = op;
        try entryPoint.handleOps(ops, BENEFICIARY) {} catch {}
        return entryPoint.getNonce(address(account), uint192(op.nonce >> 64)) != op.nonce;
    }

    function _used(uint256 who, uint256[3] memory before, string memory event_) private {
        Ghost storage ghost = _ghosts[who];
        if (!ghost.live || _now > ghost.validUntil || (ghost.validAfter != 0 && _now <= ghost.validAfter)) {
            violation = "a dead key was used";
        }
        if (ghost.uses == 0) violation = "a key was used too often";
        else --ghost.uses;
        uint256[3] memory afterwards = _wealth();
        for (uint256 i; i < 3; ++i) {
            if (afterwards[i] >= before[i]) continue;
            ghost.spent[i] += before[i] - afterwards[i];
            ++seen["spent"];
            if (ghost.spent[i] > ghost.total[i]) violation = "more left than was granted";
            // At most four calls in a batch, two in a broken one.
            if (before[i] - afterwards[i] > 4 * uint256(ghost.perCall[i])) violation = "more left at once than granted";
        }
        ++seen[event_];
    }

    function _lost(uint256[3] memory before, string memory reason) private {
        uint256[3] memory afterwards = _wealth();
        for (uint256 i; i < 3; ++i) if (afterwards[i] < before[i]) violation = reason;
    }

    function _wealth() private view returns (uint256[3] memory wealth) {
        for (uint256 i; i < 3; ++i) {
            wealth[i] = market.prepaid(address(account), _tokens[i])
                + (i == 0 ? address(account).balance : IERC20(_tokens[i]).balanceOf(address(account)));
        }
    }

    function _granted(uint256 who, SessionPolicy memory policy) private {
        Ghost storage ghost = _ghosts[who];
        delete _ghosts[who];
        (ghost.live, ghost.uses) = (true, policy.uses);
        (ghost.validAfter, ghost.validUntil) = (policy.validAfter, policy.validUntil);
        for (uint256 i; i < policy.limits.length; ++i) {
            for (uint256 j; j < 3; ++j) {
                if (policy.limits[i].token != _tokens[j]) continue;
                (ghost.total[j], ghost.perCall[j]) = (policy.limits[i].total, policy.limits[i].perCall);
            }
        }
        ++seen["grant"];
    }

    function _changed(uint256 old, uint256 roll, uint256 value) private pure returns (uint256) {
        unchecked {
            if (roll % 5 == 0) return old + 32;
            if (roll % 5 == 1) return old - 32 * (roll >> 250);
            if (roll % 5 == 2) return old | (1 << (160 + (roll >> 8) % 96));
            return roll % 5 == 3 ? value : (roll >> 8) % 0x200;
        }
    }

    // What is granted and called

    function _policy(uint256 seed, uint256 who) private view returns (SessionPolicy memory policy) {
        policy.key = _keys[who];
        policy.validUntil = uint48(_now + 1 + (seed >> 8) % 3 hours);
        if (seed % 5 == 0) policy.validAfter = uint48(_now + (seed >> 16) % (policy.validUntil - _now));
        policy.uses = uint32(1 + (seed >> 24) % 20);
        policy.limits = new TokenLimit[](3);
        for (uint256 i; i < 3; ++i) {
            uint128 total = uint128(1 + (seed >> (32 + 16 * i)) % 3_000);
            policy.limits[i] = TokenLimit(_tokens[i], uint128(1 + (seed >> (80 + 16 * i)) % 1_000), total);
        }
        bytes4[12] memory selectors = [
            ISessionJobs.createSessionJobWithToken.selector,
            ISessionJobs.createSession.selector,
            WITH_QUOTE,
            FROM_DEPOSIT,
            MarketplaceRecorder.depositPrepaid.selector,
            ISingleJobs.postJobWithToken.selector,
            ISessionJobs.createSessionJob.selector,
            ISingleJobs.createJob.selector,
            ISingleJobs.claimJob.selector,
            bytes4(keccak256("withdraw(address)")),
            bytes4(keccak256("withdraw(address,address)")),
            ISessionJobs.completeSessionJob.selector
        ];
        CallPermission[] memory calls = new CallPermission[](selectors.length + 8);
        uint256 count;
        for (uint256 i; i < selectors.length; ++i) {
            // Three out of four.
            if ((seed >> (128 + 2 * i)) % 4 != 0) calls[count++] = CallPermission(address(market), selectors[i]);
        }
        for (uint256 i = 1; i < 3; ++i) {
            calls[count++] = CallPermission(_tokens[i], IERC20.transfer.selector);
            calls[count++] = CallPermission(_tokens[i], IERC20.approve.selector);
            if ((seed >> (160 + i)) % 2 == 0) {
                calls[count++] = CallPermission(_tokens[i], IERC20.transferFrom.selector);
                calls[count++] = CallPermission(_tokens[i], TestToken.increaseAllowance.selector);
            }
        }
        assembly ("memory-safe") {
            mstore(calls, count)
        }
        policy.calls = calls;
        policy.pins = new ArgumentPin[](5);
        for (uint256 i = 1; i < 3; ++i) {
            policy.pins[2 * i - 2] = _pin(_tokens[i], IERC20.transfer.selector, 0, _friend);
            policy.pins[2 * i - 1] = _pin(_tokens[i], IERC20.transferFrom.selector, 1, _friend);
        }
        policy.pins[4] = _pin(address(market), bytes4(keccak256("withdraw(address,address)")), 1, address(account));
        policy.payers = new address[](1);
        policy.payers[0] = address(sponsor);
    }

    function _pin(address target, bytes4 selector, uint8 index, address value)
        private
        pure
        returns (ArgumentPin memory)
    {
        bytes32[] memory allowed = new bytes32[](1);
        allowed[0] = bytes32(uint256(uint160(value)));
        return ArgumentPin(target, selector, index, allowed);
    }

    /// @dev Two of three are calls that move something when they are granted.
    function _kind(uint256 roll) private pure returns (uint256) {
        uint8[11] memory moving = [0, 1, 2, 6, 8, 8, 9, 10, 12, 14, 17];
        return (roll >> 200) % 3 == 0 ? roll % CALL_KINDS : moving[roll % moving.length];
    }

    function _call(uint256 roll) private view returns (Operation memory call) {
        uint256 kind = _kind(roll);
        uint256 amount = (roll >> 16) % 1_100;
        address paid = _tokens[1 + (roll >> 32) % 2];
        call.target = address(market);
        if (kind < 10 && kind % 2 == 1) call.target = paid;
        if (kind == 0) call.data = _session(ISessionJobs.createSession.selector, paid, amount);
        if (kind == 1) call.data = abi.encodeCall(IERC20.transfer, (_friend, amount));
        if (kind == 2 || kind == 4) {
            call.data = _session(ISessionJobs.createSessionJobWithToken.selector, paid, amount);
        }
        if (kind == 3) call.data = abi.encodeCall(IERC20.approve, (address(market), amount));
        if (kind == 5) call.data = abi.encodeCall(IERC20.transfer, (_thief, amount));
        if (kind == 6) call.data = _session(WITH_QUOTE, paid, amount);
        if (kind == 7) call.data = abi.encodeCall(IERC20.approve, (_thief, amount));
        if (kind == 8) call.data = _session(FROM_DEPOSIT, _tokens[(roll >> 32) % 3], amount);
        if (kind == 9) call.data = abi.encodeCall(IERC20.transferFrom, (address(account), _friend, amount));
        if (kind == 10) call.data = abi.encodeCall(market.depositPrepaid, (paid, amount));
        if (kind == 11) {
            call.data = abi.encodeCall(market.depositPrepaid, (address(0), amount));
            call.value = amount;
        }
        if (kind == 12 || kind == 13) {
            call.data = abi.encodeCall(market.createSessionJob, (_friend, amount, 1, 1, 1));
            call.value = amount;
        }
        if (kind == 14) call.data = abi.encodeCall(market.claimJob, (amount));
        if (kind == 15) call.data = abi.encodeWithSignature("withdraw(address)", _tokens[(roll >> 32) % 3]);
        if (kind == 16) call.data = abi.encodeWithSignature("withdraw(address,address)", paid, _thief);
        if (kind == 17) call.data = _posted(paid, amount);
        // Not granted to anybody.
        if (kind == 18) call.data = abi.encodeWithSignature("setDefaultCoSigner(address)", _thief);
        if (kind == 19) (call.target, call.value) = (_thief, amount);
        if (kind == 20) (call.target, call.data) = (address(account), executeCall(paid, 0, call.data));
        if (kind > 20) call.target = paid;
        if (kind == 21) call.data = abi.encodeCall(IERC20.transferFrom, (address(account), _thief, amount));
        // Too short, and with a recipient whose upper bits an old token would cut off.
        uint256 to = uint160(_friend);
        if (kind == 22) call.data = abi.encodePacked(IERC20.transfer.selector, to, uint128(amount));
        if (kind == 23) call.data = abi.encodeWithSelector(IERC20.transfer.selector, to | (1 << 200), amount);
    }

    /// @dev Host, token, deposit and what else the marketplace wants; a form with a quote has two offsets behind.
    function _session(bytes4 selector, address paid, uint256 amount) private view returns (bytes memory) {
        bytes memory terms = abi.encode(_friend, paid, amount, 1, 1 days, 100);
        if (selector == ISessionJobs.createSessionJobWithToken.selector) return abi.encodePacked(selector, terms);
        terms = abi.encodePacked(terms, abi.encode(_friend, bytes32(0), uint256(0)));
        if (selector != WITH_QUOTE) return abi.encodePacked(selector, terms);
        bytes memory quote = abi.encode(uint256(11 * 32), uint256(15 * 32), account, 0, 96, 0);
        return abi.encodePacked(selector, terms, quote, uint256(0));
    }

    function _posted(address paid, uint256 amount) private pure returns (bytes memory) {
        ISingleJobs.JobDetails memory details;
        ISingleJobs.JobRequirements memory requirements;
        return abi.encodeCall(ISingleJobs.postJobWithToken, (details, requirements, paid, amount));
    }

    function _single(Operation memory call) private pure returns (Operation[] memory calls) {
        calls = new Operation[](1);
        calls[0] = call;
    }
}
