// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What the migration asks of the new registry.
interface IStakeImport {
    function importStake(address operator, address controller, uint256 amount, string calldata metadata) external;
    function closeImport() external;
    function getNodeController(address node) external view returns (address);
}

/// @notice What the migration asks of the new reputation.
interface IScoreImport {
    function importScores(address[] calldata hosts, uint32[] calldata scores) external returns (uint256 imported);
    function closeImport() external;
}

/// @notice Carries hosts of an earlier deployment into a new one: stake with its funds, and score. Only what the
/// published export says, each host once; then the helper closes both imports and is of no use any more.
interface IMigrationHelper {
    /// @param controller Who gets the stake back; `address(0)` for the operator itself.
    /// @param stake FAB in wei; 0 carries the score only.
    /// @param metadata 1 to 1,024 bytes when there is a stake.
    struct HostEntry {
        address operator;
        address controller;
        uint96 stake;
        uint32 score;
        string metadata;
    }

    /// @param hosts Entries of the export.
    /// @param stake Sum of all stakes, FAB in wei.
    /// @param score Sum of all scores.
    struct Totals {
        uint256 hosts;
        uint256 stake;
        uint256 score;
    }

    /// @param registered False for a host that is known in the new registry: its stake was paid out to it.
    event HostMigrated(address indexed operator, uint256 stake, uint256 score, bool registered);
    event MigrationClosed(uint256 hosts, uint256 stake, uint256 score);

    error MigrationZeroAddress();
    error MigrationIsClosed();
    error MigrationNotInExport(address operator);
    error MigrationTwice(address operator);
    error MigrationProofCount(uint256 entries, uint256 proofs);
    /// @notice Hosts are missing, and the migration runs until `closesAt` (Unix seconds).
    error MigrationIncomplete(uint256 migrated, uint256 hosts, uint256 closesAt);

    /// @notice Imports entries of the export. Anyone who brings their stakes, which are pulled from the caller.
    /// @param proofs Merkle proof of each entry against {root}.
    function migrate(HostEntry[] calldata entries, bytes32[][] calldata proofs) external;

    /// @notice Closes both imports for ever: once every host is migrated, or after {closesAt}. Anyone.
    function close() external;

    /// @notice Leaf of an entry: keccak256(keccak256(abi.encode(operator, controller, stake, score,
    /// keccak256(metadata)))).
    function leafOf(HostEntry calldata entry) external pure returns (bytes32);

    function isMigrated(address operator) external view returns (bool);
    function migrated() external view returns (Totals memory);
    function totals() external view returns (Totals memory);
    function root() external view returns (bytes32);
    function closesAt() external view returns (uint256);
    function closed() external view returns (bool);
}
