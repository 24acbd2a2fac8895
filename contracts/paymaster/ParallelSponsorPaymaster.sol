// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC4337Utils} from "@openzeppelin/contracts/account/utils/ERC4337Utils.sol";
import {IEntryPoint, PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SponsorPaymaster} from "./SponsorPaymaster.sol";

/// @notice A {SponsorPaymaster} for EntryPoint 0.9 that signs beside or after the account: its signature may stand in the
/// suffix of paymasterAndData that is no part of userOpHash.
/// @dev paymasterAndData of 145 bytes is checked as ever. One of 155 has the same fields at the same places, followed by
/// the length of the signature (2, always 65) and the magic (8), and the signature is over the same digest: whoever
/// moves it from one form to the other changes nothing that is paid for.
/// The checks are written again and not shared: {SponsorPaymaster} is deployed, and its code stays as it is.
contract ParallelSponsorPaymaster is SponsorPaymaster {
    uint256 private constant VALID_AFTER_OFFSET = 68;
    uint256 private constant VALID_UNTIL_OFFSET = 74;
    uint256 private constant SIGNATURE_OFFSET = 80;
    uint256 private constant SIGNATURE_END = 145;
    uint256 private constant PARALLEL_END = 155;
    uint256 private constant DATA_OFFSET = 52;
    uint48 private constant MAX_WINDOW = 1 hours;
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
    function validatePaymasterUserOp(PackedUserOperation calldata userOp, bytes32, uint256)
        external
        view
        override
        returns (bytes memory context, uint256 validationData)
    {
        if (msg.sender != address(entryPoint)) revert SponsorPaymasterNotEntryPoint(msg.sender);
        bytes calldata data = userOp.paymasterAndData;
        uint256 length = data.length;
        bool known = length == SIGNATURE_END || (length == PARALLEL_END && bytes10(data[SIGNATURE_END:]) == SUFFIX);
        if (!known) revert SponsorPaymasterDataLength(length < DATA_OFFSET ? 0 : length - DATA_OFFSET);

        uint48 validAfter = uint48(bytes6(data[VALID_AFTER_OFFSET:]));
        uint48 validUntil = uint48(bytes6(data[VALID_UNTIL_OFFSET:]));
        // From the top bit on, the EntryPoint would count blocks instead of seconds.
        if (validUntil <= validAfter || validUntil - validAfter > MAX_WINDOW || validUntil >> 47 != 0) {
            revert SponsorPaymasterWindow(validAfter, validUntil);
        }

        bytes calldata signature = data[SIGNATURE_OFFSET:SIGNATURE_END];
        (address signer,,) = ECDSA.tryRecoverCalldata(sponsorshipHash(userOp), signature);
        bool valid = signer != address(0) && (signer == signerA || signer == signerB);
        return ("", ERC4337Utils.packValidationData(valid, validAfter, validUntil));
    }
}
