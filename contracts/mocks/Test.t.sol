// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Test} from "./Test.sol";

contract TestBaseTest is Test {
    function claim(uint256 left, uint256 right) external pure {
        assertEq(left, right, "sum");
    }

    function test_failedAssertionRevertsWithBothValues() public {
        vm.expectRevert(abi.encodeWithSignature("Error(string)", "sum: 1 != 2"));
        this.claim(1, 2);
    }

    function testFuzz_boundStaysInRange(uint256 value, uint256 minimum, uint256 maximum) public pure {
        vm.assume(minimum <= maximum);
        uint256 bounded = bound(value, minimum, maximum);
        assertGe(bounded, minimum);
        assertLe(bounded, maximum);
    }

    function test_prankWarpAndSign() public {
        (address account, uint256 key) = makeAddrAndKey("account");
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256("digest"));
        assertEq(ecrecover(keccak256("digest"), v, r, s), account);
        uint256 before = block.timestamp;
        skip(7);
        assertEq(block.timestamp, before + 7);
    }
}
