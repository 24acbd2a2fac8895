// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IHostOffers} from "../interfaces/IHostOffers.sol";
import {IHostTerms} from "../interfaces/IHostTerms.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {NodeStore} from "./NodeStore.sol";

/// @title What hosts offer, and the one question that the marketplace asks about it.
abstract contract HostOffers is IHostOffers, IHostTerms, NodeStore {
    uint256 private constant MAX_MODELS = 32;

    /// @inheritdoc INodeRegistry
    function updateMetadata(string calldata metadata) external {
        _registered(_registryStorage(), msg.sender).metadataHash = _metadataHash(metadata);
        emit MetadataUpdated(msg.sender, metadata);
    }

    /// @inheritdoc INodeRegistry
    function setAccepting(bool accepting) external {
        _setFlag(_registered(_registryStorage(), msg.sender), ACCEPTING, accepting);
        emit AcceptingSet(msg.sender, accepting);
    }

    /// @inheritdoc IHostOffers
    function setModels(bytes32[] calldata models) external {
        _checkRange("models", models.length, 0, MAX_MODELS);
        RegistryStorage storage $ = _registryStorage();
        StoredNode storage node = _registered($, msg.sender);
        mapping(bytes32 => bool) storage listed = $.listed[msg.sender];

        bytes32[] memory earlier = $.models[msg.sender];
        for (uint256 i; i < earlier.length; ++i) {
            delete listed[earlier[i]];
        }
        for (uint256 i; i < models.length; ++i) {
            bytes32 model = models[i];
            if (model == 0) revert NodeRegistryZeroModel(i);
            if (listed[model]) revert NodeRegistryDuplicateModel(model);
            listed[model] = true;
        }
        $.models[msg.sender] = models;
        _setFlag(node, LISTED, models.length != 0);
        emit ModelsSet(msg.sender, models);
    }

    /// @inheritdoc IHostOffers
    function setPrice(bytes32 model, address token, uint256 pricePer1000) external {
        _checkRange("pricePer1000", pricePer1000, 0, type(uint96).max);
        RegistryStorage storage $ = _registryStorage();
        _setFlag(_registered($, msg.sender), PRICED, true);
        $.prices[msg.sender][model][token] = pricePer1000;
        emit PriceSet(msg.sender, model, token, pricePer1000);
    }

    /// @inheritdoc IHostOffers
    function setMaxSessions(uint256 maxSessions) external {
        _checkRange("maxSessions", maxSessions, 0, type(uint16).max);
        _registered(_registryStorage(), msg.sender).maxSessions = uint16(maxSessions);
        emit MaxSessionsSet(msg.sender, maxSessions);
    }

    /// @inheritdoc IHostTerms
    /// @dev Two slots for a host that has set no prices, lists no models and was never slashed.
    function sessionTerms(address host, bytes32 model, address token)
        external
        view
        returns (bool accepting, uint32 maxSessions, uint96 minPricePer1000)
    {
        RegistryStorage storage $ = _registryStorage();
        StoredNode storage node = $.nodes[host];
        uint8 flags = node.flags;
        if (flags & ACCEPTING == 0 || !_isActive($, node)) return (false, 0, 0);
        if (flags & LISTED != 0 && model != 0 && !$.listed[host][model]) return (false, 0, 0);
        return (true, node.maxSessions, flags & PRICED == 0 ? 0 : _minPrice($, host, model, token));
    }

    /// @inheritdoc INodeRegistry
    function isAcceptingNode(address node) external view returns (bool) {
        RegistryStorage storage $ = _registryStorage();
        StoredNode storage stored = $.nodes[node];
        return stored.flags & ACCEPTING != 0 && _isActive($, stored);
    }

    /// @inheritdoc IHostOffers
    function modelsOf(address host) external view returns (bytes32[] memory) {
        return _registryStorage().models[host];
    }

    /// @inheritdoc IHostOffers
    function priceOf(address host, bytes32 model, address token) external view returns (uint256) {
        return _registryStorage().prices[host][model][token];
    }

    function _minPrice(RegistryStorage storage $, address host, bytes32 model, address token)
        private
        view
        returns (uint96)
    {
        uint256 price = $.prices[host][model][token];
        if (price == 0 && model != 0) price = $.prices[host][0][token];
        return uint96(price);
    }

    function _setFlag(StoredNode storage node, uint8 flag, bool on) private {
        node.flags = on ? node.flags | flag : node.flags & ~flag;
    }
}
