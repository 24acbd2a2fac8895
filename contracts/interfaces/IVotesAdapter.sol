// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {IStakedVotes} from "./IStakedVotes.sol";

/// @notice The votes of an account: delegated FAB and, through the staking contract's checkpoints, staked FAB.
interface IVotesAdapter is IERC5805 {
    /// @notice Votes are delegated on the token itself: {fab}.
    error VotesAdapterDelegateOnToken(address fab);

    /// @notice The token counts by `mode`, where votes need "mode=timestamp".
    error VotesAdapterClockMode(string mode);

    error VotesAdapterZeroAddress();

    /// @notice FAB.
    function fab() external view returns (IERC5805);

    /// @notice Staking contract. It must never delegate the FAB that it holds, or staked FAB votes twice.
    function staked() external view returns (IStakedVotes);
}
