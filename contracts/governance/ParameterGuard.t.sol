// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IParameterGuard} from "../interfaces/IParameterGuard.sol";
import {GovernedSettings} from "../mocks/GovernedSettings.sol";
import {Test} from "../mocks/Test.sol";
import {ParameterGuard} from "./ParameterGuard.sol";

/// Names one admin, as the timelock does.
contract AdminRole {
    address private immutable admin = msg.sender;

    function hasRole(bytes32 role, address account) external view returns (bool) {
        return role == 0 && account == admin;
    }
}

contract ParameterGuardTest is Test {
    address private constant TOKEN = address(0x0c);
    bytes32 private constant TOKEN_KEY = bytes32(uint256(uint160(TOKEN)));

    ParameterGuard private guard;
    GovernedSettings private settings;

    function setUp() public {
        guard = ParameterGuard(deployCode("ParameterGuard", abi.encode(address(new AdminRole()))));
        settings = new GovernedSettings();
    }

    function test_listsAndReadsBack() public {
        IParameterGuard.Parameter memory fee = _fee(10, 3000);
        vm.expectEmit(address(guard));
        emit IParameterGuard.ParameterListed(
            address(settings), settings.setFee.selector, 0, "fee", settings.fee.selector, 0, 10, 3000
        );
        _list(fee);
        IParameterGuard.Parameter memory listed = guard.getParameter(address(settings), settings.setFee.selector, 0);
        assertEq(keccak256(abi.encode(listed)), keccak256(abi.encode(fee)));
    }

    function test_onlyAdminsOfTheTimelockChangeTheList() public {
        IParameterGuard.Parameter[] memory parameters = new IParameterGuard.Parameter[](1);
        parameters[0] = _fee(0, 1);
        vm.startPrank(address(0xbad));
        vm.expectRevert(abi.encodeWithSelector(IParameterGuard.ParameterGuardNotAdmin.selector, address(0xbad)));
        guard.setParameters(parameters);
        vm.expectRevert(abi.encodeWithSelector(IParameterGuard.ParameterGuardNotAdmin.selector, address(0xbad)));
        guard.removeParameter(address(settings), settings.setFee.selector, 0);
        vm.stopPrank();
        assertNotEq(guard.timelock(), address(0));
    }

    function test_bothBoundsAreIncluded() public {
        _list(_fee(10, 3000));
        guard.check(address(settings), _setFee(10));
        guard.check(address(settings), _setFee(3000));
        _expectOutOfBounds("fee", 9, 10, 3000);
        guard.check(address(settings), _setFee(9));
        _expectOutOfBounds("fee", 3001, 10, 3000);
        guard.check(address(settings), _setFee(3001));
    }

    function test_readsTheValueAndTheRequest() public {
        _list(_fee(0, 3000));
        _setFeeStorage(1000);
        IParameterGuard.Reading[] memory readings = guard.check(address(settings), _setFee(5));
        assertEq(readings.length, 1);
        assertEq(readings[0].name, "fee");
        assertEq(readings[0].current, 1000);
        assertEq(readings[0].requested, 5);
        assertEq(bytes32(readings[0].selector), bytes32(settings.setFee.selector));
    }

    function test_callsThatAreNotListedPass() public {
        _list(_fee(0, 3000));
        assertEq(guard.check(address(settings), "").length, 0);
        assertEq(guard.check(address(this), _setFee(9999)).length, 0);
        assertEq(guard.check(address(settings), abi.encodeCall(settings.setAccepted, (TOKEN, true))).length, 0);
        assertFalse(guard.isListed(address(this), _setFee(1)));
        assertFalse(guard.isListed(address(settings), hex"112233"));
        assertTrue(guard.isListed(address(settings), _setFee(9999)));
    }

    /// Solidity's decoder takes trailing bytes; the list does not.
    function test_callOfAnotherLengthIsRefused() public {
        _list(_fee(0, 3000));
        bytes memory long = abi.encodePacked(_setFee(1), uint256(0));
        assertFalse(guard.isListed(address(settings), long));
        vm.expectRevert(
            abi.encodeWithSelector(
                IParameterGuard.ParameterGuardCallLength.selector, address(settings), settings.setFee.selector, 68, 36
            )
        );
        guard.check(address(settings), long);
        vm.expectPartialRevert(IParameterGuard.ParameterGuardCallLength.selector);
        guard.check(address(settings), abi.encodePacked(settings.setFee.selector));
    }

    function test_keyedSetterIsBoundedForEachKey() public {
        _list(_minimumFee(TOKEN_KEY, "USDC"));
        _list(_minimumFee(0, "ETH"));
        IParameterGuard.Reading[] memory readings =
            guard.check(address(settings), abi.encodeCall(settings.setMinimumFee, (TOKEN, 100)));
        assertEq(readings[0].key, TOKEN_KEY);
        assertEq(readings[0].name, "USDC");
        readings = guard.check(address(settings), abi.encodeCall(settings.setMinimumFee, (address(0), 1)));
        assertEq(readings[0].name, "ETH");
        assertTrue(guard.isListed(address(settings), abi.encodeCall(settings.setMinimumFee, (TOKEN, 0))));
        assertFalse(guard.isListed(address(settings), abi.encodeCall(settings.setMinimumFee, (address(7), 0))));
        vm.expectRevert(
            abi.encodeWithSelector(
                IParameterGuard.ParameterGuardNotListed.selector,
                address(settings),
                settings.setMinimumFee.selector,
                bytes32(uint256(7))
            )
        );
        guard.check(address(settings), abi.encodeCall(settings.setMinimumFee, (address(7), 1)));
    }

    function test_setterOfSeveralValuesIsBoundedInEach() public {
        _list(_windows());
        guard.check(address(settings), abi.encodeCall(settings.setWindows, (1 hours, 30 days)));
        _expectOutOfBounds("review", 1 hours - 1, 1 hours, 7 days);
        guard.check(address(settings), abi.encodeCall(settings.setWindows, (1 hours - 1, 30 days)));
        _expectOutOfBounds("dispute", 30 days + 1, 1 days, 30 days);
        guard.check(address(settings), abi.encodeCall(settings.setWindows, (1 hours, 30 days + 1)));
    }

    function test_encodesTheUpdateOfOneValue() public {
        _list(_fee(0, 3000));
        _list(_minimumFee(TOKEN_KEY, "USDC"));
        _setFeeStorage(1000);
        (bytes memory data, uint256 current) =
            guard.encodeUpdate(address(settings), settings.setFee.selector, "fee", 800);
        assertEq(data, _setFee(800));
        assertEq(current, 1000);
        (data, current) = guard.encodeUpdate(address(settings), settings.setMinimumFee.selector, "USDC", 50);
        assertEq(data, abi.encodeCall(settings.setMinimumFee, (TOKEN, 50)));
        assertEq(current, 0);

        _expectOutOfBounds("fee", 3001, 0, 3000);
        guard.encodeUpdate(address(settings), settings.setFee.selector, "fee", 3001);
        vm.expectRevert(
            abi.encodeWithSelector(
                IParameterGuard.ParameterGuardUnknownName.selector, address(settings), settings.setFee.selector, "free"
            )
        );
        guard.encodeUpdate(address(settings), settings.setFee.selector, "free", 1);
        _list(_windows());
        vm.expectPartialRevert(IParameterGuard.ParameterGuardUnknownName.selector);
        guard.encodeUpdate(address(settings), settings.setWindows.selector, "review", 2 hours);
    }

    function test_listingAgainReplacesTheBounds() public {
        _list(_fee(0, 3000));
        _list(_fee(100, 200));
        _expectOutOfBounds("fee", 99, 100, 200);
        guard.check(address(settings), _setFee(99));
        _remove();
        vm.expectPartialRevert(IParameterGuard.ParameterGuardNotListed.selector);
        guard.getParameter(address(settings), settings.setFee.selector, 0);
        assertEq(guard.check(address(settings), _setFee(99)).length, 0);
    }

    function test_removalForgetsTheName() public {
        _list(_fee(0, 3000));
        vm.expectEmit(address(guard));
        emit IParameterGuard.ParameterRemoved(address(settings), settings.setFee.selector, 0);
        _remove();
        vm.expectPartialRevert(IParameterGuard.ParameterGuardUnknownName.selector);
        guard.encodeUpdate(address(settings), settings.setFee.selector, "fee", 1);
        vm.expectPartialRevert(IParameterGuard.ParameterGuardNotListed.selector);
        guard.removeParameter(address(settings), settings.setFee.selector, 0);
        assertFalse(guard.isListed(address(settings), _setFee(1)));
    }

    function test_listingMistakesAreRefused() public {
        _list(_minimumFee(TOKEN_KEY, "USDC"));

        IParameterGuard.Parameter memory wrong = _minimumFee(0, "USDC");
        vm.expectRevert(
            abi.encodeWithSelector(
                IParameterGuard.ParameterGuardNameTaken.selector,
                address(settings),
                settings.setMinimumFee.selector,
                "USDC"
            )
        );
        this.list(wrong);

        wrong = _minimumFee(0, "not keyed");
        wrong.keyed = false;
        vm.expectRevert(
            abi.encodeWithSelector(
                IParameterGuard.ParameterGuardShape.selector,
                address(settings),
                settings.setMinimumFee.selector,
                false,
                1
            )
        );
        this.list(wrong);

        wrong = _fee(0, 1);
        wrong.key = TOKEN_KEY;
        vm.expectPartialRevert(IParameterGuard.ParameterGuardShape.selector);
        this.list(wrong);
        wrong = _fee(0, 1);
        wrong.values = new IParameterGuard.Value[](0);
        vm.expectPartialRevert(IParameterGuard.ParameterGuardShape.selector);
        this.list(wrong);

        wrong = _fee(2, 1);
        vm.expectRevert(abi.encodeWithSelector(IParameterGuard.ParameterGuardEmptyBounds.selector, "fee", 2, 1));
        this.list(wrong);

        wrong = _fee(0, 1);
        wrong.values[0].getterWord = 1;
        vm.expectRevert(
            abi.encodeWithSelector(
                IParameterGuard.ParameterGuardGetterFailed.selector, address(settings), settings.fee.selector, 1
            )
        );
        this.list(wrong);
        wrong = _fee(0, 1);
        wrong.values[0].getter = bytes4(0xdeadbeef);
        vm.expectPartialRevert(IParameterGuard.ParameterGuardGetterFailed.selector);
        this.list(wrong);

        wrong = _fee(0, 1);
        wrong.selector = settings.upgradeToAndCall.selector;
        vm.expectRevert(IParameterGuard.ParameterGuardUpgradeSelector.selector);
        this.list(wrong);
    }

    /// A getter that an upgrade took away closes its setter until the list is put right.
    function test_setterWithoutItsGetterIsClosed() public {
        _list(_fee(0, 3000));
        vm.etch(address(settings), address(guard).code);
        vm.expectPartialRevert(IParameterGuard.ParameterGuardGetterFailed.selector);
        guard.check(address(settings), _setFee(1));
        _remove();
        assertEq(guard.check(address(settings), _setFee(1)).length, 0);
    }

    function test_X25_callOnAnUpgradeIsChecked() public {
        _list(_fee(0, 3000));
        bytes memory upgrade = abi.encodeCall(settings.upgradeToAndCall, (address(1), _setFee(3001)));
        _expectOutOfBounds("fee", 3001, 0, 3000);
        guard.check(address(settings), upgrade);
        assertFalse(guard.isListed(address(settings), upgrade));

        upgrade = abi.encodeCall(settings.upgradeToAndCall, (address(1), _setFee(3000)));
        assertEq(guard.check(address(settings), upgrade)[0].requested, 3000);
        assertEq(
            guard.check(address(settings), abi.encodeCall(settings.upgradeToAndCall, (address(1), ""))).length, 0
        );
    }

    /// Odd encodings of the riding call are read as its decoder reads them, or revert.
    function test_X25_upgradeWithMovedOrTornSetupIsSeenThrough() public {
        _list(_fee(0, 3000));
        bytes memory ride = _setFee(3001);
        // Offset 0x80: four words lie before the length.
        bytes memory moved = abi.encodePacked(
            settings.upgradeToAndCall.selector, uint256(1), uint256(0x80), uint256(0), uint256(0), ride.length, ride
        );
        _expectOutOfBounds("fee", 3001, 0, 3000);
        guard.check(address(settings), moved);

        bytes[4] memory torn = [
            abi.encodePacked(settings.upgradeToAndCall.selector, uint256(1)),
            abi.encodePacked(settings.upgradeToAndCall.selector, uint256(1), type(uint256).max),
            abi.encodePacked(settings.upgradeToAndCall.selector, uint256(1), uint256(0x40), type(uint256).max),
            abi.encodePacked(settings.upgradeToAndCall.selector, uint256(1), uint256(0x40), uint256(36), hex"00")
        ];
        for (uint256 i; i < torn.length; ++i) {
            (bool success,) = address(guard).call(abi.encodeCall(guard.check, (address(settings), torn[i])));
            assertFalse(success, "torn");
        }
    }

    function testFuzz_X25_checkPassesInsideTheBoundsOnly(uint256 minimum, uint256 maximum, uint256 value) public {
        if (minimum > maximum) (minimum, maximum) = (maximum, minimum);
        _list(_fee(minimum, maximum));
        bool inside = value >= minimum && value <= maximum;
        if (!inside) _expectOutOfBounds("fee", value, minimum, maximum);
        guard.check(address(settings), _setFee(value));
    }

    function list(IParameterGuard.Parameter calldata parameter) external {
        _list(parameter);
    }

    function _list(IParameterGuard.Parameter memory parameter) private {
        IParameterGuard.Parameter[] memory parameters = new IParameterGuard.Parameter[](1);
        parameters[0] = parameter;
        guard.setParameters(parameters);
    }

    function _remove() private {
        guard.removeParameter(address(settings), GovernedSettings.setFee.selector, 0);
    }

    function _fee(uint256 minimum, uint256 maximum) private view returns (IParameterGuard.Parameter memory parameter) {
        IParameterGuard.Value[] memory values = new IParameterGuard.Value[](1);
        values[0] = IParameterGuard.Value("fee", settings.fee.selector, 0, minimum, maximum);
        parameter = IParameterGuard.Parameter(address(settings), settings.setFee.selector, false, 0, values);
    }

    function _minimumFee(bytes32 key, string memory name)
        private
        view
        returns (IParameterGuard.Parameter memory parameter)
    {
        IParameterGuard.Value[] memory values = new IParameterGuard.Value[](1);
        values[0] = IParameterGuard.Value(name, settings.minimumFee.selector, 0, 0, 100);
        parameter = IParameterGuard.Parameter(address(settings), settings.setMinimumFee.selector, true, key, values);
    }

    function _windows() private view returns (IParameterGuard.Parameter memory parameter) {
        IParameterGuard.Value[] memory values = new IParameterGuard.Value[](2);
        values[0] = IParameterGuard.Value("review", settings.windows.selector, 0, 1 hours, 7 days);
        values[1] = IParameterGuard.Value("dispute", settings.windows.selector, 1, 1 days, 30 days);
        parameter = IParameterGuard.Parameter(address(settings), settings.setWindows.selector, false, 0, values);
    }

    function _setFee(uint256 fee) private pure returns (bytes memory) {
        return abi.encodeCall(GovernedSettings.setFee, (fee));
    }

    /// @dev `fee` is the first word of the contract.
    function _setFeeStorage(uint256 fee) private {
        vm.store(address(settings), 0, bytes32(fee));
        assertEq(settings.fee(), fee);
    }

    function _expectOutOfBounds(string memory name, uint256 value, uint256 minimum, uint256 maximum) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IParameterGuard.ParameterGuardOutOfBounds.selector, name, value, minimum, maximum
            )
        );
    }
}
