// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {JobsFixture} from "../mocks/JobsFixture.sol";

/// I6: money leaves jobs while reputation and registry are broken; nobody breaks them by sending little gas.
contract BrokenNeighboursTest is JobsFixture {
    /// Runs out of gas, answers nothing, reverts.
    bytes[3] private _broken = [bytes(hex"fe"), hex"00", hex"60006000fd"];

    function test_I6_brokenReputationAndRegistryHoldNobodysMoney() public {
        vm.prank(owner);
        market.setBonusReputation(100);
        for (uint256 i; i < 3; ++i) {
            uint256 start = START + i * 2 days;
            uint256[6] memory jobs;
            for (uint256 j; j < 6; ++j) {
                jobs[j] = j == 4 ? postJob(1 ether) : submittedJob(1 ether);
            }
            claim(jobs[4]);
            uint256 abandoned = postJob(1 ether);
            claim(abandoned);
            vm.startPrank(renter);
            market.disputeResult{value: 0.01 ether}(jobs[1]);
            market.disputeResult{value: 0.01 ether}(jobs[2]);
            vm.stopPrank();
            bytes memory reputationCode = address(reputation).code;
            bytes memory registryCode = address(registry).code;
            vm.etch(address(reputation), _broken[i]);
            vm.etch(address(registry), _broken[i]);

            vm.prank(host);
            market.abandonClaim(abandoned);
            vm.prank(renter);
            market.releasePayment(jobs[0]);
            vm.startPrank(arbiter);
            market.resolveDispute(bytes32(jobs[1]), host);
            market.resolveDispute(bytes32(jobs[2]), renter);
            vm.stopPrank();
            vm.warp(start + 24 hours);
            market.autoRelease(jobs[3]);
            market.claimExpired(jobs[4]);
            market.claimExpired(abandoned);
            vm.prank(owner);
            market.setProofSystem(address(proofs));
            proofs.reject(address(market), jobs[5]);
            vm.prank(owner);
            market.setProofSystem(address(0));

            assertEq(owed(host, ETH), (i + 1) * (3 * 0.85 ether + 0.01 ether));
            assertEq(owed(renter, ETH), (i + 1) * (4 ether + 0.01 ether));
            assertEq(market.openObligations(host), 0);
            assertSolvent(ETH);
            vm.etch(address(reputation), reputationCode);
            vm.etch(address(registry), registryCode);
            vm.warp(start + 48 hours);
        }
    }

    function test_brokenReputationGivesNoBonus() public {
        vm.prank(owner);
        market.setBonusReputation(100);
        uint256 jobId = submittedJob(1 ether);
        (uint256 toHost,,) = market.calculatePayment(jobId);
        assertEq(toHost, 0.935 ether);
        vm.etch(address(reputation), hex"fe");
        (toHost,,) = market.calculatePayment(jobId);
        assertEq(toHost, 0.85 ether);
    }

    /// The first amount of gas with which an end succeeds is enough for all that belongs to it.
    function test_nobodyStarvesReputationAndRegistry() public {
        vm.prank(owner);
        market.setBonusReputation(100);
        uint256 late = postJob(1 ether);
        claim(late);
        uint256 done = submittedJob(1 ether);
        vm.warp(START + 24 hours);
        _endWithLittleGas(abi.encodeCall(ISingleJobs.claimExpired, (late)));
        (address reported, bool success, uint256 count,,) = reputation.reports(late);
        assertEq(reported, host);
        assertFalse(success);
        assertEq(count, 1);
        assertEq(registry.forfeited(host, renter), 20e18);

        _endWithLittleGas(abi.encodeWithSignature("autoRelease(uint256)", done));
        (reported, success, count,,) = reputation.reports(done);
        assertEq(reported, host);
        assertTrue(success);
        assertEq(count, 1);
        assertEq(owed(host, ETH), 0.935 ether);
    }

    /// A broken neighbour is believed only when it had gas enough.
    function test_brokenNeighbourNeedsTheGasOfAWorkingOne() public {
        uint256 jobId = submittedJob(1 ether);
        vm.etch(address(reputation), hex"fe");
        vm.prank(renter);
        vm.expectPartialRevert(ISingleJobs.JobGasTooLow.selector);
        market.releasePayment{gas: 500_000}(jobId);
        vm.prank(renter);
        market.releasePayment{gas: 700_000}(jobId);
        expectStatus(jobId, ISingleJobs.JobStatus.Released);
    }

    /// Without the ProofSystem nobody can say that no challenge is open: here the host waits.
    function test_brokenProofSystemKeepsPaymentsAndNotRefunds() public {
        connectProofs();
        uint256 jobId = submittedJob(1 ether);
        uint256 late = postJob(1 ether);
        claim(late);
        vm.etch(address(proofs), hex"fe");
        vm.prank(renter);
        (bool success,) = address(market).call(abi.encodeCall(ISingleJobs.releasePayment, (jobId)));
        assertFalse(success);
        vm.warp(DEADLINE);
        market.claimExpired(late);
        assertEq(owed(renter, ETH), 1 ether);
        vm.prank(owner);
        market.setProofSystem(address(0));
        vm.prank(renter);
        market.releasePayment(jobId);
        assertEq(owed(host, ETH), 0.85 ether);
    }

    function _endWithLittleGas(bytes memory end) private {
        bool ended;
        for (uint256 gas = 60_000; !ended; gas += 500) {
            assertLt(gas, 700_000, "never ended");
            (ended,) = address(market).call{gas: gas}(end);
        }
    }
}
