// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {INodeRegistry} from "../../interfaces/INodeRegistry.sol";
import {ISessionJobs} from "../../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../../interfaces/ISingleJobs.sol";

/// @notice The functions that a session key can be granted, and what each of them takes from the account.
/// @dev A function that is not in these tables cannot be granted: what an unknown function pulls through an older
/// allowance cannot be told from its calldata. Left out on purpose: bonds, whose amount is not in the calldata and may
/// come from what the marketplace owes (disputes, challenges); `abandonClaim`, which gives a bond to the renter; every
/// function that hands rights to somebody (`setDefaultCoSigner` and `setCoSigner`: who signs away deposits that the
/// owner opened; `acceptControl`); registration and staking, whose token the calldata does not name.
library SpendDecoder {
    /// @dev What a marketplace function spends besides `msg.value`.
    enum Spend {
        Nothing,
        ByTransferFrom,
        FromBalanceThere
    }

    bytes4 internal constant INCREASE_ALLOWANCE = bytes4(keccak256("increaseAllowance(address,uint256)"));
    bytes4 private constant WITHDRAW = bytes4(keccak256("withdraw(address)"));
    bytes4 internal constant WITHDRAW_TO = bytes4(keccak256("withdraw(address,address)"));
    bytes4 private constant WITHDRAW_ALL = bytes4(keccak256("withdrawAll(address[])"));
    bytes4 private constant DEPOSIT_PREPAID = bytes4(keccak256("depositPrepaid(address,uint256)"));
    bytes4 private constant CREATE_WITH_QUOTE = bytes4(
        keccak256(
            "createSessionWithQuote((address,address,uint256,uint256,uint256,uint256,address,bytes32,uint8),(address,uint256,bytes),bytes)"
        )
    );
    bytes4 private constant CREATE_FROM_DEPOSIT = bytes4(
        keccak256(
            "createSessionFromDeposit((address,address,uint256,uint256,uint256,uint256,address,bytes32,uint8))"
        )
    );
    bytes4 private constant COMPLETE_WITH_FINAL =
        bytes4(keccak256("completeSessionWithFinal(uint256,uint256,bytes)"));
    bytes4 private constant SUBMIT_BATCH_PROOFS =
        bytes4(keccak256("submitBatchProofs(uint256[],bytes[],uint256[])"));
    bytes4 private constant CLAIM_WITH_PROOF = bytes4(keccak256("claimWithProof(uint256,bytes,uint256)"));
    bytes4 private constant CLAIM_ABANDONED = bytes4(keccak256("claimAbandonedSession(uint256)"));
    bytes4 private constant SETTLE_MANY = bytes4(keccak256("settleMany(uint256[])"));
    bytes4 private constant SET_MODELS = bytes4(keccak256("setModels(bytes32[])"));
    bytes4 private constant SET_PRICE = bytes4(keccak256("setPrice(bytes32,address,uint256)"));
    bytes4 private constant SET_MAX_SESSIONS = bytes4(keccak256("setMaxSessions(uint256)"));

    // Tables of up to eight selectors.
    uint256 private constant PAYING_CALLS = uint256(uint32(ISessionJobs.createSessionJobWithToken.selector))
        | (uint256(uint32(ISessionJobs.createSession.selector)) << 32) | (uint256(uint32(CREATE_WITH_QUOTE)) << 64)
        | (uint256(uint32(CREATE_FROM_DEPOSIT)) << 96) | (uint256(uint32(DEPOSIT_PREPAID)) << 128)
        | (uint256(uint32(ISingleJobs.postJobWithToken.selector)) << 160)
        | (uint256(uint32(ISessionJobs.createSessionJob.selector)) << 192)
        | (uint256(uint32(ISingleJobs.postJob.selector)) << 224);
    uint256 private constant JOB_CALLS = uint256(uint32(ISingleJobs.claimJob.selector))
        | (uint256(uint32(ISingleJobs.completeJob.selector)) << 32)
        | (uint256(uint32(ISingleJobs.submitResult.selector)) << 64)
        | (uint256(uint32(ISingleJobs.releasePayment.selector)) << 96)
        | (uint256(uint32(ISingleJobs.autoRelease.selector)) << 128)
        | (uint256(uint32(ISingleJobs.cancelJob.selector)) << 160)
        | (uint256(uint32(ISingleJobs.claimExpired.selector)) << 192)
        | (uint256(uint32(ISingleJobs.createJob.selector)) << 224);
    uint256 private constant SESSION_CALLS = uint256(uint32(ISessionJobs.submitProofOfWork.selector))
        | (uint256(uint32(ISessionJobs.submitCheckpoint.selector)) << 32)
        | (uint256(uint32(ISessionJobs.completeSessionJob.selector)) << 64)
        | (uint256(uint32(ISessionJobs.settleSession.selector)) << 96)
        | (uint256(uint32(ISessionJobs.settleSessionWithVoucher.selector)) << 128)
        | (uint256(uint32(ISessionJobs.finalizeSession.selector)) << 160)
        | (uint256(uint32(ISessionJobs.triggerSessionTimeout.selector)) << 192)
        | (uint256(uint32(SUBMIT_BATCH_PROOFS)) << 224);
    uint256 private constant ENDING_CALLS = uint256(uint32(WITHDRAW_TO)) | (uint256(uint32(WITHDRAW)) << 32)
        | (uint256(uint32(WITHDRAW_ALL)) << 64) | (uint256(uint32(CLAIM_WITH_PROOF)) << 96)
        | (uint256(uint32(CLAIM_ABANDONED)) << 128) | (uint256(uint32(SETTLE_MANY)) << 160)
        | (uint256(uint32(COMPLETE_WITH_FINAL)) << 192);
    uint256 private constant DEFAULT_CALLS = uint256(uint32(ISessionJobs.submitCheckpoint.selector))
        | (uint256(uint32(ISessionJobs.completeSessionJob.selector)) << 32)
        | (uint256(uint32(ISingleJobs.claimJob.selector)) << 64)
        | (uint256(uint32(ISingleJobs.completeJob.selector)) << 96)
        | (uint256(uint32(ISessionJobs.submitProofOfWork.selector)) << 128);
    uint256 private constant REGISTRY_CALLS = uint256(uint32(INodeRegistry.requestUnstake.selector))
        | (uint256(uint32(INodeRegistry.withdrawUnstaked.selector)) << 32)
        | (uint256(uint32(INodeRegistry.unregisterNode.selector)) << 64)
        | (uint256(uint32(INodeRegistry.updateMetadata.selector)) << 96)
        | (uint256(uint32(INodeRegistry.setAccepting.selector)) << 128) | (uint256(uint32(SET_MODELS)) << 160)
        | (uint256(uint32(SET_PRICE)) << 192) | (uint256(uint32(SET_MAX_SESSIONS)) << 224);

    /// @notice The calldata ends before argument number `index`.
    error SpendArgumentMissing(bytes4 selector, uint256 index);

    /// @notice Marketplace functions whose outflow is `msg.value`, what {marketplaceSpend} decodes, or nothing.
    function isMarketplaceCall(bytes4 selector) internal pure returns (bool) {
        return _contains(PAYING_CALLS, selector) || _contains(JOB_CALLS, selector)
            || _contains(SESSION_CALLS, selector) || _contains(ENDING_CALLS, selector);
    }

    /// @notice Marketplace functions of the default grant, which move nothing.
    function isDefaultCall(bytes4 selector) internal pure returns (bool) {
        return _contains(DEFAULT_CALLS, selector);
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

    /// @notice Position of the argument that has to be pinned: the recipient where a function names one, and the job
    /// where it pays a host out of what the owner has escrowed.
    function pinnedIndex(bytes4 selector) internal pure returns (bool required, uint256 index) {
        if (selector == IERC20.transferFrom.selector || selector == WITHDRAW_TO) return (true, 1);
        required = selector == IERC20.transfer.selector || selector == ISingleJobs.releasePayment.selector
            || selector == COMPLETE_WITH_FINAL;
    }

    /// @notice Position of the recipient of an ERC-20 `transfer` or `transferFrom`.
    function recipientIndex(bytes4 selector) internal pure returns (uint256) {
        return selector == IERC20.transferFrom.selector ? 1 : 0;
    }

    /// @notice What a marketplace function spends besides `msg.value`.
    /// @param args Calldata after the selector.
    /// @return spend ByTransferFrom uses an allowance, FromBalanceThere what the marketplace owes to the account.
    /// @return token `address(0)` is ETH.
    /// @return amount Smallest unit of the token.
    function marketplaceSpend(bytes4 selector, bytes calldata args)
        internal
        pure
        returns (Spend spend, address token, uint256 amount)
    {
        uint256 index;
        if (
            selector == ISessionJobs.createSessionJobWithToken.selector
                || selector == ISessionJobs.createSession.selector || selector == CREATE_WITH_QUOTE
        ) {
            // SessionParams is static and stands in place: host, token, deposit, …
            (spend, index) = (Spend.ByTransferFrom, 1);
        } else if (selector == CREATE_FROM_DEPOSIT) {
            (spend, index) = (Spend.FromBalanceThere, 1);
        } else if (selector == DEPOSIT_PREPAID) {
            spend = Spend.ByTransferFrom;
        } else if (selector == ISingleJobs.postJobWithToken.selector) {
            // An offset, the four words of JobRequirements, token, amount.
            (spend, index) = (Spend.ByTransferFrom, 5);
        } else {
            return (Spend.Nothing, address(0), 0);
        }
        // Bits above the address make the marketplace's decoder revert, so they need no check of their own.
        uint256 word;
        (word, amount) = arguments(selector, args, index);
        token = address(uint160(word));
        // ETH is sent along.
        if (token == address(0) && spend == Spend.ByTransferFrom) spend = Spend.Nothing;
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

    /// @notice Static arguments number `index` and `index + 1`.
    function arguments(bytes4 selector, bytes calldata args, uint256 index)
        internal
        pure
        returns (uint256 first, uint256 second)
    {
        uint256 position = index << 5;
        bool missing;
        unchecked {
            missing = args.length < position + 64;
        }
        if (missing) {
            argument(selector, args, index);
            revert SpendArgumentMissing(selector, index + 1);
        }
        assembly ("memory-safe") {
            first := calldataload(add(args.offset, position))
            second := calldataload(add(args.offset, add(position, 32)))
        }
    }

    function _contains(uint256 packed, bytes4 selector) private pure returns (bool) {
        for (; packed != 0; packed >>= 32) {
            if (uint32(packed) == uint32(selector)) return true;
        }
        return false;
    }
}
