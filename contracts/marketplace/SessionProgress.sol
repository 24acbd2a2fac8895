// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISessionJobs} from "../interfaces/ISessionJobs.sol";

/// @notice All that a checkpoint reads and writes, save the key that signs it, in one slot; from the lowest bit:
/// provenTokens (40 bits) | capacity (40): tokens that the deposit pays for, which bound `provenTokens` |
/// startedAt (40): Unix seconds | maxDuration (32): seconds | closing (32): seconds of the closing window while active,
/// once closing, seconds from the start to its end, once settled, to the settlement | proofInterval (24): tokens |
/// feeBps (24): basis points of the protocol and, in the low 12 bits, of the stakers | status (8) | proofMode (8) |
/// flags (8): which of the words that most sessions do not need are in use.
/// @dev In memory, functions change it in place; whoever loaded it stores it.
struct Progress {
    uint256 word;
}

using SessionProgress for Progress global;

/// @dev The word is read and written as it is: unpacking all ten fields and packing them again would cost each
/// checkpoint some 1,000 gas.
library SessionProgress {
    uint256 private constant CAPACITY = 40;
    uint256 private constant STARTED_AT = 80;
    uint256 private constant MAX_DURATION = 120;
    uint256 private constant CLOSING = 152;
    uint256 private constant PROOF_INTERVAL = 184;
    uint256 private constant FEE_BPS = 208;
    uint256 private constant STATUS = 232;
    uint256 private constant PROOF_MODE = 240;
    uint256 private constant FLAGS = 248;

    /// @notice The word of a new session, which is active and has proven nothing.
    /// @dev Parameters have the widths of the fields: every cast is the caller's.
    function open(
        uint40 capacity_,
        uint40 startedAt_,
        uint32 maxDuration_,
        uint32 closingWindow,
        uint24 proofInterval_,
        uint24 feeBps_,
        ISessionJobs.ProofMode proofMode_,
        uint8 flags_
    ) internal pure returns (Progress memory) {
        return Progress(
            (uint256(capacity_) << CAPACITY) | (uint256(startedAt_) << STARTED_AT)
                | (uint256(maxDuration_) << MAX_DURATION) | (uint256(closingWindow) << CLOSING)
                | (uint256(proofInterval_) << PROOF_INTERVAL) | (uint256(feeBps_) << FEE_BPS)
                | (uint256(ISessionJobs.SessionStatus.Active) << STATUS) | (uint256(proofMode_) << PROOF_MODE)
                | (uint256(flags_) << FLAGS)
        );
    }

    function provenTokens(Progress memory self) internal pure returns (uint40) {
        return uint40(self.word);
    }

    function capacity(Progress memory self) internal pure returns (uint40) {
        return uint40(self.word >> CAPACITY);
    }

    function startedAt(Progress memory self) internal pure returns (uint40) {
        return uint40(self.word >> STARTED_AT);
    }

    function maxDuration(Progress memory self) internal pure returns (uint32) {
        return uint32(self.word >> MAX_DURATION);
    }

    function closing(Progress memory self) internal pure returns (uint32) {
        return uint32(self.word >> CLOSING);
    }

    function proofInterval(Progress memory self) internal pure returns (uint24) {
        return uint24(self.word >> PROOF_INTERVAL);
    }

    function feeBps(Progress memory self) internal pure returns (uint24) {
        return uint24(self.word >> FEE_BPS);
    }

    function status(Progress memory self) internal pure returns (ISessionJobs.SessionStatus) {
        return ISessionJobs.SessionStatus(uint8(self.word >> STATUS));
    }

    function proofMode(Progress memory self) internal pure returns (ISessionJobs.ProofMode) {
        return ISessionJobs.ProofMode(uint8(self.word >> PROOF_MODE));
    }

    function has(Progress memory self, uint8 flag) internal pure returns (bool) {
        return (self.word >> FLAGS) & flag != 0;
    }

    function setProvenTokens(Progress memory self, uint40 tokens) internal pure {
        self.word = (self.word & ~uint256(type(uint40).max)) | tokens;
    }

    function setStatus(Progress memory self, ISessionJobs.SessionStatus status_) internal pure {
        self.word = (self.word & ~(uint256(type(uint8).max) << STATUS)) | (uint256(status_) << STATUS);
    }

    function setClosing(Progress memory self, uint32 closing_) internal pure {
        self.word = (self.word & ~(uint256(type(uint32).max) << CLOSING)) | (uint256(closing_) << CLOSING);
    }

    function raise(Progress memory self, uint8 flag) internal pure {
        self.word |= uint256(flag) << FLAGS;
    }

    function lower(Progress memory self, uint8 flag) internal pure {
        self.word &= ~(uint256(flag) << FLAGS);
    }
}
