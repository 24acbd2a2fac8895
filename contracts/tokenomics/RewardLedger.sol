// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable2StepUpgradeable} from "@openzeppelin/contracts-upgradeable/access/Ownable2StepUpgradeable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IStakerRewards} from "../interfaces/IStakerRewards.sol";
import {IStakersPool} from "../interfaces/IStakersPool.sol";
import {RewardStream} from "./RewardStream.sol";

/// @title Rewards in several tokens, divided by weight. Knows nothing of stakes but their weights.
abstract contract RewardLedger is IStakerRewards, Ownable2StepUpgradeable, ReentrancyGuardTransient {
    using RewardStream for RewardStream.Stream;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @param notified Bounded by 2^112 for good, so that no sum of scaled rewards overflows and blocks an exit.
    struct Reward {
        RewardStream.Stream stream;
        uint112 notified;
        uint112 paid;
        bool listed;
    }

    /// @param perWeight Of the stream when the account was settled last.
    /// @param accrued Scaled; what is less than a unit stays for the next claim.
    struct Earning {
        uint256 perWeight;
        uint256 accrued;
    }

    /// @custom:storage-location erc7201:fabstir.storage.RewardLedger
    struct RewardStorage {
        mapping(address token => Reward) rewards;
        address[] tokens;
        mapping(address account => mapping(address token => Earning)) earnings;
        mapping(address account => uint256) weights;
        uint256 totalWeight;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.RewardLedger")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant REWARD_STORAGE = 0x90bddc37e5396a7f64201c4bb743b188264fc68919f0085c5d635fcd6519ec00;

    uint256 private constant MAX_REWARD_TOKENS = 8;

    /// @notice ETH that comes without a call is a reward, such as the stakers' share of the marketplace's fees.
    receive() external payable {
        _book(address(0), msg.value);
    }

    /// @inheritdoc IStakersPool
    /// @dev Nothing is no error: a fee may round to it.
    function notifyReward(address token, uint256 amount) external payable nonReentrant {
        uint256 value = token == address(0) ? amount : 0;
        if (msg.value != value) revert StakersPoolWrongValue(msg.value, value);
        if (token != address(0) && amount != 0) {
            uint256 before = IERC20(token).balanceOf(address(this));
            IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
            uint256 received = IERC20(token).balanceOf(address(this)) - before;
            if (received != amount) revert StakersPoolTransferMismatch(token, received, amount);
        }
        _book(token, amount);
    }

    /// @inheritdoc IStakerRewards
    function sync(address token) external nonReentrant returns (uint256 surplus) {
        Reward storage reward = _listed(token);
        uint256 balance = token == address(0) ? address(this).balance : IERC20(token).balanceOf(address(this));
        surplus = Math.saturatingSub(balance, uint256(reward.notified) - reward.paid + _reserved(token));
        _book(token, surplus);
    }

    /// @inheritdoc IStakerRewards
    function claim(address token) external nonReentrant returns (uint256 amount) {
        return _claim(token, msg.sender);
    }

    /// @inheritdoc IStakerRewards
    function claim(address token, address to) external nonReentrant returns (uint256 amount) {
        if (to == address(0)) revert StakersPoolZeroAddress();
        return _claim(token, to);
    }

    /// @inheritdoc IStakerRewards
    function claimAll() external nonReentrant {
        address[] memory tokens = _rewardStorage().tokens;
        for (uint256 i; i < tokens.length; ++i) {
            _claim(tokens[i], msg.sender);
        }
    }

    /// @inheritdoc IStakerRewards
    function listRewardToken(address token) external onlyOwner {
        _listRewardToken(token);
    }

    /// @inheritdoc IStakerRewards
    function earned(address account, address token) external view returns (uint256) {
        RewardStorage storage $ = _rewardStorage();
        Earning memory earning = $.earnings[account][token];
        uint256 perWeight = _streamNow($, _listed(token)).perWeight;
        return (earning.accrued + $.weights[account] * (perWeight - earning.perWeight)) / RewardStream.SCALE;
    }

    /// @inheritdoc IStakerRewards
    function rewardState(address token) external view returns (RewardState memory) {
        Reward storage reward = _listed(token);
        RewardStream.Stream memory stream = _streamNow(_rewardStorage(), reward);
        return RewardState({
            notified: reward.notified,
            paid: reward.paid,
            unallocated: stream.left / RewardStream.SCALE,
            endsAt: stream.endsAt
        });
    }

    /// @inheritdoc IStakerRewards
    function rewardTokens() external view returns (address[] memory) {
        return _rewardStorage().tokens;
    }

    /// @inheritdoc IStakerRewards
    function weightOf(address account) external view returns (uint256) {
        return _rewardStorage().weights[account];
    }

    /// @inheritdoc IStakerRewards
    function totalWeight() external view returns (uint256) {
        return _rewardStorage().totalWeight;
    }

    function _listRewardToken(address token) internal {
        RewardStorage storage $ = _rewardStorage();
        Reward storage reward = $.rewards[token];
        if (reward.listed) revert StakersPoolRewardListed(token);
        if ($.tokens.length == MAX_REWARD_TOKENS) revert StakersPoolTooManyRewards(MAX_REWARD_TOKENS);
        reward.listed = true;
        $.tokens.push(token);
        emit RewardTokenListed(token);
    }

    /// @dev Books what the contract already holds.
    function _book(address token, uint256 amount) internal {
        if (amount == 0) return;
        Reward storage reward = _listed(token);
        reward.notified = (reward.notified + amount).toUint112();
        RewardStream.Stream memory stream = _streamNow(_rewardStorage(), reward).added(amount);
        reward.stream = stream;
        emit RewardNotified(token, msg.sender, amount, stream.endsAt);
    }

    /// @dev The only way to change a weight: every reward token is settled first, so that a change of stake moves
    /// nothing of the past (X-44). Calls no token, so that none can hold a stake.
    function _changeWeight(address account, uint256 removed, uint256 gained) internal {
        RewardStorage storage $ = _rewardStorage();
        address[] memory tokens = $.tokens;
        for (uint256 i; i < tokens.length; ++i) {
            _settle($, account, tokens[i]);
        }
        $.weights[account] = $.weights[account] - removed + gained;
        $.totalWeight = $.totalWeight - removed + gained;
    }

    /// @dev What the contract holds of `token` for other reasons than rewards.
    function _reserved(address token) internal view virtual returns (uint256);

    function _claim(address token, address to) private returns (uint256 amount) {
        RewardStorage storage $ = _rewardStorage();
        Reward storage reward = _listed(token);
        Earning storage earning = _settle($, msg.sender, token);
        uint256 accrued = earning.accrued;
        amount = accrued / RewardStream.SCALE;
        if (amount == 0) return 0;

        earning.accrued = accrued % RewardStream.SCALE;
        reward.paid += uint112(amount);
        emit RewardClaimed(msg.sender, token, amount, to);
        if (token != address(0)) {
            IERC20(token).safeTransfer(to, amount);
        } else if (!LowLevelCall.callNoReturn(to, amount, "")) {
            revert StakersPoolEthTransferFailed(to, amount);
        }
    }

    function _settle(RewardStorage storage $, address account, address token)
        private
        returns (Earning storage earning)
    {
        Reward storage reward = $.rewards[token];
        RewardStream.Stream memory stream = _streamNow($, reward);
        reward.stream = stream;
        earning = $.earnings[account][token];
        earning.accrued += $.weights[account] * (stream.perWeight - earning.perWeight);
        earning.perWeight = stream.perWeight;
    }

    function _streamNow(RewardStorage storage $, Reward storage reward)
        private
        view
        returns (RewardStream.Stream memory)
    {
        RewardStream.Stream memory stream = reward.stream;
        return stream.advanced($.totalWeight, block.timestamp);
    }

    function _listed(address token) private view returns (Reward storage reward) {
        reward = _rewardStorage().rewards[token];
        if (!reward.listed) revert StakersPoolRewardUnknown(token);
    }

    function _rewardStorage() private pure returns (RewardStorage storage $) {
        assembly {
            $.slot := REWARD_STORAGE
        }
    }
}
