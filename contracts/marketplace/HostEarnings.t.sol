// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IHostEarnings} from "../interfaces/IHostEarnings.sol";
import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {DisputesFixture} from "../mocks/DisputesFixture.sol";
import {ReentrantWallet, RejectingWallet} from "../mocks/HostileReceivers.sol";

contract HostEarningsTest is DisputesFixture {
    function test_row96_hostWithdrawsAllTokensAtOnce() public {
        uint256 inEth = submittedJob(1 ether);
        uint256 inUsdc = postUsdc(10e6);
        submit(inUsdc);
        vm.startPrank(renter);
        market.releasePayment(inEth);
        market.releasePayment(inUsdc);
        vm.stopPrank();
        assertEq(market.earningsOf(host, ETH), 0.85 ether);
        assertEq(market.earningsOf(host, address(usdc)), 8.5e6);
        address[] memory tokens = new address[](4);
        tokens[1] = address(usdc);
        tokens[2] = makeAddr("token of nothing");
        tokens[3] = ETH;
        vm.prank(host);
        uint256[] memory amounts = market.withdrawAll(tokens);
        assertEq(amounts[0], 0.85 ether);
        assertEq(amounts[1], 8.5e6);
        assertEq(amounts[2], 0);
        assertEq(amounts[3], 0);
        assertEq(host.balance, 0.85 ether);
        assertEq(usdc.balanceOf(host), 8.5e6);
        assertEq(market.earningsOf(host, ETH), 0);
        assertSolvent(ETH);
        assertSolvent(address(usdc));
    }

    function test_row96_listOfTokensIsBounded() public {
        vm.expectRevert(abi.encodeWithSelector(IHostEarnings.HostEarningsTooManyTokens.selector, 33, 32));
        market.withdrawAll(new address[](33));
        assertEq(market.withdrawAll(new address[](32)).length, 32);
    }

    function test_X01_paymentThatCallsBackTakesNothingTwice() public {
        ReentrantWallet attacker = new ReentrantWallet();
        addNode(address(attacker), address(attacker));
        postJob(10 ether);
        uint256 jobId = postJob(1 ether);
        attacker.run(address(market), 0, abi.encodeCall(ISingleJobs.claimJob, (jobId)));
        attacker.run(address(market), 0, abi.encodeCall(ISingleJobs.submitResult, (jobId, "bafkreiresult")));
        vm.prank(renter);
        market.releasePayment(jobId);
        address[] memory tokens = new address[](2);
        bytes[] memory attacks = new bytes[](3);
        attacks[0] = abi.encodeCall(IHostEarnings.withdrawAll, (tokens));
        attacks[1] = abi.encodeWithSignature("withdraw(address)", ETH);
        attacks[2] = abi.encodeCall(ISingleJobs.autoRelease, (jobId));
        attacker.arm(address(market), attacks);
        attacker.run(address(market), 0, abi.encodeCall(IHostEarnings.withdrawAll, (tokens)));
        assertEq(attacker.attempts(), 3);
        assertEq(address(attacker).balance, 0.85 ether);
        assertSolvent(ETH);
    }

    function test_row95_walletThatRejectsEthGetsItsRefundElsewhere() public {
        RejectingWallet wallet = new RejectingWallet();
        vm.deal(address(this), 2 ether);
        wallet.fund{value: 2 ether}();
        wallet.run(
            address(market), 1 ether, abi.encodeCall(ISingleJobs.postJob, (jobDetails(), jobRequirements(), 1 ether))
        );
        submit(1);
        wallet.run(address(market), BOND, abi.encodeCall(IPaymentEscrow.disputeResult, (1)));
        vm.prank(arbiter);
        market.resolveDispute(escrowIdOf(1), address(wallet));
        address elsewhere = makeAddr("elsewhere");
        wallet.run(address(market), 0, abi.encodeWithSignature("withdraw(address,address)", ETH, elsewhere));
        assertEq(elsewhere.balance, 1 ether + BOND);
    }
}
