// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {Governance} from "../mocks/governance/Governance.sol";
import {GovernanceSystem} from "../mocks/governance/GovernanceSystem.sol";
import {OwnersWalker} from "../mocks/governance/OwnersWalker.sol";
import {VotersWalker} from "../mocks/governance/VotersWalker.sol";
import {ISystemCheck, System, WalkLog} from "../mocks/system/System.sol";

/// @dev The test runner calls only contracts whose source is a test file.
contract VotersWalk is VotersWalker {
    constructor(System memory system, Governance memory governance, WalkLog log_)
        VotersWalker(system, governance, log_)
    {}
}

contract OwnersWalk is OwnersWalker {
    constructor(System memory system, Governance memory governance, WalkLog log_)
        OwnersWalker(system, governance, log_)
    {}
}

/// @notice The whole system under governor and timelock: everything stays theirs, and parameters within their bounds.
contract GovernanceInvariantsTest is GovernanceSystem, ISystemCheck {
    VotersWalk private voters;
    OwnersWalk private owners;

    function setUp() public {
        deployGovernance();
        (System memory system, Governance memory governance) = (s, g);
        voters = VotersWalk(_new("VotersWalk", abi.encode(system, governance, log)));
        owners = OwnersWalk(_new("OwnersWalk", abi.encode(system, governance, log)));
        log.setChecker(this);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](2);
        (targets[0], targets[1]) = (address(voters), address(owners));
    }

    /// hardhat-config: default.invariant.runs = 4
    /// hardhat-config: default.invariant.depth = 100
    function invariant_governanceAloneOwnsTheSystem() public view {
        assertEq(log.violation(), "");
    }

    /// @inheritdoc ISystemCheck
    function check(uint256 step) external view {
        uint256 which = step % g.owned.length;
        assertEq(Ownable2Step(g.owned[which]).owner(), s.timelock, g.names[which]);
        uint256 window = s.market.reviewWindow();
        assertTrue(window >= 1 hours && window <= 7 days, "a parameter out of its bounds");
        assertGe(g.timelock.getMinDelay(), 2 days, "a delay below its bound");
        address[4] memory strangers = [g.alice, s.operator, s.member, address(this)];
        bytes32[4] memory roles =
            [bytes32(0), keccak256("PROPOSER_ROLE"), keccak256("EXECUTOR_ROLE"), keccak256("CANCELLER_ROLE")];
        bool held = g.timelock.hasRole(roles[step % 4], strangers[step / 4 % 4]);
        assertFalse(held, "somebody else speaks to the timelock");
    }

    function _step(uint256 kind, uint256 seed, uint256 amount)
        internal
        view
        override
        returns (address, bytes memory)
    {
        kind %= 16;
        if (kind < 2) return (address(voters), abi.encodeCall(voters.propose, (seed, amount)));
        if (kind < 6) return (address(voters), abi.encodeCall(voters.vote, (seed)));
        if (kind < 9) return (address(voters), abi.encodeCall(voters.move, (seed)));
        if (kind < 10) return (address(voters), abi.encodeCall(voters.warp, (seed)));
        if (kind < 12) return (address(voters), abi.encodeCall(voters.campaign, (seed, amount)));
        if (kind == 12) return (address(voters), abi.encodeCall(voters.intrude, (seed)));
        if (kind == 13) return (address(owners), abi.encodeCall(owners.hand, (seed)));
        if (kind == 14) return (address(owners), abi.encodeCall(owners.govern, (seed)));
        return (address(owners), abi.encodeCall(owners.send, (seed)));
    }

    function _names() internal pure override returns (string memory) {
        return "propose proposeParameterUpdate castVote castVoteBool castVoteWithReason castVoteWithReasonAndParams "
            "castVoteBySig castVoteWithReasonAndParamsBySig queue queueFull execute executeFull cancel cancelFull "
            "executeBatch setVotingDelay setVotingPeriod setProposalThreshold updateQuorumNumerator updateTimelock relay "
            "updateDelay setParameterGuard removeParameter setParameters grantRole revokeRole renounceRole scheduleOperation "
            "executeOperation cancelOperation "
            "grantMember revokeMember renounceMember emergencyByGovernor emergencyWithReason receiveTimelock "
            "onERC721Received onERC1155Received onERC1155BatchReceived transferOwnership.NodeRegistry "
            "acceptOwnership.NodeRegistry renounceOwnership.NodeRegistry upgradeToAndCall.NodeRegistry "
            "transferOwnership.ReputationSystem acceptOwnership.ReputationSystem renounceOwnership.ReputationSystem "
            "upgradeToAndCall.ReputationSystem transferOwnership.ProofSystem acceptOwnership.ProofSystem "
            "renounceOwnership.ProofSystem upgradeToAndCall.ProofSystem transferOwnership.StakersPool "
            "acceptOwnership.StakersPool renounceOwnership.StakersPool upgradeToAndCall.StakersPool "
            "transferOwnership.RevenueSplitter acceptOwnership.RevenueSplitter renounceOwnership.RevenueSplitter "
            "upgradeToAndCall.RevenueSplitter transferOwnership.ModelRegistry acceptOwnership.ModelRegistry "
            "renounceOwnership.ModelRegistry upgradeToAndCall.ModelRegistry transferOwnership.DynamicPricing "
            "acceptOwnership.DynamicPricing renounceOwnership.DynamicPricing upgradeToAndCall.DynamicPricing "
            "transferOwnership.Buyback acceptOwnership.Buyback renounceOwnership.Buyback upgradeToAndCall.Buyback "
            "transferOwnership.JobMarketplace acceptOwnership.JobMarketplace renounceOwnership.JobMarketplace "
            "upgradeToAndCall.JobMarketplace transferOwnership.TokenPaymaster acceptOwnership.TokenPaymaster "
            "renounceOwnership.TokenPaymaster transferOwnership.TopUpVault acceptOwnership.TopUpVault "
            "renounceOwnership.TopUpVault ";
    }
}
