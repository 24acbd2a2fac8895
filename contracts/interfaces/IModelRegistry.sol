// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Models and what hosts ask for them. A model's id is keccak256(abi.encode(name, version)).
interface IModelRegistry {
    /// @param listedAt Unix seconds; 0 while delisted.
    /// @param metadataHash Of the text in the last {ModelListed} or {ModelUpdated}.
    /// @param uses Settled sessions that ran the model, of those that somebody recorded.
    /// @param tokens Tokens that those sessions proved.
    struct Model {
        address publisher;
        uint48 listedAt;
        uint48 uses;
        uint128 tokens;
        bytes32 metadataHash;
    }

    /// @param accepting The host is active and open for new work now.
    struct Offer {
        address host;
        uint96 pricePer1000;
        uint96 pricePerMinute;
        bool accepting;
    }

    /// @param pricePer1000 Smallest units of `token` for 1,000 tokens, above 0.
    /// @param pricePerMinute Smallest units of `token` for a minute, above 0.
    struct MinimumPrices {
        address token;
        uint96 pricePer1000;
        uint96 pricePerMinute;
    }

    enum Unit {
        Tokens,
        Minutes
    }

    event ModelListed(
        bytes32 indexed modelId, address indexed publisher, string name, string version, string metadata
    );
    event ModelUpdated(bytes32 indexed modelId, string metadata);
    event ModelDelisted(bytes32 indexed modelId);
    event PublisherSet(bytes32 indexed modelId, address indexed publisher);
    event OfferSet(
        bytes32 indexed modelId,
        address indexed token,
        address indexed host,
        uint256 pricePer1000,
        uint256 pricePerMinute
    );
    event OfferRemoved(bytes32 indexed modelId, address indexed token, address indexed host);
    event MinimumPricesSet(address indexed token, uint256 pricePer1000, uint256 pricePerMinute);
    event UseRecorded(uint256 indexed jobId, bytes32 indexed modelId, uint256 tokens);

    error ModelRegistryZeroAddress();
    error ModelRegistryTextLength(string field, uint256 length, uint256 minimum, uint256 maximum);
    error ModelRegistryTaken(bytes32 modelId, address publisher);
    error ModelRegistryNotPublisher(bytes32 modelId, address caller);
    error ModelRegistryNotListed(bytes32 modelId);
    error ModelRegistryNotActiveHost(address caller);
    error ModelRegistryTokenUnknown(address token);
    error ModelRegistryPriceTooLow(string field, uint256 price, uint256 minimum);
    error ModelRegistryNotOffered(bytes32 modelId, address token, address host);
    error ModelRegistryNotYourOffer(address host, address caller);

    /// @notice Lists a model; the caller becomes its publisher. Who delisted it may list it again, nobody else. Anyone.
    /// @param name 1 to 64 bytes.
    /// @param version 1 to 32 bytes.
    /// @param metadata 1 to 1,024 bytes, such as a URI; kept in the event, its hash in storage.
    /// Errors: ModelRegistryTextLength, ModelRegistryTaken.
    function listModel(string calldata name, string calldata version, string calldata metadata)
        external
        returns (bytes32 modelId);

    /// @notice The publisher only. Errors: ModelRegistryNotPublisher, ModelRegistryNotListed, ModelRegistryTextLength.
    function updateModel(bytes32 modelId, string calldata metadata) external;

    /// @notice Takes the model off the list: no new offers, no quotes. The publisher only.
    /// Errors: ModelRegistryNotPublisher, ModelRegistryNotListed.
    function delistModel(bytes32 modelId) external;

    /// @notice Gives a model to another publisher, such as a name that a stranger took. Owner only.
    /// Errors: ModelRegistryZeroAddress.
    function setPublisher(bytes32 modelId, address publisher) external;

    /// @notice Sets what the caller, an active host, asks for `modelId` in `token` (`address(0)` is ETH).
    /// @param pricePer1000 Smallest units of `token` for 1,000 tokens; 0 when not sold by tokens.
    /// @param pricePerMinute Smallest units of `token` for a minute; 0 when not sold by time.
    /// Errors: ModelRegistryNotActiveHost, ModelRegistryNotListed, ModelRegistryTokenUnknown,
    /// ModelRegistryPriceTooLow (also when both are 0).
    function setPrice(bytes32 modelId, address token, uint96 pricePer1000, uint96 pricePerMinute) external;

    /// @notice Removes an offer: `host` its own, anyone that of a host which is not active any more.
    /// Errors: ModelRegistryNotYourOffer, ModelRegistryNotOffered.
    function removeOffer(bytes32 modelId, address token, address host) external;

    /// @notice Smallest prices of later offers in `token`, both above 0; lists the token for offers. Owner only.
    /// Errors: ModelRegistryPriceTooLow.
    function setMinimumPrices(address token, uint96 pricePer1000, uint96 pricePerMinute) external;

    /// @notice Counts a settled session for its model, which may be delisted since. Anyone, once for each session.
    /// Errors: ModelRegistryNotListed when the model was never listed, SettledSessionsNotSettled,
    /// SettledSessionsNothingProven, SettledSessionsTwice; SessionWrongStatus for an id that is no session.
    function recordSettled(uint256 jobId) external;

    /// @notice Whether {recordSettled} has taken session `jobId`.
    function isRecorded(uint256 jobId) external view returns (bool);

    /// @notice What `quantity` tokens or minutes of `modelId` cost at `host`: price times quantity, for tokens over
    /// 1,000 and rounded down, as the marketplace computes it.
    /// Errors: ModelRegistryNotListed, ModelRegistryNotOffered (also when the host takes no work now).
    function quote(bytes32 modelId, address token, address host, Unit unit, uint256 quantity)
        external
        view
        returns (uint256);

    /// @notice The cheapest of the offers from `offset` on, `limit` at most, whose hosts take work now.
    /// @return host `address(0)` when there is none; of equal prices, the first.
    /// @return price For 1,000 tokens or for a minute.
    function cheapestHost(bytes32 modelId, address token, Unit unit, uint256 offset, uint256 limit)
        external
        view
        returns (address host, uint256 price);

    /// @notice Page of the offers for `modelId` in `token`.
    function offers(bytes32 modelId, address token, uint256 offset, uint256 limit)
        external
        view
        returns (Offer[] memory);

    function offerCount(bytes32 modelId, address token) external view returns (uint256);

    /// @notice Page of the ids of listed models; shorter by the delisted ones among them.
    function models(uint256 offset, uint256 limit) external view returns (bytes32[] memory);

    /// @notice Models that were ever listed.
    function modelCount() external view returns (uint256);

    function getModel(bytes32 modelId) external view returns (Model memory);
    function modelIdOf(string calldata name, string calldata version) external pure returns (bytes32);
    function minimumPrices(address token) external view returns (uint96 pricePer1000, uint96 pricePerMinute);
    function marketplace() external view returns (address);
    function nodeRegistry() external view returns (address);
}
