// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable2StepUpgradeable} from "@openzeppelin/contracts-upgradeable/access/Ownable2StepUpgradeable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {FailureWatch} from "./FailureWatch.sol";
import {FieldName} from "./FieldName.sol";
import {PauseClock} from "./PauseClock.sol";
import {WorkKind} from "./WorkKind.sol";

/// @title Controls of the breaker: who may stop new work, for how long, and what was counted.
abstract contract CircuitBreaker is FailureWatch, Ownable2StepUpgradeable, ICircuitBreaker {
    using PauseClock for PauseClock.Clock;

    uint8 private constant MAX_LEVEL = 3;

    /// @dev Governance can renew it; it cannot forget it.
    uint256 private constant GOVERNED_PERIOD = 14 days;
    uint256 private constant MAX_BURST = 10_000;

    modifier onlyGuardian() {
        if (msg.sender != _breakerStorage().guardian && msg.sender != owner()) revert BreakerNotGuardian(msg.sender);
        _;
    }

    /// @inheritdoc ICircuitBreaker
    /// @dev The limits hold for the timelock too: what it wants beyond them it does by {setCircuitBreakerLevel}.
    function emergencyPause(string calldata reason) external onlyGuardian {
        Stop storage stop = _begin(Source.Guardian);
        _raise(stop, MAX_LEVEL);
        emit EmergencyPaused(msg.sender, reason, stop.until);
        _summarize();
    }

    /// @inheritdoc ICircuitBreaker
    function unpause() external onlyGuardian {
        _endStops();
    }

    /// @inheritdoc ICircuitBreaker
    function setCircuitBreakerLevel(uint8 level) external onlyGuardian {
        if (level > MAX_LEVEL) revert BreakerLevelOutOfRange(level);
        if (level == 0) return _endStops();

        bool governed = msg.sender == owner();
        if (governed) {
            _end(Source.Failures);
            Stop storage guarded = _breakerStorage().stops[uint256(Source.Guardian)];
            if (_isLive(guarded) && guarded.level > level) {
                _requireMayLower(guarded);
                _end(Source.Guardian);
            }
        }
        Stop storage stop = _begin(governed ? Source.Governance : Source.Guardian);
        if (level < stop.level) _requireMayLower(stop);
        if (level < 2) stop.work = 0;
        if (level > stop.level) _raise(stop, level);
        else stop.level = level;
        _summarize();
    }

    /// @inheritdoc ICircuitBreaker
    function pauseFunction(bytes4 selector) external onlyGuardian {
        _pauseFunction(selector);
    }

    /// @inheritdoc ICircuitBreaker
    function pauseFunction(string calldata name) external onlyGuardian {
        _pauseFunction(WorkKind.selectorOf(name));
    }

    /// @inheritdoc ICircuitBreaker
    function unpauseFunction(bytes4 selector) external onlyGuardian {
        _unpauseFunction(selector);
    }

    /// @inheritdoc ICircuitBreaker
    function unpauseFunction(string calldata name) external onlyGuardian {
        _unpauseFunction(WorkKind.selectorOf(name));
    }

    /// @inheritdoc ICircuitBreaker
    function setGuardian(address guardian_) external onlyOwner {
        _setGuardian(guardian_);
    }

    /// @inheritdoc ICircuitBreaker
    function setRateLimit(bytes4 selector, uint256 burst, uint256 window) external onlyOwner {
        _checkSetting("burst", burst, 1, MAX_BURST);
        _checkSetting("window", window, 1 minutes, 1 days);
        _setLimit(_limitedKindOf(selector), uint48(window), uint208(burst));
        emit RateLimitSet(selector, burst, window);
    }

    /// @inheritdoc ICircuitBreaker
    function setFailureRules(uint256 threshold, uint256 window, uint256 period) external onlyOwner {
        _checkSetting("threshold", threshold, 3, 1_000);
        _checkSetting("window", window, 10 minutes, 7 days);
        _checkSetting("period", period, 10 minutes, 1 days);
        _breakerStorage().rules = FailureRules(uint16(threshold), uint24(window), uint24(period));
        emit FailureRulesSet(threshold, window, period);
    }

    /// @inheritdoc ICircuitBreaker
    function guardian() external view returns (address) {
        return _breakerStorage().guardian;
    }

    /// @inheritdoc ICircuitBreaker
    function rateLimit(bytes4 selector) external view returns (uint256 burst, uint256 window) {
        return _limit(_limitedKindOf(selector));
    }

    /// @inheritdoc ICircuitBreaker
    function rateLimitLeft(address caller, bytes4 selector) external view returns (uint256) {
        return _limitLeft(_limitedKindOf(selector), caller);
    }

    /// @inheritdoc ICircuitBreaker
    function failureRules() external view returns (uint256 threshold, uint256 window, uint256 period) {
        return _failureRules();
    }

    /// @inheritdoc ICircuitBreaker
    function circuitBreakerLevel() external view returns (uint8 level, uint256 until) {
        (level, until,) = _effect();
    }

    /// @inheritdoc ICircuitBreaker
    function isFunctionPaused(bytes4 selector) external view returns (bool) {
        (,, uint8 paused) = _effect();
        return paused & WorkKind.openedBy(selector) != 0;
    }

    /// @inheritdoc ICircuitBreaker
    function getCircuitBreakerMetrics() external view returns (Metrics memory) {
        (uint256 failures, uint256 suspicious) = _failuresInWindow();
        return Metrics({
            failures: failures,
            successes: _paidJobs(),
            suspicious: suspicious,
            lastIncident: Math.max(_lastFailure(), _breakerStorage().lastStop)
        });
    }

    function _pauseFunction(bytes4 selector) private {
        uint8 work = _kindOf(selector);
        Stop storage stop = _begin(msg.sender == owner() ? Source.Governance : Source.Guardian);
        if (stop.work & work == 0) _raise(stop, uint8(Math.max(stop.level, 2)));
        stop.work |= work;
        emit FunctionPaused(selector, true);
        _summarize();
    }

    /// @dev A stop of level 2 that pauses nothing any more is over.
    function _unpauseFunction(bytes4 selector) private {
        uint8 work = _kindOf(selector);
        bool lifted = _liftFrom(Source.Guardian, work);
        if (msg.sender == owner() && _liftFrom(Source.Governance, work)) lifted = true;
        if (!lifted) revert BreakerNotPaused();
        emit FunctionPaused(selector, false);
        _summarize();
    }

    function _liftFrom(Source source, uint8 work) private returns (bool) {
        Stop storage stop = _breakerStorage().stops[uint256(source)];
        if (!_isLive(stop) || stop.work & work == 0) return false;
        _requireMayLower(stop);
        stop.work &= ~work;
        if (stop.work == 0 && stop.level == 2) _end(source);
        return true;
    }

    /// @dev The stop of `source`, begun now unless it is live. A running one never gets longer.
    function _begin(Source source) private returns (Stop storage stop) {
        BreakerStorage storage $ = _breakerStorage();
        stop = $.stops[uint256(source)];
        if (_isLive(stop)) return stop;
        uint256 until = source == Source.Guardian
            ? $.clock.start(block.timestamp)
            : block.timestamp + GOVERNED_PERIOD;
        $.lastStop = uint40(block.timestamp);
        (stop.level, stop.work) = (0, 0);
        (stop.since, stop.until) = (uint40(block.timestamp), uint40(until));
    }

    /// @dev Every stop that the caller may end.
    function _endStops() private {
        Stop[3] storage stops = _breakerStorage().stops;
        bool ended;
        uint256 sources = msg.sender == owner() ? 3 : 2;
        for (uint256 i; i < sources; ++i) {
            if (!_isLive(stops[i])) continue;
            if (i != uint256(Source.Failures)) _requireMayLower(stops[i]);
            _end(Source(i));
            ended = true;
        }
        if (!ended) revert BreakerNotPaused();
        emit EmergencyUnpaused(msg.sender);
        _summarize();
    }

    function _end(Source source) private {
        BreakerStorage storage $ = _breakerStorage();
        Stop storage stop = $.stops[uint256(source)];
        if (!_isLive(stop)) return;
        if (source == Source.Guardian) $.clock.finish(block.timestamp);
        (stop.level, stop.work, stop.until) = (0, 0, uint40(block.timestamp));
    }

    /// @dev What is stopped further stays so for its own first hour: else a low level, begun in time, would let a pause be
    /// lifted at once. When it ends by itself does not change.
    function _raise(Stop storage stop, uint8 level) private {
        if (level == stop.level && level == MAX_LEVEL) return;
        (stop.level, stop.since) = (level, uint40(block.timestamp));
    }

    function _isLive(Stop storage stop) private view returns (bool) {
        return block.timestamp < stop.until;
    }

    function _requireMayLower(Stop storage stop) private view {
        uint256 from = stop.since + PauseClock.MIN_PAUSE;
        if (block.timestamp < from) revert BreakerCooldown(from);
    }

    function _kindOf(bytes4 selector) private pure returns (uint8 work) {
        work = WorkKind.openedBy(selector);
        if (work == 0) revert BreakerUnknownFunction(selector);
    }

    /// @dev The registry limits registrations itself.
    function _limitedKindOf(bytes4 selector) private pure returns (uint8 work) {
        work = _kindOf(selector);
        if (work == WorkKind.REGISTER) revert BreakerUnknownFunction(selector);
    }

    function _checkSetting(bytes32 field, uint256 value, uint256 minimum, uint256 maximum) private pure {
        if (value < minimum || value > maximum) {
            revert BreakerSettingOutOfRange(FieldName.toText(field), value, minimum, maximum);
        }
    }
}
