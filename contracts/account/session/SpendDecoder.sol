// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {INodeRegistry} from "../../interfaces/INodeRegistry.sol";
import {ISessionJobs} from "../../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../../interfaces/ISingleJobs.sol";

/// @notice The functions that a session key can be granted, and what each of them takes from the account.
/// @dev A function that is not in these tables cannot be granted: what an unknown function pulls through an older
/// allowance cannot be told from its calldata. Neither can a default co-signer be set: it signs for sessions that the
/// owner opens later.
library SpendDecoder {
    bytes4 internal constant INCREASE_ALLOWANCE = bytes4(keccak256("increaseAllowance(address,uint256)"));
    bytes4 private constant WITHDRAW = bytes4(keccak256("withdraw(address)"));
    bytes4 internal constant WITHDRAW_TO = bytes4(keccak256("withdraw(address,address)"));

    // Tables of up to eight selectors.
    uint256 private constant PAYING_CALLS = uint256(uint32(ISessionJobs.createSessionJobWithToken.selector))
        | (uint256(uint32(ISessionJobs.createSession.selector)) << 32)
        | (uint256(uint32(ISingleJobs.postJobWithToken.selector)) << 64)
        | (uint256(uint32(ISessionJobs.createSessionJob.selector)) << 96)
        | (uint256(uint32(ISingleJobs.postJob.selector)) << 128)
        | (uint256(uint32(ISingleJobs.createJob.selector)) << 160)
        | (uint256(uint32(WITHDRAW_TO)) << 192) | (uint256(uint32(WITHDRAW)) << 224);
    uint256 private constant JOB_CALLS = uint256(uint32(ISingleJobs.claimJob.selector))
        | (uint256(uint32(ISingleJobs.completeJob.selector)) << 32)
        | (uint256(uint32(ISingleJobs.submitResult.selector)) << 64)
        | (uint256(uint32(ISingleJobs.releasePayment.selector)) << 96)
        | (uint256(uint32(ISingleJobs.autoRelease.selector)) << 128)
        | (uint256(uint32(ISingleJobs.cancelJob.selector)) << 160)
        | (uint256(uint32(ISingleJobs.claimExpired.selector)) << 192);
    uint256 private constant SESSION_CALLS = uint256(uint32(ISessionJobs.submitProofOfWork.selector))
        | (uint256(uint32(ISessionJobs.submitCheckpoint.selector)) << 32)
        | (uint256(uint32(ISessionJobs.completeSessionJob.selector)) << 64)
        | (uint256(uint32(ISessionJobs.settleSession.selector)) << 96)
        | (uint256(uint32(ISessionJobs.settleSessionWithVoucher.selector)) << 128)
        | (uint256(uint32(ISessionJobs.finalizeSession.selector)) << 160)
        | (uint256(uint32(ISessionJobs.triggerSessionTimeout.selector)) << 192);
    uint256 private constant REGISTRY_CALLS = uint256(uint32(INodeRegistry.requestUnstake.selector))
        | (uint256(uint32(INodeRegistry.withdrawUnstaked.selector)) << 32)
        | (uint256(uint32(INodeRegistry.unregisterNode.selector)) << 64)
        | (uint256(uint32(INodeRegistry.updateMetadata.selector)) << 96)
        | (uint256(uint32(INodeRegistry.setAccepting.selector)) << 128);

    /// @notice The calldata ends before argument number `index`.
    error SpendArgumentMissing(bytes4 selector, uint256 index);

    /// @notice Marketplace functions whose outflow is `msg.value`, what {marketplacePull} decodes, or nothing.
    function isMarketplaceCall(bytes4 selector) internal pure returns (bool) {
        return _contains(PAYING_CALLS, selector) || _contains(JOB_CALLS, selector) || _contains(SESSION_CALLS, selector);
    }

    /// @notice Registry functions that take nothing from the account. Its registration and `stake` pull an amount
    /// or a token that the calldata does not name.
    function isRegistryCall(bytes4 selector) internal pure returns (bool) {
        return _contains(REGISTRY_CALLS, selector);
    }

    /// @notice Functions of a token that the key has a limit for.
    function isTokenCall(bytes4 selector) internal pure returns (bool) {
        return isApproval(selector) || isTransfer(selector);
    }

    function isTransfer(bytes4 selector) internal pure returns (bool) {
        return selector == IERC20.transfer.selector || selector == IERC20.transferFrom.selector;
    }

    function isApproval(bytes4 selector) internal pure returns (bool) {
        return selector == IERC20.approve.selector || selector == INCREASE_ALLOWANCE;
    }

    /// @notice Position of the recipient in functions that name one.
    function recipientIndex(bytes4 selector) internal pure returns (bool named, uint256 index) {
        if (selector == IERC20.transfer.selector) return (true, 0);
        if (selector == IERC20.transferFrom.selector || selector == WITHDRAW_TO) return (true, 1);
    }

    /// @notice What a marketplace function pulls by `transferFrom`.
    /// @param args Calldata after the selector.
    /// @return token `address(0)` when it pulls nothing.
    /// @return amount Smallest unit of the token.
    function marketplacePull(bytes4 selector, bytes calldata args)
        internal
        pure
        returns (address token, uint256 amount)
    {
        if (selector == ISessionJobs.createSessionJobWithToken.selector) {
            return (_address(selector, args, 1), argument(selector, args, 2));
        }
        // SessionParams is static and stands in place: host, token, deposit, …
        if (selector == ISessionJobs.createSession.selector) {
            return (_address(selector, args, 1), argument(selector, args, 2));
        }
        // An offset, the four words of JobRequirements, token, amount.
        if (selector == ISingleJobs.postJobWithToken.selector) {
            return (_address(selector, args, 5), argument(selector, args, 6));
        }
    }

    /// @notice Amount that an ERC-20 `transfer` or `transferFrom` moves.
    function tokenTransfer(bytes4 selector, bytes calldata args) internal pure returns (uint256 amount) {
        return argument(selector, args, selector == IERC20.transferFrom.selector ? 2 : 1);
    }

    /// @notice Static argument number `index`, at most 7.
    function argument(bytes4 selector, bytes calldata args, uint256 index) internal pure returns (uint256 word) {
        uint256 position = index << 5;
        bool missing;
        unchecked {
            missing = args.length < position + 32;
        }
        if (missing) revert SpendArgumentMissing(selector, index);
        assembly ("memory-safe") {
            word := calldataload(add(args.offset, position))
        }
    }

    /// @dev Bits above the address make the marketplace's decoder revert, so they need no check of their own.
    function _address(bytes4 selector, bytes calldata args, uint256 index) private pure returns (address) {
        return address(uint160(argument(selector, args, index)));
    }

    function _contains(uint256 packed, bytes4 selector) private pure returns (bool) {
        for (; packed != 0; packed >>= 32) {
            if (uint32(packed) == uint32(selector)) return true;
        }
        return false;
    }
}
