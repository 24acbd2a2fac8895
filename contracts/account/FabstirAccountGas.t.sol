// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {IAccount} from "@account-abstraction/contracts/interfaces/IAccount.sol";
import {AccountTestBase} from "./AccountTestBase.t.sol";

/// @notice Gas of the validation frame behind the proxy, storage cold. Ceilings of section 2.11.
contract FabstirAccountGasTest is AccountTestBase {
    function setUp() public override {
        super.setUp();
        grant(spendingPolicy());
        // Executed once, so that use counter and spend change from non-zero to non-zero.
        handle(sessionOp(executeCalls(two(approve(10), create(10)))));
    }

    function test_validationOfTheOwnerStaysBelow12k() public {
        _assertValidationBelow(ownerOp(claim(1)), 12_000);
    }

    function test_validationOfAClaimBySessionKeyStaysBelow24k() public {
        _assertValidationBelow(sessionOp(claim(1)), 24_000);
    }

    function test_validationOfApproveAndCreateBySessionKeyStaysBelow31500() public {
        _assertValidationBelow(sessionOp(executeCalls(two(approve(10), create(10)))), 31_500);
    }

    /// @dev What the frame itself uses: the call's own 100 gas for a warm address is not part of it.
    function _assertValidationBelow(PackedUserOperation memory op, uint256 ceiling) private {
        bytes memory data = abi.encodeCall(IAccount.validateUserOp, (op, entryPoint.getUserOpHash(op), 0));
        address target = address(account);
        // Warms the address, not its storage.
        assertGt(target.code.length, 0);
        bool success;
        uint256 used;
        uint256 validationData;
        vm.prank(address(entryPoint));
        assembly ("memory-safe") {
            used := gas()
            success := call(gas(), target, 0, add(data, 0x20), mload(data), 0, 0x20)
            used := sub(used, gas())
            validationData := mload(0)
        }
        assertTrue(success);
        assertEq(uint160(validationData), 0);
        assertLe(used - 100, ceiling);
        assertGt(used + 1_000, ceiling / 2, "cold storage was warm");
    }
}
