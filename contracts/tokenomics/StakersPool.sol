// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IStakingTiers} from "../interfaces/IStakingTiers.sol";
import {RewardLedger} from "./RewardLedger.sol";
import {StakedVotes} from "./StakedVotes.sol";
import {StakingTiers} from "./StakingTiers.sol";

/// @title Staked FAB: earns the stakers' share of all fees and votes.
/// @dev Stakes and rewards are two ledgers, also for FAB, which is both. The owner (the timelock) lists reward tokens
/// and upgrades; no function moves what stakers are owed.
contract StakersPool is IStakingTiers, RewardLedger, StakedVotes, UUPSUpgradeable {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @custom:storage-location erc7201:fabstir.storage.StakersPool
    struct PoolStorage {
        IERC20 fab;
        uint96 staked;
        mapping(address account => Position[]) positions;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.StakersPool")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant POOL_STORAGE = 0x593bf0dd57bfd1348d07a6220fcfd41775dd3f338f68f8c4af373a0332cb5500;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @param owner_ The timelock.
    /// @param fab_ Token of the stakes. It and ETH are always reward tokens.
    /// @param rewardTokens_ Further reward tokens, such as USDC; at most six.
    function initialize(address owner_, address fab_, address[] calldata rewardTokens_) external initializer {
        if (fab_ == address(0)) revert StakersPoolZeroAddress();
        __Ownable_init(owner_);
        _poolStorage().fab = IERC20(fab_);
        _listRewardToken(address(0));
        _listRewardToken(fab_);
        for (uint256 i; i < rewardTokens_.length; ++i) {
            _listRewardToken(rewardTokens_[i]);
        }
    }

    /// @inheritdoc IStakingTiers
    function stake(Tier tier, uint256 amount) external nonReentrant returns (uint256 positionId) {
        Terms memory terms = StakingTiers.terms(tier);
        if (amount < terms.minimum) revert StakersPoolBelowMinimum(tier, amount, terms.minimum);

        PoolStorage storage $ = _poolStorage();
        Position memory opened =
            Position({amount: amount.toUint96(), unlocksAt: uint48(block.timestamp + terms.lock), tier: tier});
        positionId = $.positions[msg.sender].length;
        $.positions[msg.sender].push();
        _replace($, msg.sender, positionId, opened);
        emit Staked(msg.sender, positionId, tier, amount, opened.unlocksAt);
        $.fab.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IStakingTiers
    function unstake(uint256 positionId, uint256 amount) external nonReentrant {
        PoolStorage storage $ = _poolStorage();
        Position memory held = _position($, msg.sender, positionId);
        if (block.timestamp < held.unlocksAt) revert StakersPoolLocked(positionId, held.unlocksAt);
        if (amount == 0 || amount > held.amount) {
            revert StakersPoolInsufficientStake(positionId, amount, held.amount);
        }
        held.amount -= uint96(amount);
        uint256 minimum = StakingTiers.terms(held.tier).minimum;
        if (held.amount != 0 && held.amount < minimum) {
            revert StakersPoolBelowMinimum(held.tier, held.amount, minimum);
        }

        _replace($, msg.sender, positionId, held);
        emit Unstaked(msg.sender, positionId, amount);
        $.fab.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IStakingTiers
    /// @dev The penalty is booked after the weight is gone, so the position has no part in it.
    function exitEarly(uint256 positionId) external nonReentrant returns (uint256 paid) {
        PoolStorage storage $ = _poolStorage();
        Position memory held = _position($, msg.sender, positionId);
        if (block.timestamp >= held.unlocksAt) revert StakersPoolNotLocked(positionId, held.unlocksAt);
        uint256 penalty = StakingTiers.penalty(held.amount);
        paid = held.amount - penalty;
        held.amount = 0;

        _replace($, msg.sender, positionId, held);
        _book(address($.fab), penalty);
        emit ExitedEarly(msg.sender, positionId, paid, penalty);
        $.fab.safeTransfer(msg.sender, paid);
    }

    /// @inheritdoc IStakingTiers
    function relock(uint256 positionId, Tier tier) external nonReentrant {
        PoolStorage storage $ = _poolStorage();
        Position memory held = _position($, msg.sender, positionId);
        Terms memory terms = StakingTiers.terms(tier);
        if (held.amount < terms.minimum) revert StakersPoolBelowMinimum(tier, held.amount, terms.minimum);
        uint48 endsAt = uint48(block.timestamp + terms.lock);
        if (endsAt < held.unlocksAt) revert StakersPoolShorterLock(positionId, endsAt, held.unlocksAt);

        _replace($, msg.sender, positionId, Position({amount: held.amount, unlocksAt: endsAt, tier: tier}));
        emit PositionRelocked(msg.sender, positionId, tier, endsAt);
    }

    /// @inheritdoc IStakingTiers
    function lapse(address account, uint256 positionId) external nonReentrant {
        PoolStorage storage $ = _poolStorage();
        Position memory held = _position($, account, positionId);
        if (held.tier == Tier.Flexible) revert StakersPoolAlreadyFlexible(account, positionId);
        if (block.timestamp < held.unlocksAt) revert StakersPoolLocked(positionId, held.unlocksAt);

        held.tier = Tier.Flexible;
        _replace($, account, positionId, held);
        emit PositionLapsed(account, positionId);
    }

    /// @inheritdoc IStakingTiers
    function tierTerms(Tier tier) external pure returns (Terms memory) {
        return StakingTiers.terms(tier);
    }

    /// @inheritdoc IStakingTiers
    function position(address account, uint256 positionId) external view returns (Position memory held) {
        Position[] storage positions = _poolStorage().positions[account];
        if (positionId < positions.length) held = positions[positionId];
    }

    /// @inheritdoc IStakingTiers
    function positionCount(address account) external view returns (uint256) {
        return _poolStorage().positions[account].length;
    }

    /// @inheritdoc IStakingTiers
    function totalStaked() external view returns (uint256) {
        return _poolStorage().staked;
    }

    /// @inheritdoc IStakingTiers
    function fab() external view returns (address) {
        return address(_poolStorage().fab);
    }

    /// @dev The only way to change a position: weight, votes and the ledger of stakes follow it.
    function _replace(PoolStorage storage $, address account, uint256 positionId, Position memory next) private {
        Position memory previous = $.positions[account][positionId];
        _changeWeight(account, StakingTiers.weight(previous), StakingTiers.weight(next));
        int256 change = int256(uint256(next.amount)) - int256(uint256(previous.amount));
        _changeVotes(account, StakingTiers.votes(previous), StakingTiers.votes(next), change);
        $.staked = (uint256($.staked) - previous.amount + next.amount).toUint96();
        $.positions[account][positionId] = next;
    }

    function _position(PoolStorage storage $, address account, uint256 positionId)
        private
        view
        returns (Position memory held)
    {
        Position[] storage positions = $.positions[account];
        if (positionId < positions.length) held = positions[positionId];
        if (held.amount == 0) revert StakersPoolUnknownPosition(account, positionId);
    }

    function _reserved(address token) internal view override returns (uint256) {
        PoolStorage storage $ = _poolStorage();
        return token == address($.fab) ? $.staked : 0;
    }

    function _poolStorage() private pure returns (PoolStorage storage $) {
        assembly {
            $.slot := POOL_STORAGE
        }
    }

    function _authorizeUpgrade(address) internal override onlyOwner {}
}
