// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IStakedVotes} from "../interfaces/IStakedVotes.sol";

/// @title Votes of stakers over time. They belong to the staker and are not delegated.
abstract contract StakedVotes is IStakedVotes {
    using Checkpoints for Checkpoints.Trace208;
    using SafeCast for uint256;

    /// @custom:storage-location erc7201:fabstir.storage.StakedVotes
    struct VotesStorage {
        mapping(address account => Checkpoints.Trace208) votes;
        Checkpoints.Trace208 extra;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.StakedVotes")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant VOTES_STORAGE = 0xd0e3ab9499163a0e3dea639e1a26dbbfeb338d60a1bccb820d85a6e960150c00;

    event StakedVotesChanged(address indexed account, uint256 previousVotes, uint256 newVotes);

    /// @notice Votes of the running second may still change.
    error StakersPoolFutureLookup(uint256 timepoint, uint48 clock);

    /// @inheritdoc IStakedVotes
    function getVotes(address account) external view returns (uint256) {
        return _votesStorage().votes[account].latest();
    }

    /// @inheritdoc IStakedVotes
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256) {
        return _votesStorage().votes[account].upperLookupRecent(_past(timepoint));
    }

    /// @inheritdoc IStakedVotes
    function getPastExtraVotes(uint256 timepoint) external view returns (uint256) {
        return _votesStorage().extra.upperLookupRecent(_past(timepoint));
    }

    /// @inheritdoc IStakedVotes
    function clock() public view returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @inheritdoc IStakedVotes
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=timestamp";
    }

    /// @param staked Change of the account's stake, in wei of FAB.
    function _changeVotes(address account, uint256 removed, uint256 gained, int256 staked) internal {
        if (removed == gained) return;
        VotesStorage storage $ = _votesStorage();
        uint256 previous = $.votes[account].latest();
        uint256 next = previous - removed + gained;
        $.votes[account].push(clock(), next.toUint208());
        int256 extra = int256(gained) - int256(removed) - staked;
        if (extra != 0) $.extra.push(clock(), uint256(int256(uint256($.extra.latest())) + extra).toUint208());
        emit StakedVotesChanged(account, previous, next);
    }

    function _past(uint256 timepoint) private view returns (uint48) {
        if (timepoint >= clock()) revert StakersPoolFutureLookup(timepoint, clock());
        return uint48(timepoint);
    }

    function _votesStorage() private pure returns (VotesStorage storage $) {
        assembly {
            $.slot := VOTES_STORAGE
        }
    }
}
