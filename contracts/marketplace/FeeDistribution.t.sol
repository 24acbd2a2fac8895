// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {BlacklistingToken} from "../mocks/HostileTokens.sol";
import {RejectingWallet} from "../mocks/HostileReceivers.sol";
import {MarketplaceFixture} from "../mocks/MarketplaceFixture.sol";

/// What treasury and stakers get, and what one of them keeps from the other: nothing.
contract FeeDistributionTest is MarketplaceFixture {
    function test_feesAreDistributedOnce() public {
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarketplace.MarketplaceNothingToWithdraw.selector, treasury, ETH)
        );
        market.distributeFees(ETH);
        _earn(address(usdc));
        vm.expectEmit(address(market));
        emit IJobMarketplace.FeesDistributed(address(usdc), 1e6, 0.5e6);
        market.distributeFees(address(usdc));
        assertEq(usdc.balanceOf(treasury), 1e6);
        assertEq(usdc.balanceOf(stakersPool), 0.5e6);
        vm.expectPartialRevert(IJobMarketplace.MarketplaceNothingToWithdraw.selector);
        market.distributeFees(address(usdc));
        assertEq(market.paidJobs(address(usdc)), 1);
    }

    function test_poolOfStakersIsNotifiedOfWhatItGets() public {
        PoolRecorder pool = _pool();
        _earn(ETH);
        _earn(address(usdc));
        market.distributeFees(ETH);
        market.distributeFees(address(usdc));
        assertEq(pool.notified(ETH), 0.05 ether);
        assertEq(address(pool).balance, 0.05 ether);
        assertEq(pool.notified(address(usdc)), 0.5e6);
        assertEq(usdc.balanceOf(address(pool)), 0.5e6);
        assertEq(market.paidJobs(ETH), 1);
        assertSolvent(ETH);
        assertSolvent(address(usdc));
    }

    function test_poolThatFailsKeepsNothingFromTheTreasury() public {
        PoolRecorder pool = _pool();
        pool.fail(true);
        address[2] memory tokens = [ETH, address(usdc)];
        for (uint256 i; i < 2; ++i) {
            address token = tokens[i];
            _earn(token);
            (uint256 protocol, uint256 stakers) = market.feeLedger(token);
            vm.expectEmit(address(market));
            emit IJobMarketplace.FeesDistributed(token, protocol, 0);
            market.distributeFees(token);
            assertEq(balanceOf(treasury, token), protocol);
            (uint256 protocolLeft, uint256 stakersLeft) = market.feeLedger(token);
            assertEq(protocolLeft, 0);
            assertEq(stakersLeft, stakers);
            assertSolvent(token);
            // Nobody takes anything: nothing happens.
            vm.expectRevert(
                abi.encodeWithSelector(
                    IJobMarketplace.MarketplaceTransferMismatch.selector, token, 0, stakers
                )
            );
            market.distributeFees(token);
        }
        assertEq(usdc.allowance(address(market), address(pool)), 0);

        pool.fail(false);
        market.distributeFees(ETH);
        market.distributeFees(address(usdc));
        assertEq(pool.notified(ETH), 0.05 ether);
        assertEq(pool.notified(address(usdc)), 0.5e6);
        assertSolvent(ETH);
        assertSolvent(address(usdc));
    }

    function test_X09_treasuryThatIsNotPaidKeepsNothingFromTheStakers() public {
        BlacklistingToken token = new BlacklistingToken();
        acceptToken(address(token));
        token.mint(renter, 10e6);
        vm.prank(renter);
        token.approve(address(market), 10e6);
        token.blacklist(treasury);
        _earn(address(token));
        market.distributeFees(address(token));
        assertEq(token.balanceOf(stakersPool), 0.5e6);

        RejectingWallet wallet = new RejectingWallet();
        vm.prank(owner);
        market.setTreasury(address(wallet));
        _earn(ETH);
        market.distributeFees(ETH);
        assertEq(stakersPool.balance, 0.05 ether);
        (uint256 protocol, uint256 stakers) = market.feeLedger(ETH);
        assertEq(protocol, 0.1 ether);
        assertEq(stakers, 0);

        vm.prank(owner);
        market.setTreasury(stranger);
        market.distributeFees(ETH);
        market.distributeFees(address(token));
        assertEq(stranger.balance, 0.1 ether);
        assertEq(token.balanceOf(stranger), 1e6);
        assertSolvent(ETH);
        assertSolvent(address(token));
    }

    function test_whatAPoolDoesNotTakeStaysCollected() public {
        PoolRecorder pool = _pool();
        pool.takeLess();
        _earn(address(usdc));
        market.distributeFees(address(usdc));
        assertEq(usdc.balanceOf(address(pool)), 0.5e6 - 1);
        (, uint256 stakers) = market.feeLedger(address(usdc));
        assertEq(stakers, 1);
        assertEq(usdc.allowance(address(market), address(pool)), 0);
        assertSolvent(address(usdc));
    }

    /// The marketplace as its own treasury would owe what it sent to nobody.
    function test_nothingIsPaidToTheMarketplaceItself() public {
        vm.prank(owner);
        market.setTreasury(address(market));
        _earn(ETH);
        _earn(address(usdc));
        market.distributeFees(ETH);
        market.distributeFees(address(usdc));
        (uint256 eth,) = market.feeLedger(ETH);
        (uint256 dollars,) = market.feeLedger(address(usdc));
        assertEq(eth, 0.1 ether);
        assertEq(dollars, 1e6);
        assertSolvent(ETH);
        assertSolvent(address(usdc));
    }

    /// @dev A session that is used up: 10 % of 1 ETH or 10 dollars to the protocol, 5 % to the stakers.
    function _earn(address token) private {
        uint256 jobId;
        if (token == ETH) {
            jobId = openSession();
        } else {
            vm.prank(renter);
            jobId = market.createSession(sessionParams(token, 10e6, 1e6));
        }
        checkpoint(jobId, 10_000);
        vm.prank(host);
        market.settleSession(jobId);
    }

    function _pool() private returns (PoolRecorder pool) {
        pool = new PoolRecorder();
        vm.prank(owner);
        market.setStakers(address(pool));
    }
}

/// @notice Takes rewards as the pool of stakers does.
contract PoolRecorder {
    error PoolFails();

    mapping(address token => uint256) public notified;
    uint256 private _less;
    bool private _fails;

    function takeLess() external {
        _less = 1;
    }

    function fail(bool fails) external {
        _fails = fails;
    }

    function notifyReward(address token, uint256 amount) external payable {
        if (token != address(0)) IERC20(token).transferFrom(msg.sender, address(this), amount - _less);
        if (_fails) revert PoolFails();
        notified[token] += amount;
    }
}
