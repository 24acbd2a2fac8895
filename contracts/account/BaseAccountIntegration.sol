// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC7821} from "@openzeppelin/contracts/interfaces/draft-IERC7821.sol";
import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {IBaseAccountIntegration, Operation, SessionPolicy} from "../interfaces/IBaseAccountIntegration.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {AccountOwner} from "./AccountOwner.sol";
import {AccountStorage} from "./AccountStorage.sol";
import {CallBatch} from "./CallBatch.sol";
import {KeySignature} from "./KeySignature.sol";
import {SessionGrants} from "./session/SessionGrants.sol";
import {SessionPolicyHash} from "./session/SessionPolicyHash.sol";
import {SessionStorage} from "./session/SessionStorage.sol";
import {SessionUse} from "./session/SessionUse.sol";
import {SessionWord, SessionWordFields} from "./session/SessionWord.sol";

/// @notice Session keys and marketplace entry points of an account.
/// @dev Rule numbers are those of section 2.6 of the contract specification.
abstract contract BaseAccountIntegration is IBaseAccountIntegration, AccountOwner, EIP712 {
    using CallBatch for bytes;
    using SessionUse for SessionUse.Use;

    uint256 internal constant OWNER_NONCE = 0;
    uint256 internal constant SESSION_NONCE = 1;

    /// @dev ERC-7821: a batch without opData that reverts as a whole.
    bytes32 private constant BATCH_MODE = bytes32(uint256(1) << 248);

    uint256 private constant MAX_LIFETIME = 365 days;
    uint256 private constant DEFAULT_MAX_LIFETIME = 30 days;

    address public immutable marketplace;
    address public immutable registry;

    constructor(address marketplace_, address registry_) {
        marketplace = marketplace_;
        registry = registry_;
    }

    /// @inheritdoc IBaseAccountIntegration
    function addSessionKey(address app, uint48 expiry) external onlySelfOrOwner {
        uint256 latest = block.timestamp + DEFAULT_MAX_LIFETIME;
        if (expiry > latest) revert SessionPolicyInvalid("validUntil", expiry, latest);
        _requireFuture(expiry);
        address sponsor = IJobMarketplace(marketplace).sponsorPaymaster(address(entryPoint()));
        SessionGrants.installDefault(app, expiry, sponsor, _context(latest));
    }

    /// @inheritdoc IBaseAccountIntegration
    function addSessionKeyWithPolicy(SessionPolicy memory policy) public onlySelfOrOwner {
        _requireFuture(policy.validUntil);
        SessionGrants.install(policy, SessionPolicyHash.hash(policy), _context(block.timestamp + MAX_LIFETIME));
    }

    /// @inheritdoc IBaseAccountIntegration
    function revokeSessionKey(address app) external onlySelfOrOwner {
        SessionStorage.Session storage session = SessionStorage.load().sessions[app];
        session.word = session.word.revoked();
        emit SessionKeyRevoked(app);
    }

    /// @inheritdoc IBaseAccountIntegration
    function revokeAllSessionKeys() external onlySelfOrOwner {
        _startEpoch();
    }

    /// @inheritdoc IBaseAccountIntegration
    function cancelGrant(bytes32 salt) external onlySelfOrOwner {
        SessionStorage.load().usedSalts[salt] = true;
        emit GrantCancelled(salt);
    }

    /// @inheritdoc IBaseAccountIntegration
    /// @dev Like {execute}, it takes `address(0)` as a target for the account itself.
    function executeBatch(Operation[] calldata) external payable onlyEntryPointOrSelf {
        _executeBatch(msg.data[4:]);
    }

    /// @inheritdoc IBaseAccountIntegration
    function createJobViaAccount(string calldata modelId, bytes32 inputHash, uint256 payment, uint256 deadline)
        external
        onlyEntryPointOrSelf
        returns (uint256 jobId)
    {
        return ISingleJobs(marketplace).createJob{value: payment}(modelId, inputHash, payment, deadline);
    }

    /// @inheritdoc IBaseAccountIntegration
    function registerNodeViaAccount(string calldata metadata) external onlyEntryPointOrSelf {
        INodeRegistry(registry).registerNode(metadata);
    }

    /// @inheritdoc IBaseAccountIntegration
    function claimJobViaSessionKey(address wallet, uint256 jobId) external {
        if (wallet != address(this)) revert WalletMismatch(wallet);
        if (msg.sender != address(this) && msg.sender != address(entryPoint())) _useDirectly(msg.sender, jobId);
        ISingleJobs(marketplace).claimJob(jobId);
    }

    /// @inheritdoc IBaseAccountIntegration
    function getSessionKey(address key)
        external
        view
        returns (bool active, uint48 validAfter, uint48 validUntil, uint32 usesLeft)
    {
        SessionStorage.Layout storage $ = SessionStorage.load();
        SessionWord word = $.sessions[key].word;
        if (word.validUntil() == 0) return (false, 0, 0, 0);
        validAfter = $.terms[word.grantId(key)].validAfter;
        validUntil = word.validUntil();
        usesLeft = word.uses();
        active = word.epoch() == sessionEpoch() && usesLeft > 0 && block.timestamp <= validUntil
            && (validAfter == 0 || block.timestamp > validAfter);
    }

    /// @inheritdoc IBaseAccountIntegration
    function getSessionLimit(address key, address token) external view returns (uint256 left, uint256 perCall) {
        SessionStorage.Layout storage $ = SessionStorage.load();
        SessionWord word = $.sessions[key].word;
        if (word.validUntil() == 0 || word.epoch() != sessionEpoch()) return (0, 0);
        uint256 limit = SessionStorage.readSlot(SessionStorage.limitSlot(word.grantId(key), token));
        return (limit >> 128, uint128(limit));
    }

    /// @inheritdoc IBaseAccountIntegration
    function isGrantUsed(bytes32 salt) external view returns (bool) {
        return SessionStorage.load().usedSalts[salt];
    }

    /// @inheritdoc IBaseAccountIntegration
    function sessionEpoch() public view returns (uint32) {
        return AccountStorage.load().epoch;
    }

    /// @dev Runs every call of `batch`; the first that reverts undoes all. Operations of session keys were checked
    /// by {_checkCalls} over the same bytes with the same decoder.
    function _executeBatch(bytes calldata batch) internal {
        (uint256 elements, uint256 count) = batch.open();
        for (uint256 i; i < count; ++i) {
            (address target, uint256 value, bytes calldata data) = batch.callAt(elements, i);
            (bool success, bytes memory returned) =
                (target == address(0) ? address(this) : target).call{value: value}(data);
            Address.verifyCallResult(success, returned);
        }
    }

    /// @dev Rules 1 to 8. Every violation of the policy reverts; only a wrong signature is returned.
    function _validateSessionOp(PackedUserOperation calldata userOp, bytes32 userOpHash, bytes calldata signature)
        internal
        returns (uint256 validationData)
    {
        address key = address(uint160(userOp.nonce >> 64));
        bool valid = true;
        uint48 validAfter;
        uint48 deadline = type(uint48).max;
        if (signature.length > 0 && uint8(signature[0]) == KeySignature.GRANT) {
            (valid, validAfter, deadline, signature) = _installSigned(key, signature[1:]);
        }
        valid = _sessionSigner(userOpHash, signature) == key && valid;

        SessionWord word = SessionUse.take(key, sessionEpoch());
        bytes32 grantId = word.grantId(key);
        _checkPayer(userOp, key, word, grantId);
        bool isDefault = word.has(SessionWordFields.DEFAULT);
        _checkCalls(userOp.callData, SessionUse.Use(key, grantId, marketplace, isDefault, address(0), 0));

        if (word.has(SessionWordFields.HAS_TERMS)) {
            uint48 start = SessionStorage.load().terms[grantId].validAfter;
            if (start > validAfter) validAfter = start;
        }
        uint48 validUntil = word.validUntil() < deadline ? word.validUntil() : deadline;
        // aggregator (0, or 1 for a wrong signature) ‖ validUntil ‖ validAfter, from the lowest bit.
        return (valid ? 0 : 1) | (uint256(validUntil) << 160) | (uint256(validAfter) << 208);
    }

    /// @dev Every session key and every unused signed grant ends.
    function _startEpoch() internal {
        AccountStorage.Layout storage $ = AccountStorage.load();
        uint32 epoch = $.epoch + 1;
        if (epoch > SessionWordFields.MAX_EPOCH) revert SessionPolicyInvalid("epoch", epoch, SessionWordFields.MAX_EPOCH);
        $.epoch = epoch;
        emit AllSessionKeysRevoked(epoch);
    }

    /// @dev A key that pays its own gas and calls the account: the same check and the same counters.
    function _useDirectly(address key, uint256 jobId) private {
        SessionWord word = SessionUse.take(key, sessionEpoch());
        bytes32 grantId = word.grantId(key);
        uint48 validAfter =
            word.has(SessionWordFields.HAS_TERMS) ? SessionStorage.load().terms[grantId].validAfter : 0;
        if (block.timestamp > word.validUntil() || (validAfter != 0 && block.timestamp <= validAfter)) {
            revert SessionKeyNotActive(key);
        }
        bool isDefault = word.has(SessionWordFields.DEFAULT);
        SessionUse.Use(key, grantId, marketplace, isDefault, address(0), 0).checkClaim(jobId);
    }

    /// @dev Rule 5.
    function _checkCalls(bytes calldata callData, SessionUse.Use memory use) private {
        (bytes4 selector, bytes calldata args) = callData.split();
        bytes calldata batch = args;
        if (selector == IERC7821.execute.selector) {
            bool canonical;
            (canonical, batch) = args.executionData(BATCH_MODE);
            if (!canonical) revert SessionCallDataNotAllowed(selector);
        } else if (selector == IBaseAccountIntegration.claimJobViaSessionKey.selector && args.length == 64) {
            (address wallet, uint256 jobId) = abi.decode(args, (address, uint256));
            if (wallet != address(this)) revert WalletMismatch(wallet);
            return use.checkClaim(jobId);
        } else if (selector != IBaseAccountIntegration.executeBatch.selector) {
            revert SessionCallDataNotAllowed(selector);
        }

        (uint256 elements, uint256 count) = batch.open();
        for (uint256 i; i < count; ++i) {
            (address target, uint256 value, bytes calldata data) = batch.callAt(elements, i);
            (selector, args) = data.split();
            use.check(target, value, selector, args);
        }
        use.finish();
    }

    /// @dev Only a listed paymaster pays, or the account itself up to the grant's cost per operation.
    function _checkPayer(PackedUserOperation calldata userOp, address key, SessionWord word, bytes32 grantId)
        private
        view
    {
        bytes calldata paymasterAndData = userOp.paymasterAndData;
        if (paymasterAndData.length == 0) return _checkOwnCost(userOp, key, word, grantId);
        address payer = address(bytes20(paymasterAndData));
        if (payer == word.payer() && payer != address(0)) return;
        if (word.has(SessionWordFields.MORE_PAYERS) && SessionStorage.load().payers[grantId][payer]) return;
        revert SessionPayerNotAllowed(key, payer);
    }

    function _checkOwnCost(PackedUserOperation calldata userOp, address key, SessionWord word, bytes32 grantId)
        private
        view
    {
        uint256 maxGasCost =
            word.has(SessionWordFields.HAS_TERMS) ? SessionStorage.load().terms[grantId].maxGasCost : 0;
        if (maxGasCost == 0) revert SessionPayerNotAllowed(key, address(0));
        uint256 limits = uint256(userOp.accountGasLimits);
        uint256 gas = uint128(limits) + (limits >> 128) + userOp.preVerificationGas;
        uint256 cost = gas * uint128(uint256(userOp.gasFees));
        if (cost > maxGasCost) revert SessionGasCostExceeded(key, cost, maxGasCost);
    }

    /// @dev Rule 8: the first operation of a key may carry the owner's signed grant.
    /// @return valid Whether the owner signed it.
    /// @return earliest Unix seconds after which the end of the key is at most {MAX_LIFETIME} ahead. Both times are
    /// returned to the EntryPoint, since validation may not read the time.
    /// @return deadline Unix seconds until which the grant may be installed.
    /// @return keySignature The session key's own signature.
    function _installSigned(address key, bytes calldata grant)
        private
        returns (bool valid, uint48 earliest, uint48 deadline, bytes calldata keySignature)
    {
        (SessionPolicy memory policy, bytes32 salt, uint48 until, uint32 epoch,,) =
            abi.decode(grant, (SessionPolicy, bytes32, uint48, uint32, bytes, bytes));
        if (policy.key != key) revert SessionKeyNotActive(key);
        SessionStorage.Layout storage $ = SessionStorage.load();
        // A deadline of 0 would tell the EntryPoint "forever".
        if (until == 0 || $.usedSalts[salt] || epoch != sessionEpoch()) revert GrantNotUsable(salt);
        $.usedSalts[salt] = true;

        bytes32 policyHash = SessionPolicyHash.hash(policy);
        bytes32 digest = _hashTypedDataV4(SessionPolicyHash.grantHash(policyHash, salt, until, epoch));
        valid = _rawSignatureValidation(digest, _bytesAt(grant, 4));
        SessionGrants.install(policy, policyHash, _context(uint256(until) + MAX_LIFETIME));
        if (policy.validUntil > MAX_LIFETIME) earliest = uint48(policy.validUntil - MAX_LIFETIME - 1);
        return (valid, earliest, until, _bytesAt(grant, 5));
    }

    /// @param latestUntil Unix seconds; no key may live longer.
    function _context(uint256 latestUntil) private view returns (SessionGrants.Context memory) {
        return SessionGrants.Context({
            account: address(this),
            entryPoint: address(entryPoint()),
            marketplace: marketplace,
            registry: registry,
            epoch: sessionEpoch(),
            latestUntil: latestUntil < SessionWordFields.MAX_VALID_UNTIL
                ? latestUntil
                : SessionWordFields.MAX_VALID_UNTIL
        });
    }

    function _requireFuture(uint48 validUntil) private view {
        if (validUntil <= block.timestamp) revert SessionPolicyInvalid("validUntil", validUntil, block.timestamp);
    }

    /// @dev Dynamic member number `index` of an ABI-encoded tuple; a slice, so that nothing outside is read.
    function _bytesAt(bytes calldata encoded, uint256 index) private pure returns (bytes calldata) {
        uint256 offset = uint256(bytes32(encoded[32 * index:]));
        uint256 length = uint256(bytes32(encoded[offset:offset + 32]));
        return encoded[offset + 32:offset + 32 + length];
    }
}
