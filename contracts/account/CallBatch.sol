// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Reads abi.encode(Operation[]) or abi.encode(Call[]) of ERC-7821 element by element.
/// @dev Validation and execution see the same bytes at different places of their calldata. Solidity's own calldata
/// arrays may point outside of the encoding, where the two see different things; here nothing outside is ever read,
/// so what was checked is what runs.
library CallBatch {
    /// @notice The encoding points outside of itself.
    error CallBatchMalformed();

    /// @return elements Position of the first element's pointer, for {callAt}.
    /// @return count Number of calls in `batch`.
    function open(bytes calldata batch) internal pure returns (uint256 elements, uint256 count) {
        uint256 malformed;
        assembly ("memory-safe") {
            let size := batch.length
            let position := calldataload(batch.offset)
            malformed := or(lt(size, 0x40), gt(position, sub(size, 0x20)))
            elements := add(position, 0x20)
            count := calldataload(add(batch.offset, position))
            malformed := or(malformed, gt(count, shr(5, sub(size, elements))))
        }
        if (malformed != 0) revert CallBatchMalformed();
    }

    /// @notice Call number `index` of `batch`.
    /// @param elements From {open}.
    /// @param index Must be below the count.
    function callAt(bytes calldata batch, uint256 elements, uint256 index)
        internal
        pure
        returns (address target, uint256 value, bytes calldata data)
    {
        uint256 malformed;
        assembly ("memory-safe") {
            let element := calldataload(add(batch.offset, add(elements, shl(5, index))))
            malformed := element
            element := add(element, elements)

            let position := add(batch.offset, element)
            target := calldataload(position)
            malformed := or(malformed, shr(96, target))
            value := calldataload(add(position, 0x20))

            let tail := calldataload(add(position, 0x40))
            malformed := or(malformed, tail)
            tail := add(tail, element)
            position := add(batch.offset, tail)
            data.offset := add(position, 0x20)
            data.length := calldataload(position)

            // Nothing of 2^64 or more was added, so no sum above overflowed; the target has no bit above 160.
            malformed := shr(64, or(malformed, data.length))
            malformed := or(malformed, gt(add(element, 0x60), batch.length))
            malformed := or(malformed, gt(add(add(tail, 0x20), data.length), batch.length))
        }
        if (malformed != 0) revert CallBatchMalformed();
    }

    /// @notice Selector and arguments of one call.
    /// @return selector 0 when `data` is shorter than a selector.
    function split(bytes calldata data) internal pure returns (bytes4 selector, bytes calldata args) {
        assembly ("memory-safe") {
            let long := gt(data.length, 3)
            selector := mul(long, and(calldataload(data.offset), shl(224, 0xffffffff)))
            args.offset := add(data.offset, shl(2, long))
            args.length := sub(data.length, shl(2, long))
        }
    }

    /// @notice The batch in the arguments of `execute(mode, executionData)`.
    /// @dev In canonical form only: what Solidity decodes in execution is then what stands here.
    /// @return canonical Whether the mode is `mode` and `executionData` stands where it belongs.
    function executionData(bytes calldata args, bytes32 mode)
        internal
        pure
        returns (bool canonical, bytes calldata batch)
    {
        assembly ("memory-safe") {
            batch.offset := add(args.offset, 0x60)
            batch.length := calldataload(add(args.offset, 0x40))
            canonical := and(eq(calldataload(args.offset), mode), eq(calldataload(add(args.offset, 0x20)), 0x40))
            canonical := and(canonical, gt(args.length, 0x5f))
            canonical := and(canonical, iszero(gt(batch.length, sub(args.length, 0x60))))
        }
    }
}
