// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Stops new work, never an exit: 0 normal, 1 each caller throttled, 2 paused functions, 3 no new work.
/// @dev Three sources hold it back, each with its own end, and the highest live level counts: failures of hosts (level
/// 1 only), the guardian (within {emergencyPause}'s limits), the timelock (14 days at a time). A function here is the
/// kind of work that it opens: {ISingleJobs.postJob} stands for `postJobWithToken` and `createJob` too.
interface ICircuitBreaker {
    /// @param failures Failed single jobs in the running window.
    /// @param successes Jobs and sessions paid.
    /// @param suspicious Failures that opened a new failing controller in the window.
    /// @param lastIncident Unix seconds.
    struct Metrics {
        uint256 failures;
        uint256 successes;
        uint256 suspicious;
        uint256 lastIncident;
    }

    event EmergencyPaused(address indexed by, string reason, uint256 until);
    event EmergencyUnpaused(address indexed by);
    event CircuitBreakerLevelSet(uint8 level, uint256 until);
    event FunctionPaused(bytes4 indexed selector, bool paused);
    event GuardianSet(address indexed guardian);
    event RateLimitSet(bytes4 indexed selector, uint256 burst, uint256 window);
    event FailureRulesSet(uint256 threshold, uint256 window, uint256 period);

    error BreakerPaused(bytes4 selector, uint8 level, uint256 until);
    error BreakerRateLimited(address caller, uint256 asked, uint256 available);
    /// @notice Too early: a guardian pauses again from `until` on, and what was stopped stays so until then.
    error BreakerCooldown(uint256 until);
    error BreakerBudgetSpent(uint256 used, uint256 maximum);
    error BreakerNotGuardian(address caller);
    error BreakerUnknownFunction(bytes4 selector);
    error BreakerLevelOutOfRange(uint256 level);
    /// @notice There is nothing that the caller could end.
    error BreakerNotPaused();
    error BreakerSettingOutOfRange(string field, uint256 value, uint256 minimum, uint256 maximum);

    /// @notice Level 3 for at most 72 h; then 7 days of cooldown, and at most 10 days in any 90. Guardian or timelock.
    function emergencyPause(string calldata reason) external;

    /// @notice Ends a pause early, not before its minimum of one hour. Guardian or timelock.
    /// @dev The guardian ends its own and the automatic one, the timelock every one.
    function unpause() external;

    /// @notice Guardian (levels up to 3, within the pause limits) or timelock.
    /// @dev Every level of the guardian above 0 is a pause in the sense of the limits. Lowering a level within its
    /// first hour is refused (a raised level has one of its own), 0 is {unpause}. A level of the timelock lasts 14 days
    /// and ends a higher one of the guardian and the automatic one.
    function setCircuitBreakerLevel(uint8 level) external;

    /// @notice Pauses one function at level 2. Only functions that open new work can be named. Guardian or timelock.
    function pauseFunction(bytes4 selector) external;

    /// @notice {pauseFunction} by name, without arguments: "postJob", "createJob", "claimJob", "createSession",
    /// "registerNode" and their aliases.
    function pauseFunction(string calldata name) external;

    /// @notice Opens the function again, not within the first hour. The guardian lifts its own pause, the timelock any.
    function unpauseFunction(bytes4 selector) external;

    /// @notice {unpauseFunction} by name.
    function unpauseFunction(string calldata name) external;

    /// @notice Timelock only; `address(0)` is no guardian. Does not start the limits of pauses anew.
    function setGuardian(address guardian) external;

    /// @notice Who may pause besides the timelock; `address(0)` for none.
    function guardian() external view returns (address);

    /// @notice Lets every caller open `burst` items of the kind that `selector` opens at once, and as many again in
    /// `window` seconds. Timelock only.
    /// @dev Jobs and claims are always limited; sessions at level 1 and above, since counting each of them would cost
    /// 5,000 to 22,000 gas. Registration is limited by the registry.
    /// @param burst Items, 1 to 10,000.
    /// @param window Seconds, one minute to one day.
    function setRateLimit(bytes4 selector, uint256 burst, uint256 window) external;

    /// @notice What {setRateLimit} set, or the default: 60 claims, 10 of any other kind an hour.
    function rateLimit(bytes4 selector) external view returns (uint256 burst, uint256 window);

    /// @notice Items that `caller` may open now, as far as its rate limit goes.
    function rateLimitLeft(address caller, bytes4 selector) external view returns (uint256);

    /// @notice Failures of `threshold` distinct controllers within `window` seconds throttle every caller (level 1)
    /// for `period` seconds. Timelock only.
    /// @param threshold 3 to 1,000.
    /// @param window 10 minutes to 7 days.
    /// @param period 10 minutes to 1 day.
    function setFailureRules(uint256 threshold, uint256 window, uint256 period) external;

    /// @notice What {setFailureRules} set, or the default: 5 controllers within an hour, for an hour.
    function failureRules() external view returns (uint256 threshold, uint256 window, uint256 period);

    /// @return level What holds now.
    /// @return until Unix seconds at which that level ends by itself; 0 at level 0.
    function circuitBreakerLevel() external view returns (uint8 level, uint256 until);

    /// @notice Whether the kind of work that `selector` opens is closed now; false for a function that opens none.
    function isFunctionPaused(bytes4 selector) external view returns (bool);

    /// @notice Failures and suspicious ones of the running window, successes since deployment (a monitor compares two
    /// readings), and when a job last failed or somebody stopped work.
    function getCircuitBreakerMetrics() external view returns (Metrics memory);
}
