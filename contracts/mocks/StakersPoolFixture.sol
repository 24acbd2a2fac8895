// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ProxyDeployer} from "../deployment/ProxyDeployer.sol";
import {IStakingTiers} from "../interfaces/IStakingTiers.sol";
import {StakersPool} from "../tokenomics/StakersPool.sol";
import {FabToken} from "../tokens/FabToken.sol";
import {TestUsdc} from "../tokens/TestUsdc.sol";
import {Test} from "./Test.sol";

/// @notice The pool as it is deployed, with ETH, FAB and USDC as rewards and two funded stakers.
/// @dev Time is kept in `time`: the IR pipeline may read the clock once per function.
abstract contract StakersPoolFixture is Test {
    address internal constant ETH = address(0);
    uint256 internal constant START = 1_800_000_000;
    uint256 internal constant WEEK = 7 days;

    address internal owner = makeAddr("timelock");
    address internal alice = makeAddr("alice");
    address internal bob = makeAddr("bob");
    address internal stranger = makeAddr("stranger");
    uint256 internal time;

    ProxyDeployer internal deployer;
    FabToken internal fab;
    TestUsdc internal usdc;
    StakersPool internal pool;

    function setUp() public virtual {
        time = START;
        vm.warp(time);
        fab = FabToken(deployCode("FabToken", abi.encode(address(this), 100_000_000e18)));
        usdc = TestUsdc(deployCode("TestUsdc"));
        deployer = ProxyDeployer(deployCode("ProxyDeployer"));
        address[] memory rewards = new address[](1);
        rewards[0] = address(usdc);
        pool = StakersPool(
            payable(
                deployer.deploy(
                    "stakersPool",
                    deployCode("StakersPool"),
                    abi.encodeCall(StakersPool.initialize, (owner, address(fab), rewards))
                )
            )
        );
        fund(alice);
        fund(bob);
        fab.approve(address(pool), type(uint256).max);
        usdc.approve(address(pool), type(uint256).max);
        vm.deal(address(this), 1_000 ether);
    }

    function fund(address staker) internal {
        fab.transfer(staker, 20_000_000e18);
        vm.prank(staker);
        fab.approve(address(pool), type(uint256).max);
    }

    function pass(uint256 duration) internal {
        time += duration;
        vm.warp(time);
    }

    function stake(address staker, IStakingTiers.Tier tier, uint256 amount) internal returns (uint256 positionId) {
        vm.prank(staker);
        return pool.stake(tier, amount);
    }

    function unstake(address staker, uint256 positionId, uint256 amount) internal {
        vm.prank(staker);
        pool.unstake(positionId, amount);
    }

    function claim(address staker, address token) internal returns (uint256) {
        vm.prank(staker);
        return pool.claim(token);
    }

    function notifyEth(uint256 amount) internal {
        pool.notifyReward{value: amount}(ETH, amount);
    }

    function notifyUsdc(uint256 amount) internal {
        usdc.mint(address(this), amount);
        pool.notifyReward(address(usdc), amount);
    }

    function balanceOf(address account, address token) internal view returns (uint256) {
        return token == ETH ? account.balance : FabToken(token).balanceOf(account);
    }
}
