// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EntryPoint} from "@account-abstraction/contracts/core/EntryPoint.sol";
import {IAccount} from "@account-abstraction/contracts/interfaces/IAccount.sol";
import {IEntryPoint as IEntryPoint08} from "@account-abstraction/contracts/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {
    CallPermission,
    IBaseAccountIntegration,
    Operation,
    SessionPolicy,
    TokenLimit
} from "../interfaces/IBaseAccountIntegration.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {Test} from "../mocks/Test.sol";
import {SponsorPaymaster} from "../paymaster/SponsorPaymaster.sol";
import {FabstirAccount} from "./FabstirAccount.sol";
import {FabstirAccountFactory} from "./FabstirAccountFactory.sol";
import {MarketplaceRecorder, TestToken} from "./MarketplaceRecorder.t.sol";

/// @dev {SponsorPaymaster-sponsorshipHash} over the EntryPoint package's struct of the same shape.
interface ISponsorshipHash {
    function sponsorshipHash(PackedUserOperation calldata userOp) external view returns (bytes32);
}

/// @notice One account behind the factory's proxy, its owner, a session key and a sponsor on EntryPoint 0.8.
abstract contract AccountTestBase is Test {
    uint256 internal constant START = 1_800_000_000;
    bytes32 internal constant BATCH = bytes32(uint256(1) << 248);
    address payable internal constant BENEFICIARY = payable(address(0xbe4ef1c1a27));

    EntryPoint internal entryPoint;
    MarketplaceRecorder internal market;
    address internal registry;
    SponsorPaymaster internal sponsor;
    FabstirAccountFactory internal factory;
    FabstirAccount internal account;
    TestToken internal token;

    address internal owner;
    uint256 internal ownerKey;
    address internal app;
    uint256 internal appKey;
    uint256 internal sponsorKey;

    function setUp() public virtual {
        vm.warp(START);
        entryPoint = EntryPoint(payable(deployCode("TestEntryPoint")));
        (owner, ownerKey) = makeAddrAndKey("owner");
        (app, appKey) = makeAddrAndKey("app");
        address signer;
        (signer, sponsorKey) = makeAddrAndKey("sponsor");
        registry = makeAddr("registry");

        bytes memory terms = abi.encode(
            entryPoint, signer, makeAddr("second signer"), makeAddr("operator"), BENEFICIARY
        );
        sponsor = SponsorPaymaster(payable(deployCode("SponsorPaymaster", terms)));
        sponsor.deposit{value: 100 ether}();
        market = new MarketplaceRecorder(address(sponsor));
        address implementation = deployCode("FabstirAccount", abi.encode(entryPoint, market, registry));
        factory = FabstirAccountFactory(deployCode("FabstirAccountFactory", abi.encode(implementation)));
        account = FabstirAccount(payable(factory.createAccount(abi.encodePacked(owner), 0)));
        token = new TestToken(address(account));
        vm.deal(address(account), 100 ether);
    }

    // Operations

    function newOp(FabstirAccount sender, uint256 nonceKind, address keyId, bytes memory callData)
        internal
        view
        returns (PackedUserOperation memory op)
    {
        uint192 nonceKey = (uint192(nonceKind) << 184) | uint160(keyId);
        op.sender = address(sender);
        op.nonce = entryPoint.getNonce(address(sender), nonceKey);
        op.callData = callData;
        op.accountGasLimits = bytes32((uint256(2_000_000) << 128) | 2_000_000);
        op.preVerificationGas = 50_000;
        op.gasFees = bytes32((uint256(1 gwei) << 128) | 1 gwei);
    }

    function ownerOp(bytes memory callData) internal view returns (PackedUserOperation memory op) {
        op = newOp(account, 0, address(0), callData);
        op.signature = signKey(ownerKey, entryPoint.getUserOpHash(op));
    }

    /// @dev Paid by the sponsor and signed by the app's key.
    function sessionOp(bytes memory callData) internal view returns (PackedUserOperation memory op) {
        op = newOp(account, 1, app, callData);
        addSponsor(op);
        op.signature = signKey(appKey, entryPoint.getUserOpHash(op));
    }

    function addSponsor(PackedUserOperation memory op) internal view {
        bytes memory head = abi.encodePacked(
            sponsor, uint128(100_000), uint128(0), bytes16("policy"), uint48(block.timestamp - 1), uint48(block.timestamp + 600)
        );
        op.paymasterAndData = abi.encodePacked(head, new bytes(65));
        bytes32 digest = ISponsorshipHash(address(sponsor)).sponsorshipHash(op);
        op.paymasterAndData = abi.encodePacked(head, signRaw(sponsorKey, digest));
    }

    function handle(PackedUserOperation memory op) internal {
        PackedUserOperation[] memory ops = new PackedUserOperation[](1);
        ops[0] = op;
        entryPoint.handleOps(ops, BENEFICIARY);
    }

    /// @dev Expects validation to revert with `inner`.
    function expectAA23(bytes memory inner) internal {
        vm.expectRevert(abi.encodeWithSelector(IEntryPoint08.FailedOpWithRevert.selector, 0, "AA23 reverted", inner));
    }

    function expectFailedOp(string memory reason) internal {
        vm.expectRevert(abi.encodeWithSelector(IEntryPoint08.FailedOp.selector, 0, reason));
    }

    // Signatures

    function signRaw(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function signKey(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        return abi.encodePacked(uint8(0), signRaw(key, digest));
    }

    // Calls

    function executeCalls(Operation[] memory calls) internal pure returns (bytes memory) {
        return abi.encodeWithSignature("execute(bytes32,bytes)", BATCH, abi.encode(calls));
    }

    function executeCall(address target, uint256 value, bytes memory data) internal pure returns (bytes memory) {
        return executeCalls(one(target, value, data));
    }

    function one(address target, uint256 value, bytes memory data) internal pure returns (Operation[] memory calls) {
        calls = new Operation[](1);
        calls[0] = Operation(target, value, data);
    }

    function two(Operation memory first, Operation memory second) internal pure returns (Operation[] memory calls) {
        calls = new Operation[](2);
        (calls[0], calls[1]) = (first, second);
    }

    function claim(uint256 jobId) internal view returns (bytes memory) {
        return executeCall(address(market), 0, abi.encodeCall(MarketplaceRecorder.claimJob, (jobId)));
    }

    function approve(uint256 amount) internal view returns (Operation memory) {
        return Operation(address(token), 0, abi.encodeCall(IERC20.approve, (address(market), amount)));
    }

    function create(uint256 amount) internal view returns (Operation memory) {
        return Operation(
            address(market),
            0,
            abi.encodeCall(
                ISessionJobs.createSessionJobWithToken, (address(0x4057), address(token), amount, 1, 1 days, 100)
            )
        );
    }

    // Grants

    /// @dev Approve and create with `token`, 100 a call and 250 in total, paid by the sponsor, ten uses.
    function spendingPolicy() internal view returns (SessionPolicy memory policy) {
        policy.key = app;
        policy.validUntil = uint48(START + 1 days);
        policy.uses = 10;
        policy.calls = new CallPermission[](3);
        policy.calls[0] = CallPermission(address(token), IERC20.approve.selector);
        policy.calls[1] = CallPermission(address(market), ISessionJobs.createSessionJobWithToken.selector);
        policy.calls[2] = CallPermission(address(market), ISingleJobs.claimJob.selector);
        policy.limits = new TokenLimit[](1);
        policy.limits[0] = TokenLimit(address(token), 100, 250);
        policy.payers = new address[](1);
        policy.payers[0] = address(sponsor);
    }

    function grant(SessionPolicy memory policy) internal {
        vm.prank(owner);
        account.addSessionKeyWithPolicy(policy);
    }

    function grantDefault() internal {
        vm.prank(owner);
        account.addSessionKey(app, uint48(START + 1 days));
    }

    function usesLeft() internal view returns (uint32 left) {
        (,,, left) = account.getSessionKey(app);
    }

    // Refusals

    function expectRefused(address target, bytes memory data, bytes4 selector) internal {
        PackedUserOperation memory op = sessionOp(executeCall(target, 0, data));
        expectAA23(
            abi.encodeWithSelector(IBaseAccountIntegration.SessionCallNotAllowed.selector, app, target, selector)
        );
        handle(op);
    }

    function expectForm(bytes memory callData) internal {
        PackedUserOperation memory op = sessionOp(callData);
        expectAA23(
            abi.encodeWithSelector(
                IBaseAccountIntegration.SessionCallDataNotAllowed.selector,
                callData.length < 4 ? bytes4(0) : bytes4(callData)
            )
        );
        handle(op);
    }

    function expectInactive() internal {
        PackedUserOperation memory op = sessionOp(claim(1));
        expectAA23(abi.encodeWithSelector(IBaseAccountIntegration.SessionKeyNotActive.selector, app));
        handle(op);
    }

    function expectInvalid(SessionPolicy memory policy, string memory field, uint256 value, uint256 limit) internal {
        vm.prank(owner);
        vm.expectRevert(
            abi.encodeWithSelector(IBaseAccountIntegration.SessionPolicyInvalid.selector, field, value, limit)
        );
        account.addSessionKeyWithPolicy(policy);
    }

    function expectUngrantable(address target, bytes4 selector) internal {
        SessionPolicy memory policy = spendingPolicy();
        policy.calls[0] = CallPermission(target, selector);
        expectInvalid(policy, "calls.selector", uint32(selector), 0);
    }

    function assertUntouched(address target) internal {
        (bytes32[] memory reads, bytes32[] memory writes) = vm.accesses(target);
        assertEq(reads.length, 0);
        assertEq(writes.length, 0);
    }

    /// @dev {IAccount-validateUserOp} as the EntryPoint calls it.
    function validate(PackedUserOperation memory op) internal returns (bool success, bytes memory returned) {
        bytes memory data = abi.encodeCall(IAccount.validateUserOp, (op, entryPoint.getUserOpHash(op), 0));
        vm.prank(address(entryPoint));
        return op.sender.call(data);
    }
}
