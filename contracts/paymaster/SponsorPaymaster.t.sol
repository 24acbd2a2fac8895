// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {IEntryPoint} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {AccountTestBase, ISponsorshipHash} from "../account/AccountTestBase.t.sol";
import {ISponsorPaymaster} from "../interfaces/ISponsorPaymaster.sol";
import {SponsorPaymaster} from "./SponsorPaymaster.sol";

/// @dev {SponsorPaymaster-validatePaymasterUserOp} over the EntryPoint package's struct of the same shape.
interface IValidatePaymaster {
    function validatePaymasterUserOp(PackedUserOperation calldata userOp, bytes32 userOpHash, uint256 maxCost)
        external
        returns (bytes memory context, uint256 validationData);
}

/// @dev Answers like the paymaster it was made for, and pays its maker out.
contract LookalikePaymaster {
    IEntryPoint public immutable entryPoint;
    address public immutable signerA;
    address public immutable signerB;
    address public immutable operator;
    address payable public immutable treasury;

    constructor(SponsorPaymaster original) {
        (entryPoint, signerA, signerB) = (original.entryPoint(), original.signerA(), original.signerB());
        (operator, treasury) = (original.operator(), original.treasury());
    }

    function take(address payable to, uint256 amount) external {
        entryPoint.withdrawTo(to, amount);
    }
}

contract SponsorPaymasterTest is AccountTestBase {
    address private _operator;

    function setUp() public override {
        super.setUp();
        _operator = makeAddr("operator");
    }

    function test_X54_theDepositPaysAndTheAccountDoesNot() public {
        uint256 deposit = sponsor.getDeposit();
        uint256 balance = address(account).balance;
        handle(_sponsored());
        assertEq(address(account).balance, balance);
        assertEq(deposit - sponsor.getDeposit(), BENEFICIARY.balance);
        assertGt(BENEFICIARY.balance, 0);
    }

    function test_X54_aSponsorshipIsUsedOnce() public {
        PackedUserOperation memory op = _sponsored();
        handle(op);
        expectFailedOp("AA25 invalid account nonce");
        handle(op);
    }

    /// @dev The typed data is written again here, from the text of {ISponsorPaymaster}.
    function test_theHashIsTheDocumentedTypedData() public view {
        PackedUserOperation memory op = _sponsored();
        assertEq(ISponsorshipHash(address(sponsor)).sponsorshipHash(op), _typedDataHash(op, bytes32(0)));
        op.initCode = hex"1234";
        assertEq(ISponsorshipHash(address(sponsor)).sponsorshipHash(op), _typedDataHash(op, bytes32(0)));
    }

    function test_theHashNamesTheDelegateOfASender() public {
        PackedUserOperation memory op = _sponsored();
        op.sender = makeAddr("delegated");
        vm.etch(op.sender, abi.encodePacked(hex"ef0100", address(market)));
        bytes32 first = ISponsorshipHash(address(sponsor)).sponsorshipHash(op);
        assertEq(first, _typedDataHash(op, op.sender.codehash));
        vm.etch(op.sender, abi.encodePacked(hex"ef0100", address(token)));
        assertNotEq(first, ISponsorshipHash(address(sponsor)).sponsorshipHash(op));
        // Other code is no delegation.
        vm.etch(op.sender, hex"600000");
        assertEq(ISponsorshipHash(address(sponsor)).sponsorshipHash(op), _typedDataHash(op, bytes32(0)));
    }

    function testFuzz_everyFieldIsSigned(uint256 field, uint256 noise) public {
        noise = bound(noise, 1, type(uint32).max);
        PackedUserOperation memory op = _sponsored();
        field = bound(field, 0, 13);
        if (field == 0) op.sender = address(uint160(op.sender) ^ uint160(noise));
        if (field == 1) op.nonce ^= noise;
        if (field == 2) op.initCode = abi.encode(noise);
        if (field == 3) op.callData = abi.encode(noise);
        if (field == 4) op.accountGasLimits ^= bytes32(noise << 128);
        if (field == 5) op.accountGasLimits ^= bytes32(noise);
        if (field == 6) op.preVerificationGas ^= noise;
        if (field == 7) op.gasFees ^= bytes32(noise << 128);
        if (field == 8) op.gasFees ^= bytes32(noise);
        // Paymaster gas limits, policy hash, signature.
        if (field == 9) _flip(op.paymasterAndData, 20 + (noise % 16), noise);
        if (field == 10) _flip(op.paymasterAndData, 36 + (noise % 16), noise);
        if (field == 11) _flip(op.paymasterAndData, 52 + (noise % 16), noise);
        if (field == 12) _flip(op.paymasterAndData, 80 + (noise % 64), noise);
        // The window moves by less than an hour in all: still legal, no longer signed.
        if (field == 13) _moveWindow(op, uint48(1 + noise % 100));
        (bytes memory context, uint256 validationData) = _validate(op);
        assertEq(context.length, 0);
        assertEq(uint160(validationData), 1, "a changed operation is still sponsored");
    }

    /// @dev Measured on another paymaster: a raised limit was accepted, and 190,000 gas charged for nothing.
    function test_aRaisedPostOpGasLimitFails() public {
        PackedUserOperation memory op = _sponsored();
        op.paymasterAndData[51] = bytes1(uint8(1));
        op.signature = signKey(ownerKey, entryPoint.getUserOpHash(op));
        expectFailedOp("AA34 signature error");
        handle(op);
    }

    function test_bothSignersAreAccepted() public {
        (, uint256 second) = makeAddrAndKey("second signer");
        PackedUserOperation memory op = _sponsored();
        _sign(op, second);
        (, uint256 validationData) = _validate(op);
        assertEq(uint160(validationData), 0);
        (, uint256 stranger) = makeAddrAndKey("stranger");
        _sign(op, stranger);
        (, validationData) = _validate(op);
        assertEq(uint160(validationData), 1);
    }

    function test_signaturesInAnotherFormAreRefused() public {
        PackedUserOperation memory op = _sponsored();
        bytes32 digest = ISponsorshipHash(address(sponsor)).sponsorshipHash(op);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(sponsorKey, digest);
        uint256 n = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        bytes[4] memory forms = [
            // The high twin, v as a parity, nothing, and an end that EntryPoint 0.9 reads as a suffix.
            abi.encodePacked(r, n - uint256(s), v == 27 ? uint8(28) : uint8(27)),
            abi.encodePacked(r, s, v - 27),
            new bytes(65),
            abi.encodePacked(r, uint192(uint256(s) >> 64), uint8(0), hex"22e325a297439656")
        ];
        for (uint256 i; i < forms.length; ++i) {
            for (uint256 j; j < 65; ++j) op.paymasterAndData[80 + j] = forms[i][j];
            (, uint256 validationData) = _validate(op);
            assertEq(uint160(validationData), 1);
        }
    }

    function test_theTimeRangeIsReturnedWithAWrongSignatureToo() public {
        PackedUserOperation memory op = _sponsored();
        (, uint256 right) = _validate(op);
        _sign(op, 42);
        (, uint256 wrong) = _validate(op);
        assertEq(wrong, right | 1);
        assertEq(uint48(right >> 208), START - 1);
        assertEq(uint48(right >> 160), START + 600);
    }

    function test_theWindowIsAtMostOneHour() public {
        _expectWindow(uint48(START), uint48(START + 3_601));
        _expectWindow(uint48(START), uint48(START));
        _expectWindow(uint48(START + 1), uint48(START));
        _expectWindow((1 << 47) | 1, (1 << 47) | 600);
        // 0 would mean forever.
        _expectWindow(0, 0);
        PackedUserOperation memory op = _sponsored();
        _setWindow(op, uint48(START), uint48(START + 3_600));
        _sign(op, sponsorKey);
        (, uint256 validationData) = _validate(op);
        assertEq(uint160(validationData), 0);
    }

    /// @dev EntryPoint 0.9 leaves a suffix that ends with this magic out of the hash; 0.8 does not know it.
    function test_theSuffixOf09IsRefused() public {
        PackedUserOperation memory op = _sponsored();
        op.paymasterAndData = abi.encodePacked(op.paymasterAndData, new bytes(65), uint16(65), hex"22e325a297439656");
        vm.prank(address(entryPoint));
        vm.expectRevert(abi.encodeWithSelector(ISponsorPaymaster.SponsorPaymasterDataLength.selector, 93 + 75));
        IValidatePaymaster(address(sponsor)).validatePaymasterUserOp(op, 0, 0);
    }

    function testFuzz_anyOtherLengthIsRefused(uint256 length) public {
        length = bound(length, 0, 400);
        vm.assume(length != 145);
        PackedUserOperation memory op = _sponsored();
        op.paymasterAndData = new bytes(length);
        vm.prank(address(entryPoint));
        vm.expectRevert(
            abi.encodeWithSelector(
                ISponsorPaymaster.SponsorPaymasterDataLength.selector, length < 52 ? 0 : length - 52
            )
        );
        IValidatePaymaster(address(sponsor)).validatePaymasterUserOp(op, 0, 0);
    }

    function test_validationReadsNoStorage() public {
        PackedUserOperation memory op = _sponsored();
        vm.record();
        _validate(op);
        (bytes32[] memory reads, bytes32[] memory writes) = vm.accesses(address(sponsor));
        assertEq(reads.length, 0);
        assertEq(writes.length, 0);
    }

    function test_onlyTheEntryPointAsks() public {
        PackedUserOperation memory op = _sponsored();
        vm.expectRevert(
            abi.encodeWithSelector(ISponsorPaymaster.SponsorPaymasterNotEntryPoint.selector, address(this))
        );
        IValidatePaymaster(address(sponsor)).validatePaymasterUserOp(op, 0, 0);
    }

    // Deposit

    function test_theOperatorPullsTheDepositToTheTreasury() public {
        vm.prank(_operator);
        sponsor.withdraw(40 ether);
        assertEq(BENEFICIARY.balance, 40 ether);
        assertEq(sponsor.getDeposit(), 60 ether);
    }

    function test_rotationMovesTheDepositToTheSuccessor() public {
        SponsorPaymaster next = _successor(sponsor.signerB(), makeAddr("third"), _operator, BENEFICIARY);
        vm.prank(_operator);
        sponsor.migrateTo(address(next), 70 ether);
        assertEq(next.getDeposit(), 70 ether);
        assertEq(sponsor.getDeposit(), 30 ether);
    }

    function test_aSuccessorMustKeepAKeyAndEveryoneElse() public {
        address kept = sponsor.signerA();
        address fresh = makeAddr("third");
        _expectBad(address(_successor(fresh, makeAddr("fourth"), _operator, BENEFICIARY)));
        _expectBad(address(_successor(kept, fresh, makeAddr("other operator"), BENEFICIARY)));
        _expectBad(address(_successor(kept, fresh, _operator, payable(makeAddr("other treasury")))));
        _expectBad(
            deployCode(
                "SponsorPaymaster",
                abi.encode(IEntryPoint(makeAddr("other entry point")), kept, fresh, _operator, BENEFICIARY)
            )
        );
        _expectBad(address(sponsor));
        _expectBad(fresh);
    }

    /// @dev The bound that the documentation names: an operator key is worth the deposit. Code checks on the successor
    /// would not change it, see {test_aGenuineSuccessorServesTheOperatorsKey}.
    function test_aStolenOperatorKeyIsWorthTheDeposit() public {
        LookalikePaymaster next = new LookalikePaymaster(sponsor);
        vm.prank(_operator);
        sponsor.migrateTo(address(next), 100 ether);
        next.take(payable(app), 100 ether);
        assertEq(app.balance, 100 ether);
        assertEq(sponsor.getDeposit(), 0);
    }

    /// @dev Rotation is the power to name a signer, and a signer spends the deposit on gas at a price of its own.
    function test_aGenuineSuccessorServesTheOperatorsKey() public {
        (address thief, uint256 thiefKey) = makeAddrAndKey("thief");
        SponsorPaymaster next = _successor(sponsor.signerA(), thief, _operator, BENEFICIARY);
        vm.prank(_operator);
        sponsor.migrateTo(address(next), 100 ether);

        sponsor = next;
        PackedUserOperation memory op = newOp(account, 0, address(0), claim(1));
        op.gasFees = bytes32((uint256(5_000 gwei) << 128) | 5_000 gwei);
        addSponsor(op);
        _sign(op, thiefKey);
        op.signature = signKey(ownerKey, entryPoint.getUserOpHash(op));
        PackedUserOperation[] memory ops = new PackedUserOperation[](1);
        ops[0] = op;
        entryPoint.handleOps(ops, payable(thief));
        assertGt(thief.balance, 1 ether);
        assertEq(thief.balance, 100 ether - next.getDeposit());
    }

    function testFuzz_onlyTheOperatorMovesMoney(address stranger) public {
        vm.assume(stranger != _operator);
        bytes memory refusal = abi.encodeWithSelector(ISponsorPaymaster.SponsorPaymasterNotOperator.selector, stranger);
        vm.startPrank(stranger);
        vm.expectRevert(refusal);
        sponsor.withdraw(1);
        vm.expectRevert(refusal);
        sponsor.migrateTo(stranger, 1);
        vm.expectRevert(refusal);
        sponsor.addStake(1);
        vm.expectRevert(refusal);
        sponsor.unlockStake();
        vm.expectRevert(refusal);
        sponsor.withdrawStake();
        vm.stopPrank();
    }

    function test_stakeComesBackToTheTreasury() public {
        vm.deal(_operator, 1 ether);
        vm.startPrank(_operator);
        sponsor.addStake{value: 1 ether}(1 days);
        sponsor.unlockStake();
        skip(1 days);
        sponsor.withdrawStake();
        vm.stopPrank();
        assertEq(BENEFICIARY.balance, 1 ether);
    }

    function test_unaskedEtherIsRefused() public {
        vm.deal(address(this), 1 ether);
        (bool success,) = address(sponsor).call{value: 1 ether}("");
        assertFalse(success);
    }

    function test_zeroAddressesAreRefused() public {
        vm.expectRevert(ISponsorPaymaster.SponsorPaymasterZeroAddress.selector);
        _successor(address(0), app, _operator, BENEFICIARY);
        vm.expectRevert(ISponsorPaymaster.SponsorPaymasterZeroAddress.selector);
        _successor(app, app, _operator, payable(address(0)));
    }

    function _sponsored() private view returns (PackedUserOperation memory op) {
        op = newOp(account, 0, address(0), claim(1));
        addSponsor(op);
        op.signature = signKey(ownerKey, entryPoint.getUserOpHash(op));
    }

    function _sign(PackedUserOperation memory op, uint256 key) private view {
        bytes memory signature = signRaw(key, ISponsorshipHash(address(sponsor)).sponsorshipHash(op));
        for (uint256 i; i < 65; ++i) op.paymasterAndData[80 + i] = signature[i];
    }

    function _validate(PackedUserOperation memory op) private returns (bytes memory, uint256) {
        vm.prank(address(entryPoint));
        return IValidatePaymaster(address(sponsor)).validatePaymasterUserOp(op, 0, 0);
    }

    function _setWindow(PackedUserOperation memory op, uint48 validAfter, uint48 validUntil) private pure {
        bytes memory window = abi.encodePacked(validAfter, validUntil);
        for (uint256 i; i < 12; ++i) op.paymasterAndData[68 + i] = window[i];
    }

    function _moveWindow(PackedUserOperation memory op, uint48 by) private pure {
        _setWindow(op, uint48(START) - 1 - by, uint48(START) + 600 + by);
    }

    function _expectWindow(uint48 validAfter, uint48 validUntil) private {
        PackedUserOperation memory op = _sponsored();
        _setWindow(op, validAfter, validUntil);
        vm.prank(address(entryPoint));
        vm.expectRevert(
            abi.encodeWithSelector(ISponsorPaymaster.SponsorPaymasterWindow.selector, validAfter, validUntil)
        );
        IValidatePaymaster(address(sponsor)).validatePaymasterUserOp(op, 0, 0);
    }

    function _flip(bytes memory data, uint256 position, uint256 noise) private pure {
        data[position] = bytes1(uint8(data[position]) ^ uint8(1 + noise % 255));
    }

    function _successor(address first, address second, address operator, address payable treasury)
        private
        returns (SponsorPaymaster)
    {
        return SponsorPaymaster(
            payable(
                deployCode(
                    "SponsorPaymaster", abi.encode(IEntryPoint(address(entryPoint)), first, second, operator, treasury)
                )
            )
        );
    }

    function _expectBad(address next) private {
        vm.prank(_operator);
        vm.expectRevert(abi.encodeWithSelector(ISponsorPaymaster.SponsorPaymasterBadSuccessor.selector, next));
        sponsor.migrateTo(next, 1);
    }

    function _typedDataHash(PackedUserOperation memory op, bytes32 delegateCodeHash) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("FabstirSponsorPaymaster"),
                keccak256("1"),
                block.chainid,
                sponsor
            )
        );
        bytes32 typeHash = keccak256(
            "SponsoredOperation(address entryPoint,address sender,uint256 nonce,bytes32 initCodeHash,bytes32 delegateCodeHash,bytes32 callDataHash,bytes32 accountGasLimits,uint256 preVerificationGas,bytes32 gasFees,bytes32 paymasterGasLimits,bytes16 policyHash,uint48 validAfter,uint48 validUntil)"
        );
        bytes memory head = abi.encode(
            typeHash, entryPoint, op.sender, op.nonce, keccak256(op.initCode), delegateCodeHash, keccak256(op.callData)
        );
        bytes memory tail = abi.encode(
            op.accountGasLimits,
            op.preVerificationGas,
            op.gasFees,
            bytes32(uint256(100_000) << 128),
            bytes16("policy"),
            uint48(START - 1),
            uint48(START + 600)
        );
        return keccak256(abi.encodePacked(hex"1901", domain, keccak256(abi.encodePacked(head, tail))));
    }
}
