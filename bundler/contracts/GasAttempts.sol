// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Attempts of an operation with a gas limit, for a search of the least sufficient one.
/// @dev Every attempt runs in a frame that reverts, which gives back state, warm addresses and warm slots.
abstract contract GasAttempts {
    /// How an attempt is seen to have passed.
    struct Judge {
        /// Whether a simulation reverts with its result, and the errors that are results.
        bool reverts;
        bytes4 result;
        bytes4 otherResult;
        /// Byte offset in the output of a word that must be 1; 0 for none.
        uint256 flagAt;
    }

    struct Probe {
        /// Calldata; where a context is appended, what stands before the length of the target's calldata.
        bytes data;
        /// Where a context is appended: calldata of the target without it.
        bytes inner;
        /// Byte offsets in the calldata of the limit: 16 bytes, big-endian. None: a single attempt.
        uint256[] places;
        /// Gas of an attempt beside the limit.
        uint256 fixedGas;
    }

    /// Bytes of output that are kept.
    uint256 private constant MAX_OUTPUT = 24_576;
    /// Selector and EntryPoint before the calldata of an attempt.
    uint256 private constant ATTEMPT_HEAD = 36;
    /// Success and gas used before the output of an attempt.
    uint256 private constant RESULT_HEAD = 64;

    /// @dev Gas with which every call down to the limited one, each of which holds back 1/64, gets what it asks for.
    function _needed(uint256 gas) internal pure returns (uint256) {
        return ((gas + 100_000) * 72) / 64;
    }

    function _encode(address entryPoint, Probe calldata probe, bytes memory context)
        internal
        pure
        returns (bytes memory)
    {
        bytes memory head = abi.encodePacked(this.attempt.selector, uint256(uint160(entryPoint)), probe.data);
        if (probe.inner.length == 0) return head;
        bytes memory padded = bytes.concat(context, new bytes((32 - (context.length % 32)) % 32));
        bytes memory inner = bytes.concat(probe.inner, bytes32(context.length), padded);
        bytes memory padding = new bytes((32 - (inner.length % 32)) % 32);
        return bytes.concat(head, bytes32(inner.length), inner, padding);
    }

    function _attempt(
        bytes memory payload,
        Probe calldata probe,
        uint256 before,
        uint256 limit,
        Judge calldata judge
    ) internal returns (bool passed, uint256 gasUsed) {
        for (uint256 i = 0; i < probe.places.length; i++) {
            uint256 position = probe.places[i] + ATTEMPT_HEAD;
            require(position + 16 <= payload.length);
            assembly ("memory-safe") {
                // The limit ends with the 16 bytes; the 16 before them stay.
                let place := add(add(payload, 16), position)
                mstore(place, or(shl(128, shr(128, mload(place))), limit))
            }
        }
        uint256 success;
        uint256 size;
        // No more than it needs: EntryPoint 0.6 halts when `postOp` reverts without data.
        uint256 available = _needed(probe.fixedGas + before + limit);
        assembly ("memory-safe") {
            pop(call(available, address(), 0, add(payload, 32), mload(payload), 0, 0))
            size := returndatasize()
            if iszero(lt(size, RESULT_HEAD)) {
                returndatacopy(0, 0, RESULT_HEAD)
                success := mload(0)
                gasUsed := mload(32)
            }
        }
        if (size < RESULT_HEAD || (success == 1) == judge.reverts) return (false, gasUsed);
        if (judge.reverts) {
            bytes4 selector = bytes4(_outputWord(0));
            if (selector != judge.result && selector != judge.otherResult) return (false, gasUsed);
        }
        passed = judge.flagAt == 0 || uint256(_outputWord(judge.flagAt)) == 1;
    }

    /// @dev A word of the output of the last attempt; zero beyond its end.
    function _outputWord(uint256 position) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            if iszero(lt(returndatasize(), add(add(position, 32), RESULT_HEAD))) {
                returndatacopy(0, add(position, RESULT_HEAD), 32)
                word := mload(0)
            }
        }
    }

    /// @dev The output of the last attempt.
    function _output() internal pure returns (bytes memory output, bool returned) {
        assembly ("memory-safe") {
            let length := 0
            if iszero(lt(returndatasize(), RESULT_HEAD)) {
                length := sub(returndatasize(), RESULT_HEAD)
                returndatacopy(0, 0, 32)
                returned := mload(0)
            }
            output := mload(0x40)
            mstore(output, length)
            if length { returndatacopy(add(output, 32), RESULT_HEAD, length) }
            mstore(0x40, and(add(add(output, length), 63), not(31)))
        }
    }

    /// @dev Read in a frame that reverts, for an attempt must find the sender and its deposit cold.
    function _fundsOf(address entryPoint, address account) internal returns (uint256 deposit, uint256 balance) {
        (, bytes memory funds) = address(this).call(abi.encodeCall(this.revertWithFunds, (entryPoint, account)));
        return abi.decode(funds, (uint256, uint256));
    }

    /// @notice Reverts with an account's deposit at the EntryPoint and its balance, one word each.
    function revertWithFunds(address entryPoint, address account) external view {
        (bool ok, bytes memory answer) =
            entryPoint.staticcall(abi.encodeWithSignature("balanceOf(address)", account));
        bytes memory funds =
            abi.encode(ok && answer.length == 32 ? abi.decode(answer, (uint256)) : 0, account.balance);
        assembly ("memory-safe") {
            revert(add(funds, 32), mload(funds))
        }
    }

    /// @notice Calls the EntryPoint with what follows the argument, and reverts with what came of it.
    /// @dev Reverts with success and gas used, one word each, and the first bytes of the output.
    function attempt(address entryPoint) external {
        assembly ("memory-safe") {
            let place := mload(0x40)
            let size := sub(calldatasize(), ATTEMPT_HEAD)
            calldatacopy(place, ATTEMPT_HEAD, size)
            let left := gas()
            let success := call(gas(), entryPoint, 0, place, size, 0, 0)
            let gasUsed := sub(left, gas())
            mstore(place, success)
            mstore(add(place, 32), gasUsed)
            let length := returndatasize()
            if gt(length, MAX_OUTPUT) { length := MAX_OUTPUT }
            returndatacopy(add(place, RESULT_HEAD), 0, length)
            revert(place, add(RESULT_HEAD, length))
        }
    }
}
