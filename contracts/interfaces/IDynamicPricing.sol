// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Prices that rise with demand: never below the base price and never above the cap. Basis points: 10,000 is
/// once.
interface IDynamicPricing {
    /// @param kinkBps Utilisation up to which the base price holds; below 10,000.
    /// @param maxSurgeBps Multiple of the base price at full utilisation; 10,000 to 50,000.
    struct Curve {
        uint16 kinkBps;
        uint16 maxSurgeBps;
    }

    /// @param tokens What is left, when it is recorded, of the tokens that the session proved.
    event DemandRecorded(uint256 indexed jobId, bytes32 indexed modelId, uint256 tokens, uint256 load);
    event CurveSet(uint256 kinkBps, uint256 maxSurgeBps);
    event CapacitySet(bytes32 indexed modelId, uint256 tokens);

    error DynamicPricingZeroAddress();
    error DynamicPricingOutOfRange(string field, uint256 value, uint256 minimum, uint256 maximum);

    /// @notice Adds the proven tokens of a settled session to the demand for its model, as if that had been done when
    /// it was settled. Anyone, once for each session. A model without capacity counts nothing.
    /// Errors: SettledSessionsNotSettled, SettledSessionsNothingProven, SettledSessionsTwice; SessionWrongStatus for an
    /// id that is no session.
    function recordSettled(uint256 jobId) external;

    /// @notice Whether {recordSettled} has taken session `jobId`.
    function isRecorded(uint256 jobId) external view returns (bool);

    /// @notice Owner only. Errors: DynamicPricingOutOfRange.
    function setCurve(Curve calldata curve) external;

    /// @notice Tokens of load at which `modelId` is fully used; 0 ends surge prices for it. Owner only.
    function setCapacity(bytes32 modelId, uint96 tokens) external;

    /// @notice Share of the capacity in use now, 0 to 10,000. Halves every 15 minutes without demand.
    function utilisationBps(bytes32 modelId) external view returns (uint256);

    /// @notice Multiple of the base price now, 10,000 to the cap.
    function surgeBps(bytes32 modelId) external view returns (uint256);

    /// @notice `basePrice` at the demand of now, rounded up, in the unit of `basePrice`.
    function priceNow(bytes32 modelId, uint256 basePrice) external view returns (uint256);

    function capacityOf(bytes32 modelId) external view returns (uint256);
    function curve() external view returns (Curve memory);
    function marketplace() external view returns (address);
}
