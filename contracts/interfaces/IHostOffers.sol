// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What hosts offer: models, smallest prices and how much they take at a time. Registered nodes only; the
/// marketplace reads all of it by {IHostTerms-sessionTerms}.
interface IHostOffers {
    event ModelsSet(address indexed operator, bytes32[] models);
    event PriceSet(address indexed operator, bytes32 indexed model, address indexed token, uint256 pricePer1000);
    event MaxSessionsSet(address indexed operator, uint256 maxSessions);

    error NodeRegistryZeroModel(uint256 index);
    error NodeRegistryDuplicateModel(bytes32 model);

    /// @notice Replaces the list of models that the caller serves, at most 32; an empty list serves every model.
    function setModels(bytes32[] calldata models) external;

    /// @notice Smallest price per 1,000 tokens, in the token's smallest unit; 0 takes it back.
    /// @param model Model id; 0 sets it for sessions without a model and for models without a price of their own.
    /// @param token `address(0)` is ETH.
    /// @param pricePer1000 Fits 96 bits.
    function setPrice(bytes32 model, address token, uint256 pricePer1000) external;

    /// @notice Sessions that the caller takes at a time, at most 65,535; 0 is no cap.
    function setMaxSessions(uint256 maxSessions) external;

    /// @notice Empty when the host serves every model.
    function modelsOf(address host) external view returns (bytes32[] memory);

    /// @notice What the host has set for exactly `model`; 0 when nothing.
    function priceOf(address host, bytes32 model, address token) external view returns (uint256 pricePer1000);
}
