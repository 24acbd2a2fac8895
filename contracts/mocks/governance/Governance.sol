// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IEmergencyGuardian} from "../../interfaces/IEmergencyGuardian.sol";
import {IFabstirGovernor} from "../../interfaces/IFabstirGovernor.sol";
import {IParameterGuard} from "../../interfaces/IParameterGuard.sol";
import {System, WalkLog} from "../system/System.sol";
import {SystemWalker} from "../system/SystemWalker.sol";

/// @dev What the interface leaves to OpenZeppelin's governor.
interface IGovernorParts is IGovernor, IFabstirGovernor {
    function cancel(uint256 proposalId) external;
    function queue(uint256 proposalId) external;
    function execute(uint256 proposalId) external payable;
    function relay(address target, uint256 value, bytes calldata data) external payable;
    function setVotingDelay(uint48 delay) external;
    function setVotingPeriod(uint32 period) external;
    function setProposalThreshold(uint256 threshold) external;
    function updateQuorumNumerator(uint256 numerator) external;
    function updateTimelock(address next) external;
    function proposalVotes(uint256 proposalId) external view returns (uint256, uint256, uint256);
}

/// @notice Governance as it is deployed, and who takes part.
/// @param owned What the timelock owns; `code` is another deployment of its code, none of what cannot be upgraded.
struct Governance {
    IGovernorParts governor;
    TimelockController timelock;
    IParameterGuard guard;
    IEmergencyGuardian guardian;
    address[] owned;
    string[] names;
    address[] code;
    address alice;
    address bob;
    address carol;
}

/// @notice A walker that takes proposals from their beginning to their end.
abstract contract GovernanceWalker is SystemWalker {
    Governance internal g;
    uint256 private _proposals;

    constructor(System memory system, Governance memory governance, WalkLog log_) SystemWalker(system, log_) {
        g = governance;
    }

    /// @dev A proposal that everybody is for, with all its waiting.
    function _enact(address target, bytes memory data) internal returns (bool) {
        (address[] memory targets, uint256[] memory values, bytes[] memory calls, string memory text) =
            _single(target, data);
        vm.prank(g.alice);
        (bool proposed,) =
            address(g.governor).call(abi.encodeCall(IGovernor.propose, (targets, values, calls, text)));
        if (!proposed) return false;
        uint256 id = g.governor.hashProposal(targets, values, calls, keccak256(bytes(text)));
        vm.warp(g.governor.proposalSnapshot(id) + 1);
        vm.prank(g.alice);
        g.governor.castVote(id, uint8(1));
        vm.prank(g.bob);
        g.governor.castVote(id, uint8(1));
        vm.warp(g.governor.proposalDeadline(id) + 1);
        g.governor.queue(id);
        (bool early,) = address(g.governor).call(abi.encodeWithSignature("execute(uint256)", id));
        _check(!early, "a proposal was executed before its delay");
        vm.warp(g.governor.proposalEta(id));
        (bool done,) = address(g.governor).call(abi.encodeWithSignature("execute(uint256)", id));
        return done;
    }

    /// @dev Asked, because the optimizer takes block.timestamp for a constant within a call.
    function _now() internal view returns (uint256) {
        return g.governor.clock();
    }

    function _single(address target, bytes memory data)
        internal
        returns (address[] memory targets, uint256[] memory values, bytes[] memory calls, string memory text)
    {
        (targets, values, calls) = (new address[](1), new uint256[](1), new bytes[](1));
        (targets[0], calls[0]) = (target, data);
        text = vm.toString(++_proposals);
    }
}
