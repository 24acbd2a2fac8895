// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {AccountTestBase} from "../account/AccountTestBase.t.sol";
import {ISponsorPaymaster} from "../interfaces/ISponsorPaymaster.sol";
import {SponsorPaymaster} from "./SponsorPaymaster.sol";

/// @dev {SponsorPaymaster-validatePaymasterUserOp} over the EntryPoint package's struct of the same shape.
interface IValidateParallel {
    function validatePaymasterUserOp(PackedUserOperation calldata userOp, bytes32 userOpHash, uint256 maxCost)
        external
        returns (bytes memory context, uint256 validationData);
}

/// @notice The form with the suffix; EntryPoint 0.9 itself is met in test/system/paymasterParallel.test.ts.
contract ParallelSponsorPaymasterTest is AccountTestBase {
    bytes private constant SUFFIX = hex"004122e325a297439656";

    function setUp() public override {
        super.setUp();
        (address signer,) = makeAddrAndKey("sponsor");
        bytes memory terms =
            abi.encode(entryPoint, signer, makeAddr("second signer"), makeAddr("operator"), BENEFICIARY);
        sponsor = SponsorPaymaster(payable(deployCode("ParallelSponsorPaymaster", terms)));
        sponsor.deposit{value: 1 ether}();
    }

    function test_bothFormsAreTaken() public {
        PackedUserOperation memory op = _sponsored();
        (bytes memory context, uint256 joined) = _validate(op);
        assertEq(context.length, 0);
        assertEq(uint160(joined), 0);
        _addSuffix(op);
        uint256 parallel;
        (context, parallel) = _validate(op);
        assertEq(context.length, 0);
        assertEq(parallel, joined);
    }

    /// @dev Everything before the signature is signed, the suffix is fixed, and there is one signature for an operation.
    function testFuzz_aChangedByteIsNotSponsored(uint256 position, uint8 noise) public {
        PackedUserOperation memory op = _sponsored();
        _addSuffix(op);
        position = bound(position, 20, op.paymasterAndData.length - 1);
        // Of the window only the end moves, and stays legal.
        if (position >= 68 && position < 80) position = 79;
        noise = uint8(bound(noise, 1, 255));
        op.paymasterAndData[position] = bytes1(uint8(op.paymasterAndData[position]) ^ noise);
        if (position >= 145) {
            _expectLength(op, 93 + 10);
            return;
        }
        (, uint256 validationData) = _validate(op);
        assertEq(uint160(validationData), 1, "a changed operation is still sponsored");
    }

    function testFuzz_anyOtherLengthIsRefused(uint256 length) public {
        length = bound(length, 52, 400);
        vm.assume(length != 145);
        PackedUserOperation memory op = _sponsored();
        bytes memory data = new bytes(length);
        // Ends like a signature, whatever its length.
        for (uint256 i; i < 10; ++i) data[length - 10 + i] = SUFFIX[i];
        vm.assume(length != 155);
        op.paymasterAndData = data;
        _expectLength(op, length - 52);
    }

    function test_theWindowIsBoundedAsEver() public {
        PackedUserOperation memory op = _sponsored();
        _addSuffix(op);
        op.paymasterAndData[74] = 0xff;
        vm.prank(address(entryPoint));
        vm.expectPartialRevert(ISponsorPaymaster.SponsorPaymasterWindow.selector);
        IValidateParallel(address(sponsor)).validatePaymasterUserOp(op, 0, 0);
    }

    function test_onlyTheEntryPointAsks() public {
        PackedUserOperation memory op = _sponsored();
        _addSuffix(op);
        vm.expectRevert(
            abi.encodeWithSelector(ISponsorPaymaster.SponsorPaymasterNotEntryPoint.selector, address(this))
        );
        IValidateParallel(address(sponsor)).validatePaymasterUserOp(op, 0, 0);
    }

    function test_validationReadsNoStorage() public {
        PackedUserOperation memory op = _sponsored();
        _addSuffix(op);
        vm.record();
        _validate(op);
        (bytes32[] memory reads, bytes32[] memory writes) = vm.accesses(address(sponsor));
        assertEq(reads.length, 0);
        assertEq(writes.length, 0);
    }

    function _sponsored() private view returns (PackedUserOperation memory op) {
        op = newOp(account, 0, address(0), claim(1));
        addSponsor(op);
    }

    function _addSuffix(PackedUserOperation memory op) private pure {
        op.paymasterAndData = abi.encodePacked(op.paymasterAndData, SUFFIX);
    }

    function _validate(PackedUserOperation memory op) private returns (bytes memory, uint256) {
        vm.prank(address(entryPoint));
        return IValidateParallel(address(sponsor)).validatePaymasterUserOp(op, 0, 0);
    }

    function _expectLength(PackedUserOperation memory op, uint256 length) private {
        vm.prank(address(entryPoint));
        vm.expectRevert(abi.encodeWithSelector(ISponsorPaymaster.SponsorPaymasterDataLength.selector, length));
        IValidateParallel(address(sponsor)).validatePaymasterUserOp(op, 0, 0);
    }
}
