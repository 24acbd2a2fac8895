// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Allow-list of the parameters that an ordinary majority may change, each within its bounds.
/// @dev A listed setter takes static arguments of one word each: the key first when it is keyed, then its values. The
/// timelock asks {check} before every call that it makes, so the bounds hold on each path to a setter.
interface IParameterGuard {
    /// @param name What proposals call it, unique for its target and selector.
    /// @param getter View on the target that returns the value; takes the key when the setter is keyed.
    /// @param getterWord Word of the getter's return data that holds the value, from 0.
    /// @param minimum Smallest value that may be set, in the setter's unit.
    /// @param maximum Largest value that may be set.
    struct Value {
        string name;
        bytes4 getter;
        uint8 getterWord;
        uint256 minimum;
        uint256 maximum;
    }

    /// @param target Contract owned by the timelock.
    /// @param selector Setter on it.
    /// @param keyed The setter's first argument chooses what is set (a token, say), and `key` is that argument.
    /// @param key That argument as the ABI encodes it; 0 when not keyed.
    /// @param values One for each further argument.
    struct Parameter {
        address target;
        bytes4 selector;
        bool keyed;
        bytes32 key;
        Value[] values;
    }

    /// @notice Value of a listed parameter around a call.
    /// @param current Read by the getter.
    /// @param requested Argument of the call.
    struct Reading {
        bytes4 selector;
        bytes32 key;
        string name;
        uint256 current;
        uint256 requested;
    }

    event ParameterListed(
        address indexed target,
        bytes4 indexed selector,
        bytes32 indexed key,
        string name,
        bytes4 getter,
        uint8 getterWord,
        uint256 minimum,
        uint256 maximum
    );
    event ParameterRemoved(address indexed target, bytes4 indexed selector, bytes32 indexed key);

    /// @notice Only an admin of the timelock changes the list: itself, and the deployer until that renounces.
    error ParameterGuardNotAdmin(address caller);

    /// @notice `selector` of `target` is not listed, or not for `key`.
    error ParameterGuardNotListed(address target, bytes4 selector, bytes32 key);

    /// @notice No one-value setter of that name is listed.
    error ParameterGuardUnknownName(address target, bytes4 selector, string name);
    error ParameterGuardOutOfBounds(string name, uint256 value, uint256 minimum, uint256 maximum);

    /// @notice Call data of a listed setter has `length` bytes instead of `expected`.
    error ParameterGuardCallLength(address target, bytes4 selector, uint256 length, uint256 expected);

    /// @notice The getter does not answer, or with too few words.
    error ParameterGuardGetterFailed(address target, bytes4 getter, uint8 getterWord);

    /// @notice Other keys of the setter are listed as keyed or with another number of values.
    error ParameterGuardShape(address target, bytes4 selector, bool keyed, uint256 values);
    error ParameterGuardNameTaken(address target, bytes4 selector, string name);
    error ParameterGuardEmptyBounds(string name, uint256 minimum, uint256 maximum);

    /// @notice Upgrades are no parameters.
    error ParameterGuardUpgradeSelector();

    /// @notice Lists parameters or replaces their bounds. Admins of the timelock only; an 80 % matter for the governor.
    /// Every getter must answer.
    function setParameters(Parameter[] calldata parameters) external;

    /// @notice Takes a parameter off the list: its setter becomes an 80 % matter without bounds, or is refused while
    /// other keys of it remain. Admins of the timelock only.
    function removeParameter(address target, bytes4 selector, bytes32 key) external;

    /// @notice Passes a call that is not listed, or listed and within its bounds; reverts otherwise. Looks into the
    /// call that rides on `upgradeToAndCall`.
    /// @return readings Of the listed values that the call sets; empty when it is not listed.
    function check(address target, bytes calldata data) external view returns (Reading[] memory readings);

    /// @notice Whether `data` calls a listed setter with a listed key and nothing more, whatever the values.
    function isListed(address target, bytes calldata data) external view returns (bool);

    /// @notice Call that sets the one value of the named parameter. Reverts outside its bounds.
    /// @return data Call data for `target`.
    /// @return current Value now.
    function encodeUpdate(address target, bytes4 selector, string calldata name, uint256 newValue)
        external
        view
        returns (bytes memory data, uint256 current);

    /// @notice Values listed for `key`. Reverts when there are none.
    function getParameter(address target, bytes4 selector, bytes32 key) external view returns (Parameter memory);

    /// @notice Timelock whose admins govern the list.
    function timelock() external view returns (address);
}
