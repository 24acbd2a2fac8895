// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IStakingTiers} from "../interfaces/IStakingTiers.sol";
import {StakersPool} from "../tokenomics/StakersPool.sol";
import {FabToken} from "../tokens/FabToken.sol";
import {TestUsdc} from "../tokens/TestUsdc.sol";
import {Test} from "./Test.sol";

/// @notice Calls the pool in any order, as three stakers and a stranger, and keeps what it saw.
/// @dev Refused calls are part of the walk. A reverted assertion would be one more of them, so the first broken rule is
/// kept in `violation`.
abstract contract StakersPoolHandler is Test {
    address private constant ETH = address(0);

    StakersPool public immutable pool;
    FabToken public immutable fab;
    TestUsdc public immutable usdc;
    address[] public stakers;

    uint256 public clock;
    string public violation;
    mapping(address token => uint256) public notified;
    mapping(address token => uint256) public claimed;
    mapping(string action => uint256) public successes;

    constructor(StakersPool pool_, FabToken fab_, TestUsdc usdc_, address[] memory stakers_, uint256 start) {
        (pool, fab, usdc, stakers, clock) = (pool_, fab_, usdc_, stakers_, start);
        fab_.approve(address(pool_), type(uint256).max);
        usdc_.approve(address(pool_), type(uint256).max);
    }

    function stake(uint8 who, uint8 tier, uint96 amount) external {
        address staker = _staker(who);
        IStakingTiers.Tier chosen = IStakingTiers.Tier(tier % 5);
        uint256 minimum = pool.tierTerms(chosen).minimum;
        uint256 size = bound(amount, minimum, minimum + 1_000_000e18);
        uint256[] memory before = _allEarned();
        vm.prank(staker);
        pool.stake(chosen, size);
        _requireSame(before);
        ++successes["stake"];
    }

    function unstake(uint8 who, uint8 position, uint96 amount, bool all) external {
        address staker = _staker(who);
        uint256 id = _position(staker, position);
        uint256 held = pool.position(staker, id).amount;
        uint256[] memory before = _allEarned();
        vm.prank(staker);
        pool.unstake(id, all ? held : bound(amount, 1, held));
        _requireSame(before);
        ++successes["unstake"];
    }

    function exitEarly(uint8 who, uint8 position) external {
        address staker = _staker(who);
        uint256 id = _position(staker, position);
        uint256 held = pool.position(staker, id).amount;
        uint256[] memory before = _allEarned();
        vm.prank(staker);
        uint256 paid = pool.exitEarly(id);
        _requireSame(before);
        if (paid != held - held / 10) violation = "an early exit costs a tenth";
        notified[address(fab)] += held - paid;
        ++successes["exitEarly"];
    }

    function relockOrLapse(uint8 who, uint8 position, uint8 tier) external {
        address staker = _staker(who);
        uint256 id = _position(staker, position);
        uint256[] memory before = _allEarned();
        if (tier % 2 == 0) {
            pool.lapse(staker, id);
            ++successes["lapse"];
        } else {
            vm.prank(staker);
            pool.relock(id, IStakingTiers.Tier(tier % 5));
            ++successes["relock"];
        }
        _requireSame(before);
    }

    function reward(uint8 which, uint96 amount, bool plain) external {
        address token = _token(which);
        uint256 size = bound(amount, 1, token == address(usdc) ? 1e12 : 1e22);
        uint256[] memory before = _allEarned();
        if (token == ETH) {
            vm.deal(address(this), size);
            if (plain) {
                (bool success,) = address(pool).call{value: size}("");
                require(success, "refused ETH");
            } else {
                pool.notifyReward{value: size}(ETH, size);
            }
        } else {
            if (token == address(usdc)) usdc.mint(address(this), size);
            if (plain) {
                FabToken(token).transfer(address(pool), size);
                if (pool.sync(token) != size) violation = "a surplus is what came in";
            } else {
                pool.notifyReward(token, size);
            }
        }
        _requireSame(before);
        notified[token] += size;
        ++successes[plain ? "transfer" : "notify"];
    }

    function claim(uint8 who, uint8 which) external {
        (address staker, address token) = (_staker(who), _token(which));
        uint256 expected = pool.earned(staker, token);
        uint256 before = _balance(staker, token);
        vm.prank(staker);
        uint256 paid = pool.claim(token);
        if (paid != expected || _balance(staker, token) - before != paid) violation = "paid is not what was earned";
        claimed[token] += paid;
        if (paid != 0) ++successes["claim"];
    }

    function warp(uint32 duration) external {
        clock += bound(duration, 1, duration % 8 == 0 ? 200 days : 2 days);
        vm.warp(clock);
        ++successes["warp"];
    }

    /// @dev No call but the passing of time changes what anybody has earned (X-44).
    function _requireSame(uint256[] memory before) private {
        uint256[] memory afterwards = _allEarned();
        for (uint256 i; i < before.length; ++i) {
            if (before[i] != afterwards[i]) violation = "a call moved what was earned";
        }
    }

    function _allEarned() private view returns (uint256[] memory earned) {
        earned = new uint256[](stakers.length * 3);
        for (uint256 i; i < earned.length; ++i) {
            earned[i] = pool.earned(stakers[i / 3], _token(uint8(i % 3)));
        }
    }

    /// @dev Mostly one that still holds something.
    function _position(address staker, uint8 position) private view returns (uint256 id) {
        uint256 count = pool.positionCount(staker);
        for (uint256 i; i < count; ++i) {
            id = (position + i) % count;
            if (pool.position(staker, id).amount != 0) return id;
        }
    }

    function _staker(uint8 who) private view returns (address) {
        return stakers[who % stakers.length];
    }

    function _token(uint8 which) private view returns (address) {
        return which % 3 == 0 ? ETH : which % 3 == 1 ? address(fab) : address(usdc);
    }

    function _balance(address account, address token) private view returns (uint256) {
        return token == ETH ? account.balance : FabToken(token).balanceOf(account);
    }
}
