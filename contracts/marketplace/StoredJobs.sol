// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IReputationSystem} from "../interfaces/IReputationSystem.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {FeeSplit} from "./FeeSplit.sol";
import {JobBook} from "./JobBook.sol";
import {JobTermsStore} from "./JobTermsStore.sol";

/// @title What a single job is, where it is stored, and what it would pay.
abstract contract StoredJobs is JobBook, JobTermsStore {
    enum Outcome {
        None,
        Host,
        Renter,
        Split
    }

    /// @dev Three slots from posting on, a fourth from the claim. A claim and most later steps write the second one.
    /// @param controller Of the host, as it was at the claim: a host that changes it later changes nothing here.
    /// @param bonus Whether the host was paid with the bonus.
    struct StoredJob {
        address renter;
        uint80 payment;
        uint16 protocolBps;
        address host;
        uint40 deadline;
        uint16 stakersBps;
        uint16 minReputation;
        uint8 tokenIndex;
        ISingleJobs.JobStatus status;
        bool requiresProof;
        bytes32 detailsHash;
        address controller;
        uint40 submittedAt;
        uint40 releaseAt;
        bool bonus;
    }

    struct Dispute {
        uint80 bond;
        uint40 resolveBy;
        Outcome outcome;
    }

    /// @dev Of a job whose prompt is a hash: what a proof of it has to show.
    struct Request {
        bytes32 model;
        bytes32 inputHash;
    }

    /// @custom:storage-location erc7201:fabstir.storage.SingleJobs
    /// @param barred Controllers a node of which has abandoned the job.
    struct SingleJobsStorage {
        mapping(uint256 jobId => StoredJob) jobs;
        mapping(uint256 jobId => Dispute) disputes;
        mapping(uint256 jobId => mapping(address controller => bool)) barred;
        mapping(uint256 jobId => Request) requests;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.SingleJobs")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant SINGLE_JOBS_STORAGE = 0xa0ebaf273055019bd054e02419065f769072c59812bc37b324391db3f7ce7700;

    /// @dev The host's part is raised by this much at most.
    uint256 private constant BONUS_BPS = 1_000;

    /// @dev For the reputation system to tell a score, with room to spare.
    uint256 private constant REPUTATION_GAS = 100_000;

    /// @dev The bonus comes out of the protocol's part: what the job pays in all stays what it holds (K12).
    function _split(StoredJob memory job, bool withBonus)
        internal
        pure
        returns (uint256 host, uint256 protocol, uint256 stakers_)
    {
        (host, protocol, stakers_) = FeeSplit.split(job.payment, job.protocolBps, job.stakersBps);
        if (withBonus) {
            uint256 bonus = Math.min(host * BONUS_BPS / FeeSplit.BASIS, protocol);
            host += bonus;
            protocol -= bonus;
        }
    }

    /// @dev Nobody gets a bonus of a reputation system that fails, and nobody waits for it (I6). Who starves this call of
    /// gas has none left for the payment.
    function _earnsBonus(address host) internal view returns (bool) {
        uint256 minimum = _termsStorage().bonusReputation;
        if (minimum == 0) return false;
        (bool success, bytes memory score) = address(_reputation()).staticcall{gas: REPUTATION_GAS}(
            abi.encodeCall(IReputationSystem.getReputation, (host))
        );
        return success && score.length == 32 && uint256(bytes32(score)) >= minimum;
    }

    function _isPaid(uint256 jobId, StoredJob memory job) internal view returns (bool) {
        if (job.status == ISingleJobs.JobStatus.Released) return true;
        return job.status == ISingleJobs.JobStatus.Resolved && _singleJobsStorage().disputes[jobId].outcome == Outcome.Host;
    }

    function _describe(StoredJob memory job) internal view returns (ISingleJobs.Job memory) {
        return ISingleJobs.Job({
            renter: job.renter,
            host: job.host,
            token: _tokenAt(job.tokenIndex),
            payment: job.payment,
            deadline: job.deadline,
            releaseAt: job.releaseAt,
            status: job.status,
            requiresProof: job.requiresProof,
            detailsHash: job.detailsHash,
            submittedAt: job.submittedAt,
            minReputationScore: job.minReputation,
            protocolBps: job.protocolBps,
            stakersBps: job.stakersBps
        });
    }

    function _singleJobsStorage() internal pure returns (SingleJobsStorage storage $) {
        assembly {
            $.slot := SINGLE_JOBS_STORAGE
        }
    }
}
