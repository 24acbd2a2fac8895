// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Test} from "../mocks/Test.sol";
import {FabToken} from "./FabToken.sol";
import {TestUsdc} from "./TestUsdc.sol";

contract TokensTest is Test {
    bytes32 private constant PERMIT_TYPEHASH =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    function test_fabGoesToTheHolderAndVotesByTime() public {
        vm.warp(1_800_000_000);
        address holder = makeAddr("holder");
        FabToken fab = FabToken(deployCode("FabToken", abi.encode(holder, 100e18)));
        assertEq(fab.totalSupply(), 100e18);
        assertEq(fab.balanceOf(holder), 100e18);
        assertEq(fab.decimals(), 18);
        assertEq(fab.clock(), 1_800_000_000);
        assertEq(fab.CLOCK_MODE(), "mode=timestamp");

        vm.startPrank(holder);
        fab.delegate(holder);
        vm.warp(1_800_000_010);
        fab.transfer(address(this), 40e18);
        vm.stopPrank();
        assertEq(fab.getVotes(holder), 60e18);
        assertEq(fab.getPastVotes(holder, 1_800_000_009), 100e18);
    }

    /// What is burned leaves the supply, and with it the quorum of later votes.
    function test_fabIsBurnedByItsHolderOnly() public {
        vm.warp(1_800_000_000);
        address holder = makeAddr("holder");
        FabToken fab = FabToken(deployCode("FabToken", abi.encode(holder, 100e18)));
        vm.startPrank(holder);
        fab.delegate(holder);
        vm.warp(1_800_000_010);
        fab.burn(30e18);
        vm.stopPrank();
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(this), 0, 1)
        );
        fab.burnFrom(holder, 1);
        vm.warp(1_800_000_011);
        assertEq(fab.getPastTotalSupply(1_800_000_009), 100e18);
        assertEq(fab.getPastTotalSupply(1_800_000_010), 70e18);
        assertEq(fab.getPastVotes(holder, 1_800_000_010), 70e18);
    }

    function test_bothTokensTakePermits() public {
        (address holder, uint256 key) = makeAddrAndKey("holder");
        FabToken fab = FabToken(deployCode("FabToken", abi.encode(holder, 100e18)));
        bytes32 digest = _permitDigest(fab.DOMAIN_SEPARATOR(), holder, 7);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        fab.permit(holder, address(this), 7, type(uint256).max, v, r, s);
        assertEq(fab.allowance(holder, address(this)), 7);
        assertEq(fab.nonces(holder), 1);

        TestUsdc usdc = TestUsdc(deployCode("TestUsdc"));
        digest = _permitDigest(usdc.DOMAIN_SEPARATOR(), holder, 9);
        (v, r, s) = vm.sign(key, digest);
        usdc.permit(holder, address(this), 9, type(uint256).max, v, r, s);
        assertEq(usdc.allowance(holder, address(this)), 9);
    }

    function test_testUsdcHasSixDecimalsAndAnyoneMints() public {
        TestUsdc usdc = TestUsdc(deployCode("TestUsdc"));
        vm.prank(address(0xbeef));
        usdc.mint(address(this), 5e6);
        assertEq(usdc.balanceOf(address(this)), 5e6);
        assertEq(usdc.decimals(), 6);
    }

    function test_testUsdcStaysOnTheLocalChain() public {
        vm.chainId(8453);
        vm.expectRevert(abi.encodeWithSelector(TestUsdc.TestUsdcLocalChainOnly.selector, 8453));
        deployCode("TestUsdc");
    }

    function _permitDigest(bytes32 domain, address holder, uint256 value) private view returns (bytes32) {
        bytes32 structHash =
            keccak256(abi.encode(PERMIT_TYPEHASH, holder, address(this), value, 0, type(uint256).max));
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }
}
