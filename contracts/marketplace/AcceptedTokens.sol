// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";

/// @title Governed list of payment tokens, and how much of each the marketplace owes.
abstract contract AcceptedTokens {
    using SafeCast for uint256;

    /// @dev One slot: every deposit reads the limits and writes the liabilities.
    /// @param liabilities Bounded by 2^88: some 309 million ETH. Only a new deposit can meet the bound.
    struct Token {
        uint8 index;
        bool accepted;
        uint72 minDeposit;
        uint80 maxDeposit;
        uint88 liabilities;
    }

    /// @custom:storage-location erc7201:fabstir.storage.AcceptedTokens
    struct TokensStorage {
        mapping(address token => Token) tokens;
        address[] list;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.AcceptedTokens")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant TOKENS_STORAGE = 0x7f5a2365f7b5306317a10ae70b192b781c1f360794652b576c0dd5c653f0ce00;

    /// @dev ETH is listed first by the initializer.
    uint8 internal constant ETH_INDEX = 1;

    /// @dev A token that is listed for the first time takes no deposits before its limits are set: nothing, not even
    /// zero, lies between a minimum of 1 and a maximum of 0.
    function _setAccepted(address token, bool accepted) internal {
        TokensStorage storage $ = _tokensStorage();
        Token storage stored = $.tokens[token];
        if (stored.index == 0) {
            if (!accepted) revert IJobMarketplace.MarketplaceTokenNotAccepted(token);
            $.list.push(token);
            stored.index = $.list.length.toUint8();
            stored.minDeposit = 1;
        }
        stored.accepted = accepted;
        emit IJobMarketplace.TokenAccepted(token, accepted);
    }

    function _setLimits(address token, uint256 minimum, uint256 maximum) internal {
        Token storage stored = _tokensStorage().tokens[token];
        if (stored.index == 0) revert IJobMarketplace.MarketplaceTokenNotAccepted(token);
        if (minimum == 0 || minimum > maximum) {
            revert IJobMarketplace.MarketplaceDepositOutOfRange(token, minimum, 1, maximum);
        }
        stored.minDeposit = minimum.toUint72();
        stored.maxDeposit = maximum.toUint80();
        emit IJobMarketplace.TokenLimitsSet(token, minimum, maximum);
    }

    /// @dev The only place that asks whether a token is accepted: exits never do.
    /// @return index Place of the token in the list.
    function _checkDeposit(address token, uint256 amount) internal view returns (uint8 index) {
        return _checkDeposit(_tokensStorage().tokens[token], token, amount);
    }

    function _checkDeposit(Token storage stored, address token, uint256 amount) private view returns (uint8 index) {
        if (!stored.accepted) revert IJobMarketplace.MarketplaceTokenNotAccepted(token);
        if (amount < stored.minDeposit || amount > stored.maxDeposit) {
            revert IJobMarketplace.MarketplaceDepositOutOfRange(
                token, amount, stored.minDeposit, stored.maxDeposit
            );
        }
        return stored.index;
    }

    /// @dev Books a new deposit as owed.
    function _addLiability(address token, uint256 amount) internal returns (uint8 index) {
        Token storage stored = _tokensStorage().tokens[token];
        index = _checkDeposit(stored, token, amount);
        _raise(stored, amount);
    }

    /// @dev Books money that is no deposit, and so has no limits.
    function _raiseLiability(address token, uint256 amount) internal {
        _raise(_tokensStorage().tokens[token], amount);
    }

    function _raise(Token storage stored, uint256 amount) private {
        stored.liabilities = (stored.liabilities + amount).toUint88();
    }

    /// @dev Books `amount` as paid out.
    function _removeLiability(address token, uint256 amount) internal {
        _tokensStorage().tokens[token].liabilities -= amount.toUint88();
    }

    function _tokenAt(uint8 index) internal view returns (address) {
        return index == ETH_INDEX ? address(0) : _tokensStorage().list[index - 1];
    }

    function _token(address token) internal view returns (Token memory) {
        return _tokensStorage().tokens[token];
    }

    function _tokenCount() internal view returns (uint256) {
        return _tokensStorage().list.length;
    }

    function _tokensStorage() private pure returns (TokensStorage storage $) {
        assembly {
            $.slot := TOKENS_STORAGE
        }
    }
}
