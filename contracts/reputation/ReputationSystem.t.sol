// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";
import {IHostReputation} from "../interfaces/IHostReputation.sol";
import {ReputationFixture} from "../mocks/ReputationFixture.sol";
import {ReputationSystem} from "./ReputationSystem.sol";

contract ReputationSystemTest is ReputationFixture {
    function test_row120_tenForAJobAndTwentyOffForAFailure() public {
        assertEq(score(), 100);
        uint256 done = completedJob(renter);
        vm.expectEmit(address(reputation));
        emit IHostReputation.JobCompletionRecorded(done, host, IHostReputation.Outcome.Gained, 110);
        report(done, true);
        assertEq(score(), 110);
        uint256 failed = job(renter, usdc, 0, false);
        vm.expectEmit(address(reputation));
        emit IHostReputation.JobFailureRecorded(failed, host, 90);
        vm.prank(proofSystem);
        reputation.recordJobCompletion(host, failed, false);
        assertEq(score(), 90);
        IHostReputation.Performance memory performance = reputation.performance(host);
        assertEq(performance.score, 90);
        assertEq(performance.completed, 1);
        assertEq(performance.failed, 1);
        assertEq(performance.ratings, 0);
        assertEq(performance.averageRating, 0);
    }

    function test_row120_onlyMarketplaceAndProofSystemReport() public {
        uint256 jobId = completedJob(renter);
        address[4] memory others = [owner, host, renter, stranger];
        for (uint256 i; i < 4; ++i) {
            vm.prank(others[i]);
            vm.expectRevert(abi.encodeWithSelector(IHostReputation.ReputationNotReporter.selector, others[i]));
            reputation.recordJobCompletion(host, jobId, false);
        }
    }

    function test_row120_eachJobCountsOnce() public {
        uint256 jobId = completedJob(renter);
        assertFalse(reputation.isRecorded(jobId, host));
        report(jobId, true);
        report(jobId, true);
        assertTrue(reputation.isRecorded(jobId, host));
        assertEq(score(), 110);
        report(jobId, false);
        assertEq(score(), 90, "a challenge that is won later still counts");
        report(jobId, false);
        report(jobId, true);
        assertEq(score(), 90);
        assertEq(reputation.performance(host).failed, 1);
    }

    function test_row120_floorIsZero() public {
        for (uint256 i; i < 6; ++i) {
            report(job(renter, usdc, 0, false), false);
        }
        assertEq(score(), 0);
        report(completedJob(renter), true);
        assertEq(score(), 10);
    }

    /// A job that one host gave back and the next one failed too costs each of them.
    function test_failuresCountForEachHostOfAJob() public {
        address other = makeAddr("other host");
        register(other);
        uint256 jobId = job(renter, usdc, 0, false);
        report(jobId, false);
        vm.prank(address(market));
        reputation.recordJobCompletion(other, jobId, false);
        assertEq(score(), 80);
        assertEq(reputation.getReputation(other), 80);
    }

    function test_whoNeverRegisteredHasNoScore() public {
        assertEq(reputation.getReputation(stranger), 0);
        assertFalse(reputation.isEligibleForIncentives(stranger));
        vm.prank(host);
        registry.unregisterNode();
        assertEq(score(), 100, "leaving changes nothing");
    }

    /// Reporters are in the middle of somebody's exit.
    function test_I6_noReportReverts() public {
        uint256 unpaid = job(renter, usdc, MIN_FEE, false);
        report(unpaid, true);
        report(9_999, true);
        uint256 ofAnother = completedJob(renter);
        vm.prank(address(market));
        reputation.recordJobCompletion(stranger, ofAnother, true);
        assertFalse(reputation.isRecorded(ofAnother, stranger));
        market.setSilent(true);
        uint256 unknown = completedJob(renter);
        report(unknown, true);
        assertFalse(reputation.isRecorded(unknown, host), "is left to recordSettled");
        report(unknown + 1, false);
        assertEq(score(), 80);

        market.setSilent(false);
        address silent = address(new SilentRegistry());
        vm.prank(owner);
        registry.upgradeToAndCall(silent, "");
        report(unknown, true);
        assertTrue(reputation.isRecorded(unknown, host));
        assertEq(score(), 80, "without controllers nothing is gained");
        vm.prank(address(market));
        reputation.recordJobCompletion(stranger, 1_234, false);
        assertEq(reputation.getReputation(stranger), 0);
    }

    // Pulling what nobody reported.

    function test_anyoneRecordsASettledSessionOnce() public {
        uint256 jobId = completedJob(renter);
        vm.prank(stranger);
        reputation.recordSettled(jobId);
        assertEq(score(), 110);
        vm.expectRevert(
            abi.encodeWithSelector(IHostReputation.ReputationAlreadyRecorded.selector, jobId, host)
        );
        reputation.recordSettled(jobId);
        report(jobId, true);
        assertEq(score(), 110);
        uint256 open = job(renter, usdc, 0, false);
        vm.expectRevert(abi.encodeWithSelector(IHostReputation.ReputationNotCompleted.selector, open));
        reputation.recordSettled(open);
    }

    // Ratings.

    function test_row121_renterRatesACompletedJobOnce() public {
        uint256 jobId = completedJob(renter);
        report(jobId, true);
        vm.expectEmit(address(reputation));
        emit IHostReputation.HostRated(host, jobId, renter, 5, true, 112, "fast");
        vm.startPrank(renter);
        reputation.rateHost(host, jobId, 5, "fast");
        vm.expectRevert(abi.encodeWithSelector(IHostReputation.ReputationAlreadyRated.selector, jobId));
        reputation.rateHost(host, jobId, 5, "fast");
        vm.stopPrank();
        assertEq(score(), 112);
        assertEq(reputation.averageRating(host), 500);
    }

    function test_row121_bonusIsOneForFourTwoForFiveAndNoneBelow() public {
        uint256[5] memory bonus = [uint256(0), 0, 0, 1, 2];
        uint256 expected = 100;
        for (uint256 rating = 1; rating <= 5; ++rating) {
            address by = newRenter();
            uint256 jobId = completedJob(by);
            vm.prank(by);
            reputation.rateHost(host, jobId, rating, "");
            expected += 10 + bonus[rating - 1];
            assertEq(score(), expected);
        }
        assertEq(reputation.averageRating(host), 300);
        assertEq(reputation.performance(host).ratings, 5);
        assertEq(reputation.performance(host).completed, 5);
    }

    function test_row121_whoMayNotRate() public {
        uint256 jobId = completedJob(renter);
        vm.prank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(IHostReputation.ReputationNotRenter.selector, jobId, stranger)
        );
        reputation.rateHost(host, jobId, 1, "");
        vm.startPrank(renter);
        vm.expectRevert(
            abi.encodeWithSelector(IHostReputation.ReputationNotHostOf.selector, jobId, stranger)
        );
        reputation.rateHost(stranger, jobId, 1, "");
        _expectOutOfRange("rating", 0, 1, 5);
        reputation.rateHost(host, jobId, 0, "");
        _expectOutOfRange("rating", 6, 1, 5);
        reputation.rateHost(host, jobId, 6, "");
        _expectOutOfRange("feedback", 281, 0, 280);
        reputation.rateHost(host, jobId, 1, string(new bytes(281)));
        reputation.rateHost(host, jobId, 1, string(new bytes(280)));
        uint256 open = job(renter, usdc, 0, false);
        vm.expectRevert(abi.encodeWithSelector(IHostReputation.ReputationNotCompleted.selector, open));
        reputation.rateHost(host, open, 5, "");
        vm.stopPrank();
    }

    // Thresholds and governance.

    function test_row123_eligibleFromTheThreshold() public {
        for (uint256 i; i < 5; ++i) {
            assertFalse(reputation.isEligibleForIncentives(host));
            report(completedJob(newRenter()), true);
        }
        assertEq(score(), 150);
        assertTrue(reputation.isEligibleForIncentives(host));
        vm.expectEmit(address(reputation));
        emit IHostReputation.IncentiveThresholdSet(151);
        vm.prank(owner);
        reputation.setIncentiveThreshold(151);
        assertFalse(reputation.isEligibleForIncentives(host));
        assertEq(reputation.incentiveThreshold(), 151);
        vm.startPrank(owner);
        _expectOutOfRange("incentiveThreshold", 0, 1, 1_000_000);
        reputation.setIncentiveThreshold(0);
        _expectOutOfRange("incentiveThreshold", 1_000_001, 1, 1_000_000);
        reputation.setIncentiveThreshold(1_000_001);
        vm.stopPrank();
    }

    function test_row126_onlyGovernanceAndTheProofSystemSlash() public {
        address[3] memory others = [address(market), renter, stranger];
        for (uint256 i; i < 3; ++i) {
            vm.prank(others[i]);
            vm.expectRevert(abi.encodeWithSelector(IHostReputation.ReputationNotSlasher.selector, others[i]));
            reputation.slashReputation(host, 1, "");
        }
        vm.expectEmit(address(reputation));
        emit IHostReputation.ReputationSlashed(host, 40, 60, "fraud");
        vm.prank(proofSystem);
        reputation.slashReputation(host, 40, "fraud");
        vm.prank(owner);
        reputation.slashReputation(host, type(uint256).max, "fraud");
        assertEq(score(), 0);
    }

    function test_onlyTheOwnerGoverns() public {
        bytes[4] memory calls = [
            abi.encodeCall(IHostReputation.setMinReputationFee, (usdc, 1)),
            abi.encodeCall(IHostReputation.setIncentiveThreshold, (1)),
            abi.encodeCall(IHostReputation.setProofSystem, (stranger)),
            abi.encodeWithSignature("upgradeToAndCall(address,bytes)", deployCode("ReputationSystem"), "")
        ];
        for (uint256 i; i < 4; ++i) {
            vm.prank(stranger);
            (bool success, bytes memory reason) = address(reputation).call(calls[i]);
            assertFalse(success);
            assertEq(
                reason, abi.encodeWithSelector(OwnableUpgradeable.OwnableUnauthorizedAccount.selector, stranger)
            );
            vm.prank(owner);
            (success,) = address(reputation).call(calls[i]);
            assertTrue(success);
        }
        assertEq(reputation.minReputationFee(usdc), 1);
        assertEq(reputation.proofSystem(), stranger);
    }

    // The import.

    function test_importedScoresAreKeptAndTheImportClosesForEver() public {
        address[] memory hosts = new address[](2);
        (hosts[0], hosts[1]) = (host, stranger);
        uint32[] memory scores = new uint32[](2);
        (scores[0], scores[1]) = (240, 70);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IHostReputation.ReputationNotMigrator.selector, stranger));
        reputation.importScores(hosts, scores);

        vm.startPrank(migrator);
        vm.expectEmit(address(reputation));
        emit IHostReputation.ScoreImported(host, 240);
        assertEq(reputation.importScores(hosts, scores), 2);
        vm.stopPrank();
        assertEq(score(), 240);
        assertEq(reputation.getReputation(stranger), 70);
        report(completedJob(renter), true);
        assertEq(score(), 250);

        vm.startPrank(migrator);
        assertEq(reputation.importScores(hosts, scores), 0);
        vm.expectRevert(abi.encodeWithSelector(IHostReputation.ReputationLengthMismatch.selector, 2, 1));
        reputation.importScores(hosts, new uint32[](1));
        vm.expectEmit(address(reputation));
        emit IHostReputation.ImportClosed();
        reputation.closeImport();
        vm.expectRevert(abi.encodeWithSelector(IHostReputation.ReputationNotMigrator.selector, migrator));
        reputation.importScores(hosts, scores);
        vm.stopPrank();
        assertEq(score(), 250, "what a host has earned stays");
        assertEq(reputation.migrator(), address(0));
        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(IHostReputation.ReputationNotMigrator.selector, owner));
        reputation.closeImport();
    }

    function test_ownerClosesTheImportAndStrangersDoNot() public {
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IHostReputation.ReputationNotMigrator.selector, stranger));
        reputation.closeImport();
        vm.prank(owner);
        reputation.closeImport();
        assertEq(reputation.migrator(), address(0));
    }

    function test_initializesOnceAndNeverTheImplementation() public {
        IHostReputation.MinimumFee[] memory none;
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        reputation.initialize(stranger, address(market), address(registry), proofSystem, migrator, none);
        ReputationSystem implementation = ReputationSystem(deployCode("ReputationSystem"));
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        implementation.initialize(stranger, address(market), address(registry), proofSystem, migrator, none);
        vm.expectRevert(IHostReputation.ReputationZeroAddress.selector);
        deployer.deploy("a", address(implementation), initializer(owner, address(0), address(registry)));
        vm.expectRevert(IHostReputation.ReputationZeroAddress.selector);
        deployer.deploy("b", address(implementation), initializer(owner, address(market), address(0)));
    }

    function test_storageIsNamespaced() public view {
        bytes32 slot =
            keccak256(abi.encode(uint256(keccak256("fabstir.storage.ReputationSystem")) - 1)) & ~bytes32(uint256(0xff));
        assertEq(address(uint160(uint256(vm.load(address(reputation), slot)))), address(market));
        assertEq(reputation.marketplace(), address(market));
        assertEq(reputation.registry(), address(registry));
        assertEq(reputation.proofSystem(), proofSystem);
        assertEq(reputation.migrator(), migrator);
        assertEq(reputation.minReputationFee(usdc), MIN_FEE);
        assertEq(reputation.incentiveThreshold(), 150);
        assertEq(reputation.owner(), owner);
    }

    function _expectOutOfRange(string memory field, uint256 value, uint256 minimum, uint256 maximum) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IHostReputation.ReputationOutOfRange.selector, field, value, minimum, maximum
            )
        );
    }
}

/// @notice A registry after an upgrade that went wrong.
contract SilentRegistry {
    function proxiableUUID() external pure returns (bytes32) {
        return 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;
    }
}
