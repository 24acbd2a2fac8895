// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable2StepUpgradeable} from "@openzeppelin/contracts-upgradeable/access/Ownable2StepUpgradeable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";

/// @title The nodes: who is in the list, who paid, who is active.
/// @dev All money of an entry, staked or unbonding, belongs to one payer: whoever comes in is refused while an earlier
/// payer still has FAB in it.
abstract contract NodeStore is INodeRegistry, Ownable2StepUpgradeable {
    using SafeCast for uint256;

    /// @dev An account is at the same time a node and a controller of nodes. A first registration writes the first
    /// word and the hash; opening a session reads the first word, the second only after a slash.
    /// @param registrationsUntil Bucket of registrations as a controller, by the moment at which it is full again.
    /// @param position Place in `operators` from 1; 0 is not registered.
    /// @param firstDay Day of the first registration, counted from the Unix epoch; 0 is never.
    /// @param slashedAt Start of the running day of slashes; a new one starts with the first slash after its end.
    /// @param controlled Registered nodes of other operators that this account controls.
    /// @param slashLeft What may still be taken on that day.
    /// @param bondsAt Start of the running day of claim bonds, of which renters got `bonds`.
    struct StoredNode {
        uint96 stake;
        uint40 activeSince;
        uint40 registrationsUntil;
        uint32 position;
        uint16 maxSessions;
        uint8 flags;
        uint24 firstDay;
        uint96 unbonding;
        uint40 unbondingEndsAt;
        uint40 jailedUntil;
        uint40 slashedAt;
        uint32 controlled;
        bytes32 metadataHash;
        uint96 slashLeft;
        uint40 bondsAt;
        uint8 bonds;
    }

    /// @dev The metadata is stored and not hashed: the event of the registration must carry it.
    struct PendingControl {
        uint96 amount;
        string metadata;
    }

    /// @param minimum Applies until `raisedAt`, or for good when that is 0; then `nextMinimum` does.
    /// @custom:storage-location erc7201:fabstir.storage.NodeRegistry
    struct RegistryStorage {
        IERC20 fab;
        uint32 unbondingPeriod;
        uint32 jailPeriod;
        uint96 minimum;
        uint96 nextMinimum;
        uint40 raisedAt;
        address marketplace;
        address proofSystem;
        address migrator;
        mapping(address operator => StoredNode) nodes;
        address[] operators;
        mapping(address operator => address) controllers;
        mapping(address operator => mapping(address controller => PendingControl)) pending;
        mapping(address recipient => uint256) slashed;
        mapping(address operator => bytes32[]) models;
        mapping(address operator => mapping(bytes32 model => bool)) listed;
        mapping(address operator => mapping(bytes32 model => mapping(address token => uint256))) prices;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.NodeRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant REGISTRY_STORAGE = 0xb1849ed940e121315e41d940d6962b30ef7ab820ff68efd5f67fc07a1fb98a00;

    uint8 internal constant ACCEPTING = 1;
    /// @dev The payer is in `controllers`.
    uint8 internal constant CONTROLLED = 2;
    /// @dev Serves only the listed models.
    uint8 internal constant LISTED = 4;
    /// @dev Has set a price at some time.
    uint8 internal constant PRICED = 8;
    /// @dev Was slashed at some time, so that the second word must be read.
    uint8 internal constant SLASHED = 16;

    uint256 private constant MAX_METADATA_LENGTH = 1024;

    /// @dev Puts `operator` in the list with `amount` that the caller of this has seen paid by `controller`.
    function _join(
        RegistryStorage storage $,
        address operator,
        address controller,
        uint256 amount,
        string memory metadata
    ) internal {
        StoredNode storage node = $.nodes[operator];
        if (node.position != 0) revert NodeRegistryAlreadyRegistered(operator);
        _checkNoForeignStake($, operator, controller);

        $.operators.push(operator);
        node.stake = amount.toUint96();
        node.activeSince = uint40(block.timestamp);
        node.position = $.operators.length.toUint32();
        if (node.firstDay == 0) node.firstDay = (block.timestamp / 1 days).toUint24();
        if (controller == operator) {
            node.flags = (node.flags | ACCEPTING) & ~CONTROLLED;
        } else {
            node.flags |= ACCEPTING | CONTROLLED;
            $.controllers[operator] = controller;
            ++$.nodes[controller].controlled;
        }
        node.metadataHash = _metadataHash(metadata);
        emit NodeRegistered(operator, controller, amount, metadata);
    }

    /// @dev Takes `operator` off the list; the last one moves to its place.
    function _leave(RegistryStorage storage $, address operator) internal {
        StoredNode storage node = _registered($, operator);
        uint256 last = $.operators.length;
        if (node.position != last) {
            address moved = $.operators[last - 1];
            $.operators[node.position - 1] = moved;
            $.nodes[moved].position = node.position;
        }
        $.operators.pop();
        if (node.flags & CONTROLLED != 0) --$.nodes[$.controllers[operator]].controlled;
        node.position = 0;
        node.activeSince = 0;
        node.flags &= ~ACCEPTING;
        node.metadataHash = 0;
        if (node.stake != 0) _startUnbonding($, operator, node.stake);
        emit NodeUnregistered(operator);
    }

    /// @dev A further request restarts the period for all that is unbonding.
    function _startUnbonding(RegistryStorage storage $, address operator, uint96 amount) internal {
        StoredNode storage node = $.nodes[operator];
        uint40 endsAt = uint40(block.timestamp + $.unbondingPeriod);
        node.stake -= amount;
        node.unbonding += amount;
        node.unbondingEndsAt = endsAt;
        emit UnstakeRequested(operator, amount, endsAt);
    }

    function _registered(RegistryStorage storage $, address operator) internal view returns (StoredNode storage node) {
        node = $.nodes[operator];
        if (node.position == 0) revert NodeRegistryNotRegistered(operator);
    }

    function _checkNoForeignStake(RegistryStorage storage $, address operator, address payer) private view {
        StoredNode storage node = $.nodes[operator];
        if (node.firstDay == 0 || node.unbonding == 0) return;
        address earlier = _payerOf($, operator);
        if (earlier != payer) revert NodeRegistryForeignStake(earlier, node.unbonding);
    }

    /// @dev Of the present or the last registration.
    function _payerOf(RegistryStorage storage $, address operator) internal view returns (address) {
        return $.nodes[operator].flags & CONTROLLED == 0 ? operator : $.controllers[operator];
    }

    function _checkPayer(RegistryStorage storage $, address operator) internal view {
        address payer = _payerOf($, operator);
        if (msg.sender != payer) revert NodeRegistryNotPayer(operator, payer);
    }

    function _isActive(RegistryStorage storage $, StoredNode storage node) internal view returns (bool) {
        return node.position != 0 && node.stake >= _minimum($) && !_isJailed(node);
    }

    function _isJailed(StoredNode storage node) internal view returns (bool) {
        return node.flags & SLASHED != 0 && block.timestamp < node.jailedUntil;
    }

    function _minimum(RegistryStorage storage $) internal view returns (uint256) {
        uint256 raisedAt = $.raisedAt;
        return raisedAt != 0 && block.timestamp >= raisedAt ? $.nextMinimum : $.minimum;
    }

    function _checkRange(string memory field, uint256 value, uint256 minimum, uint256 maximum) internal pure {
        if (value < minimum || value > maximum) revert NodeRegistryOutOfRange(field, value, minimum, maximum);
    }

    function _metadataHash(string memory metadata) internal pure returns (bytes32) {
        uint256 length = bytes(metadata).length;
        if (length == 0 || length > MAX_METADATA_LENGTH) {
            revert NodeRegistryMetadataLength(length, MAX_METADATA_LENGTH);
        }
        return keccak256(bytes(metadata));
    }

    function _registryStorage() internal pure returns (RegistryStorage storage $) {
        assembly {
            $.slot := REGISTRY_STORAGE
        }
    }
}
