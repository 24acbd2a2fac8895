// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IBuyback} from "../../interfaces/IBuyback.sol";
import {IDynamicPricing} from "../../interfaces/IDynamicPricing.sol";
import {IFabstirAccountFactory} from "../../interfaces/IFabstirAccountFactory.sol";
import {IMigrationHelper} from "../../interfaces/IMigrationHelper.sol";
import {IModelRegistry} from "../../interfaces/IModelRegistry.sol";
import {IProxyDeployer} from "../../interfaces/IProxyDeployer.sol";
import {ITokenPaymaster} from "../../interfaces/ITokenPaymaster.sol";
import {System, WalkLog} from "../system/System.sol";
import {SystemWalker} from "../system/SystemWalker.sol";

/// @dev Outside the system, see contracts/mocks/deployed/Edges.sol.
interface IExchange {
    function set(uint256 spot, uint256 average, uint256 updatedAt) external;
    function cheat(uint256 takenBps, uint256 refund) external;
    function arm(address target, bytes calldata data) external;
    function reentered() external view returns (bool);
}

interface IFeed {
    function set(int256 answer, uint256 startedAt, uint256 updatedAt) external;
}

/// @notice Contracts around the marketplace, and what they stand on outside the system.
/// @param hosts Export of the earlier deployment, a tree of four.
struct Services {
    IModelRegistry models;
    IDynamicPricing pricing;
    IBuyback buyback;
    IExchange exchange;
    ITokenPaymaster payer;
    IFeed nativeFeed;
    IFeed tokenFeed;
    IFeed sequencerFeed;
    IMigrationHelper helper;
    IFabstirAccountFactory factory;
    IProxyDeployer deployer;
    IMigrationHelper.HostEntry[] hosts;
}

/// @notice A walker that knows both.
abstract contract ServicesWalker is SystemWalker {
    Services internal v;

    constructor(System memory system, Services memory services, WalkLog log_) SystemWalker(system, log_) {
        v = services;
    }
}
