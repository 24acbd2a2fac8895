// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EIP712Upgradeable} from "@openzeppelin/contracts-upgradeable/utils/cryptography/EIP712Upgradeable.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";

/// @title The EIP-712 message by which a renter's key vouches for work.
abstract contract CoSignedCheckpoints is ISessionJobs, EIP712Upgradeable {
    bytes32 private constant CHECKPOINT_TYPEHASH =
        keccak256("Checkpoint(uint256 jobId,uint256 cumulativeTokens,bytes32 transcriptHash)");

    /// @inheritdoc ISessionJobs
    function checkpointDigest(uint256 jobId, uint256 cumulativeTokens, bytes32 transcriptHash)
        public
        view
        returns (bytes32)
    {
        return
            _hashTypedDataV4(keccak256(abi.encode(CHECKPOINT_TYPEHASH, jobId, cumulativeTokens, transcriptHash)));
    }

    /// @dev Recovery only, never ERC-1271: a voucher stays valid whatever becomes of the renter's account.
    function _checkCoSignature(
        address coSigner,
        uint256 jobId,
        uint256 cumulativeTokens,
        bytes32 transcriptHash,
        bytes memory signature
    ) internal view {
        bytes32 digest = checkpointDigest(jobId, cumulativeTokens, transcriptHash);
        (address recovered,,) = ECDSA.tryRecover(digest, signature);
        if (recovered != coSigner || recovered == address(0)) {
            revert SessionBadCoSignature(jobId, recovered, coSigner);
        }
    }

    /// @dev Constants instead of storage, so that there is nothing to initialize.
    function _EIP712Name() internal pure override returns (string memory) {
        return "FabstirJobMarketplace";
    }

    function _EIP712Version() internal pure override returns (string memory) {
        return "1";
    }
}
