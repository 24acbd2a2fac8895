// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IHostTerms} from "../interfaces/IHostTerms.sol";
import {IJobFacts} from "../interfaces/IJobFacts.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IProofSystem} from "../interfaces/IProofSystem.sol";
import {JobProofs} from "./JobProofs.sol";

/// @title Challenges of results by bond, commit and reveal.
/// @dev Deadlines are fixed when a challenge opens and pass by time alone; closing only credits the ledger of bonds.
abstract contract Challenges is JobProofs {
    using SafeERC20 for IERC20;

    struct JobChallenges {
        uint128 latestId;
        uint128 count;
    }

    /// @custom:storage-location erc7201:fabstir.storage.ProofChallenges
    struct ChallengesStorage {
        uint256 lastId;
        uint256 liabilities;
        mapping(uint256 challengeId => Challenge) challenges;
        mapping(uint256 jobId => JobChallenges) jobs;
        mapping(uint256 jobId => mapping(address party => bool)) challenged;
        mapping(address account => uint256) withdrawable;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.ProofChallenges")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant CHALLENGES_STORAGE = 0xdeca446326aafac7759c160ad67ed20c4c58e3d40267e3705b2a82c5e7048500;

    uint256 private constant MAX_CHALLENGES = 3;
    uint256 private constant MAX_CID_LENGTH = 256;

    /// @inheritdoc IProofSystem
    function challengeProof(uint256 jobId, bytes32 evidenceHash, uint256 stake)
        external
        nonReentrant
        returns (uint256 challengeId)
    {
        Terms memory terms = _proofSystemStorage().terms;
        if (stake != terms.challengeBond) revert ChallengeBondMismatch(stake, terms.challengeBond);
        IJobFacts.JobFacts memory facts = _jobFacts(jobId);
        if (!facts.submitted) revert ProofSystemJobNotOpen(jobId);
        if (_statusOf(jobId) == ProofStatus.Verified) {
            revert ProofSystemWrongStatus(jobId, ProofStatus.Verified, ProofStatus.None);
        }
        uint256 endsAt = facts.submittedAt + terms.challengeWindow;
        if (block.timestamp >= endsAt) revert ChallengeWindowClosed(jobId, endsAt);
        if (!_mayChallenge(msg.sender, facts)) revert ChallengeNotParty(jobId, msg.sender);

        ChallengesStorage storage $ = _challengesStorage();
        challengeId = _takeTurn($, jobId);
        uint256 revealBy = block.timestamp + terms.revealWindow;
        uint256 resolveBy = revealBy + terms.resolverWindow;
        $.challenges[challengeId] = Challenge({
            challenger: msg.sender,
            revealBy: uint40(revealBy),
            resolveBy: uint40(resolveBy),
            status: ChallengeStatus.Committed,
            host: facts.host,
            bond: uint96(stake),
            evidenceHash: evidenceHash,
            jobId: jobId
        });
        $.liabilities += stake;
        emit ProofChallenged(challengeId, jobId, msg.sender, evidenceHash, revealBy, resolveBy);
        IERC20(_proofSystemStorage().fab).safeTransferFrom(msg.sender, address(this), stake);
    }

    /// @inheritdoc IProofSystem
    function revealEvidence(uint256 challengeId, string calldata evidenceCID, bytes32 salt) external {
        Challenge storage challenge = _inStatus(challengeId, ChallengeStatus.Committed);
        if (block.timestamp >= challenge.revealBy) {
            revert ChallengeDeadlinePassed(challengeId, challenge.revealBy);
        }
        uint256 length = bytes(evidenceCID).length;
        if (length == 0 || length > MAX_CID_LENGTH) revert ChallengeEvidenceLength(length, 1, MAX_CID_LENGTH);
        bytes32 hash = evidenceHashOf(challenge.jobId, challenge.challenger, evidenceCID, salt);
        if (hash != challenge.evidenceHash) {
            revert ChallengeEvidenceMismatch(challengeId, hash, challenge.evidenceHash);
        }
        challenge.status = ChallengeStatus.Revealed;
        emit EvidenceRevealed(challengeId, evidenceCID);
    }

    /// @inheritdoc IProofSystem
    function resolveChallenge(uint256 challengeId, bool upheld) external nonReentrant {
        Challenge storage challenge = _inStatus(challengeId, ChallengeStatus.Revealed);
        if (!_mayResolve(msg.sender, challenge)) revert ChallengeNotResolver(challengeId, msg.sender);
        if (block.timestamp >= challenge.resolveBy) {
            revert ChallengeDeadlinePassed(challengeId, challenge.resolveBy);
        }
        if (!upheld) {
            _close(challengeId, challenge, ChallengeStatus.Rejected, 0);
            return;
        }
        challenge.status = ChallengeStatus.Upheld;
        uint256 slashed = _slash(challenge.host, challenge.challenger);
        _close(challengeId, challenge, ChallengeStatus.Upheld, slashed);
        _fail(challenge.host, challenge.jobId);
    }

    /// @inheritdoc IProofSystem
    function expireChallenge(uint256 challengeId) external nonReentrant {
        Challenge storage challenge = _challengesStorage().challenges[challengeId];
        if (!_isOpen(challenge.status)) {
            revert ChallengeWrongStatus(challengeId, challenge.status, ChallengeStatus.Revealed);
        }
        uint256 deadline = _deadlineOf(challenge);
        if (block.timestamp < deadline) revert ChallengeDeadlineNotReached(challengeId, deadline);
        _lapse(challengeId, challenge);
    }

    /// @inheritdoc IProofSystem
    function withdrawBond() external nonReentrant returns (uint256 amount) {
        ChallengesStorage storage $ = _challengesStorage();
        amount = $.withdrawable[msg.sender];
        if (amount == 0) revert ChallengeNoBond(msg.sender);
        $.withdrawable[msg.sender] = 0;
        $.liabilities -= amount;
        emit BondWithdrawn(msg.sender, amount);
        IERC20(_proofSystemStorage().fab).safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IProofSystem
    function evidenceHashOf(uint256 jobId, address challenger, string calldata evidenceCID, bytes32 salt)
        public
        view
        returns (bytes32)
    {
        return keccak256(abi.encode(block.chainid, address(this), jobId, challenger, evidenceCID, salt));
    }

    /// @inheritdoc IProofSystem
    function getChallenge(uint256 challengeId) external view returns (Challenge memory) {
        return _challengesStorage().challenges[challengeId];
    }

    /// @inheritdoc IProofSystem
    function challengesOf(uint256 jobId) external view returns (uint256 latestId, uint256 count) {
        JobChallenges storage book = _challengesStorage().jobs[jobId];
        return (book.latestId, book.count);
    }

    /// @inheritdoc IProofSystem
    function withdrawableBond(address account) external view returns (uint256) {
        return _challengesStorage().withdrawable[account];
    }

    /// @inheritdoc IProofSystem
    function bondLiabilities() external view returns (uint256) {
        return _challengesStorage().liabilities;
    }

    function _isChallenged(uint256 jobId) internal view returns (bool) {
        ChallengesStorage storage $ = _challengesStorage();
        Challenge storage challenge = $.challenges[$.jobs[jobId].latestId];
        return _isOpen(challenge.status) && block.timestamp < _deadlineOf(challenge);
    }

    /// @dev Pays no slash: a host that challenged itself through a friend could take its stake past the unbonding with a
    /// proof that it made false on purpose. Taking stake needs a resolver.
    function _closeByProof(uint256 jobId, bool valid) internal override {
        ChallengesStorage storage $ = _challengesStorage();
        uint256 challengeId = $.jobs[jobId].latestId;
        Challenge storage challenge = $.challenges[challengeId];
        if (!_isOpen(challenge.status)) return;
        if (block.timestamp >= _deadlineOf(challenge)) _lapse(challengeId, challenge);
        else _close(challengeId, challenge, valid ? ChallengeStatus.Rejected : ChallengeStatus.Upheld, 0);
    }

    /// @dev The next id, when job and caller may have one more challenge. An earlier one whose time is over makes room.
    function _takeTurn(ChallengesStorage storage $, uint256 jobId) private returns (uint256 challengeId) {
        JobChallenges storage book = $.jobs[jobId];
        uint256 latestId = book.latestId;
        Challenge storage latest = $.challenges[latestId];
        if (_isOpen(latest.status)) {
            if (block.timestamp < _deadlineOf(latest)) revert ChallengeAlreadyOpen(jobId, latestId);
            _lapse(latestId, latest);
        }
        if ($.challenged[jobId][msg.sender]) revert ChallengeTwice(jobId, msg.sender);
        if (book.count == MAX_CHALLENGES) revert ChallengeTooMany(jobId, MAX_CHALLENGES);
        $.challenged[jobId][msg.sender] = true;
        challengeId = ++$.lastId;
        book.latestId = uint128(challengeId);
        ++book.count;
    }

    function _lapse(uint256 challengeId, Challenge storage challenge) private {
        bool revealed = challenge.status == ChallengeStatus.Revealed;
        _close(challengeId, challenge, revealed ? ChallengeStatus.Expired : ChallengeStatus.Rejected, 0);
    }

    /// @dev Only a rejected challenge gives its bond to the host.
    function _close(uint256 challengeId, Challenge storage challenge, ChallengeStatus outcome, uint256 slashed) private {
        address bondTo = outcome == ChallengeStatus.Rejected ? challenge.host : challenge.challenger;
        uint256 bond = challenge.bond;
        challenge.status = outcome;
        _challengesStorage().withdrawable[bondTo] += bond;
        emit ChallengeClosed(challengeId, challenge.jobId, outcome, bondTo, bond, slashed);
    }

    /// @dev A registry that refuses must not save the host from the rest of the decision.
    function _slash(address host, address challenger) private returns (uint256) {
        ProofSystemStorage storage $ = _proofSystemStorage();
        uint256 amount = $.terms.challengeSlash;
        if (amount == 0) return 0;
        try IHostTerms($.registry).slash(host, amount, challenger, "challenge upheld") returns (uint256 slashed) {
            return slashed;
        } catch {
            return 0;
        }
    }

    function _mayChallenge(address caller, IJobFacts.JobFacts memory facts) private view returns (bool) {
        INodeRegistry nodes = INodeRegistry(_proofSystemStorage().registry);
        address host = facts.host;
        if (caller == host) return false;
        address callerController = nodes.getNodeController(caller);
        address hostController = nodes.getNodeController(host);
        if (caller == hostController || callerController == host) return false;
        if (callerController != address(0) && callerController == hostController) return false;
        return caller == facts.renter || nodes.isActiveNode(caller);
    }

    function _mayResolve(address caller, Challenge storage challenge) private view returns (bool) {
        if (!_proofSystemStorage().resolvers[caller]) return false;
        if (caller == challenge.host || caller == challenge.challenger) return false;
        return caller != _jobFacts(challenge.jobId).renter;
    }

    function _inStatus(uint256 challengeId, ChallengeStatus expected) private view returns (Challenge storage challenge) {
        challenge = _challengesStorage().challenges[challengeId];
        if (challenge.status != expected) revert ChallengeWrongStatus(challengeId, challenge.status, expected);
    }

    function _isOpen(ChallengeStatus status) private pure returns (bool) {
        return status == ChallengeStatus.Committed || status == ChallengeStatus.Revealed;
    }

    function _deadlineOf(Challenge storage challenge) private view returns (uint256) {
        return challenge.status == ChallengeStatus.Revealed ? challenge.resolveBy : challenge.revealBy;
    }

    function _challengesStorage() private pure returns (ChallengesStorage storage $) {
        assembly {
            $.slot := CHALLENGES_STORAGE
        }
    }
}
