// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {MarketplaceFixture} from "../mocks/MarketplaceFixture.sol";

/// @notice Stands where the ProofSystem stands: the one valid proof of a count is the hash of all that it is about.
contract SessionProofs {
    error BadProof(uint256 jobId);

    function verifySession(uint256 jobId, address host, bytes32 model, uint256 tokens, bytes calldata proof)
        external
        pure
    {
        if (keccak256(proof) != keccak256(abi.encode(jobId, host, model, tokens))) revert BadProof(jobId);
    }
}

contract VerifiedSessionsTest is MarketplaceFixture {
    bytes32 private constant MODEL = keccak256("llama-70b");

    SessionProofs private proofs;

    function setUp() public override {
        super.setUp();
        proofs = new SessionProofs();
        vm.prank(owner);
        market.setProofSystem(address(proofs));
    }

    function test_X17_modeNeedsAProofSystemAndAModel() public {
        bytes memory closed = abi.encodeWithSelector(
            ISessionJobs.SessionProofModeUnavailable.selector, ISessionJobs.ProofMode.Verified
        );
        vm.expectRevert(closed);
        _openWith(0);
        vm.prank(owner);
        market.setProofSystem(address(0));
        vm.expectRevert(closed);
        _openWith(MODEL);
    }

    function test_X17_missingOrEmptyProofSystemProvesNothing() public {
        uint256 jobId = _openWith(MODEL);
        vm.prank(owner);
        market.setProofSystem(address(0));
        vm.expectRevert(
            abi.encodeWithSelector(
                ISessionJobs.SessionProofModeUnavailable.selector, ISessionJobs.ProofMode.Verified
            )
        );
        market.submitProofOfWork(jobId, _proof(jobId, 500), 500);
        vm.prank(owner);
        market.setProofSystem(stranger);
        vm.expectRevert();
        market.submitProofOfWork(jobId, _proof(jobId, 500), 500);
        vm.prank(host);
        vm.expectRevert();
        market.claimWithProof(jobId, _proof(jobId, 500), 500);
        assertEq(market.getSessionDetails(jobId).provenTokens, 0);
    }

    function test_validProofCounts() public {
        uint256 jobId = _openWith(MODEL);
        bytes memory proof = _proof(jobId, 500);
        vm.expectEmit(address(market));
        emit ISessionJobs.SessionCheckpointed(jobId, 500, keccak256(proof));
        vm.prank(host);
        market.submitProofOfWork(jobId, proof, 500);
        assertEq(market.getSessionDetails(jobId).provenTokens, 500);
        assertEq(uint256(market.getSessionDetails(jobId).proofMode), 2);
        assertEq(market.openObligations(host), 1);
    }

    function testFuzz_X06_randomBytesProveNothing(bytes calldata proof) public {
        uint256 jobId = _openWith(MODEL);
        vm.prank(host);
        vm.expectRevert(abi.encodeWithSelector(SessionProofs.BadProof.selector, jobId));
        market.submitProofOfWork(jobId, proof, 500);
        vm.prank(host);
        vm.expectRevert(abi.encodeWithSelector(SessionProofs.BadProof.selector, jobId));
        market.claimWithProof(jobId, proof, 500);
    }

    /// Who sends the host's proof first does the host's work: it cannot be used up without being paid.
    function test_X07_strangerCannotBurnAProof() public {
        uint256 jobId = _openWith(MODEL);
        bytes memory proof = _proof(jobId, 5_000);
        vm.prank(stranger);
        market.submitProofOfWork(jobId, proof, 5_000);
        vm.expectRevert(abi.encodeWithSelector(SessionProofs.BadProof.selector, jobId));
        market.submitProofOfWork(jobId, proof, 500);
        vm.prank(host);
        market.claimWithProof(jobId, proof, 0);
        assertEq(market.withdrawable(host, ETH), 0.425 ether);
    }

    function test_proofOfAnotherSessionOrCountIsRefused() public {
        uint256 jobId = _openWith(MODEL);
        uint256 other = _openWith(MODEL);
        bytes memory proof = _proof(jobId, 500);
        vm.expectRevert(abi.encodeWithSelector(SessionProofs.BadProof.selector, other));
        market.submitProofOfWork(other, proof, 500);
        vm.expectRevert(abi.encodeWithSelector(SessionProofs.BadProof.selector, jobId));
        market.submitProofOfWork(jobId, proof, 501);
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionCapacityExceeded.selector, jobId, 10_001, 10_000)
        );
        market.submitProofOfWork(jobId, proof, 10_001);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionCheckpointTooSmall.selector, jobId, 0, 500));
        market.submitProofOfWork(jobId, proof, 0);
    }

    function test_lastProofNeedsNoInterval() public {
        uint256 jobId = _openWith(MODEL);
        bytes memory proof = _proof(jobId, 499);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionCheckpointTooSmall.selector, jobId, 499, 500));
        market.submitProofOfWork(jobId, proof, 499);
        bytes memory tooHigh = _proof(jobId, 10_001);
        vm.startPrank(host);
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionCapacityExceeded.selector, jobId, 10_001, 10_000)
        );
        market.claimWithProof(jobId, tooHigh, 10_001);
        market.claimWithProof(jobId, proof, 499);
        vm.stopPrank();
        assertEq(market.withdrawable(host, ETH), 499 * 0.000085 ether);
        assertSolvent(ETH);
    }

    function test_coSignedVouchersCountToo() public {
        uint256 jobId = _openWith(MODEL);
        checkpoint(jobId, 1_000);
        market.submitProofOfWork(jobId, _proof(jobId, 1_500), 500);
        bytes memory last = voucher(jobId, 1_600);
        vm.prank(host);
        market.settleSessionWithVoucher(jobId, 1_600, TRANSCRIPT, last);
        assertEq(market.withdrawable(host, ETH), 0.136 ether);
    }

    function _openWith(bytes32 model) private returns (uint256) {
        ISessionJobs.SessionParams memory params = sessionParams(ETH, 1 ether, 0.1 ether);
        params.model = model;
        params.proofMode = ISessionJobs.ProofMode.Verified;
        vm.prank(renter);
        return market.createSession{value: 1 ether}(params);
    }

    function _proof(uint256 jobId, uint256 tokens) private view returns (bytes memory) {
        return abi.encode(jobId, host, MODEL, tokens);
    }
}
