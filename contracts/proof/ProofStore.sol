// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable2StepUpgradeable} from "@openzeppelin/contracts-upgradeable/access/Ownable2StepUpgradeable.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IJobFacts} from "../interfaces/IJobFacts.sol";
import {IProofGate} from "../interfaces/IProofGate.sol";
import {IProofSystem} from "../interfaces/IProofSystem.sol";

/// @title Neighbours and governed terms of the ProofSystem.
abstract contract ProofStore is IProofSystem, IProofGate, Ownable2StepUpgradeable, ReentrancyGuardTransient {
    /// @dev One slot. Seconds and FAB in wei.
    struct Terms {
        uint24 challengeWindow;
        uint24 revealWindow;
        uint24 resolverWindow;
        uint96 challengeBond;
        uint88 challengeSlash;
    }

    /// @custom:storage-location erc7201:fabstir.storage.ProofSystem
    struct ProofSystemStorage {
        address fab;
        address marketplace;
        address registry;
        address reputation;
        Terms terms;
        mapping(address account => bool) resolvers;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.ProofSystem")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant PROOF_SYSTEM_STORAGE = 0xdbc9654b26aa3d7902b5c9505feb64b37a9a96f39f68cb7bbafe607b5dd76300;

    modifier onlyMarketplace() {
        if (msg.sender != _proofSystemStorage().marketplace) revert ProofSystemNotMarketplace(msg.sender);
        _;
    }

    function _jobFacts(uint256 jobId) internal view returns (IJobFacts.JobFacts memory) {
        return IJobFacts(_proofSystemStorage().marketplace).jobFacts(jobId);
    }

    function _proofSystemStorage() internal pure returns (ProofSystemStorage storage $) {
        assembly {
            $.slot := PROOF_SYSTEM_STORAGE
        }
    }
}
