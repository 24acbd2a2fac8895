// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Hosts and their stake in FAB.
interface INodeRegistry {
    /// @param stake FAB in wei that counts for activity.
    /// @param unbonding FAB in wei that leaves at `unbondingEndsAt`.
    /// @param obligations Open claims and checkpointed sessions that hold the stake, as the marketplace counts them.
    struct Node {
        address operator;
        address controller;
        uint96 stake;
        uint96 unbonding;
        uint48 activeSince;
        uint48 unbondingEndsAt;
        uint32 obligations;
        bool accepting;
        bytes32 metadataHash;
    }

    event NodeRegistered(address indexed operator, address indexed controller, uint256 stake, string metadata);
    event NodeUnregistered(address indexed operator);
    event StakeAdded(address indexed operator, uint256 amount, uint256 stake);
    event UnstakeRequested(address indexed operator, uint256 amount, uint48 endsAt);
    event StakeWithdrawn(address indexed operator, uint256 amount);
    event MetadataUpdated(address indexed operator, string metadata);
    event AcceptingSet(address indexed operator, bool accepting);
    event MarketplaceSet(address indexed marketplace);

    error NodeRegistryAlreadyRegistered(address operator);
    error NodeRegistryNotRegistered(address operator);
    error NodeRegistryZeroAmount();
    error NodeRegistryZeroAddress();
    error NodeRegistryMetadataLength(uint256 length, uint256 maximum);
    error NodeRegistryStakeTooLow(uint256 stake, uint256 minimum);
    error NodeRegistryInsufficientStake(uint256 asked, uint256 stake);
    error NodeRegistryObligationsOpen(uint256 obligations);
    error NodeRegistryStillUnbonding(uint48 endsAt);
    error NodeRegistryNothingUnbonding(address operator);
    error NodeRegistryTooManyRegistrations(uint256 count, uint256 limit);

    /// @notice Pulls the missing part of the minimum stake from the caller and registers it as a node.
    /// @param metadata Like "gpu:rtx4090,models:llama-70b,region:us-west"; kept in the event, its hash in storage.
    function registerNode(string calldata metadata) external;

    /// @notice Adds `amount` FAB (wei) to the caller's stake.
    function stake(uint256 amount) external;

    /// @notice Starts the unbonding of `amount`; below the minimum the node takes no new work at once.
    function requestUnstake(uint256 amount) external;

    /// @notice Pays out what has finished unbonding. Refused while obligations are open.
    function withdrawUnstaked() external;

    /// @notice Leaves the list and starts the unbonding of the whole stake.
    function unregisterNode() external;

    function updateMetadata(string calldata metadata) external;

    /// @notice Opens or closes the node for new work.
    function setAccepting(bool accepting) external;

    /// @notice Registered with at least the minimum stake; computed, never stored.
    function isActiveNode(address node) external view returns (bool);

    /// @notice Active and open for new work.
    function isAcceptingNode(address node) external view returns (bool);

    function getNode(address node) external view returns (Node memory);
    function getNodeController(address node) external view returns (address);

    /// @notice Page of the registered nodes that are active.
    function getActiveNodes(uint256 offset, uint256 limit) external view returns (address[] memory);

    function nodeCount() external view returns (uint256);

    /// @notice FAB in wei.
    function minimumStake() external view returns (uint256);

    /// @notice Seconds.
    function unbondingPeriod() external view returns (uint256);

    function fab() external view returns (address);
}
