// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC4337Utils} from "@openzeppelin/contracts/account/utils/ERC4337Utils.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IPriceFeed} from "../interfaces/IPriceFeed.sol";
import {ITokenPaymaster} from "../interfaces/ITokenPaymaster.sol";

/// @notice What a wei of gas costs in tokens: from price feeds, or from quotes of one signer.
/// @dev Validation may not read the time, not even of a staked paymaster (OP-011): every price carries the range in
/// which it holds, for the EntryPoint to check.
abstract contract TokenPrices is ITokenPaymaster, EIP712, Ownable2Step {
    /// @dev Everything of a feed token that validation reads, in one slot.
    /// @param price 0 until {updatePrice}.
    /// @param validAfter Unix seconds.
    /// @param validUntil Unix seconds.
    struct Price {
        uint112 price;
        uint48 validAfter;
        uint48 validUntil;
        uint16 markupBps;
        PriceSource source;
    }

    struct Range {
        uint112 minimum;
        uint112 maximum;
    }

    /// @dev Read by {updatePrice} only.
    struct Feed {
        IPriceFeed feed;
        uint32 maxAge;
        uint8 feedDecimals;
        uint8 tokenDecimals;
    }

    uint256 internal constant MAX_MARKUP_BPS = 2_000;
    uint256 private constant BPS = 10_000;
    uint256 private constant MAX_DECIMALS = 36;
    /// @dev How far a kept price may lag behind its feeds.
    uint256 private constant MAX_KEPT = 1 hours;
    uint256 private constant MAX_QUOTE_WINDOW = 10 minutes;
    uint256 private constant MAX_AGE = 2 days;
    uint256 private constant MAX_GRACE = 1 days;

    /// @dev Lengths of the two forms of paymasterData, and where the quote's parts stand in it.
    uint256 private constant FEED_LENGTH = 36;
    uint256 private constant QUOTE_LENGTH = 129;
    uint256 private constant PRICE_OFFSET = 36;
    uint256 private constant VALID_AFTER_OFFSET = 52;
    uint256 private constant VALID_UNTIL_OFFSET = 58;
    uint256 private constant SIGNATURE_OFFSET = 64;

    bytes32 private constant QUOTE_TYPEHASH =
        keccak256("PriceQuote(address token,address account,uint128 price,uint48 validAfter,uint48 validUntil)");

    /// @inheritdoc ITokenPaymaster
    address public quoteSigner;
    Feed private _nativeFeed;
    Feed private _sequencerFeed;
    mapping(address token => Price) private _prices;
    mapping(address token => Range) private _ranges;
    mapping(address token => Feed) private _feeds;

    constructor(address owner_, address quoteSigner_) Ownable(owner_) EIP712("FabstirTokenPaymaster", "1") {
        quoteSigner = quoteSigner_;
        emit QuoteSignerSet(quoteSigner_);
    }

    /// @inheritdoc ITokenPaymaster
    function setToken(address token, TokenTerms calldata terms) external onlyOwner {
        if (token == address(0)) revert TokenPaymasterZeroAddress();
        delete _feeds[token];
        delete _ranges[token];
        delete _prices[token];
        emit TokenTermsSet(token, terms);
        if (terms.source == PriceSource.None) return;

        _requireWithin("markupBps", terms.markupBps, 0, MAX_MARKUP_BPS);
        _requireWithin("minPrice", terms.minPrice, 1, terms.maxPrice);
        _prices[token] = Price(0, 0, 0, terms.markupBps, terms.source);
        _ranges[token] = Range(terms.minPrice, terms.maxPrice);
        if (terms.source == PriceSource.Feed) {
            uint8 tokenDecimals = IERC20Metadata(token).decimals();
            _requireWithin("tokenDecimals", tokenDecimals, 0, MAX_DECIMALS);
            _feeds[token] = _newFeed(terms.feed, terms.feedMaxAge);
            _feeds[token].tokenDecimals = tokenDecimals;
        }
    }

    /// @inheritdoc ITokenPaymaster
    function setNativeFeed(address feed, uint32 maxAge) external onlyOwner {
        _nativeFeed = _newFeed(feed, maxAge);
        emit NativeFeedSet(feed, maxAge);
    }

    /// @inheritdoc ITokenPaymaster
    function setSequencerFeed(address feed, uint32 grace) external onlyOwner {
        _requireWithin("grace", grace, 0, MAX_GRACE);
        _sequencerFeed = Feed(IPriceFeed(feed), grace, 0, 0);
        emit SequencerFeedSet(feed, grace);
    }

    /// @inheritdoc ITokenPaymaster
    function setQuoteSigner(address signer) external onlyOwner {
        quoteSigner = signer;
        emit QuoteSignerSet(signer);
    }

    /// @inheritdoc ITokenPaymaster
    function updatePrice(address token) external returns (uint256 price, uint48 validAfter, uint48 validUntil) {
        Feed memory tokenFeed = _feeds[token];
        if (address(tokenFeed.feed) == address(0)) revert TokenPaymasterTokenNotTaken(token);
        Feed memory nativeFeed = _nativeFeed;
        if (address(nativeFeed.feed) == address(0)) revert TokenPaymasterZeroAddress();

        (uint256 nativePrice, uint256 nativeUntil) = _read(nativeFeed);
        (uint256 tokenPrice, uint256 tokenUntil) = _read(tokenFeed);
        // Dollars for one ether over dollars for one token, in the token's smallest unit, rounded up.
        price = Math.mulDiv(
            nativePrice * 10 ** tokenFeed.feedDecimals,
            10 ** tokenFeed.tokenDecimals,
            tokenPrice * 10 ** nativeFeed.feedDecimals,
            Math.Rounding.Ceil
        );
        _requireInRange(token, price);

        validAfter = _sequencerReadyAt();
        validUntil = uint48(Math.min(block.timestamp + MAX_KEPT, Math.min(nativeUntil, tokenUntil)));
        Price storage kept = _prices[token];
        (kept.price, kept.validAfter, kept.validUntil) = (uint112(price), validAfter, validUntil);
        emit PriceUpdated(token, price, validAfter, validUntil);
    }

    /// @inheritdoc ITokenPaymaster
    function priceOf(address token)
        external
        view
        returns (PriceSource source, uint256 price, uint48 validAfter, uint48 validUntil, uint256 markupBps)
    {
        Price memory kept = _prices[token];
        return (kept.source, kept.price, kept.validAfter, kept.validUntil, kept.markupBps);
    }

    /// @inheritdoc ITokenPaymaster
    function quoteHash(address token, address account, uint128 price, uint48 validAfter, uint48 validUntil)
        public
        view
        returns (bytes32)
    {
        return _hashTypedDataV4(keccak256(abi.encode(QUOTE_TYPEHASH, token, account, price, validAfter, validUntil)));
    }

    /// @dev Price of an operation, with the markup. A wrong signature is returned, not reverted, so that gas can be
    /// estimated with a dummy.
    /// @param data paymasterData.
    function _priceOf(address token, address account, bytes calldata data)
        internal
        view
        returns (uint256 price, uint256 validationData)
    {
        Price memory kept = _prices[token];
        if (kept.source == PriceSource.Quote) {
            (price, validationData) = _quotedPrice(token, account, data);
        } else {
            if (kept.source == PriceSource.None) revert TokenPaymasterTokenNotTaken(token);
            // Exactly: what EntryPoint 0.9 would leave out of the hash is refused.
            if (data.length != FEED_LENGTH) revert TokenPaymasterDataLength(data.length, FEED_LENGTH);
            // An end of 0 would tell the EntryPoint "forever".
            if (kept.price == 0) revert TokenPaymasterNoPrice(token);
            price = kept.price;
            validationData = ERC4337Utils.packValidationData(true, kept.validAfter, kept.validUntil);
        }
        price = Math.ceilDiv(price * (BPS + kept.markupBps), BPS);
    }

    function _quotedPrice(address token, address account, bytes calldata data)
        private
        view
        returns (uint128 price, uint256 validationData)
    {
        if (data.length != QUOTE_LENGTH) revert TokenPaymasterDataLength(data.length, QUOTE_LENGTH);
        price = uint128(bytes16(data[PRICE_OFFSET:]));
        uint48 validAfter = uint48(bytes6(data[VALID_AFTER_OFFSET:]));
        uint48 validUntil = uint48(bytes6(data[VALID_UNTIL_OFFSET:]));
        // From the top bit on, EntryPoint 0.9 would count blocks instead of seconds.
        if (validUntil <= validAfter || validUntil - validAfter > MAX_QUOTE_WINDOW || validUntil >> 47 != 0) {
            revert TokenPaymasterQuoteWindow(validAfter, validUntil);
        }
        _requireInRange(token, price);

        bytes32 digest = quoteHash(token, account, price, validAfter, validUntil);
        (address signer,,) = ECDSA.tryRecoverCalldata(digest, data[SIGNATURE_OFFSET:]);
        bool valid = signer != address(0) && signer == quoteSigner;
        validationData = ERC4337Utils.packValidationData(valid, validAfter, validUntil);
    }

    /// @return answer Positive.
    /// @return validUntil Unix seconds at which the answer becomes stale.
    function _read(Feed memory source) private view returns (uint256 answer, uint256 validUntil) {
        (, int256 given,, uint256 updatedAt,) = source.feed.latestRoundData();
        if (given <= 0 || updatedAt == 0 || updatedAt > block.timestamp) {
            revert TokenPaymasterFeedAnswer(address(source.feed), given, updatedAt);
        }
        validUntil = updatedAt + source.maxAge;
        if (validUntil <= block.timestamp) {
            revert TokenPaymasterFeedStale(address(source.feed), updatedAt, source.maxAge);
        }
        // Keeps every product of {updatePrice} below 2^256.
        answer = SafeCast.toUint128(uint256(given));
    }

    /// @return Unix seconds after which prices hold; 0 where there is no sequencer to watch.
    function _sequencerReadyAt() private view returns (uint48) {
        Feed memory uptime = _sequencerFeed;
        if (address(uptime.feed) == address(0)) return 0;
        (, int256 down, uint256 upSince,,) = uptime.feed.latestRoundData();
        // A round without a start is a feed that has not begun.
        if (down != 0 || upSince == 0) revert TokenPaymasterSequencerDown(address(uptime.feed));
        return SafeCast.toUint48(upSince + uptime.maxAge);
    }

    function _newFeed(address feed, uint32 maxAge) private view returns (Feed memory) {
        if (feed == address(0)) revert TokenPaymasterZeroAddress();
        _requireWithin("feedMaxAge", maxAge, 1, MAX_AGE);
        uint8 decimals = IPriceFeed(feed).decimals();
        _requireWithin("feedDecimals", decimals, 0, MAX_DECIMALS);
        return Feed(IPriceFeed(feed), maxAge, decimals, 0);
    }

    function _requireInRange(address token, uint256 price) private view {
        Range memory range = _ranges[token];
        if (price < range.minimum || price > range.maximum) {
            revert TokenPaymasterPriceOutOfRange(token, price, range.minimum, range.maximum);
        }
    }

    function _requireWithin(string memory field, uint256 value, uint256 minimum, uint256 maximum) private pure {
        if (value < minimum || value > maximum) revert TokenPaymasterTerms(field, value, minimum, maximum);
    }
}
