// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IHostEarnings} from "../interfaces/IHostEarnings.sol";
import {Withdrawals} from "./Withdrawals.sol";

/// @title The earnings façade over the ledger.
abstract contract HostEarnings is Withdrawals, IHostEarnings {
    uint256 private constant MAX_TOKENS = 32;

    /// @inheritdoc IHostEarnings
    function earningsOf(address host, address token) external view returns (uint256) {
        return _owed(host, token);
    }

    /// @inheritdoc IHostEarnings
    /// @dev Each withdrawal is whole before the next one begins: what a token calls back finds it done.
    function withdrawAll(address[] calldata tokens) external returns (uint256[] memory amounts) {
        if (tokens.length > MAX_TOKENS) revert HostEarningsTooManyTokens(tokens.length, MAX_TOKENS);
        amounts = new uint256[](tokens.length);
        for (uint256 i; i < tokens.length; ++i) {
            if (_owed(msg.sender, tokens[i]) != 0) amounts[i] = _withdraw(tokens[i], msg.sender);
        }
    }
}
