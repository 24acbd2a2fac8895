// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAttestedSessions} from "./IAttestedSessions.sol";
import {ICircuitBreaker} from "./ICircuitBreaker.sol";
import {IHostEarnings} from "./IHostEarnings.sol";
import {IJobFacts} from "./IJobFacts.sol";
import {IJobRequest} from "./IJobRequest.sol";
import {IJobTerms} from "./IJobTerms.sol";
import {IJobViews} from "./IJobViews.sol";
import {IMarketplaceLedger} from "./IMarketplaceLedger.sol";
import {IMarketplaceSettings} from "./IMarketplaceSettings.sol";
import {IPaymentEscrow} from "./IPaymentEscrow.sol";
import {ISessionJobs} from "./ISessionJobs.sol";
import {ISessionViews} from "./ISessionViews.sol";
import {ISingleJobs} from "./ISingleJobs.sol";
import {ISponsorship} from "./ISponsorship.sol";
import {IWithdrawals} from "./IWithdrawals.sol";

/// @notice The marketplace: single jobs, session jobs and one pull ledger for both, behind one address.
/// @dev `address(0)` stands for ETH wherever a token is named.
interface IJobMarketplace is
    ISingleJobs,
    ISessionJobs,
    ISessionViews,
    IAttestedSessions,
    IWithdrawals,
    IHostEarnings,
    IPaymentEscrow,
    IJobTerms,
    IJobViews,
    IMarketplaceLedger,
    IMarketplaceSettings,
    ISponsorship,
    IJobFacts,
    IJobRequest,
    ICircuitBreaker
{
    event Withdrawn(address indexed account, address indexed token, uint256 amount, address to);
    event PrepaidDeposited(address indexed account, address indexed token, uint256 amount);
    /// @notice A session or a bond was paid out of what `account` was owed.
    event PrepaidSpent(address indexed account, address indexed token, uint256 amount);
    event TokenAccepted(address indexed token, bool accepted);
    event TokenLimitsSet(address indexed token, uint256 minimum, uint256 maximum);
    event TreasurySet(address indexed treasury);
    event StakersSet(address indexed stakers);
    event FeesSet(uint256 protocolBps, uint256 stakersBps);
    event ClosingWindowSet(uint256 window);
    event ProofSystemSet(address indexed proofSystem);
    event ReputationSet(address indexed reputation);
    event ArbiterSet(address indexed arbiter);
    event SponsorPaymasterSet(address indexed entryPoint, address indexed paymaster);
    /// @notice What treasury and stakers took, in the token's smallest unit.
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
    /// @notice `account` is owed less than it wants to spend.
    error MarketplaceBalanceTooLow(address account, address token, uint256 asked, uint256 available);
    error MarketplaceEthTransferFailed(address to, uint256 amount);
    error MarketplaceFeesTooHigh(uint256 bps, uint256 maximum);
    error MarketplaceWindowOutOfRange(uint256 window, uint256 minimum, uint256 maximum);
}
