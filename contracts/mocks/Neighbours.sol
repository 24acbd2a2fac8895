// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IJobFacts} from "../interfaces/IJobFacts.sol";

/// @notice Stands where the registry stands: says what it was told of nodes and writes down what is forfeited.
contract RegistryRecorder {
    uint256 public constant CLAIM_BOND = 20e18;

    mapping(address node => bool) public isAcceptingNode;
    mapping(address node => address) public getNodeController;
    mapping(address host => mapping(address renter => uint256)) public forfeited;
    mapping(address host => uint256) public coveredClaims;

    function set(address node, bool accepting, address controller) external {
        isAcceptingNode[node] = accepting;
        getNodeController[node] = controller;
        coveredClaims[node] = 1_000;
    }

    function setCovered(address host, uint256 claims) external {
        coveredClaims[host] = claims;
    }

    function forfeitClaimBond(address host, address renter) external returns (uint256) {
        forfeited[host][renter] += CLAIM_BOND;
        return CLAIM_BOND;
    }
}

/// @notice Stands where the reputation system stands: scores as told, reports as they come.
contract ReputationRecorder {
    /// @notice What the reporter said of a job when it reported it.
    struct Report {
        address host;
        bool success;
        uint256 count;
        uint256 fee;
        bool completed;
    }

    mapping(address host => uint256) public getReputation;
    mapping(uint256 jobId => Report) public reports;

    function set(address host, uint256 score) external {
        getReputation[host] = score;
    }

    function recordJobCompletion(address host, uint256 jobId, bool success) external {
        IJobFacts.JobFacts memory facts = IJobFacts(msg.sender).jobFacts(jobId);
        reports[jobId] = Report(host, success, reports[jobId].count + 1, facts.fee, facts.completed);
    }
}

/// @notice Stands where the ProofSystem stands: "good" is the one valid proof.
contract ProofRecorder {
    error BadProof(uint256 jobId, address host);

    mapping(uint256 jobId => bool) public isVerified;
    mapping(uint256 jobId => bool) public isPayoutBlocked;

    function submitAndVerify(uint256 jobId, address host, bytes calldata proof) external {
        IJobFacts.JobFacts memory facts = IJobFacts(msg.sender).jobFacts(jobId);
        if (keccak256(proof) != keccak256("good") || !facts.submitted || facts.host != host) {
            revert BadProof(jobId, host);
        }
        isVerified[jobId] = true;
    }

    function setVerified(uint256 jobId) external {
        isVerified[jobId] = true;
    }

    function setBlocked(uint256 jobId, bool blocked) external {
        isPayoutBlocked[jobId] = blocked;
    }

    function reject(address market, uint256 jobId) external {
        IJobFacts(market).rejectResult(jobId);
    }
}
