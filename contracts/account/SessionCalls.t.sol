// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IEntryPoint as IEntryPoint08} from "@account-abstraction/contracts/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {IBaseAccountIntegration, Operation, SessionPolicy} from "../interfaces/IBaseAccountIntegration.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {AccountTestBase} from "./AccountTestBase.t.sol";

/// @notice Rule 5: which operations, calls and targets a session key may use, through `handleOps` of EntryPoint 0.8.
contract SessionCallsTest is AccountTestBase {
    function test_rule5_executeBatchAndClaimAreTheOtherForms() public {
        grantDefault();
        handle(
            sessionOp(
                abi.encodeCall(
                    account.executeBatch, (one(address(market), 0, abi.encodeCall(market.claimJob, (3))))
                )
            )
        );
        assertEq(market.lastJob(), 3);
        handle(sessionOp(abi.encodeCall(account.claimJobViaSessionKey, (address(account), 4))));
        assertEq(market.lastJob(), 4);
        assertEq(usesLeft(), 998);
    }

    function test_rule5_otherFunctionsAreRefused() public {
        grantDefault();
        expectForm(abi.encodeCall(account.revokeAllSessionKeys, ()));
        expectForm(abi.encodeCall(account.setOwner, (abi.encodePacked(app))));
        expectForm(abi.encodeCall(account.addSessionKey, (app, uint48(START + 2 days))));
        expectForm(abi.encodeCall(account.upgradeToAndCall, (app, "")));
        expectForm(abi.encodeCall(account.createJobViaAccount, ("m", 0, 1, 2)));
        expectForm(abi.encodePacked(account.executeUserOp.selector, claim(1)));
        expectForm("");
        expectForm(hex"e9ae5c");
        // Not 68 bytes.
        expectForm(bytes.concat(abi.encodeCall(account.claimJobViaSessionKey, (address(account), 4)), hex"00"));
    }

    function test_rule5_otherModesAndLooseEncodingsAreRefused() public {
        grantDefault();
        bytes memory calls = abi.encode(one(address(market), 0, abi.encodeCall(market.claimJob, (3))));
        expectForm(abi.encodeWithSignature("execute(bytes32,bytes)", bytes32(0), calls));
        expectForm(abi.encodeWithSignature("execute(bytes32,bytes)", BATCH | bytes32(uint256(1)), calls));
        expectForm(abi.encodeWithSignature("execute(bytes32,bytes)", bytes32(uint256(0xff) << 248), calls));
        bytes4 execute = bytes4(keccak256("execute(bytes32,bytes)"));
        // executionData is not where the canonical form has it, or longer than the call data.
        expectForm(abi.encodePacked(execute, BATCH, uint256(96), uint256(0), calls.length, calls));
        expectForm(abi.encodePacked(execute, BATCH, uint256(64), calls.length + 1, calls));
    }

    function test_rule5_theWalletMustBeThisAccount() public {
        grantDefault();
        PackedUserOperation memory op = sessionOp(abi.encodeCall(account.claimJobViaSessionKey, (owner, 4)));
        expectAA23(abi.encodeWithSelector(IBaseAccountIntegration.WalletMismatch.selector, owner));
        handle(op);
    }

    /// @dev An element that points before the encoding reads the operation's other fields in validation and zeros,
    /// that is the account itself, in execution.
    function test_rule5_callsThatPointOutsideOfTheBatchAreRefused() public {
        grantDefault();
        uint256[5] memory offsets =
            [type(uint256).max - 31, type(uint256).max - 255, uint256(0x40), uint256(0x1000), type(uint256).max];
        for (uint256 i; i < offsets.length; ++i) {
            bytes memory batch = abi.encodePacked(uint256(0x20), uint256(1), offsets[i], uint256(0));
            PackedUserOperation memory op =
                sessionOp(abi.encodeWithSignature("execute(bytes32,bytes)", BATCH, batch));
            PackedUserOperation[] memory ops = new PackedUserOperation[](1);
            ops[0] = op;
            vm.expectPartialRevert(IEntryPoint08.FailedOpWithRevert.selector);
            entryPoint.handleOps(ops, BENEFICIARY);
        }
    }

    /// @dev Two granted calls, behind them in the same bytes two that are not. Every word of the encoding is replaced
    /// by every kind of number: what validation accepts makes the account call nothing but the granted function.
    function test_rule5_whatIsCheckedIsWhatRuns() public {
        SessionPolicy memory policy = spendingPolicy();
        policy.uses = type(uint24).max;
        grant(policy);
        bytes memory batch = _batchWithHiddenCalls();
        uint256[] memory numbers = _numbers();
        uint256 accepted;
        uint256 refused;
        for (uint256 position = 32; position <= batch.length; position += 32) {
            uint256 original = _word(batch, position);
            for (uint256 i; i < numbers.length; ++i) {
                _setWord(batch, position, numbers[i]);
                if (_runsAsChecked(batch)) ++accepted;
                else ++refused;
            }
            _setWord(batch, position, original);
        }
        // Overlaps and unused parts are harmless, what points elsewhere is refused: both happen here.
        assertGt(accepted, 500);
        assertGt(refused, 500);
    }

    function test_rule5_forbiddenTargetsAreNotGrantable() public {
        address[8] memory targets = [
            address(0),
            address(account),
            address(entryPoint),
            0x5FF137D4b0FDCD49DcA30c7CF57E578a026d2789,
            0x0000000071727De22E5E9d8BAf0edAc6f37da032,
            0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108,
            0x433709009B8330FDa32311DF1C2AFA402eD8D009,
            address(sponsor)
        ];
        for (uint256 i; i < targets.length; ++i) {
            SessionPolicy memory policy = spendingPolicy();
            policy.limits[0].token = targets[i];
            policy.calls[0].target = targets[i];
            expectInvalid(policy, "calls.target", uint160(targets[i]), 0);
        }
    }

    function test_rule5_functionsThatCannotBeDecodedAreNotGrantable() public {
        bytes4[7] memory ofToken = [
            bytes4(0),
            bytes4(keccak256("permit(address,address,uint256,uint256,uint8,bytes32,bytes32)")),
            bytes4(keccak256("transferAndCall(address,uint256)")),
            bytes4(keccak256("execute(bytes32,bytes)")),
            bytes4(keccak256("executeBatch((address,uint256,bytes)[])")),
            bytes4(keccak256("createAccount(bytes,uint256)")),
            bytes4(keccak256("transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)"))
        ];
        for (uint256 i; i < ofToken.length; ++i) {
            expectUngrantable(address(token), ofToken[i]);
        }
        expectUngrantable(address(market), bytes4(keccak256("initialize(address)")));
        expectUngrantable(address(market), bytes4(keccak256("createSessionFromDeposit(uint256)")));
        // Whoever co-signs by default bills every session that the owner opens later, beyond any limit of a key.
        expectUngrantable(address(market), ISessionJobs.setDefaultCoSigner.selector);
        expectUngrantable(registry, INodeRegistry.registerNode.selector);
        expectUngrantable(registry, INodeRegistry.stake.selector);
        // A token without a limit, and any other contract.
        expectUngrantable(makeAddr("other token"), token.transfer.selector);
        expectUngrantable(makeAddr("router"), bytes4(keccak256("swap(uint256)")));
    }

    /// @return Whether validation accepts a batch with these bytes.
    function _runsAsChecked(bytes memory batch) private returns (bool) {
        PackedUserOperation memory op = newOp(account, 1, app, abi.encodeWithSignature("execute(bytes32,bytes)", BATCH, batch));
        op.paymasterAndData = abi.encodePacked(sponsor);
        (bool success,) = validate(op);
        if (!success) return false;

        uint256 before = market.calls();
        vm.prank(address(entryPoint));
        // The marketplace refuses arguments that were cut short.
        (success,) = address(account).call(abi.encodeCall(account.execute, (BATCH, batch)));
        if (success) assertEq(market.calls() - before, _word(batch, 32 + _word(batch, 32)));
        vm.prank(address(entryPoint));
        (success,) = address(account).call(abi.encodePacked(account.executeBatch.selector, batch));
        assertEq(account.owner(), abi.encodePacked(owner));
        assertEq(token.balanceOf(app), 0);
        return true;
    }

    function _batchWithHiddenCalls() private view returns (bytes memory batch) {
        Operation[] memory calls = new Operation[](4);
        calls[0] = Operation(address(market), 0, abi.encodeCall(market.claimJob, (1)));
        calls[1] = Operation(address(market), 0, abi.encodeCall(market.claimJob, (2)));
        calls[2] = Operation(address(account), 0, abi.encodeCall(account.setOwner, (abi.encodePacked(app))));
        calls[3] = Operation(address(token), 0, abi.encodeCall(token.transfer, (app, 5)));
        batch = abi.encode(calls);
        _setWord(batch, 64, 2);
    }

    function _numbers() private view returns (uint256[] memory numbers) {
        numbers = new uint256[](48);
        for (uint256 i; i < 34; ++i) numbers[i] = i * 32;
        uint256[14] memory others = [
            1,
            2,
            3,
            4,
            5,
            36,
            type(uint256).max,
            type(uint256).max - 31,
            type(uint256).max - 95,
            1 << 64,
            1 << 160,
            1 << 255,
            uint256(uint160(address(account))),
            uint256(uint160(address(market)))
        ];
        for (uint256 i; i < others.length; ++i) numbers[34 + i] = others[i];
    }

    /// @param position Bytes, 32 for the first word of `data`.
    function _word(bytes memory data, uint256 position) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(data, position))
        }
    }

    function _setWord(bytes memory data, uint256 position, uint256 word) private pure {
        assembly ("memory-safe") {
            mstore(add(data, position), word)
        }
    }
}
