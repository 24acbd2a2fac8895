// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {MarketplaceFixture} from "../mocks/MarketplaceFixture.sol";

/// Open sessions are counted where their host is paid, token by token: they hold its stake whatever happens to the
/// money beside them.
contract HostBalancesTest is MarketplaceFixture {
    function test_obligationsAddUpOverTokens() public {
        uint256 first = openSession();
        uint256 second = openUsdcSession();
        uint256 third = openUsdcSession();
        checkpoint(first, 500);
        checkpoint(second, 500);
        checkpoint(third, 500);
        assertEq(market.openObligations(host), 3);
        _settle(second);
        assertEq(market.openObligations(host), 2);
        _settle(first);
        assertEq(market.openObligations(host), 1);
        _settle(third);
        assertEq(market.openObligations(host), 0);
        assertSolvent(ETH);
        assertSolvent(address(usdc));
    }

    function test_withdrawingLeavesTheCount() public {
        uint256 paid = openSession();
        uint256 open = openSession();
        checkpoint(paid, 500);
        checkpoint(open, 500);
        _settle(paid);
        uint256 owed = market.withdrawable(host, ETH);
        assertTrue(owed != 0);
        vm.prank(host);
        assertEq(market.withdraw(ETH), owed);
        assertEq(market.withdrawable(host, ETH), 0);
        assertEq(market.openObligations(host), 1);
        _settle(open);
        assertEq(market.withdrawable(host, ETH), owed);
        assertEq(market.openObligations(host), 0);
    }

    function test_theCountIsNoMoney() public {
        checkpoint(openSession(), 500);
        assertEq(market.withdrawable(host, ETH), 0);
        assertEq(market.prepaidBalance(host, ETH), 0);
        assertEq(market.earningsOf(host, ETH), 0);
        vm.prank(host);
        vm.expectPartialRevert(IJobMarketplace.MarketplaceNothingToWithdraw.selector);
        market.withdraw(ETH);
    }

    function test_aDelistedTokenStillHoldsTheStake() public {
        uint256 jobId = openUsdcSession();
        checkpoint(jobId, 500);
        vm.prank(owner);
        market.setAcceptedToken(address(usdc), false);
        assertEq(market.openObligations(host), 1);
        _settle(jobId);
        assertEq(market.openObligations(host), 0);
    }

    function test_listingAgainKeepsFeesAndCount() public {
        uint256 jobId = openUsdcSession();
        checkpoint(jobId, 500);
        _settle(jobId);
        (uint256 protocol, uint256 stakers) = market.feeLedger(address(usdc));
        assertTrue(protocol != 0);
        vm.startPrank(owner);
        market.setAcceptedToken(address(usdc), false);
        market.setAcceptedToken(address(usdc), true);
        vm.stopPrank();
        (uint256 protocolAfter, uint256 stakersAfter) = market.feeLedger(address(usdc));
        assertEq(protocolAfter, protocol);
        assertEq(stakersAfter, stakers);
        assertEq(market.paidJobs(address(usdc)), 1);
        assertSolvent(address(usdc));
    }

    /// @dev What is owed and what is counted share a word: sums and counts of any size leave each other alone.
    function testFuzz_owedAndCountShareAWord(uint256 prepaid, uint8 sessions) public {
        prepaid = bound(prepaid, MIN_ETH, 50 ether);
        uint256 count = bound(sessions, 1, 5);
        vm.deal(host, prepaid);
        vm.prank(host);
        market.depositPrepaid{value: prepaid}(ETH, prepaid);
        uint256[] memory jobIds = new uint256[](count);
        for (uint256 i; i < count; ++i) {
            jobIds[i] = openSession();
            checkpoint(jobIds[i], 500);
            assertEq(market.openObligations(host), i + 1);
            assertEq(market.withdrawable(host, ETH), prepaid);
        }
        for (uint256 i; i < count; ++i) {
            uint256 before = market.withdrawable(host, ETH);
            (uint256 toHost,,,) = market.quoteSettlement(jobIds[i]);
            _settle(jobIds[i]);
            assertEq(market.withdrawable(host, ETH), before + toHost);
            assertEq(market.openObligations(host), count - i - 1);
        }
        assertSolvent(ETH);
    }

    function _settle(uint256 jobId) private {
        vm.prank(host);
        market.settleSession(jobId);
    }
}
