// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice One call of a batch.
struct Operation {
    address target;
    uint256 value;
    bytes data;
}

/// @notice One function that a session key may call.
struct CallPermission {
    address target;
    bytes4 selector;
}

/// @notice What a session key may move of one token.
/// @param token ERC-20 address; `address(0)` is ETH.
/// @param perCall Most that one inner call may move, in the token's smallest unit.
/// @param total Most that the key may ever move, in the token's smallest unit.
struct TokenLimit {
    address token;
    uint128 perCall;
    uint128 total;
}

/// @notice Fixes one static argument of a permitted call to a set of values.
/// @param index Position of the 32-byte argument word after the selector, from 0.
struct ArgumentPin {
    address target;
    bytes4 selector;
    uint8 index;
    bytes32[] allowed;
}

/// @notice Everything that a session key may do. What is not listed is refused.
/// @param key Key id: a secp256k1 address, or the low 160 bits of keccak256(x, y) of a P-256 key.
/// @param validAfter Unix seconds; 0 is at once.
/// @param validUntil Unix seconds; at most 365 days ahead.
/// @param uses How many operations the key may send; 0 is refused.
/// @param payers Paymasters that may pay for the key's operations. What a token paymaster takes for gas is not booked on
/// `limits`: its bound is the allowance that the account has given to it.
/// @param maxGasCost Wei that one operation may cost the account itself; 0 means that only `payers` pay.
struct SessionPolicy {
    address key;
    uint48 validAfter;
    uint48 validUntil;
    uint32 uses;
    CallPermission[] calls;
    TokenLimit[] limits;
    ArgumentPin[] pins;
    address[] payers;
    uint128 maxGasCost;
}

/// @notice Session keys and marketplace entry points of a smart account.
interface IBaseAccountIntegration {
    event SessionKeyAdded(address indexed key, uint48 validAfter, uint48 validUntil, uint32 uses, bytes32 policyHash);
    event SessionKeyRevoked(address indexed key);
    event AllSessionKeysRevoked(uint32 epoch);
    event GrantCancelled(bytes32 indexed salt);

    /// @notice The key was never granted, was revoked, or belongs to an earlier epoch.
    error SessionKeyNotActive(address key);
    /// @notice The key has no uses left.
    error SessionUsesExhausted(address key);
    /// @notice `selector` of `target` is not in the key's permissions. Of a token's transfer its recipient is refused
    /// instead: see {SessionArgumentNotAllowed}.
    error SessionCallNotAllowed(address key, address target, bytes4 selector);
    /// @notice The call would move `asked` of `token`; `left` is what the grant still allows (per call or in total).
    error SessionSpendLimitExceeded(address key, address token, uint256 asked, uint256 left);
    /// @notice Argument `index` of the call is not one of the pinned values. A key that may send nothing of a token has
    /// no recipient for it.
    error SessionArgumentNotAllowed(address key, address target, bytes4 selector, uint256 index, bytes32 value);
    /// @notice `payer` (`address(0)`: the account itself) may not pay for this key.
    error SessionPayerNotAllowed(address key, address payer);
    /// @notice The account itself would pay `cost` wei, more than `maxGasCost`.
    error SessionGasCostExceeded(address key, uint256 cost, uint256 maxGasCost);
    /// @notice The operation is not `execute`, `executeBatch` or `claimJobViaSessionKey` in canonical form.
    error SessionCallDataNotAllowed(bytes4 selector);
    /// @notice The policy breaks a rule: `field` names it, `value` is what was given, `bound` the limit.
    error SessionPolicyInvalid(string field, uint256 value, uint256 bound);
    /// @notice `wallet` is not this account.
    error WalletMismatch(address wallet);
    /// @notice The grant's deadline passed, its salt was used or cancelled, or its epoch is over.
    error GrantNotUsable(bytes32 salt);

    /// @notice Grants the marketplace's least-privilege default to `app`: claim, submit, checkpoint and complete;
    /// sponsor-only, 1,000 uses, no value and no tokens.
    /// @param expiry Unix seconds, at most 30 days ahead.
    function addSessionKey(address app, uint48 expiry) external;

    /// @notice Grants exactly `policy`. Granting a live key again replaces its policy.
    function addSessionKeyWithPolicy(SessionPolicy calldata policy) external;

    /// @notice Ends a key. Its pending operations fail validation from now on, unless they carry a signed grant that
    /// was not used yet: {cancelGrant} ends that.
    function revokeSessionKey(address app) external;

    /// @notice Ends every key and every unused signed grant by starting a new epoch.
    function revokeAllSessionKeys() external;

    /// @notice Consumes the salt of a signed grant that was not used yet.
    function cancelGrant(bytes32 salt) external;

    /// @notice Runs `operations` in order; one that reverts undoes all.
    function executeBatch(Operation[] calldata operations) external payable;

    /// @notice Posts a job paid in ETH with the account as renter.
    /// @param payment Wei, sent from the account.
    /// @param deadline Unix seconds.
    function createJobViaAccount(string calldata modelId, bytes32 inputHash, uint256 payment, uint256 deadline)
        external
        returns (uint256 jobId);

    /// @notice Registers the account as a node; the minimum stake must be approved to the registry before.
    function registerNodeViaAccount(string calldata metadata) external;

    /// @notice Claims a job for this account. Callable by the account itself, the EntryPoint, or a live session key.
    /// @param wallet Must be this account.
    function claimJobViaSessionKey(address wallet, uint256 jobId) external;

    /// @notice State of a key: all zero when it was never granted. The policy's hash is in {SessionKeyAdded}.
    function getSessionKey(address key)
        external
        view
        returns (bool active, uint48 validAfter, uint48 validUntil, uint32 usesLeft);

    /// @notice What the key may still move of `token`, in total and per call, in its smallest unit.
    function getSessionLimit(address key, address token) external view returns (uint256 left, uint256 perCall);

    /// @notice Whether the signed grant with this salt was installed or cancelled.
    function isGrantUsed(bytes32 salt) external view returns (bool);

    /// @notice Current epoch; a key granted in an earlier one is dead.
    function sessionEpoch() external view returns (uint32);
}
