// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IJobFacts} from "../interfaces/IJobFacts.sol";
import {IProofSystem} from "../interfaces/IProofSystem.sol";
import {MarketplaceRecorder, ProofSystemFixture} from "../mocks/ProofSystemFixture.sol";
import {Test} from "../mocks/Test.sol";
import {FabToken} from "../tokens/FabToken.sol";
import {ProofSystem} from "./ProofSystem.sol";

/// @notice Challenges, reveals, decides, proves and withdraws in any order, as one renter, three nodes and a host.
contract ProofWalk is Test {
    uint256 public constant JOBS = 4;
    bytes32 private constant MODEL = keccak256("perceptron");

    ProofSystem public immutable proofs;
    FabToken public immutable fabToken;
    MarketplaceRecorder public immutable market;
    address public immutable host;
    address public immutable resolver;
    address[] public parties;
    IProofSystem.EZKLProof[2] private _good;

    uint256 public lastId;
    uint256 public paidIn;
    uint256 public paidOut;
    mapping(uint256 challengeId => uint8) public ended;
    mapping(uint256 jobId => uint8) public proofEnded;
    mapping(string action => uint256) public successes;
    string public violation;

    constructor(ProofSystem proofs_, FabToken fab_, MarketplaceRecorder market_, address host_, address[] memory who) {
        (proofs, fabToken, market, host, resolver) = (proofs_, fab_, market_, host_, who[0]);
        for (uint256 i = 1; i < who.length; ++i) {
            parties.push(who[i]);
        }
    }

    function setProof(uint256 index, IProofSystem.EZKLProof calldata proof) external {
        _good[index] = proof;
    }

    /// @notice A job is handed in (again): a new one as far as the clock is concerned.
    function handIn(uint256 jobId) external {
        jobId = bound(jobId, 1, JOBS);
        IJobFacts.JobFacts memory facts = market.jobFacts(jobId);
        facts.submittedAt = block.timestamp;
        facts.submitted = true;
        market.set(jobId, facts, MODEL);
    }

    function challenge(uint256 jobId, uint256 who) external {
        jobId = bound(jobId, 1, JOBS);
        address caller = who % 8 == 7 ? host : parties[who % parties.length];
        bytes32 hash = proofs.evidenceHashOf(jobId, caller, "evidence", 0);
        bool blocked = proofs.isPayoutBlocked(jobId);
        (uint256 before,) = proofs.challengesOf(jobId);
        bool alive = before != 0 && _alive(before);
        uint256 bond = proofs.challengeBond();
        vm.prank(caller);
        try proofs.challengeProof(jobId, hash, bond) returns (uint256 challengeId) {
            _check(challengeId == lastId + 1, "an id did not come from the counter");
            _check(caller != host, "the host challenged itself");
            _check(!alive, "two challenges of one job");
            _check(proofs.isPayoutBlocked(jobId), "a challenged payout goes on");
            lastId = challengeId;
            paidIn += bond;
            ++successes["challenge"];
        } catch {
            _check(proofs.isPayoutBlocked(jobId) == blocked, "a refused challenge blocks");
        }
        _watch();
    }

    function reveal(uint256 challengeId) external {
        if (lastId == 0) return;
        challengeId = bound(challengeId, 1, lastId);
        bool due = proofs.getChallenge(challengeId).status == IProofSystem.ChallengeStatus.Committed
            && _alive(challengeId);
        try proofs.revealEvidence(challengeId, "evidence", 0) {
            _check(due, "evidence was taken late");
            ++successes["reveal"];
        } catch {
            _check(!due, "evidence was refused");
        }
        _watch();
    }

    function resolve(uint256 challengeId, bool upheld, uint8 who) external {
        if (lastId == 0) return;
        challengeId = bound(challengeId, 1, lastId);
        address caller = who < 200 ? resolver : parties[who % parties.length];
        IProofSystem.Challenge memory before = proofs.getChallenge(challengeId);
        bool due = before.status == IProofSystem.ChallengeStatus.Revealed && _alive(challengeId) && caller == resolver;
        vm.prank(caller);
        try proofs.resolveChallenge(challengeId, upheld) {
            _check(due, "a challenge was decided against the rules");
            ++successes[upheld ? "uphold" : "reject"];
        } catch {
            _check(!due, "a decision was refused");
        }
        _watch();
    }

    function expire(uint256 challengeId) external {
        if (lastId == 0) return;
        challengeId = bound(challengeId, 1, lastId);
        bool due = ended[challengeId] == 0 && !_alive(challengeId);
        try proofs.expireChallenge(challengeId) {
            _check(due, "a challenge expired early");
            ++successes["expire"];
        } catch {
            _check(!due, "an end was refused");
        }
        _watch();
    }

    function submitProof(uint256 jobId, bool good) external {
        jobId = bound(jobId, 1, 2);
        IProofSystem.EZKLProof memory proof = _proof(jobId, good);
        vm.prank(host);
        try proofs.submitProof(jobId, proof) {
            ++successes["submitProof"];
        } catch {}
        _watch();
    }

    function verifyProof(uint256 jobId, bool good) external {
        jobId = bound(jobId, 1, 2);
        try proofs.verifyProof(jobId, _proof(jobId, good)) returns (bool valid) {
            _check(valid == good, "a proof was judged wrongly");
            ++successes[valid ? "verified" : "invalid"];
        } catch {}
        _watch();
    }

    function withdraw(uint256 who) external {
        who %= parties.length + 1;
        address caller = who == parties.length ? host : parties[who];
        uint256 owed = proofs.withdrawableBond(caller);
        uint256 before = fabToken.balanceOf(caller);
        vm.prank(caller);
        try proofs.withdrawBond() {
            _check(owed != 0 && fabToken.balanceOf(caller) == before + owed, "withdrawn is not what was owed");
            paidOut += owed;
            ++successes["withdraw"];
        } catch {
            _check(owed == 0, "I6: a withdrawal was refused");
        }
    }

    /// @notice Unsolicited tokens and new terms change no one's bond.
    function disturb(uint256 amount, bool terms) external {
        if (!terms) {
            fabToken.transfer(address(proofs), bound(amount, 0, 1e18));
            return;
        }
        vm.startPrank(proofs.owner());
        proofs.setChallengeBond(bound(amount, 1e18, 20e18));
        proofs.setRevealWindow(bound(amount, 1 hours, 1 days));
        vm.stopPrank();
    }

    function warp(uint32 duration) external {
        vm.warp(block.timestamp + bound(duration, 1, duration % 4 == 0 ? 1 days : 3 hours));
        _watch();
    }

    /// @dev Terminal states have no way out.
    function _watch() private {
        for (uint256 i = 1; i <= lastId; ++i) {
            uint8 status = uint8(proofs.getChallenge(i).status);
            _check(ended[i] == 0 || ended[i] == status, "I4: a closed challenge moved");
            if (status > uint8(IProofSystem.ChallengeStatus.Revealed)) ended[i] = status;
        }
        for (uint256 jobId = 1; jobId <= 2; ++jobId) {
            uint8 status = uint8(proofs.getProof(jobId).status);
            _check(proofEnded[jobId] == 0 || proofEnded[jobId] == status, "I4: a judged proof moved");
            if (status > uint8(IProofSystem.ProofStatus.Submitted)) proofEnded[jobId] = status;
        }
    }

    function _alive(uint256 challengeId) private view returns (bool) {
        IProofSystem.Challenge memory current = proofs.getChallenge(challengeId);
        if (current.status == IProofSystem.ChallengeStatus.Committed) return block.timestamp < current.revealBy;
        return current.status == IProofSystem.ChallengeStatus.Revealed && block.timestamp < current.resolveBy;
    }

    function _proof(uint256 jobId, bool good) private view returns (IProofSystem.EZKLProof memory proof) {
        proof = _good[jobId - 1];
        if (!good) proof.proof[200] ^= 0x10;
    }

    function _check(bool holds, string memory rule) private {
        if (!holds && bytes(violation).length == 0) violation = rule;
    }
}

/// @notice The ledger of bonds and the terminal states after every step of a random walk.
contract ProofInvariantsTest is ProofSystemFixture {
    ProofWalk private walk;

    function setUp() public {
        deployProofSystem();
        address[] memory who = new address[](5);
        (who[0], who[1], who[2]) = (resolver, renter, watcher);
        (who[3], who[4]) = (makeAddr("third"), makeAddr("fourth"));
        for (uint256 i = 1; i < 5; ++i) {
            fabToken.transfer(who[i], 10_000e18);
            vm.prank(who[i]);
            fabToken.approve(address(proofs), type(uint256).max);
            nodes.setNode(who[i], i != 1, i == 1 ? address(0) : who[i]);
        }
        walk = new ProofWalk(proofs, fabToken, market, host, who);
        fabToken.transfer(address(walk), 1000e18);
        walk.setProof(0, proofOf("job1"));
        walk.setProof(1, proofOf("job2"));
        setSubmitted(3);
        setSubmitted(4);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(walk);
    }

    /// hardhat-config: default.invariant.runs = 24
    /// hardhat-config: default.invariant.depth = 150
    function invariant_I1_I4_bondsAreWhatIsOwed() public view {
        assertEq(walk.violation(), "");
        uint256 owed = proofs.withdrawableBond(host);
        for (uint256 i; i < 4; ++i) {
            owed += proofs.withdrawableBond(walk.parties(i));
        }
        for (uint256 i = 1; i <= walk.lastId(); ++i) {
            IProofSystem.Challenge memory current = proofs.getChallenge(i);
            bool open = current.status == IProofSystem.ChallengeStatus.Committed
                || current.status == IProofSystem.ChallengeStatus.Revealed;
            if (open) owed += current.bond;
        }
        assertEq(proofs.bondLiabilities(), owed, "liabilities");
        assertEq(walk.paidIn() - walk.paidOut(), owed, "paid in and out");
        assertGe(fabToken.balanceOf(address(proofs)), owed, "balance");
        for (uint256 jobId = 1; jobId <= walk.JOBS(); ++jobId) {
            (, uint256 count) = proofs.challengesOf(jobId);
            assertLe(count, 3);
        }
    }

    /// What the walk never reaches, the invariant says nothing about.
    function test_walkTakesEveryTransition() public {
        string[9] memory actions =
            ["challenge", "reveal", "uphold", "reject", "expire", "submitProof", "verified", "invalid", "withdraw"];
        uint256[9] memory times;
        uint256 fresh = vm.snapshotState();
        for (uint256 run; run < 8; ++run) {
            for (uint256 i; i < 150; ++i) {
                (bool success,) = address(walk).call(_step(uint256(keccak256(abi.encode(run, i)))));
                success;
            }
            assertEq(walk.violation(), "");
            for (uint256 i; i < actions.length; ++i) {
                times[i] += walk.successes(actions[i]);
            }
            vm.revertToState(fresh);
        }
        for (uint256 i; i < actions.length; ++i) {
            assertGt(times[i], 0, actions[i]);
        }
    }

    function _step(uint256 seed) private pure returns (bytes memory) {
        uint256 action = seed % 10;
        uint256 value = seed >> 8;
        bool flag = (seed >> 4) % 2 == 0;
        if (action == 0) return abi.encodeCall(ProofWalk.handIn, (value));
        if (action == 1) return abi.encodeCall(ProofWalk.challenge, (value, value >> 16));
        if (action == 2) return abi.encodeCall(ProofWalk.reveal, (value));
        if (action == 3) return abi.encodeCall(ProofWalk.resolve, (value, flag, uint8(value >> 16)));
        if (action == 4) return abi.encodeCall(ProofWalk.expire, (value));
        if (action == 5) return abi.encodeCall(ProofWalk.submitProof, (value, flag));
        if (action == 6) return abi.encodeCall(ProofWalk.verifyProof, (value, flag));
        if (action == 7) return abi.encodeCall(ProofWalk.withdraw, (value));
        if (action == 8) return abi.encodeCall(ProofWalk.disturb, (value, flag));
        return abi.encodeCall(ProofWalk.warp, (uint32(value)));
    }
}
