// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable2StepUpgradeable} from "@openzeppelin/contracts-upgradeable/access/Ownable2StepUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";

/// @title A contract of the shape that the timelock owns: UUPS proxy, setters for the owner, getters.
contract GovernedSettings is Ownable2StepUpgradeable, UUPSUpgradeable {
    uint256 public fee;
    uint64 public reviewWindow;
    uint64 public disputeWindow;
    mapping(address token => uint256) public minimumFee;
    mapping(address token => bool) public accepted;

    constructor() {
        _disableInitializers();
    }

    function initialize(address owner_) external initializer {
        __Ownable_init(owner_);
        (fee, reviewWindow, disputeWindow) = (1000, 1 days, 7 days);
    }

    function setFee(uint256 fee_) external onlyOwner {
        fee = fee_;
    }

    function setMinimumFee(address token, uint256 minimum) external onlyOwner {
        minimumFee[token] = minimum;
    }

    function setWindows(uint64 review, uint64 dispute) external onlyOwner {
        (reviewWindow, disputeWindow) = (review, dispute);
    }

    function setAccepted(address token, bool accepted_) external payable onlyOwner {
        accepted[token] = accepted_;
    }

    function windows() external view returns (uint64 review, uint64 dispute) {
        return (reviewWindow, disputeWindow);
    }

    function version() external pure virtual returns (uint256) {
        return 1;
    }

    function _authorizeUpgrade(address) internal override onlyOwner {}
}

contract GovernedSettingsV2 is GovernedSettings {
    function version() external pure override returns (uint256) {
        return 2;
    }
}
