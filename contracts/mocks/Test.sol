// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Cheatcodes that Hardhat's Solidity test runner answers at its fixed address.
interface Vm {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    struct Wallet {
        address addr;
        uint256 publicKeyX;
        uint256 publicKeyY;
        uint256 privateKey;
    }

    function prank(address sender) external;
    function prank(address sender, address origin) external;
    function startPrank(address sender) external;
    function startPrank(address sender, address origin) external;
    function stopPrank() external;

    function warp(uint256 timestamp) external;
    function roll(uint256 height) external;
    function fee(uint256 baseFee) external;
    function chainId(uint256 id) external;
    function deal(address account, uint256 balance) external;
    function etch(address target, bytes calldata code) external;
    function store(address target, bytes32 slot, bytes32 value) external;
    function load(address target, bytes32 slot) external view returns (bytes32);
    function getNonce(address account) external view returns (uint64);
    function setNonce(address account, uint64 nonce) external;

    function expectRevert() external;
    function expectRevert(bytes4 selector) external;
    function expectRevert(bytes calldata revertData) external;
    function expectPartialRevert(bytes4 selector) external;
    function expectEmit() external;
    function expectEmit(address emitter) external;
    function expectEmit(bool topic1, bool topic2, bool topic3, bool data) external;
    function expectEmit(bool topic1, bool topic2, bool topic3, bool data, address emitter) external;
    function expectCall(address target, bytes calldata data) external;
    function mockCall(address target, bytes calldata data, bytes calldata returned) external;
    function clearMockedCalls() external;

    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function signP256(uint256 privateKey, bytes32 digest) external pure returns (bytes32 r, bytes32 s);
    function publicKeyP256(uint256 privateKey) external view returns (uint256 x, uint256 y);
    function addr(uint256 privateKey) external pure returns (address);
    function createWallet(string calldata name) external returns (Wallet memory);
    function signAndAttachDelegation(address implementation, uint256 privateKey) external;

    function assume(bool condition) external pure;
    function label(address account, string calldata name) external;
    function recordLogs() external;
    function getRecordedLogs() external returns (Log[] memory);
    function record() external;
    function accesses(address target) external returns (bytes32[] memory reads, bytes32[] memory writes);
    function snapshotState() external returns (uint256 id);
    function revertToState(uint256 id) external returns (bool);
    function getCode(string calldata artifact) external view returns (bytes memory);
    function toString(uint256 value) external pure returns (string memory);
    function toString(int256 value) external pure returns (string memory);
    function toString(address value) external pure returns (string memory);
    function toString(bytes32 value) external pure returns (string memory);
    function toString(bytes calldata value) external pure returns (string memory);
}

/// @notice Base of the Solidity tests: cheatcodes and assertions, nothing else.
/// @dev A failed assertion reverts with both values; the runner reports the text.
abstract contract Test {
    Vm internal constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

    /// @notice secp256k1 key and address of a named test actor.
    function makeAddrAndKey(string memory name) internal returns (address account, uint256 privateKey) {
        privateKey = uint256(keccak256(bytes(name)));
        account = vm.addr(privateKey);
        vm.label(account, name);
    }

    function makeAddr(string memory name) internal returns (address account) {
        (account,) = makeAddrAndKey(name);
    }

    /// @notice Gives `account` the wei and makes it the next caller.
    function hoax(address account, uint256 balance) internal {
        vm.deal(account, balance);
        vm.prank(account);
    }

    /// @notice Creates a contract from the artifact of the build: its code is not compiled into the test again.
    /// @dev Reverts as the constructor does.
    function deployCode(string memory name) internal returns (address created) {
        return deployCode(name, "");
    }

    /// @param arguments Of the constructor, ABI-encoded.
    function deployCode(string memory name, bytes memory arguments) internal returns (address created) {
        bytes memory code = bytes.concat(vm.getCode(name), arguments);
        assembly ("memory-safe") {
            created := create(0, add(code, 0x20), mload(code))
            if iszero(created) {
                let reason := mload(0x40)
                returndatacopy(reason, 0, returndatasize())
                revert(reason, returndatasize())
            }
        }
    }

    function skip(uint256 duration) internal {
        vm.warp(block.timestamp + duration);
    }

    /// @notice Folds a fuzzed value into `minimum..maximum`, both included; a value already inside stays.
    function bound(uint256 value, uint256 minimum, uint256 maximum) internal pure returns (uint256) {
        require(minimum <= maximum, "bound: empty range");
        if (value >= minimum && value <= maximum) return value;
        uint256 size = maximum - minimum;
        if (size == type(uint256).max) return value;
        return minimum + (value % (size + 1));
    }

    function fail(string memory reason) internal pure {
        revert(reason);
    }

    function assertTrue(bool condition) internal pure {
        assertTrue(condition, "expected true");
    }

    function assertTrue(bool condition, string memory reason) internal pure {
        if (!condition) revert(reason);
    }

    function assertFalse(bool condition) internal pure {
        assertTrue(!condition, "expected false");
    }

    function assertFalse(bool condition, string memory reason) internal pure {
        assertTrue(!condition, reason);
    }

    function assertEq(uint256 left, uint256 right) internal pure {
        assertEq(left, right, "");
    }

    function assertEq(uint256 left, uint256 right, string memory reason) internal pure {
        if (left != right) _unequal(vm.toString(left), vm.toString(right), reason);
    }

    function assertEq(int256 left, int256 right) internal pure {
        if (left != right) _unequal(vm.toString(left), vm.toString(right), "");
    }

    function assertEq(bool left, bool right) internal pure {
        assertEq(left, right, "");
    }

    function assertEq(bool left, bool right, string memory reason) internal pure {
        if (left != right) _unequal(left ? "true" : "false", right ? "true" : "false", reason);
    }

    function assertEq(address left, address right) internal pure {
        assertEq(left, right, "");
    }

    function assertEq(address left, address right, string memory reason) internal pure {
        if (left != right) _unequal(vm.toString(left), vm.toString(right), reason);
    }

    function assertEq(bytes32 left, bytes32 right) internal pure {
        assertEq(left, right, "");
    }

    function assertEq(bytes32 left, bytes32 right, string memory reason) internal pure {
        if (left != right) _unequal(vm.toString(left), vm.toString(right), reason);
    }

    function assertEq(bytes memory left, bytes memory right) internal pure {
        assertEq(left, right, "");
    }

    function assertEq(bytes memory left, bytes memory right, string memory reason) internal pure {
        if (keccak256(left) != keccak256(right)) _unequal(vm.toString(left), vm.toString(right), reason);
    }

    function assertEq(string memory left, string memory right) internal pure {
        if (keccak256(bytes(left)) != keccak256(bytes(right))) _unequal(left, right, "");
    }

    function assertEq(address[] memory left, address[] memory right) internal pure {
        assertEq(abi.encode(left), abi.encode(right), "arrays differ");
    }

    function assertEq(uint256[] memory left, uint256[] memory right) internal pure {
        assertEq(abi.encode(left), abi.encode(right), "arrays differ");
    }

    function assertNotEq(uint256 left, uint256 right) internal pure {
        if (left == right) revert(string.concat("both are ", vm.toString(left)));
    }

    function assertNotEq(address left, address right) internal pure {
        if (left == right) revert(string.concat("both are ", vm.toString(left)));
    }

    function assertNotEq(bytes32 left, bytes32 right) internal pure {
        if (left == right) revert(string.concat("both are ", vm.toString(left)));
    }

    function assertGt(uint256 left, uint256 right) internal pure {
        assertGt(left, right, "");
    }

    function assertGt(uint256 left, uint256 right, string memory reason) internal pure {
        if (left <= right) _notOrdered(left, " is not above ", right, reason);
    }

    function assertGe(uint256 left, uint256 right) internal pure {
        assertGe(left, right, "");
    }

    function assertGe(uint256 left, uint256 right, string memory reason) internal pure {
        if (left < right) _notOrdered(left, " is below ", right, reason);
    }

    function assertLt(uint256 left, uint256 right) internal pure {
        assertLt(left, right, "");
    }

    function assertLt(uint256 left, uint256 right, string memory reason) internal pure {
        if (left >= right) _notOrdered(left, " is not below ", right, reason);
    }

    function assertLe(uint256 left, uint256 right) internal pure {
        assertLe(left, right, "");
    }

    function assertLe(uint256 left, uint256 right, string memory reason) internal pure {
        if (left > right) _notOrdered(left, " is above ", right, reason);
    }

    function assertApproxEqAbs(uint256 left, uint256 right, uint256 maxDelta) internal pure {
        uint256 delta = left > right ? left - right : right - left;
        if (delta > maxDelta) _notOrdered(delta, " is above the delta ", maxDelta, "");
    }

    function _unequal(string memory left, string memory right, string memory reason) private pure {
        revert(string.concat(reason, bytes(reason).length == 0 ? "" : ": ", left, " != ", right));
    }

    function _notOrdered(uint256 left, string memory relation, uint256 right, string memory reason) private pure {
        string memory prefix = bytes(reason).length == 0 ? "" : string.concat(reason, ": ");
        revert(string.concat(prefix, vm.toString(left), relation, vm.toString(right)));
    }
}
