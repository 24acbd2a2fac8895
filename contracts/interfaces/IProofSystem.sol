// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Zero-knowledge proofs of work done, and challenges of results that nobody proved.
interface IProofSystem {
    /// @dev None -> Submitted -> Verified or Invalid; the last two are terminal.
    enum ProofStatus {
        None,
        Submitted,
        Verified,
        Invalid
    }

    /// @dev Committed -> Revealed -> Upheld, Rejected or Expired; Committed -> Rejected when nothing is revealed. A
    /// proof of the host ends either of them: Rejected when it holds, Upheld when it does not.
    enum ChallengeStatus {
        None,
        Committed,
        Revealed,
        Upheld,
        Rejected,
        Expired
    }

    /// @param instances Public inputs; 0 to 2 are the three commitments, one is the binding ({bindingOf}).
    /// @param vk Hash of the verifying key; for a verifier that `ezkl` generated, the code hash of that contract.
    struct EZKLProof {
        uint256[] instances;
        bytes proof;
        bytes32 vk;
        bytes32 modelCommitment;
        bytes32 inputHash;
        bytes32 outputHash;
    }

    /// @notice Where a circuit has what in its instances. 0 to 2 are modelCommitment, inputHash and outputHash.
    /// @param modelCommitment Value of instance 0 in every proof.
    /// @param count Number of instances.
    /// @param binding Index of the passthrough instance with the binding; at least 3.
    /// @param inputs Index of the first public input; instance 1 must be the hash of all up to `outputs`. 0 for a
    /// circuit that computes both hashes itself.
    /// @param outputs Index of the first public output; instance 2 must be the hash of all from there to the end.
    struct InstanceLayout {
        bytes32 modelCommitment;
        uint16 count;
        uint16 binding;
        uint16 inputs;
        uint16 outputs;
    }

    struct Circuit {
        address verifier;
        uint16 count;
        uint16 binding;
        uint16 inputs;
        uint16 outputs;
        bytes32 vkHash;
        bytes32 modelCommitment;
    }

    /// @param submittedAt Unix seconds.
    /// @param proofHash keccak256(abi.encode(EZKLProof)).
    struct ProofRecord {
        address host;
        uint40 submittedAt;
        ProofStatus status;
        bytes32 proofHash;
    }

    /// @param revealBy Unix seconds; a commit without evidence ends here.
    /// @param resolveBy Unix seconds; a revealed challenge that nobody decided ends here.
    /// @param bond FAB in wei.
    struct Challenge {
        address challenger;
        uint40 revealBy;
        uint40 resolveBy;
        ChallengeStatus status;
        address host;
        uint96 bond;
        bytes32 evidenceHash;
        uint256 jobId;
    }

    event CircuitRegistered(
        bytes32 indexed modelId, address indexed verifier, bytes32 vkHash, InstanceLayout instanceLayout
    );
    event CircuitRemoved(bytes32 indexed modelId);
    event ResolverSet(address indexed resolver, bool allowed);
    event ChallengeTermSet(string term, uint256 value);

    event ProofSubmitted(
        uint256 indexed jobId, address indexed host, bytes32 proofHash, bytes32 inputHash, bytes32 outputHash
    );
    event ProofVerified(uint256 indexed jobId, address indexed host);
    event ProofInvalid(uint256 indexed jobId, address indexed host);
    event SessionProofVerified(uint256 indexed jobId, address indexed host, uint256 cumulativeTokens);

    event ProofChallenged(
        uint256 indexed challengeId,
        uint256 indexed jobId,
        address indexed challenger,
        bytes32 evidenceHash,
        uint256 revealBy,
        uint256 resolveBy
    );
    event EvidenceRevealed(uint256 indexed challengeId, string evidenceCID);
    /// @param bondTo Who may withdraw the bond.
    /// @param slashed FAB in wei that the host's stake lost: to the challenger, or to the timelock after another slash within a day.
    event ChallengeClosed(
        uint256 indexed challengeId,
        uint256 indexed jobId,
        ChallengeStatus outcome,
        address bondTo,
        uint256 bond,
        uint256 slashed
    );
    event BondWithdrawn(address indexed account, uint256 amount);

    error ProofSystemZeroAddress();
    error ProofSystemNotVerifier(address verifier);
    error ProofSystemKeyMismatch(address verifier, bytes32 vkHash);
    /// @notice `field` of the layout lies outside `minimum` to `maximum`.
    error ProofSystemLayout(string field, uint256 value, uint256 minimum, uint256 maximum);
    error ProofSystemTermOutOfRange(string term, uint256 value, uint256 minimum, uint256 maximum);
    error ProofSystemNoCircuit(bytes32 modelId);
    error ProofSystemNotMarketplace(address caller);
    error ProofSystemNotHost(uint256 jobId, address caller, address host);
    /// @notice The result of the job is not handed in, or it is paid.
    error ProofSystemJobNotOpen(uint256 jobId);
    error ProofSystemWrongStatus(uint256 jobId, ProofStatus status, ProofStatus expected);
    error ProofSystemInstanceCount(uint256 count, uint256 expected);
    /// @notice Instance `index` is not what the job, the circuit or the proof's own field says.
    error ProofSystemInstanceMismatch(uint256 index, uint256 value, uint256 expected);
    error ProofSystemProofMismatch(uint256 jobId, bytes32 proofHash, bytes32 expected);
    error ProofSystemInvalidProof(uint256 jobId);
    error ProofSystemBatchSize(uint256 items, uint256 maximum);

    error ChallengeBondMismatch(uint256 stake, uint256 bond);
    error ChallengeNotParty(uint256 jobId, address caller);
    error ChallengeAlreadyOpen(uint256 jobId, uint256 challengeId);
    error ChallengeTwice(uint256 jobId, address challenger);
    error ChallengeTooMany(uint256 jobId, uint256 maximum);
    error ChallengeWindowClosed(uint256 jobId, uint256 endedAt);
    error ChallengeWrongStatus(uint256 challengeId, ChallengeStatus status, ChallengeStatus expected);
    error ChallengeDeadlinePassed(uint256 challengeId, uint256 deadline);
    error ChallengeDeadlineNotReached(uint256 challengeId, uint256 deadline);
    error ChallengeEvidenceMismatch(uint256 challengeId, bytes32 evidenceHash, bytes32 expected);
    error ChallengeEvidenceLength(uint256 length, uint256 minimum, uint256 maximum);
    error ChallengeNotResolver(uint256 challengeId, address caller);
    error ChallengeNoBond(address account);

    /// @notice Makes `verifier` the judge of proofs for a model; replaces an earlier circuit. The timelock only.
    /// @param modelId keccak256 of the model's name; sessions name the same id.
    /// @param vkHash What `verifier` must hold ({IProofVerifier-holdsKey}).
    /// @param instanceLayout Refused without the index of the binding: a valid proof would replay across jobs.
    function registerCircuit(bytes32 modelId, address verifier, bytes32 vkHash, InstanceLayout calldata instanceLayout)
        external;

    /// @notice From now on no proof for the model is taken. The timelock only.
    function removeCircuit(bytes32 modelId) external;

    /// @notice All zero for a model without a circuit.
    function getCircuit(bytes32 modelId) external view returns (Circuit memory);

    /// @notice The field element that ties a proof to one job, host, count, marketplace and chain:
    /// keccak256(abi.encode(chainId, marketplace, jobId, host, cumulativeTokens, modelCommitment)) mod the BN254 order.
    /// @param cumulativeTokens 0 for a single job.
    function bindingOf(uint256 jobId, address host, uint256 cumulativeTokens, bytes32 modelCommitment)
        external
        view
        returns (uint256);

    /// @notice Stores the hash of a proof of a single job whose result is handed in. The job's host only, once. All but
    /// the cryptography is checked here, so a mistaken proof costs nothing; until it is verified, at most 24 hours, the
    /// payout waits.
    /// Errors: ProofSystemNotHost, ProofSystemJobNotOpen, ProofSystemWrongStatus, ProofSystemNoCircuit,
    /// ProofSystemKeyMismatch, ProofSystemInstanceCount, ProofSystemInstanceMismatch.
    function submitProof(uint256 jobId, EZKLProof calldata proof) external;

    /// @notice Verifies a submitted proof. Anyone; `proof` must be the submitted one. A proof that does not hold makes
    /// the job fail: -20 for the host, and the renter is refunded where the job still waits for its payout, disputed or
    /// not.
    /// @return valid Whether it holds. Reverts when it cannot be checked: other proof, circuit replaced, too little gas.
    function verifyProof(uint256 jobId, EZKLProof calldata proof) external returns (bool valid);

    /// @notice {verifyProof} for up to 20 proofs; an item that cannot be checked leaves the others alone.
    /// @return statuses Status of each proof afterwards.
    function batchVerifyProofs(uint256[] calldata jobIds, EZKLProof[] calldata proofs)
        external
        returns (ProofStatus[] memory statuses);

    /// @notice All zero for a job without a proof.
    function getProof(uint256 jobId) external view returns (ProofRecord memory);

    /// @notice Challenges the submitted result of a single job and freezes its payout. The job's renter or an active
    /// node that shares no controller with the host; once per job and party, three times per job, one at a time, within
    /// {challengeWindow} of the result's submission.
    /// @param evidenceHash {evidenceHashOf} this caller and job; the evidence stays hidden until it is revealed.
    /// @param stake FAB in wei; must be {challengeBond}, which is pulled from the caller.
    function challengeProof(uint256 jobId, bytes32 evidenceHash, uint256 stake) external returns (uint256 challengeId);

    /// @notice Shows the evidence of a challenge until its `revealBy`. Anyone who knows it, in effect the challenger.
    function revealEvidence(uint256 challengeId, string calldata evidenceCID, bytes32 salt) external;

    /// @notice Decides a revealed challenge until its `resolveBy`. A resolver that is neither renter, host nor
    /// challenger. Upheld: bond and {challengeSlash} of the host's stake to the challenger, -20, refund to the renter, of
    /// a disputed job too. Rejected: bond to the host.
    function resolveChallenge(uint256 challengeId, bool upheld) external;

    /// @notice Closes a challenge whose time is over. Anyone. Without evidence the bond goes to the host, without a
    /// decision back to the challenger. The payout does not wait for this call.
    function expireChallenge(uint256 challengeId) external;

    /// @notice Pays out what the caller's bonds, or bonds against it, left it.
    /// @return amount FAB in wei.
    function withdrawBond() external returns (uint256 amount);

    /// @notice Hash that {challengeProof} takes. It names chain, contract, job and challenger: a copied one is worthless.
    function evidenceHashOf(uint256 jobId, address challenger, string calldata evidenceCID, bytes32 salt)
        external
        view
        returns (bytes32);

    /// @notice All zero for an unknown id.
    function getChallenge(uint256 challengeId) external view returns (Challenge memory);

    /// @notice Newest challenge of a job (0 without one) and how many it had.
    function challengesOf(uint256 jobId) external view returns (uint256 latestId, uint256 count);

    /// @notice FAB in wei that `account` may withdraw.
    function withdrawableBond(address account) external view returns (uint256);

    /// @notice FAB in wei that is held: bonds of open challenges and what is withdrawable.
    function bondLiabilities() external view returns (uint256);

    /// @notice Names or removes an account that decides challenges. The timelock only.
    function setResolver(address resolver, bool allowed) external;
    function isResolver(address account) external view returns (bool);

    /// @notice Seconds, 1 hour to 2 days. The timelock only.
    function setChallengeWindow(uint256 value) external;

    /// @notice Seconds, 1 hour to 1 day; for challenges opened from now on. The timelock only.
    function setRevealWindow(uint256 value) external;

    /// @notice Seconds, 1 hour to 4 days; for challenges opened from now on. The timelock only.
    function setResolverWindow(uint256 value) external;

    /// @notice FAB in wei, 1 to 1,000 FAB; for challenges opened from now on. The timelock only.
    function setChallengeBond(uint256 value) external;

    /// @notice FAB in wei, up to 1,000 FAB. The timelock only.
    function setChallengeSlash(uint256 value) external;

    /// @notice Seconds after the submission of a result in which it can be challenged.
    function challengeWindow() external view returns (uint256);

    /// @notice Seconds from challenge to evidence.
    function revealWindow() external view returns (uint256);

    /// @notice Seconds from the end of the reveal window to the decision.
    function resolverWindow() external view returns (uint256);

    /// @notice FAB in wei.
    function challengeBond() external view returns (uint256);

    /// @notice FAB in wei that an upheld challenge takes from the host's stake.
    function challengeSlash() external view returns (uint256);

    /// @notice Token of bonds, fixed at initialization.
    function fab() external view returns (address);
    function marketplace() external view returns (address);
    function registry() external view returns (address);
    function reputation() external view returns (address);
}
