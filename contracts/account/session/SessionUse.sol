// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IBaseAccountIntegration} from "../../interfaces/IBaseAccountIntegration.sol";
import {ISingleJobs} from "../../interfaces/ISingleJobs.sol";
import {SelectorWord} from "./SelectorWord.sol";
import {SessionStorage} from "./SessionStorage.sol";
import {SessionWord} from "./SessionWord.sol";
import {SpendDecoder} from "./SpendDecoder.sol";

/// @notice One use of a session key: takes the use, checks its calls and books what they move.
/// @dev Reads and writes the account's own storage only, and no environment opcode: it runs in validation.
library SessionUse {
    using SelectorWord for uint256;

    uint256 private constant DEFAULT_CLAIMS = 20;

    /// @notice State of one use.
    /// @param isDefault Whether the key has the default grant.
    /// @param approvedToken Token of an approval that no pull has used yet, else `address(0)`.
    struct Use {
        address key;
        bytes32 grantId;
        address marketplace;
        bool isDefault;
        address approvedToken;
        uint256 approvedAmount;
    }

    /// @notice Takes one use of `key`.
    /// @return word The session word before the use.
    function take(address key, uint256 epoch) internal returns (SessionWord word) {
        SessionStorage.Session storage session = SessionStorage.load().sessions[key];
        word = session.word;
        if (word.validUntil() == 0 || word.epoch() != epoch) revert IBaseAccountIntegration.SessionKeyNotActive(key);
        if (word.uses() == 0) revert IBaseAccountIntegration.SessionUsesExhausted(key);
        session.word = word.useOnce();
    }

    /// @notice Checks one inner call and books what it moves.
    /// @dev What is neither a marketplace nor a token function here is one of the registry that moves nothing:
    /// {SessionGrants} let no other be granted.
    /// @param args Calldata after the selector.
    function check(Use memory use, address target, uint256 value, bytes4 selector, bytes calldata args) internal {
        bool ofMarketplace = target == use.marketplace;
        bool transfers = !ofMarketplace && SpendDecoder.isTransfer(selector);
        uint256 pinMask;
        if (use.isDefault) _permitDefault(use, target, selector);
        else if (transfers) pinMask = _permitTransfer(use, target, selector, args);
        else pinMask = _permit(use, target, selector);
        if (pinMask != 0) _checkPins(use, target, selector, args, pinMask);

        if (value != 0) _book(use, address(0), value);
        if (ofMarketplace) {
            (SpendDecoder.Spend spend, address token, uint256 amount) = SpendDecoder.marketplaceSpend(selector, args);
            if (spend == SpendDecoder.Spend.Nothing) return;
            if (spend == SpendDecoder.Spend.ByTransferFrom && use.approvedToken != address(0)) {
                _consumeApproval(use, token, amount);
            }
            _book(use, token, amount);
        } else if (transfers) {
            _book(use, target, SpendDecoder.tokenTransfer(selector, args));
        } else if (SpendDecoder.isApproval(selector)) {
            _noteApproval(use, target, selector, args);
        }
    }

    /// @notice Checks a call of the marketplace's `claimJob(jobId)`, which moves nothing.
    function checkClaim(Use memory use, uint256 jobId) internal {
        bytes4 selector = ISingleJobs.claimJob.selector;
        if (use.isDefault) return _permitDefault(use, use.marketplace, selector);
        uint256 pinMask = _permit(use, use.marketplace, selector);
        if (pinMask != 0) _checkPin(use, use.marketplace, selector, 0, bytes32(jobId));
    }

    /// @notice Rule 6: every approval was used up by a pull of the same batch.
    function finish(Use memory use) internal pure {
        if (use.approvedToken != address(0)) {
            revert IBaseAccountIntegration.SessionSpendLimitExceeded(
                use.key, use.approvedToken, use.approvedAmount, 0
            );
        }
    }

    function _book(Use memory use, address token, uint256 amount) private {
        uint256 slot = SessionStorage.limitSlot(use.grantId, token);
        uint256 limit = SessionStorage.readSlot(slot);
        uint256 available = uint128(limit);
        if (limit >> 128 < available) available = limit >> 128;
        if (amount > available) {
            revert IBaseAccountIntegration.SessionSpendLimitExceeded(use.key, token, amount, available);
        }
        // A call that moves nothing needs no limit.
        if (amount == 0) return;
        unchecked {
            SessionStorage.writeSlot(slot, limit - (amount << 128));
        }
    }

    /// @return pinMask Bit `i` is set when argument `i` has yet to be checked.
    function _permitTransfer(Use memory use, address token, bytes4 selector, bytes calldata args)
        private
        view
        returns (uint256 pinMask)
    {
        uint256 index = SpendDecoder.recipientIndex(selector);
        bytes32 recipient = bytes32(SpendDecoder.argument(selector, args, index));
        uint256 pin = _pin(use, token, selector, index, recipient);
        if (pin & SessionStorage.PERMITTED == 0) {
            revert IBaseAccountIntegration.SessionArgumentNotAllowed(use.key, token, selector, index, recipient);
        }
        return pin >> SessionStorage.PIN_MASK_BITS;
    }

    /// @return pinMask Bit `i` is set when argument `i` has yet to be checked.
    function _permit(Use memory use, address target, bytes4 selector) private view returns (uint256 pinMask) {
        for (uint256 number;; ++number) {
            uint256 word = SessionStorage.readSlot(SessionStorage.selectorSlot(use.grantId, target, number));
            bool found;
            (found, pinMask) = word.find(selector);
            if (found) return pinMask;
            if (word & SelectorWord.NEXT == 0) {
                revert IBaseAccountIntegration.SessionCallNotAllowed(use.key, target, selector);
            }
        }
    }

    /// @dev The one function of the default that is counted is claiming, which binds the account to do a job.
    function _permitDefault(Use memory use, address target, bytes4 selector) private {
        if (target != use.marketplace || !SpendDecoder.isDefaultCall(selector)) {
            revert IBaseAccountIntegration.SessionCallNotAllowed(use.key, target, selector);
        }
        if (selector == ISingleJobs.claimJob.selector) {
            SessionStorage.Layout storage $ = SessionStorage.load();
            uint256 claims = $.defaultClaims[use.grantId];
            if (claims >= DEFAULT_CLAIMS) revert IBaseAccountIntegration.SessionUsesExhausted(use.key);
            $.defaultClaims[use.grantId] = claims + 1;
        }
    }

    function _checkPins(Use memory use, address target, bytes4 selector, bytes calldata args, uint256 pinMask)
        private
        view
    {
        for (uint256 index; pinMask >> index != 0; ++index) {
            if ((pinMask >> index) & 1 == 0) continue;
            _checkPin(use, target, selector, index, bytes32(SpendDecoder.argument(selector, args, index)));
        }
    }

    function _checkPin(Use memory use, address target, bytes4 selector, uint256 index, bytes32 value) private view {
        if (_pin(use, target, selector, index, value) & SessionStorage.ALLOWED != 0) return;
        revert IBaseAccountIntegration.SessionArgumentNotAllowed(use.key, target, selector, index, value);
    }

    function _pin(Use memory use, address target, bytes4 selector, uint256 index, bytes32 value)
        private
        view
        returns (uint256)
    {
        return SessionStorage.readSlot(SessionStorage.pinSlot(use.grantId, target, selector, index, value));
    }

    /// @dev An approval is not booked: the pull that uses it is. One at a time; the spender is compared as a whole
    /// word, since old tokens cut off what stands above an address.
    function _noteApproval(Use memory use, address token, bytes4 selector, bytes calldata args) private pure {
        (uint256 spender, uint256 amount) = SpendDecoder.arguments(selector, args, 0);
        if (spender != uint160(use.marketplace) || use.approvedToken != address(0)) {
            revert IBaseAccountIntegration.SessionArgumentNotAllowed(use.key, token, selector, 0, bytes32(spender));
        }
        (use.approvedToken, use.approvedAmount) = (token, amount);
    }

    function _consumeApproval(Use memory use, address token, uint256 amount) private pure {
        if (use.approvedToken != token || use.approvedAmount != amount) {
            revert IBaseAccountIntegration.SessionSpendLimitExceeded(
                use.key, use.approvedToken, use.approvedAmount, amount
            );
        }
        use.approvedToken = address(0);
    }
}
