// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Buys FAB with the treasury's dollars, burns a share of it and gives the rest to the treasury.
interface IBuyback {
    /// @param maxDeviationBps How far below the average price a purchase may be; at most 1,000 (10 %).
    /// @param burnBps Share of the bought FAB that is burned, in basis points.
    /// @param maxAge Seconds after which an average is too old; at most a day.
    /// @param window Seconds over which the allowance of `cap` refills; at least an hour.
    /// @param cap Dollars (smallest unit) that may be spent at once, and in each window.
    struct Limits {
        uint16 maxDeviationBps;
        uint16 burnBps;
        uint32 maxAge;
        uint48 window;
        uint128 cap;
    }

    event BoughtBack(uint256 spent, uint256 bought, uint256 burned);
    event RouteSet(address indexed adapter, address indexed oracle);
    event LimitsSet(uint256 maxDeviationBps, uint256 burnBps, uint256 maxAge, uint256 window, uint256 cap);
    event KeeperSet(address indexed keeper, bool allowed);
    event TreasurySet(address indexed treasury);

    error BuybackZeroAddress();
    error BuybackNotKeeper(address caller);
    error BuybackNoRoute();
    error BuybackLimitOutOfRange(string field, uint256 value, uint256 minimum, uint256 maximum);
    error BuybackOverCap(uint256 amount, uint256 available);
    error BuybackStalePrice(uint256 updatedAt, uint256 maxAge);
    error BuybackPriceFromFuture(uint256 updatedAt);
    /// @notice Neither the keeper nor the average price may ask for nothing.
    error BuybackNoMinimum();
    error BuybackTooFewBought(uint256 bought, uint256 minimum);
    error BuybackWrongSpend(uint256 spent, uint256 expected);

    /// @notice Pulls `amountIn` dollars (smallest unit) from the treasury, by its allowance, and swaps them for FAB. Less
    /// than `minOut` or than the average price minus the deviation is refused; what was bought is measured by balance.
    /// Keepers only.
    /// Errors: BuybackNotKeeper, BuybackNoRoute, BuybackNoMinimum, BuybackOverCap, BuybackStalePrice,
    /// BuybackPriceFromFuture, BuybackTooFewBought, BuybackWrongSpend.
    /// @param minOut FAB in wei; more than 0.
    /// @return bought FAB in wei, with what was burned.
    function buy(uint256 amountIn, uint256 minOut) external returns (uint256 bought);

    /// @notice Sets exchange and average price. Owner only.
    function setRoute(address adapter, address oracle) external;

    /// @notice Owner only. Errors: BuybackLimitOutOfRange.
    function setLimits(Limits calldata limits) external;

    /// @notice Owner only.
    function setKeeper(address keeper, bool allowed) external;

    /// @notice Whose dollars are spent and who gets the FAB. Owner only.
    function setTreasury(address treasury) external;

    /// @notice Smallest amount of FAB (wei) that {buy} takes for `amountIn` now. Errors: BuybackNoRoute,
    /// BuybackStalePrice, BuybackPriceFromFuture.
    function minimumOut(uint256 amountIn) external view returns (uint256);

    /// @notice Dollars (smallest unit) that may be spent now.
    function available() external view returns (uint256);

    function limits() external view returns (Limits memory);
    function isKeeper(address account) external view returns (bool);
    function route() external view returns (address adapter, address oracle);
    function treasury() external view returns (address);
    function usdc() external view returns (address);
    function fab() external view returns (address);
}
