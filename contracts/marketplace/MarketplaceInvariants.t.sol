// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAttestedSessions} from "../interfaces/IAttestedSessions.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {MarketplaceFixture} from "../mocks/MarketplaceFixture.sol";
import {SessionHandler} from "../mocks/SessionHandler.sol";
import {TestUsdc} from "../tokens/TestUsdc.sol";

/// @dev The test runner calls only contracts whose source is a test file.
contract MarketplaceWalk is SessionHandler {
    constructor(
        IJobMarketplace market_,
        TestUsdc usdc_,
        address[] memory hosts_,
        string[] memory renterNames,
        address arbiter_
    ) SessionHandler(market_, usdc_, hosts_, renterNames, arbiter_) {}
}

/// @notice I1 to I4 and I6 after every step of a random walk over every function of the marketplace.
contract MarketplaceInvariantsTest is MarketplaceFixture {
    MarketplaceWalk private handler;
    address[] private accounts;

    function setUp() public override {
        super.setUp();
        address[] memory hosts = new address[](2);
        hosts[0] = host;
        hosts[1] = makeAddr("second host");
        register(hosts[1]);
        // Enough to stay a node whatever the walk costs it in claim bonds.
        for (uint256 i; i < 2; ++i) {
            fab.transfer(hosts[i], 1_000e18);
            vm.startPrank(hosts[i]);
            fab.approve(address(registry), 1_000e18);
            registry.stake(1_000e18);
            vm.stopPrank();
        }
        string[] memory renterNames = new string[](2);
        renterNames[0] = "first renter";
        renterNames[1] = "second renter";
        address arbiter = makeAddr("arbiter");
        vm.startPrank(owner);
        market.setArbiter(arbiter);
        market.setMaxPending(ETH, 20 ether);
        market.setMaxPending(address(usdc), 20_000e6);
        vm.stopPrank();
        handler = new MarketplaceWalk(market, usdc, hosts, renterNames, arbiter);
        accounts.push(hosts[0]);
        accounts.push(hosts[1]);
        accounts.push(handler.renters(0));
        accounts.push(handler.renters(1));
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// hardhat-config: default.invariant.runs = 24
    /// hardhat-config: default.invariant.depth = 200
    function invariant_I1_I2_I3_I4_I6_holdInAnyOrderOfCalls() public view {
        assertEq(handler.violation(), "");
        _assertConserved(ETH);
        _assertConserved(address(usdc));
        uint256[2] memory obligations;
        for (uint256 jobId = 1; jobId <= handler.lastId(); ++jobId) {
            if (handler.isSession(jobId)) _assertSession(jobId);
            else if (handler.terminalStatus(jobId) != 0) _assertStillEnded(jobId);
            (address worker, bool obliged) = _obligation(jobId);
            if (obliged) ++obligations[worker == accounts[0] ? 0 : 1];
        }
        assertEq(market.openObligations(accounts[0]), obligations[0], "obligations");
        assertEq(market.openObligations(accounts[1]), obligations[1], "obligations");
    }

    // What the walk never reaches, the invariants say nothing about.

    function test_walkTakesEveryWayThroughASession() public {
        string[11] memory actions = [
            "createSession",
            "createSessionFromDeposit",
            "createSessionWithQuote",
            "checkpoint",
            "checkpointWhileClosing",
            "settleSessionWithVoucher",
            "settleSession",
            "completeSessionJob",
            "finalizeSession",
            "triggerSessionTimeout",
            "withdraw"
        ];
        uint256[] memory times = _walk(_sessionStep, _list(abi.encode(actions), 11));
        for (uint256 i; i < actions.length; ++i) assertGt(times[i], 0, actions[i]);
    }

    function test_walkTakesEveryWayThroughAttestedWork() public {
        string[10] memory actions = [
            "attest",
            "challenge",
            "decideForHost",
            "decideForRenter",
            "depositPrepaid",
            "submitBatchProofs",
            "settleMany",
            "claimAbandonedSession",
            "claimWithProof",
            "completeSessionWithFinal"
        ];
        uint256[] memory times = _walk(_attestedStep, _list(abi.encode(actions), 10));
        for (uint256 i; i < actions.length; ++i) assertGt(times[i], 0, actions[i]);
    }

    function test_walkTakesEveryWayThroughAJob() public {
        string[8] memory actions = [
            "postJob",
            "claimJob",
            "submitResult",
            "releasePayment",
            "autoRelease",
            "cancelJob",
            "claimExpired",
            "distributeFees"
        ];
        uint256[] memory times = _walk(_jobStep, _list(abi.encode(actions), 8));
        for (uint256 i; i < actions.length; ++i) assertGt(times[i], 0, actions[i]);
    }

    /// @dev Eight walks: the runner keeps a trace of all that a test does, so longer ones take too much memory.
    function _walk(function(uint256) view returns (bytes memory) step, string[] memory actions)
        private
        returns (uint256[] memory times)
    {
        times = new uint256[](actions.length);
        uint256 fresh = vm.snapshotState();
        for (uint256 run; run < 8; ++run) {
            for (uint256 i; i < 130; ++i) {
                (bool success,) = address(handler).call(step(uint256(keccak256(abi.encode(run, i)))));
                success;
            }
            assertEq(handler.violation(), "");
            for (uint256 i; i < actions.length; ++i) times[i] += handler.successes(actions[i]);
            vm.revertToState(fresh);
            fresh = vm.snapshotState();
        }
    }

    function _sessionStep(uint256 word) private view returns (bytes memory) {
        (uint256 seed, uint256 amount) = (uint256(keccak256(abi.encode(word))), word >> 16);
        (uint8 step, uint8 caller) = (uint8(word >> 16), uint8(word >> 24));
        bytes[8] memory steps = [
            abi.encodeCall(handler.createSession, (seed, amount, amount >> 3)),
            abi.encodeCall(handler.createSession, (seed, amount, amount >> 3)),
            abi.encodeCall(handler.submitCheckpoint, (seed, amount, caller % 2 == 0)),
            abi.encodeCall(handler.submitCheckpoint, (seed, amount, false)),
            abi.encodeCall(handler.leaveSession, (seed, step, caller)),
            abi.encodeCall(handler.leaveSession, (seed, 3, 0)),
            abi.encodeCall(handler.withdraw, (seed)),
            abi.encodeCall(handler.warp, (uint32(amount)))
        ];
        return steps[word % 8];
    }

    function _attestedStep(uint256 word) private view returns (bytes memory) {
        (uint256 seed, uint256 amount) = (uint256(keccak256(abi.encode(word))), word >> 16);
        bytes[8] memory steps = [
            abi.encodeCall(handler.createSession, (seed, amount, amount >> 3)),
            abi.encodeCall(handler.attest, (seed, amount)),
            abi.encodeCall(handler.challenge, (seed)),
            abi.encodeCall(handler.decide, (seed, uint8(word >> 16) % 2 == 0)),
            abi.encodeCall(handler.depositPrepaid, (seed, amount)),
            abi.encodeCall(handler.submitBatch, (seed, amount)),
            abi.encodeCall(handler.settleOtherwise, (seed, amount)),
            abi.encodeCall(handler.settleOtherwise, (seed >> 1, amount))
        ];
        return steps[word % 8];
    }

    function _jobStep(uint256 word) private view returns (bytes memory) {
        (uint256 seed, uint8 step, uint8 caller) =
            (uint256(keccak256(abi.encode(word))), uint8(word >> 16), uint8(word >> 24));
        bytes[8] memory steps = [
            abi.encodeCall(handler.postJob, (seed, word >> 16)),
            abi.encodeCall(handler.moveJob, (seed, step, caller)),
            abi.encodeCall(handler.moveJob, (seed, step, caller)),
            abi.encodeCall(handler.moveJob, (seed, step, caller)),
            abi.encodeCall(handler.moveJob, (seed, step, caller)),
            abi.encodeCall(handler.distributeFees, (step % 2 == 0)),
            abi.encodeCall(handler.warp, (uint32(word >> 16))),
            abi.encodeCall(handler.warp, (uint32(word >> 20)))
        ];
        return steps[word % 8];
    }

    /// @dev From the encoding of a fixed array of strings to a list.
    function _list(bytes memory encoded, uint256 length) private pure returns (string[] memory) {
        bytes memory tail = new bytes(encoded.length - 32);
        for (uint256 i; i < tail.length; ++i) tail[i] = encoded[i + 32];
        return abi.decode(abi.encodePacked(abi.encode(uint256(32), length), tail), (string[]));
    }

    function _assertSession(uint256 jobId) private view {
        ISessionJobs.SessionDetails memory details = market.getSessionDetails(jobId);
        bool settled = details.status == ISessionJobs.SessionStatus.Settled;
        uint256 seen = handler.provenSeen(jobId);
        if (details.provenTokens != seen) {
            assertGt(details.provenTokens, seen, "I3: the count fell");
            assertLe(details.provenTokens, handler.attested(jobId), "I3: proven by nobody");
        }
        assertLe(details.provenTokens * details.pricePer1000 / 1000, details.deposit, "I3: beyond the deposit");
        assertEq(handler.settlements(jobId), settled ? 1 : 0, "I4: settlements");
    }

    function _assertStillEnded(uint256 jobId) private view {
        assertEq(uint256(market.getJob(jobId).status), handler.terminalStatus(jobId), "I4: left a terminal status");
    }

    function _obligation(uint256 jobId) private view returns (address worker, bool obliged) {
        if (handler.isSession(jobId)) {
            ISessionJobs.SessionDetails memory details = market.getSessionDetails(jobId);
            bool worked = details.provenTokens != 0 || handler.attested(jobId) != 0;
            return (details.host, details.status != ISessionJobs.SessionStatus.Settled && worked);
        }
        ISingleJobs.Job memory job = market.getJob(jobId);
        return (
            job.host, job.status == ISingleJobs.JobStatus.Claimed || job.status == ISingleJobs.JobStatus.Submitted
        );
    }

    function _assertConserved(address token) private view {
        uint256 owed;
        for (uint256 jobId = 1; jobId <= handler.lastId(); ++jobId) {
            owed += _openEscrow(jobId, token);
        }
        uint256[2] memory pending;
        for (uint256 jobId = 1; jobId <= handler.lastId(); ++jobId) {
            if (!handler.isSession(jobId)) continue;
            ISessionJobs.SessionDetails memory details = market.getSessionDetails(jobId);
            if (details.token != token) continue;
            IAttestedSessions.AttestedWork memory work = market.attestedWork(jobId);
            owed += work.bond;
            pending[details.host == accounts[0] ? 0 : 1] += work.value;
        }
        for (uint256 i; i < 2; ++i) {
            assertEq(market.pendingValue(accounts[i], token), pending[i], "pending of a host");
            assertLe(pending[i], market.maxPending(token), "beyond what may be pending");
        }
        for (uint256 i; i < accounts.length; ++i) {
            owed += market.withdrawable(accounts[i], token);
        }
        (uint256 protocol, uint256 stakers) = market.feeLedger(token);
        owed += protocol + stakers;
        assertEq(market.liabilities(token), owed, "liabilities are not the sum of what is owed");
        assertSolvent(token);
    }

    function _openEscrow(uint256 jobId, address token) private view returns (uint256) {
        if (handler.isSession(jobId)) {
            ISessionJobs.SessionDetails memory details = market.getSessionDetails(jobId);
            bool open = details.token == token && details.status != ISessionJobs.SessionStatus.Settled;
            return open ? details.deposit : 0;
        }
        ISingleJobs.Job memory job = market.getJob(jobId);
        return job.token == token && job.status < ISingleJobs.JobStatus.Released ? job.payment : 0;
    }
}
