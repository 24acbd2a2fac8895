// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ArgumentPin, CallPermission, SessionPolicy, TokenLimit} from "../../interfaces/IBaseAccountIntegration.sol";

/// @notice EIP-712 struct hashes of a policy and of a grant.
library SessionPolicyHash {
    bytes32 private constant CALL_TYPEHASH = keccak256("CallPermission(address target,bytes4 selector)");
    bytes32 private constant LIMIT_TYPEHASH = keccak256("TokenLimit(address token,uint128 perCall,uint128 total)");
    bytes32 private constant PIN_TYPEHASH =
        keccak256("ArgumentPin(address target,bytes4 selector,uint8 index,bytes32[] allowed)");
    bytes32 private constant POLICY_TYPEHASH = keccak256(
        "SessionPolicy(address key,uint48 validAfter,uint48 validUntil,uint32 uses,CallPermission[] calls,TokenLimit[] limits,ArgumentPin[] pins,address[] payers,uint128 maxGasCost)ArgumentPin(address target,bytes4 selector,uint8 index,bytes32[] allowed)CallPermission(address target,bytes4 selector)TokenLimit(address token,uint128 perCall,uint128 total)"
    );
    bytes32 private constant GRANT_TYPEHASH = keccak256(
        "SessionGrant(SessionPolicy policy,bytes32 salt,uint48 deadline,uint32 epoch)ArgumentPin(address target,bytes4 selector,uint8 index,bytes32[] allowed)CallPermission(address target,bytes4 selector)SessionPolicy(address key,uint48 validAfter,uint48 validUntil,uint32 uses,CallPermission[] calls,TokenLimit[] limits,ArgumentPin[] pins,address[] payers,uint128 maxGasCost)TokenLimit(address token,uint128 perCall,uint128 total)"
    );

    function hash(SessionPolicy memory policy) internal pure returns (bytes32) {
        bytes32[] memory calls = new bytes32[](policy.calls.length);
        for (uint256 i; i < calls.length; ++i) {
            CallPermission memory call = policy.calls[i];
            calls[i] = keccak256(abi.encode(CALL_TYPEHASH, call.target, call.selector));
        }
        bytes32[] memory limits = new bytes32[](policy.limits.length);
        for (uint256 i; i < limits.length; ++i) {
            TokenLimit memory limit = policy.limits[i];
            limits[i] = keccak256(abi.encode(LIMIT_TYPEHASH, limit.token, limit.perCall, limit.total));
        }
        bytes32[] memory pins = new bytes32[](policy.pins.length);
        for (uint256 i; i < pins.length; ++i) {
            ArgumentPin memory pin = policy.pins[i];
            pins[i] = keccak256(
                abi.encode(PIN_TYPEHASH, pin.target, pin.selector, pin.index, _hashWords(pin.allowed))
            );
        }
        bytes32[] memory payers;
        address[] memory payerAddresses = policy.payers;
        assembly ("memory-safe") {
            payers := payerAddresses
        }
        return keccak256(
            abi.encode(
                POLICY_TYPEHASH,
                policy.key,
                policy.validAfter,
                policy.validUntil,
                policy.uses,
                _hashWords(calls),
                _hashWords(limits),
                _hashWords(pins),
                _hashWords(payers),
                policy.maxGasCost
            )
        );
    }

    function grantHash(bytes32 policyHash, bytes32 salt, uint48 deadline, uint32 epoch)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(GRANT_TYPEHASH, policyHash, salt, deadline, epoch));
    }

    function _hashWords(bytes32[] memory words) private pure returns (bytes32 result) {
        assembly ("memory-safe") {
            result := keccak256(add(words, 0x20), mul(mload(words), 0x20))
        }
    }
}
