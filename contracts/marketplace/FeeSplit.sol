// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Division of a payment between host, protocol and stakers.
library FeeSplit {
    /// @dev Basis points: one is a ten-thousandth.
    uint256 internal constant BASIS = 10_000;
    uint16 internal constant PROTOCOL_BPS = 1_000;
    uint16 internal constant STAKERS_BPS = 500;

    /// @notice Divides `gross`; the host gets what rounding leaves, so the three parts are `gross` again.
    function split(uint256 gross, uint256 protocolBps, uint256 stakersBps)
        internal
        pure
        returns (uint256 host, uint256 protocol, uint256 stakers)
    {
        protocol = gross * protocolBps / BASIS;
        stakers = gross * stakersBps / BASIS;
        host = gross - protocol - stakers;
    }
}
