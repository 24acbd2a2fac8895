// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {DisputesFixture} from "../mocks/DisputesFixture.sol";

contract DisputeDecisionsTest is DisputesFixture {
    // X-32: decided once, by the arbiter that governance named.

    function test_X32_disputeIsResolvedOnce() public {
        postJob(10 ether);
        uint256 jobId = disputedJob(1 ether);
        vm.startPrank(arbiter);
        market.resolveDispute(escrowIdOf(jobId), renter);
        bytes memory resolved = statusError(jobId, ISingleJobs.JobStatus.Resolved, ISingleJobs.JobStatus.Disputed);
        vm.expectRevert(resolved);
        market.resolveDispute(escrowIdOf(jobId), renter);
        vm.expectRevert(resolved);
        market.resolveDispute(escrowIdOf(jobId), host);
        vm.warp(START + 30 days);
        vm.expectRevert(resolved);
        market.resolveStale(escrowIdOf(jobId));
        vm.stopPrank();
        vm.startPrank(renter);
        vm.expectRevert(statusError(jobId, ISingleJobs.JobStatus.Resolved, ISingleJobs.JobStatus.Submitted));
        market.disputeResult{value: BOND}(jobId);
        vm.expectRevert(statusError(jobId, ISingleJobs.JobStatus.Resolved, ISingleJobs.JobStatus.Submitted));
        market.releasePayment(jobId);
        vm.stopPrank();
        assertEq(owed(renter, ETH), 1 ether + BOND);
        assertSolvent(ETH);
    }

    function test_X32_staleDisputeIsResolvedOnce() public {
        uint256 jobId = disputedJob(1 ether);
        vm.warp(START + 7 days);
        market.resolveStale(escrowIdOf(jobId));
        vm.expectRevert(statusError(jobId, ISingleJobs.JobStatus.Resolved, ISingleJobs.JobStatus.Disputed));
        market.resolveStale(escrowIdOf(jobId));
    }

    function test_X32_onlyTheArbiterDecidesAndOnlyWhatIsDisputed() public {
        uint256 jobId = submittedJob(1 ether);
        vm.prank(arbiter);
        vm.expectRevert(statusError(jobId, ISingleJobs.JobStatus.Submitted, ISingleJobs.JobStatus.Disputed));
        market.resolveDispute(escrowIdOf(jobId), renter);
        vm.prank(renter);
        market.disputeResult{value: BOND}(jobId);
        address[5] memory others = [renter, host, stranger, owner, guardian];
        for (uint256 i; i < 5; ++i) {
            vm.prank(others[i]);
            vm.expectRevert(abi.encodeWithSelector(IPaymentEscrow.EscrowNotArbiter.selector, others[i]));
            market.resolveDispute(escrowIdOf(jobId), others[i]);
        }
        vm.prank(arbiter);
        vm.expectRevert(abi.encodeWithSelector(IPaymentEscrow.EscrowNotParty.selector, escrowIdOf(jobId), arbiter));
        market.resolveDispute(escrowIdOf(jobId), arbiter);
        vm.prank(arbiter);
        vm.expectRevert(abi.encodeWithSelector(IPaymentEscrow.EscrowNotParty.selector, escrowIdOf(jobId), address(0)));
        market.resolveDispute(escrowIdOf(jobId), address(0));
    }

    function test_X32_strangerCannotBecomeArbiterOrChangeTheTerms() public {
        bytes memory notOwner = abi.encodeWithSignature("OwnableUnauthorizedAccount(address)", stranger);
        vm.startPrank(stranger);
        vm.expectRevert(notOwner);
        market.setArbiter(stranger);
        vm.expectRevert(notOwner);
        market.setReputation(stranger);
        vm.expectRevert(notOwner);
        market.setProofSystem(stranger);
        vm.expectRevert(notOwner);
        market.setDisputeTerms(100, 7 days);
        vm.expectRevert(notOwner);
        market.sweepSurplus(ETH, stranger);
        vm.stopPrank();
    }

    function test_arbiterDecidesNoCaseOfItsOwn() public {
        uint256 jobId = disputedJob(1 ether);
        address[2] memory parties = [host, renter];
        for (uint256 i; i < 2; ++i) {
            vm.prank(owner);
            market.setArbiter(parties[i]);
            vm.prank(parties[i]);
            vm.expectRevert(
                abi.encodeWithSelector(IPaymentEscrow.EscrowArbiterIsParty.selector, escrowIdOf(jobId), parties[i])
            );
            market.resolveDispute(escrowIdOf(jobId), parties[i]);
        }
    }

    function test_withoutArbiterADisputeGoesStale() public {
        vm.prank(owner);
        market.setArbiter(address(0));
        uint256 jobId = disputedJob(1 ether);
        vm.warp(START + 7 days);
        market.resolveStale(escrowIdOf(jobId));
        assertEq(owed(host, ETH), 0.5 ether);
    }

    function test_termsOfADisputeAreThoseOfItsBeginning() public {
        uint256 jobId = disputedJob(1 ether);
        vm.prank(owner);
        market.setDisputeTerms(1_000, 10 days);
        (uint256 bondBps, uint256 arbiterWindow) = market.disputeTerms();
        assertEq(bondBps, 1_000);
        assertEq(arbiterWindow, 10 days);
        assertEq(market.getEscrow(escrowIdOf(jobId)).resolveBy, START + 7 days);
        vm.prank(arbiter);
        market.resolveDispute(escrowIdOf(jobId), renter);
        assertEq(owed(renter, ETH), 1 ether + BOND);
        uint256 later = submittedJob(1 ether);
        assertEq(market.disputeBond(later), 0.1 ether);
    }

    function test_termsHaveBounds() public {
        vm.startPrank(owner);
        vm.expectRevert(_termError("bondBps", 9, 10, 1_000));
        market.setDisputeTerms(9, 7 days);
        vm.expectRevert(_termError("bondBps", 1_001, 10, 1_000));
        market.setDisputeTerms(1_001, 7 days);
        vm.expectRevert(_termError("arbiterWindow", 7 days - 1, 7 days, 30 days));
        market.setDisputeTerms(100, 7 days - 1);
        vm.expectRevert(_termError("arbiterWindow", 30 days + 1, 7 days, 30 days));
        market.setDisputeTerms(100, 30 days + 1);
        vm.stopPrank();
    }

    function _termError(string memory field, uint256 value, uint256 minimum, uint256 maximum)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(IPaymentEscrow.EscrowTermOutOfRange.selector, field, value, minimum, maximum);
    }
}
