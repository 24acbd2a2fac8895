// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAttestedSessions} from "../../interfaces/IAttestedSessions.sol";
import {INodeRegistry} from "../../interfaces/INodeRegistry.sol";
import {IPaymentEscrow} from "../../interfaces/IPaymentEscrow.sol";
import {IProofSystem} from "../../interfaces/IProofSystem.sol";
import {ISessionJobs} from "../../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../../interfaces/ISingleJobs.sol";
import {IStakingTiers} from "../../interfaces/IStakingTiers.sol";
import {MarketplaceRules} from "../MarketplaceRules.sol";
import {System, WalkLog} from "./System.sol";
import {SystemWalker} from "./SystemWalker.sol";

/// @notice I6: tries every exit that is due and takes it back again.
/// @dev A trial happens in a call to itself that reverts with what came of it, so nothing of it stays.
contract SystemExits is SystemWalker {
    error Tried(bool success);
    error Drained(string problem);

    address private constant FRESH = address(0xf4e5);

    constructor(System memory system, WalkLog log_) SystemWalker(system, log_) {}

    /// @notice Tries what is due for one job or session, one account and one token; `step` says which.
    function tryAll(uint256 step) external {
        (uint256 floor, uint256 last) = (log.floor(), s.market.lastJobId());
        if (last != floor) {
            uint256 jobId = floor + 1 + step % (last - floor);
            if (_isSession(jobId)) _trySession(jobId);
            else _tryJob(jobId);
        }
        (address account, address token) = (_anyone(step), _token(step >> 3));
        _tryAccount(account, token);
    }

    function _trySession(uint256 jobId) private {
        ISessionJobs.SessionDetails memory details = s.market.getSessionDetails(jobId);
        if (details.status == ISessionJobs.SessionStatus.Settled) return;
        IAttestedSessions.AttestedWork memory work = s.market.attestedWork(jobId);
        _can(details.host, abi.encodeCall(ISessionJobs.settleSession, (jobId)), "I6: settleSession");
        if (details.status == ISessionJobs.SessionStatus.Active) {
            _can(details.renter, abi.encodeCall(ISessionJobs.completeSessionJob, (jobId)), "I6: completeSessionJob");
        }
        bool matured = block.timestamp >= work.maturesAt;
        if (matured && block.timestamp >= details.startedAt + details.maxDuration + 2 hours) {
            _can(address(0xdead), abi.encodeCall(ISessionJobs.triggerSessionTimeout, (jobId)), "I6: triggerSessionTimeout");
        }
        if (matured && details.status == ISessionJobs.SessionStatus.Closing && block.timestamp >= details.closesAt) {
            _can(address(0xdead), abi.encodeCall(ISessionJobs.finalizeSession, (jobId)), "I6: finalizeSession");
        }
        if (work.challenged && !matured) {
            _can(s.arbiter, abi.encodeCall(IAttestedSessions.decideAttestedWork, (jobId, true)), "I6: decideAttestedWork");
        }
        uint256 next = details.provenTokens + 100;
        if (next > details.deposit * 1000 / details.pricePer1000 || log.keyOf(details.coSigner) == 0) return;
        bytes memory voucher = _signed(details.coSigner, s.market.checkpointDigest(jobId, next, 0));
        if (MarketplaceRules.takesCheckpoint(details, next)) {
            _can(address(0xdead), abi.encodeCall(ISessionJobs.submitCheckpoint, (jobId, next, 0, voucher)), "I6: submitCheckpoint");
        }
        _can(details.host, abi.encodeCall(ISessionJobs.settleSessionWithVoucher, (jobId, next, 0, voucher)), "I6: settleSessionWithVoucher");
    }

    function _tryJob(uint256 jobId) private {
        ISingleJobs.Job memory job = s.market.getJob(jobId);
        bool late = block.timestamp >= job.deadline;
        bool unblocked = s.market.proofSystem() == address(0) || !s.proofs.isPayoutBlocked(jobId);
        bytes32 escrowId = bytes32(jobId);
        if (job.status == ISingleJobs.JobStatus.Posted) {
            _can(job.renter, abi.encodeCall(ISingleJobs.cancelJob, (jobId)), "I6: cancelJob");
        }
        if (job.status < ISingleJobs.JobStatus.Submitted && late) {
            _can(address(0xdead), abi.encodeCall(ISingleJobs.claimExpired, (jobId)), "I6: claimExpired");
        }
        if (job.status == ISingleJobs.JobStatus.Claimed && !late) {
            if (!job.requiresProof) {
                _can(job.host, abi.encodeCall(ISingleJobs.submitResult, (jobId, "result")), "I6: submitResult");
            }
            if (block.timestamp + 60 < job.deadline) {
                _can(job.host, abi.encodeCall(ISingleJobs.abandonClaim, (jobId)), "I6: abandonClaim");
            }
        }
        if (job.status == ISingleJobs.JobStatus.Submitted) {
            if (unblocked) _can(job.renter, abi.encodeCall(ISingleJobs.releasePayment, (jobId)), "I6: releasePayment");
            if (unblocked && block.timestamp >= job.releaseAt) {
                _can(address(0xdead), abi.encodeWithSignature("autoRelease(uint256)", jobId), "I6: autoRelease");
            }
            if (block.timestamp < job.releaseAt && job.token == ETH) {
                uint256 bond = s.market.disputeBond(jobId);
                vm.deal(job.renter, job.renter.balance + bond);
                bytes memory data = abi.encodeCall(IPaymentEscrow.disputeResult, (jobId));
                _canAt(address(s.market), job.renter, bond, data, "I6: disputeResult");
            }
        }
        (uint256 id,) = s.proofs.challengesOf(jobId);
        _tryChallenge(id);
        if (job.status != ISingleJobs.JobStatus.Disputed) return;
        if (block.timestamp >= s.market.getEscrow(escrowId).resolveBy) {
            if (unblocked) _can(address(0xdead), abi.encodeCall(IPaymentEscrow.resolveStale, (escrowId)), "I6: resolveStale");
        } else {
            _can(s.arbiter, abi.encodeCall(IPaymentEscrow.resolveDispute, (escrowId, job.renter)), "I6: resolveDispute");
        }
    }

    function _tryChallenge(uint256 id) private {
        IProofSystem.Challenge memory open = s.proofs.getChallenge(id);
        bool committed = open.status == IProofSystem.ChallengeStatus.Committed;
        if (!committed && open.status != IProofSystem.ChallengeStatus.Revealed) return;
        if (block.timestamp >= (committed ? open.revealBy : open.resolveBy)) {
            bytes memory expire = abi.encodeCall(IProofSystem.expireChallenge, (id));
            _canAt(address(s.proofs), address(0xdead), 0, expire, "I6: expireChallenge");
        } else if (committed) {
            bytes memory reveal = abi.encodeCall(IProofSystem.revealEvidence, (id, "evidence", 0));
            _canAt(address(s.proofs), address(0xdead), 0, reveal, "I6: revealEvidence");
        } else if (s.proofs.isResolver(s.resolver)) {
            // A marketplace that governance took off this ProofSystem refuses its word; the challenge can still be
            // rejected, or lapse.
            bool upheld = s.market.proofSystem() == address(s.proofs);
            bytes memory decide = abi.encodeCall(IProofSystem.resolveChallenge, (id, upheld));
            _canAt(address(s.proofs), s.resolver, 0, decide, "I6: resolveChallenge");
        }
    }

    function _tryAccount(address account, address token) private {
        address registry = address(s.registry);
        if (s.market.withdrawable(account, token) != 0) {
            _can(account, abi.encodeWithSignature("withdraw(address,address)", token, FRESH), "I6: withdraw");
        }
        if (s.splitter.withdrawable(account, token) != 0) {
            bytes memory share = abi.encodeWithSignature("withdraw(address,address)", token, FRESH);
            _canAt(address(s.splitter), account, 0, share, "I6: splitter.withdraw");
        }
        _canAt(
            address(s.pool), account, 0, abi.encodeWithSignature("claim(address,address)", token, FRESH), "I6: claim"
        );
        if (s.proofs.withdrawableBond(account) != 0) {
            _canAt(address(s.proofs), account, 0, abi.encodeCall(IProofSystem.withdrawBond, ()), "I6: withdrawBond");
        }
        if (s.registry.slashedUnclaimed(account) != 0) {
            _canAt(registry, account, 0, abi.encodeCall(s.registry.claimSlashed, ()), "I6: claimSlashed");
        }
        INodeRegistry.Node memory node = s.registry.getNode(account);
        bool own = s.registry.getNodeController(account) == account;
        if (node.controller != address(0)) {
            _canAt(registry, account, 0, abi.encodeCall(INodeRegistry.unregisterNode, ()), "I6: unregisterNode");
        }
        if (own && node.stake != 0 && node.controller != address(0)) {
            _canAt(registry, account, 0, abi.encodeCall(INodeRegistry.requestUnstake, (node.stake)), "I6: requestUnstake");
        }
        if (own && node.unbonding != 0 && block.timestamp >= node.unbondingEndsAt && s.market.openObligations(account) == 0) {
            _canAt(registry, account, 0, abi.encodeCall(INodeRegistry.withdrawUnstaked, ()), "I6: withdrawUnstaked");
        }
        uint256 count = s.pool.positionCount(account);
        for (uint256 id; id < count; ++id) {
            IStakingTiers.Position memory held = s.pool.position(account, id);
            if (held.amount == 0) continue;
            bytes memory data = block.timestamp < held.unlocksAt
                ? abi.encodeCall(IStakingTiers.exitEarly, (id))
                : abi.encodeCall(IStakingTiers.unstake, (id, held.amount));
            _canAt(address(s.pool), account, 0, data, "I6: unstake");
        }
    }

    function _can(address sender, bytes memory data, string memory rule) private {
        _canAt(address(s.market), sender, 0, data, rule);
    }

    function _canAt(address target, address sender, uint256 value, bytes memory data, string memory rule) private {
        try this.attempt(sender, target, value, data) {}
        catch (bytes memory outcome) {
            log.note("exit");
            _check(keccak256(outcome) == keccak256(abi.encodeWithSelector(Tried.selector, true)), rule);
        }
    }

    /// @notice Always reverts, with {Tried}.
    function attempt(address sender, address target, uint256 value, bytes calldata data) external {
        vm.prank(sender);
        (bool success,) = target.call{value: value}(data);
        revert Tried(success);
    }

    /// @notice Half a year on everybody has left with what is theirs, without any help of those who stand in the way,
    /// and nothing is left but what came unasked.
    function drain() external returns (string memory problem) {
        uint256 time = block.timestamp;
        try this.drained() {}
        catch (bytes memory outcome) {
            vm.warp(time);
            if (bytes4(outcome) != Drained.selector) return "I6: the drain stopped";
            assembly ("memory-safe") {
                mstore(add(outcome, 4), sub(mload(outcome), 4))
                outcome := add(outcome, 4)
            }
            log.note("drain");
            return abi.decode(outcome, (string));
        }
    }

    /// @notice Always reverts, with {Drained}.
    function drained() external {
        for (uint256 i; i < s.everyone.length; ++i) {
            _leaveRegistry(s.everyone[i]);
        }
        vm.warp(block.timestamp + 400 days);
        for (uint256 jobId = log.floor() + 1; jobId <= s.market.lastJobId(); ++jobId) {
            if (!_endNow(jobId)) revert Drained(string.concat("I6: nothing ends job ", vm.toString(jobId)));
        }
        for (uint256 i; i < s.everyone.length; ++i) {
            _takeAll(s.everyone[i]);
        }
        for (uint256 i; i < s.tokens.length; ++i) {
            (uint256 protocol, uint256 stakers) = s.market.feeLedger(s.tokens[i]);
            if (s.market.liabilities(s.tokens[i]) != protocol + stakers) revert Drained("I1: something is owed to nobody");
            if (s.splitter.liabilities(s.tokens[i]) != s.splitter.withdrawable(s.treasury, s.tokens[i])) {
                revert Drained("I1: a share is owed to nobody");
            }
        }
        if (s.pool.totalStaked() != 0) revert Drained("I1: a position has no owner");
        if (s.proofs.bondLiabilities() != 0) revert Drained("I1: a bond has no owner");
        revert Drained("");
    }

    function _leaveRegistry(address account) private {
        address registry = address(s.registry);
        for (uint256 i; i < s.everyone.length; ++i) {
            (uint256 offered,) = s.registry.pendingControl(s.everyone[i], account);
            if (offered != 0) {
                _must(account, registry, abi.encodeCall(s.registry.cancelControlledNode, (s.everyone[i])), "cancelControlledNode");
            }
        }
        if (s.registry.getNode(account).controller != address(0)) {
            _must(account, registry, abi.encodeCall(INodeRegistry.unregisterNode, ()), "unregisterNode");
        }
    }

    function _takeAll(address account) private {
        INodeRegistry.Node memory node = s.registry.getNode(account);
        if (node.unbonding != 0) {
            address payer = s.registry.getNodeController(account);
            bytes memory data = payer == account
                ? abi.encodeCall(INodeRegistry.withdrawUnstaked, ())
                : abi.encodeCall(s.registry.withdrawControlled, (account));
            _must(payer, address(s.registry), data, "withdrawUnstaked");
        }
        if (s.registry.slashedUnclaimed(account) != 0) {
            _must(account, address(s.registry), abi.encodeCall(s.registry.claimSlashed, ()), "claimSlashed");
        }
        if (s.proofs.withdrawableBond(account) != 0) {
            _must(account, address(s.proofs), abi.encodeCall(IProofSystem.withdrawBond, ()), "withdrawBond");
        }
        for (uint256 id; id < s.pool.positionCount(account); ++id) {
            uint256 held = s.pool.position(account, id).amount;
            if (held == 0) continue;
            _must(account, address(s.pool), abi.encodeCall(IStakingTiers.unstake, (id, held)), "unstake");
        }
        for (uint256 i; i < s.tokens.length; ++i) {
            bytes memory data = abi.encodeWithSignature("withdraw(address,address)", s.tokens[i], FRESH);
            if (s.market.withdrawable(account, s.tokens[i]) != 0) _must(account, address(s.market), data, "withdraw");
            if (s.splitter.withdrawable(account, s.tokens[i]) != 0) _must(account, address(s.splitter), data, "share");
            bytes memory claim = abi.encodeWithSignature("claim(address,address)", s.tokens[i], FRESH);
            _must(account, address(s.pool), claim, "claim");
        }
    }

    function _endNow(uint256 jobId) private returns (bool) {
        if (_isSession(jobId)) {
            if (s.market.getSessionDetails(jobId).status == ISessionJobs.SessionStatus.Settled) return true;
            return _try(abi.encodeCall(ISessionJobs.triggerSessionTimeout, (jobId)));
        }
        (uint256 id,) = s.proofs.challengesOf(jobId);
        vm.prank(address(0xdead));
        (bool expired,) = address(s.proofs).call(abi.encodeCall(IProofSystem.expireChallenge, (id)));
        expired;
        ISingleJobs.JobStatus status = s.market.getJob(jobId).status;
        if (_jobEnded(status)) return true;
        if (status == ISingleJobs.JobStatus.Submitted) return _try(abi.encodeWithSignature("autoRelease(uint256)", jobId));
        if (status == ISingleJobs.JobStatus.Disputed) return _try(abi.encodeCall(IPaymentEscrow.resolveStale, (bytes32(jobId))));
        return _try(abi.encodeCall(ISingleJobs.claimExpired, (jobId)));
    }

    function _try(bytes memory data) private returns (bool success) {
        vm.prank(address(0xdead));
        (success,) = address(s.market).call(data);
    }

    function _must(address sender, address target, bytes memory data, string memory name) private {
        vm.prank(sender);
        (bool success,) = target.call(data);
        if (!success) revert Drained(string.concat("I6: in the end, ", name));
    }
}
