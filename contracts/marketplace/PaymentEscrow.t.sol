// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {IMarketplaceSettings} from "../interfaces/IMarketplaceSettings.sol";
import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {DisputesFixture} from "../mocks/DisputesFixture.sol";
import {JobsMarket} from "../mocks/deployed/JobsMarket.sol";

contract PaymentEscrowTest is DisputesFixture {
    function test_X39_depositorIsTheRenterAndTheHostReleasesNothing() public {
        uint256 jobId = submittedJob(1 ether);
        IPaymentEscrow.Escrow memory escrow = market.getEscrow(escrowIdOf(jobId));
        assertEq(market.escrowIdOf(jobId), escrowIdOf(jobId));
        assertEq(escrow.jobId, jobId);
        assertEq(escrow.depositor, renter);
        assertEq(escrow.host, host);
        assertEq(escrow.token, ETH);
        assertEq(escrow.amount, 1 ether);
        assertEq(escrow.bond, 0);
        assertEq(uint256(escrow.status), uint256(IPaymentEscrow.EscrowStatus.Active));
        address[4] memory others = [host, arbiter, owner, stranger];
        for (uint256 i; i < 4; ++i) {
            vm.prank(others[i]);
            vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobNotRenter.selector, jobId, others[i]));
            market.releaseEscrow(escrowIdOf(jobId));
        }
        vm.prank(renter);
        market.releaseEscrow(escrowIdOf(jobId));
        expectEscrow(jobId, IPaymentEscrow.EscrowStatus.Released);
        assertEq(owed(host, ETH), 0.85 ether);
    }

    function test_X39_everyUsdcJobIsARecord() public {
        uint256 jobId = postUsdc(10e6);
        IPaymentEscrow.Escrow memory escrow = market.getEscrow(escrowIdOf(jobId));
        assertEq(escrow.token, address(usdc));
        assertEq(escrow.amount, 10e6);
        assertEq(escrow.depositor, renter);
    }

    function test_X39_nothingPaysWithoutARecordAndNothingEmptiesThePool() public {
        postJob(1 ether);
        bytes[6] memory calls = [
            abi.encodeWithSignature("createEscrow(bytes32,address,uint256,address)", escrowIdOf(1), owner, 1 ether, ETH),
            abi.encodeWithSignature("releasePaymentFor(bytes32,address,uint256,address)", escrowIdOf(1), owner, 1 ether, ETH),
            abi.encodeWithSignature("emergencyWithdraw(address)", ETH),
            abi.encodeWithSignature("emergencyWithdraw(address,uint256)", ETH, 1 ether),
            abi.encodeWithSignature("emergencyWithdraw()"),
            abi.encodeWithSignature("batchReleasePayments(uint256[])", new uint256[](1))
        ];
        for (uint256 i; i < calls.length; ++i) {
            vm.prank(owner);
            (bool success,) = address(market).call(calls[i]);
            assertFalse(success);
        }
        bytes memory unknown = abi.encodeWithSelector(IPaymentEscrow.EscrowUnknown.selector, escrowIdOf(2));
        vm.expectRevert(unknown);
        market.getEscrow(escrowIdOf(2));
        vm.expectRevert(statusError(2, ISingleJobs.JobStatus.None, ISingleJobs.JobStatus.Submitted));
        market.releaseEscrow(escrowIdOf(2));
    }

    function test_row92_anyoneReleasesAnEscrowAfterTheReview() public {
        uint256 jobId = submittedJob(1 ether);
        vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobReviewOpen.selector, jobId, START + 24 hours));
        market.autoRelease(escrowIdOf(jobId));
        vm.warp(START + 24 hours);
        vm.prank(stranger);
        market.autoRelease(escrowIdOf(jobId));
        assertEq(owed(host, ETH), 0.85 ether);
    }

    function test_row95_cancelledEscrowIsRefunded() public {
        uint256 jobId = postJob(1 ether);
        vm.prank(renter);
        market.cancelJob(jobId);
        expectEscrow(jobId, IPaymentEscrow.EscrowStatus.Refunded);
    }

    function test_X31_X39_sweepTakesWhatNobodyIsOwed() public {
        postJob(5 ether);
        disputedJob(1 ether);
        uint256 released = submittedJob(1 ether);
        vm.prank(renter);
        market.releasePayment(released);
        vm.startPrank(owner);
        vm.expectRevert(abi.encodeWithSelector(IPaymentEscrow.EscrowNoSurplus.selector, ETH));
        market.sweepSurplus(ETH, treasury);
        vm.expectRevert(abi.encodeWithSelector(IPaymentEscrow.EscrowNoSurplus.selector, address(usdc)));
        market.sweepSurplus(address(usdc), treasury);
        vm.deal(address(market), address(market).balance + 3);
        usdc.mint(address(market), 4);
        vm.expectRevert(IJobMarketplace.MarketplaceZeroAddress.selector);
        market.sweepSurplus(ETH, address(0));
        vm.expectEmit(address(market));
        emit IPaymentEscrow.SurplusSwept(ETH, treasury, 3);
        assertEq(market.sweepSurplus(ETH, treasury), 3);
        assertEq(market.sweepSurplus(address(usdc), treasury), 4);
        vm.stopPrank();
        assertEq(treasury.balance, 3);
        assertEq(usdc.balanceOf(treasury), 4);
        assertSolvent(ETH);
        assertSolvent(address(usdc));
    }

    function test_X14_treasuryIsNeverUnset() public {
        JobsMarket bare = JobsMarket(deployCode("JobsMarket"));
        vm.expectRevert(IJobMarketplace.MarketplaceZeroAddress.selector);
        bare.initialize(
            owner,
            neighbours(address(0)),
            new IMarketplaceSettings.TokenSetup[](0),
            new IMarketplaceSettings.PaymasterSetup[](0)
        );
        vm.prank(owner);
        vm.expectRevert(IJobMarketplace.MarketplaceZeroAddress.selector);
        market.setTreasury(address(0));
    }
}
