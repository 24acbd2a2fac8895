// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {ControlledNodes} from "./ControlledNodes.sol";
import {HostOffers} from "./HostOffers.sol";
import {StakeSlashing} from "./StakeSlashing.sol";

/// @title Hosts and their stake.
/// @dev Only who paid a stake takes it out. The owner (the timelock) slashes within the limits of {StakeSlashing},
/// governs periods and the minimum, and upgrades.
contract NodeRegistry is ControlledNodes, HostOffers, StakeSlashing, UUPSUpgradeable {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    uint256 private constant RAISE_DELAY = 14 days;
    uint256 private constant LOWEST_MINIMUM = 200e18;
    uint256 private constant HIGHEST_MINIMUM = 100_000e18;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @param owner_ The timelock.
    /// @param fab_ Token of the stake.
    /// @param marketplace_ Counts the obligations that hold a stake and has the breaker; like the others it may be an
    /// address that is not deployed yet.
    /// @param proofSystem_ May slash; `address(0)` for none.
    /// @param migrator_ May import until it closes the import; `address(0)` closes it from the start.
    function initialize(address owner_, address fab_, address marketplace_, address proofSystem_, address migrator_)
        external
        initializer
    {
        if (fab_ == address(0) || marketplace_ == address(0)) revert NodeRegistryZeroAddress();
        __Ownable_init(owner_);
        RegistryStorage storage $ = _registryStorage();
        $.fab = IERC20(fab_);
        $.marketplace = marketplace_;
        $.migrator = migrator_;
        $.minimum = 1000e18;
        emit MarketplaceSet(marketplace_);
        emit ImporterSet(migrator_);
        emit MinimumStakeSet(1000e18, block.timestamp);
        _setProofSystem($, proofSystem_);
        _setUnbondingPeriod($, 7 days);
        _setJailPeriod($, 24 hours);
    }

    /// @inheritdoc INodeRegistry
    /// @dev Stake that is still unbonding counts first, so that who comes back pays nothing twice.
    function registerNode(string calldata metadata) external {
        RegistryStorage storage $ = _registryStorage();
        _checkNotPaused($);
        _countRegistration($, msg.sender);
        uint256 minimum = _minimum($);
        _join($, msg.sender, msg.sender, minimum, metadata);

        uint256 missing = minimum - _reuseUnbonding($.nodes[msg.sender], minimum);
        if (missing != 0) $.fab.safeTransferFrom(msg.sender, address(this), missing);
    }

    /// @inheritdoc INodeRegistry
    function unregisterNode() external {
        _leave(_registryStorage(), msg.sender);
    }

    /// @inheritdoc INodeRegistry
    function importStake(address operator, address controller, uint256 amount, string calldata metadata) external {
        RegistryStorage storage $ = _registryStorage();
        if (msg.sender != $.migrator) revert NodeRegistryNotMigrator(msg.sender);
        if (operator == address(0)) revert NodeRegistryZeroAddress();
        if (amount == 0) revert NodeRegistryZeroAmount();

        _join($, operator, controller == address(0) ? operator : controller, amount, metadata);
        $.fab.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc INodeRegistry
    function closeImport() external {
        RegistryStorage storage $ = _registryStorage();
        address migrator_ = $.migrator;
        if (migrator_ == address(0) || (msg.sender != migrator_ && msg.sender != owner())) {
            revert NodeRegistryNotMigrator(msg.sender);
        }
        $.migrator = address(0);
        emit ImportClosed();
    }

    /// @inheritdoc INodeRegistry
    function setMinimumStake(uint256 minimum) external onlyOwner {
        _checkRange("minimumStake", minimum, LOWEST_MINIMUM, HIGHEST_MINIMUM);
        RegistryStorage storage $ = _registryStorage();
        uint256 present = _minimum($);
        bool raise = minimum > present;
        uint256 appliesAt = raise ? block.timestamp + RAISE_DELAY : block.timestamp;
        $.minimum = uint96(raise ? present : minimum);
        $.nextMinimum = raise ? uint96(minimum) : 0;
        $.raisedAt = raise ? uint40(appliesAt) : 0;
        emit MinimumStakeSet(minimum, appliesAt);
    }

    /// @inheritdoc INodeRegistry
    function setUnbondingPeriod(uint256 period) external onlyOwner {
        _setUnbondingPeriod(_registryStorage(), period);
    }

    /// @inheritdoc INodeRegistry
    function setJailPeriod(uint256 period) external onlyOwner {
        _setJailPeriod(_registryStorage(), period);
    }

    /// @inheritdoc INodeRegistry
    function setProofSystem(address proofSystem_) external onlyOwner {
        _setProofSystem(_registryStorage(), proofSystem_);
    }

    /// @inheritdoc INodeRegistry
    function isActiveNode(address node) external view returns (bool) {
        RegistryStorage storage $ = _registryStorage();
        return _isActive($, $.nodes[node]);
    }

    /// @inheritdoc INodeRegistry
    function getNode(address node) external view returns (Node memory) {
        RegistryStorage storage $ = _registryStorage();
        StoredNode memory stored = $.nodes[node];
        return Node({
            operator: node,
            controller: stored.position == 0 ? address(0) : _payerOf($, node),
            stake: stored.stake,
            unbonding: stored.unbonding,
            activeSince: stored.activeSince,
            unbondingEndsAt: stored.unbondingEndsAt,
            obligations: IJobMarketplace($.marketplace).openObligations(node).toUint32(),
            accepting: stored.flags & ACCEPTING != 0,
            metadataHash: stored.metadataHash,
            jailedUntil: stored.jailedUntil,
            maxSessions: stored.maxSessions
        });
    }

    /// @inheritdoc INodeRegistry
    function getNodeController(address node) external view returns (address) {
        RegistryStorage storage $ = _registryStorage();
        return $.nodes[node].firstDay == 0 ? address(0) : _payerOf($, node);
    }

    /// @inheritdoc INodeRegistry
    function registeredSince(address node) external view returns (uint256) {
        return uint256(_registryStorage().nodes[node].firstDay) * 1 days;
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
            if (_isActive($, $.nodes[operator])) page[found++] = operator;
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
    function minimumStake() external view returns (uint256) {
        return _minimum(_registryStorage());
    }

    /// @inheritdoc INodeRegistry
    function pendingMinimumStake() external view returns (uint256 minimum, uint256 appliesAt) {
        RegistryStorage storage $ = _registryStorage();
        if (block.timestamp < $.raisedAt) return ($.nextMinimum, $.raisedAt);
    }

    /// @inheritdoc INodeRegistry
    function unbondingPeriod() external view returns (uint256) {
        return _registryStorage().unbondingPeriod;
    }

    /// @inheritdoc INodeRegistry
    function jailPeriod() external view returns (uint256) {
        return _registryStorage().jailPeriod;
    }

    /// @inheritdoc INodeRegistry
    function fab() external view returns (address) {
        return address(_registryStorage().fab);
    }

    /// @inheritdoc INodeRegistry
    function marketplace() external view returns (address) {
        return _registryStorage().marketplace;
    }

    /// @inheritdoc INodeRegistry
    function proofSystem() external view returns (address) {
        return _registryStorage().proofSystem;
    }

    /// @inheritdoc INodeRegistry
    function migrator() external view returns (address) {
        return _registryStorage().migrator;
    }

    /// @dev Only what the same payer left behind gets here: {_join} refuses the rest.
    function _reuseUnbonding(StoredNode storage node, uint256 amount) private returns (uint256 reused) {
        reused = Math.min(node.unbonding, amount);
        if (reused == 0) return 0;
        node.unbonding -= uint96(reused);
        if (node.unbonding == 0) node.unbondingEndsAt = 0;
        emit UnstakeReused(msg.sender, reused);
    }

    function _setProofSystem(RegistryStorage storage $, address proofSystem_) private {
        $.proofSystem = proofSystem_;
        emit ProofSystemSet(proofSystem_);
    }

    /// @dev No challenge is open for more than five days.
    function _setUnbondingPeriod(RegistryStorage storage $, uint256 period) private {
        _checkRange("unbondingPeriod", period, 5 days, 30 days);
        $.unbondingPeriod = uint32(period);
        emit UnbondingPeriodSet(period);
    }

    function _setJailPeriod(RegistryStorage storage $, uint256 period) private {
        _checkRange("jailPeriod", period, 0, 30 days);
        $.jailPeriod = uint32(period);
        emit JailPeriodSet(period);
    }

    function _authorizeUpgrade(address) internal override onlyOwner {}
}
