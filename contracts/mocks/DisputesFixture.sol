// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {JobsFixture} from "./JobsFixture.sol";

/// @notice Single jobs whose result the renter disputes.
abstract contract DisputesFixture is JobsFixture {
    /// @notice Of a dispute over 1 ether.
    uint256 internal constant BOND = 0.01 ether;

    function disputedJob(uint256 payment) internal returns (uint256 jobId) {
        jobId = submittedJob(payment);
        uint256 bond = market.disputeBond(jobId);
        vm.prank(renter);
        market.disputeResult{value: bond}(jobId);
        expectStatus(jobId, ISingleJobs.JobStatus.Disputed);
        expectEscrow(jobId, IPaymentEscrow.EscrowStatus.Disputed);
    }

    /// @dev Asking the marketplace would use up the prank or expectation that stands before a call.
    function escrowIdOf(uint256 jobId) internal pure returns (bytes32) {
        return bytes32(jobId);
    }

    function expectEscrow(uint256 jobId, IPaymentEscrow.EscrowStatus status) internal view {
        assertEq(uint256(market.getEscrow(escrowIdOf(jobId)).status), uint256(status), "escrow");
    }
}
