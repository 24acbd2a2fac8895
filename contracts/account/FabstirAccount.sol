// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Account} from "@openzeppelin/contracts/account/Account.sol";
import {ERC7821} from "@openzeppelin/contracts/account/extensions/draft-ERC7821.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {
    IAccount,
    IAccountExecute,
    IEntryPoint,
    IEntryPointStake,
    PackedUserOperation
} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";
import {ERC721Holder} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Holder.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ERC7739} from "@openzeppelin/contracts/utils/cryptography/signers/draft-ERC7739.sol";
import {AbstractSigner} from "@openzeppelin/contracts/utils/cryptography/signers/AbstractSigner.sol";
import {AccountOwner} from "./AccountOwner.sol";
import {BaseAccountIntegration} from "./BaseAccountIntegration.sol";

/// @notice Smart account with one owner and session keys, behind a proxy of the factory or as an EIP-7702 delegate.
/// @dev Nonce key (192 bits): kind (8 bits: 0 owner, 1 session) ‖ lane (24) ‖ key id (160). A signature begins with
/// its kind, see {KeySignature}.
contract FabstirAccount is
    Account,
    ERC7821,
    ERC7739,
    ERC721Holder,
    ERC1155Holder,
    UUPSUpgradeable,
    BaseAccountIntegration,
    IAccountExecute
{
    /// @notice The top byte of the nonce is neither 0 (owner) nor 1 (session key).
    error AccountNonceKind(uint256 kind);
    /// @notice {initialize} belongs to the transaction that deploys the proxy.
    error AccountAlreadyDeployed();

    IEntryPoint private immutable _entryPoint;

    constructor(IEntryPoint entryPoint_, address marketplace_, address registry_)
        EIP712("FabstirAccount", "1")
        BaseAccountIntegration(marketplace_, registry_)
    {
        _entryPoint = entryPoint_;
    }

    /// @notice Sets the owner of a new proxy. Callable only while the proxy's constructor runs: an account that has
    /// code, a delegated one included, has nothing to initialize.
    /// @param newOwner 20 bytes of an address, or 64 bytes x‖y of a P-256 key.
    function initialize(bytes calldata newOwner) external {
        if (address(this).code.length != 0) revert AccountAlreadyDeployed();
        _setOwner(newOwner);
    }

    /// @notice Hands the account to another key and ends every session key and every unused signed grant, those that
    /// a stolen owner key made included. The account itself only.
    /// @param newOwner 20 bytes of an address, or 64 bytes x‖y of a P-256 key.
    function setOwner(bytes calldata newOwner) external onlySelf {
        _setOwner(newOwner);
        _startEpoch();
    }

    /// @notice Runs an operation of the owner whose call data is `executeUserOp` ‖ a call of the account.
    /// @dev Rule 9: from the EntryPoint only, and never for a session key.
    function executeUserOp(PackedUserOperation calldata userOp, bytes32) external onlyEntryPoint {
        _requireKind(userOp.nonce, OWNER_NONCE);
        Address.functionDelegateCall(address(this), userOp.callData[4:]);
    }

    /// @notice Moves `amount` wei of the account's deposit at any EntryPoint to `to`.
    function withdrawDepositTo(IEntryPointStake from, address payable to, uint256 amount) external onlySelfOrOwner {
        from.withdrawTo(to, amount);
    }

    /// @notice Runs an ERC-7821 batch; `address(0)` as a target is the account itself.
    function execute(bytes32 mode, bytes calldata executionData) public payable override {
        if (!_erc7821AuthorizedExecutor(msg.sender, mode, executionData)) revert AccountUnauthorized(msg.sender);
        if (!supportsExecutionMode(mode)) revert UnsupportedExecutionMode();
        _executeBatch(executionData);
    }

    function entryPoint() public view override returns (IEntryPoint) {
        return _entryPoint;
    }

    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == type(IAccount).interfaceId || interfaceId == type(IERC1271).interfaceId
            || super.supportsInterface(interfaceId);
    }

    /// @dev Rule 1: the nonce says whose operation this is, the signature has to agree.
    function _validateUserOp(PackedUserOperation calldata userOp, bytes32 userOpHash, bytes calldata signature)
        internal
        override
        returns (uint256)
    {
        if (userOp.nonce >> 248 == SESSION_NONCE) return _validateSessionOp(userOp, userOpHash, signature);
        _requireKind(userOp.nonce, OWNER_NONCE);
        return super._validateUserOp(userOp, userOpHash, signature);
    }

    function _erc7821AuthorizedExecutor(address caller, bytes32, bytes calldata) internal view override returns (bool) {
        return caller == address(this) || caller == address(_entryPoint);
    }

    /// @dev ERC-1271 is the owner's alone (rule 10).
    function _rawSignatureValidation(bytes32 digest, bytes calldata signature)
        internal
        view
        override(AbstractSigner, AccountOwner)
        returns (bool)
    {
        return AccountOwner._rawSignatureValidation(digest, signature);
    }

    /// @dev New code may mean new rules: every session key ends.
    function _authorizeUpgrade(address) internal override onlySelfOrOwner {
        _startEpoch();
    }

    function _requireKind(uint256 nonce, uint256 kind) private pure {
        if (nonce >> 248 != kind) revert AccountNonceKind(nonce >> 248);
    }
}
