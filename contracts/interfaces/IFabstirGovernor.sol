// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What the governor adds to OpenZeppelin's {IGovernor}: parameters by name, votes by yes and no, the rule of
/// 80 %, emergencies. Times are Unix seconds, votes FAB wei.
/// @dev A proposal goes: one day of delay, seven of voting, {queue}, two in the timelock, {execute} by anyone. Each of
/// the last two has 14 days, then the proposal is expired for good.
interface IFabstirGovernor {
    /// @param targetContract Contract owned by the timelock.
    /// @param functionSelector Setter on the allow-list.
    /// @param parameterName Its name there.
    /// @param newValue Within the bounds of the list.
    struct ParameterUpdate {
        address targetContract;
        bytes4 functionSelector;
        string parameterName;
        uint256 newValue;
    }

    /// @notice Follows `ProposalCreated` of a proposal made by {proposeParameterUpdate}. What execution really changed
    /// is in the timelock's `ParameterUpdated`.
    /// @param currentValue Value when it was proposed.
    event ParameterUpdateProposed(
        uint256 indexed proposalId,
        address indexed targetContract,
        bytes4 functionSelector,
        string parameterName,
        uint256 currentValue,
        uint256 newValue
    );

    /// @notice Follows `ProposalCreated`.
    /// @param superMajority Needs 80 % of the votes for and against instead of more than half.
    event ProposalClassified(uint256 indexed proposalId, bool superMajority);

    /// @notice An ordinary majority passed the proposal, and it would need 80 % by now: a parameter left the list.
    error GovernorSuperMajorityNeeded(uint256 proposalId);

    /// @notice The governor does not speak to the timelock but through proposals.
    error GovernorRelayToTimelock(address timelock);

    /// @notice Votes count by `mode`, where the governor needs "mode=timestamp".
    error GovernorClockMode(string mode);

    /// @notice Proposes to set listed parameters, each with one value. Needs {proposalThreshold} votes a second ago.
    /// Setters with several values, and all else, go by `propose`.
    function proposeParameterUpdate(ParameterUpdate[] calldata updates, string calldata description)
        external
        returns (uint256 proposalId);

    /// @notice Votes for or against with the weight that the caller had when voting began. Once; abstaining goes by the
    /// other `castVote`.
    /// @return weight In FAB wei.
    function castVote(uint256 proposalId, bool support) external returns (uint256 weight);

    /// @notice "pause" or "unpause" for a breaker, passed on to the guardian. Its EMERGENCY_ROLE.
    function executeEmergencyAction(string calldata action, address target) external;

    /// @notice Whether `account` holds a role of the {emergencyGuardian}.
    function hasRole(bytes32 role, address account) external view returns (bool);

    function EMERGENCY_ROLE() external view returns (bytes32);
    function emergencyGuardian() external view returns (address);

    /// @notice Whether these calls would need 80 %: all do but listed parameters of other contracts, sent without ETH.
    function needsSuperMajority(address[] memory targets, uint256[] memory values, bytes[] memory calldatas)
        external
        view
        returns (bool);

    /// @notice What {needsSuperMajority} said when `proposalId` was proposed.
    function proposalNeedsSuperMajority(uint256 proposalId) external view returns (bool);

    /// @notice Second after which `proposalId` is expired, as far as it is known: 14 days after the vote, and after it
    /// was queued 14 days after its time of execution.
    function proposalExpiresAt(uint256 proposalId) external view returns (uint256);
}
