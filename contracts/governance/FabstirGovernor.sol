// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorStorage} from "@openzeppelin/contracts/governance/extensions/GovernorStorage.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {
    GovernorVotesQuorumFraction
} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IEmergencyGuardian} from "../interfaces/IEmergencyGuardian.sol";
import {IFabstirGovernor} from "../interfaces/IFabstirGovernor.sol";
import {IParameterGuard} from "../interfaces/IParameterGuard.sol";
import {ITimelock} from "../interfaces/ITimelock.sol";

/// @title Governor of the system: FAB votes, the timelock acts.
/// @dev Not upgradeable. Another governor takes over when the timelock gives it the roles, an 80 % matter.
contract FabstirGovernor is
    IFabstirGovernor,
    Governor,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorStorage,
    GovernorVotes,
    GovernorVotesQuorumFraction,
    GovernorTimelockControl
{
    uint48 private constant VOTING_DELAY = 1 days;
    uint32 private constant VOTING_PERIOD = 7 days;
    uint256 private constant PROPOSAL_THRESHOLD = 10_000e18;
    uint256 private constant QUORUM_PERCENT = 10;
    uint256 private constant SUPER_MAJORITY_PERCENT = 80;
    uint256 private constant QUEUE_WINDOW = 14 days;
    bytes32 private constant TIMESTAMP_MODE = keccak256("mode=timestamp");

    /// @inheritdoc IFabstirGovernor
    address public immutable emergencyGuardian;

    mapping(uint256 proposalId => bool) private _superMajority;

    /// @param votes FAB, or the adapter that adds staked votes; counts at Unix seconds.
    /// @param timelock_ Owner of every contract; this governor is to be its only proposer and executor.
    /// @param emergencyGuardian_ Holds the members of the emergency role.
    constructor(IVotes votes, TimelockController timelock_, address emergencyGuardian_)
        Governor("FabstirGovernor")
        GovernorSettings(VOTING_DELAY, VOTING_PERIOD, PROPOSAL_THRESHOLD)
        GovernorVotes(votes)
        GovernorVotesQuorumFraction(QUORUM_PERCENT)
        GovernorTimelockControl(timelock_)
    {
        string memory mode = CLOCK_MODE();
        if (keccak256(bytes(mode)) != TIMESTAMP_MODE) revert GovernorClockMode(mode);
        emergencyGuardian = emergencyGuardian_;
    }

    /// @inheritdoc IFabstirGovernor
    function proposeParameterUpdate(ParameterUpdate[] calldata updates, string calldata description)
        external
        returns (uint256 proposalId)
    {
        uint256 count = updates.length;
        address[] memory targets = new address[](count);
        bytes[] memory calldatas = new bytes[](count);
        uint256[] memory current = new uint256[](count);
        IParameterGuard guard = _guard();
        for (uint256 i; i < count; ++i) {
            ParameterUpdate calldata update = updates[i];
            targets[i] = update.targetContract;
            (calldatas[i], current[i]) = guard.encodeUpdate(
                update.targetContract, update.functionSelector, update.parameterName, update.newValue
            );
        }
        proposalId = propose(targets, new uint256[](count), calldatas, description);
        for (uint256 i; i < count; ++i) {
            ParameterUpdate calldata update = updates[i];
            emit ParameterUpdateProposed(
                proposalId,
                update.targetContract,
                update.functionSelector,
                update.parameterName,
                current[i],
                update.newValue
            );
        }
    }

    /// @inheritdoc IFabstirGovernor
    function castVote(uint256 proposalId, bool support) external returns (uint256 weight) {
        return castVote(proposalId, uint8(support ? VoteType.For : VoteType.Against));
    }

    /// @inheritdoc IFabstirGovernor
    function executeEmergencyAction(string calldata action, address target) external {
        IEmergencyGuardian(emergencyGuardian).executeEmergencyActionFor(msg.sender, action, target);
    }

    /// @notice Recovers, by proposal, what was sent here by mistake. Never speaks to the timelock, whose proposer this
    /// is.
    function relay(address target, uint256 value, bytes calldata data) public payable override {
        if (target == timelock()) revert GovernorRelayToTimelock(target);
        super.relay(target, value, data);
    }

    /// @inheritdoc IFabstirGovernor
    function hasRole(bytes32 role, address account) external view returns (bool) {
        return IEmergencyGuardian(emergencyGuardian).hasRole(role, account);
    }

    /// @inheritdoc IFabstirGovernor
    function EMERGENCY_ROLE() external view returns (bytes32) {
        return IEmergencyGuardian(emergencyGuardian).EMERGENCY_ROLE();
    }

    /// @inheritdoc IFabstirGovernor
    function proposalNeedsSuperMajority(uint256 proposalId) external view returns (bool) {
        return _superMajority[proposalId];
    }

    /// @inheritdoc IFabstirGovernor
    /// @dev The timelock, the list and the governor itself stay 80 % matters even where a setter of theirs is listed:
    /// the list then adds bounds.
    function needsSuperMajority(address[] memory targets, uint256[] memory values, bytes[] memory calldatas)
        public
        view
        returns (bool)
    {
        IParameterGuard guard = _guard();
        if (address(guard) == address(0)) return true;
        for (uint256 i; i < targets.length; ++i) {
            address target = targets[i];
            if (target == timelock() || target == address(guard) || target == address(this)) return true;
            if (values[i] != 0 || !guard.isListed(target, calldatas[i])) return true;
        }
        return false;
    }

    /// @inheritdoc IFabstirGovernor
    function proposalExpiresAt(uint256 proposalId) public view returns (uint256) {
        uint256 eta = proposalEta(proposalId);
        return eta == 0
            ? proposalDeadline(proposalId) + QUEUE_WINDOW
            : eta + ITimelock(timelock()).GRACE_PERIOD();
    }

    /// @notice State of a proposal; one that nobody queued or executed in time is expired for good.
    function state(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (ProposalState current)
    {
        current = super.state(proposalId);
        // The timelock forgets an operation when its time is over, which alone would read as canceled.
        bool waits = current == ProposalState.Succeeded || current == ProposalState.Queued
            || (current == ProposalState.Canceled && proposalEta(proposalId) != 0);
        if (waits && block.timestamp > proposalExpiresAt(proposalId)) return ProposalState.Expired;
    }

    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }

    function proposalNeedsQueuing(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (bool)
    {
        return super.proposalNeedsQueuing(proposalId);
    }

    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override(Governor, GovernorStorage) returns (uint256 proposalId) {
        proposalId = super._propose(targets, values, calldatas, description, proposer);
        bool superMajority = needsSuperMajority(targets, values, calldatas);
        _superMajority[proposalId] = superMajority;
        emit ProposalClassified(proposalId, superMajority);
    }

    /// @dev Ordinary: more votes for than against. Super-majority: at least 80 % of both.
    function _voteSucceeded(uint256 proposalId)
        internal
        view
        override(Governor, GovernorCountingSimple)
        returns (bool)
    {
        if (!super._voteSucceeded(proposalId)) return false;
        if (!_superMajority[proposalId]) return true;
        (uint256 againstVotes, uint256 forVotes,) = proposalVotes(proposalId);
        return forVotes * 100 >= (forVotes + againstVotes) * SUPER_MAJORITY_PERCENT;
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    /// @dev A parameter that left the list since the vote is no longer for an ordinary majority to set.
    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        if (!_superMajority[proposalId] && needsSuperMajority(targets, values, calldatas)) {
            revert GovernorSuperMajorityNeeded(proposalId);
        }
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }

    function _guard() private view returns (IParameterGuard) {
        return ITimelock(timelock()).parameterGuard();
    }
}
