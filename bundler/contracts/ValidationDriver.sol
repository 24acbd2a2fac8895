// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Simulates the validations of several operations within one `eth_call`, each as if it were alone.
/// @dev Never deployed: a state override puts its code at an address that has none, and that of a simulation at the
/// EntryPoint's address.
///
/// - Every simulation runs in a frame that reverts, which gives back state, warm addresses and warm slots.
/// - It is given the gas that the operation may use and no more, so that nobody uses up that of the others.
/// - What is not certain to be the result of a call of its own is undecided: there was no gas left for it, it used up
///   all that it was given, or its output is too long to be kept beside that of the others.
contract ValidationDriver {
    struct Operation {
        /// Gas with which the simulation gives each entity all that its limits allow.
        uint256 gas;
        /// Calldata of the simulation.
        bytes data;
    }

    enum State {
        Undecided,
        Reverted,
        Returned
    }

    struct Outcome {
        State state;
        bytes output;
    }

    /// Bytes of output that are kept: reasons and inner reverts of most EntryPoints end at 2,048.
    uint256 private constant MAX_OUTPUT = 4_096;
    /// Selector, EntryPoint, gas: what stands before the calldata of a simulation.
    uint256 private constant ATTEMPT_HEAD = 68;
    /// Gas for what comes after an attempt; enough to return 32 outputs behind 128 KiB of operations.
    uint256 private constant RESERVE = 500_000;

    function simulate(address entryPoint, Operation[] calldata operations)
        external
        returns (Outcome[] memory outcomes)
    {
        outcomes = new Outcome[](operations.length);
        for (uint256 i = 0; i < outcomes.length; i++) {
            Operation calldata operation = operations[i];
            bytes memory payload = abi.encodePacked(
                this.attempt.selector, uint256(uint160(entryPoint)), operation.gas, operation.data
            );
            (outcomes[i].state, outcomes[i].output) = _attempt(payload);
        }
    }

    function _attempt(bytes memory payload) private returns (State state, bytes memory output) {
        assembly ("memory-safe") {
            pop(call(gas(), address(), 0, add(payload, 32), mload(payload), 0, 0))
            if iszero(lt(returndatasize(), 32)) {
                returndatacopy(0, 0, 32)
                state := add(1, mload(0))
                let length := sub(returndatasize(), 32)
                output := mload(0x40)
                mstore(output, length)
                returndatacopy(add(output, 32), 32, length)
                mstore(0x40, and(add(add(output, length), 63), not(31)))
            }
        }
    }

    /// @notice Calls the EntryPoint with what follows the arguments, and reverts with what came of it.
    /// @dev Reverts with success, one word, and the output; with nothing when that is undecided.
    function attempt(address entryPoint, uint256 gasLimit) external {
        assembly ("memory-safe") {
            let place := mload(0x40)
            let size := sub(calldatasize(), ATTEMPT_HEAD)
            calldatacopy(place, ATTEMPT_HEAD, size)
            // A call passes on 63/64 of what is left at most (EIP-150).
            if lt(gas(), add(RESERVE, div(mul(gasLimit, 64), 63))) { revert(0, 0) }
            let success := call(gasLimit, entryPoint, 0, place, size, 0, 0)
            let length := returndatasize()
            // Without any, the EntryPoint may have run out of gas, which it might not with more.
            if or(iszero(length), gt(length, MAX_OUTPUT)) { revert(0, 0) }
            mstore(place, success)
            returndatacopy(add(place, 32), 0, length)
            revert(place, add(32, length))
        }
    }
}
