// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IHostReputation} from "../interfaces/IHostReputation.sol";
import {IJobFacts} from "../interfaces/IJobFacts.sol";
import {ReputationSystem} from "../reputation/ReputationSystem.sol";
import {RegistryFixture} from "./RegistryFixture.sol";

/// @notice Registry and ReputationSystem with one registered host; the jobs are as a test says.
abstract contract ReputationFixture is RegistryFixture {
    uint256 internal constant MIN_FEE = 0.1e6;

    address internal usdc = makeAddr("usdc");
    ReputationSystem internal reputation;
    uint256 internal lastJobId;

    function setUp() public virtual override {
        super.setUp();
        reputation = ReputationSystem(
            deployer.deploy(
                "reputation",
                deployCode("ReputationSystem"),
                initializer(owner, address(market), address(registry))
            )
        );
    }

    function initializer(address owner_, address market_, address registry_) internal view returns (bytes memory) {
        IHostReputation.MinimumFee[] memory fees = new IHostReputation.MinimumFee[](1);
        fees[0] = IHostReputation.MinimumFee(usdc, MIN_FEE);
        return abi.encodeCall(
            ReputationSystem.initialize, (owner_, market_, registry_, proofSystem, migrator, fees)
        );
    }

    /// @notice A job of `host` that `by` has paid for with the least fee that counts.
    function completedJob(address by) internal returns (uint256 jobId) {
        return job(by, usdc, MIN_FEE, true);
    }

    function job(address by, address token, uint256 fee, bool completed) internal returns (uint256 jobId) {
        jobId = ++lastJobId;
        market.setFacts(jobId, IJobFacts.JobFacts(by, host, token, fee, 0, false, completed));
    }

    /// @notice A renter that has never rented before.
    function newRenter() internal returns (address) {
        return makeAddr(string.concat("renter ", vm.toString(lastJobId)));
    }

    function report(uint256 jobId, bool success) internal {
        vm.prank(address(market));
        reputation.recordJobCompletion(host, jobId, success);
    }

    function score() internal view returns (uint256) {
        return reputation.getReputation(host);
    }
}
