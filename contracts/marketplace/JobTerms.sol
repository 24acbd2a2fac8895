// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {FailureWatch} from "./FailureWatch.sol";
import {FieldName} from "./FieldName.sol";
import {JobTermsStore} from "./JobTermsStore.sol";

/// @title Governed terms of single jobs. A job under way keeps those that it met.
abstract contract JobTerms is FailureWatch, JobTermsStore, ISingleJobs, IPaymentEscrow {
    uint256 private constant DEFAULT_REVIEW_WINDOW = 24 hours;
    uint256 private constant DEFAULT_ARBITER_WINDOW = 7 days;
    uint256 private constant DEFAULT_DISPUTE_BOND_BPS = 100;

    /// @inheritdoc ISingleJobs
    function reviewWindow() public view returns (uint256) {
        uint256 stored = _termsStorage().reviewWindow;
        return stored == 0 ? DEFAULT_REVIEW_WINDOW : stored;
    }

    /// @inheritdoc ISingleJobs
    function bonusReputation() public view returns (uint256) {
        return _termsStorage().bonusReputation;
    }

    /// @inheritdoc IPaymentEscrow
    function disputeTerms() public view returns (uint256 bondBps, uint256 arbiterWindow) {
        TermsStorage storage $ = _termsStorage();
        if ($.disputeBondBps == 0) return (DEFAULT_DISPUTE_BOND_BPS, DEFAULT_ARBITER_WINDOW);
        return ($.disputeBondBps, $.arbiterWindow);
    }

    function _checkJobField(bytes32 field, uint256 value, uint256 minimum, uint256 maximum) internal pure {
        if (value < minimum || value > maximum) {
            revert JobFieldOutOfRange(FieldName.toText(field), value, minimum, maximum);
        }
    }
}
