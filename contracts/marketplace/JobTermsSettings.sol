// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable2StepUpgradeable} from "@openzeppelin/contracts-upgradeable/access/Ownable2StepUpgradeable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {IJobTerms} from "../interfaces/IJobTerms.sol";
import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {FieldName} from "./FieldName.sol";
import {JobTermsStore} from "./JobTermsStore.sol";
import {Ledger} from "./Ledger.sol";

/// @title What governance sets of single jobs, and what it does with money that came in unasked.
abstract contract JobTermsSettings is Ledger, JobTermsStore, Ownable2StepUpgradeable, IJobTerms {
    /// @inheritdoc IJobTerms
    function setReviewWindow(uint256 reviewWindow_) external onlyOwner {
        _checkGoverned("reviewWindow", reviewWindow_, 1 hours, 7 days);
        _termsStorage().reviewWindow = uint32(reviewWindow_);
        emit ISingleJobs.ReviewWindowSet(reviewWindow_);
    }

    /// @inheritdoc IJobTerms
    function setBonusReputation(uint256 bonusReputation_) external onlyOwner {
        _checkGoverned("bonusReputation", bonusReputation_, 0, type(uint16).max);
        _termsStorage().bonusReputation = uint16(bonusReputation_);
        emit ISingleJobs.BonusReputationSet(bonusReputation_);
    }

    /// @inheritdoc IJobTerms
    function setDisputeTerms(uint256 bondBps, uint256 arbiterWindow) external onlyOwner {
        _checkTerm("bondBps", bondBps, 10, 1_000);
        // A challenge stands in the way of deciding for the host, for up to 7 days from the submission.
        _checkTerm("arbiterWindow", arbiterWindow, 7 days, 30 days);
        TermsStorage storage $ = _termsStorage();
        $.disputeBondBps = uint16(bondBps);
        $.arbiterWindow = uint32(arbiterWindow);
        emit IPaymentEscrow.DisputeTermsSet(bondBps, arbiterWindow);
    }

    /// @inheritdoc IJobTerms
    /// @dev Bonds, prepaid balances, credits and fees are all in what is owed.
    function sweepSurplus(address token, address to) external onlyOwner nonReentrant returns (uint256 amount) {
        if (to == address(0)) revert IJobMarketplace.MarketplaceZeroAddress();
        uint256 balance = token == address(0) ? address(this).balance : IERC20(token).balanceOf(address(this));
        amount = Math.saturatingSub(balance, _token(token).liabilities);
        if (amount == 0) revert IPaymentEscrow.EscrowNoSurplus(token);
        emit IPaymentEscrow.SurplusSwept(token, to, amount);
        _pay(token, to, amount);
    }

    function _checkGoverned(bytes32 field, uint256 value, uint256 minimum, uint256 maximum) private pure {
        if (value < minimum || value > maximum) {
            revert ISingleJobs.JobFieldOutOfRange(FieldName.toText(field), value, minimum, maximum);
        }
    }

    function _checkTerm(bytes32 field, uint256 value, uint256 minimum, uint256 maximum) private pure {
        if (value < minimum || value > maximum) {
            revert IPaymentEscrow.EscrowTermOutOfRange(FieldName.toText(field), value, minimum, maximum);
        }
    }
}
