// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What the marketplace asks of the registry when work is opened, and what it takes when work fails.
interface IHostTerms {
    /// @notice One call with everything that opening a session checks.
    /// @param model Model id, or 0 for any.
    /// @return accepting Active and open for new work.
    /// @return maxSessions Sessions the host takes at a time; 0 is no cap.
    /// @return minPricePer1000 Smallest price per 1,000 tokens the host takes for `model` in `token`; 0 is none.
    function sessionTerms(address host, bytes32 model, address token)
        external
        view
        returns (bool accepting, uint32 maxSessions, uint96 minPricePer1000);

    /// @notice How many claim bonds the stake of `host` covers.
    function coveredClaims(address host) external view returns (uint256);

    /// @notice Moves the claim bond (20 FAB) from the stake of `host` to what `renter` may claim; after five of them
    /// within a day, to what the timelock may claim. The marketplace only. Takes what there is, stake first, then
    /// unbonding; never reverts for the marketplace. Errors: NodeRegistryNotMarketplace.
    function forfeitClaimBond(address host, address renter) external returns (uint256 amount);

    /// @notice Moves up to `amount` FAB (wei) of stake and unbonding to what `recipient` may claim, and jails the node.
    /// The ProofSystem and the timelock only. Within 24 hours from a first slash at most half of what was there then is
    /// taken, and 100 FAB stay: what the limits leave is returned, 0 included; it does not revert for them. After the
    /// first of these 24 hours, what the ProofSystem takes goes to the timelock instead of `recipient`.
    /// Errors: NodeRegistryNotSlasher, NodeRegistryZeroAddress.
    function slash(address node, uint256 amount, address recipient, string calldata reason)
        external
        returns (uint256 slashed);
}
