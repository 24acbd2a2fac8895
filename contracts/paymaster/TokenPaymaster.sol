// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Paymaster} from "@openzeppelin/contracts/account/paymaster/Paymaster.sol";
import {IEntryPoint, PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ITokenPaymaster} from "../interfaces/ITokenPaymaster.sol";
import {TokenPrices} from "./TokenPrices.sol";

/// @notice Gas paid in tokens: charged in full before the operation, refunded after it.
/// @dev The charge covers the most that the EntryPoint can take from the deposit. An operation whose refund fails
/// reverts, and its sender has paid the full charge: there is no way to an operation that was not paid for.
/// For EntryPoint 0.8 and later. 0.7 adds its penalty for unused gas after postOp, where nobody is charged for it.
contract TokenPaymaster is TokenPrices, Paymaster {
    using SafeERC20 for IERC20;

    /// @dev paymasterAndData: paymaster (20) ‖ verification gas limit (16) ‖ postOp gas limit (16) ‖ paymasterData.
    uint256 private constant POST_OP_GAS_OFFSET = 36;
    uint256 private constant DATA_OFFSET = 52;
    uint256 private constant TOKEN_OFFSET = 16;
    uint256 private constant SHORTEST_DATA = 36;

    /// @dev What the refund needs with a dollar token behind a proxy, and what the EntryPoint lets be unused without a
    /// penalty. The penalty is not in the cost that postOp is told.
    uint256 private constant MIN_POST_OP_GAS = 20_000;
    uint256 private constant MAX_POST_OP_GAS = 40_000;
    /// @dev The EntryPoint's own work around postOp, which the cost that postOp is told leaves out.
    uint256 private constant ENTRY_POINT_GAS = 5_000;
    uint256 private constant ONE_ETHER = 1e18;

    IEntryPoint private immutable _entryPoint;
    /// @inheritdoc ITokenPaymaster
    address payable public immutable treasury;

    modifier onlyOwnerOrTreasury() {
        if (msg.sender != owner() && msg.sender != treasury) revert TokenPaymasterNotTreasury(msg.sender);
        _;
    }

    /// @param owner_ The timelock.
    /// @param treasury_ Where everything that this contract earns or holds goes.
    /// @param quoteSigner_ May be `address(0)`: no quotes.
    constructor(IEntryPoint entryPoint_, address owner_, address payable treasury_, address quoteSigner_)
        TokenPrices(owner_, quoteSigner_)
    {
        if (address(entryPoint_) == address(0) || treasury_ == address(0)) revert TokenPaymasterZeroAddress();
        _entryPoint = entryPoint_;
        treasury = treasury_;
    }

    function entryPoint() public view override returns (IEntryPoint) {
        return _entryPoint;
    }

    /// @inheritdoc ITokenPaymaster
    function deposit() external payable {
        _deposit(msg.value);
    }

    /// @inheritdoc ITokenPaymaster
    function getDeposit() external view returns (uint256) {
        return _entryPoint.balanceOf(address(this));
    }

    /// @inheritdoc ITokenPaymaster
    /// @dev Not for everyone: a call between the charges and the refunds of a bundle would leave the refunds unpaid.
    function withdrawTokens(address token, uint256 amount) external onlyOwnerOrTreasury {
        emit TokensWithdrawn(token, amount);
        IERC20(token).safeTransfer(treasury, amount);
    }

    /// @inheritdoc ITokenPaymaster
    function withdrawDeposit(uint256 amount) external onlyOwnerOrTreasury {
        emit DepositWithdrawn(amount);
        _withdraw(treasury, amount);
    }

    /// @inheritdoc ITokenPaymaster
    function addStake(uint32 unstakeDelaySec) external payable onlyOwnerOrTreasury {
        _addStake(msg.value, unstakeDelaySec);
    }

    /// @inheritdoc ITokenPaymaster
    function unlockStake() external onlyOwnerOrTreasury {
        _unlockStake();
    }

    /// @inheritdoc ITokenPaymaster
    function withdrawStake() external onlyOwnerOrTreasury {
        _withdrawStake(treasury);
    }

    function _validatePaymasterUserOp(PackedUserOperation calldata userOp, bytes32 userOpHash, uint256 maxCost)
        internal
        override
        returns (bytes memory context, uint256 validationData)
    {
        if (userOp.initCode.length != 0) revert TokenPaymasterDeployingOperation(userOp.sender);
        bytes calldata data = userOp.paymasterAndData[DATA_OFFSET:];
        if (data.length < SHORTEST_DATA) revert TokenPaymasterDataLength(data.length, SHORTEST_DATA);
        uint256 postOpGas = uint128(bytes16(userOp.paymasterAndData[POST_OP_GAS_OFFSET:]));
        if (postOpGas < MIN_POST_OP_GAS || postOpGas > MAX_POST_OP_GAS) {
            revert TokenPaymasterPostOpGasLimit(postOpGas, MIN_POST_OP_GAS, MAX_POST_OP_GAS);
        }

        address token = address(bytes20(data[TOKEN_OFFSET:]));
        uint256 price;
        (price, validationData) = _priceOf(token, userOp.sender, data);
        uint256 charge = _inTokens(maxCost + ENTRY_POINT_GAS * uint128(uint256(userOp.gasFees)), price);
        uint256 maxCharge = uint128(bytes16(data));
        if (charge > maxCharge) revert TokenPaymasterChargeTooHigh(token, charge, maxCharge);

        _take(IERC20(token), userOp.sender, charge);
        context = abi.encode(userOpHash, userOp.sender, token, charge, price, postOpGas);
    }

    /// @dev The EntryPoint does not know yet what this call costs: its whole limit is charged.
    function _postOp(PostOpMode, bytes calldata context, uint256 actualGasCost, uint256 actualUserOpFeePerGas)
        internal
        override
    {
        (bytes32 userOpHash, address account, address token, uint256 taken, uint256 price, uint256 postOpGas) =
            abi.decode(context, (bytes32, address, address, uint256, uint256, uint256));
        uint256 cost = actualGasCost + (postOpGas + ENTRY_POINT_GAS) * actualUserOpFeePerGas;
        uint256 charge = Math.min(_inTokens(cost, price), taken);
        emit UserOperationPaidInToken(userOpHash, account, token, charge, price);
        IERC20(token).safeTransfer(account, taken - charge);
    }

    function _take(IERC20 token, address account, uint256 amount) private {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(account, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - before;
        if (received != amount) revert TokenPaymasterTransferMismatch(address(token), received, amount);
    }

    function _inTokens(uint256 cost, uint256 price) private pure returns (uint256) {
        return Math.ceilDiv(cost * price, ONE_ETHER);
    }
}
