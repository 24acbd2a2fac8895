// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Hosts and their stake in FAB. Everything here can be rebuilt from the events alone.
interface INodeRegistry {
    /// @param controller Who paid the stake and gets it back; the operator itself unless it accepted another one.
    /// @param stake FAB in wei that counts for activity.
    /// @param unbonding FAB in wei that leaves at `unbondingEndsAt`; slashable until it is withdrawn.
    /// @param obligations Open claims and checkpointed sessions that hold the stake, as the marketplace counts them.
    /// @param jailedUntil Unix seconds up to which a slashed node is inactive; 0 when it never was.
    /// @param maxSessions Sessions that the host takes at a time; 0 is no cap.
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
        uint48 jailedUntil;
        uint32 maxSessions;
    }

    event NodeRegistered(address indexed operator, address indexed controller, uint256 stake, string metadata);
    event NodeUnregistered(address indexed operator);
    event StakeAdded(address indexed operator, uint256 amount, uint256 stake);
    event UnstakeRequested(address indexed operator, uint256 amount, uint48 endsAt);
    /// @notice `amount` that was unbonding became part of the stake of a new registration.
    event UnstakeReused(address indexed operator, uint256 amount);
    /// @notice Paid to the controller of the operator, which is mostly the operator itself.
    event StakeWithdrawn(address indexed operator, uint256 amount);
    event MetadataUpdated(address indexed operator, string metadata);
    event AcceptingSet(address indexed operator, bool accepting);
    event MarketplaceSet(address indexed marketplace);
    event ProofSystemSet(address indexed proofSystem);
    /// @notice From `appliesAt` (Unix seconds) a node needs `minimum` FAB (wei).
    event MinimumStakeSet(uint256 minimum, uint256 appliesAt);
    event UnbondingPeriodSet(uint256 period);
    event JailPeriodSet(uint256 period);
    event ImporterSet(address indexed migrator);
    event ImportClosed();

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
    /// @notice The breaker of the marketplace stops registrations.
    error NodeRegistryPaused();
    /// @notice The stake of `operator` belongs to `payer`.
    error NodeRegistryNotPayer(address operator, address payer);
    /// @notice `amount` FAB (wei) of an earlier registration still belongs to `payer` and must be withdrawn first.
    error NodeRegistryForeignStake(address payer, uint256 amount);
    error NodeRegistryOutOfRange(string field, uint256 value, uint256 minimum, uint256 maximum);
    error NodeRegistryNotMigrator(address caller);

    /// @notice Pulls the missing part of the minimum stake from the caller and registers it as a node. At most ten
    /// registrations an hour and controller.
    /// @param metadata Like "gpu:rtx4090,models:llama-70b,region:us-west"; kept in the event, its hash in storage.
    function registerNode(string calldata metadata) external;

    /// @notice Adds `amount` FAB (wei) to the caller's stake. A controlled node's stake is its controller's affair.
    function stake(uint256 amount) external;

    /// @notice Starts the unbonding of `amount`; below the minimum the node takes no new work at once.
    function requestUnstake(uint256 amount) external;

    /// @notice Pays out what has finished unbonding, to who paid it. Refused while obligations are open.
    function withdrawUnstaked() external;

    /// @notice Leaves the list and starts the unbonding of the whole stake. Models and prices stay for a return.
    function unregisterNode() external;

    /// @notice Publishes new metadata, at most 1,024 bytes.
    function updateMetadata(string calldata metadata) external;

    /// @notice Opens or closes the node for new work.
    function setAccepting(bool accepting) external;

    /// @notice Registered with at least the minimum stake and not jailed; computed, never stored.
    function isActiveNode(address node) external view returns (bool);

    /// @notice Active and open for new work.
    function isAcceptingNode(address node) external view returns (bool);

    function getNode(address node) external view returns (Node memory);

    /// @notice Controller of the present or the last registration, so that leaving sheds no history; 0 for an address
    /// that was never a node.
    function getNodeController(address node) external view returns (address);

    /// @notice Start of the UTC day, in Unix seconds, of the first registration of `node`; 0 if there was none.
    function registeredSince(address node) external view returns (uint256);

    /// @notice Page of the registered nodes that are active.
    function getActiveNodes(uint256 offset, uint256 limit) external view returns (address[] memory);

    function nodeCount() external view returns (uint256);

    /// @notice FAB in wei that applies now.
    function minimumStake() external view returns (uint256);

    /// @notice A raise that is announced.
    /// @return minimum FAB in wei; 0 when none is announced.
    /// @return appliesAt Unix seconds.
    function pendingMinimumStake() external view returns (uint256 minimum, uint256 appliesAt);

    /// @notice Seconds.
    function unbondingPeriod() external view returns (uint256);

    /// @notice Seconds for which a slash keeps a node inactive.
    function jailPeriod() external view returns (uint256);

    function fab() external view returns (address);

    /// @notice Contract that counts obligations and has the breaker.
    function marketplace() external view returns (address);

    /// @notice Contract that may slash, besides the owner.
    function proofSystem() external view returns (address);

    /// @notice Who may import; 0 once the import is closed.
    function migrator() external view returns (address);

    /// @notice Governs the minimum stake, 200 to 100,000 FAB (wei): a cut applies at once, a raise after 14 days.
    /// Timelock only.
    function setMinimumStake(uint256 minimum) external;

    /// @notice 5 to 30 days, for requests from now on. Timelock only.
    function setUnbondingPeriod(uint256 period) external;

    /// @notice At most 30 days, for slashes from now on. Timelock only.
    function setJailPeriod(uint256 period) external;

    /// @notice Timelock only; `address(0)` for none.
    function setProofSystem(address proofSystem) external;

    /// @notice Registers a node of a predecessor system and pulls its stake from the caller. The migrator only.
    /// @param controller Who gets the stake back; `address(0)` for the operator itself.
    /// @param amount FAB in wei; below the minimum the node is listed but inactive.
    function importStake(address operator, address controller, uint256 amount, string calldata metadata) external;

    /// @notice Ends the import for ever. The migrator or the timelock.
    function closeImport() external;
}
