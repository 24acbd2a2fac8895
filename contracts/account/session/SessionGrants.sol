// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    ArgumentPin,
    CallPermission,
    IBaseAccountIntegration,
    SessionPolicy,
    TokenLimit
} from "../../interfaces/IBaseAccountIntegration.sol";
import {SelectorWord} from "./SelectorWord.sol";
import {SessionStorage} from "./SessionStorage.sol";
import {SessionWord, SessionWordFields} from "./SessionWord.sol";
import {SpendDecoder} from "./SpendDecoder.sol";

/// @notice Writes a policy, when it keeps every rule of section 2.6.
/// @dev The loops run over what the owner signed.
library SessionGrants {
    using SelectorWord for uint256;

    /// @notice Where the account stands.
    /// @param account The account itself.
    /// @param latestUntil Unix seconds; no key may live longer. At most {SessionWordFields-MAX_VALID_UNTIL}.
    struct Context {
        address account;
        address entryPoint;
        address marketplace;
        address registry;
        uint256 epoch;
        uint256 latestUntil;
    }

    uint32 private constant DEFAULT_USES = 1_000;
    /// @dev The default has no policy struct to hash.
    bytes32 private constant DEFAULT_POLICY_HASH = keccak256("FabstirAccount default session 1");

    uint256 private constant MAX_PIN_INDEX = 7;

    address private constant ENTRY_POINT_06 = 0x5FF137D4b0FDCD49DcA30c7CF57E578a026d2789;
    address private constant ENTRY_POINT_07 = 0x0000000071727De22E5E9d8BAf0edAc6f37da032;
    address private constant ENTRY_POINT_08 = 0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108;
    address private constant ENTRY_POINT_09 = 0x433709009B8330FDa32311DF1C2AFA402eD8D009;

    /// @notice Installs `policy` in place of whatever the key had.
    function install(SessionPolicy memory policy, bytes32 policyHash, Context memory context) internal {
        SessionStorage.Layout storage $ = SessionStorage.load();
        _requireBounds(policy, context);

        (SessionWord word, bytes32 grantId) = _writeWord(
            $,
            policy.key,
            policy.payers.length == 0 ? address(0) : policy.payers[0],
            policy.validUntil,
            policy.uses,
            context.epoch,
            _flags(policy)
        );
        if (word.has(SessionWordFields.HAS_TERMS)) {
            $.terms[grantId] = SessionStorage.GrantTerms(policy.validAfter, policy.maxGasCost);
        }
        _writePayers($, grantId, policy.payers);
        _writeLimits(grantId, policy.limits);
        _writePins(grantId, policy.pins);
        for (uint256 i; i < policy.calls.length; ++i) {
            _writeCall(grantId, policy, policy.calls[i], context);
        }
        emit IBaseAccountIntegration.SessionKeyAdded(
            policy.key, policy.validAfter, policy.validUntil, policy.uses, policyHash
        );
    }

    /// @notice Installs the default: claim (20 times), submit, checkpoint and complete at the marketplace, paid by
    /// `sponsor`, 1,000 uses, no value, no token. The word of the key is all that it stores: {SessionUse} knows the
    /// rest.
    function installDefault(address key, uint48 validUntil, address sponsor, Context memory context) internal {
        _requireKey(key, context);
        _writeWord(
            SessionStorage.load(),
            key,
            sponsor,
            validUntil,
            DEFAULT_USES,
            context.epoch,
            SessionWordFields.DEFAULT
        );
        emit IBaseAccountIntegration.SessionKeyAdded(key, 0, validUntil, DEFAULT_USES, DEFAULT_POLICY_HASH);
    }

    /// @dev Each grant of a key gets the next generation, so that nothing of an earlier one is found again.
    function _writeWord(
        SessionStorage.Layout storage $,
        address key,
        address payer,
        uint256 validUntil,
        uint256 uses,
        uint256 epoch,
        uint256 flags
    ) private returns (SessionWord word, bytes32 grantId) {
        SessionStorage.Session storage session = $.sessions[key];
        uint256 generation = session.word.generation() + 1;
        if (generation > SessionWordFields.MAX_GENERATION) {
            revert IBaseAccountIntegration.SessionPolicyInvalid(
                "generation", generation, SessionWordFields.MAX_GENERATION
            );
        }
        word = SessionWordFields.pack(payer, validUntil, uses, epoch, generation, flags);
        session.word = word;
        grantId = word.grantId(key);
    }

    function _requireKey(address key, Context memory context) private pure {
        if (key == address(0) || key == context.account) {
            revert IBaseAccountIntegration.SessionPolicyInvalid("key", uint160(key), 0);
        }
    }

    function _requireBounds(SessionPolicy memory policy, Context memory context) private pure {
        _requireKey(policy.key, context);
        if (policy.uses == 0 || policy.uses > SessionWordFields.MAX_USES) {
            revert IBaseAccountIntegration.SessionPolicyInvalid("uses", policy.uses, SessionWordFields.MAX_USES);
        }
        if (policy.validUntil > context.latestUntil) {
            revert IBaseAccountIntegration.SessionPolicyInvalid("validUntil", policy.validUntil, context.latestUntil);
        }
        if (policy.validAfter >= policy.validUntil) {
            revert IBaseAccountIntegration.SessionPolicyInvalid("validAfter", policy.validAfter, policy.validUntil);
        }
        if (policy.calls.length == 0) revert IBaseAccountIntegration.SessionPolicyInvalid("calls", 0, 1);
    }

    function _flags(SessionPolicy memory policy) private pure returns (uint256 flags) {
        if (policy.validAfter != 0 || policy.maxGasCost != 0) flags |= SessionWordFields.HAS_TERMS;
        if (policy.payers.length > 1) flags |= SessionWordFields.MORE_PAYERS;
    }

    function _writePayers(SessionStorage.Layout storage $, bytes32 grantId, address[] memory payers) private {
        for (uint256 i; i < payers.length; ++i) {
            if (payers[i] == address(0)) revert IBaseAccountIntegration.SessionPolicyInvalid("payers", 0, i);
            if (i > 0) $.payers[grantId][payers[i]] = true;
        }
    }

    function _writeLimits(bytes32 grantId, TokenLimit[] memory limits) private {
        for (uint256 i; i < limits.length; ++i) {
            TokenLimit memory limit = limits[i];
            uint256 slot = SessionStorage.limitSlot(grantId, limit.token);
            if (limit.perCall == 0 || limit.total == 0 || SessionStorage.readSlot(slot) != 0) {
                revert IBaseAccountIntegration.SessionPolicyInvalid("limits", uint160(limit.token), i);
            }
            SessionStorage.writeSlot(slot, (uint256(limit.total) << 128) | limit.perCall);
        }
    }

    function _writePins(bytes32 grantId, ArgumentPin[] memory pins) private {
        for (uint256 i; i < pins.length; ++i) {
            ArgumentPin memory pin = pins[i];
            if (pin.index > MAX_PIN_INDEX || pin.allowed.length == 0) {
                revert IBaseAccountIntegration.SessionPolicyInvalid("pins", pin.index, MAX_PIN_INDEX);
            }
            for (uint256 j; j < pin.allowed.length; ++j) {
                _writePin(grantId, pin, j, SessionStorage.ALLOWED);
            }
        }
    }

    /// @param place Of the value in `pin.allowed`.
    function _writePin(bytes32 grantId, ArgumentPin memory pin, uint256 place, uint256 word) private {
        SessionStorage.writeSlot(
            SessionStorage.pinSlot(grantId, pin.target, pin.selector, pin.index, pin.allowed[place]), word
        );
    }

    function _writeCall(
        bytes32 grantId,
        SessionPolicy memory policy,
        CallPermission memory call,
        Context memory context
    ) private {
        _requireGrantable(grantId, policy, call, context);
        uint256 pinMask = _pinMask(policy.pins, call, context);
        if (SpendDecoder.isTransfer(call.selector)) return _permitTransfers(grantId, policy.pins, call, pinMask);

        uint256 number;
        uint256 slot = SessionStorage.selectorSlot(grantId, call.target, number);
        uint256 word = SessionStorage.readSlot(slot);
        while (word.isFull()) {
            if (word & SelectorWord.NEXT == 0) SessionStorage.writeSlot(slot, word | SelectorWord.NEXT);
            slot = SessionStorage.selectorSlot(grantId, call.target, ++number);
            word = SessionStorage.readSlot(slot);
        }
        SessionStorage.writeSlot(slot, word.add(call.selector, pinMask));
    }

    /// @dev The word of each recipient says that it may be sent to, and what else is pinned.
    function _permitTransfers(
        bytes32 grantId,
        ArgumentPin[] memory pins,
        CallPermission memory call,
        uint256 pinMask
    ) private {
        uint256 index = SpendDecoder.recipientIndex(call.selector);
        uint256 permit = SessionStorage.PERMITTED | ((pinMask & ~(1 << index)) << SessionStorage.PIN_MASK_BITS);
        for (uint256 i; i < pins.length; ++i) {
            ArgumentPin memory pin = pins[i];
            if (pin.target != call.target || pin.selector != call.selector || pin.index != index) continue;
            for (uint256 j; j < pin.allowed.length; ++j) {
                _writePin(grantId, pin, j, permit);
            }
        }
    }

    /// @dev Rule 5: targets that are never granted. Rule 6: functions whose outflow cannot be told are not either.
    function _requireGrantable(
        bytes32 grantId,
        SessionPolicy memory policy,
        CallPermission memory call,
        Context memory context
    ) private view {
        address target = call.target;
        bool refused = target == address(0) || target == context.account || target == context.entryPoint
            || target == ENTRY_POINT_06 || target == ENTRY_POINT_07 || target == ENTRY_POINT_08
            || target == ENTRY_POINT_09;
        for (uint256 i; i < policy.payers.length; ++i) {
            refused = refused || target == policy.payers[i];
        }
        if (refused) revert IBaseAccountIntegration.SessionPolicyInvalid("calls.target", uint160(target), 0);

        bool known = target == context.marketplace
            ? SpendDecoder.isMarketplaceCall(call.selector)
            : target == context.registry
                ? SpendDecoder.isRegistryCall(call.selector)
                : SpendDecoder.isTokenCall(call.selector) && SessionStorage.readSlot(SessionStorage.limitSlot(grantId, target)) != 0;
        if (!known) revert IBaseAccountIntegration.SessionPolicyInvalid("calls.selector", uint32(call.selector), 0);
    }

    /// @return mask Bit `i` is set when argument `i` of the call is pinned.
    function _pinMask(ArgumentPin[] memory pins, CallPermission memory call, Context memory context)
        private
        pure
        returns (uint256 mask)
    {
        (bool required, uint256 index) = SpendDecoder.pinnedIndex(call.selector);
        bool pinned;
        for (uint256 i; i < pins.length; ++i) {
            ArgumentPin memory pin = pins[i];
            if (pin.target != call.target || pin.selector != call.selector) continue;
            mask |= 1 << pin.index;
            if (!required || pin.index != index) continue;
            pinned = true;
            if (call.selector != SpendDecoder.WITHDRAW_TO) continue;
            // What the marketplace owes to the account may only leave to the account.
            for (uint256 j; j < pin.allowed.length; ++j) {
                if (uint256(pin.allowed[j]) != uint160(context.account)) pinned = false;
            }
            if (!pinned) break;
        }
        if (required && !pinned) {
            revert IBaseAccountIntegration.SessionPolicyInvalid("pins.required", uint32(call.selector), index);
        }
    }
}
