// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ITokenPaymaster} from "../interfaces/ITokenPaymaster.sol";
import {TestPriceFeed} from "../mocks/TestPriceFeed.sol";
import {TestUsdc} from "../tokens/TestUsdc.sol";
import {TokenPaymasterTestBase} from "./TokenPaymasterTestBase.t.sol";

interface IValidate {
    function validatePaymasterUserOp(PackedUserOperation calldata userOp, bytes32 userOpHash, uint256 maxCost)
        external
        returns (bytes memory context, uint256 validationData);
}

/// @notice Prices from feeds and quotes, and the time in which they hold.
contract TokenPricesTest is TokenPaymasterTestBase {
    // Feeds

    function test_thePriceIsInTheTokensSmallestUnit() public {
        TestUsdc usdc = TestUsdc(deployCode("TestUsdc"));
        ITokenPaymaster.TokenTerms memory terms = feedTerms();
        (terms.minPrice, terms.maxPrice) = (100e6, 10_000e6);
        vm.prank(timelock);
        payer.setToken(address(usdc), terms);
        // 2,500 / 0.9998, rounded up.
        tokenFeed.set(0.9998e8, START, START);
        (uint256 price,,) = payer.updatePrice(address(usdc));
        assertEq(price, 2_500_500_101);
    }

    function testFuzz_thePriceIsTheQuotientRoundedUp(
        uint8 nativeDecimals,
        uint8 feedDecimals,
        uint128 native,
        uint128 dollar
    ) public {
        nativeDecimals = uint8(bound(nativeDecimals, 0, 36));
        feedDecimals = uint8(bound(feedDecimals, 0, 18));
        native = uint128(bound(native, 1, 1e38));
        dollar = uint128(bound(dollar, 1, 1e38));
        nativeFeed = new TestPriceFeed(nativeDecimals);
        tokenFeed = new TestPriceFeed(feedDecimals);
        nativeFeed.set(int256(uint256(native)), START, START);
        tokenFeed.set(int256(uint256(dollar)), START, START);
        ITokenPaymaster.TokenTerms memory terms = feedTerms();
        (terms.minPrice, terms.maxPrice) = (1, type(uint112).max);
        vm.prank(timelock);
        payer.setNativeFeed(address(nativeFeed), MAX_AGE);
        vm.prank(timelock);
        payer.setToken(address(token), terms);
        uint256 exact = uint256(native) * 10 ** feedDecimals * 1e18;
        uint256 step = uint256(dollar) * 10 ** nativeDecimals;
        uint256 expected = (exact + step - 1) / step;
        if (expected > type(uint112).max) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    ITokenPaymaster.TokenPaymasterPriceOutOfRange.selector,
                    address(token),
                    expected,
                    1,
                    type(uint112).max
                )
            );
            payer.updatePrice(address(token));
        } else {
            (uint256 price,,) = payer.updatePrice(address(token));
            assertEq(price, expected);
        }
    }

    function test_thePriceEndsWithTheFirstFeedOrAfterAnHour() public {
        (,, uint48 validUntil) = payer.updatePrice(address(token));
        assertEq(validUntil, START + 1 hours);
        vm.warp(START + 1 days - 10);
        tokenFeed.set(1e8, START, START + 1 days - 10);
        (,, validUntil) = payer.updatePrice(address(token));
        assertEq(validUntil, START + 1 days);
        nativeFeed.set(2_500e8, START, START + 1 days - 10);
        tokenFeed.set(1e8, START, START + 5);
        (,, validUntil) = payer.updatePrice(address(token));
        assertEq(validUntil, START + 1 days + 5);
    }

    function test_theEntryPointIsToldWhenThePriceHolds() public {
        (, uint256 validationData) = _validate(feedData(address(token)));
        assertEq(validationData, uint256(START + 1 hours) << 160);
        handle(paidOp(feedData(address(token))));
        PackedUserOperation memory op = paidOp(feedData(address(token)));
        vm.warp(START + 1 hours + 1);
        fails(op, "AA32 paymaster expired or not due");
        tokenFeed.set(1e8, START, START + 1 hours);
        nativeFeed.set(2_500e8, START, START + 1 hours);
        payer.updatePrice(address(token));
        handle(op);
    }

    function test_staleAndSenselessAnswersAreRefused() public {
        vm.warp(START + MAX_AGE);
        tokenFeed.set(1e8, START, START + 1);
        _expectStale(address(nativeFeed), START);
        nativeFeed.set(2_500e8, START, START + 1);
        payer.updatePrice(address(token));
        tokenFeed.set(1e8, START, START);
        _expectStale(address(tokenFeed), START);

        int256[2] memory answers = [int256(0), -1];
        for (uint256 i; i < 2; ++i) {
            tokenFeed.set(answers[i], START, START + 1);
            _expectAnswer(answers[i], START + 1);
        }
        tokenFeed.set(1e8, START, 0);
        _expectAnswer(1e8, 0);
        tokenFeed.set(1e8, START, START + MAX_AGE + 1);
        _expectAnswer(1e8, START + MAX_AGE + 1);
    }

    function test_pricesRestAfterAnOutageOfTheSequencer() public {
        TestPriceFeed uptime = new TestPriceFeed(0);
        uptime.set(0, START - 100, START - 100);
        vm.prank(timelock);
        payer.setSequencerFeed(address(uptime), 1 hours);
        (, uint48 validAfter,) = payer.updatePrice(address(token));
        assertEq(validAfter, START - 100 + 1 hours);
        (, uint256 validationData) = _validate(feedData(address(token)));
        assertEq(uint48(validationData >> 208), START - 100 + 1 hours);
        PackedUserOperation memory op = paidOp(feedData(address(token)));
        fails(op, "AA32 paymaster expired or not due");

        uptime.set(1, START, START);
        _expectDown(address(uptime));
        uptime.set(0, 0, 0);
        _expectDown(address(uptime));
        vm.prank(timelock);
        payer.setSequencerFeed(address(0), 0);
        payer.updatePrice(address(token));
        handle(op);
    }

    function test_aPriceOutsideOfItsRangeIsRefused() public {
        int256[2] memory answers = [int256(99e8), 10_001e8];
        for (uint256 i; i < 2; ++i) {
            nativeFeed.set(answers[i], START, START);
            vm.expectRevert(_outOfRange(uint256(answers[i]) * 1e10));
            payer.updatePrice(address(token));
        }
        nativeFeed.set(100e8, START, START);
        payer.updatePrice(address(token));
        nativeFeed.set(10_000e8, START, START);
        payer.updatePrice(address(token));
    }

    /// @dev A kept price of 0, with an end of 0, would be free gas forever.
    function test_withoutAPriceNothingIsTaken() public {
        listFeedToken(address(token));
        refuses(
            paidOp(feedData(address(token))),
            abi.encodeWithSelector(ITokenPaymaster.TokenPaymasterNoPrice.selector, address(token))
        );
        ITokenPaymaster.TokenTerms memory none;
        vm.prank(timelock);
        payer.setToken(address(token), none);
        bytes memory notTaken =
            abi.encodeWithSelector(ITokenPaymaster.TokenPaymasterTokenNotTaken.selector, address(token));
        refuses(paidOp(feedData(address(token))), notTaken);
        vm.expectRevert(notTaken);
        payer.updatePrice(address(token));
    }

    // Quotes

    function test_aQuotePays() public {
        listQuotedToken(address(token));
        handle(paidOp(_quote(quoteKey, 2_500e18, 0, 600)));
        assertEq(market.lastJob(), 1);
        assertGt(token.balanceOf(address(payer)), 0);
    }

    function test_onlyTheSignersQuotesForTheSenderCount() public {
        listQuotedToken(address(token));
        (, uint256 stranger) = makeAddrAndKey("stranger");
        _expectUnsigned(_quote(stranger, 2_500e18, 0, 600));
        _expectUnsigned(_dummyQuote());
        // Signed for somebody else.
        bytes32 digest = payer.quoteHash(address(token), app, 2_500e18, uint48(START), uint48(START + 600));
        _expectUnsigned(
            abi.encodePacked(
                feedData(address(token)),
                uint128(2_500e18),
                uint48(START),
                uint48(START + 600),
                signRaw(quoteKey, digest)
            )
        );
        // Nobody signs: a signature that recovers to nobody is none either.
        vm.prank(timelock);
        payer.setQuoteSigner(address(0));
        _expectUnsigned(_quote(quoteKey, 2_500e18, 0, 600));
        _expectUnsigned(_dummyQuote());
    }

    function testFuzz_everyPartOfAQuoteIsSigned(uint256 position, uint8 noise) public {
        listQuotedToken(address(token));
        // Price and window change by little, so that they stay in range.
        position = bound(position, 0, 2);
        bytes memory data = _quote(quoteKey, 2_500e18, 0, 300);
        uint256[3] memory places = [uint256(51), 57, 63];
        noise = uint8(bound(noise, 1, 15));
        data[places[position]] = bytes1(uint8(data[places[position]]) ^ noise);
        (, uint256 validationData) = _validate(data);
        assertEq(uint160(validationData), 1);
    }

    /// @dev The text of {ITokenPaymaster}, written again.
    function test_theQuoteIsTheDocumentedTypedData() public view {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("FabstirTokenPaymaster"),
                keccak256("1"),
                block.chainid,
                payer
            )
        );
        bytes32 message = keccak256(
            abi.encode(
                keccak256("PriceQuote(address token,address account,uint128 price,uint48 validAfter,uint48 validUntil)"),
                token,
                account,
                7,
                8,
                9
            )
        );
        assertEq(
            payer.quoteHash(address(token), address(account), 7, 8, 9),
            keccak256(abi.encodePacked(hex"1901", domain, message))
        );
    }

    function test_aQuoteHoldsForTenMinutesAtMost() public {
        listQuotedToken(address(token));
        _expectWindow(0, 601);
        _expectWindow(5, 5);
        _expectWindow(6, 5);
        _expectWindow((1 << 47), (1 << 47) + 5);
        (, uint256 validationData) = _validate(_quote(quoteKey, 2_500e18, 0, 600));
        assertEq(validationData, ((START - 1) << 208) | ((START + 599) << 160));
    }

    /// @dev What a stolen quote key can do to prices.
    function test_aQuoteOutsideOfTheRangeIsRefused() public {
        listQuotedToken(address(token));
        uint128[2] memory prices = [uint128(100e18 - 1), 10_000e18 + 1];
        for (uint256 i; i < 2; ++i) {
            refuses(paidOp(_quote(quoteKey, prices[i], 0, 600)), _outOfRange(prices[i]));
        }
        _validate(_quote(quoteKey, 100e18, 0, 600));
        _validate(_quote(quoteKey, 10_000e18, 0, 600));
    }

    function test_theFormsOfFeedAndQuoteAreNotMixed() public {
        refuses(
            paidOp(_quote(quoteKey, 2_500e18, 0, 600)),
            abi.encodeWithSelector(ITokenPaymaster.TokenPaymasterDataLength.selector, 129, 36)
        );
        listQuotedToken(address(token));
        refuses(
            paidOp(feedData(address(token))),
            abi.encodeWithSelector(ITokenPaymaster.TokenPaymasterDataLength.selector, 36, 129)
        );
    }

    // Governance

    function test_onlyGovernanceSetsTerms() public {
        bytes[4] memory calls = [
            abi.encodeCall(payer.setToken, (address(token), feedTerms())),
            abi.encodeCall(payer.setNativeFeed, (address(nativeFeed), 1)),
            abi.encodeCall(payer.setSequencerFeed, (address(nativeFeed), 1)),
            abi.encodeCall(payer.setQuoteSigner, (app))
        ];
        for (uint256 i; i < calls.length; ++i) {
            vm.prank(treasury);
            (bool success, bytes memory returned) = address(payer).call(calls[i]);
            assertFalse(success);
            assertEq(returned, abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, treasury));
        }
        vm.prank(timelock);
        payer.setQuoteSigner(app);
        assertEq(payer.quoteSigner(), app);
    }

    function test_termsHaveBounds() public {
        ITokenPaymaster.TokenTerms memory terms = feedTerms();
        terms.markupBps = 2_001;
        _expectTerms(terms, "markupBps", 2_001, 0, 2_000);
        terms = feedTerms();
        terms.minPrice = 0;
        _expectTerms(terms, "minPrice", 0, 1, 10_000e18);
        terms.minPrice = 10_000e18 + 1;
        _expectTerms(terms, "minPrice", 10_000e18 + 1, 1, 10_000e18);
        terms = feedTerms();
        terms.feedMaxAge = 0;
        _expectTerms(terms, "feedMaxAge", 0, 1, 2 days);
        terms.feedMaxAge = 2 days + 1;
        _expectTerms(terms, "feedMaxAge", 2 days + 1, 1, 2 days);
        terms = feedTerms();
        terms.feed = address(new TestPriceFeed(37));
        _expectTerms(terms, "feedDecimals", 37, 0, 36);
        terms.feed = address(0);
        vm.prank(timelock);
        vm.expectRevert(ITokenPaymaster.TokenPaymasterZeroAddress.selector);
        payer.setToken(address(token), terms);
        vm.prank(timelock);
        vm.expectRevert(ITokenPaymaster.TokenPaymasterZeroAddress.selector);
        payer.setToken(address(0), feedTerms());
        vm.prank(timelock);
        vm.expectRevert(
            abi.encodeWithSelector(ITokenPaymaster.TokenPaymasterTerms.selector, "grace", 1 days + 1, 0, 1 days)
        );
        payer.setSequencerFeed(address(nativeFeed), 1 days + 1);
    }

    function test_theMarkupIsOnTopOfThePrice() public {
        ITokenPaymaster.TokenTerms memory terms = feedTerms();
        terms.markupBps = 2_000;
        vm.prank(timelock);
        payer.setToken(address(token), terms);
        payer.updatePrice(address(token));
        (ITokenPaymaster.PriceSource source, uint256 price,, uint48 validUntil, uint256 markup) =
            payer.priceOf(address(token));
        assertEq(uint8(source), uint8(ITokenPaymaster.PriceSource.Feed));
        assertEq(price, PRICE);
        assertEq(validUntil, START + 1 hours);
        assertEq(markup, 2_000);
        uint256 charge = 4_285_000 * 1 gwei * 3_000;
        refuses(
            paidOp(abi.encodePacked(uint128(1), address(token))),
            abi.encodeWithSelector(ITokenPaymaster.TokenPaymasterChargeTooHigh.selector, address(token), charge, 1)
        );
    }

    function _quote(uint256 key, uint128 price, uint256 from, uint256 until) private view returns (bytes memory) {
        return quoteData(key, address(token), price, uint48(START - 1 + from), uint48(START - 1 + until));
    }

    /// @dev What gas is estimated with.
    function _dummyQuote() private view returns (bytes memory) {
        bytes memory head = abi.encodePacked(feedData(address(token)), uint128(2_500e18));
        return abi.encodePacked(head, uint48(START), uint48(START + 600), new bytes(65));
    }

    function _validate(bytes memory data) private returns (bytes memory context, uint256 validationData) {
        PackedUserOperation memory op = paidOp(data);
        bytes32 userOpHash = entryPoint.getUserOpHash(op);
        vm.prank(address(entryPoint));
        return IValidate(address(payer)).validatePaymasterUserOp(op, userOpHash, 1);
    }

    function _expectUnsigned(bytes memory data) private {
        PackedUserOperation memory op = paidOp(data);
        fails(op, "AA34 signature error");
    }

    function _expectWindow(uint48 from, uint48 until) private {
        (from, until) = from >> 47 == 0 ? (uint48(START) + from, uint48(START) + until) : (from, until);
        PackedUserOperation memory op = paidOp(quoteData(quoteKey, address(token), 2_500e18, from, until));
        refuses(op, abi.encodeWithSelector(ITokenPaymaster.TokenPaymasterQuoteWindow.selector, from, until));
    }

    function _outOfRange(uint256 price) private view returns (bytes memory) {
        return abi.encodeWithSelector(
            ITokenPaymaster.TokenPaymasterPriceOutOfRange.selector, address(token), price, 100e18, 10_000e18
        );
    }

    function _expectTerms(
        ITokenPaymaster.TokenTerms memory terms,
        string memory field,
        uint256 value,
        uint256 minimum,
        uint256 maximum
    ) private {
        vm.prank(timelock);
        vm.expectRevert(
            abi.encodeWithSelector(ITokenPaymaster.TokenPaymasterTerms.selector, field, value, minimum, maximum)
        );
        payer.setToken(address(token), terms);
    }

    function _expectStale(address feed, uint256 updatedAt) private {
        vm.expectRevert(
            abi.encodeWithSelector(ITokenPaymaster.TokenPaymasterFeedStale.selector, feed, updatedAt, MAX_AGE)
        );
        payer.updatePrice(address(token));
    }

    function _expectAnswer(int256 answer, uint256 updatedAt) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                ITokenPaymaster.TokenPaymasterFeedAnswer.selector, address(tokenFeed), answer, updatedAt
            )
        );
        payer.updatePrice(address(token));
    }

    function _expectDown(address uptime) private {
        vm.expectRevert(abi.encodeWithSelector(ITokenPaymaster.TokenPaymasterSequencerDown.selector, uptime));
        payer.updatePrice(address(token));
    }
}
