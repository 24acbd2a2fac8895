// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IProofSystem} from "../interfaces/IProofSystem.sol";
import {ProofSystemFixture} from "../mocks/ProofSystemFixture.sol";

contract ChallengesTest is ProofSystemFixture {
    function setUp() public {
        deployProofSystem();
        fund(renter);
        fund(watcher);
        fund(host);
    }

    function test_X41_bondIsFabAndFreezesThePayout() public {
        bytes32 hash = proofs.evidenceHashOf(1, watcher, "evidence", "salt");
        vm.expectEmit(address(proofs));
        emit IProofSystem.ProofChallenged(
            1, 1, watcher, hash, block.timestamp + 12 hours, block.timestamp + 12 hours + 3 days
        );
        assertEq(challenge(watcher, 1), 1);
        assertEq(fabToken.balanceOf(watcher), 90e18);
        assertEq(fabToken.balanceOf(address(proofs)), BOND);
        assertEq(proofs.bondLiabilities(), BOND);
        assertTrue(proofs.isPayoutBlocked(1));
        assertFalse(proofs.isPayoutBlocked(2));
        IProofSystem.Challenge memory opened = proofs.getChallenge(1);
        assertEq(opened.challenger, watcher);
        assertEq(opened.host, host);
        assertEq(opened.bond, BOND);
        assertEq(opened.jobId, 1);
        assertEq(opened.evidenceHash, hash);
        (uint256 latestId, uint256 count) = proofs.challengesOf(1);
        assertEq(latestId, 1);
        assertEq(count, 1);
    }

    function test_bondIsExactly10Fab() public {
        uint256[3] memory stakes = [BOND - 1, BOND + 1, 0];
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IProofSystem.ChallengeBondMismatch.selector, stakes[i], BOND)
            );
            vm.prank(watcher);
            proofs.challengeProof(1, "hash", stakes[i]);
        }
    }

    function test_renterOrStakedNodeChallenges() public {
        challenge(renter, 1);
        challenge(watcher, 2);
    }

    function test_hostAndItsRelativesDoNotChallenge() public {
        address owner = makeAddr("controller");
        address sibling = makeAddr("sibling");
        address retired = makeAddr("retired");
        _refused(host);
        _refused(makeAddr("stranger"));
        nodes.setNode(retired, false, retired);
        _refused(retired);
        nodes.setNode(sibling, true, owner);
        nodes.setNode(host, true, owner);
        _refused(sibling);
        nodes.setNode(owner, true, owner);
        _refused(owner);
        nodes.setNode(host, true, host);
        nodes.setNode(sibling, true, host);
        _refused(sibling);
        // The renter too, when it turns out to be the host in other clothes.
        nodes.setNode(renter, false, host);
        _refused(renter);
    }

    function test_onlySubmittedResultsAreChallenged() public {
        setFacts(1, block.timestamp, false, false);
        _refused(renter, abi.encodeWithSelector(IProofSystem.ProofSystemJobNotOpen.selector, 1));
        setSubmitted(1);
        vm.prank(host);
        proofs.submitProof(1, proofOf("job1"));
        proofs.verifyProof(1, proofOf("job1"));
        _refused(
            renter,
            abi.encodeWithSelector(
                IProofSystem.ProofSystemWrongStatus.selector,
                1,
                IProofSystem.ProofStatus.Verified,
                IProofSystem.ProofStatus.None
            )
        );
    }

    function test_windowCountsFromSubmissionAndIsNotExtended() public {
        uint256 endsAt = market.jobFacts(1).submittedAt + 24 hours;
        vm.warp(endsAt - 1);
        challenge(watcher, 1);
        vm.warp(endsAt);
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ChallengeWindowClosed.selector, 2, endsAt));
        vm.prank(watcher);
        proofs.challengeProof(2, "hash", BOND);
        // The earlier challenge, closed or not, gives nobody more time.
        skip(12 hours);
        proofs.expireChallenge(1);
        _refused(renter, abi.encodeWithSelector(IProofSystem.ChallengeWindowClosed.selector, 1, endsAt));
    }

    function test_oneAtATimeOncePerPartyThreePerJob() public {
        proofs.setRevealWindow(1 hours);
        challenge(watcher, 1);
        _refused(renter, abi.encodeWithSelector(IProofSystem.ChallengeAlreadyOpen.selector, 1, 1));
        skip(1 hours);
        // What is over makes room without another call, and its bond is booked.
        challenge(renter, 1);
        assertEq(proofs.withdrawableBond(host), BOND);
        _status(1, IProofSystem.ChallengeStatus.Rejected);
        skip(1 hours);
        proofs.expireChallenge(2);
        _refused(renter, abi.encodeWithSelector(IProofSystem.ChallengeTwice.selector, 1, renter));
        _refused(watcher, abi.encodeWithSelector(IProofSystem.ChallengeTwice.selector, 1, watcher));
        (address third, address fourth) = (makeAddr("third"), makeAddr("fourth"));
        nodes.setNode(third, true, third);
        nodes.setNode(fourth, true, fourth);
        fund(third);
        challenge(third, 1);
        skip(1 hours);
        _refused(fourth, abi.encodeWithSelector(IProofSystem.ChallengeTooMany.selector, 1, 3));
        // The count is of one job.
        challenge(third, 2);
    }

    /// Row 118: the commit names its challenger, so a copied one cannot be opened with the evidence seen later.
    function test_copiedCommitIsWorthless() public {
        bytes32 seen = proofs.evidenceHashOf(1, renter, "evidence", "salt");
        vm.prank(watcher);
        proofs.challengeProof(1, seen, BOND);
        bytes32 own = proofs.evidenceHashOf(1, watcher, "evidence", "salt");
        vm.expectRevert(
            abi.encodeWithSelector(IProofSystem.ChallengeEvidenceMismatch.selector, 1, own, seen)
        );
        vm.prank(watcher);
        proofs.revealEvidence(1, "evidence", "salt");
        assertNotEq(seen, proofs.evidenceHashOf(2, renter, "evidence", "salt"));
        assertNotEq(seen, proofs.evidenceHashOf(1, renter, "evidence", "other"));
        vm.chainId(8453);
        assertNotEq(seen, proofs.evidenceHashOf(1, renter, "evidence", "salt"));
    }

    function test_evidenceIsShownInTime() public {
        challenge(watcher, 1);
        uint256 revealBy = proofs.getChallenge(1).revealBy;
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ChallengeEvidenceLength.selector, 0, 1, 256));
        proofs.revealEvidence(1, "", "salt");
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ChallengeEvidenceLength.selector, 257, 1, 256));
        proofs.revealEvidence(1, string(new bytes(257)), "salt");
        vm.warp(revealBy);
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ChallengeDeadlinePassed.selector, 1, revealBy));
        proofs.revealEvidence(1, "evidence", "salt");
        vm.warp(revealBy - 1);
        vm.expectEmit(address(proofs));
        emit IProofSystem.EvidenceRevealed(1, "evidence");
        proofs.revealEvidence(1, "evidence", "salt");
        vm.expectRevert(
            abi.encodeWithSelector(
                IProofSystem.ChallengeWrongStatus.selector,
                1,
                IProofSystem.ChallengeStatus.Revealed,
                IProofSystem.ChallengeStatus.Committed
            )
        );
        proofs.revealEvidence(1, "evidence", "salt");
        vm.warp(revealBy);
        assertTrue(proofs.isPayoutBlocked(1));
    }

    function test_X41_upheldChallengeCostsTheHost() public {
        _revealed(watcher, 1);
        vm.expectEmit(address(proofs));
        emit IProofSystem.ChallengeClosed(1, 1, IProofSystem.ChallengeStatus.Upheld, watcher, BOND, 10e18);
        _resolve(1, true);
        assertEq(proofs.withdrawableBond(watcher), BOND);
        assertEq(nodes.lastSlashed(), host);
        assertEq(nodes.lastRecipient(), watcher);
        assertEq(scores.failures(host, 1), 1);
        assertEq(market.rejections(1), 1);
        assertFalse(proofs.isPayoutBlocked(1));
    }

    function test_X41_rejectedChallengePaysTheHost() public {
        _revealed(watcher, 1);
        vm.expectEmit(address(proofs));
        emit IProofSystem.ChallengeClosed(1, 1, IProofSystem.ChallengeStatus.Rejected, host, BOND, 0);
        _resolve(1, false);
        assertEq(proofs.withdrawableBond(host), BOND);
        assertEq(scores.failures(host, 1), 0);
        assertEq(market.rejections(1), 0);
        assertFalse(proofs.isPayoutBlocked(1));
        vm.expectPartialRevert(IProofSystem.ChallengeWrongStatus.selector);
        _resolve(1, true);
    }

    function test_partiesDoNotResolve() public {
        _revealed(watcher, 1);
        address[3] memory parties = [host, renter, watcher];
        for (uint256 i; i < 3; ++i) {
            proofs.setResolver(parties[i], true);
            vm.expectRevert(
                abi.encodeWithSelector(IProofSystem.ChallengeNotResolver.selector, 1, parties[i])
            );
            vm.prank(parties[i]);
            proofs.resolveChallenge(1, true);
        }
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ChallengeNotResolver.selector, 1, address(this)));
        proofs.resolveChallenge(1, true);
    }

    function test_resolverWaitsForEvidenceAndKeepsItsTime() public {
        challenge(watcher, 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IProofSystem.ChallengeWrongStatus.selector,
                1,
                IProofSystem.ChallengeStatus.Committed,
                IProofSystem.ChallengeStatus.Revealed
            )
        );
        _resolve(1, true);
        uint256 resolveBy = proofs.getChallenge(1).resolveBy;
        proofs.revealEvidence(1, "evidence", "salt");
        vm.warp(resolveBy);
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ChallengeDeadlinePassed.selector, 1, resolveBy));
        _resolve(1, true);
        vm.warp(resolveBy - 1);
        _resolve(1, true);
    }

    /// X-41: a silent resolver enriches nobody, and the payout needs no call to go on.
    function test_X41_undecidedChallengeReturnsTheBond() public {
        _revealed(watcher, 1);
        uint256 resolveBy = proofs.getChallenge(1).resolveBy;
        vm.warp(resolveBy - 1);
        assertTrue(proofs.isPayoutBlocked(1));
        vm.expectRevert(
            abi.encodeWithSelector(IProofSystem.ChallengeDeadlineNotReached.selector, 1, resolveBy)
        );
        proofs.expireChallenge(1);
        vm.warp(resolveBy);
        assertFalse(proofs.isPayoutBlocked(1));
        proofs.expireChallenge(1);
        _status(1, IProofSystem.ChallengeStatus.Expired);
        assertEq(proofs.withdrawableBond(watcher), BOND);
        assertEq(proofs.withdrawableBond(host), 0);
        vm.expectPartialRevert(IProofSystem.ChallengeWrongStatus.selector);
        proofs.expireChallenge(1);
        vm.expectPartialRevert(IProofSystem.ChallengeWrongStatus.selector);
        proofs.expireChallenge(99);
    }

    function test_commitWithoutEvidenceCostsItsBond() public {
        challenge(watcher, 1);
        skip(12 hours - 1);
        assertTrue(proofs.isPayoutBlocked(1));
        vm.expectPartialRevert(IProofSystem.ChallengeDeadlineNotReached.selector);
        proofs.expireChallenge(1);
        skip(1);
        assertFalse(proofs.isPayoutBlocked(1));
        proofs.expireChallenge(1);
        _status(1, IProofSystem.ChallengeStatus.Rejected);
        assertEq(proofs.withdrawableBond(host), BOND);
    }

    function _refused(address challenger) private {
        _refused(challenger, abi.encodeWithSelector(IProofSystem.ChallengeNotParty.selector, 1, challenger));
    }

    function _refused(address challenger, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(challenger);
        proofs.challengeProof(1, "hash", BOND);
    }

    function _revealed(address challenger, uint256 jobId) private {
        uint256 challengeId = challenge(challenger, jobId);
        proofs.revealEvidence(challengeId, "evidence", "salt");
    }

    function _resolve(uint256 challengeId, bool upheld) private {
        vm.prank(resolver);
        proofs.resolveChallenge(challengeId, upheld);
    }

    function _status(uint256 challengeId, IProofSystem.ChallengeStatus status) private view {
        assertEq(uint256(proofs.getChallenge(challengeId).status), uint256(status));
    }
}
