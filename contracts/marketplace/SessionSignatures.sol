// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EIP712Upgradeable} from "@openzeppelin/contracts-upgradeable/utils/cryptography/EIP712Upgradeable.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";

/// @title The EIP-712 messages of sessions: the renter's vouchers, the host's offers and its last word.
abstract contract SessionSignatures is EIP712Upgradeable {
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant NAME_HASH = keccak256("FabstirJobMarketplace");
    bytes32 private constant VERSION_HASH = keccak256("1");
    bytes32 private constant CHECKPOINT_TYPEHASH =
        keccak256("Checkpoint(uint256 jobId,uint256 cumulativeTokens,bytes32 transcriptHash)");
    bytes32 private constant FINAL_TYPEHASH = keccak256("Final(uint256 jobId,uint256 cumulativeTokens)");
    bytes32 private constant QUOTE_TYPEHASH = keccak256(
        "Quote(address host,address renter,address token,uint256 pricePer1000,bytes32 model,uint256 expiry)"
    );

    /// @dev r, s, x, y of a P-256 key.
    uint256 private constant P256_SIGNATURE_LENGTH = 128;

    function _checkpointDigest(uint256 jobId, uint256 cumulativeTokens, bytes32 transcriptHash)
        internal
        view
        returns (bytes32)
    {
        return
            _hashTypedDataV4(keccak256(abi.encode(CHECKPOINT_TYPEHASH, jobId, cumulativeTokens, transcriptHash)));
    }

    function _finalDigest(uint256 jobId, uint256 cumulativeTokens) internal view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(FINAL_TYPEHASH, jobId, cumulativeTokens)));
    }

    function _quoteDigest(
        address host,
        address renter,
        address token,
        uint256 pricePer1000,
        bytes32 model,
        uint256 expiry
    ) internal view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(abi.encode(QUOTE_TYPEHASH, host, renter, token, pricePer1000, model, expiry))
        );
    }

    /// @dev Recovery only, never ERC-1271: a voucher stays valid whatever becomes of the renter's account.
    function _checkCoSignature(
        address coSigner,
        uint256 jobId,
        uint256 cumulativeTokens,
        bytes32 transcriptHash,
        bytes memory signature
    ) internal view {
        address recovered = _keyId(_checkpointDigest(jobId, cumulativeTokens, transcriptHash), signature);
        if (recovered != coSigner || recovered == address(0)) {
            revert ISessionJobs.SessionBadCoSignature(jobId, recovered, coSigner);
        }
    }

    /// @dev Recovery only: this ends a session, and no code of the host's may have a say in when.
    function _checkFinal(address host, uint256 jobId, uint256 cumulativeTokens, bytes memory signature)
        internal
        view
    {
        address recovered = _keyId(_finalDigest(jobId, cumulativeTokens), signature);
        if (recovered != host || recovered == address(0)) {
            revert ISessionJobs.SessionBadFinal(jobId, recovered, host);
        }
    }

    /// @dev The one signature that a contract may answer for: see {ISessionJobs-HostQuote}.
    function _checkQuote(ISessionJobs.SessionParams memory params, ISessionJobs.HostQuote calldata quote)
        internal
        view
    {
        if (block.timestamp > quote.expiry) revert ISessionJobs.SessionQuoteExpired(quote.expiry);
        if (quote.renter != address(0) && quote.renter != msg.sender) {
            revert ISessionJobs.SessionQuoteForAnother(quote.renter, msg.sender);
        }
        bytes32 digest = _quoteDigest(
            params.host, quote.renter, params.token, params.pricePer1000, params.model, quote.expiry
        );
        if (
            _keyId(digest, quote.signature) != params.host
                && !SignatureChecker.isValidERC1271SignatureNow(params.host, digest, quote.signature)
        ) {
            revert ISessionJobs.SessionBadQuote(params.host);
        }
    }

    /// @dev 20-byte id of the key that signed; 0 for none. Where the P-256 precompile is missing its check costs
    /// hundreds of thousands of gas.
    function _keyId(bytes32 digest, bytes memory signature) private view returns (address keyId) {
        if (signature.length == P256_SIGNATURE_LENGTH) {
            (bytes32 r, bytes32 s, bytes32 x, bytes32 y) =
                abi.decode(signature, (bytes32, bytes32, bytes32, bytes32));
            return P256.verify(digest, r, s, x, y)
                ? address(uint160(uint256(keccak256(abi.encode(x, y)))))
                : address(0);
        }
        (keyId,,) = ECDSA.tryRecover(digest, signature);
    }

    /// @dev With the hashes of the constants below instead of hashing them for each voucher.
    function _hashTypedDataV4(bytes32 structHash) internal view override returns (bytes32) {
        bytes32 separator =
            keccak256(abi.encode(DOMAIN_TYPEHASH, NAME_HASH, VERSION_HASH, block.chainid, address(this)));
        return MessageHashUtils.toTypedDataHash(separator, structHash);
    }

    /// @dev Constants instead of storage, so that there is nothing to initialize.
    function _EIP712Name() internal pure override returns (string memory) {
        return "FabstirJobMarketplace";
    }

    function _EIP712Version() internal pure override returns (string memory) {
        return "1";
    }
}
