// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IFabstirGovernor} from "../../interfaces/IFabstirGovernor.sol";
import {IJobTerms} from "../../interfaces/IJobTerms.sol";
import {System, WalkLog} from "../system/System.sol";
import {Governance, GovernanceWalker} from "./Governance.sol";

/// @notice Proposals that come and go step by step, in any order and by anybody: what is executed was won by its votes,
/// with the majority that it needs, has waited, and is executed once.
abstract contract VotersWalker is GovernanceWalker {
    struct Proposal {
        uint256 id;
        address[] targets;
        uint256[] values;
        bytes[] calls;
        bytes32 text;
        bool ordinary;
        bool executed;
        uint256 queuedAt;
    }

    Proposal[] private _all;

    constructor(System memory system, Governance memory governance, WalkLog log_)
        GovernanceWalker(system, governance, log_)
    {}

    /// @notice A proposal with all that follows, mostly in time.
    function campaign(uint256 seed, uint256 amount) external walks {
        uint256 count = _all.length;
        _propose(seed, amount);
        if (_all.length == count) return;
        Proposal storage proposal = _all[count];
        if ((seed >> 128) % 8 != 0) vm.warp(g.governor.proposalSnapshot(proposal.id) + 1);
        for (uint256 i; i < 4; ++i) {
            _vote(uint256(keccak256(abi.encode(seed, i))), proposal.id);
        }
        if ((seed >> 136) % 8 != 0) vm.warp(g.governor.proposalDeadline(proposal.id) + 1);
        _queue(seed >> 8, proposal);
        uint256 eta = g.governor.proposalEta(proposal.id);
        if ((seed >> 144) % 4 == 0) _cancel(seed >> 16, proposal);
        if (eta != 0 && (seed >> 152) % 8 != 0) vm.warp(eta + (seed >> 160) % 20 days);
        _execute(seed >> 24, proposal);
        _execute(seed >> 32, proposal);
    }

    function propose(uint256 seed, uint256 amount) external walks {
        _propose(seed, amount);
    }

    /// @dev A parameter within its bounds or out of them, or a change that is no parameter.
    function _propose(uint256 seed, uint256 amount) private {
        address proposer = [g.alice, g.bob, g.carol, s.operator][seed % 4];
        (address market, uint256 window) = (address(s.market), bound(amount, 0, 10 days));
        bool listed = (seed >> 8) % 3 != 0;
        bytes memory call = listed
            ? abi.encodeCall(IJobTerms.setReviewWindow, (window))
            : abi.encodeCall(IJobTerms.setBonusReputation, (amount % 100));
        Proposal memory made;
        string memory text;
        (made.targets, made.values, made.calls, text) = _single(market, call);
        made.text = keccak256(bytes(text));
        made.ordinary = listed;
        bool success;
        if (listed && (seed >> 16) % 2 == 0) {
            IFabstirGovernor.ParameterUpdate[] memory updates = new IFabstirGovernor.ParameterUpdate[](1);
            updates[0] =
                IFabstirGovernor.ParameterUpdate(market, IJobTerms.setReviewWindow.selector, "reviewWindow", window);
            bytes memory data = abi.encodeCall(IFabstirGovernor.proposeParameterUpdate, (updates, text));
            success = _act("proposeParameterUpdate", proposer, address(g.governor), 0, data);
            _check(!success || (window >= 1 hours && window <= 7 days), "a parameter out of its bounds was proposed");
        } else {
            bytes memory data = abi.encodeCall(IGovernor.propose, (made.targets, made.values, made.calls, text));
            success = _act("propose", proposer, address(g.governor), 0, data);
        }
        if (!success) return;
        made.id = g.governor.hashProposal(made.targets, made.values, made.calls, made.text);
        _check(g.governor.proposalNeedsSuperMajority(made.id) != listed, "another majority than it needs");
        _all.push(made);
    }

    function vote(uint256 seed) external walks {
        if (_all.length != 0) _vote(seed, _newest(seed).id);
    }

    /// @dev Of those who hold FAB and one who does not, by any of the ways to cast one.
    function _vote(uint256 seed, uint256 id) private {
        address voter = [g.alice, g.bob, g.carol, s.operator][(seed >> 8) % 4];
        uint8 support = (seed >> 16) % 4 == 0 ? 0 : 1;
        (uint256 against, uint256 for_,) = g.governor.proposalVotes(id);
        bool voted = g.governor.hasVoted(id, voter);
        (string memory name, address sender, bytes memory data) = _ballot(seed, id, voter, support);
        if (!_act(name, sender, address(g.governor), 0, data)) return;
        _check(!voted, "somebody voted twice");
        uint256 weight = g.governor.getVotes(voter, g.governor.proposalSnapshot(id));
        (uint256 againstNow, uint256 forNow,) = g.governor.proposalVotes(id);
        bool counted = support == 0 ? againstNow == against + weight && forNow == for_ : forNow == for_ + weight;
        _check(counted, "a vote counted as something else");
    }

    function _ballot(uint256 seed, uint256 id, address voter, uint8 support)
        private
        view
        returns (string memory, address, bytes memory)
    {
        uint256 way = (seed >> 24) % 6;
        if (way == 0) return ("castVoteBool", voter, abi.encodeWithSignature("castVote(uint256,bool)", id, support == 1));
        if (way == 1) return ("castVote", voter, abi.encodeWithSignature("castVote(uint256,uint8)", id, support));
        if (way == 2) {
            return ("castVoteWithReason", voter, abi.encodeCall(IGovernor.castVoteWithReason, (id, support, "why")));
        }
        if (way == 3) {
            bytes memory plain = abi.encodeCall(IGovernor.castVoteWithReasonAndParams, (id, support, "why", ""));
            return ("castVoteWithReasonAndParams", voter, plain);
        }
        uint256 nonce = _nonce(voter);
        if (way == 4) {
            bytes32 ballot = keccak256("Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)");
            bytes memory signature = _signed(voter, _typed(keccak256(abi.encode(ballot, id, support, voter, nonce))));
            bytes memory signed = abi.encodeCall(IGovernor.castVoteBySig, (id, support, voter, signature));
            return ("castVoteBySig", s.operator, signed);
        }
        bytes32 extended = keccak256(
            "ExtendedBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,string reason,bytes params)"
        );
        bytes32 structHash =
            keccak256(abi.encode(extended, id, support, voter, nonce, keccak256("why"), keccak256("")));
        bytes memory data = abi.encodeCall(
            IGovernor.castVoteWithReasonAndParamsBySig, (id, support, voter, "why", "", _signed(voter, _typed(structHash)))
        );
        return ("castVoteWithReasonAndParamsBySig", s.operator, data);
    }

    function _nonce(address voter) private view returns (uint256 nonce) {
        (, bytes memory returned) = address(g.governor).staticcall(abi.encodeWithSignature("nonces(address)", voter));
        nonce = abi.decode(returned, (uint256));
    }

    function _typed(bytes32 structHash) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("FabstirGovernor"),
                keccak256("1"),
                block.chainid,
                g.governor
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    /// @notice Into the queue, out of it, or away with it.
    function move(uint256 seed) external walks {
        if (_all.length == 0) return;
        uint256 step = (seed >> 16) % 8;
        if (step == 0) _cancel(seed, _newest(seed));
        else if (step < 4) _queue(seed, _newest(seed));
        else _execute(seed, _newest(seed));
    }

    function _cancel(uint256 seed, Proposal storage proposal) private {
        _send("cancel", seed, proposal);
    }

    function _queue(uint256 seed, Proposal storage proposal) private {
        if (!_send("queue", seed, proposal)) return;
        _check(_won(proposal), "what was not won was queued");
        proposal.queuedAt = _now();
    }

    function _execute(uint256 seed, Proposal storage proposal) private {
        uint256 delay = g.timelock.getMinDelay();
        if (!_send("execute", seed, proposal)) return;
        _check(_won(proposal) && !proposal.executed, "what was not won was executed, or it was twice");
        _check(proposal.queuedAt != 0 && _now() >= proposal.queuedAt + 2 days, "executed before its delay");
        _check(delay >= 2 days, "a delay below its bound");
        proposal.executed = true;
        log.note("executeBatch");
    }

    /// @dev By the id or by all that it is the hash of; by its proposer or by a stranger.
    function _send(string memory name, uint256 seed, Proposal storage proposal) private returns (bool) {
        bool byId = (seed >> 24) % 2 == 0;
        address sender = [s.operator, g.alice, g.bob, g.carol][(seed >> 8) % 4];
        string memory noted = byId ? name : string.concat(name, "Full");
        return _act(noted, sender, address(g.governor), 0, _call(name, proposal, byId));
    }

    function _call(string memory name, Proposal storage proposal, bool byId) private view returns (bytes memory) {
        if (byId) return abi.encodeWithSignature(string.concat(name, "(uint256)"), proposal.id);
        return abi.encodeWithSignature(
            string.concat(name, "(address[],uint256[],bytes[],bytes32)"),
            proposal.targets,
            proposal.values,
            proposal.calls,
            proposal.text
        );
    }

    /// @dev By the votes as they were counted, and the quorum of its day.
    function _won(Proposal storage proposal) private view returns (bool) {
        (uint256 against, uint256 for_, uint256 abstain) = g.governor.proposalVotes(proposal.id);
        if (for_ <= against || for_ + abstain < g.governor.quorum(g.governor.proposalSnapshot(proposal.id))) return false;
        return proposal.ordinary || for_ * 100 >= (for_ + against) * 80;
    }

    /// @dev One of the last three.
    function _newest(uint256 seed) private view returns (Proposal storage) {
        uint256 back = (seed >> 64) % 3;
        return _all[_all.length > back ? _all.length - 1 - back : 0];
    }

    function warp(uint256 seed) external walks {
        vm.warp(block.timestamp + bound(seed >> 8, 1, seed % 3 == 0 ? 4 days : 1 days));
    }

    /// @notice What nobody but the governor and the timelock may do.
    function intrude(uint256 seed) external walks {
        address caller = [s.operator, g.alice, s.member, g.carol][seed % 4];
        bytes32 proposer = keccak256("PROPOSER_ROLE");
        (address market, bytes memory data) = (address(s.market), abi.encodeCall(IJobTerms.setReviewWindow, (1 days)));
        bytes[6] memory calls = [
            abi.encodeCall(g.timelock.schedule, (market, 0, data, 0, 0, 2 days)),
            abi.encodeCall(g.timelock.execute, (market, 0, data, 0, 0)),
            abi.encodeCall(g.timelock.grantRole, (proposer, caller)),
            abi.encodeCall(g.timelock.updateDelay, (0)),
            abi.encodeCall(g.guard.removeParameter, (market, IJobTerms.setReviewWindow.selector, 0)),
            data
        ];
        address[6] memory targets = [s.timelock, s.timelock, s.timelock, s.timelock, address(g.guard), market];
        uint256 which = (seed >> 8) % 6;
        _check(!_act("", caller, targets[which], 0, calls[which]), "a stranger did what only governance may");
    }
}
