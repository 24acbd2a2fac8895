// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable2StepUpgradeable} from "@openzeppelin/contracts-upgradeable/access/Ownable2StepUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {RateLimiter} from "@openzeppelin/contracts/utils/RateLimiter.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";

/// @title Hosts and their stake.
/// @dev Nobody but the node itself moves its stake: the owner (the timelock) can upgrade, and nothing else.
contract NodeRegistry is INodeRegistry, Ownable2StepUpgradeable, UUPSUpgradeable {
    using RateLimiter for RateLimiter.RefillingBucket;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev Everything an activity check reads sits in the first slot.
    /// @param position Place in `operators` from 1; 0 is not registered.
    struct StoredNode {
        uint96 stake;
        uint40 activeSince;
        uint40 unbondingEndsAt;
        uint32 position;
        bool accepting;
        uint96 unbonding;
        bytes32 metadataHash;
    }

    /// @custom:storage-location erc7201:fabstir.storage.NodeRegistry
    struct RegistryStorage {
        IERC20 fab;
        IJobMarketplace marketplace;
        mapping(address operator => StoredNode) nodes;
        address[] operators;
        RateLimiter.RefillingBucket registrations;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.NodeRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant REGISTRY_STORAGE = 0xb1849ed940e121315e41d940d6962b30ef7ab820ff68efd5f67fc07a1fb98a00;

    /// @inheritdoc INodeRegistry
    uint256 public constant minimumStake = 1000e18;

    /// @inheritdoc INodeRegistry
    uint256 public constant unbondingPeriod = 7 days;

    uint256 private constant MAX_METADATA_LENGTH = 1024;
    uint208 private constant REGISTRATION_LIMIT = 10;
    uint48 private constant REGISTRATION_WINDOW = 1 hours;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @param owner_ The timelock.
    /// @param fab_ Token of the stake.
    /// @param marketplace_ Counts the obligations that hold a stake; may be an address that is not deployed yet.
    function initialize(address owner_, address fab_, address marketplace_) external initializer {
        if (fab_ == address(0) || marketplace_ == address(0)) revert NodeRegistryZeroAddress();
        __Ownable_init(owner_);
        RegistryStorage storage $ = _registryStorage();
        $.fab = IERC20(fab_);
        $.marketplace = IJobMarketplace(marketplace_);
        $.registrations.updateSettings(REGISTRATION_WINDOW, REGISTRATION_LIMIT);
        emit MarketplaceSet(marketplace_);
    }

    /// @inheritdoc INodeRegistry
    /// @dev Stake that is still unbonding counts first, so that who comes back pays nothing twice.
    function registerNode(string calldata metadata) external {
        RegistryStorage storage $ = _registryStorage();
        StoredNode storage node = $.nodes[msg.sender];
        if (node.position != 0) revert NodeRegistryAlreadyRegistered(msg.sender);
        _countRegistration($, msg.sender);

        uint256 reused = Math.min(node.unbonding, minimumStake);
        if (reused != 0) {
            node.unbonding -= uint96(reused);
            if (node.unbonding == 0) node.unbondingEndsAt = 0;
        }
        node.stake = uint96(minimumStake);
        node.activeSince = uint40(block.timestamp);
        node.accepting = true;
        $.operators.push(msg.sender);
        node.position = $.operators.length.toUint32();
        node.metadataHash = _metadataHash(metadata);

        emit NodeRegistered(msg.sender, msg.sender, minimumStake, metadata);
        if (reused != minimumStake) $.fab.safeTransferFrom(msg.sender, address(this), minimumStake - reused);
    }

    /// @inheritdoc INodeRegistry
    function stake(uint256 amount) external {
        if (amount == 0) revert NodeRegistryZeroAmount();
        RegistryStorage storage $ = _registryStorage();
        StoredNode storage node = _registered($, msg.sender);
        node.stake += amount.toUint96();

        emit StakeAdded(msg.sender, amount, node.stake);
        $.fab.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc INodeRegistry
    function requestUnstake(uint256 amount) external {
        if (amount == 0) revert NodeRegistryZeroAmount();
        StoredNode storage node = _registered(_registryStorage(), msg.sender);
        if (amount > node.stake) revert NodeRegistryInsufficientStake(amount, node.stake);
        _startUnbonding(node, uint96(amount));
    }

    /// @inheritdoc INodeRegistry
    function withdrawUnstaked() external {
        RegistryStorage storage $ = _registryStorage();
        StoredNode storage node = $.nodes[msg.sender];
        uint256 amount = node.unbonding;
        if (amount == 0) revert NodeRegistryNothingUnbonding(msg.sender);
        if (block.timestamp < node.unbondingEndsAt) revert NodeRegistryStillUnbonding(node.unbondingEndsAt);
        uint256 obligations = $.marketplace.openObligations(msg.sender);
        if (obligations != 0) revert NodeRegistryObligationsOpen(obligations);

        node.unbonding = 0;
        node.unbondingEndsAt = 0;
        emit StakeWithdrawn(msg.sender, amount);
        $.fab.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc INodeRegistry
    function unregisterNode() external {
        RegistryStorage storage $ = _registryStorage();
        StoredNode storage node = _registered($, msg.sender);

        uint256 last = $.operators.length;
        if (node.position != last) {
            address moved = $.operators[last - 1];
            $.operators[node.position - 1] = moved;
            $.nodes[moved].position = node.position;
        }
        $.operators.pop();
        node.position = 0;
        node.activeSince = 0;
        node.accepting = false;
        node.metadataHash = 0;
        if (node.stake != 0) _startUnbonding(node, node.stake);
        emit NodeUnregistered(msg.sender);
    }

    /// @inheritdoc INodeRegistry
    function updateMetadata(string calldata metadata) external {
        _registered(_registryStorage(), msg.sender).metadataHash = _metadataHash(metadata);
        emit MetadataUpdated(msg.sender, metadata);
    }

    /// @inheritdoc INodeRegistry
    function setAccepting(bool accepting) external {
        _registered(_registryStorage(), msg.sender).accepting = accepting;
        emit AcceptingSet(msg.sender, accepting);
    }

    /// @inheritdoc INodeRegistry
    function isActiveNode(address node) external view returns (bool) {
        return _isActive(_registryStorage().nodes[node]);
    }

    /// @inheritdoc INodeRegistry
    function isAcceptingNode(address node) external view returns (bool) {
        StoredNode storage stored = _registryStorage().nodes[node];
        return _isActive(stored) && stored.accepting;
    }

    /// @inheritdoc INodeRegistry
    function getNode(address node) external view returns (Node memory) {
        RegistryStorage storage $ = _registryStorage();
        StoredNode memory stored = $.nodes[node];
        return Node({
            operator: node,
            controller: stored.position == 0 ? address(0) : node,
            stake: stored.stake,
            unbonding: stored.unbonding,
            activeSince: stored.activeSince,
            unbondingEndsAt: stored.unbondingEndsAt,
            obligations: $.marketplace.openObligations(node).toUint32(),
            accepting: stored.accepting,
            metadataHash: stored.metadataHash
        });
    }

    /// @inheritdoc INodeRegistry
    /// @dev Who registers itself is its own controller.
    function getNodeController(address node) external view returns (address) {
        return _registryStorage().nodes[node].position == 0 ? address(0) : node;
    }

    /// @inheritdoc INodeRegistry
    /// @dev `offset` and `limit` count registered nodes; the page is shorter by the inactive ones among them.
    function getActiveNodes(uint256 offset, uint256 limit) external view returns (address[] memory page) {
        RegistryStorage storage $ = _registryStorage();
        uint256 count = $.operators.length;
        if (offset >= count) return page;
        uint256 end = offset + Math.min(limit, count - offset);

        page = new address[](end - offset);
        uint256 found;
        for (uint256 i = offset; i < end; ++i) {
            address operator = $.operators[i];
            if (_isActive($.nodes[operator])) page[found++] = operator;
        }
        assembly ("memory-safe") {
            mstore(page, found)
        }
    }

    /// @inheritdoc INodeRegistry
    function nodeCount() external view returns (uint256) {
        return _registryStorage().operators.length;
    }

    /// @inheritdoc INodeRegistry
    function fab() external view returns (address) {
        return address(_registryStorage().fab);
    }

    /// @notice Contract that counts obligations.
    function marketplace() external view returns (address) {
        return address(_registryStorage().marketplace);
    }

    /// @dev A bucket per controller that refills continuously: a burst never closes the registry for good (X-35).
    function _countRegistration(RegistryStorage storage $, address controller) private {
        bytes32 key = bytes32(uint256(uint160(controller)));
        if (!$.registrations.tryConsume(key, 1)) {
            revert NodeRegistryTooManyRegistrations($.registrations.used(key), REGISTRATION_LIMIT);
        }
    }

    /// @dev A further request restarts the period for all that is unbonding.
    function _startUnbonding(StoredNode storage node, uint96 amount) private {
        uint40 endsAt = uint40(block.timestamp + unbondingPeriod);
        node.stake -= amount;
        node.unbonding += amount;
        node.unbondingEndsAt = endsAt;
        emit UnstakeRequested(msg.sender, amount, endsAt);
    }

    function _registered(RegistryStorage storage $, address operator) private view returns (StoredNode storage node) {
        node = $.nodes[operator];
        if (node.position == 0) revert NodeRegistryNotRegistered(operator);
    }

    function _isActive(StoredNode storage node) private view returns (bool) {
        return node.position != 0 && node.stake >= minimumStake;
    }

    function _metadataHash(string calldata metadata) private pure returns (bytes32) {
        uint256 length = bytes(metadata).length;
        if (length == 0 || length > MAX_METADATA_LENGTH) {
            revert NodeRegistryMetadataLength(length, MAX_METADATA_LENGTH);
        }
        return keccak256(bytes(metadata));
    }

    function _registryStorage() private pure returns (RegistryStorage storage $) {
        assembly {
            $.slot := REGISTRY_STORAGE
        }
    }

    function _authorizeUpgrade(address) internal override onlyOwner {}
}
