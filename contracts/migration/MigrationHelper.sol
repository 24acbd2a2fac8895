// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IMigrationHelper, IScoreImport, IStakeImport} from "../interfaces/IMigrationHelper.sol";

/// @title Importer of hosts, for one export.
/// @dev No role, no owner: what may be written is fixed by the root, and every stake comes with its funds (X-42).
contract MigrationHelper is IMigrationHelper, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    IERC20 public immutable fab;
    IStakeImport public immutable registry;
    IScoreImport public immutable reputation;
    /// @inheritdoc IMigrationHelper
    bytes32 public immutable root;
    /// @inheritdoc IMigrationHelper
    uint256 public immutable closesAt;

    /// @inheritdoc IMigrationHelper
    bool public closed;
    /// @inheritdoc IMigrationHelper
    mapping(address operator => bool) public isMigrated;

    Totals private _totals;
    Totals private _migrated;

    /// @param totals_ Sums of the export, which {close} holds the import against.
    /// @param closesAt_ Unix seconds from which an incomplete migration may be closed.
    constructor(
        IERC20 fab_,
        IStakeImport registry_,
        IScoreImport reputation_,
        bytes32 root_,
        Totals memory totals_,
        uint256 closesAt_
    ) {
        if (address(fab_) == address(0) || address(registry_) == address(0) || address(reputation_) == address(0)) {
            revert MigrationZeroAddress();
        }
        fab = fab_;
        registry = registry_;
        reputation = reputation_;
        root = root_;
        _totals = totals_;
        closesAt = closesAt_;
    }

    /// @inheritdoc IMigrationHelper
    function migrate(HostEntry[] calldata entries, bytes32[][] calldata proofs) external nonReentrant {
        if (closed) revert MigrationIsClosed();
        if (entries.length != proofs.length) revert MigrationProofCount(entries.length, proofs.length);

        (address[] memory hosts, uint32[] memory scores) =
            (new address[](entries.length), new uint32[](entries.length));
        Totals memory batch = Totals(entries.length, 0, 0);
        for (uint256 i; i < entries.length; ++i) {
            HostEntry calldata entry = entries[i];
            if (isMigrated[entry.operator]) revert MigrationTwice(entry.operator);
            if (!MerkleProof.verifyCalldata(proofs[i], root, leafOf(entry))) {
                revert MigrationNotInExport(entry.operator);
            }
            isMigrated[entry.operator] = true;
            (hosts[i], scores[i]) = (entry.operator, entry.score);
            batch.stake += entry.stake;
            batch.score += entry.score;
        }
        _migrated.hosts += batch.hosts;
        _migrated.stake += batch.stake;
        _migrated.score += batch.score;

        if (batch.stake != 0) fab.safeTransferFrom(msg.sender, address(this), batch.stake);
        reputation.importScores(hosts, scores);
        fab.forceApprove(address(registry), batch.stake);
        for (uint256 i; i < entries.length; ++i) {
            _carryStake(entries[i]);
        }
        fab.forceApprove(address(registry), 0);
    }

    /// @inheritdoc IMigrationHelper
    function close() external nonReentrant {
        if (closed) revert MigrationIsClosed();
        Totals memory done = _migrated;
        bool complete =
            done.hosts == _totals.hosts && done.stake == _totals.stake && done.score == _totals.score;
        if (!complete && block.timestamp < closesAt) {
            revert MigrationIncomplete(done.hosts, _totals.hosts, closesAt);
        }
        closed = true;
        emit MigrationClosed(done.hosts, done.stake, done.score);
        registry.closeImport();
        reputation.closeImport();
    }

    /// @inheritdoc IMigrationHelper
    function migrated() external view returns (Totals memory) {
        return _migrated;
    }

    /// @inheritdoc IMigrationHelper
    function totals() external view returns (Totals memory) {
        return _totals;
    }

    /// @inheritdoc IMigrationHelper
    function leafOf(HostEntry calldata entry) public pure returns (bytes32) {
        bytes32 inner = keccak256(
            abi.encode(entry.operator, entry.controller, entry.stake, entry.score, keccak256(bytes(entry.metadata)))
        );
        // Hashed twice, so that no inner node of the tree passes for a leaf.
        return keccak256(abi.encode(inner));
    }

    /// @dev Who registered by itself in the meantime gets its stake paid out: it must not stop the others' batch.
    function _carryStake(HostEntry calldata entry) private {
        bool known = registry.getNodeController(entry.operator) != address(0);
        emit HostMigrated(entry.operator, entry.stake, entry.score, !known && entry.stake != 0);
        if (entry.stake == 0) return;
        if (!known) {
            registry.importStake(entry.operator, entry.controller, entry.stake, entry.metadata);
        } else {
            fab.safeTransfer(entry.controller == address(0) ? entry.operator : entry.controller, entry.stake);
        }
    }
}
