// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Finds, within one `eth_call`, the operations that pass together as one `handleOps`.
/// @dev Never deployed: a state override puts its code at an address that has none. It calls the EntryPoint's own
/// code, so all validations run before all executions, and whatever the EntryPoint decides is decided by it.
///
/// - `FailedOp` takes out the operation it names; a revert that names none is isolated by halving.
/// - Whoever fails in company is tried alone: only failing alone is failing.
/// - Every attempt runs in a frame that reverts, which gives back state, warm addresses and warm slots.
/// - When the gas of the call runs low the rest stays undecided; what has passed has passed.
contract BundleDriver {
    struct Operation {
        address sender;
        uint192 nonceKey;
        /// Gas that it adds to the gas limit of the transaction, calldata and authorization apart.
        uint256 gas;
        /// ABI-encoded operation without its outer offset, as it stands in the calldata of `handleOps`.
        bytes encoded;
    }

    struct Task {
        address entryPoint;
        /// Of `handleOps(operations, beneficiary)`.
        bytes4 selector;
        address beneficiary;
        /// Gas of `handleOps` beside that of its operations.
        uint256 fixedGas;
        Operation[] operations;
    }

    enum Verdict {
        /// Behind one that failed on its nonce key, or there was no gas left to judge it.
        Undecided,
        Passed,
        /// Fails in company and passes alone.
        FailedInCompany,
        /// Fails behind operations of its own sender, without which it may not even be valid.
        FailedAmongSiblings,
        Failed
    }

    struct Result {
        /// Block on whose state it ran, and the hash of its parent.
        uint256 blockNumber;
        bytes32 parentHash;
        /// Wei per gas, as the operations saw it.
        uint256 baseFee;
        Verdict[] verdicts;
        /// What the EntryPoint reverted with, for operations that failed.
        bytes[] reverts;
        /// Gas of `handleOps` with all that passed, before refunds.
        uint256 gasUsed;
        /// Wei that the beneficiary was paid by it.
        uint256 paid;
    }

    struct Bundle {
        Verdict[] verdicts;
        bytes[] reverts;
        /// Neither judged nor to be tried any more.
        bool[] out;
        /// Indices of the operations of an attempt.
        uint256[] picked;
        uint256 count;
        /// Memory for the calldata of an attempt.
        uint256 scratch;
        uint256 gasUsed;
        uint256 paid;
    }

    struct Attempt {
        bool tried;
        bool ok;
        uint256 gasUsed;
        uint256 paid;
        bytes reverted;
    }

    bytes4 private constant FAILED_OP = bytes4(keccak256("FailedOp(uint256,string)"));
    bytes4 private constant FAILED_OP_WITH_REVERT = bytes4(keccak256("FailedOpWithRevert(uint256,string,bytes)"));
    /// Bytes of a revert that are kept: reasons and inner reverts of the EntryPoint end at 2,048.
    uint256 private constant MAX_REVERT = 4096;
    /// Selector, EntryPoint, gas, beneficiary: what stands before the calldata of `handleOps` in an attempt.
    uint256 private constant ATTEMPT_HEAD = 100;

    function dryRun(Task calldata task) external returns (Result memory result) {
        uint256 length = task.operations.length;
        Bundle memory bundle;
        bundle.verdicts = new Verdict[](length);
        bundle.reverts = new bytes[](length);
        bundle.out = new bool[](length);
        bundle.picked = new uint256[](length);
        bundle.scratch = _reserve(task);
        // Warm for every attempt, as the target of a transaction is.
        require(task.entryPoint.code.length > 0);
        _search(task, bundle);

        result.blockNumber = block.number;
        result.parentHash = block.number == 0 ? bytes32(0) : blockhash(block.number - 1);
        result.baseFee = block.basefee;
        result.verdicts = bundle.verdicts;
        result.reverts = bundle.reverts;
        result.gasUsed = bundle.gasUsed;
        result.paid = bundle.paid;
    }

    /// @dev Halves ranges of operations until all of them are judged or the gas is used up.
    function _search(Task calldata task, Bundle memory bundle) private {
        uint256[] memory starts = new uint256[](bundle.out.length + 2);
        uint256[] memory ends = new uint256[](bundle.out.length + 2);
        uint256 open = 1;
        ends[0] = bundle.out.length;
        while (open > 0) {
            open--;
            (uint256 start, uint256 end) = (starts[open], ends[open]);
            if (_settle(task, bundle, start, end)) continue;
            uint256 middle = (start + end) / 2;
            (starts[open], ends[open]) = (middle, end);
            (starts[open + 1], ends[open + 1]) = (start, middle);
            open += 2;
        }
    }

    /// @dev Tries what passed so far with what is open from `start` to `end`.
    /// @return done False when the range has to be halved.
    function _settle(Task calldata task, Bundle memory bundle, uint256 start, uint256 end)
        private
        returns (bool done)
    {
        while (true) {
            uint256 fresh = _pick(bundle, start, end);
            if (fresh == 0) return true;
            Attempt memory attempt = _attempt(task, bundle);
            if (!attempt.tried) {
                if (end - start > 1) return false;
                bundle.out[start] = true;
                return true;
            }
            if (attempt.ok) {
                for (uint256 i = start; i < end; i++) {
                    if (_isOpen(bundle, i)) bundle.verdicts[i] = Verdict.Passed;
                }
                bundle.gasUsed = attempt.gasUsed;
                bundle.paid = attempt.paid;
                return true;
            }
            uint256 named = _namedBy(attempt.reverted);
            if (named < bundle.count && _isOpen(bundle, bundle.picked[named])) {
                _judge(task, bundle, named, attempt.reverted);
                continue;
            }
            if (fresh > 1) return false;
            for (uint256 place = 0; place < bundle.count; place++) {
                if (_isOpen(bundle, bundle.picked[place])) {
                    _judge(task, bundle, place, attempt.reverted);
                    break;
                }
            }
            return true;
        }
    }

    /// @dev Judges the operation at `place` of an attempt that failed because of it.
    function _judge(Task calldata task, Bundle memory bundle, uint256 place, bytes memory reverted) private {
        uint256 index = bundle.picked[place];
        bundle.out[index] = true;
        Operation calldata operation = task.operations[index];
        for (uint256 i = index + 1; i < bundle.out.length; i++) {
            Operation calldata other = task.operations[i];
            bool behind = other.sender == operation.sender && other.nonceKey == operation.nonceKey;
            if (behind && _isOpen(bundle, i)) bundle.out[i] = true;
        }
        bundle.reverts[index] = reverted;
        bundle.verdicts[index] = Verdict.Failed;
        if (bundle.count == 1) return;
        for (uint256 i = 0; i < place; i++) {
            if (task.operations[bundle.picked[i]].sender == operation.sender) {
                bundle.verdicts[index] = Verdict.FailedAmongSiblings;
                return;
            }
        }
        bundle.picked[0] = index;
        bundle.count = 1;
        Attempt memory alone = _attempt(task, bundle);
        if (!alone.tried) {
            bundle.verdicts[index] = Verdict.Undecided;
        } else if (alone.ok) {
            bundle.verdicts[index] = Verdict.FailedInCompany;
        } else {
            bundle.reverts[index] = alone.reverted;
        }
    }

    /// @dev Picks, in order, what passed and what is open in the range. Returns how many are open.
    function _pick(Bundle memory bundle, uint256 start, uint256 end) private pure returns (uint256 fresh) {
        uint256 count;
        for (uint256 i = 0; i < bundle.out.length; i++) {
            bool isFresh = i >= start && i < end && _isOpen(bundle, i);
            if (isFresh) fresh++;
            if (isFresh || bundle.verdicts[i] == Verdict.Passed) bundle.picked[count++] = i;
        }
        bundle.count = count;
    }

    function _isOpen(Bundle memory bundle, uint256 index) private pure returns (bool) {
        return bundle.verdicts[index] == Verdict.Undecided && !bundle.out[index];
    }

    /// @dev Index that a `FailedOp` names; beyond any bundle for another revert.
    function _namedBy(bytes memory reverted) private pure returns (uint256 index) {
        if (reverted.length < 36) return type(uint256).max;
        bytes4 selector;
        assembly ("memory-safe") {
            selector := mload(add(reverted, 32))
            index := mload(add(reverted, 36))
        }
        if (selector != FAILED_OP && selector != FAILED_OP_WITH_REVERT) return type(uint256).max;
    }

    /// @dev Sets memory aside for the calldata of the largest attempt.
    function _reserve(Task calldata task) private pure returns (uint256 place) {
        uint256 size = ATTEMPT_HEAD + 100;
        for (uint256 i = 0; i < task.operations.length; i++) size += 32 + task.operations[i].encoded.length;
        assembly ("memory-safe") {
            place := mload(0x40)
            mstore(0x40, and(add(add(place, size), 63), not(31)))
        }
    }

    /// @dev Calls itself with the calldata of `handleOps` of the picked operations.
    function _attempt(Task calldata task, Bundle memory bundle) private returns (Attempt memory attempt) {
        (uint256 size, uint256 gasLimit) = _write(task, bundle);
        uint256 words = size / 32;
        // Copy and memory of the frame in between, and what two calls hold back (64/63 twice).
        uint256 needed = ((gasLimit + 60_000 + 12 * words + words * words / 256) * 34) / 32;
        if (gasleft() < needed) return attempt;
        uint256 place = bundle.scratch;
        bytes memory reverted;
        assembly ("memory-safe") {
            pop(call(gas(), address(), 0, place, size, 0, 0))
            // Three words, then what the EntryPoint reverted with. Less when even that ran out of gas.
            if iszero(lt(returndatasize(), 96)) {
                mstore(attempt, 1)
                returndatacopy(add(attempt, 32), 0, 96)
            }
            let length := mul(mload(attempt), sub(returndatasize(), 96))
            reverted := mload(0x40)
            mstore(reverted, length)
            if length { returndatacopy(add(reverted, 32), 96, length) }
            mstore(0x40, and(add(add(reverted, length), 63), not(31)))
        }
        attempt.reverted = reverted;
    }

    function _write(Task calldata task, Bundle memory bundle) private pure returns (uint256 size, uint256 gasLimit) {
        uint256 count = bundle.count;
        uint256 list = bundle.scratch + ATTEMPT_HEAD + 100;
        gasLimit = task.fixedGas;
        uint256 offset = count * 32;
        for (uint256 i = 0; i < count; i++) {
            Operation calldata operation = task.operations[bundle.picked[i]];
            bytes calldata encoded = operation.encoded;
            gasLimit += operation.gas;
            assembly ("memory-safe") {
                mstore(add(list, mul(i, 32)), offset)
                calldatacopy(add(list, offset), encoded.offset, encoded.length)
            }
            offset += encoded.length;
        }
        size = ATTEMPT_HEAD + 100 + offset;
        bytes4 own = this.attemptHandleOps.selector;
        bytes4 selector = task.selector;
        (uint256 place, address entryPoint, address beneficiary) = (bundle.scratch, task.entryPoint, task.beneficiary);
        assembly ("memory-safe") {
            mstore(place, own)
            mstore(add(place, 4), entryPoint)
            mstore(add(place, 36), gasLimit)
            mstore(add(place, 68), beneficiary)
            mstore(add(place, 100), selector)
            mstore(add(place, 104), 64)
            mstore(add(place, 136), beneficiary)
            mstore(add(place, 168), count)
        }
    }

    /// @notice Calls the EntryPoint with what follows the arguments, and reverts with what came of it.
    /// @dev Reverts with success, gas used and payment, one word each, and the EntryPoint's revert bytes.
    function attemptHandleOps(address entryPoint, uint256 gasLimit, address beneficiary) external {
        uint256 before = beneficiary.balance;
        uint256 ok;
        uint256 gasUsed;
        assembly ("memory-safe") {
            let place := mload(0x40)
            let size := sub(calldatasize(), ATTEMPT_HEAD)
            calldatacopy(place, ATTEMPT_HEAD, size)
            let left := gas()
            ok := call(gasLimit, entryPoint, 0, place, size, 0, 0)
            gasUsed := sub(left, gas())
        }
        uint256 balance = beneficiary.balance;
        uint256 paid = balance > before ? balance - before : 0;
        assembly ("memory-safe") {
            let place := mload(0x40)
            mstore(place, ok)
            mstore(add(place, 32), gasUsed)
            mstore(add(place, 64), paid)
            let length := 0
            if iszero(ok) {
                length := returndatasize()
                if gt(length, MAX_REVERT) { length := MAX_REVERT }
                returndatacopy(add(place, 96), 0, length)
            }
            revert(place, add(96, length))
        }
    }
}
