// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {FeeSplit} from "./FeeSplit.sol";
import {FieldName} from "./FieldName.sol";
import {JobBook} from "./JobBook.sol";

/// @title Single jobs.
/// @dev Posted -> Claimed -> Submitted -> Released; Posted -> Cancelled or Expired; Claimed -> Failed. The status is
/// terminal before the ledger is credited. Only the deadline fails a job, never the renter.
abstract contract SingleJobs is JobBook {
    /// @dev Three slots.
    struct StoredJob {
        address renter;
        uint96 payment;
        address host;
        uint40 deadline;
        uint40 releaseAt;
        uint8 tokenIndex;
        JobStatus status;
        bytes32 detailsHash;
    }

    /// @custom:storage-location erc7201:fabstir.storage.SingleJobs
    struct SingleJobsStorage {
        mapping(uint256 jobId => StoredJob) jobs;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.SingleJobs")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant SINGLE_JOBS_STORAGE = 0xa0ebaf273055019bd054e02419065f769072c59812bc37b324391db3f7ce7700;

    /// @inheritdoc ISingleJobs
    uint256 public constant reviewWindow = 24 hours;

    uint256 private constant MIN_TIME_TO_COMPLETE = 1 minutes;
    uint256 private constant MAX_TIME_TO_COMPLETE = 30 days;
    uint256 private constant MAX_TOKENS = 1_000_000;
    uint256 private constant MAX_TEMPERATURE = 2_000;
    uint256 private constant MAX_NAME_LENGTH = 128;
    uint256 private constant MAX_CID_LENGTH = 256;

    /// @dev What every registered host has; a job that asks for more could not be claimed.
    uint256 private constant MAX_REPUTATION = 100;

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
        bytes32 detailsHash = keccak256(abi.encode(modelId, inputHash));
        return _open(address(0), maxPrice, deadline, detailsHash, modelId, prompt);
    }

    /// @inheritdoc ISingleJobs
    function claimJob(uint256 jobId) external nonReentrant {
        StoredJob storage job = _inStatus(jobId, JobStatus.Posted);
        if (block.timestamp >= job.deadline) revert JobDeadlinePassed(jobId, job.deadline);
        _checkHost(msg.sender, job.renter);

        job.host = msg.sender;
        job.status = JobStatus.Claimed;
        _addObligation(msg.sender);
        emit JobClaimed(jobId, msg.sender);
    }

    /// @inheritdoc ISingleJobs
    /// @dev No job asks for a proof yet, and one that proves nothing is refused.
    function completeJob(uint256 jobId, string calldata resultCID, bytes calldata proof) external nonReentrant {
        if (proof.length != 0) revert JobProofUnsupported(jobId);
        _submit(jobId, resultCID);
    }

    /// @inheritdoc ISingleJobs
    function submitResult(uint256 jobId, string calldata resultCID) external nonReentrant {
        _submit(jobId, resultCID);
    }

    /// @inheritdoc ISingleJobs
    function releasePayment(uint256 jobId) external nonReentrant {
        StoredJob storage job = _inStatus(jobId, JobStatus.Submitted);
        if (msg.sender != job.renter) revert JobNotRenter(jobId, msg.sender);
        _release(jobId, job);
    }

    /// @inheritdoc ISingleJobs
    function autoRelease(uint256 jobId) external nonReentrant {
        StoredJob storage job = _inStatus(jobId, JobStatus.Submitted);
        if (block.timestamp < job.releaseAt) revert JobReviewOpen(jobId, job.releaseAt);
        _release(jobId, job);
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

        job.status = claimed ? JobStatus.Failed : JobStatus.Expired;
        emit JobExpired(jobId, job.payment);
        if (claimed) _releaseObligation(job.host);
        _credit(job.renter, _tokenAt(job.tokenIndex), job.payment);
    }

    /// @inheritdoc ISingleJobs
    function getJob(uint256 jobId) external view returns (Job memory) {
        StoredJob memory job = _singleJobsStorage().jobs[jobId];
        if (job.status == JobStatus.None) revert JobWrongStatus(jobId, JobStatus.None, JobStatus.Posted);
        return Job({
            renter: job.renter,
            host: job.host,
            token: _tokenAt(job.tokenIndex),
            payment: job.payment,
            deadline: job.deadline,
            releaseAt: job.releaseAt,
            status: job.status,
            requiresProof: false,
            detailsHash: job.detailsHash
        });
    }

    function _post(JobDetails calldata details, JobRequirements calldata requirements, address token, uint256 payment)
        private
        returns (uint256 jobId)
    {
        if (requirements.requiresProof) revert JobProofUnsupported(0);
        _checkJobField("modelId", bytes(details.modelId).length, 1, MAX_NAME_LENGTH);
        _checkJobField("prompt", bytes(details.prompt).length, 1, MAX_CID_LENGTH);
        _checkJobField("maxTokens", details.maxTokens, 1, MAX_TOKENS);
        _checkJobField("temperature", details.temperature, 0, MAX_TEMPERATURE);
        _checkJobField("resultFormat", bytes(details.resultFormat).length, 0, MAX_NAME_LENGTH);
        _checkJobField("minReputationScore", requirements.minReputationScore, 0, MAX_REPUTATION);
        _checkJobField(
            "maxTimeToComplete", requirements.maxTimeToComplete, MIN_TIME_TO_COMPLETE, MAX_TIME_TO_COMPLETE
        );
        bytes32 detailsHash = keccak256(abi.encode(details, requirements));
        uint256 deadline = block.timestamp + requirements.maxTimeToComplete;
        return _open(token, payment, deadline, detailsHash, details.modelId, details.prompt);
    }

    function _open(
        address token,
        uint256 payment,
        uint256 deadline,
        bytes32 detailsHash,
        string calldata modelId,
        string memory prompt
    ) private returns (uint256 jobId) {
        uint8 tokenIndex = _addLiability(token, payment);
        jobId = _nextJobId();
        StoredJob storage job = _singleJobsStorage().jobs[jobId];
        job.renter = msg.sender;
        job.payment = uint96(payment);
        job.deadline = uint40(deadline);
        job.tokenIndex = tokenIndex;
        job.status = JobStatus.Posted;
        job.detailsHash = detailsHash;

        emit JobPosted(jobId, msg.sender, token, payment, modelId, deadline);
        emit JobCreated(jobId, msg.sender, modelId, prompt, payment);
        _pull(token, payment);
    }

    function _submit(uint256 jobId, string calldata resultCID) private {
        StoredJob storage job = _inStatus(jobId, JobStatus.Claimed);
        if (msg.sender != job.host) revert JobNotHost(jobId, msg.sender);
        if (block.timestamp >= job.deadline) revert JobDeadlinePassed(jobId, job.deadline);
        _checkJobField("resultCID", bytes(resultCID).length, 1, MAX_CID_LENGTH);

        job.status = JobStatus.Submitted;
        job.releaseAt = uint40(block.timestamp + reviewWindow);
        emit JobCompleted(jobId, resultCID);
    }

    function _release(uint256 jobId, StoredJob storage job) private {
        job.status = JobStatus.Released;
        (uint256 hostAmount, uint256 protocol, uint256 stakers) =
            FeeSplit.split(job.payment, FeeSplit.PROTOCOL_BPS, FeeSplit.STAKERS_BPS);
        address token = _tokenAt(job.tokenIndex);

        emit PaymentReleased(jobId, job.host, hostAmount, protocol, stakers);
        _releaseObligation(job.host);
        _credit(job.host, token, hostAmount);
        _creditFees(token, protocol, stakers);
    }

    function _inStatus(uint256 jobId, JobStatus expected) private view returns (StoredJob storage job) {
        job = _singleJobsStorage().jobs[jobId];
        if (job.status != expected) revert JobWrongStatus(jobId, job.status, expected);
    }

    function _checkJobField(bytes32 field, uint256 value, uint256 minimum, uint256 maximum) private pure {
        if (value < minimum || value > maximum) {
            revert JobFieldOutOfRange(FieldName.toText(field), value, minimum, maximum);
        }
    }

    function _singleJobsStorage() private pure returns (SingleJobsStorage storage $) {
        assembly {
            $.slot := SINGLE_JOBS_STORAGE
        }
    }
}
