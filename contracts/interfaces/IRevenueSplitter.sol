// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Divides revenue that is earned outside the marketplace: 85 % host, 10 % treasury, 5 % stakers.
interface IRevenueSplitter {
    event RevenueSplit(
        address indexed token, address indexed host, uint256 toHost, uint256 toTreasury, uint256 toStakers
    );
    event Withdrawn(address indexed account, address indexed token, uint256 amount, address to);
    event TreasurySet(address indexed treasury);
    event StakersPoolSet(address indexed stakersPool);

    error RevenueSplitterZeroAddress();
    error RevenueSplitterZeroAmount();
    error RevenueSplitterWrongValue(uint256 sent, uint256 expected);
    error RevenueSplitterTransferMismatch(address token, uint256 received, uint256 expected);
    error RevenueSplitterNothingToWithdraw(address account, address token);
    error RevenueSplitterEthTransferFailed(address to, uint256 amount);

    /// @notice Takes exactly `amount` of `token` (`address(0)` is ETH, as value) from the caller and divides it. Shares
    /// of host and treasury wait for their withdrawal, the stakers' share is notified to the pool at once; rounding is
    /// the host's. Anyone may call.
    /// Errors: RevenueSplitterZeroAmount, RevenueSplitterZeroAddress, RevenueSplitterWrongValue,
    /// RevenueSplitterTransferMismatch, and the pool's for a token that is no reward token.
    function split(address token, uint256 amount, address host)
        external
        payable
        returns (uint256 toHost, uint256 toTreasury, uint256 toStakers);

    /// @notice Pays the caller what it is owed in `token`. Errors: RevenueSplitterNothingToWithdraw,
    /// RevenueSplitterEthTransferFailed.
    function withdraw(address token) external returns (uint256 amount);

    /// @notice As {withdraw}, paid to `to`. Errors: as {withdraw}, RevenueSplitterZeroAddress.
    function withdraw(address token, address to) external returns (uint256 amount);

    /// @notice Receiver of later shares of the treasury; what is owed stays with the former. Owner only.
    function setTreasury(address treasury) external;

    /// @notice Receiver of later shares of the stakers. Owner only.
    function setStakersPool(address stakersPool) external;

    /// @notice What `account` may withdraw, in the smallest unit of `token`.
    function withdrawable(address account, address token) external view returns (uint256);

    /// @notice Sum of all that may be withdrawn in `token`.
    function liabilities(address token) external view returns (uint256);

    function treasury() external view returns (address);
    function stakersPool() external view returns (address);
}
