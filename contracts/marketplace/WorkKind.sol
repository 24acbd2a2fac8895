// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";

/// @title Kinds of new work that the breaker can hold back, as bits of a set.
/// @dev Functions that open the same kind of work share a bit: a pause or limit of one that left its aliases open would
/// stop nobody (X-38). A function without a bit is an exit or a view, and can be neither paused nor limited (I6).
library WorkKind {
    uint8 internal constant POST = 1;
    uint8 internal constant CLAIM = 2;
    uint8 internal constant SESSION = 4;
    uint8 internal constant REGISTER = 8;

    bytes4 private constant REGISTER_CONTROLLED = bytes4(keccak256("registerControlledNode(string,address)"));

    /// @notice Kind of work that `selector` opens; 0 when it opens none.
    function openedBy(bytes4 selector) internal pure returns (uint8) {
        // Sessions first: they are opened most, and each comparison is paid for.
        if (
            selector == ISessionJobs.createSession.selector || selector == ISessionJobs.createSessionJob.selector
                || selector == ISessionJobs.createSessionJobWithToken.selector
                || selector == ISessionJobs.createSessionWithQuote.selector
                || selector == ISessionJobs.createSessionFromDeposit.selector
        ) return SESSION;
        if (
            selector == ISingleJobs.postJob.selector || selector == ISingleJobs.postJobWithToken.selector
                || selector == ISingleJobs.createJob.selector
        ) return POST;
        if (selector == ISingleJobs.claimJob.selector) return CLAIM;
        if (selector == INodeRegistry.registerNode.selector || selector == REGISTER_CONTROLLED) return REGISTER;
        return 0;
    }

    /// @notice A selector of the function called `name`, without arguments; 0 when it opens no work.
    function selectorOf(string memory name) internal pure returns (bytes4) {
        bytes32 hash = keccak256(bytes(name));
        if (hash == keccak256("postJob")) return ISingleJobs.postJob.selector;
        if (hash == keccak256("postJobWithToken")) return ISingleJobs.postJobWithToken.selector;
        if (hash == keccak256("createJob")) return ISingleJobs.createJob.selector;
        if (hash == keccak256("claimJob")) return ISingleJobs.claimJob.selector;
        if (hash == keccak256("createSession")) return ISessionJobs.createSession.selector;
        if (hash == keccak256("createSessionJob")) return ISessionJobs.createSessionJob.selector;
        if (hash == keccak256("createSessionJobWithToken")) return ISessionJobs.createSessionJobWithToken.selector;
        if (hash == keccak256("createSessionWithQuote")) return ISessionJobs.createSessionWithQuote.selector;
        if (hash == keccak256("createSessionFromDeposit")) return ISessionJobs.createSessionFromDeposit.selector;
        if (hash == keccak256("registerNode")) return INodeRegistry.registerNode.selector;
        if (hash == keccak256("registerControlledNode")) return REGISTER_CONTROLLED;
        return 0;
    }
}
