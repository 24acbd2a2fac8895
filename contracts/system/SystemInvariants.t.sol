// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AccountsWalker} from "../mocks/system/AccountsWalker.sol";
import {HostsWalker} from "../mocks/system/HostsWalker.sol";
import {JobsWalker} from "../mocks/system/JobsWalker.sol";
import {RulesWalker} from "../mocks/system/RulesWalker.sol";
import {SessionsWalker} from "../mocks/system/SessionsWalker.sol";
import {ISystemCheck, System, WalkLog} from "../mocks/system/System.sol";
import {SystemExits} from "../mocks/system/SystemExits.sol";
import {SystemFixture} from "../mocks/system/SystemFixture.sol";
import {SystemLedgers} from "../mocks/system/SystemLedgers.sol";

/// @dev The test runner calls only contracts whose source is a test file.
contract SessionsWalk is SessionsWalker {
    constructor(System memory system, WalkLog log_) SessionsWalker(system, log_) {}
}

contract JobsWalk is JobsWalker {
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

/// @notice I1 to I8 over the whole wired system, in any order of calls to any of its functions by anyone.
contract SystemInvariantsTest is SystemFixture, ISystemCheck {
    SessionsWalk private sessions;
    JobsWalk private jobs;
    HostsWalk private hosts;
    RulesWalk private rules;
    AccountsWalk private accounts;
    SystemExits private exits;
    SystemLedgers private ledgers;

    function setUp() public {
        deploySystem();
        System memory system = s;
        sessions = new SessionsWalk(system, log);
        jobs = new JobsWalk(system, log);
        hosts = new HostsWalk(system, log);
        rules = new RulesWalk(system, log);
        accounts = new AccountsWalk(system, log);
        exits = new SystemExits(system, log);
        ledgers = new SystemLedgers(system, log);
        log.setChecker(this);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](5);
        (targets[0], targets[1], targets[2]) = (address(sessions), address(jobs), address(hosts));
        (targets[3], targets[4]) = (address(rules), address(accounts));
    }

    /// hardhat-config: default.invariant.runs = 12
    /// hardhat-config: default.invariant.depth = 250
    function invariant_I1_I2_I3_I4_I5_I6_I7_I8_holdInTheWholeSystem() public view {
        assertEq(log.violation(), "");
    }

    /// @inheritdoc ISystemCheck
    function check(uint256 step) external {
        ledgers.checkMarket(s.tokens[step % s.tokens.length]);
        ledgers.checkEnded(step);
        ledgers.checkSponsor();
        if (step % 2 == 0) ledgers.checkOthers(s.tokens[step / 2 % s.tokens.length]);
        exits.tryAll(step);
        if (step % 64 == 63) assertEq(exits.drain(), "");
    }

    /// What the walk never does, the invariants say nothing about.
    function test_walkCallsEveryFunction() public {
        string[] memory names = _names();
        uint256[] memory times = new uint256[](names.length);
        string memory failures = "";
        uint256 fresh = vm.snapshotState();
        // Until nothing is missing: how long that takes depends on every weight of the walk.
        for (uint256 run; run < 40 && _missing(names, times) != 0; ++run) {
            for (uint256 i; i < 400; ++i) {
                _walk(uint256(keccak256(abi.encode(run, i))));
            }
            assertEq(log.violation(), "");
            if (bytes(_failed).length != 0) failures = string.concat(failures, " step of kind ", _failed);
            for (uint256 i; i < names.length; ++i) {
                times[i] += log.done(names[i]);
            }
            vm.revertToState(fresh);
            fresh = vm.snapshotState();
        }
        string memory missing = failures;
        for (uint256 i; i < names.length; ++i) {
            if (times[i] == 0) missing = string.concat(missing, " ", names[i]);
        }
        assertEq(missing, "");
    }

    function _missing(string[] memory names, uint256[] memory times) private pure returns (uint256 count) {
        for (uint256 i; i < names.length; ++i) {
            if (times[i] == 0) ++count;
        }
    }

    /// @dev Of a step that reverts nobody would see what it broke.
    string private _failed;

    function _walk(uint256 word) private {
        (uint256 seed, uint256 amount) = (uint256(keccak256(abi.encode(word))), uint256(keccak256(abi.encode(word, 1))));
        bytes[20] memory calls = [
            abi.encodeCall(sessions.open, (seed, amount, amount >> 3)),
            abi.encodeCall(sessions.work, (seed, amount)),
            abi.encodeCall(sessions.question, (seed, amount % 2 == 0)),
            abi.encodeCall(sessions.leave, (seed, amount)),
            abi.encodeCall(jobs.post, (seed, amount)),
            abi.encodeCall(jobs.move, (seed, amount)),
            abi.encodeCall(jobs.prove, (seed, amount)),
            abi.encodeCall(jobs.challenge, (seed, amount)),
            abi.encodeCall(hosts.operate, (seed, amount)),
            abi.encodeCall(hosts.control, (seed, amount)),
            abi.encodeCall(hosts.bank, (seed, amount)),
            abi.encodeCall(hosts.recommend, (seed, amount)),
            abi.encodeCall(hosts.pool, (seed, amount)),
            abi.encodeCall(hosts.rewards, (seed, amount)),
            abi.encodeCall(rules.warp, (seed)),
            abi.encodeCall(rules.stop, (seed, uint8(amount))),
            abi.encodeCall(rules.reform, (seed, amount)),
            abi.encodeCall(rules.reformOthers, (seed, amount)),
            abi.encodeCall(accounts.decide, (seed)),
            abi.encodeCall(accounts.use, (seed, amount))
        ];
        uint256 kind = word % 24;
        address[5] memory targets =
            [address(sessions), address(jobs), address(hosts), address(rules), address(accounts)];
        bytes memory call;
        address target;
        if (kind < 20) {
            call = calls[kind];
            target = targets[kind < 4 ? 0 : kind < 8 ? 1 : kind < 14 ? 2 : kind < 18 ? 3 : 4];
        } else if (kind == 20) {
            (call, target) = (abi.encodeCall(accounts.feed, (seed, amount)), address(accounts));
        } else if (kind == 21) {
            (call, target) = (abi.encodeCall(rules.disturb, (seed, amount)), address(rules));
        } else if (kind == 22) {
            (call, target) = (abi.encodeCall(jobs.move, (seed, amount)), address(jobs));
        } else {
            (call, target) = (abi.encodeCall(accounts.claimDirectly, (seed)), address(accounts));
            if (amount % 2 == 0) (call, target) = (abi.encodeCall(rules.warp, (seed)), address(rules));
        }
        (bool success, bytes memory reason) = target.call(call);
        if (!success) _failed = string.concat(vm.toString(uint256(kind)), " ", vm.toString(reason));
    }

    function _names() private pure returns (string[] memory) {
        string memory list =
            "createSession createSessionJob createSessionJobWithToken createSessionWithQuote createSessionFromDeposit "
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
            "createJobViaAccount registerNodeViaAccount claimJobViaSessionKey handleOps keyOperation keySpent topUp "
            "setPaymaster setKeeper withdrawVault withdrawSponsor migrateTo batchVerifyProofs exit drain ";
        return _words(bytes(list));
    }

    function _words(bytes memory list) private pure returns (string[] memory words) {
        uint256 count;
        for (uint256 i; i < list.length; ++i) {
            if (list[i] == " ") ++count;
        }
        words = new string[](count);
        uint256 start;
        count = 0;
        for (uint256 i; i < list.length; ++i) {
            if (list[i] != " ") continue;
            bytes memory word = new bytes(i - start);
            for (uint256 j; j < word.length; ++j) {
                word[j] = list[start + j];
            }
            words[count++] = string(word);
            start = i + 1;
        }
    }
}
