// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AccountsWalker} from "../mocks/system/AccountsWalker.sol";
import {HostsWalker} from "../mocks/system/HostsWalker.sol";
import {JobsWalker} from "../mocks/system/JobsWalker.sol";
import {RulesWalker} from "../mocks/system/RulesWalker.sol";
import {SessionsWalker} from "../mocks/system/SessionsWalker.sol";
import {ISystemCheck, System, WalkLog} from "../mocks/system/System.sol";
import {SystemEnds} from "../mocks/system/SystemEnds.sol";
import {SystemExits} from "../mocks/system/SystemExits.sol";
import {SponsorWalker} from "../mocks/system/SponsorWalker.sol";
import {SystemLedgers} from "../mocks/system/SystemLedgers.sol";
import {WalkTest} from "../mocks/system/WalkTest.sol";

/// @dev The test runner calls only contracts whose source is a test file.
contract SessionsWalk is SessionsWalker {
    constructor(System memory system, WalkLog log_) SessionsWalker(system, log_) {}
}

contract SingleJobsWalk is JobsWalker {
    constructor(System memory system, WalkLog log_) JobsWalker(system, log_) {}
}

contract HostsWalk is HostsWalker {
    constructor(System memory system, WalkLog log_) HostsWalker(system, log_) {}
}

contract RulesWalk is RulesWalker {
    constructor(System memory system, WalkLog log_) RulesWalker(system, log_) {}
}

contract AccountsWalk is AccountsWalker {
    constructor(System memory system, WalkLog log_) AccountsWalker(system, log_) {}
}

contract SponsorWalk is SponsorWalker {
    constructor(System memory system, WalkLog log_) SponsorWalker(system, log_) {}
}

/// @dev Found by its name as the walkers are: each is compiled once.
contract Exits is SystemExits {
    constructor(System memory system, WalkLog log_) SystemExits(system, log_) {}
}

contract Ends is SystemEnds {
    constructor(System memory system, WalkLog log_) SystemEnds(system, log_) {}
}

contract Ledgers is SystemLedgers {
    constructor(System memory system, WalkLog log_) SystemLedgers(system, log_) {}
}

/// @notice I1 to I8 over the whole wired system, in any order of calls to any of its functions by anyone.
contract SystemInvariantsTest is WalkTest, ISystemCheck {
    SessionsWalk private sessions;
    SingleJobsWalk private jobs;
    HostsWalk private hosts;
    RulesWalk private rules;
    AccountsWalk private accounts;
    SponsorWalk private sponsor;
    Exits private exits;
    Ends private ends;
    Ledgers private ledgers;

    function setUp() public {
        deploySystem();
        System memory system = s;
        sessions = SessionsWalk(_new("SessionsWalk", abi.encode(system, log)));
        jobs = SingleJobsWalk(_new("SingleJobsWalk", abi.encode(system, log)));
        hosts = HostsWalk(_new("HostsWalk", abi.encode(system, log)));
        rules = RulesWalk(_new("RulesWalk", abi.encode(system, log)));
        accounts = AccountsWalk(_new("AccountsWalk", abi.encode(system, log)));
        sponsor = SponsorWalk(_new("SponsorWalk", abi.encode(system, log)));
        exits = Exits(_new("Exits", abi.encode(system, log)));
        ends = Ends(_new("Ends", abi.encode(system, log)));
        ledgers = Ledgers(_new("Ledgers", abi.encode(system, log)));
        log.setChecker(this);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](6);
        (targets[0], targets[1], targets[2]) = (address(sessions), address(jobs), address(hosts));
        (targets[3], targets[4], targets[5]) = (address(rules), address(accounts), address(sponsor));
    }

    /// hardhat-config: default.invariant.runs = 12
    /// hardhat-config: default.invariant.depth = 250
    function invariant_I1_I2_I3_I4_I5_I6_I7_I8_holdInTheWholeSystem() public view {
        assertEq(log.violation(), "");
    }

    /// @inheritdoc ISystemCheck
    /// @dev Looking costs several times what a step does. What is broken stays broken, so each part has its turn.
    function check(uint256 step) external {
        uint256 turn = step / 2;
        if (step % 2 == 0) {
            ledgers.checkMarket(s.tokens[turn % s.tokens.length]);
            ledgers.checkEnded(turn);
            ledgers.checkSponsor();
        }
        if (step % 4 == 1) exits.tryAll(step / 4);
        if (step % 4 == 3) ends.tryEnded(step / 4);
        if (step % 8 == 5) ledgers.checkOthers(s.tokens[step / 8 % s.tokens.length]);
        if (step % 64 == 63) assertEq(exits.drain(), "");
    }

    function _step(uint256 kind, uint256 seed, uint256 amount)
        internal
        view
        override
        returns (address, bytes memory)
    {
        kind %= 28;
        if (kind < 4) return (address(sessions), _sessionStep(kind, seed, amount));
        if (kind < 9) return (address(jobs), _jobStep(kind - 4, seed, amount));
        if (kind < 15) return (address(hosts), _hostStep(kind - 9, seed, amount));
        if (kind < 21) return (address(rules), _ruleStep(kind - 15, seed, amount));
        if (kind == 21) return (address(sponsor), abi.encodeCall(sponsor.feed, (seed, amount)));
        return (address(accounts), _accountStep(kind - 22, seed, amount));
    }

    function _sessionStep(uint256 kind, uint256 seed, uint256 amount) private view returns (bytes memory) {
        bytes[4] memory calls = [
            abi.encodeCall(sessions.open, (seed, amount, amount >> 3)),
            abi.encodeCall(sessions.work, (seed, amount)),
            abi.encodeCall(sessions.question, (seed, amount % 2 == 0)),
            abi.encodeCall(sessions.leave, (seed, amount))
        ];
        return calls[kind];
    }

    function _jobStep(uint256 kind, uint256 seed, uint256 amount) private view returns (bytes memory) {
        bytes[5] memory calls = [
            abi.encodeCall(jobs.post, (seed, amount)),
            abi.encodeCall(jobs.move, (seed, amount)),
            abi.encodeCall(jobs.move, (seed, amount)),
            abi.encodeCall(jobs.prove, (seed, amount)),
            abi.encodeCall(jobs.challenge, (seed, amount))
        ];
        return calls[kind];
    }

    function _hostStep(uint256 kind, uint256 seed, uint256 amount) private view returns (bytes memory) {
        bytes[6] memory calls = [
            abi.encodeCall(hosts.operate, (seed, amount)),
            abi.encodeCall(hosts.control, (seed, amount)),
            abi.encodeCall(hosts.bank, (seed, amount)),
            abi.encodeCall(hosts.recommend, (seed, amount)),
            abi.encodeCall(hosts.pool, (seed, amount)),
            abi.encodeCall(hosts.rewards, (seed, amount))
        ];
        return calls[kind];
    }

    function _ruleStep(uint256 kind, uint256 seed, uint256 amount) private view returns (bytes memory) {
        bytes[6] memory calls = [
            abi.encodeCall(rules.warp, (seed)),
            abi.encodeCall(rules.warp, (amount)),
            abi.encodeCall(rules.stop, (seed, uint8(amount))),
            abi.encodeCall(rules.reform, (seed, amount)),
            abi.encodeCall(rules.reformOthers, (seed, amount)),
            abi.encodeCall(rules.disturb, (seed, amount))
        ];
        return calls[kind];
    }

    function _accountStep(uint256 kind, uint256 seed, uint256 amount) private view returns (bytes memory) {
        bytes[6] memory calls = [
            abi.encodeCall(accounts.decide, (seed)),
            abi.encodeCall(accounts.use, (seed, amount)),
            abi.encodeCall(accounts.use, (amount, seed)),
            abi.encodeCall(accounts.claimDirectly, (seed)),
            abi.encodeCall(accounts.bring, (seed, amount)),
            abi.encodeCall(accounts.hand, (seed, amount))
        ];
        return calls[kind];
    }

    function _names() internal pure override returns (string memory) {
        return "createSession createSessionJob createSessionJobWithToken createSessionWithQuote createSessionFromDeposit "
            "submitCheckpoint submitProofOfWork submitBatchProofs verifySession attest challengeAttestedWork "
            "decideAttestedWork setCoSigner settleSession settleMany settleSessionWithVoucher claimWithProof "
            "claimAbandonedSession completeSessionWithFinal completeSessionJob finalizeSession triggerSessionTimeout "
            "postJob postJobWithToken createJob claimJob abandonClaim submitResult completeJob cancelJob claimExpired "
            "releasePayment releaseEscrow autoRelease autoReleaseEscrow disputeResult disputeEscrow resolveDispute "
            "resolveStale challengeProof revealEvidence resolveChallenge expireChallenge withdrawBond registerNode stake "
            "requestUnstake unregisterNode withdrawUnstaked updateMetadata setModels setPrice setMaxSessions setAccepting "
            "registerControlledNode acceptControl cancelControlledNode stakeControlled requestUnstakeControlled "
            "unregisterControlledNode withdrawControlled claimSlashed importStake closeImport depositPrepaid distributeFees "
            "withdraw withdrawTo withdrawAll setDefaultCoSigner recordSettled rateHost importScores stakePosition "
            "unstakePosition exitEarly relock lapse notifyReward claim claimTo claimAll sync split withdrawShare "
            "withdrawShareTo setCircuitBreakerLevel pauseFunction unpauseFunction pauseNamed unpauseNamed emergencyPause "
            "unpause guardianLevel guardianPauseFunction guardianUnpauseFunction guardianAction setFees setClosingWindow "
            "setAcceptedToken setTokenLimits setTreasury setStakers setArbiter setProofSystem setReputation "
            "setSponsorPaymaster setReviewWindow setBonusReputation setDisputeTerms setMaxPending setRateLimit "
            "setFailureRules setGuardian setMinimumStake setUnbondingPeriod setJailPeriod setRegistryProofSystem slash "
            "setResolver setChallengeWindow setRevealWindow setResolverWindow setChallengeBond setChallengeSlash "
            "registerCircuit removeCircuit setMinReputationFee setIncentiveThreshold slashReputation "
            "setReputationProofSystem setSplitterTreasury setStakersPool sweepSurplus addSessionKeyWithPolicy "
            "addSessionKey revokeSessionKey revokeAllSessionKeys cancelGrant execute executeBatch executeUserOp "
            "createJobViaAccount registerNodeViaAccount claimJobViaSessionKey handleOps keyOperation keySpent "
            "keyPaidByAccount signedGrant refusedGrant setOwner upgradeAccount withdrawDepositTo onERC721Received "
            "onERC1155Received onERC1155BatchReceived receiveAccount topUp "
            "setPaymaster setKeeper withdrawVault receiveVault withdrawSponsor depositSponsor addStakeSponsor "
            "unlockStakeSponsor withdrawStakeSponsor migrateTo submitProof verifyProof batchVerifyProofs "
            "submitAndVerify rejectResult forfeitClaimBond recordJobCompletion listRewardToken receivePool permitOnCreate "
            "endedAgain exit drain ";
    }
}
