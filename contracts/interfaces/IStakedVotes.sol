// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Votes of staked FAB, in wei of FAB times the vote multiplier of the tier, counted at Unix seconds.
interface IStakedVotes {
    /// @notice Votes of `account` now.
    function getVotes(address account) external view returns (uint256);

    /// @notice Votes of `account` at the end of the second `timepoint`, which must be over.
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256);

    /// @notice Votes that multipliers added, over one for each staked FAB, for all stakers at the end of the second
    /// `timepoint`, which must be over.
    function getPastExtraVotes(uint256 timepoint) external view returns (uint256);

    /// @notice Unix seconds (ERC-6372).
    function clock() external view returns (uint48);

    /// @notice "mode=timestamp" (ERC-6372).
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external view returns (string memory);
}
