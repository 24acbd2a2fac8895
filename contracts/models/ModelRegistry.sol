// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable2StepUpgradeable} from "@openzeppelin/contracts-upgradeable/access/Ownable2StepUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {OfferList} from "./OfferList.sol";
import {SettledSessions} from "./SettledSessions.sol";

/// @title Models and what hosts ask for them. Holds no money; the owner is the timelock.
contract ModelRegistry is IModelRegistry, Ownable2StepUpgradeable, UUPSUpgradeable {
    using OfferList for OfferList.List;
    using SettledSessions for SettledSessions.Taken;

    struct Prices {
        uint96 per1000;
        uint96 perMinute;
    }

    /// @custom:storage-location erc7201:fabstir.storage.ModelRegistry
    struct ModelStorage {
        INodeRegistry nodeRegistry;
        SettledSessions.Taken sessions;
        bytes32[] ids;
        mapping(bytes32 modelId => Model) models;
        mapping(address token => Prices) minimums;
        mapping(bytes32 modelId => mapping(address token => OfferList.List)) offers;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.ModelRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant MODEL_STORAGE = 0x900b754900c03f33d5ca23b4a3586da546fd3661f55a959932eeed68f297b400;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @param owner_ The timelock.
    /// @param nodeRegistry_ Says who hosts; like the marketplace it may be an address that is not deployed yet.
    /// @param marketplace_ Knows the sessions, for good.
    /// @param minimums Of the tokens in which offers can be made from the start.
    function initialize(
        address owner_,
        address nodeRegistry_,
        address marketplace_,
        MinimumPrices[] calldata minimums
    ) external initializer {
        if (nodeRegistry_ == address(0) || marketplace_ == address(0)) revert ModelRegistryZeroAddress();
        __Ownable_init(owner_);
        ModelStorage storage $ = _modelStorage();
        $.nodeRegistry = INodeRegistry(nodeRegistry_);
        $.sessions.marketplace = marketplace_;
        for (uint256 i; i < minimums.length; ++i) {
            _setMinimumPrices(minimums[i].token, minimums[i].pricePer1000, minimums[i].pricePerMinute);
        }
    }

    /// @inheritdoc IModelRegistry
    function listModel(string calldata name, string calldata version, string calldata metadata)
        external
        returns (bytes32 modelId)
    {
        _requireLength("name", name, 64);
        _requireLength("version", version, 32);
        modelId = modelIdOf(name, version);
        ModelStorage storage $ = _modelStorage();
        Model storage model = $.models[modelId];
        address publisher = model.publisher;
        if (publisher == address(0)) {
            model.publisher = msg.sender;
            $.ids.push(modelId);
        } else if (publisher != msg.sender || model.listedAt != 0) {
            revert ModelRegistryTaken(modelId, publisher);
        }
        model.listedAt = uint48(block.timestamp);
        model.metadataHash = _metadataHash(metadata);
        emit ModelListed(modelId, msg.sender, name, version, metadata);
    }

    /// @inheritdoc IModelRegistry
    function updateModel(bytes32 modelId, string calldata metadata) external {
        _published(modelId).metadataHash = _metadataHash(metadata);
        emit ModelUpdated(modelId, metadata);
    }

    /// @inheritdoc IModelRegistry
    function delistModel(bytes32 modelId) external {
        _published(modelId).listedAt = 0;
        emit ModelDelisted(modelId);
    }

    /// @inheritdoc IModelRegistry
    function setPublisher(bytes32 modelId, address publisher) external onlyOwner {
        if (publisher == address(0)) revert ModelRegistryZeroAddress();
        Model storage model = _modelStorage().models[modelId];
        if (model.publisher == address(0)) revert ModelRegistryNotListed(modelId);
        model.publisher = publisher;
        emit PublisherSet(modelId, publisher);
    }

    /// @inheritdoc IModelRegistry
    function setPrice(bytes32 modelId, address token, uint96 pricePer1000, uint96 pricePerMinute) external {
        ModelStorage storage $ = _modelStorage();
        if (!$.nodeRegistry.isActiveNode(msg.sender)) revert ModelRegistryNotActiveHost(msg.sender);
        _requireListed($, modelId);
        Prices memory minimum = $.minimums[token];
        if (minimum.per1000 == 0) revert ModelRegistryTokenUnknown(token);
        bool byTime = pricePer1000 == 0 && pricePerMinute != 0;
        if (!byTime) _requirePrice("pricePer1000", pricePer1000, minimum.per1000);
        if (pricePerMinute != 0) _requirePrice("pricePerMinute", pricePerMinute, minimum.perMinute);

        $.offers[modelId][token].set(OfferList.Entry(msg.sender, pricePer1000, pricePerMinute));
        emit OfferSet(modelId, token, msg.sender, pricePer1000, pricePerMinute);
    }

    /// @inheritdoc IModelRegistry
    function removeOffer(bytes32 modelId, address token, address host) external {
        ModelStorage storage $ = _modelStorage();
        if (msg.sender != host && $.nodeRegistry.isActiveNode(host)) {
            revert ModelRegistryNotYourOffer(host, msg.sender);
        }
        if (!$.offers[modelId][token].remove(host)) revert ModelRegistryNotOffered(modelId, token, host);
        emit OfferRemoved(modelId, token, host);
    }

    /// @inheritdoc IModelRegistry
    function setMinimumPrices(address token, uint96 pricePer1000, uint96 pricePerMinute) external onlyOwner {
        _setMinimumPrices(token, pricePer1000, pricePerMinute);
    }

    /// @inheritdoc IModelRegistry
    function recordSettled(uint256 jobId) external {
        ModelStorage storage $ = _modelStorage();
        ISessionJobs.SessionDetails memory session = $.sessions.take(jobId);
        Model storage model = $.models[session.model];
        if (model.publisher == address(0)) revert ModelRegistryNotListed(session.model);
        model.uses += 1;
        // The marketplace counts tokens of a session in 40 bits.
        model.tokens += uint128(session.provenTokens);
        emit UseRecorded(jobId, session.model, session.provenTokens);
    }

    /// @inheritdoc IModelRegistry
    function quote(bytes32 modelId, address token, address host, Unit unit, uint256 quantity)
        external
        view
        returns (uint256)
    {
        ModelStorage storage $ = _modelStorage();
        _requireListed($, modelId);
        uint256 price = _priceOf($.offers[modelId][token].get(host), unit);
        if (price == 0 || !$.nodeRegistry.isAcceptingNode(host)) {
            revert ModelRegistryNotOffered(modelId, token, host);
        }
        return unit == Unit.Tokens ? Math.mulDiv(price, quantity, 1000) : price * quantity;
    }

    /// @inheritdoc IModelRegistry
    function cheapestHost(bytes32 modelId, address token, Unit unit, uint256 offset, uint256 limit)
        external
        view
        returns (address host, uint256 price)
    {
        ModelStorage storage $ = _modelStorage();
        _requireListed($, modelId);
        OfferList.Entry[] memory page = $.offers[modelId][token].page(offset, limit);
        for (uint256 i; i < page.length; ++i) {
            uint256 asked = _priceOf(page[i], unit);
            if (asked == 0 || (price != 0 && asked >= price)) continue;
            if (!$.nodeRegistry.isAcceptingNode(page[i].host)) continue;
            (host, price) = (page[i].host, asked);
        }
    }

    /// @inheritdoc IModelRegistry
    function offers(bytes32 modelId, address token, uint256 offset, uint256 limit)
        external
        view
        returns (Offer[] memory found)
    {
        ModelStorage storage $ = _modelStorage();
        OfferList.Entry[] memory page = $.offers[modelId][token].page(offset, limit);
        found = new Offer[](page.length);
        for (uint256 i; i < page.length; ++i) {
            OfferList.Entry memory entry = page[i];
            bool accepting = $.nodeRegistry.isAcceptingNode(entry.host);
            found[i] = Offer(entry.host, entry.pricePer1000, entry.pricePerMinute, accepting);
        }
    }

    /// @inheritdoc IModelRegistry
    function offerCount(bytes32 modelId, address token) external view returns (uint256) {
        return _modelStorage().offers[modelId][token].entries.length;
    }

    /// @inheritdoc IModelRegistry
    function models(uint256 offset, uint256 limit) external view returns (bytes32[] memory page) {
        ModelStorage storage $ = _modelStorage();
        uint256 count = $.ids.length;
        if (offset >= count) return page;
        uint256 size = Math.min(limit, count - offset);
        page = new bytes32[](size);
        uint256 found;
        for (uint256 i; i < size; ++i) {
            bytes32 id = $.ids[offset + i];
            if ($.models[id].listedAt != 0) page[found++] = id;
        }
        assembly ("memory-safe") {
            mstore(page, found)
        }
    }

    /// @inheritdoc IModelRegistry
    function modelCount() external view returns (uint256) {
        return _modelStorage().ids.length;
    }

    /// @inheritdoc IModelRegistry
    function getModel(bytes32 modelId) external view returns (Model memory) {
        return _modelStorage().models[modelId];
    }

    /// @inheritdoc IModelRegistry
    /// @dev `abi.encode`: packed, ("ab", "c") and ("a", "bc") would be one model (X-45).
    function modelIdOf(string calldata name, string calldata version) public pure returns (bytes32) {
        return keccak256(abi.encode(name, version));
    }

    /// @inheritdoc IModelRegistry
    function minimumPrices(address token) external view returns (uint96 pricePer1000, uint96 pricePerMinute) {
        Prices memory minimum = _modelStorage().minimums[token];
        return (minimum.per1000, minimum.perMinute);
    }

    /// @inheritdoc IModelRegistry
    function isRecorded(uint256 jobId) external view returns (bool) {
        return _modelStorage().sessions.isTaken(jobId);
    }

    /// @inheritdoc IModelRegistry
    function marketplace() external view returns (address) {
        return _modelStorage().sessions.marketplace;
    }

    /// @inheritdoc IModelRegistry
    function nodeRegistry() external view returns (address) {
        return address(_modelStorage().nodeRegistry);
    }

    function _setMinimumPrices(address token, uint96 pricePer1000, uint96 pricePerMinute) private {
        _requirePrice("pricePer1000", pricePer1000, 1);
        _requirePrice("pricePerMinute", pricePerMinute, 1);
        _modelStorage().minimums[token] = Prices(pricePer1000, pricePerMinute);
        emit MinimumPricesSet(token, pricePer1000, pricePerMinute);
    }

    function _published(bytes32 modelId) private view returns (Model storage model) {
        ModelStorage storage $ = _modelStorage();
        model = $.models[modelId];
        if (msg.sender != model.publisher) revert ModelRegistryNotPublisher(modelId, msg.sender);
        _requireListed($, modelId);
    }

    function _requireListed(ModelStorage storage $, bytes32 modelId) private view {
        if ($.models[modelId].listedAt == 0) revert ModelRegistryNotListed(modelId);
    }

    function _priceOf(OfferList.Entry memory entry, Unit unit) private pure returns (uint256) {
        return unit == Unit.Tokens ? entry.pricePer1000 : entry.pricePerMinute;
    }

    function _requirePrice(string memory field, uint256 price, uint256 minimum) private pure {
        if (price < minimum) revert ModelRegistryPriceTooLow(field, price, minimum);
    }

    function _requireLength(string memory field, string calldata text, uint256 maximum) private pure {
        uint256 length = bytes(text).length;
        if (length == 0 || length > maximum) revert ModelRegistryTextLength(field, length, 1, maximum);
    }

    function _metadataHash(string calldata metadata) private pure returns (bytes32) {
        _requireLength("metadata", metadata, 1024);
        return keccak256(bytes(metadata));
    }

    function _modelStorage() private pure returns (ModelStorage storage $) {
        assembly {
            $.slot := MODEL_STORAGE
        }
    }

    function _authorizeUpgrade(address) internal override onlyOwner {}
}
