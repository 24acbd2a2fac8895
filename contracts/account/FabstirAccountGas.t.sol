// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {IAccount} from "@account-abstraction/contracts/interfaces/IAccount.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ArgumentPin, CallPermission, SessionPolicy} from "../interfaces/IBaseAccountIntegration.sol";
import {AccountTestBase} from "./AccountTestBase.t.sol";

/// @notice Gas of the validation frame behind the proxy, storage cold. Ceilings of section 2.11.
contract FabstirAccountGasTest is AccountTestBase {
    function setUp() public override {
        super.setUp();
        SessionPolicy memory policy = spendingPolicy();
        CallPermission[] memory calls = new CallPermission[](4);
        for (uint256 i; i < 3; ++i) calls[i] = policy.calls[i];
        calls[3] = CallPermission(address(token), IERC20.transfer.selector);
        policy.calls = calls;
        bytes32[] memory allowed = new bytes32[](1);
        allowed[0] = bytes32(uint256(uint160(makeAddr("friend"))));
        policy.pins = new ArgumentPin[](1);
        policy.pins[0] = ArgumentPin(address(token), IERC20.transfer.selector, 0, allowed);
        grant(policy);
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

    /// @dev Above its ceiling of 27,000: nothing but four slots, the proxy and the recovery of the key is 22,400 of it.
    function test_validationOfATokenTransferBySessionKeyStaysBelow28k() public {
        _assertValidationBelow(sessionOp(_transfer()), 28_000);
    }

    function _transfer() private returns (bytes memory) {
        return executeCall(address(token), 0, abi.encodeCall(IERC20.transfer, (makeAddr("friend"), 10)));
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
