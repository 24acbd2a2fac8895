// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {IEntryPoint} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {AccountTestBase} from "../account/AccountTestBase.t.sol";
import {ITokenPaymaster} from "../interfaces/ITokenPaymaster.sol";
import {TestPriceFeed} from "../mocks/TestPriceFeed.sol";
import {TokenPaymaster} from "./TokenPaymaster.sol";

/// @notice A TokenPaymaster that takes `token` at 2,500 of it (18 decimals) for one ether, and 5 percent.
/// @dev Feeds: one ether is 2,500 dollars, one token a dollar.
abstract contract TokenPaymasterTestBase is AccountTestBase {
    uint16 internal constant MARKUP_BPS = 500;
    uint256 internal constant PRICE = 2_500e18;
    uint128 internal constant POST_OP_GAS = 30_000;
    uint32 internal constant MAX_AGE = 1 days;

    TokenPaymaster internal payer;
    TestPriceFeed internal nativeFeed;
    TestPriceFeed internal tokenFeed;
    address internal timelock;
    address payable internal treasury;
    uint256 internal quoteKey;

    function setUp() public virtual override {
        super.setUp();
        timelock = makeAddr("timelock");
        treasury = payable(makeAddr("treasury"));
        address quoter;
        (quoter, quoteKey) = makeAddrAndKey("quoter");
        payer = TokenPaymaster(
            deployCode("TokenPaymaster", abi.encode(IEntryPoint(address(entryPoint)), timelock, treasury, quoter))
        );
        payer.deposit{value: 10 ether}();
        nativeFeed = new TestPriceFeed(8);
        tokenFeed = new TestPriceFeed(8);
        nativeFeed.set(2_500e8, START, START);
        tokenFeed.set(1e8, START, START);
        vm.prank(timelock);
        payer.setNativeFeed(address(nativeFeed), MAX_AGE);
        listFeedToken(address(token));
        payer.updatePrice(address(token));
        vm.prank(address(account));
        token.approve(address(payer), type(uint256).max);
    }

    function feedTerms() internal view returns (ITokenPaymaster.TokenTerms memory) {
        return ITokenPaymaster.TokenTerms(
            ITokenPaymaster.PriceSource.Feed, MARKUP_BPS, 100e18, 10_000e18, address(tokenFeed), MAX_AGE
        );
    }

    function quoteTerms() internal pure returns (ITokenPaymaster.TokenTerms memory) {
        return ITokenPaymaster.TokenTerms(
            ITokenPaymaster.PriceSource.Quote, MARKUP_BPS, 100e18, 10_000e18, address(0), 0
        );
    }

    function listFeedToken(address listed) internal {
        ITokenPaymaster.TokenTerms memory terms = feedTerms();
        vm.prank(timelock);
        payer.setToken(listed, terms);
    }

    function listQuotedToken(address listed) internal {
        vm.prank(timelock);
        payer.setToken(listed, quoteTerms());
    }

    function feedData(address paid) internal pure returns (bytes memory) {
        return abi.encodePacked(type(uint128).max, paid);
    }

    function quoteData(uint256 key, address paid, uint128 price, uint48 validAfter, uint48 validUntil)
        internal
        view
        returns (bytes memory)
    {
        bytes32 digest = payer.quoteHash(paid, address(account), price, validAfter, validUntil);
        return abi.encodePacked(type(uint128).max, paid, price, validAfter, validUntil, signRaw(key, digest));
    }

    /// @dev An operation of the owner that pays in tokens.
    function paidOp(uint128 postOpGas, bytes memory data) internal view returns (PackedUserOperation memory op) {
        op = newOp(account, 0, address(0), claim(1));
        setPayer(op, postOpGas, data);
    }

    function paidOp(bytes memory data) internal view returns (PackedUserOperation memory) {
        return paidOp(POST_OP_GAS, data);
    }

    function setPayer(PackedUserOperation memory op, uint128 postOpGas, bytes memory data) internal view {
        op.paymasterAndData = abi.encodePacked(payer, uint128(200_000), postOpGas, data);
        op.signature = signKey(ownerKey, entryPoint.getUserOpHash(op));
    }

    /// @dev The paymaster's validation reverts with `inner`.
    function refuses(PackedUserOperation memory op, bytes memory inner) internal {
        vm.expectRevert(
            abi.encodeWithSignature("FailedOpWithRevert(uint256,string,bytes)", 0, "AA33 reverted", inner)
        );
        handle(op);
    }

    function fails(PackedUserOperation memory op, string memory reason) internal {
        expectFailedOp(reason);
        handle(op);
    }
}
