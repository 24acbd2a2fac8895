// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IHostTerms} from "../interfaces/IHostTerms.sol";
import {IStakeSlashing} from "../interfaces/IStakeSlashing.sol";
import {NodeStore} from "./NodeStore.sol";

/// @title Stake that hosts lose, within limits, into a ledger from which it is claimed.
abstract contract StakeSlashing is IStakeSlashing, IHostTerms, NodeStore {
    using SafeERC20 for IERC20;

    /// @inheritdoc IStakeSlashing
    uint256 public constant claimBond = 20e18;

    uint256 private constant SLASH_REST = 100e18;
    /// @dev What a host's friends could get out of its stake each day stays far below what unbonding gives it.
    uint256 private constant BONDS_A_DAY = 5;

    /// @inheritdoc IHostTerms
    /// @dev A node is jailed even when the limits leave nothing to take. A small slash is no shield against a larger
    /// one, nor are many of them a way out: a host that has itself challenged by friends loses all but the first to the
    /// owner.
    function slash(address node, uint256 amount, address recipient, string calldata reason)
        external
        returns (uint256 slashed)
    {
        RegistryStorage storage $ = _registryStorage();
        if (msg.sender != $.proofSystem && msg.sender != owner()) revert NodeRegistryNotSlasher(msg.sender);
        if (recipient == address(0)) revert NodeRegistryZeroAddress();
        StoredNode storage stored = $.nodes[node];
        if (amount == 0 || stored.firstDay == 0) return 0;

        _jail(stored, node, $.jailPeriod);
        bool newDay = block.timestamp >= stored.slashedAt + 1 days;
        uint256 total = uint256(stored.stake) + stored.unbonding;
        uint256 left = newDay ? total / 2 : stored.slashLeft;
        slashed = Math.min(Math.min(amount, left), Math.saturatingSub(total, SLASH_REST));
        if (slashed == 0) return 0;
        stored.slashLeft = uint96(left - slashed);
        if (newDay) stored.slashedAt = uint40(block.timestamp);
        else if (msg.sender != owner()) recipient = owner();
        (uint256 fromStake, uint256 fromUnbonding) = _take($, stored, slashed, recipient);
        emit NodeSlashed(node, recipient, fromStake, fromUnbonding, reason);
    }

    /// @inheritdoc IHostTerms
    function coveredClaims(address host) external view returns (uint256) {
        return _registryStorage().nodes[host].stake / claimBond;
    }

    /// @inheritdoc IHostTerms
    /// @dev Claims of a friend's jobs, all abandoned at once, would take the whole stake past the unbonding.
    function forfeitClaimBond(address host, address renter) external returns (uint256 amount) {
        RegistryStorage storage $ = _registryStorage();
        if (msg.sender != $.marketplace) revert NodeRegistryNotMarketplace(msg.sender);
        StoredNode storage stored = $.nodes[host];
        amount = Math.min(claimBond, uint256(stored.stake) + stored.unbonding);
        if (amount == 0) return 0;
        address recipient = _countBond(stored) ? renter : owner();
        (uint256 fromStake, uint256 fromUnbonding) = _take($, stored, amount, recipient);
        emit ClaimBondForfeited(host, recipient, fromStake, fromUnbonding);
    }

    /// @inheritdoc IStakeSlashing
    function claimSlashed() external returns (uint256 amount) {
        RegistryStorage storage $ = _registryStorage();
        amount = $.slashed[msg.sender];
        if (amount == 0) revert NodeRegistryNothingToClaim(msg.sender);

        delete $.slashed[msg.sender];
        emit SlashedClaimed(msg.sender, amount);
        $.fab.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IStakeSlashing
    function slashedUnclaimed(address recipient) external view returns (uint256) {
        return _registryStorage().slashed[recipient];
    }

    /// @inheritdoc IStakeSlashing
    function isJailed(address node) external view returns (bool) {
        return _isJailed(_registryStorage().nodes[node]);
    }

    /// @dev A shorter period never ends an earlier jail. The flag stays: the cooldown outlives the registration.
    function _jail(StoredNode storage stored, address node, uint256 period) private {
        uint256 until = Math.max(stored.jailedUntil, block.timestamp + period);
        stored.jailedUntil = uint40(until);
        stored.flags |= SLASHED;
        emit NodeJailed(node, until);
    }

    /// @dev Stake first, then what is unbonding. Never more than both.
    function _take(RegistryStorage storage $, StoredNode storage stored, uint256 amount, address recipient)
        private
        returns (uint256 fromStake, uint256 fromUnbonding)
    {
        fromStake = Math.min(amount, stored.stake);
        fromUnbonding = amount - fromStake;
        stored.stake -= uint96(fromStake);
        if (fromUnbonding != 0) {
            stored.unbonding -= uint96(fromUnbonding);
            if (stored.unbonding == 0) stored.unbondingEndsAt = 0;
        }
        $.slashed[recipient] += amount;
    }

    /// @return toRenter Whether the bond is among those of the day that go to renters.
    function _countBond(StoredNode storage stored) private returns (bool toRenter) {
        if (block.timestamp >= stored.bondsAt + 1 days) {
            (stored.bondsAt, stored.bonds) = (uint40(block.timestamp), 1);
            return true;
        }
        toRenter = stored.bonds < BONDS_A_DAY;
        if (toRenter) ++stored.bonds;
    }
}
