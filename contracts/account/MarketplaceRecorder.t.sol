// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
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
    mapping(address account => mapping(address token => uint256)) public prepaid;

    /// @dev The marketplace's full form of a session.
    struct FullParams {
        address host;
        address token;
        uint256 deposit;
        uint256 pricePer1000;
        uint256 maxDuration;
        uint256 proofInterval;
        address coSigner;
        bytes32 model;
        uint8 proofMode;
    }

    struct Quote {
        address renter;
        uint256 expiry;
        bytes signature;
    }

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

    function createSessionWithQuote(FullParams calldata params, Quote calldata, bytes calldata)
        external
        payable
        returns (uint256)
    {
        _record();
        if (params.token != address(0)) IERC20(params.token).transferFrom(msg.sender, address(this), params.deposit);
        return calls;
    }

    function createSessionFromDeposit(FullParams calldata params) external returns (uint256) {
        _record();
        prepaid[msg.sender][params.token] -= params.deposit;
        return calls;
    }

    function depositPrepaid(address token, uint256 amount) external payable {
        _record();
        require(token == address(0) ? msg.value == amount : msg.value == 0);
        if (token != address(0)) IERC20(token).transferFrom(msg.sender, address(this), amount);
        prepaid[msg.sender][token] += amount;
    }

    /// @dev Gives `amount` back, as a real marketplace does with what it owes.
    function withdraw(address token) external returns (uint256 amount) {
        _record();
        amount = prepaid[msg.sender][token];
        prepaid[msg.sender][token] = 0;
        if (token != address(0)) IERC20(token).transfer(msg.sender, amount);
        else Address.sendValue(payable(msg.sender), amount);
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
