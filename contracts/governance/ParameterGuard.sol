// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {IParameterGuard} from "../interfaces/IParameterGuard.sol";

/// @title Allow-list of governed parameters with their bounds.
/// @dev Has no owner of its own: who administers the timelock administers the list. After the deployer has renounced
/// that is the timelock alone.
contract ParameterGuard is IParameterGuard {
    /// @dev All keys of a setter share it.
    struct Shape {
        bool keyed;
        uint8 values;
        uint32 keys;
    }

    struct NamedKey {
        bool taken;
        bytes32 key;
    }

    bytes32 private constant TIMELOCK_ADMIN = 0;
    uint256 private constant WORD = 32;

    /// @inheritdoc IParameterGuard
    address public immutable timelock;

    mapping(bytes32 setter => Shape) private _shapes;
    mapping(bytes32 setter => mapping(bytes32 key => Value[])) private _values;
    mapping(bytes32 setter => mapping(bytes32 nameHash => NamedKey)) private _keyOfName;

    modifier onlyTimelockAdmin() {
        if (!IAccessControl(timelock).hasRole(TIMELOCK_ADMIN, msg.sender)) revert ParameterGuardNotAdmin(msg.sender);
        _;
    }

    /// @param timelock_ Its admins govern the list.
    constructor(address timelock_) {
        timelock = timelock_;
    }

    /// @inheritdoc IParameterGuard
    function setParameters(Parameter[] calldata parameters) external onlyTimelockAdmin {
        for (uint256 i; i < parameters.length; ++i) {
            _set(parameters[i]);
        }
    }

    /// @inheritdoc IParameterGuard
    function removeParameter(address target, bytes4 selector, bytes32 key) external onlyTimelockAdmin {
        bytes32 setter = _setterOf(target, selector);
        if (_values[setter][key].length == 0) revert ParameterGuardNotListed(target, selector, key);
        _forget(setter, key);
        emit ParameterRemoved(target, selector, key);
    }

    /// @inheritdoc IParameterGuard
    function check(address target, bytes calldata data) external view returns (Reading[] memory readings) {
        return _check(target, data);
    }

    /// @inheritdoc IParameterGuard
    function isListed(address target, bytes calldata data) external view returns (bool) {
        if (data.length < 4) return false;
        bytes32 setter = _setterOf(target, bytes4(data));
        Shape memory shape = _shapes[setter];
        if (shape.keys == 0 || data.length != _callLength(shape)) return false;
        return _values[setter][_keyOf(shape, data[4:])].length != 0;
    }

    /// @inheritdoc IParameterGuard
    function encodeUpdate(address target, bytes4 selector, string calldata name, uint256 newValue)
        external
        view
        returns (bytes memory data, uint256 current)
    {
        bytes32 setter = _setterOf(target, selector);
        NamedKey memory named = _keyOfName[setter][keccak256(bytes(name))];
        Shape memory shape = _shapes[setter];
        if (!named.taken || shape.values != 1) revert ParameterGuardUnknownName(target, selector, name);

        Value storage value = _values[setter][named.key][0];
        _checkBounds(value, newValue);
        current = _read(target, shape.keyed, named.key, value);
        data = shape.keyed
            ? abi.encodePacked(selector, named.key, newValue)
            : abi.encodePacked(selector, newValue);
    }

    /// @inheritdoc IParameterGuard
    function getParameter(address target, bytes4 selector, bytes32 key) external view returns (Parameter memory) {
        bytes32 setter = _setterOf(target, selector);
        Value[] memory values = _values[setter][key];
        if (values.length == 0) revert ParameterGuardNotListed(target, selector, key);
        return Parameter({
            target: target, selector: selector, keyed: _shapes[setter].keyed, key: key, values: values
        });
    }

    function _set(Parameter calldata parameter) private {
        if (parameter.selector == UUPSUpgradeable.upgradeToAndCall.selector) revert ParameterGuardUpgradeSelector();
        bytes32 setter = _setterOf(parameter.target, parameter.selector);
        if (_values[setter][parameter.key].length != 0) _forget(setter, parameter.key);

        Shape storage shape = _shapes[setter];
        uint256 count = parameter.values.length;
        bool fits = count != 0 && count <= type(uint8).max && (parameter.keyed || parameter.key == 0);
        if (shape.keys != 0) fits = fits && shape.keyed == parameter.keyed && shape.values == count;
        if (!fits) revert ParameterGuardShape(parameter.target, parameter.selector, parameter.keyed, count);
        (shape.keyed, shape.values) = (parameter.keyed, uint8(count));
        ++shape.keys;

        for (uint256 i; i < count; ++i) {
            _list(parameter, setter, parameter.values[i]);
        }
    }

    function _list(Parameter calldata parameter, bytes32 setter, Value memory value) private {
        if (value.minimum > value.maximum) {
            revert ParameterGuardEmptyBounds(value.name, value.minimum, value.maximum);
        }
        NamedKey storage named = _keyOfName[setter][keccak256(bytes(value.name))];
        if (named.taken) revert ParameterGuardNameTaken(parameter.target, parameter.selector, value.name);
        (named.taken, named.key) = (true, parameter.key);
        Value storage stored = _values[setter][parameter.key].push();
        (stored.name, stored.getter, stored.getterWord) = (value.name, value.getter, value.getterWord);
        (stored.minimum, stored.maximum) = (value.minimum, value.maximum);
        _read(parameter.target, parameter.keyed, parameter.key, stored);
        emit ParameterListed(
            parameter.target,
            parameter.selector,
            parameter.key,
            value.name,
            value.getter,
            value.getterWord,
            value.minimum,
            value.maximum
        );
    }

    function _forget(bytes32 setter, bytes32 key) private {
        Value[] storage values = _values[setter][key];
        for (uint256 i; i < values.length; ++i) {
            delete _keyOfName[setter][keccak256(bytes(values[i].name))];
        }
        delete _values[setter][key];
        --_shapes[setter].keys;
    }

    /// @dev A proxy runs the call that rides on its upgrade in the name of the timelock, so that call is checked too.
    function _check(address target, bytes calldata data) private view returns (Reading[] memory readings) {
        if (data.length < 4) return readings;
        bytes4 selector = bytes4(data);
        if (selector == UUPSUpgradeable.upgradeToAndCall.selector) return _check(target, _setupCall(data[4:]));

        bytes32 setter = _setterOf(target, selector);
        Shape memory shape = _shapes[setter];
        if (shape.keys == 0) return readings;
        if (data.length != _callLength(shape)) {
            revert ParameterGuardCallLength(target, selector, data.length, _callLength(shape));
        }
        bytes32 key = _keyOf(shape, data[4:]);
        Value[] storage values = _values[setter][key];
        if (values.length == 0) revert ParameterGuardNotListed(target, selector, key);

        uint256 offset = shape.keyed ? 4 + WORD : 4;
        readings = new Reading[](shape.values);
        for (uint256 i; i < shape.values; ++i) {
            Value storage value = values[i];
            uint256 requested = uint256(bytes32(data[offset + i * WORD:]));
            _checkBounds(value, requested);
            readings[i] = Reading({
                selector: selector,
                key: key,
                name: value.name,
                current: _read(target, shape.keyed, key, value),
                requested: requested
            });
        }
    }

    /// @param arguments Of `upgradeToAndCall(address, bytes)`. Reverts on what its decoder would not take either.
    function _setupCall(bytes calldata arguments) private pure returns (bytes calldata setup) {
        uint256 offset = uint256(bytes32(arguments[WORD:2 * WORD]));
        uint256 length = uint256(bytes32(arguments[offset:offset + WORD]));
        return arguments[offset + WORD:offset + WORD + length];
    }

    function _checkBounds(Value storage value, uint256 requested) private view {
        if (requested < value.minimum || requested > value.maximum) {
            revert ParameterGuardOutOfBounds(value.name, requested, value.minimum, value.maximum);
        }
    }

    function _read(address target, bool keyed, bytes32 key, Value storage value) private view returns (uint256 word) {
        bytes memory data = keyed ? abi.encodePacked(value.getter, key) : abi.encodePacked(value.getter);
        (bool success, bytes memory returned) = target.staticcall(data);
        uint256 end = (uint256(value.getterWord) + 1) * WORD;
        if (!success || returned.length < end) {
            revert ParameterGuardGetterFailed(target, value.getter, value.getterWord);
        }
        assembly ("memory-safe") {
            word := mload(add(returned, end))
        }
    }

    function _keyOf(Shape memory shape, bytes calldata arguments) private pure returns (bytes32) {
        return shape.keyed ? bytes32(arguments) : bytes32(0);
    }

    function _callLength(Shape memory shape) private pure returns (uint256) {
        return 4 + WORD * (uint256(shape.values) + (shape.keyed ? 1 : 0));
    }

    function _setterOf(address target, bytes4 selector) private pure returns (bytes32) {
        return keccak256(abi.encode(target, selector));
    }
}
