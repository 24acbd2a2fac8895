// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {IEntryPoint, IPaymaster} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {Paymaster} from "@openzeppelin/contracts/account/paymaster/Paymaster.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Operation} from "../interfaces/IBaseAccountIntegration.sol";
import {ITokenPaymaster} from "../interfaces/ITokenPaymaster.sol";
import {
    BlacklistingToken,
    CallbackToken,
    FalseReturningToken,
    FeeOnTransferToken,
    LyingToken,
    MintableToken,
    SilentToken
} from "../mocks/HostileTokens.sol";
import {TokenPaymaster} from "./TokenPaymaster.sol";
import {Vm} from "../mocks/Test.sol";
import {TokenPaymasterTestBase} from "./TokenPaymasterTestBase.t.sol";

/// @dev Uses all the gas it gets, up to what it is told.
contract GasBurner {
    function burn(uint256 amount) external view {
        uint256 start = gasleft();
        while (start - gasleft() < amount) {}
    }
}

/// @dev An account that is told of every transfer, and then reaches for all that the paymaster has.
contract GreedyAccount {
    TokenPaymaster private immutable _payer;
    uint256 public told;
    uint256 public took;

    constructor(TokenPaymaster payer) {
        _payer = payer;
    }

    function validateUserOp(PackedUserOperation calldata, bytes32, uint256) external pure returns (uint256) {
        return 0;
    }

    function onTokenMoved(uint256) external {
        ++told;
        _try(abi.encodeCall(_payer.withdrawTokens, (msg.sender, 1)));
        _try(abi.encodeCall(_payer.withdrawDeposit, (1)));
        _try(abi.encodeCall(_payer.addStake, (type(uint32).max)));
        bytes memory refund = abi.encode(bytes32(0), address(this), msg.sender, 1e30, 1, 0);
        _try(abi.encodeCall(_payer.postOp, (IPaymaster.PostOpMode.opSucceeded, refund, 0, 0)));
    }

    fallback() external {}

    function _try(bytes memory data) private {
        (bool success,) = address(_payer).call(data);
        if (success) ++took;
    }
}

/// @notice Charges, refunds and where the earnings go.
contract TokenPaymasterTest is TokenPaymasterTestBase {
    bytes32 private constant PAID =
        keccak256("UserOperationPaidInToken(bytes32,address,address,uint256,uint256)");

    function test_row131_theAccountPaysInTokensAndTheDepositPaysTheBundler() public {
        vm.deal(address(account), 0);
        uint256 deposit = payer.getDeposit();
        handle(paidOp(feedData(address(token))));
        assertEq(market.lastJob(), 1);
        assertEq(address(account).balance, 0);
        assertEq(deposit - payer.getDeposit(), BENEFICIARY.balance);
        assertGt(BENEFICIARY.balance, 0);
        _assertPaid(deposit, PRICE);
    }

    /// @dev What was taken before and is too much comes back; the most that is kept too much is the postOp limit.
    function test_theRestIsRefunded() public {
        uint256 balance = token.balanceOf(address(account));
        uint256 deposit = payer.getDeposit();
        PackedUserOperation memory op = paidOp(feedData(address(token)));
        vm.recordLogs();
        handle(op);
        uint256 kept = token.balanceOf(address(payer));
        assertEq(balance - token.balanceOf(address(account)), kept);
        uint256 cost = deposit - payer.getDeposit();
        uint256 most = cost + (uint256(POST_OP_GAS) + 5_000) * 1 gwei;
        assertLe(kept, most * _marked(PRICE) / 1e18 + 1);
        assertEq(_lastCharge(), kept);
    }

    /// @dev Whatever limits, prices of gas, work and price of the token: the tokens kept are worth the wei spent.
    function testFuzz_theDepositIsNeverUnpaid(
        uint256 maxFee,
        uint256 priority,
        uint128 postOpGas,
        uint256 callGas,
        uint256 burned,
        uint128 price
    ) public {
        maxFee = bound(maxFee, 1, 10_000 gwei);
        priority = bound(priority, 0, maxFee);
        callGas = bound(callGas, 60_000, 3_000_000);
        burned = bound(burned, 0, 2_000_000);
        price = uint128(bound(price, 100e18, 10_000e18));
        vm.fee(bound(uint256(keccak256(abi.encode(priority))), 1, maxFee));
        listQuotedToken(address(token));
        PackedUserOperation memory op = newOp(
            account, 0, address(0), executeCall(address(new GasBurner()), 0, abi.encodeCall(GasBurner.burn, (burned)))
        );
        op.accountGasLimits = bytes32((uint256(200_000) << 128) | callGas);
        op.gasFees = bytes32((priority << 128) | maxFee);
        setPayer(
            op,
            uint128(bound(postOpGas, 20_000, 40_000)),
            quoteData(quoteKey, address(token), price, uint48(START - 1), uint48(START + 60))
        );
        payer.deposit{value: 1_000 ether}();
        uint256 deposit = payer.getDeposit();
        handle(op);
        assertGt(deposit, payer.getDeposit());
        _assertPaid(deposit, price);
    }

    function test_X54_aPaidOperationIsUsedOnce() public {
        PackedUserOperation memory op = paidOp(feedData(address(token)));
        handle(op);
        fails(op, "AA25 invalid account nonce");
    }

    // Operations that are refused

    function test_anOperationThatDeploysItsSenderIsRefused() public {
        address fresh = factory.getAddress(abi.encodePacked(owner), 7);
        token.approve(fresh, 0);
        PackedUserOperation memory op = paidOp(feedData(address(token)));
        op.sender = fresh;
        op.nonce = 0;
        op.initCode = abi.encodePacked(
            factory, abi.encodeCall(factory.createAccount, (abi.encodePacked(owner), uint256(7)))
        );
        op.signature = signKey(ownerKey, entryPoint.getUserOpHash(op));
        refuses(op, abi.encodeWithSelector(ITokenPaymaster.TokenPaymasterDeployingOperation.selector, fresh));
    }

    /// @dev Too little for the refund, or enough for the EntryPoint's penalty on what is not used.
    function test_aLyingPostOpGasLimitIsRefused() public {
        uint128[4] memory limits = [uint128(0), 19_999, 40_001, type(uint64).max];
        for (uint256 i; i < limits.length; ++i) {
            PackedUserOperation memory op = paidOp(limits[i], feedData(address(token)));
            // The huge one has to get past the EntryPoint's own check of the deposit.
            if (i == 3) op.gasFees = bytes32(uint256(0));
            op.signature = signKey(ownerKey, entryPoint.getUserOpHash(op));
            refuses(
                op,
                abi.encodeWithSelector(ITokenPaymaster.TokenPaymasterPostOpGasLimit.selector, limits[i], 20_000, 40_000)
            );
        }
        handle(paidOp(20_000, feedData(address(token))));
        handle(paidOp(40_000, feedData(address(token))));
    }

    function test_theSenderBoundsTheCharge() public {
        // 4,050,000 + 200,000 + 30,000 of the limits and 5,000 of the EntryPoint, at 1 gwei, 2,500 tokens and 5 %.
        uint128 charge = 4_285_000 * 1 gwei * 2_625;
        PackedUserOperation memory op = paidOp(abi.encodePacked(charge - 1, address(token)));
        refuses(
            op,
            abi.encodeWithSelector(
                ITokenPaymaster.TokenPaymasterChargeTooHigh.selector, address(token), charge, charge - 1
            )
        );
        handle(paidOp(abi.encodePacked(charge, address(token))));
        assertEq(market.lastJob(), 1);
    }

    function test_onlyWhatIsApprovedCanBeTaken() public {
        vm.prank(address(account));
        token.approve(address(payer), 1);
        refuses(
            paidOp(feedData(address(token))),
            abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientAllowance.selector, address(payer), 1, 4_285_000 * 1 gwei * 2_625
            )
        );
    }

    function test_onlyTheEntryPointAsks() public {
        vm.expectRevert(abi.encodeWithSelector(Paymaster.PaymasterUnauthorized.selector, address(this)));
        payer.postOp(IPaymaster.PostOpMode.opSucceeded, "", 0, 0);
    }

    function testFuzz_anyOtherLengthIsRefused(uint256 length) public {
        length = bound(length, 0, 300);
        vm.assume(length != 36);
        PackedUserOperation memory op = paidOp(abi.encodePacked(uint128(1), address(token), new bytes(length)));
        bytes memory data = new bytes(length);
        bytes memory whole = feedData(address(token));
        for (uint256 i; i < length && i < 36; ++i) data[i] = whole[i];
        setPayer(op, POST_OP_GAS, data);
        refuses(op, abi.encodeWithSelector(ITokenPaymaster.TokenPaymasterDataLength.selector, length, 36));
    }

    // Tokens that do not do what they are asked

    function test_aTokenThatKeepsAPartIsRefused() public {
        FeeOnTransferToken other = new FeeOnTransferToken();
        uint256 charge = _list(address(other));
        refuses(
            paidOp(feedData(address(other))),
            abi.encodeWithSelector(
                ITokenPaymaster.TokenPaymasterTransferMismatch.selector, address(other), charge - charge / 100, charge
            )
        );
    }

    function test_aTokenThatMovesNothingIsRefused() public {
        LyingToken other = new LyingToken();
        uint256 charge = _list(address(other));
        refuses(
            paidOp(feedData(address(other))),
            abi.encodeWithSelector(ITokenPaymaster.TokenPaymasterTransferMismatch.selector, address(other), 0, charge)
        );
    }

    function test_aTokenThatAnswersFalseIsRefused() public {
        FalseReturningToken other = new FalseReturningToken();
        _list(address(other));
        refuses(
            paidOp(feedData(address(other))),
            abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(other))
        );
    }

    function test_aTokenThatAnswersNothingPays() public {
        SilentToken other = new SilentToken();
        vm.mockCall(address(other), abi.encodeWithSignature("decimals()"), abi.encode(18));
        listFeedToken(address(other));
        payer.updatePrice(address(other));
        other.mint(address(account), 1e30);
        handle(paidOp(feedData(address(other))));
        assertGt(other.balanceOf(address(payer)), 0);
    }

    /// @dev The refund is impossible: the operation is undone, the full charge stays, the deposit is paid.
    function test_aRefundThatFailsLeavesThePaymasterPaid() public {
        BlacklistingToken other = new BlacklistingToken();
        uint256 charge = _list(address(other));
        uint256 deposit = payer.getDeposit();
        Operation[] memory calls = one(address(other), 0, abi.encodeCall(other.blacklist, (address(account))));
        PackedUserOperation memory op = newOp(account, 0, address(0), executeCalls(calls));
        setPayer(op, POST_OP_GAS, feedData(address(other)));
        handle(op);
        assertEq(other.balanceOf(address(payer)), charge);
        assertFalse(other.blacklisted(address(account)), "the operation was not undone");
        assertGe(charge * 1e18 / PRICE, deposit - payer.getDeposit());
    }

    /// @dev A token that calls its receiver: charge and refund are no way to what the paymaster has.
    function test_aTokenWithCallbacksReachesNothing() public {
        CallbackToken other = new CallbackToken();
        _list(address(other));
        GreedyAccount greedy = new GreedyAccount(payer);
        other.mint(address(greedy), 1e30);
        vm.prank(address(greedy));
        other.approve(address(payer), type(uint256).max);
        uint256 told = greedy.told();
        PackedUserOperation memory op = paidOp(feedData(address(other)));
        op.sender = address(greedy);
        uint256 deposit = payer.getDeposit();
        handle(op);
        assertEq(greedy.told(), told + 2);
        assertEq(greedy.took(), 0);
        assertGe(other.balanceOf(address(payer)) * 1e18 / PRICE, deposit - payer.getDeposit());
    }

    // Earnings, deposit and stake

    function test_earningsGoToTheTreasuryOnly() public {
        handle(paidOp(feedData(address(token))));
        uint256 earned = token.balanceOf(address(payer));
        vm.prank(app);
        vm.expectRevert(abi.encodeWithSelector(ITokenPaymaster.TokenPaymasterNotTreasury.selector, app));
        payer.withdrawTokens(address(token), earned);
        vm.prank(treasury);
        payer.withdrawTokens(address(token), 1);
        vm.prank(timelock);
        payer.withdrawTokens(address(token), earned - 1);
        assertEq(token.balanceOf(treasury), earned);
    }

    function test_depositAndStakeGoToTheTreasuryOnly() public {
        bytes[4] memory calls = [
            abi.encodeCall(payer.withdrawDeposit, (1)),
            abi.encodeCall(payer.addStake, (1 days)),
            abi.encodeCall(payer.unlockStake, ()),
            abi.encodeCall(payer.withdrawStake, ())
        ];
        for (uint256 i; i < calls.length; ++i) {
            vm.prank(app);
            (bool success, bytes memory returned) = address(payer).call(calls[i]);
            assertFalse(success);
            assertEq(returned, abi.encodeWithSelector(ITokenPaymaster.TokenPaymasterNotTreasury.selector, app));
        }
        vm.prank(timelock);
        payer.withdrawDeposit(4 ether);
        assertEq(treasury.balance, 4 ether);
        assertEq(payer.getDeposit(), 6 ether);

        vm.deal(treasury, 5 ether);
        vm.prank(treasury);
        payer.addStake{value: 5 ether}(1 days);
        assertEq(treasury.balance, 0);
        vm.prank(treasury);
        payer.unlockStake();
        vm.warp(START + 1 days);
        vm.prank(treasury);
        payer.withdrawStake();
        assertEq(treasury.balance, 5 ether);
    }

    function test_nothingIsDeployedWithoutItsAddresses() public {
        vm.expectRevert(ITokenPaymaster.TokenPaymasterZeroAddress.selector);
        deployCode("TokenPaymaster", abi.encode(IEntryPoint(address(0)), timelock, treasury, app));
        vm.expectRevert(ITokenPaymaster.TokenPaymasterZeroAddress.selector);
        deployCode("TokenPaymaster", abi.encode(IEntryPoint(address(entryPoint)), timelock, payable(0), app));
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableInvalidOwner.selector, address(0)));
        deployCode("TokenPaymaster", abi.encode(IEntryPoint(address(entryPoint)), address(0), treasury, app));
    }

    /// @return charge What an operation of {paidOp} is charged before it runs.
    function _list(address other) private returns (uint256 charge) {
        listFeedToken(other);
        payer.updatePrice(other);
        MintableToken(other).mint(address(account), 1e30);
        vm.prank(address(account));
        MintableToken(other).approve(address(payer), type(uint256).max);
        return 4_285_000 * 1 gwei * 2_625;
    }

    function _marked(uint256 price) private pure returns (uint256) {
        return price * (10_000 + MARKUP_BPS) / 10_000;
    }

    /// @dev What was kept, at the price without markup, is at least what left the deposit.
    function _assertPaid(uint256 depositBefore, uint256 price) private view {
        assertGe(token.balanceOf(address(payer)) * 1e18 / price, depositBefore - payer.getDeposit(), "unpaid");
    }

    function _lastCharge() private returns (uint256 charge) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] == PAID) (charge,) = abi.decode(logs[i].data, (uint256, uint256));
        }
    }
}
