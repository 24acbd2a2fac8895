// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {
    ArgumentPin,
    CallPermission,
    IBaseAccountIntegration,
    Operation,
    SessionPolicy,
    TokenLimit
} from "../interfaces/IBaseAccountIntegration.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {AccountTestBase, MarketplaceRecorder} from "./AccountTestBase.t.sol";
import {SpendDecoder} from "./session/SpendDecoder.sol";

/// @notice Rule 6 and the argument pins: what a key may move.
contract SessionSpendingTest is AccountTestBase {
    address private _friend;

    function setUp() public override {
        super.setUp();
        _friend = makeAddr("friend");
    }

    function test_rule6_approveAndCreateIsBookedOnce() public {
        grant(spendingPolicy());
        handle(sessionOp(executeCalls(two(approve(100), create(100)))));
        assertEq(token.balanceOf(address(market)), 100);
        assertEq(token.allowance(address(account), address(market)), 0);
        _assertLeft(address(token), 150);
    }

    function test_rule6_anOldAllowanceDoesNotWidenTheGrant() public {
        vm.prank(address(account));
        token.approve(address(market), type(uint256).max);
        grant(spendingPolicy());
        _expectLimit(executeCalls(_many(create(101), 1)), 101, 100);
        handle(sessionOp(executeCalls(two(create(100), create(100)))));
        _expectLimit(executeCalls(_many(create(51), 1)), 51, 50);
        handle(sessionOp(executeCalls(_many(create(50), 1))));
        assertEq(token.balanceOf(address(market)), 250);
    }

    function test_rule6_theTotalHoldsAcrossOneBatch() public {
        vm.prank(address(account));
        token.approve(address(market), type(uint256).max);
        grant(spendingPolicy());
        _expectLimit(executeCalls(_many(create(100), 3)), 100, 50);
        assertEq(usesLeft(), 10);
    }

    function test_rule6_anApprovalWithoutItsPullIsRefused() public {
        grant(spendingPolicy());
        _expectApproval(executeCalls(_many(approve(10), 1)), 10, 0);
    }

    function test_rule6_anApprovalAfterThePullIsRefused() public {
        grant(spendingPolicy());
        _expectApproval(executeCalls(two(create(10), approve(10))), 10, 0);
    }

    function test_rule6_anApprovalForMoreThanThePullIsRefused() public {
        grant(spendingPolicy());
        _expectApproval(executeCalls(two(approve(11), create(10))), 11, 10);
        _expectApproval(executeCalls(two(approve(9), create(10))), 9, 10);
    }

    function test_rule6_anApprovalToAnyoneElseIsRefused() public {
        grant(spendingPolicy());
        Operation memory approval = approve(10);
        approval.data = abi.encodeCall(IERC20.approve, (_friend, 10));
        _expectPin(approval, bytes32(uint256(uint160(_friend))), 0);
        // Old tokens cut off what stands above the address.
        uint256 dirty = uint256(uint160(address(market))) | (uint256(1) << 200);
        approval.data = abi.encodeWithSelector(IERC20.approve.selector, dirty, 10);
        _expectPin(approval, bytes32(dirty), 0);
    }

    function test_rule6_twoOpenApprovalsAreRefused() public {
        grant(spendingPolicy());
        Operation[] memory calls = new Operation[](3);
        (calls[0], calls[1], calls[2]) = (approve(10), approve(10), create(10));
        PackedUserOperation memory op = sessionOp(executeCalls(calls));
        expectAA23(_pinError(calls[1], bytes32(uint256(uint160(address(market)))), 0));
        handle(op);
    }

    function test_rule6_increaseAllowanceIsAnApproval() public {
        SessionPolicy memory policy = spendingPolicy();
        policy.calls[0].selector = token.increaseAllowance.selector;
        grant(policy);
        Operation memory approval = approve(10);
        approval.data = abi.encodeCall(token.increaseAllowance, (address(market), 10));
        handle(sessionOp(executeCalls(two(approval, create(10)))));
        _assertLeft(address(token), 240);
        _expectApproval(executeCalls(_many(approval, 1)), 10, 0);
    }

    function test_rule6_everyPullIsDecoded() public {
        vm.prank(address(account));
        token.approve(address(market), type(uint256).max);
        SessionPolicy memory policy = spendingPolicy();
        policy.calls[0] = CallPermission(address(market), ISessionJobs.createSession.selector);
        policy.calls[2] = CallPermission(address(market), ISingleJobs.postJobWithToken.selector);
        grant(policy);

        ISessionJobs.SessionParams memory params =
            ISessionJobs.SessionParams(
                _friend, address(token), 40, 1, 1 days, 100, address(0), 0, ISessionJobs.ProofMode.CoSigned
            );
        bytes memory data = abi.encodeCall(ISessionJobs.createSession, (params));
        handle(sessionOp(executeCall(address(market), 0, data)));
        _assertLeft(address(token), 210);

        ISingleJobs.JobDetails memory details = ISingleJobs.JobDetails("m", "p", 1, 2, 3, "f");
        ISingleJobs.JobRequirements memory needs = ISingleJobs.JobRequirements(1, 2, 3, false);
        data = abi.encodeCall(ISingleJobs.postJobWithToken, (details, needs, address(token), 30));
        handle(sessionOp(executeCall(address(market), 0, data)));
        _assertLeft(address(token), 180);
        assertEq(token.balanceOf(address(market)), 70);
    }

    function test_rule6_etherIsATokenOfItsOwn() public {
        SessionPolicy memory policy = spendingPolicy();
        policy.limits = new TokenLimit[](2);
        policy.limits[0] = TokenLimit(address(token), 100, 250);
        policy.limits[1] = TokenLimit(address(0), 1 ether, 1.5 ether);
        policy.calls[1] = CallPermission(address(market), ISessionJobs.createSessionJob.selector);
        grant(policy);
        bytes memory data = abi.encodeCall(ISessionJobs.createSessionJob, (_friend, 1 ether, 1, 1 days, 100));
        handle(sessionOp(executeCall(address(market), 1 ether, data)));
        assertEq(address(market).balance, 1 ether);
        _assertLeft(address(0), 0.5 ether);
        PackedUserOperation memory op = sessionOp(executeCall(address(market), 1 ether, data));
        expectAA23(_limitError(address(0), 1 ether, 0.5 ether));
        handle(op);
    }

    function test_rule6_aKeyWithoutEtherLimitSendsNone() public {
        grant(spendingPolicy());
        PackedUserOperation memory op =
            sessionOp(executeCall(address(market), 1, abi.encodeCall(MarketplaceRecorder.claimJob, (1))));
        expectAA23(_limitError(address(0), 1, 0));
        handle(op);
    }

    function test_rule6_anotherTokenIsRefused() public {
        grant(spendingPolicy());
        Operation memory call = create(1);
        call.data = abi.encodeCall(
            ISessionJobs.createSessionJobWithToken, (_friend, address(0xdead), 1, 1, 1 days, 100)
        );
        PackedUserOperation memory op = sessionOp(executeCalls(_many(call, 1)));
        expectAA23(_limitError(address(0xdead), 1, 0));
        handle(op);
    }

    function test_rule6_aCallThatIsTooShortIsRefused() public {
        grant(spendingPolicy());
        Operation memory call = create(1);
        call.data = abi.encodePacked(bytes4(call.data), uint256(1), uint256(uint160(address(token))));
        PackedUserOperation memory op = sessionOp(executeCalls(_many(call, 1)));
        expectAA23(
            abi.encodeWithSelector(SpendDecoder.SpendArgumentMissing.selector, bytes4(call.data), 2)
        );
        handle(op);
    }

    // Recipients

    function test_transferNeedsAListOfRecipients() public {
        SessionPolicy memory policy = spendingPolicy();
        policy.calls[0].selector = token.transfer.selector;
        _expectRecipient(policy, token.transfer.selector, 0);
        policy.calls[0].selector = token.transferFrom.selector;
        _expectRecipient(policy, token.transferFrom.selector, 1);
    }

    function test_transferGoesToTheListedOnly() public {
        SessionPolicy memory policy = spendingPolicy();
        policy.calls[0].selector = token.transfer.selector;
        policy.pins = _pin(address(token), token.transfer.selector, 0, bytes32(uint256(uint160(_friend))));
        grant(policy);
        Operation memory call = approve(0);
        call.data = abi.encodeCall(IERC20.transfer, (_friend, 60));
        handle(sessionOp(executeCalls(_many(call, 1))));
        assertEq(token.balanceOf(_friend), 60);
        _assertLeft(address(token), 190);

        call.data = abi.encodeCall(IERC20.transfer, (app, 60));
        _expectPin(call, bytes32(uint256(uint160(app))), 0);
        uint256 dirty = uint256(uint160(_friend)) | (uint256(1) << 160);
        call.data = abi.encodeWithSelector(IERC20.transfer.selector, dirty, 60);
        _expectPin(call, bytes32(dirty), 0);
    }

    function test_transferFromIsBookedToo() public {
        vm.prank(address(account));
        token.approve(address(account), 100);
        SessionPolicy memory policy = spendingPolicy();
        policy.calls[0].selector = token.transferFrom.selector;
        policy.pins = _pin(address(token), token.transferFrom.selector, 1, bytes32(uint256(uint160(_friend))));
        grant(policy);
        Operation memory call = approve(0);
        call.data = abi.encodeCall(IERC20.transferFrom, (address(account), _friend, 60));
        handle(sessionOp(executeCalls(_many(call, 1))));
        assertEq(token.balanceOf(_friend), 60);
        _assertLeft(address(token), 190);
    }

    function test_withdrawingGoesToTheAccountOnly() public {
        bytes4 selector = bytes4(keccak256("withdraw(address,address)"));
        SessionPolicy memory policy = spendingPolicy();
        policy.calls[0] = CallPermission(address(market), selector);
        _expectRecipient(policy, selector, 1);
        policy.pins = _pin(address(market), selector, 1, bytes32(uint256(uint160(app))));
        _expectRecipient(policy, selector, 1);
        policy.pins[0].allowed = new bytes32[](2);
        policy.pins[0].allowed[0] = bytes32(uint256(uint160(address(account))));
        policy.pins[0].allowed[1] = bytes32(uint256(uint160(app)));
        _expectRecipient(policy, selector, 1);
        // A second pin of the same argument would widen the first.
        policy.pins = new ArgumentPin[](2);
        policy.pins[0] = _pin(address(market), selector, 1, bytes32(uint256(uint160(address(account)))))[0];
        policy.pins[1] = _pin(address(market), selector, 1, bytes32(uint256(uint160(app))))[0];
        _expectRecipient(policy, selector, 1);
        (policy.pins[0], policy.pins[1]) = (policy.pins[1], policy.pins[0]);
        _expectRecipient(policy, selector, 1);

        policy.pins = _pin(address(market), selector, 1, bytes32(uint256(uint160(address(account)))));
        grant(policy);
        handle(
            sessionOp(
                executeCall(
                    address(market), 0, abi.encodeWithSelector(selector, address(0), address(account))
                )
            )
        );
        assertEq(market.caller(), address(account));
    }

    function test_pinsHoldForEveryArgument() public {
        SessionPolicy memory policy = spendingPolicy();
        policy.pins = new ArgumentPin[](2);
        bytes4 selector = ISessionJobs.createSessionJobWithToken.selector;
        policy.pins[0] = _pin(address(market), selector, 0, bytes32(uint256(0x4057)))[0];
        policy.pins[1] = _pin(address(market), selector, 5, bytes32(uint256(101)))[0];
        grant(policy);
        PackedUserOperation memory op = sessionOp(executeCalls(two(approve(10), create(10))));
        expectAA23(_pinError(create(10), bytes32(uint256(100)), 5));
        handle(op);
    }

    // Invariant I7

    /// @dev Random batches, some of which validation refuses and some of which revert: what left the account is
    /// never more than the grant, and what the counters say is left never grows.
    function testFuzz_I7_outflowNeverExceedsTheGrant(uint256[8] memory seeds, uint128 perCall, uint128 total) public {
        perCall = uint128(bound(perCall, 1, 1_000));
        total = uint128(bound(total, 1, 3_000));
        SessionPolicy memory policy = spendingPolicy();
        policy.limits[0] = TokenLimit(address(token), perCall, total);
        policy.calls[2] = CallPermission(address(token), token.transfer.selector);
        policy.pins = _pin(address(token), token.transfer.selector, 0, bytes32(uint256(uint160(_friend))));
        grant(policy);
        vm.prank(address(account));
        token.approve(address(market), 5_000);

        uint256 start = token.balanceOf(address(account));
        uint256 left = total;
        for (uint256 i; i < seeds.length; ++i) {
            market.breakDown(seeds[i] % 5 == 0);
            PackedUserOperation[] memory ops = new PackedUserOperation[](1);
            ops[0] = sessionOp(executeCalls(_batch(seeds[i], perCall)));
            try entryPoint.handleOps(ops, BENEFICIARY) {} catch {}

            (uint256 nowLeft,) = account.getSessionLimit(app, address(token));
            assertLe(nowLeft, left, "left grew");
            left = nowLeft;
            assertLe(start - token.balanceOf(address(account)), total - left, "moved more than booked");
        }
    }

    function _batch(uint256 seed, uint256 perCall) private view returns (Operation[] memory calls) {
        calls = new Operation[](1 + seed % 4);
        for (uint256 i; i < calls.length; ++i) {
            uint256 roll = uint256(keccak256(abi.encode(seed, i)));
            uint256 amount = (roll >> 8) % (perCall + perCall / 8 + 1);
            if (roll % 4 == 0) calls[i] = Operation(address(token), 0, abi.encodeCall(IERC20.transfer, (_friend, amount)));
            else if (roll % 4 == 1) calls[i] = create(amount);
            else if (i + 1 < calls.length) (calls[i], calls[i + 1]) = (approve(amount), create(amount));
            else calls[i] = create(amount);
            if (roll % 4 > 1 && i + 1 < calls.length) ++i;
        }
    }

    function _many(Operation memory call, uint256 count) private pure returns (Operation[] memory calls) {
        calls = new Operation[](count);
        for (uint256 i; i < count; ++i) calls[i] = call;
    }

    function _pin(address target, bytes4 selector, uint8 index, bytes32 value)
        private
        pure
        returns (ArgumentPin[] memory pins)
    {
        bytes32[] memory allowed = new bytes32[](1);
        allowed[0] = value;
        pins = new ArgumentPin[](1);
        pins[0] = ArgumentPin(target, selector, index, allowed);
    }

    function _assertLeft(address token_, uint256 expected) private view {
        (uint256 left,) = account.getSessionLimit(app, token_);
        assertEq(left, expected);
    }

    function _limitError(address token_, uint256 asked, uint256 left) private view returns (bytes memory) {
        return abi.encodeWithSelector(
            IBaseAccountIntegration.SessionSpendLimitExceeded.selector, app, token_, asked, left
        );
    }

    function _pinError(Operation memory call, bytes32 value, uint256 index) private view returns (bytes memory) {
        return abi.encodeWithSelector(
            IBaseAccountIntegration.SessionArgumentNotAllowed.selector, app, call.target, bytes4(call.data), index, value
        );
    }

    function _expectLimit(bytes memory callData, uint256 asked, uint256 left) private {
        PackedUserOperation memory op = sessionOp(callData);
        expectAA23(_limitError(address(token), asked, left));
        handle(op);
    }

    function _expectApproval(bytes memory callData, uint256 approved, uint256 pulled) private {
        _expectLimit(callData, approved, pulled);
    }

    function _expectPin(Operation memory call, bytes32 value, uint256 index) private {
        PackedUserOperation memory op = sessionOp(executeCalls(_many(call, 1)));
        expectAA23(_pinError(call, value, index));
        handle(op);
    }

    function _expectRecipient(SessionPolicy memory policy, bytes4 selector, uint256 index) private {
        vm.prank(owner);
        vm.expectRevert(
            abi.encodeWithSelector(
                IBaseAccountIntegration.SessionPolicyInvalid.selector, "pins.required", uint32(selector), index
            )
        );
        account.addSessionKeyWithPolicy(policy);
    }
}
