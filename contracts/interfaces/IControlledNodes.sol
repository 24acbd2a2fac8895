// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Nodes whose stake another account pays. The operator consents, the stake returns to who paid it, and each
/// of the two can end the relation.
interface IControlledNodes {
    /// @notice The controller has paid `stake` FAB (wei) for a node that `operator` has yet to accept.
    event ControlProposed(address indexed operator, address indexed controller, uint256 stake, string metadata);
    /// @notice The controller took its offer and its `stake` back.
    event ControlCancelled(address indexed operator, address indexed controller, uint256 stake);
    /// @notice `operator` accepted the offer of `controller`, which is used up.
    event ControllerSet(address indexed operator, address indexed controller);

    error NodeRegistrySelfControl(address account);
    error NodeRegistryControlPending(address operator, address controller);
    error NodeRegistryNoControlPending(address operator, address controller);

    /// @notice Pulls the minimum stake from the caller and offers to run `operator` as its node. Nothing changes for
    /// `operator` before it accepts. Counts as a registration of the caller.
    /// @param metadata At most 1,024 bytes; published when the operator accepts.
    function registerControlledNode(string calldata metadata, address operator) external;

    /// @notice The caller becomes a node with the stake that `controller` has paid.
    function acceptControl(address controller) external;

    /// @notice Pays an offer back that `operator` has not accepted. The controller only; never pausable.
    function cancelControlledNode(address operator) external;

    /// @notice {INodeRegistry-stake}, {INodeRegistry-requestUnstake}, {INodeRegistry-withdrawUnstaked} and
    /// {INodeRegistry-unregisterNode} for the controller of `operator`.
    function stakeControlled(address operator, uint256 amount) external;
    function requestUnstakeControlled(address operator, uint256 amount) external;
    function withdrawControlled(address operator) external;
    function unregisterControlledNode(address operator) external;

    /// @notice The offer of `controller` to `operator`.
    /// @return amount FAB in wei; 0 when there is none.
    function pendingControl(address operator, address controller)
        external
        view
        returns (uint256 amount, string memory metadata);

    /// @notice Registered nodes of `controller`, its own included.
    function nodesOfController(address controller) external view returns (uint256);

    /// @notice Three registered nodes or more.
    function isSuspiciousController(address controller) external view returns (bool);
}
