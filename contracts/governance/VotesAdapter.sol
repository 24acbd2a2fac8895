// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IStakedVotes} from "../interfaces/IStakedVotes.sol";
import {IVotesAdapter} from "../interfaces/IVotesAdapter.sol";

/// @title Votes of FAB, staked or not.
/// @dev Staked FAB lies undelegated in the staking contract and votes only there; both sides are checkpoints by the
/// same clock, so FAB that moves from one to the other votes once in each second.
contract VotesAdapter is IVotesAdapter {
    bytes32 private constant TIMESTAMP_MODE = keccak256("mode=timestamp");

    /// @inheritdoc IVotesAdapter
    IERC5805 public immutable fab;

    /// @inheritdoc IVotesAdapter
    IStakedVotes public immutable staked;

    /// @param fab_ Token that counts votes at Unix seconds.
    /// @param staked_ Staking contract; may be an address that is not deployed yet.
    constructor(IERC5805 fab_, IStakedVotes staked_) {
        if (address(staked_) == address(0)) revert VotesAdapterZeroAddress();
        string memory mode = fab_.CLOCK_MODE();
        if (keccak256(bytes(mode)) != TIMESTAMP_MODE) revert VotesAdapterClockMode(mode);
        (fab, staked) = (fab_, staked_);
    }

    /// @inheritdoc IVotes
    function getVotes(address account) external view returns (uint256) {
        return fab.getVotes(account) + _stakedVotes(abi.encodeCall(IStakedVotes.getVotes, (account)));
    }

    /// @inheritdoc IVotes
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256) {
        return fab.getPastVotes(account, timepoint)
            + _stakedVotes(abi.encodeCall(IStakedVotes.getPastVotes, (account, timepoint)));
    }

    /// @notice All votes that there can be: the supply of FAB, staked FAB among it, and what multipliers add. So who
    /// votes with a multiplier raises the quorum by it too.
    /// @dev No multiplier is above two. A staking contract that says more does not put the quorum out of reach.
    function getPastTotalSupply(uint256 timepoint) external view returns (uint256) {
        uint256 supply = fab.getPastTotalSupply(timepoint);
        uint256 extra = _stakedVotes(abi.encodeCall(IStakedVotes.getPastExtraVotes, (timepoint)));
        return supply + Math.min(extra, supply);
    }

    /// @notice Delegate of the FAB that `account` holds. Staked votes are not delegated.
    function delegates(address account) external view returns (address) {
        return fab.delegates(account);
    }

    /// @notice Always reverts: delegate on {fab}.
    function delegate(address) external view {
        revert VotesAdapterDelegateOnToken(address(fab));
    }

    /// @notice Always reverts: delegate on {fab}.
    function delegateBySig(address, uint256, uint256, uint8, bytes32, bytes32) external view {
        revert VotesAdapterDelegateOnToken(address(fab));
    }

    /// @inheritdoc IERC6372
    function clock() external view returns (uint48) {
        return fab.clock();
    }

    /// @inheritdoc IERC6372
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external view returns (string memory) {
        return fab.CLOCK_MODE();
    }

    /// @dev A staking contract that fails counts as nothing: a bad upgrade of it must not end governance, which alone
    /// could repair it.
    function _stakedVotes(bytes memory call) private view returns (uint256) {
        (bool success, bytes memory returned) = address(staked).staticcall(call);
        return success && returned.length >= 32 ? abi.decode(returned, (uint256)) : 0;
    }
}
