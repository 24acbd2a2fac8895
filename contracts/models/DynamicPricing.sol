// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable2StepUpgradeable} from "@openzeppelin/contracts-upgradeable/access/Ownable2StepUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IDynamicPricing} from "../interfaces/IDynamicPricing.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {SettledSessions} from "./SettledSessions.sol";
import {SurgeCurve} from "./SurgeCurve.sol";

/// @title Surge prices by model. Demand comes from the marketplace alone; the owner is the timelock.
/// @dev Advice that nobody is bound by: who pays the fees of sessions with itself can raise a surge, up to the cap.
contract DynamicPricing is IDynamicPricing, Ownable2StepUpgradeable, UUPSUpgradeable {
    using SettledSessions for SettledSessions.Taken;

    /// @param load Tokens at `updatedAt`, never above the capacity: it begins to fall as soon as demand ends.
    struct Demand {
        uint96 load;
        uint96 capacity;
        uint48 updatedAt;
    }

    /// @custom:storage-location erc7201:fabstir.storage.DynamicPricing
    struct PricingStorage {
        SettledSessions.Taken sessions;
        Curve curve;
        mapping(bytes32 modelId => Demand) demands;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.DynamicPricing")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant PRICING_STORAGE = 0x9ff48c19f84eacdef66b92a800e3eb31ed2b6375023be0f1f8f261ec6b821900;

    uint256 private constant HIGHEST_SURGE_BPS = 50_000;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @param owner_ The timelock.
    /// @param marketplace_ Knows the sessions, for good; may be an address that is not deployed yet.
    function initialize(address owner_, address marketplace_, Curve calldata curve_) external initializer {
        if (marketplace_ == address(0)) revert DynamicPricingZeroAddress();
        __Ownable_init(owner_);
        _pricingStorage().sessions.marketplace = marketplace_;
        _setCurve(curve_);
    }

    /// @inheritdoc IDynamicPricing
    /// @dev Decayed from the settlement on, so that holding sessions back and recording them all at once raises nothing.
    function recordSettled(uint256 jobId) external {
        PricingStorage storage $ = _pricingStorage();
        ISessionJobs.SessionDetails memory session = $.sessions.take(jobId);
        uint256 tokens = SurgeCurve.decayed(session.provenTokens, block.timestamp - session.settledAt);
        Demand memory demand = $.demands[session.model];
        demand.load = uint96(Math.min(_loadNow(demand) + tokens, demand.capacity));
        demand.updatedAt = uint48(block.timestamp);
        $.demands[session.model] = demand;
        emit DemandRecorded(jobId, session.model, tokens, demand.load);
    }

    /// @inheritdoc IDynamicPricing
    function setCurve(Curve calldata curve_) external onlyOwner {
        _setCurve(curve_);
    }

    /// @inheritdoc IDynamicPricing
    function setCapacity(bytes32 modelId, uint96 tokens) external onlyOwner {
        Demand storage demand = _pricingStorage().demands[modelId];
        demand.load = uint96(Math.min(_loadNow(demand), tokens));
        demand.updatedAt = uint48(block.timestamp);
        demand.capacity = tokens;
        emit CapacitySet(modelId, tokens);
    }

    /// @inheritdoc IDynamicPricing
    function utilisationBps(bytes32 modelId) public view returns (uint256) {
        Demand memory demand = _pricingStorage().demands[modelId];
        return SurgeCurve.utilisation(_loadNow(demand), demand.capacity);
    }

    /// @inheritdoc IDynamicPricing
    function surgeBps(bytes32 modelId) public view returns (uint256) {
        Curve memory shape = _pricingStorage().curve;
        return SurgeCurve.surge(utilisationBps(modelId), shape.kinkBps, shape.maxSurgeBps);
    }

    /// @inheritdoc IDynamicPricing
    function priceNow(bytes32 modelId, uint256 basePrice) external view returns (uint256) {
        return SurgeCurve.price(basePrice, surgeBps(modelId));
    }

    /// @inheritdoc IDynamicPricing
    function capacityOf(bytes32 modelId) external view returns (uint256) {
        return _pricingStorage().demands[modelId].capacity;
    }

    /// @inheritdoc IDynamicPricing
    function curve() external view returns (Curve memory) {
        return _pricingStorage().curve;
    }

    /// @inheritdoc IDynamicPricing
    function isRecorded(uint256 jobId) external view returns (bool) {
        return _pricingStorage().sessions.isTaken(jobId);
    }

    /// @inheritdoc IDynamicPricing
    function marketplace() external view returns (address) {
        return _pricingStorage().sessions.marketplace;
    }

    function _loadNow(Demand memory demand) private view returns (uint256) {
        return SurgeCurve.decayed(demand.load, block.timestamp - demand.updatedAt);
    }

    function _setCurve(Curve calldata curve_) private {
        _requireRange("kinkBps", curve_.kinkBps, 0, SurgeCurve.BASIS - 1);
        _requireRange("maxSurgeBps", curve_.maxSurgeBps, SurgeCurve.BASIS, HIGHEST_SURGE_BPS);
        _pricingStorage().curve = curve_;
        emit CurveSet(curve_.kinkBps, curve_.maxSurgeBps);
    }

    function _requireRange(string memory field, uint256 value, uint256 minimum, uint256 maximum) private pure {
        if (value < minimum || value > maximum) revert DynamicPricingOutOfRange(field, value, minimum, maximum);
    }

    function _pricingStorage() private pure returns (PricingStorage storage $) {
        assembly {
            $.slot := PRICING_STORAGE
        }
    }

    function _authorizeUpgrade(address) internal override onlyOwner {}
}
