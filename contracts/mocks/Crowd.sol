// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @notice The part of the registry that a recruit calls.
interface IRegistration {
    function registerNode(string calldata metadata) external;
    function minimumStake() external view returns (uint256);
}

/// @notice A host that registers itself with the FAB it was given.
contract Recruit {
    function enlist(IERC20 fab, IRegistration registry) external {
        fab.approve(address(registry), type(uint256).max);
        registry.registerNode("gpu:none");
    }
}

/// @notice Many hosts, and many calls, in one transaction.
contract Crowd {
    address[] public recruits;

    receive() external payable {}

    /// @notice Registers `count` new hosts with FAB of this contract.
    function recruit(IERC20 fab, IRegistration registry, uint256 count) external {
        uint256 stake = registry.minimumStake();
        for (uint256 i; i < count; ++i) {
            Recruit one = new Recruit();
            recruits.push(address(one));
            fab.transfer(address(one), stake);
            one.enlist(fab, registry);
        }
    }

    /// @notice Makes the same call `times` times, with `value` each time.
    function repeat(address target, uint256 value, bytes calldata data, uint256 times) external {
        for (uint256 i; i < times; ++i) {
            Address.functionCallWithValue(target, data, value);
        }
    }
}
