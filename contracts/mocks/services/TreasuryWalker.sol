// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IBuyback} from "../../interfaces/IBuyback.sol";
import {IMigrationHelper} from "../../interfaces/IMigrationHelper.sol";
import {IMintable, System, WalkLog} from "../system/System.sol";
import {Services, ServicesWalker} from "./Services.sol";

/// @notice Purchases of FAB at an exchange that does as it likes; hosts and funds of the earlier deployment; accounts
/// and proxies that anybody makes.
abstract contract TreasuryWalker is ServicesWalker {
    /// @dev Before a purchase.
    struct Held {
        uint256 usdc;
        uint256 fab;
        uint256 supply;
    }

    /// @dev Upper bound of what the bucket can hold: it never refills faster, and was never larger.
    uint256 private _allowance = 10_000e6;
    uint256 private _rateCap = 10_000e6;
    uint256 private _filledAt;
    mapping(address operator => bool) private _carried;
    uint256 private _carriedStake;

    constructor(System memory system, Services memory services, WalkLog log_)
        ServicesWalker(system, services, log_)
    {
        _filledAt = block.timestamp;
    }

    function buy(uint256 seed, uint256 amount) external walks {
        address usdc = s.tokens[1];
        amount = bound(amount, 1, 12_000e6);
        IMintable(usdc).mint(s.treasury, amount);
        vm.prank(s.treasury);
        IERC20(usdc).approve(address(v.buyback), amount);
        _exchange(seed, amount);
        Held memory before = _held();
        address sender = (seed >> 64) % 16 == 0 ? s.operator : s.keeper;
        uint256 minimum = (seed >> 72) % 16;
        bytes memory data = abi.encodeCall(IBuyback.buy, (amount, minimum));
        bool keeper = v.buyback.isKeeper(sender);
        uint256 least = _average(amount) * (10_000 - v.buyback.limits().maxDeviationBps);
        if (!_act("buy", sender, address(v.buyback), 0, data)) return _unbought(before);
        Held memory afterwards = _held();
        _refill();
        _check(keeper && minimum != 0, "a purchase that nobody may make");
        _check(amount <= _allowance, "more was spent than the cap gives");
        _allowance -= amount < _allowance ? amount : _allowance;
        uint256 burned = before.supply - afterwards.supply;
        uint256 bought = afterwards.fab - before.fab + burned;
        _check(before.usdc - afterwards.usdc == amount, "the treasury paid something else");
        _check(bought >= minimum && bought * 10_000 >= least, "too few were bought");
        _check(burned == bought * v.buyback.limits().burnBps / 10_000, "another share was burned");
        _check(!v.exchange.reentered(), "the exchange came in again");
    }

    function _unbought(Held memory before) private {
        _check(keccak256(abi.encode(_held())) == keccak256(abi.encode(before)), "a refused purchase moved something");
    }

    /// @dev What the exchange is up to: its price, its word on the average, its honesty.
    function _exchange(uint256 seed, uint256 amount) private {
        uint256 spot = bound(seed >> 8, 1.8e18, 2.2e18);
        v.exchange.set(spot, 2e18, block.timestamp - (seed >> 16) % 2 hours);
        uint256 trick = (seed >> 24) % 8;
        v.exchange.cheat(trick == 0 ? 9_000 : 10_000, trick == 1 ? amount / 20 : 0);
        bytes memory again = abi.encodeCall(IBuyback.buy, (1, 1));
        v.exchange.arm(trick == 2 ? address(v.buyback) : address(0), again);
    }

    function _average(uint256 amount) private pure returns (uint256) {
        return amount * 2e18 / 1e6;
    }

    function _held() private view returns (Held memory) {
        return Held(IERC20(s.tokens[1]).balanceOf(s.treasury), s.fab.balanceOf(s.treasury), s.fab.totalSupply());
    }

    function _refill() private {
        _allowance += _rateCap * (block.timestamp - _filledAt) / 1 days + 1;
        if (_allowance > _rateCap) _allowance = _rateCap;
        _filledAt = block.timestamp;
    }

    function limit(uint256 seed, uint256 amount) external walks {
        address target = address(v.buyback);
        uint256 step = seed % 6;
        if (step == 0) {
            // A window of a day throughout, so that the bound of this walk is a simple one.
            IBuyback.Limits memory limits =
                IBuyback.Limits(uint16(amount % 1_001), uint16((amount >> 16) % 10_001), 1 hours, 1 days, uint128(bound(amount >> 32, 1e6, 10_000e6)));
            _check(_govern("setLimits", target, abi.encodeCall(IBuyback.setLimits, (limits))), "sound limits were refused");
        } else if (step == 1) {
            _govern("setKeeperBuyback", target, abi.encodeCall(IBuyback.setKeeper, (s.keeper, amount % 4 != 0)));
        } else if (step == 2) {
            _govern("setRoute", target, abi.encodeCall(IBuyback.setRoute, (address(v.exchange), address(v.exchange))));
        } else if (step == 3) {
            _govern("setTreasuryBuyback", target, abi.encodeCall(IBuyback.setTreasury, (s.treasury)));
        } else {
            bytes memory data = abi.encodeCall(IBuyback.setKeeper, (s.operator, true));
            _check(!_act("", s.operator, target, 0, data), "a stranger made itself a keeper");
        }
    }

    /// @notice Hosts of the export, singly and in pairs, once each; others never.
    function carry(uint256 seed, uint256 amount) external walks {
        address helper = address(v.helper);
        if (seed % 8 == 0) return _close();
        uint256 count = 1 + (seed >> 8) % 2;
        IMigrationHelper.HostEntry[] memory entries = new IMigrationHelper.HostEntry[](count);
        bytes32[][] memory proofs = new bytes32[][](count);
        uint256 stake;
        bool fresh = true;
        for (uint256 i; i < count; ++i) {
            uint256 index = ((seed >> 16) + i) % 4;
            entries[i] = v.hosts[index];
            proofs[i] = _proof(index);
            fresh = fresh && !_carried[entries[i].operator];
            stake += entries[i].stake;
        }
        bool forged = (seed >> 32) % 4 == 0;
        if (forged) entries[0].stake += uint96(bound(amount, 1, 1e18));
        _fund(s.operator, address(s.fab), stake + entries[0].stake, helper);
        (uint256 registry, uint256 payer) = (s.fab.balanceOf(address(s.registry)), s.fab.balanceOf(s.operator));
        bool closed = v.helper.closed();
        if (!_act("migrate", s.operator, helper, 0, abi.encodeCall(IMigrationHelper.migrate, (entries, proofs)))) return;
        _check(fresh && !forged && !closed, "an entry was carried twice, or was never in the export");
        _check(payer - s.fab.balanceOf(s.operator) == stake, "stakes came without their funds");
        _check(s.fab.balanceOf(address(s.registry)) - registry == stake, "funds came without their stakes");
        for (uint256 i; i < count; ++i) {
            _carried[entries[i].operator] = true;
            _check(s.registry.getNode(entries[i].operator).stake == entries[i].stake, "a stake is another one");
        }
        _carriedStake += stake;
    }

    function _close() private {
        IMigrationHelper.Totals memory done = v.helper.migrated();
        bool complete = done.hosts == 4;
        bool due = complete || block.timestamp >= v.helper.closesAt();
        bool success = _act("closeMigration", s.operator, address(v.helper), 0, abi.encodeCall(IMigrationHelper.close, ()));
        _check(!success || due, "the migration was closed early");
        if (success) _check(s.registry.getNodeController(v.hosts[1].operator) != address(0) || !complete, "a host is missing");
    }

    function _proof(uint256 index) private view returns (bytes32[] memory proof) {
        proof = new bytes32[](2);
        proof[0] = v.helper.leafOf(v.hosts[index ^ 1]);
        (bytes32 left, bytes32 right) =
            (v.helper.leafOf(v.hosts[index < 2 ? 2 : 0]), v.helper.leafOf(v.hosts[index < 2 ? 3 : 1]));
        proof[1] = left < right ? keccak256(abi.encode(left, right)) : keccak256(abi.encode(right, left));
    }

    /// @notice Accounts for anybody's owner, and proxies: the address says whose they are.
    function make(uint256 seed) external walks {
        bytes memory owner = abi.encodePacked(address(uint160(1 + seed % 1_000)));
        address account = v.factory.getAddress(owner, seed >> 250);
        bytes memory data = abi.encodeCall(v.factory.createAccount, (owner, seed >> 250));
        _check(_act("createAccount", _anyone(seed >> 16), address(v.factory), 0, data), "an account was not made");
        (, bytes memory stored) = account.call(abi.encodeWithSignature("owner()"));
        _check(keccak256(abi.decode(stored, (bytes))) == keccak256(owner), "an account has another owner");
        (bool again,) = account.call(abi.encodeWithSignature("initialize(bytes)", abi.encodePacked(s.operator)));
        _check(!again, "an account was initialized twice");
        _deploy(seed);
    }

    function _deploy(uint256 seed) private {
        address sender = _anyone(seed >> 16);
        address predicted = v.deployer.predict(sender, bytes32(seed % 64));
        bool taken = predicted.code.length != 0;
        // A proxy whose setup fails is not there at all.
        (address code, bytes memory setup) = (address(v.helper), abi.encodeWithSignature("nothing()"));
        bytes memory data = abi.encodeCall(v.deployer.deploy, (bytes32(seed % 64), code, setup));
        _check(!_act("", sender, address(v.deployer), 0, data), "a proxy was deployed without its setup");
        setup = abi.encodeCall(IMigrationHelper.closed, ());
        data = abi.encodeCall(v.deployer.deploy, (bytes32(seed % 64), code, setup));
        bool success = _act("deployProxy", sender, address(v.deployer), 0, data);
        _check(!success || !taken, "a proxy was deployed over another one");
        _check(!success || predicted.code.length != 0, "a proxy is somewhere else");
        _check(v.deployer.pendingImplementation() == address(0), "a deployment left something behind");
    }

    /// @notice Nothing stays with buyback and helper, and what was carried is in the registry.
    function passedOn() external view returns (bool) {
        return s.fab.balanceOf(address(v.buyback)) == 0 && IERC20(s.tokens[1]).balanceOf(address(v.buyback)) == 0
            && s.fab.balanceOf(address(v.helper)) == 0 && v.helper.migrated().stake == _carriedStake
            && s.fab.allowance(address(v.helper), address(s.registry)) == 0
            && IERC20(s.tokens[1]).allowance(address(v.buyback), address(v.exchange)) == 0;
    }
}
