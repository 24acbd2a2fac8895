// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {GasAttempts} from "./GasAttempts.sol";

/// @notice Finds least sufficient gas limits of an operation within one `eth_call`.
/// @dev Never deployed: a state override puts its code at an address that has none, and that of a simulation at the
/// EntryPoint's address.
///
/// - A limit is sufficient when the attempt passes and takes the gas that it took with the largest limit. Passing is
///   not enough: a contract may ignore the failure of a call that ran out of gas.
/// - When the gas of the call runs low the bounds found so far are returned, and the next call goes on from them.
contract GasSearch is GasAttempts {
    /// Where a paymaster's context stands in the output of a simulated validation.
    struct ContextPlace {
        /// Byte offset of the offset of `returnInfo`, from which that counts.
        uint256 base;
        /// Word of `returnInfo` with the offset of the context.
        uint256 word;
    }

    enum State {
        Fresh,
        Open,
        Done,
        Skipped,
        Failed
    }

    struct Progress {
        State state;
        /// The probe that passed; before that, the one to try next.
        uint256 probe;
        /// Known not to be sufficient, and known to be.
        uint256 low;
        uint256 high;
        /// What an attempt takes at least and at most when nothing in it runs out of gas.
        uint256 leastGas;
        uint256 mostGas;
    }

    struct Search {
        /// The first that passes with the largest limit is searched.
        Probe[] probes;
        Judge judge;
        /// Number, from 1, of the search of the validation that its attempts begin with; 0 for none.
        uint256 validation;
        /// Whether the context of that validation is appended. Without a context the search is skipped.
        bool appendsContext;
        ContextPlace contextPlace;
        /// Whether the search is skipped for a sender without deposit.
        bool needsDeposit;
        /// Largest limit.
        uint256 most;
        Progress progress;
    }

    struct Found {
        Progress progress;
        /// Of the attempt with the largest limit; when none passed, of that with the first probe.
        bytes output;
        /// Whether that attempt returned its output, and did not revert with it.
        bool returned;
    }

    struct Task {
        address entryPoint;
        address sender;
        Search[] searches;
    }

    /// What an EntryPoint's own branches on a limit may take more or less.
    uint256 private constant SAME_GAS = 150;

    /// @return found One for each search.
    /// @return deposit Of the sender at the EntryPoint, in wei.
    /// @return balance Of the sender, in wei.
    function search(Task calldata task) external returns (Found[] memory found, uint256 deposit, uint256 balance) {
        uint256 startGas = gasleft();
        // Warm for every attempt, as the target of a transaction is.
        require(task.entryPoint.code.length > 0);
        (deposit, balance) = _fundsOf(task.entryPoint, task.sender);
        found = new Found[](task.searches.length);
        for (uint256 i = 0; i < found.length; i++) {
            Search calldata one = task.searches[i];
            found[i].progress = one.progress;
            if (one.progress.state > State.Open) continue;
            bytes memory context;
            if (one.validation > 0) {
                Found memory validated = found[one.validation - 1];
                if (validated.progress.state != State.Done) continue;
                if (one.appendsContext) context = _contextIn(validated.output, one.contextPlace);
            }
            if ((one.appendsContext && context.length == 0) || (one.needsDeposit && deposit == 0)) {
                found[i].progress.state = State.Skipped;
                continue;
            }
            uint256 before = one.validation > 0 ? 2 * found[one.validation - 1].progress.mostGas : 0;
            _run(task.entryPoint, one, context, before, startGas, found[i]);
        }
    }

    function _run(
        address entryPoint,
        Search calldata one,
        bytes memory context,
        uint256 before,
        uint256 startGas,
        Found memory found
    ) private {
        Progress memory progress = found.progress;
        bytes memory payload;
        if (progress.state == State.Fresh) {
            payload = _begin(entryPoint, one, context, before, startGas, found);
            if (progress.state != State.Open) return;
        } else {
            payload = _encode(entryPoint, one.probes[progress.probe], context);
        }
        Probe calldata probe = one.probes[progress.probe];
        // An attempt takes more gas than any one step in it, so this is mostly enough.
        uint256 limit = progress.mostGas + progress.mostGas / 32;
        while (_isWide(progress)) {
            if (limit <= progress.low || limit >= progress.high) limit = (progress.low + progress.high) / 2;
            if (gasleft() < _needed(probe.fixedGas + before + limit)) return;
            (bool passed, uint256 gasUsed) = _attempt(payload, probe, before, limit, one.judge);
            if (passed && gasUsed >= progress.leastGas && gasUsed <= progress.mostGas) progress.high = limit;
            else progress.low = limit;
            limit = 0;
        }
        progress.state = State.Done;
    }

    /// @dev Attempts with the largest limit, which say what an attempt takes.
    function _begin(
        address entryPoint,
        Search calldata one,
        bytes memory context,
        uint256 before,
        uint256 startGas,
        Found memory found
    ) private returns (bytes memory payload) {
        Progress memory progress = found.progress;
        uint256 limit = one.most;
        // The next call goes on with the probe that this one has no gas for.
        for (uint256 i = progress.probe; i < one.probes.length; i++) {
            progress.probe = i;
            Probe calldata probe = one.probes[i];
            uint256 beside = probe.fixedGas + before;
            if (gasleft() < _needed(beside + limit)) {
                // The next call has more gas, unless this one has only begun.
                if (gasleft() < (startGas / 4) * 3 || gasleft() < _needed(beside)) return payload;
                limit = ((gasleft() / 72) * 64 - 100_000) - beside;
            }
            payload = _encode(entryPoint, probe, context);
            (bool passed, uint256 gasUsed) = _attempt(payload, probe, before, limit, one.judge);
            if (passed || i == 0) (found.output, found.returned) = _output();
            if (!passed) continue;
            progress.high = limit;
            (progress.leastGas, progress.mostGas) = (gasUsed, gasUsed);
            progress.state = probe.places.length == 0 ? State.Done : State.Open;
            if (progress.state == State.Open) _measureSpread(payload, probe, one, before, progress);
            return payload;
        }
        progress.state = State.Failed;
    }

    /// @dev Hashes cover the limit, and code may take more or less gas for one hash than for another.
    function _measureSpread(
        bytes memory payload,
        Probe calldata probe,
        Search calldata one,
        uint256 before,
        Progress memory progress
    ) private {
        uint256 limit = progress.high;
        // Takes what it is given, which says nothing about its need.
        if (progress.mostGas > limit / 2) {
            progress.leastGas = 0;
            return;
        }
        for (uint256 i = 1; i <= 2 && gasleft() >= _needed(probe.fixedGas + before + limit); i++) {
            (bool passed, uint256 gasUsed) = _attempt(payload, probe, before, limit - i, one.judge);
            if (!passed) continue;
            if (gasUsed < progress.leastGas) progress.leastGas = gasUsed;
            if (gasUsed > progress.mostGas) progress.mostGas = gasUsed;
        }
        uint256 tolerance = SAME_GAS + 2 * (progress.mostGas - progress.leastGas);
        progress.leastGas = progress.leastGas > tolerance ? progress.leastGas - tolerance : 0;
        progress.mostGas += tolerance;
    }

    function _isWide(Progress memory progress) private pure returns (bool) {
        uint256 width = progress.high / 256;
        return progress.high - progress.low > (width > 64 ? width : 64);
    }

    function _contextIn(bytes memory output, ContextPlace calldata place) private pure returns (bytes memory context) {
        uint256 info = place.base + _wordAt(output, place.base);
        uint256 start = info + _wordAt(output, info + 32 * place.word);
        uint256 length = _wordAt(output, start);
        require(start + 32 + length <= output.length);
        context = new bytes(length);
        for (uint256 i = 0; i < length; i += 32) {
            assembly ("memory-safe") {
                // Output is padded to whole words behind its end.
                mstore(add(add(context, 32), i), mload(add(add(output, 64), add(start, i))))
            }
        }
    }

    function _wordAt(bytes memory data, uint256 position) private pure returns (uint256 word) {
        require(position + 32 <= data.length);
        assembly ("memory-safe") {
            word := mload(add(add(data, 32), position))
        }
    }
}
