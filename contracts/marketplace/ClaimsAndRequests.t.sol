// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {JobsFixture} from "../mocks/JobsFixture.sol";

/// @notice What a host may hold at a time, and what a proof of a job has to show.
contract ClaimsAndRequestsTest is JobsFixture {
    function setUp() public override {
        super.setUp();
        registry.setCovered(host, 2);
    }

    function test_row171_hostHoldsNoMoreJobsThanItsStakeCoversBonds() public {
        claim(postJob(1 ether));
        claim(postJob(1 ether));
        _expectUncovered(postJob(1 ether), 3);
    }

    function test_row171_jobThatIsHandedInMakesRoom() public {
        uint256 first = postJob(1 ether);
        claim(postJob(1 ether));
        submit(first);
        assertEq(market.openObligations(host), 2);
        claim(postJob(1 ether));
        _expectUncovered(postJob(1 ether), 3);
        vm.prank(renter);
        market.releasePayment(first);
        _expectUncovered(postJob(1 ether), 3);
    }

    function test_row171_jobThatIsGivenUpMakesRoom() public {
        uint256 first = postJob(1 ether);
        claim(first);
        claim(postJob(1 ether));
        vm.prank(host);
        market.abandonClaim(first);
        claim(postJob(1 ether));
        _expectUncovered(postJob(1 ether), 3);
    }

    function test_row171_jobThatFailsMakesRoom() public {
        uint256 first = postJob(1 ether);
        claim(first);
        vm.warp(block.timestamp + 3600);
        market.claimExpired(first);
        claim(postJob(1 ether));
        claim(postJob(1 ether));
        _expectUncovered(postJob(1 ether), 3);
        assertEq(market.openObligations(host), 2);
    }

    function test_row171_jobThatNobodyClaimedCountsForNobody() public {
        uint256 first = postJob(1 ether);
        vm.warp(block.timestamp + 3600);
        market.claimExpired(first);
        claim(postJob(1 ether));
        claim(postJob(1 ether));
        _expectUncovered(postJob(1 ether), 3);
    }

    /// X-40: with nothing stored, no proof of an ordinary job could ever be submitted.
    function test_X40_promptThatIsAHashIsWhatAProofHasToShow() public {
        connectProofs();
        ISingleJobs.JobDetails memory details = jobDetails();
        details.prompt = INPUT_HASH;
        _expectRequest(_post(details, false), keccak256("llama-70b"), bytes32(uint256(0xaa)));
        _expectRequest(_post(details, true), keccak256("llama-70b"), bytes32(uint256(0xaa)));
    }

    function test_X40_otherPromptsCannotBeProven() public {
        connectProofs();
        ISingleJobs.JobDetails memory details = jobDetails();
        _expectRequest(_post(details, false), 0, 0);
        details.prompt = "0xzz000000000000000000000000000000000000000000000000000000000000aa";
        _expectRequest(_post(details, false), 0, 0);

        ISingleJobs.JobRequirements memory requirements = jobRequirements();
        requirements.requiresProof = true;
        vm.prank(renter);
        vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobFieldOutOfRange.selector, "prompt", 0, 66, 66));
        market.postJob{value: 1 ether}(details, requirements, 1 ether);
    }

    function testFuzz_X40_everyHashIsReadBack(bytes32 inputHash) public {
        ISingleJobs.JobDetails memory details = jobDetails();
        details.prompt = Strings.toHexString(uint256(inputHash), 32);
        _expectRequest(_post(details, false), keccak256("llama-70b"), inputHash);
    }

    function _post(ISingleJobs.JobDetails memory details, bool requiresProof) private returns (uint256) {
        ISingleJobs.JobRequirements memory requirements = jobRequirements();
        requirements.requiresProof = requiresProof;
        vm.prank(renter);
        return market.postJob{value: 1 ether}(details, requirements, 1 ether);
    }

    function _expectUncovered(uint256 jobId, uint256 claims) private {
        vm.prank(host);
        vm.expectRevert(abi.encodeWithSelector(ISingleJobs.JobClaimsNotCovered.selector, host, claims, 2));
        market.claimJob(jobId);
    }

    function _expectRequest(uint256 jobId, bytes32 model, bytes32 inputHash) private view {
        (bytes32 storedModel, bytes32 storedInput) = market.jobRequest(jobId);
        assertEq(storedModel, model, "model");
        assertEq(storedInput, inputHash, "input");
    }
}
