// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {INodeRegistry} from "../../interfaces/INodeRegistry.sol";
import {IProofSystem} from "../../interfaces/IProofSystem.sol";
import {ISessionJobs} from "../../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../../interfaces/ISingleJobs.sol";
import {IStakerRewards} from "../../interfaces/IStakerRewards.sol";
import {System, WalkLog} from "./System.sol";
import {SystemWalker} from "./SystemWalker.sol";

/// @notice I1, I3, I4, I5 and I8, from what the contracts say of themselves.
contract SystemLedgers is SystemWalker {
    constructor(System memory system, WalkLog log_) SystemWalker(system, log_) {}

    /// @notice I3 and I4 of every job and session that may still move, and I1 of the marketplace in one token.
    function checkMarket(address token) external {
        uint256 owed;
        for (uint256 jobId = log.floor() + 1; jobId <= s.market.lastJobId(); ++jobId) {
            owed += _isSession(jobId) ? _session(jobId, token) : _job(jobId, token);
        }
        for (uint256 i; i < s.everyone.length; ++i) {
            owed += s.market.withdrawable(s.everyone[i], token);
        }
        (uint256 protocol, uint256 stakers) = s.market.feeLedger(token);
        owed += protocol + stakers;
        assertEq(s.market.liabilities(token), owed, "I1: the marketplace owes something else than the sum");
        assertGe(_held(address(s.market), token), owed, "I1: the marketplace holds less than it owes");
        _raiseFloor();
    }

    function _session(uint256 jobId, address token) private returns (uint256 owed) {
        ISessionJobs.SessionDetails memory details = s.market.getSessionDetails(jobId);
        assertGe(details.provenTokens, log.proven(jobId), "I3: the count fell");
        assertLe(details.provenTokens * details.pricePer1000 / 1000, details.deposit, "I3: beyond the deposit");
        if (details.provenTokens != log.proven(jobId)) log.setProven(jobId, details.provenTokens);
        if (details.token == token) owed = s.market.attestedWork(jobId).bond;
        if (details.status == ISessionJobs.SessionStatus.Settled) {
            if (log.ended(jobId) == 0) log.end(jobId, uint8(details.status));
        } else {
            assertEq(log.ended(jobId), 0, "I4: a settled session moved");
            if (details.token == token) owed += details.deposit;
        }
    }

    function _job(uint256 jobId, address token) private returns (uint256 owed) {
        ISingleJobs.Job memory job = s.market.getJob(jobId);
        uint8 ended = log.ended(jobId);
        if (_jobEnded(job.status)) {
            if (ended == 0) log.end(jobId, uint8(job.status));
            else assertEq(ended, uint8(job.status), "I4: an ended job moved");
        } else {
            assertEq(ended, 0, "I4: an ended job moved");
            if (job.token == token) owed = job.payment;
            if (job.token == token && job.status == ISingleJobs.JobStatus.Disputed) {
                owed += s.market.getEscrow(bytes32(jobId)).bond;
            }
        }
        (uint256 id,) = s.proofs.challengesOf(jobId);
        if (id != 0) _challenge(id);
    }

    function _challenge(uint256 id) private {
        uint8 status = uint8(s.proofs.getChallenge(id).status);
        uint8 closed = log.closed(id);
        if (closed != 0) assertEq(status, closed, "I4: a closed challenge moved");
        else if (status > uint8(IProofSystem.ChallengeStatus.Revealed)) log.close(id, status);
    }

    /// @notice I4 of what ended long ago.
    function checkEnded(uint256 step) external view {
        if (log.floor() == 0) return;
        uint256 jobId = 1 + step % log.floor();
        uint8 status = _isSession(jobId)
            ? uint8(s.market.getSessionDetails(jobId).status)
            : uint8(s.market.getJob(jobId).status);
        assertEq(status, log.ended(jobId), "I4: an ended job or session moved");
    }

    /// @notice I5, and I1 of bonds, stakes, rewards and shares.
    function checkOthers(address token) external view {
        (uint256 staked, uint256 bonds, uint256 shares, uint256 positions) = (0, 0, 0, 0);
        for (uint256 i; i < s.everyone.length; ++i) {
            address account = s.everyone[i];
            INodeRegistry.Node memory node = s.registry.getNode(account);
            staked += uint256(node.stake) + node.unbonding + s.registry.slashedUnclaimed(account);
            for (uint256 j; j < s.everyone.length; ++j) {
                (uint256 offered,) = s.registry.pendingControl(account, s.everyone[j]);
                staked += offered;
            }
            bonds += s.proofs.withdrawableBond(account);
            shares += s.splitter.withdrawable(account, token);
            for (uint256 id; id < s.pool.positionCount(account); ++id) {
                positions += s.pool.position(account, id).amount;
            }
        }
        assertGe(s.fab.balanceOf(address(s.registry)), staked, "I5: the registry holds less than it owes");
        assertGe(s.fab.balanceOf(address(s.proofs)), s.proofs.bondLiabilities(), "I1: bonds");
        assertGe(s.proofs.bondLiabilities(), bonds, "I1: bonds that are not counted");
        shares += s.splitter.withdrawable(s.treasury, token);
        assertEq(s.splitter.liabilities(token), shares, "I1: the splitter owes something else than the sum");
        assertGe(_held(address(s.splitter), token), shares, "I1: the splitter holds less than it owes");
        assertEq(s.pool.totalStaked(), positions, "I1: stakes are not the sum of the positions");
        _checkRewards(token, positions);
    }

    function _checkRewards(address token, uint256 staked) private view {
        IStakerRewards.RewardState memory state = s.pool.rewardState(token);
        uint256 owed = state.notified - state.paid;
        uint256 earned = state.unallocated;
        for (uint256 i; i < s.everyone.length; ++i) {
            earned += s.pool.earned(s.everyone[i], token);
        }
        assertLe(earned, owed, "I1: more rewards are promised than were booked");
        if (token == address(s.fab)) owed += staked;
        assertGe(_held(address(s.pool), token), owed, "I1: the pool holds less than it owes");
    }

    /// @notice I8: what the vault put there, and gifts of others.
    function checkSponsor() external view {
        uint256 highest = log.highestCap() + log.donated();
        assertLe(s.entryPoint.balanceOf(address(s.sponsor)), highest, "I8: more than a day's budget");
    }

    function _held(address account, address token) private view returns (uint256) {
        return token == ETH ? account.balance : IERC20(token).balanceOf(account);
    }
}
