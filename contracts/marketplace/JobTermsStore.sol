// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Where the governed terms of single jobs are stored.
abstract contract JobTermsStore {
    /// @custom:storage-location erc7201:fabstir.storage.JobTerms
    /// @dev Zero stands for the default, except for the bonus, where it is none.
    struct TermsStorage {
        uint32 reviewWindow;
        uint32 arbiterWindow;
        uint16 disputeBondBps;
        uint16 bonusReputation;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.JobTerms")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant TERMS_STORAGE = 0x6d41f3f5c3997c1b2c0e4d5a436020861c4f5606b3de473e2028c162642f4900;

    function _termsStorage() internal pure returns (TermsStorage storage $) {
        assembly {
            $.slot := TERMS_STORAGE
        }
    }
}
