// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IHostTerms} from "../interfaces/IHostTerms.sol";
import {IJobFacts} from "../interfaces/IJobFacts.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {IProofGate} from "../interfaces/IProofGate.sol";
import {IReputationSystem} from "../interfaces/IReputationSystem.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {JobEnding} from "./JobEnding.sol";

/// @title Single jobs.
/// @dev Posted -> Claimed -> Submitted -> Released | Disputed -> Resolved; Posted -> Cancelled or Expired; Claimed ->
/// Failed by the deadline, or back to Posted; Submitted or Disputed -> Failed by a proof. Only the deadline, a proof or
/// the arbiter fails a job, never the renter. The breaker is asked where work is opened, and nowhere else.
abstract contract SingleJobs is JobEnding, IJobFacts {
    using SafeCast for uint256;

    uint256 private constant MIN_TIME_TO_COMPLETE = 1 minutes;
    uint256 private constant MAX_TIME_TO_COMPLETE = 30 days;
    uint256 private constant MAX_TOKENS = 1_000_000;
    uint256 private constant MAX_TEMPERATURE = 2_000;
    uint256 private constant MAX_NAME_LENGTH = 128;
    uint256 private constant MAX_CID_LENGTH = 256;
    /// @dev 32 bytes in hex with "0x".
    uint256 private constant HASH_LENGTH = 66;

    /// @dev A host starts with 100 and gains 10 for a job.
    uint256 private constant MAX_REPUTATION = 1_000;

    /// @inheritdoc ISingleJobs
    function postJob(JobDetails calldata details, JobRequirements calldata requirements, uint256 payment)
        external
        payable
        nonReentrant
        returns (uint256 jobId)
    {
        return _post(details, requirements, address(0), payment);
    }

    /// @inheritdoc ISingleJobs
    function postJobWithToken(
        JobDetails calldata details,
        JobRequirements calldata requirements,
        address token,
        uint256 amount
    ) external nonReentrant returns (uint256 jobId) {
        return _post(details, requirements, token, amount);
    }

    /// @inheritdoc ISingleJobs
    function createJob(string calldata modelId, bytes32 inputHash, uint256 maxPrice, uint256 deadline)
        external
        payable
        nonReentrant
        returns (uint256 jobId)
    {
        _checkJobField(
            "deadline", deadline, block.timestamp + MIN_TIME_TO_COMPLETE, block.timestamp + MAX_TIME_TO_COMPLETE
        );
        _checkJobField("modelId", bytes(modelId).length, 1, MAX_NAME_LENGTH);
        string memory prompt = Strings.toHexString(uint256(inputHash), 32);
        StoredJob storage job;
        (jobId, job) = _open(address(0), maxPrice, deadline, modelId, prompt);
        job.detailsHash = keccak256(abi.encode(modelId, inputHash));
    }

    /// @inheritdoc ISingleJobs
    function claimJob(uint256 jobId) external nonReentrant {
        _requireOpen(ISingleJobs.claimJob.selector, 1);
        StoredJob storage job = _inStatus(jobId, JobStatus.Posted);
        if (block.timestamp >= job.deadline) revert JobDeadlinePassed(jobId, job.deadline);
        address renter = job.renter;
        _checkHost(msg.sender, renter);
        address controller = _registry().getNodeController(msg.sender);
        if (controller == renter) revert IJobMarketplace.MarketplaceSelfDealing(renter);
        if (_singleJobsStorage().barred[jobId][controller]) revert JobControllerBarred(jobId, controller);
        _checkReputation(jobId, job.minReputation);
        // Else one bond would stand for any number of jobs that a host holds to keep others from them.
        uint256 claims = _addClaim(msg.sender);
        uint256 covered = IHostTerms(address(_registry())).coveredClaims(msg.sender);
        if (claims > covered) revert JobClaimsNotCovered(msg.sender, claims, covered);

        job.host = msg.sender;
        job.status = JobStatus.Claimed;
        job.controller = controller;
        emit JobClaimed(jobId, msg.sender);
    }

    /// @inheritdoc ISingleJobs
    /// @dev Not in the last minute: nobody else could claim the job then, and who keeps it until its deadline fails.
    function abandonClaim(uint256 jobId) external nonReentrant {
        StoredJob storage job = _claimedByCaller(jobId);
        uint256 latest = job.deadline - MIN_TIME_TO_COMPLETE;
        if (block.timestamp >= latest) revert JobDeadlinePassed(jobId, latest);

        _singleJobsStorage().barred[jobId][job.controller] = true;
        job.host = address(0);
        job.controller = address(0);
        job.status = JobStatus.Posted;
        _releaseClaim(msg.sender);
        _releaseObligation(msg.sender);
        emit JobAbandoned(jobId, msg.sender, _forfeitBond(msg.sender, job.renter));
    }

    /// @inheritdoc ISingleJobs
    function completeJob(uint256 jobId, string calldata resultCID, bytes calldata proof) external nonReentrant {
        _submit(jobId, resultCID, proof);
    }

    /// @inheritdoc ISingleJobs
    function submitResult(uint256 jobId, string calldata resultCID) external nonReentrant {
        _submit(jobId, resultCID, msg.data[:0]);
    }

    /// @inheritdoc ISingleJobs
    function releasePayment(uint256 jobId) external nonReentrant {
        _releaseByRenter(jobId);
    }

    /// @inheritdoc ISingleJobs
    function autoRelease(uint256 jobId) external nonReentrant {
        _releaseAfterReview(jobId);
    }

    /// @inheritdoc ISingleJobs
    function cancelJob(uint256 jobId) external nonReentrant {
        StoredJob storage job = _inStatus(jobId, JobStatus.Posted);
        if (msg.sender != job.renter) revert JobNotRenter(jobId, msg.sender);
        job.status = JobStatus.Cancelled;
        emit JobCancelled(jobId, job.payment);
        _credit(job.renter, _tokenAt(job.tokenIndex), job.payment);
    }

    /// @inheritdoc ISingleJobs
    function claimExpired(uint256 jobId) external nonReentrant {
        StoredJob storage job = _singleJobsStorage().jobs[jobId];
        bool claimed = job.status == JobStatus.Claimed;
        if (!claimed && job.status != JobStatus.Posted) revert JobWrongStatus(jobId, job.status, JobStatus.Posted);
        if (block.timestamp < job.deadline) revert JobDeadlineNotReached(jobId, job.deadline);

        emit JobExpired(jobId, job.payment);
        if (claimed) {
            _releaseClaim(job.host);
            _fail(jobId, job, JobStatus.Failed);
            _forfeitBond(job.host, job.renter);
        } else {
            job.status = JobStatus.Expired;
            _credit(job.renter, _tokenAt(job.tokenIndex), job.payment);
        }
    }

    /// @inheritdoc IJobFacts
    /// @dev A dispute that waits for the arbiter ends too, and its bond goes back.
    function rejectResult(uint256 jobId) external nonReentrant {
        if (msg.sender != address(_proofSystem())) revert JobNotProofSystem(msg.sender);
        StoredJob storage job = _singleJobsStorage().jobs[jobId];
        bool disputed = job.status == JobStatus.Disputed;
        if (!disputed && job.status != JobStatus.Submitted) {
            revert JobWrongStatus(jobId, job.status, JobStatus.Submitted);
        }
        if (disputed) _credit(job.renter, _tokenAt(job.tokenIndex), _singleJobsStorage().disputes[jobId].bond);
        _fail(jobId, job, JobStatus.Failed);
    }

    function _releaseByRenter(uint256 jobId) internal {
        StoredJob storage job = _inStatus(jobId, JobStatus.Submitted);
        if (msg.sender != job.renter) revert JobNotRenter(jobId, msg.sender);
        _payHost(jobId, job, JobStatus.Released);
    }

    function _releaseAfterReview(uint256 jobId) internal {
        StoredJob storage job = _inStatus(jobId, JobStatus.Submitted);
        if (block.timestamp < job.releaseAt) revert JobReviewOpen(jobId, job.releaseAt);
        _payHost(jobId, job, JobStatus.Released);
    }

    function _post(JobDetails calldata details, JobRequirements calldata requirements, address token, uint256 payment)
        private
        returns (uint256 jobId)
    {
        if (requirements.requiresProof && address(_proofSystem()) == address(0)) revert JobProofUnsupported(0);
        _checkJobField("modelId", bytes(details.modelId).length, 1, MAX_NAME_LENGTH);
        _checkJobField("prompt", bytes(details.prompt).length, 1, MAX_CID_LENGTH);
        _checkJobField("maxTokens", details.maxTokens, 1, MAX_TOKENS);
        _checkJobField("temperature", details.temperature, 0, MAX_TEMPERATURE);
        _checkJobField("resultFormat", bytes(details.resultFormat).length, 0, MAX_NAME_LENGTH);
        _checkJobField("minReputationScore", requirements.minReputationScore, 0, MAX_REPUTATION);
        _checkJobField(
            "maxTimeToComplete", requirements.maxTimeToComplete, MIN_TIME_TO_COMPLETE, MAX_TIME_TO_COMPLETE
        );
        uint256 deadline = block.timestamp + requirements.maxTimeToComplete;
        StoredJob storage job;
        (jobId, job) = _open(token, payment, deadline, details.modelId, details.prompt);
        job.minReputation = uint16(requirements.minReputationScore);
        if (requirements.requiresProof) job.requiresProof = true;
        _storeRequest(jobId, details, requirements.requiresProof);
        job.detailsHash = keccak256(abi.encode(details, requirements));
    }

    /// @dev A proof shows the work on one input: it can be given of a job whose prompt is the hash of that input, also
    /// where the renter does not require it, as when the host answers a challenge.
    function _storeRequest(uint256 jobId, JobDetails calldata details, bool required) private {
        uint256 length = bytes(details.prompt).length;
        bool isHash;
        uint256 inputHash;
        // Without "0x" as many digits would overflow the parser.
        if (length == HASH_LENGTH && bytes(details.prompt)[1] == "x") {
            (isHash, inputHash) = Strings.tryParseHexUint(details.prompt);
        }
        if (required) _checkJobField("prompt", isHash || length != HASH_LENGTH ? length : 0, HASH_LENGTH, HASH_LENGTH);
        if (!isHash) return;
        _singleJobsStorage().requests[jobId] = Request(keccak256(bytes(details.modelId)), bytes32(inputHash));
    }

    /// @dev Aliases of one kind of work, asked for under one name. The fees are those of this moment.
    function _open(
        address token,
        uint256 payment,
        uint256 deadline,
        string calldata modelId,
        string memory prompt
    ) private returns (uint256 jobId, StoredJob storage job) {
        _requireOpen(ISingleJobs.postJob.selector, 1);
        uint8 tokenIndex = _addLiability(token, payment);
        jobId = _nextJobId();
        job = _singleJobsStorage().jobs[jobId];
        job.renter = msg.sender;
        job.payment = payment.toUint80();
        (job.protocolBps, job.stakersBps) = _feeBps();
        job.deadline = uint40(deadline);
        job.tokenIndex = tokenIndex;
        job.status = JobStatus.Posted;

        emit JobPosted(jobId, msg.sender, token, payment, modelId, deadline);
        emit JobCreated(jobId, msg.sender, modelId, prompt, payment);
        _pull(token, payment);
    }

    /// @dev The result counts as handed in before the proof is taken: the ProofSystem sees the job as it will be.
    function _submit(uint256 jobId, string calldata resultCID, bytes calldata proof) private {
        StoredJob storage job = _claimedByCaller(jobId);
        if (block.timestamp >= job.deadline) revert JobDeadlinePassed(jobId, job.deadline);
        _checkJobField("resultCID", bytes(resultCID).length, 1, MAX_CID_LENGTH);

        job.status = JobStatus.Submitted;
        job.submittedAt = uint40(block.timestamp);
        job.releaseAt = uint40(block.timestamp + reviewWindow());
        _releaseClaim(msg.sender);
        emit JobCompleted(jobId, resultCID);

        if (proof.length == 0 && !job.requiresProof) return;
        IProofGate gate = _proofSystem();
        if (address(gate) == address(0)) revert JobProofUnsupported(jobId);
        if (proof.length != 0) gate.submitAndVerify(jobId, msg.sender, proof);
        if (!gate.isVerified(jobId)) revert JobProofRequired(jobId);
    }

    function _claimedByCaller(uint256 jobId) private view returns (StoredJob storage job) {
        job = _inStatus(jobId, JobStatus.Claimed);
        if (msg.sender != job.host) revert JobNotHost(jobId, msg.sender);
    }

    function _checkReputation(uint256 jobId, uint256 minimum) private view {
        IReputationSystem reputation_ = _reputation();
        if (minimum == 0 || address(reputation_) == address(0)) return;
        uint256 score = reputation_.getReputation(msg.sender);
        if (score < minimum) revert JobReputationTooLow(jobId, score, minimum);
    }

    /// @return amount 0 when the host has nothing left, or the registry fails.
    function _forfeitBond(address host, address renter) private returns (uint256 amount) {
        return _tell(address(_registry()), abi.encodeCall(IHostTerms.forfeitClaimBond, (host, renter)));
    }
}
