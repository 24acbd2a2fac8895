// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {MarketplaceFixture} from "../mocks/MarketplaceFixture.sol";
import {MarketplaceHandler} from "../mocks/MarketplaceHandler.sol";
import {TestUsdc} from "../tokens/TestUsdc.sol";

/// @dev The test runner calls only contracts whose source is a test file.
contract MarketplaceWalk is MarketplaceHandler {
    constructor(IJobMarketplace market_, TestUsdc usdc_, address[] memory hosts_, string[] memory renterNames)
        MarketplaceHandler(market_, usdc_, hosts_, renterNames)
    {}
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
        string[] memory renterNames = new string[](2);
        renterNames[0] = "first renter";
        renterNames[1] = "second renter";
        handler = new MarketplaceWalk(market, usdc, hosts, renterNames);
        accounts.push(hosts[0]);
        accounts.push(hosts[1]);
        accounts.push(handler.renters(0));
        accounts.push(handler.renters(1));
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// hardhat-config: invariant.runs = 24
    /// hardhat-config: invariant.depth = 200
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

    /// What the walk never reaches, the invariants say nothing about.
    function test_walkTakesEveryTransition() public {
        string[17] memory actions = [
            "createSession",
            "postJob",
            "checkpoint",
            "checkpointWhileClosing",
            "settleSessionWithVoucher",
            "settleSession",
            "completeSessionJob",
            "finalizeSession",
            "triggerSessionTimeout",
            "claimJob",
            "submitResult",
            "releasePayment",
            "autoRelease",
            "cancelJob",
            "claimExpired",
            "withdraw",
            "distributeFees"
        ];
        uint256[17] memory times;
        uint256 fresh = vm.snapshotState();
        for (uint256 run; run < 12; ++run) {
            for (uint256 i; i < 200; ++i) {
                (bool success,) = address(handler).call(_step(uint256(keccak256(abi.encode(run, i)))));
                success;
            }
            assertEq(handler.violation(), "");
            for (uint256 i; i < actions.length; ++i) {
                times[i] += handler.successes(actions[i]);
            }
            vm.revertToState(fresh);
            fresh = vm.snapshotState();
        }
        for (uint256 i; i < actions.length; ++i) {
            assertGt(times[i], 1, actions[i]);
        }
    }

    function _step(uint256 word) private view returns (bytes memory) {
        (uint256 seed, uint256 amount) = (uint256(keccak256(abi.encode(word))), word >> 16);
        (uint8 step, uint8 caller) = (uint8(word >> 16), uint8(word >> 24));
        bytes[8] memory steps = [
            abi.encodeCall(handler.createSession, (seed, amount, amount >> 3)),
            abi.encodeCall(handler.postJob, (seed, amount)),
            abi.encodeCall(handler.submitCheckpoint, (seed, amount, caller % 2 == 0)),
            abi.encodeCall(handler.leaveSession, (seed, step, caller)),
            abi.encodeCall(handler.moveJob, (seed, step, caller)),
            abi.encodeCall(handler.withdraw, (seed)),
            abi.encodeCall(handler.distributeFees, (step % 2 == 0)),
            abi.encodeCall(handler.warp, (uint32(amount)))
        ];
        return steps[word % 8];
    }

    function _assertSession(uint256 jobId) private view {
        ISessionJobs.SessionDetails memory details = market.getSessionDetails(jobId);
        bool settled = details.status == ISessionJobs.SessionStatus.Settled;
        assertEq(details.provenTokens, handler.provenSeen(jobId), "I3: not the highest count");
        assertLe(details.provenTokens * details.pricePer1000 / 1000, details.deposit, "I3: beyond the deposit");
        assertEq(handler.settlements(jobId), settled ? 1 : 0, "I4: settlements");
    }

    function _assertStillEnded(uint256 jobId) private view {
        assertEq(uint256(market.getJob(jobId).status), handler.terminalStatus(jobId), "I4: left a terminal status");
    }

    function _obligation(uint256 jobId) private view returns (address worker, bool obliged) {
        if (handler.isSession(jobId)) {
            ISessionJobs.SessionDetails memory details = market.getSessionDetails(jobId);
            return (
                details.host, details.status != ISessionJobs.SessionStatus.Settled && details.provenTokens != 0
            );
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
