// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {JobsFixture} from "../mocks/JobsFixture.sol";
import {JobsHandler} from "../mocks/JobsHandler.sol";
import {JobsMarket} from "../mocks/deployed/JobsMarket.sol";
import {ProofRecorder} from "../mocks/Neighbours.sol";
import {TestUsdc} from "../tokens/TestUsdc.sol";

/// @dev The test runner calls only contracts whose source is a test file.
contract JobsWalk is JobsHandler {
    constructor(JobsMarket market_, TestUsdc usdc_, ProofRecorder proofs_, Actors memory actors)
        JobsHandler(market_, usdc_, proofs_, actors)
    {}
}

/// @notice I1, I4 and I6 after every step of a random walk over jobs, disputes and the breaker.
contract JobsInvariantsTest is JobsFixture {
    JobsWalk private handler;
    address[] private hosts;
    address[] private accounts;

    function setUp() public override {
        super.setUp();
        connectProofs();
        address[] memory renters = new address[](2);
        (renters[0], renters[1]) = (renter, makeAddr("second renter"));
        hosts.push(host);
        hosts.push(makeAddr("second host"));
        addNode(hosts[1], hosts[1]);
        handler = new JobsWalk(market, usdc, proofs, JobsHandler.Actors(owner, guardian, arbiter, renters, hosts));
        accounts.push(renters[0]);
        accounts.push(renters[1]);
        accounts.push(hosts[0]);
        accounts.push(hosts[1]);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// hardhat-config: default.invariant.runs = 24
    /// hardhat-config: default.invariant.depth = 200
    function invariant_I1_I4_I6_holdInAnyOrderOfCalls() public view {
        assertEq(handler.violation(), "");
        _assertConserved(ETH);
        _assertConserved(address(usdc));
        uint256[2] memory obligations;
        for (uint256 jobId = 1; jobId <= handler.lastId(); ++jobId) {
            ISingleJobs.Job memory job = market.getJob(jobId);
            bool ended = handler.isTerminal(job.status);
            assertEq(ended, handler.terminalStatus(jobId) != 0, "ended unseen");
            if (ended) assertEq(uint256(job.status), handler.terminalStatus(jobId), "I4: left a terminal status");
            else if (job.host != address(0)) ++obligations[job.host == hosts[0] ? 0 : 1];
        }
        assertEq(market.openObligations(hosts[0]), obligations[0], "obligations");
        assertEq(market.openObligations(hosts[1]), obligations[1], "obligations");
    }

    /// What the walk never reaches, the invariants say nothing about.
    function test_walkTakesEveryTransition() public {
        uint256[12] memory times;
        uint256 fresh = vm.snapshotState();
        for (uint256 run; run < 32; ++run) {
            for (uint256 i; i < 200; ++i) {
                (bool success,) = address(handler).call(_step(uint256(keccak256(abi.encode(run, i)))));
                success;
            }
            assertEq(handler.violation(), "");
            for (uint8 step; step < 12; ++step) {
                times[step] += handler.successes(step);
            }
            vm.revertToState(fresh);
            fresh = vm.snapshotState();
        }
        for (uint256 step; step < 12; ++step) {
            assertGt(times[step], 1, vm.toString(step));
        }
    }

    function _step(uint256 word) private view returns (bytes memory) {
        (uint256 seed, uint8 pick, uint8 caller) =
            (uint256(keccak256(abi.encode(word))), uint8(word >> 16), uint8(word >> 24));
        bytes[10] memory steps = [
            abi.encodeCall(handler.post, (seed, word >> 16)),
            abi.encodeCall(handler.move, (seed, pick, caller)),
            abi.encodeCall(handler.move, (seed, pick, caller)),
            abi.encodeCall(handler.move, (seed, pick, caller)),
            abi.encodeCall(handler.withdraw, (seed, pick % 2 == 0)),
            abi.encodeCall(handler.distributeFees, (pick % 2 == 0)),
            abi.encodeCall(handler.stop, (pick, caller % 2 == 0)),
            abi.encodeCall(handler.govern, (seed)),
            abi.encodeCall(handler.prove, (seed, pick % 4 == 0)),
            abi.encodeCall(handler.warp, (uint32(word >> 16)))
        ];
        return steps[word % 10];
    }

    function _assertConserved(address token) private view {
        uint256 owing;
        for (uint256 jobId = 1; jobId <= handler.lastId(); ++jobId) {
            IPaymentEscrow.Escrow memory escrow = market.getEscrow(bytes32(jobId));
            if (escrow.token != token || handler.terminalStatus(jobId) != 0) continue;
            owing += escrow.amount + escrow.bond;
        }
        for (uint256 i; i < accounts.length; ++i) {
            owing += market.withdrawable(accounts[i], token);
        }
        (uint256 protocol, uint256 toStakers) = market.feeLedger(token);
        assertEq(market.liabilities(token), owing + protocol + toStakers, "liabilities are not what is owed");
        assertSolvent(token);
    }
}
