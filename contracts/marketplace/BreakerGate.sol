// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {JobBook} from "./JobBook.sol";
import {PauseClock} from "./PauseClock.sol";
import {RateLimits} from "./RateLimits.sol";
import {WorkKind} from "./WorkKind.sol";

/// @title What new work passes: the breaker's state and the caller's rate limit.
/// @dev Part of every contract that opens work, while {CircuitBreaker} with its controls is needed only once. In quiet
/// times it costs the reading of a slot that each creation reads anyway.
abstract contract BreakerGate is JobBook, RateLimits {
    /// @dev Each stops independently and ends by itself; the highest live level counts.
    enum Source {
        Failures,
        Guardian,
        Governance
    }

    /// @param work Kinds of work that are paused at level 2, as bits of {WorkKind}.
    struct Stop {
        uint8 level;
        uint8 work;
        uint40 since;
        uint40 until;
    }

    /// @dev Zero stands for the default.
    struct FailureRules {
        uint16 threshold;
        uint24 window;
        uint24 period;
    }

    /// @custom:storage-location erc7201:fabstir.storage.CircuitBreaker
    /// @param failures Running counts: failures below, openings of a failing controller from bit 104.
    /// @param countedAt When the failing controller was last counted as a new one.
    struct BreakerStorage {
        Stop[3] stops;
        address guardian;
        FailureRules rules;
        uint40 lastStop;
        PauseClock.Clock clock;
        Checkpoints.Trace208 failures;
        mapping(address controller => uint256) countedAt;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.CircuitBreaker")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant BREAKER_STORAGE = 0x530c5aa11504ce1b85c63bde188bcf5855f3c713b867c821aa16819b017a5700;

    /// @dev Kinds of work that are limited at every level.
    uint8 private constant ALWAYS_LIMITED = WorkKind.POST | WorkKind.CLAIM;

    /// @dev Asked by every function that opens work, never by one that ends it.
    /// @param selector The public function that was called.
    /// @param items Jobs or sessions that it opens.
    function _requireOpen(bytes4 selector, uint256 items) internal {
        uint8 work = WorkKind.openedBy(selector);
        // A kind that was forgotten would pass every level.
        if (work == 0) revert ICircuitBreaker.BreakerUnknownFunction(selector);
        (uint8 level, uint256 until, uint8 paused) = _effect();
        if (paused & work != 0) revert ICircuitBreaker.BreakerPaused(selector, level, until);
        if (level != 0 || work & ALWAYS_LIMITED != 0) _consume(work, items);
    }

    /// @dev What holds now. The time in the job book says in one reading whether anything does.
    function _effect() internal view returns (uint8 level, uint256 until, uint8 paused) {
        if (block.timestamp < _breakerUntil()) return _addUp();
    }

    /// @dev Books what the stops add up to; to be called whenever one of them changed.
    function _summarize() internal {
        Stop[3] storage stops = _breakerStorage().stops;
        _setBreakerUntil(Math.max(stops[0].until, Math.max(stops[1].until, stops[2].until)));
        (uint8 level, uint256 until,) = _addUp();
        emit ICircuitBreaker.CircuitBreakerLevelSet(level, until);
    }

    function _setGuardian(address guardian_) internal {
        _breakerStorage().guardian = guardian_;
        emit ICircuitBreaker.GuardianSet(guardian_);
    }

    function _addUp() private view returns (uint8 level, uint256 until, uint8 paused) {
        Stop[3] storage stops = _breakerStorage().stops;
        for (uint256 i; i < 3; ++i) {
            Stop memory stop = stops[i];
            if (block.timestamp >= stop.until) continue;
            if (stop.level > level || (stop.level == level && stop.until > until)) {
                (level, until) = (stop.level, stop.until);
            }
            if (stop.level == 2) paused |= stop.work;
            else if (stop.level > 2) paused = type(uint8).max;
        }
    }

    function _breakerStorage() internal pure returns (BreakerStorage storage $) {
        assembly {
            $.slot := BREAKER_STORAGE
        }
    }
}
