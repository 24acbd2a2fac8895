// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ITokenHook} from "./HostileTokens.sol";

/// @notice A contract wallet that does what it is told.
contract Wallet {
    receive() external payable virtual {}

    function run(address target, uint256 value, bytes calldata data) external payable returns (bytes memory) {
        return Address.functionCallWithValue(target, data, value);
    }
}

/// @notice Takes no ETH.
contract RejectingWallet is Wallet {
    error EthRejected();

    receive() external payable override {
        revert EthRejected();
    }

    /// @notice ETH to start with, which cannot come by a plain transfer.
    function fund() external payable {}
}

/// @notice Burns every unit of gas it gets when paid.
contract GasBurningWallet is Wallet {
    receive() external payable override {
        while (true) {}
    }

    function fund() external payable {}
}

/// @notice Calls back with each of its attacks whenever it is paid in ETH or in a token with callbacks.
contract ReentrantWallet is Wallet, ITokenHook {
    address public target;
    bytes[] private _attacks;

    uint256 public payments;
    uint256 public attempts;
    uint256 public successes;

    receive() external payable override {
        ++payments;
        _attack();
    }

    /// @notice Paid as a pool of stakers.
    function notifyReward(address, uint256) external payable {
        ++payments;
        _attack();
    }

    function arm(address target_, bytes[] calldata attacks) external {
        target = target_;
        delete _attacks;
        for (uint256 i; i < attacks.length; ++i) {
            _attacks.push(attacks[i]);
        }
    }

    /// @notice ETH that sets nothing off.
    function fund() external payable {}

    function onTokenMoved(uint256) external {
        _attack();
    }

    function _attack() private {
        for (uint256 i; i < _attacks.length; ++i) {
            ++attempts;
            (bool success,) = target.call(_attacks[i]);
            if (success) ++successes;
        }
    }
}
