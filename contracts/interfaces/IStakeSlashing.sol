// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What became of the stake that {IHostTerms-slash} and {IHostTerms-forfeitClaimBond} took: a pull ledger.
interface IStakeSlashing {
    /// @notice `fromStake + fromUnbonding` FAB (wei) may be claimed by `recipient`.
    event NodeSlashed(
        address indexed node, address indexed recipient, uint256 fromStake, uint256 fromUnbonding, string reason
    );
    /// @notice The node is inactive until `until` (Unix seconds).
    event NodeJailed(address indexed node, uint256 until);
    /// @param recipient The renter, or the timelock after five bonds within a day.
    event ClaimBondForfeited(
        address indexed host, address indexed recipient, uint256 fromStake, uint256 fromUnbonding
    );
    event SlashedClaimed(address indexed recipient, uint256 amount);

    error NodeRegistryNotSlasher(address caller);
    error NodeRegistryNotMarketplace(address caller);
    error NodeRegistryNothingToClaim(address recipient);

    /// @notice Pays the caller all slashed FAB that is its own.
    /// @return amount In wei.
    function claimSlashed() external returns (uint256 amount);

    /// @notice FAB in wei that `recipient` may claim.
    function slashedUnclaimed(address recipient) external view returns (uint256);

    /// @notice Whether a slash keeps `node` inactive at present.
    function isJailed(address node) external view returns (bool);

    /// @notice FAB in wei that a host loses with a claim it does not keep.
    function claimBond() external view returns (uint256);
}
