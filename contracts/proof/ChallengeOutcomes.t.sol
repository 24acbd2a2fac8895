// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IProofSystem} from "../interfaces/IProofSystem.sol";
import {ProofSystemFixture} from "../mocks/ProofSystemFixture.sol";

/// @dev What proofs, neighbours and changed terms do to a challenge, and the way of the bonds.
contract ChallengeOutcomesTest is ProofSystemFixture {
    function setUp() public {
        deployProofSystem();
        fund(renter);
        fund(watcher);
    }

    function test_validProofEndsAChallengeForTheHost() public {
        challenge(watcher, 1);
        _prove(1, proofOf("job1"));
        _closed(1, IProofSystem.ChallengeStatus.Rejected, host);
        assertFalse(proofs.isPayoutBlocked(1));
        assertTrue(proofs.isVerified(1));
        vm.expectPartialRevert(IProofSystem.ChallengeWrongStatus.selector);
        proofs.revealEvidence(1, "evidence", "salt");
    }

    /// No stake moves without a resolver: a host could otherwise take its own past the unbonding.
    function test_invalidProofEndsAChallengeWithoutTakingStake() public {
        challenge(watcher, 2);
        proofs.revealEvidence(1, "evidence", "salt");
        _prove(2, falseProofOf("job2"));
        _closed(1, IProofSystem.ChallengeStatus.Upheld, watcher);
        assertEq(nodes.lastSlashed(), address(0));
        assertEq(scores.failures(host, 2), 1);
        assertEq(market.rejections(2), 1);
    }

    function test_proofAfterTheEndChangesNoOutcome() public {
        challenge(watcher, 1);
        challenge(renter, 2);
        proofs.revealEvidence(2, "evidence", "salt");
        skip(4 days);
        _prove(1, falseProofOf("job1"));
        _prove(2, proofOf("job2"));
        _closed(1, IProofSystem.ChallengeStatus.Rejected, host);
        _closed(2, IProofSystem.ChallengeStatus.Expired, renter);
    }

    function test_registryThatRefusesDoesNotSaveTheHost() public {
        _reveal(watcher, 1);
        nodes.setSlashable(50e18, true);
        vm.expectEmit(address(proofs));
        emit IProofSystem.ChallengeClosed(1, 1, IProofSystem.ChallengeStatus.Upheld, watcher, BOND, 0);
        _uphold(1);
        assertEq(market.rejections(1), 1);
    }

    function test_eventNamesWhatWasReallySlashed() public {
        _reveal(watcher, 1);
        nodes.setSlashable(3e18, false);
        vm.expectEmit(address(proofs));
        emit IProofSystem.ChallengeClosed(1, 1, IProofSystem.ChallengeStatus.Upheld, watcher, BOND, 3e18);
        _uphold(1);
    }

    function test_slashOfZeroAsksNobody() public {
        proofs.setChallengeSlash(0);
        _reveal(watcher, 1);
        _uphold(1);
        assertEq(nodes.lastSlashed(), address(0));
        assertEq(market.rejections(1), 1);
    }

    /// Else the arbiter's silence would pay half to a host that was found wrong.
    function test_upheldChallengeEndsADispute() public {
        _reveal(watcher, 1);
        market.dispute(1);
        _uphold(1);
        assertEq(market.rejections(1), 1);
        assertEq(scores.failures(host, 1), 1);
        assertEq(proofs.withdrawableBond(watcher), BOND);
    }

    function test_upheldChallengeOfAJobThatIsOverFailsTheHostAlone() public {
        _reveal(watcher, 1);
        setFacts(1, block.timestamp, false, false);
        _uphold(1);
        assertEq(market.rejections(1), 0);
        assertEq(scores.failures(host, 1), 1);
        assertEq(proofs.withdrawableBond(watcher), BOND);
    }

    function test_newTermsLeaveOpenChallengesAlone() public {
        _reveal(watcher, 1);
        IProofSystem.Challenge memory before = proofs.getChallenge(1);
        proofs.setRevealWindow(1 hours);
        proofs.setResolverWindow(1 hours);
        proofs.setChallengeBond(20e18);
        assertEq(abi.encode(proofs.getChallenge(1)), abi.encode(before));
        _uphold(1);
        assertEq(proofs.withdrawableBond(watcher), BOND);
        vm.prank(renter);
        assertEq(proofs.challengeProof(2, "hash", 20e18), 2);
        assertEq(proofs.getChallenge(2).revealBy, block.timestamp + 1 hours);
        assertEq(proofs.getChallenge(2).resolveBy, block.timestamp + 2 hours);
    }

    function test_bondIsPulledByWhomItIsOwed() public {
        _reveal(watcher, 1);
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ChallengeNoBond.selector, watcher));
        vm.prank(watcher);
        proofs.withdrawBond();
        _uphold(1);
        assertEq(proofs.bondLiabilities(), BOND);
        vm.expectEmit(address(proofs));
        emit IProofSystem.BondWithdrawn(watcher, BOND);
        vm.prank(watcher);
        assertEq(proofs.withdrawBond(), BOND);
        assertEq(fabToken.balanceOf(watcher), 100e18);
        assertEq(fabToken.balanceOf(address(proofs)), 0);
        assertEq(proofs.bondLiabilities(), 0);
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ChallengeNoBond.selector, watcher));
        vm.prank(watcher);
        proofs.withdrawBond();
    }

    function test_bondMustBeThere() public {
        vm.prank(watcher);
        fabToken.approve(address(proofs), BOND - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientAllowance.selector, address(proofs), BOND - 1, BOND
            )
        );
        vm.prank(watcher);
        proofs.challengeProof(1, "hash", BOND);
        assertFalse(proofs.isPayoutBlocked(1));
    }

    function _prove(uint256 jobId, IProofSystem.EZKLProof memory proof) private {
        vm.prank(host);
        proofs.submitProof(jobId, proof);
        proofs.verifyProof(jobId, proof);
    }

    function _reveal(address challenger, uint256 jobId) private {
        uint256 challengeId = challenge(challenger, jobId);
        proofs.revealEvidence(challengeId, "evidence", "salt");
    }

    function _uphold(uint256 challengeId) private {
        vm.prank(resolver);
        proofs.resolveChallenge(challengeId, true);
    }

    function _closed(uint256 challengeId, IProofSystem.ChallengeStatus outcome, address bondTo) private view {
        assertEq(uint256(proofs.getChallenge(challengeId).status), uint256(outcome));
        assertEq(proofs.withdrawableBond(bondTo), BOND);
    }
}
