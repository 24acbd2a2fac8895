// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable2StepUpgradeable} from "@openzeppelin/contracts-upgradeable/access/Ownable2StepUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IRevenueSplitter} from "../interfaces/IRevenueSplitter.sol";
import {IStakersPool} from "../interfaces/IStakersPool.sol";
import {FeeSplit} from "../marketplace/FeeSplit.sol";

/// @title Division of revenue that did not pass through the marketplace.
/// @dev Never asks for its own balance to know what came in (X-43), and has no receive function. The owner is the
/// timelock.
contract RevenueSplitter is IRevenueSplitter, Ownable2StepUpgradeable, UUPSUpgradeable, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @custom:storage-location erc7201:fabstir.storage.RevenueSplitter
    struct SplitterStorage {
        mapping(address account => mapping(address token => uint256)) withdrawable;
        mapping(address token => uint256) liabilities;
        address treasury;
        IStakersPool stakersPool;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.RevenueSplitter")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant SPLITTER_STORAGE = 0xae35b839fe37819c19024c53b3fc243d9723779c09de27dbb57782cff90fef00;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @param owner_ The timelock.
    /// @param treasury_ Receives a tenth.
    /// @param stakersPool_ Is notified of a twentieth; may be an address that is not deployed yet.
    function initialize(address owner_, address treasury_, address stakersPool_) external initializer {
        __Ownable_init(owner_);
        _setTreasury(treasury_);
        _setStakersPool(stakersPool_);
    }

    /// @inheritdoc IRevenueSplitter
    function split(address token, uint256 amount, address host)
        external
        payable
        nonReentrant
        returns (uint256 toHost, uint256 toTreasury, uint256 toStakers)
    {
        if (amount == 0) revert RevenueSplitterZeroAmount();
        if (host == address(0)) revert RevenueSplitterZeroAddress();
        SplitterStorage storage $ = _splitterStorage();
        (toHost, toTreasury, toStakers) = FeeSplit.split(amount, FeeSplit.PROTOCOL_BPS, FeeSplit.STAKERS_BPS);
        $.withdrawable[host][token] += toHost;
        $.withdrawable[$.treasury][token] += toTreasury;
        $.liabilities[token] += toHost + toTreasury;
        emit RevenueSplit(token, host, toHost, toTreasury, toStakers);

        _pull(token, amount);
        _notify($.stakersPool, token, toStakers);
    }

    /// @inheritdoc IRevenueSplitter
    function withdraw(address token) external nonReentrant returns (uint256 amount) {
        return _withdraw(token, msg.sender);
    }

    /// @inheritdoc IRevenueSplitter
    function withdraw(address token, address to) external nonReentrant returns (uint256 amount) {
        if (to == address(0)) revert RevenueSplitterZeroAddress();
        return _withdraw(token, to);
    }

    /// @inheritdoc IRevenueSplitter
    function setTreasury(address treasury_) external onlyOwner {
        _setTreasury(treasury_);
    }

    /// @inheritdoc IRevenueSplitter
    function setStakersPool(address stakersPool_) external onlyOwner {
        _setStakersPool(stakersPool_);
    }

    /// @inheritdoc IRevenueSplitter
    function withdrawable(address account, address token) external view returns (uint256) {
        return _splitterStorage().withdrawable[account][token];
    }

    /// @inheritdoc IRevenueSplitter
    function liabilities(address token) external view returns (uint256) {
        return _splitterStorage().liabilities[token];
    }

    /// @inheritdoc IRevenueSplitter
    function treasury() external view returns (address) {
        return _splitterStorage().treasury;
    }

    /// @inheritdoc IRevenueSplitter
    function stakersPool() external view returns (address) {
        return address(_splitterStorage().stakersPool);
    }

    function _pull(address token, uint256 amount) private {
        uint256 value = token == address(0) ? amount : 0;
        if (msg.value != value) revert RevenueSplitterWrongValue(msg.value, value);
        if (token == address(0)) return;
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = IERC20(token).balanceOf(address(this)) - before;
        if (received != amount) revert RevenueSplitterTransferMismatch(token, received, amount);
    }

    function _notify(IStakersPool pool, address token, uint256 amount) private {
        if (amount == 0) return;
        if (token == address(0)) {
            pool.notifyReward{value: amount}(token, amount);
        } else {
            IERC20(token).forceApprove(address(pool), amount);
            pool.notifyReward(token, amount);
        }
    }

    function _withdraw(address token, address to) private returns (uint256 amount) {
        SplitterStorage storage $ = _splitterStorage();
        amount = $.withdrawable[msg.sender][token];
        if (amount == 0) revert RevenueSplitterNothingToWithdraw(msg.sender, token);

        $.withdrawable[msg.sender][token] = 0;
        $.liabilities[token] -= amount;
        emit Withdrawn(msg.sender, token, amount, to);
        if (token != address(0)) {
            IERC20(token).safeTransfer(to, amount);
        } else if (!LowLevelCall.callNoReturn(to, amount, "")) {
            revert RevenueSplitterEthTransferFailed(to, amount);
        }
    }

    function _setTreasury(address treasury_) private {
        if (treasury_ == address(0)) revert RevenueSplitterZeroAddress();
        _splitterStorage().treasury = treasury_;
        emit TreasurySet(treasury_);
    }

    function _setStakersPool(address stakersPool_) private {
        if (stakersPool_ == address(0)) revert RevenueSplitterZeroAddress();
        _splitterStorage().stakersPool = IStakersPool(stakersPool_);
        emit StakersPoolSet(stakersPool_);
    }

    function _splitterStorage() private pure returns (SplitterStorage storage $) {
        assembly {
            $.slot := SPLITTER_STORAGE
        }
    }

    function _authorizeUpgrade(address) internal override onlyOwner {}
}
