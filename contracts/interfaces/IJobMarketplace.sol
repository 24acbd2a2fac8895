// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISessionJobs} from "./ISessionJobs.sol";
import {ISingleJobs} from "./ISingleJobs.sol";

/// @notice The marketplace: single jobs, session jobs and one pull ledger for both.
/// @dev `address(0)` stands for ETH wherever a token is named.
interface IJobMarketplace is ISingleJobs, ISessionJobs {
    /// @param index Position in the governed list, from 1; 0 is an unknown token.
    struct TokenConfig {
        uint8 index;
        bool accepted;
        uint128 minDeposit;
        uint128 maxDeposit;
    }

    event Withdrawn(address indexed account, address indexed token, uint256 amount, address to);
    event TokenAccepted(address indexed token, bool accepted);
    event TokenLimitsSet(address indexed token, uint256 minimum, uint256 maximum);
    event TreasurySet(address indexed treasury);
    event StakersSet(address indexed stakers);
    event SponsorPaymasterSet(address indexed entryPoint, address indexed paymaster);
    event FeesDistributed(address indexed token, uint256 protocol, uint256 stakers);

    error MarketplaceZeroAddress();
    error MarketplaceTokenNotAccepted(address token);
    error MarketplaceDepositOutOfRange(address token, uint256 amount, uint256 minimum, uint256 maximum);
    /// @notice ETH must be sent exactly; with a token no ETH may be sent.
    error MarketplaceWrongValue(uint256 sent, uint256 expected);
    /// @notice The token moved another amount than asked (fee on transfer, false return).
    error MarketplaceTransferMismatch(address token, uint256 received, uint256 expected);
    error MarketplaceHostNotActive(address host);
    error MarketplaceSelfDealing(address account);
    error MarketplaceNothingToWithdraw(address account, address token);
    error MarketplaceEthTransferFailed(address to, uint256 amount);

    /// @notice Pays the caller everything it is owed in `token`. Never pausable.
    function withdraw(address token) external returns (uint256 amount);

    /// @notice Pays what the caller is owed in `token` to `to`.
    function withdraw(address token, address to) external returns (uint256 amount);

    /// @notice Pays collected fees to the treasury and the stakers. Anyone may call it.
    function distributeFees(address token) external;

    /// @notice What `account` may withdraw, in the token's smallest unit.
    function withdrawable(address account, address token) external view returns (uint256);

    /// @notice Fees collected and not yet distributed.
    function feeLedger(address token) external view returns (uint256 protocol, uint256 stakers);

    /// @notice All that the marketplace owes in `token`: deposits, escrows, withdrawable and fees.
    function liabilities(address token) external view returns (uint256);

    /// @notice Open claims and checkpointed sessions of `host`; while there is one, its stake cannot leave.
    function openObligations(address host) external view returns (uint256);

    /// @notice Governance (timelock) only. De-listing affects new deposits only.
    function setAcceptedToken(address token, bool accepted) external;
    function setTokenLimits(address token, uint256 minimum, uint256 maximum) external;
    function setTreasury(address treasury) external;
    function setStakers(address stakers) external;
    /// @notice Paymaster that default session keys of accounts on `entryPoint` are limited to. Governance only.
    function setSponsorPaymaster(address entryPoint, address paymaster) external;

    function tokenConfig(address token) external view returns (TokenConfig memory);
    function treasury() external view returns (address);
    function stakers() external view returns (address);
    function sponsorPaymaster(address entryPoint) external view returns (address);
    function registry() external view returns (address);
}
