// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {SessionJobs} from "./SessionJobs.sol";
import {SingleJobs} from "./SingleJobs.sol";

/// @title The marketplace behind one proxy: single jobs and sessions over one ledger.
/// @dev The owner is the timelock. It sets tokens, limits, receivers of fees and the implementation; no function moves
/// what users are owed.
contract JobMarketplace is SingleJobs, SessionJobs, UUPSUpgradeable {
    /// @param token `address(0)` is ETH.
    /// @param minimum Smallest deposit, in the token's smallest unit.
    struct TokenSetup {
        address token;
        uint256 minimum;
        uint256 maximum;
    }

    struct PaymasterSetup {
        address entryPoint;
        address paymaster;
    }

    /// @custom:storage-location erc7201:fabstir.storage.JobMarketplace
    struct MarketplaceStorage {
        mapping(address entryPoint => address) sponsorPaymasters;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.JobMarketplace")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant MARKETPLACE_STORAGE = 0x89d6ae10e84318e46560931e52aeafde0e8fd06f9ecbe25b58c516312dd35b00;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @param owner_ The timelock.
    /// @param registry_ Says who may host.
    /// @param treasury_ Receives the protocol's fees.
    /// @param stakers_ Receives the stakers' fees.
    /// @param tokens Payment tokens and their limits; ETH is always one and takes no deposits unless named.
    /// @param paymasters Sponsor of each EntryPoint that has one.
    function initialize(
        address owner_,
        address registry_,
        address treasury_,
        address stakers_,
        TokenSetup[] calldata tokens,
        PaymasterSetup[] calldata paymasters
    ) external initializer {
        __Ownable_init(owner_);
        _setRegistry(registry_);
        _setTreasury(treasury_);
        _setStakers(stakers_);
        _setAccepted(address(0), true);
        for (uint256 i; i < tokens.length; ++i) {
            if (tokens[i].token != address(0)) _setAccepted(tokens[i].token, true);
            _setLimits(tokens[i].token, tokens[i].minimum, tokens[i].maximum);
        }
        for (uint256 i; i < paymasters.length; ++i) {
            _setSponsorPaymaster(paymasters[i].entryPoint, paymasters[i].paymaster);
        }
    }

    /// @inheritdoc IJobMarketplace
    function setSponsorPaymaster(address entryPoint, address paymaster) external onlyOwner {
        _setSponsorPaymaster(entryPoint, paymaster);
    }

    /// @inheritdoc IJobMarketplace
    function sponsorPaymaster(address entryPoint) external view returns (address) {
        return _marketplaceStorage().sponsorPaymasters[entryPoint];
    }

    function _setSponsorPaymaster(address entryPoint, address paymaster) private {
        _marketplaceStorage().sponsorPaymasters[entryPoint] = paymaster;
        emit SponsorPaymasterSet(entryPoint, paymaster);
    }

    function _marketplaceStorage() private pure returns (MarketplaceStorage storage $) {
        assembly {
            $.slot := MARKETPLACE_STORAGE
        }
    }

    function _authorizeUpgrade(address) internal override onlyOwner {}
}
