// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IEntryPoint, PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {SponsorPaymaster} from "./SponsorPaymaster.sol";

/// @notice A {SponsorPaymaster} for EntryPoint 0.9 that signs beside or after the account: its signature may stand in the
/// suffix of paymasterAndData that is no part of userOpHash.
/// @dev paymasterAndData of 145 bytes is checked as ever. One of 155 has the same fields at the same places, followed by
/// the length of the signature (2, always 65) and the magic (8), and the signature is over the same digest: whoever
/// moves it from one form to the other changes nothing that is paid for.
contract ParallelSponsorPaymaster is SponsorPaymaster {
    uint256 private constant PARALLEL_END = 155;
    /// @dev 65 and keccak256("PaymasterSignature")[:8].
    bytes10 private constant SUFFIX = 0x004122e325a297439656;

    constructor(
        IEntryPoint entryPoint_,
        address signerA_,
        address signerB_,
        address operator_,
        address payable treasury_
    ) SponsorPaymaster(entryPoint_, signerA_, signerB_, operator_, treasury_) {}

    /// @inheritdoc SponsorPaymaster
    function validatePaymasterUserOp(PackedUserOperation calldata userOp, bytes32 userOpHash, uint256 maxCost)
        public
        view
        override
        returns (bytes memory context, uint256 validationData)
    {
        bytes calldata data = userOp.paymasterAndData;
        if (data.length != PARALLEL_END || bytes10(data[END:]) != SUFFIX) {
            return super.validatePaymasterUserOp(userOp, userOpHash, maxCost);
        }
        if (msg.sender != address(entryPoint)) revert SponsorPaymasterNotEntryPoint(msg.sender);
        return _validate(userOp, data);
    }
}
