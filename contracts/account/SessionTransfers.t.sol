// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {
    ArgumentPin,
    CallPermission,
    IBaseAccountIntegration,
    SessionPolicy
} from "../interfaces/IBaseAccountIntegration.sol";
import {AccountTestBase} from "./AccountTestBase.t.sol";

/// Transfers are permitted in the word of their recipient: what that word lets through, and what it does not.
contract SessionTransfersTest is AccountTestBase {
    address private immutable _friend = makeAddr("friend");

    function test_aPinnedRecipientAloneIsNoPermission() public {
        SessionPolicy memory policy = _policy(IERC20.transfer.selector, 0);
        policy.calls[0].selector = IERC20.approve.selector;
        grant(policy);
        _expectRefused(abi.encodeCall(IERC20.transfer, (_friend, 1)), 0, _friend);
    }

    function test_aRecipientOfTransferIsNoneOfTransferFrom() public {
        vm.prank(address(account));
        token.approve(address(account), 100);
        grant(_policy(IERC20.transfer.selector, 0));
        _expectRefused(abi.encodeCall(IERC20.transferFrom, (address(account), _friend, 1)), 1, _friend);
        grant(_policy(IERC20.transferFrom.selector, 1));
        _expectRefused(abi.encodeCall(IERC20.transfer, (_friend, 1)), 0, _friend);
    }

    function test_whatElseIsPinnedStaysPinned() public {
        SessionPolicy memory policy = _policy(IERC20.transfer.selector, 0);
        ArgumentPin[] memory pins = new ArgumentPin[](2);
        pins[0] = policy.pins[0];
        pins[1] = _pin(IERC20.transfer.selector, 1, bytes32(uint256(60)));
        policy.pins = pins;
        grant(policy);
        _transfer(_friend, 60);
        assertEq(token.balanceOf(_friend), 60);

        bytes memory data = abi.encodeCall(IERC20.transfer, (_friend, 61));
        _expectArgument(data, 1, bytes32(uint256(61)));
        // The amount that is allowed is no recipient that is allowed.
        data = abi.encodeCall(IERC20.transfer, (address(60), 60));
        _expectArgument(data, 0, bytes32(uint256(60)));
    }

    function test_everyListedRecipientIsServedAndNobodyElse() public {
        SessionPolicy memory policy = _policy(IERC20.transfer.selector, 0);
        policy.pins[0].allowed = new bytes32[](2);
        policy.pins[0].allowed[0] = _word(_friend);
        policy.pins[0].allowed[1] = _word(BENEFICIARY);
        grant(policy);
        _transfer(_friend, 10);
        _transfer(BENEFICIARY, 20);
        assertEq(token.balanceOf(_friend), 10);
        assertEq(token.balanceOf(BENEFICIARY), 20);
        _expectRefused(abi.encodeCall(IERC20.transfer, (app, 1)), 0, app);
    }

    function test_recipientsEndWithTheirGrant() public {
        grant(_policy(IERC20.transfer.selector, 0));
        _transfer(_friend, 10);
        grant(spendingPolicy());
        _expectRefused(abi.encodeCall(IERC20.transfer, (_friend, 1)), 0, _friend);
    }

    function test_aTransferIsBookedOnItsTokenOnly() public {
        grant(_policy(IERC20.transfer.selector, 0));
        _transfer(_friend, 60);
        (uint256 left,) = account.getSessionLimit(app, address(token));
        assertEq(left, 190);
        (left,) = account.getSessionLimit(app, address(0));
        assertEq(left, 0);
    }

    /// @dev {spendingPolicy} with a transfer to `_friend` in the place of its approval.
    function _policy(bytes4 selector, uint8 index) private view returns (SessionPolicy memory policy) {
        policy = spendingPolicy();
        policy.calls[0] = CallPermission(address(token), selector);
        policy.pins = new ArgumentPin[](1);
        policy.pins[0] = _pin(selector, index, _word(_friend));
    }

    function _pin(bytes4 selector, uint8 index, bytes32 value) private view returns (ArgumentPin memory pin) {
        pin = ArgumentPin(address(token), selector, index, new bytes32[](1));
        pin.allowed[0] = value;
    }

    function _transfer(address to, uint256 amount) private {
        handle(sessionOp(executeCall(address(token), 0, abi.encodeCall(IERC20.transfer, (to, amount)))));
    }

    function _expectRefused(bytes memory data, uint256 index, address to) private {
        _expectArgument(data, index, _word(to));
    }

    function _expectArgument(bytes memory data, uint256 index, bytes32 value) private {
        PackedUserOperation memory op = sessionOp(executeCall(address(token), 0, data));
        expectAA23(
            abi.encodeWithSelector(
                IBaseAccountIntegration.SessionArgumentNotAllowed.selector,
                app,
                address(token),
                bytes4(data),
                index,
                value
            )
        );
        handle(op);
    }

    function _word(address account_) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account_)));
    }
}
