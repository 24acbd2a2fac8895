// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable2StepUpgradeable} from "@openzeppelin/contracts-upgradeable/access/Ownable2StepUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {RateLimiter} from "@openzeppelin/contracts/utils/RateLimiter.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IBuyback} from "../interfaces/IBuyback.sol";
import {ISwapAdapter} from "../interfaces/ISwapAdapter.sol";
import {ITwapOracle} from "../interfaces/ITwapOracle.sol";

/// @title Treasury dollars to FAB, within a cap and near the average price.
/// @dev Holds nothing between two calls: dollars come from the treasury's allowance, FAB goes on in the same call. The
/// owner is the timelock.
contract Buyback is IBuyback, Ownable2StepUpgradeable, UUPSUpgradeable, ReentrancyGuardTransient {
    using RateLimiter for RateLimiter.RefillingBucket;
    using SafeERC20 for IERC20;

    /// @custom:storage-location erc7201:fabstir.storage.Buyback
    struct BuybackStorage {
        IERC20 usdc;
        ERC20Burnable fab;
        ISwapAdapter adapter;
        ITwapOracle oracle;
        address treasury;
        Limits limits;
        RateLimiter.RefillingBucket spending;
        mapping(address account => bool) keepers;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.Buyback")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant BUYBACK_STORAGE = 0xd9bf4510a4980e8091f191dc1d056d3e30d514ac2ab450df6399860e1e3beb00;

    uint256 private constant BASIS = 10_000;
    uint256 private constant MAX_DEVIATION_BPS = 1_000;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @param owner_ The timelock. Sets route and keepers before anything can be bought.
    /// @param usdc_ Token that is spent.
    /// @param fab_ Token that is bought.
    /// @param treasury_ Approves what may be spent, and gets what is not burned.
    function initialize(
        address owner_,
        address usdc_,
        address fab_,
        address treasury_,
        Limits calldata limits_
    ) external initializer {
        if (usdc_ == address(0) || fab_ == address(0)) revert BuybackZeroAddress();
        __Ownable_init(owner_);
        BuybackStorage storage $ = _buybackStorage();
        $.usdc = IERC20(usdc_);
        $.fab = ERC20Burnable(fab_);
        _setTreasury(treasury_);
        _setLimits(limits_);
    }

    /// @inheritdoc IBuyback
    function buy(uint256 amountIn, uint256 minOut) external nonReentrant returns (uint256 bought) {
        BuybackStorage storage $ = _buybackStorage();
        if (!$.keepers[msg.sender]) revert BuybackNotKeeper(msg.sender);
        uint256 guard = _minimumOut($, amountIn);
        if (minOut == 0 || guard == 0) revert BuybackNoMinimum();
        if (!$.spending.tryConsume(0, amountIn)) revert BuybackOverCap(amountIn, $.spending.available(0));

        bought = _swap($, amountIn, Math.max(minOut, guard));
        uint256 burned = bought * $.limits.burnBps / BASIS;
        emit BoughtBack(amountIn, bought, burned);
        $.fab.burn(burned);
        IERC20(address($.fab)).safeTransfer($.treasury, bought - burned);
    }

    /// @inheritdoc IBuyback
    function setRoute(address adapter, address oracle) external onlyOwner {
        if (adapter == address(0) || oracle == address(0)) revert BuybackZeroAddress();
        BuybackStorage storage $ = _buybackStorage();
        $.adapter = ISwapAdapter(adapter);
        $.oracle = ITwapOracle(oracle);
        emit RouteSet(adapter, oracle);
    }

    /// @inheritdoc IBuyback
    function setLimits(Limits calldata limits_) external onlyOwner {
        _setLimits(limits_);
    }

    /// @inheritdoc IBuyback
    function setKeeper(address keeper, bool allowed) external onlyOwner {
        if (keeper == address(0)) revert BuybackZeroAddress();
        _buybackStorage().keepers[keeper] = allowed;
        emit KeeperSet(keeper, allowed);
    }

    /// @inheritdoc IBuyback
    function setTreasury(address treasury_) external onlyOwner {
        _setTreasury(treasury_);
    }

    /// @inheritdoc IBuyback
    function minimumOut(uint256 amountIn) external view returns (uint256) {
        return _minimumOut(_buybackStorage(), amountIn);
    }

    /// @inheritdoc IBuyback
    function available() external view returns (uint256) {
        return _buybackStorage().spending.available(0);
    }

    /// @inheritdoc IBuyback
    function limits() external view returns (Limits memory) {
        return _buybackStorage().limits;
    }

    /// @inheritdoc IBuyback
    function isKeeper(address account) external view returns (bool) {
        return _buybackStorage().keepers[account];
    }

    /// @inheritdoc IBuyback
    function route() external view returns (address adapter, address oracle) {
        BuybackStorage storage $ = _buybackStorage();
        return (address($.adapter), address($.oracle));
    }

    /// @inheritdoc IBuyback
    function treasury() external view returns (address) {
        return _buybackStorage().treasury;
    }

    /// @inheritdoc IBuyback
    function usdc() external view returns (address) {
        return address(_buybackStorage().usdc);
    }

    /// @inheritdoc IBuyback
    function fab() external view returns (address) {
        return address(_buybackStorage().fab);
    }

    /// @dev Both sides are measured by balance: an adapter's word counts for nothing (X-46).
    function _swap(BuybackStorage storage $, uint256 amountIn, uint256 minimum) private returns (uint256 bought) {
        (IERC20 usdc_, IERC20 fab_) = ($.usdc, IERC20(address($.fab)));
        uint256 usdcBefore = usdc_.balanceOf(address(this));
        uint256 fabBefore = fab_.balanceOf(address(this));
        usdc_.safeTransferFrom($.treasury, address(this), amountIn);
        usdc_.forceApprove(address($.adapter), amountIn);
        $.adapter.swap(address(usdc_), address(fab_), amountIn, minimum, address(this));

        uint256 usdcAfter = usdc_.balanceOf(address(this));
        if (usdcAfter != usdcBefore) {
            revert BuybackWrongSpend(Math.saturatingSub(usdcBefore + amountIn, usdcAfter), amountIn);
        }
        bought = Math.saturatingSub(fab_.balanceOf(address(this)), fabBefore);
        if (bought < minimum) revert BuybackTooFewBought(bought, minimum);
    }

    function _minimumOut(BuybackStorage storage $, uint256 amountIn) private view returns (uint256) {
        if (address($.adapter) == address(0)) revert BuybackNoRoute();
        (uint256 average, uint256 updatedAt) = $.oracle.consult(address($.usdc), address($.fab), amountIn);
        if (updatedAt > block.timestamp) revert BuybackPriceFromFuture(updatedAt);
        if (block.timestamp - updatedAt > $.limits.maxAge) revert BuybackStalePrice(updatedAt, $.limits.maxAge);
        return Math.mulDiv(average, BASIS - $.limits.maxDeviationBps, BASIS, Math.Rounding.Ceil);
    }

    function _setLimits(Limits calldata limits_) private {
        _requireRange("maxDeviationBps", limits_.maxDeviationBps, 0, MAX_DEVIATION_BPS);
        _requireRange("burnBps", limits_.burnBps, 0, BASIS);
        _requireRange("maxAge", limits_.maxAge, 1, 1 days);
        _requireRange("window", limits_.window, 1 hours, 365 days);
        BuybackStorage storage $ = _buybackStorage();
        $.limits = limits_;
        // What was spent refills at the old rate until now.
        $.spending.sync(0);
        $.spending.updateSettings(limits_.window, limits_.cap);
        emit LimitsSet(
            limits_.maxDeviationBps, limits_.burnBps, limits_.maxAge, limits_.window, limits_.cap
        );
    }

    function _requireRange(string memory field, uint256 value, uint256 minimum, uint256 maximum) private pure {
        if (value < minimum || value > maximum) revert BuybackLimitOutOfRange(field, value, minimum, maximum);
    }

    function _setTreasury(address treasury_) private {
        if (treasury_ == address(0)) revert BuybackZeroAddress();
        _buybackStorage().treasury = treasury_;
        emit TreasurySet(treasury_);
    }

    function _buybackStorage() private pure returns (BuybackStorage storage $) {
        assembly {
            $.slot := BUYBACK_STORAGE
        }
    }

    function _authorizeUpgrade(address) internal override onlyOwner {}
}
