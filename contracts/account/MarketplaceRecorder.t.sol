// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";

contract TestToken is ERC20("Token", "TKN") {
    constructor(address holder) {
        _mint(holder, type(uint128).max);
    }

    function increaseAllowance(address spender, uint256 added) external returns (bool) {
        _approve(msg.sender, spender, allowance(msg.sender, spender) + added);
        return true;
    }
}

/// @dev Pulls what its calldata says and records who called: the account's side is what these tests are about.
contract MarketplaceRecorder {
    address public sponsor;
    address public caller;
    uint256 public lastJob;
    uint256 public calls;
    bool public broken;

    error Broken();

    constructor(address sponsor_) {
        sponsor = sponsor_;
    }

    function breakDown(bool broken_) external {
        broken = broken_;
    }

    function sponsorPaymaster(address) external view returns (address) {
        return sponsor;
    }

    function claimJob(uint256 jobId) external {
        _record();
        lastJob = jobId;
    }

    function completeSessionJob(uint256 jobId) external {
        _record();
        lastJob = jobId;
    }

    function createSessionJob(address, uint256, uint256, uint256, uint256) external payable returns (uint256) {
        _record();
        return calls;
    }

    function createSessionJobWithToken(address, address token, uint256 deposit, uint256, uint256, uint256)
        external
        returns (uint256)
    {
        _record();
        IERC20(token).transferFrom(msg.sender, address(this), deposit);
        return calls;
    }

    function createSession(ISessionJobs.SessionParams calldata params) external payable returns (uint256) {
        _record();
        if (params.token != address(0)) IERC20(params.token).transferFrom(msg.sender, address(this), params.deposit);
        return calls;
    }

    function postJobWithToken(
        ISingleJobs.JobDetails calldata,
        ISingleJobs.JobRequirements calldata,
        address token,
        uint256 amount
    ) external returns (uint256) {
        _record();
        IERC20(token).transferFrom(msg.sender, address(this), amount);
        return calls;
    }

    function createJob(string calldata, bytes32, uint256, uint256) external payable returns (uint256) {
        _record();
        return calls;
    }

    function withdraw(address, address to) external returns (uint256) {
        _record();
        caller = to;
        return 0;
    }

    function _record() private {
        if (broken) revert Broken();
        caller = msg.sender;
        ++calls;
    }
}
