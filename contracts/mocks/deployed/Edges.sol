// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IProofVerifier} from "../../interfaces/IProofVerifier.sol";
import {ReentrantWallet, RejectingWallet} from "../HostileReceivers.sol";
import {BlacklistingToken, CallbackToken, FalseReturningToken, FeeOnTransferToken} from "../HostileTokens.sol";
import {TestExchange} from "../TestExchange.sol";
import {TestPriceFeed} from "../TestPriceFeed.sol";

// What the walks over the system stand on outside of it. They find it by its artifact, as they find the system, and
// know it by interfaces: so it is compiled once and not into each of them.

contract EdgeCallbackToken is CallbackToken {}

contract EdgeBlacklistingToken is BlacklistingToken {}

contract EdgeFeeOnTransferToken is FeeOnTransferToken {}

contract EdgeFalseReturningToken is FalseReturningToken {}

contract EdgeReentrantWallet is ReentrantWallet {}

contract EdgeRejectingWallet is RejectingWallet {}

contract EdgeExchange is TestExchange {}

contract EdgePriceFeed is TestPriceFeed {
    constructor(uint8 decimals_) TestPriceFeed(decimals_) {}
}

/// @notice Says yes to "yes": the cryptography is tested elsewhere.
contract EdgeVerifier is IProofVerifier {
    function verify(bytes32, uint256[] calldata, bytes calldata proof) external pure returns (bool) {
        return keccak256(proof) == keccak256("yes");
    }

    function holdsKey(bytes32 vkHash) external pure returns (bool) {
        return vkHash == keccak256("verifying key");
    }
}
