// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Pays for operations and takes tokens for it: the most that the operation can cost before it runs, and gives
/// back what was too much after it ran. Needs a stake (ERC-7562): it writes the token's storage in validation.
/// @dev A price is the token's smallest unit for 1e18 wei, before the markup.
/// `paymasterData` = maxCharge (16 bytes) ‖ token (20), of a token with price feeds; of a token with quotes followed
/// by price (16) ‖ validAfter (6) ‖ validUntil (6) ‖ signature (65: r, s, v). `maxCharge` is the most that the sender lets
/// be taken before the operation, in the token's smallest unit; the sender must have approved as much before.
/// A quote is signed as EIP-712, domain {name "FabstirTokenPaymaster", version "1", chainId, verifyingContract}, over
/// PriceQuote(address token,address account,uint128 price,uint48 validAfter,uint48 validUntil).
interface ITokenPaymaster {
    enum PriceSource {
        None,
        Feed,
        Quote
    }

    /// @param source None: the token is not taken.
    /// @param markupBps Basis points on top of the price, at most 2,000.
    /// @param minPrice No price below is accepted from feeds or quotes; above 0.
    /// @param maxPrice No price above is accepted.
    /// @param feed Dollars for one token; `address(0)` of a token with quotes.
    /// @param feedMaxAge Seconds after which an answer of the feed is stale.
    struct TokenTerms {
        PriceSource source;
        uint16 markupBps;
        uint112 minPrice;
        uint112 maxPrice;
        address feed;
        uint32 feedMaxAge;
    }

    /// @notice `charge` of `token` was kept for the operation; the rest of what was taken before is back.
    event UserOperationPaidInToken(
        bytes32 indexed userOpHash, address indexed account, address indexed token, uint256 charge, uint256 price
    );
    event PriceUpdated(address indexed token, uint256 price, uint48 validAfter, uint48 validUntil);
    event TokenTermsSet(address indexed token, TokenTerms terms);
    event NativeFeedSet(address indexed feed, uint32 maxAge);
    event SequencerFeedSet(address indexed feed, uint32 grace);
    event QuoteSignerSet(address indexed signer);
    event TokensWithdrawn(address indexed token, uint256 amount);
    event DepositWithdrawn(uint256 amount);

    error TokenPaymasterZeroAddress();
    error TokenPaymasterNotTreasury(address caller);
    /// @notice `paymasterData` is `length` bytes long and not `expected`.
    error TokenPaymasterDataLength(uint256 length, uint256 expected);
    /// @notice An operation that deploys its sender has nothing approved yet.
    error TokenPaymasterDeployingOperation(address account);
    /// @notice Too little for the refund, or so much that the EntryPoint charges for what is not used.
    error TokenPaymasterPostOpGasLimit(uint256 limit, uint256 minimum, uint256 maximum);
    error TokenPaymasterTokenNotTaken(address token);
    /// @notice {updatePrice} was not called since the terms were set.
    error TokenPaymasterNoPrice(address token);
    error TokenPaymasterPriceOutOfRange(address token, uint256 price, uint256 minimum, uint256 maximum);
    error TokenPaymasterQuoteWindow(uint48 validAfter, uint48 validUntil);
    /// @notice The operation may cost `charge`, more than its sender's `maxCharge`.
    error TokenPaymasterChargeTooHigh(address token, uint256 charge, uint256 maxCharge);
    /// @notice The token moved another amount than asked (fee on transfer, rebasing).
    error TokenPaymasterTransferMismatch(address token, uint256 received, uint256 expected);
    /// @notice The feed's answer is not positive, or its round is not complete.
    error TokenPaymasterFeedAnswer(address feed, int256 answer, uint256 updatedAt);
    error TokenPaymasterFeedStale(address feed, uint256 updatedAt, uint256 maxAge);
    error TokenPaymasterSequencerDown(address feed);
    /// @notice `field` of the terms lies outside `minimum` to `maximum`.
    error TokenPaymasterTerms(string field, uint256 value, uint256 minimum, uint256 maximum);

    /// @notice Reads the feeds and keeps the price of `token` for at most an hour. Anyone may call it.
    /// @dev Kept, and not read in each validation: three feeds would cost every operation some 20,000 gas more. The end
    /// of its validity is that of the feeds' answers, and is returned to the EntryPoint by each validation.
    function updatePrice(address token) external returns (uint256 price, uint48 validAfter, uint48 validUntil);

    /// @notice Price that validation uses now, the range in which it does, and the markup in basis points.
    function priceOf(address token)
        external
        view
        returns (PriceSource source, uint256 price, uint48 validAfter, uint48 validUntil, uint256 markupBps);

    /// @notice EIP-712 digest that the quote signer signs.
    function quoteHash(address token, address account, uint128 price, uint48 validAfter, uint48 validUntil)
        external
        view
        returns (bytes32);

    /// @notice Whose quotes are taken; `address(0)`: nobody's.
    function quoteSigner() external view returns (address);

    /// @notice Where every withdrawal goes.
    function treasury() external view returns (address payable);

    /// @notice Takes, changes or drops a token; its price has to be updated anew. Governance (timelock) only.
    function setToken(address token, TokenTerms calldata terms) external;

    /// @notice Feed of dollars for one ether. Kept prices are used until they end. Governance only.
    function setNativeFeed(address feed, uint32 maxAge) external;

    /// @notice Uptime feed of a rollup's sequencer and the seconds that prices rest after an outage; `address(0)` where
    /// there is none. Governance only.
    function setSequencerFeed(address feed, uint32 grace) external;

    /// @notice Names whose quotes are taken from now on; `address(0)`: nobody's. Governance only.
    function setQuoteSigner(address signer) external;

    /// @notice Moves `amount` of what operations have paid in `token` to the treasury. Governance or the treasury.
    function withdrawTokens(address token, uint256 amount) external;

    /// @notice Adds the sent wei to the deposit at the EntryPoint. Anyone.
    function deposit() external payable;

    /// @notice Deposit at the EntryPoint in wei.
    function getDeposit() external view returns (uint256);

    /// @notice Moves `amount` wei of the deposit to the treasury. Governance or the treasury.
    function withdrawDeposit(uint256 amount) external;

    /// @notice Stakes the sent wei. Governance or the treasury.
    /// @param unstakeDelaySec Seconds between unlocking and withdrawal; may only grow.
    function addStake(uint32 unstakeDelaySec) external payable;

    /// @notice Starts the unstake delay. Governance or the treasury.
    function unlockStake() external;

    /// @notice Moves the unlocked stake to the treasury. Governance or the treasury.
    function withdrawStake() external;
}
