// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IBuyback} from "../../interfaces/IBuyback.sol";
import {IDynamicPricing} from "../../interfaces/IDynamicPricing.sol";
import {IFabstirAccountFactory} from "../../interfaces/IFabstirAccountFactory.sol";
import {IMigrationHelper} from "../../interfaces/IMigrationHelper.sol";
import {IModelRegistry} from "../../interfaces/IModelRegistry.sol";
import {ITokenPaymaster} from "../../interfaces/ITokenPaymaster.sol";
import {WalkTest} from "../system/WalkTest.sol";
import {IExchange, IFeed, Services} from "./Services.sol";

/// @notice The system with the contracts around it, wired as the deployment does it.
abstract contract ServicesFixture is WalkTest {
    Services internal v;

    function deployServices() internal {
        deploySystem();
        v.deployer = _deployer;
        v.factory = IFabstirAccountFactory(_new("FabstirAccountFactory", abi.encode(s.accountCode[0])));
        IModelRegistry.MinimumPrices[] memory minimums = new IModelRegistry.MinimumPrices[](2);
        minimums[0] = IModelRegistry.MinimumPrices(ETH, 1_000, 5_000);
        minimums[1] = IModelRegistry.MinimumPrices(s.tokens[1], 10, 50);
        bytes memory data = abi.encodeWithSignature(
            "initialize(address,address,address,(address,uint96,uint96)[])", s.timelock, s.registry, s.market, minimums
        );
        v.models = IModelRegistry(_proxy("models", "ModelRegistry", data));
        data = abi.encodeWithSignature(
            "initialize(address,address,(uint16,uint16))", s.timelock, s.market, IDynamicPricing.Curve(8_000, 20_000)
        );
        v.pricing = IDynamicPricing(_proxy("pricing", "DynamicPricing", data));
        _deployBuyback();
        _deployPaymaster();
    }

    /// @dev Named before registry and reputation exist; the tree is of four hosts that nobody else knows.
    function _newMigrator() internal override returns (address) {
        IMigrationHelper.Totals memory totals;
        bytes32[4] memory leaves;
        for (uint256 i; i < 4; ++i) {
            address operator = address(uint160(0x01d0 + i));
            address controller = i % 2 == 0 ? address(0) : address(uint160(0xc0 + i));
            v.hosts.push(
                IMigrationHelper.HostEntry(operator, controller, uint96(i * 1_000e18), uint32(50 + i), "gpu:old")
            );
            totals.stake += i * 1_000e18;
            totals.score += 50 + i;
            IMigrationHelper.HostEntry memory entry = v.hosts[i];
            bytes32 inner = keccak256(
                abi.encode(entry.operator, entry.controller, entry.stake, entry.score, keccak256(bytes(entry.metadata)))
            );
            leaves[i] = keccak256(abi.encode(inner));
        }
        totals.hosts = 4;
        bytes32 root = _node(_node(leaves[0], leaves[1]), _node(leaves[2], leaves[3]));
        uint256 closesAt = block.timestamp + 30 days;
        bytes memory arguments = abi.encode(s.fab, _at("registry"), _at("reputation"), root, totals, closesAt);
        v.helper = IMigrationHelper(_new("MigrationHelper", arguments));
        return address(v.helper);
    }

    function _node(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return left < right ? keccak256(abi.encode(left, right)) : keccak256(abi.encode(right, left));
    }

    function _deployBuyback() private {
        v.exchange = IExchange(_new("EdgeExchange", ""));
        bytes memory data = abi.encodeWithSignature(
            "initialize(address,address,address,address,(uint16,uint16,uint32,uint48,uint128))",
            s.timelock,
            s.tokens[1],
            s.fab,
            s.treasury,
            IBuyback.Limits(200, 2_500, 1 hours, 1 days, 10_000e6)
        );
        v.buyback = IBuyback(_proxy("buyback", "Buyback", data));
        vm.startPrank(s.timelock);
        v.buyback.setRoute(address(v.exchange), address(v.exchange));
        v.buyback.setKeeper(s.keeper, true);
        vm.stopPrank();
        s.fab.transfer(address(v.exchange), 1_000_000_000e18);
    }

    function _newFeed(uint8 decimals) private returns (IFeed) {
        return IFeed(_new("EdgePriceFeed", abi.encode(decimals)));
    }

    /// @dev FAB by feeds at a dollar, one ether at 2,500; other tokens by quotes.
    function _deployPaymaster() private {
        v.payer = ITokenPaymaster(
            _new("TokenPaymaster", abi.encode(s.entryPoint, s.timelock, s.treasury, _signer("quoter")))
        );
        (v.nativeFeed, v.tokenFeed, v.sequencerFeed) =
            (_newFeed(8), _newFeed(8), _newFeed(0));
        v.nativeFeed.set(2_500e8, block.timestamp, block.timestamp);
        v.tokenFeed.set(1e8, block.timestamp, block.timestamp);
        v.sequencerFeed.set(0, block.timestamp - 1 days, block.timestamp);
        vm.startPrank(s.timelock);
        v.payer.setNativeFeed(address(v.nativeFeed), 1 days);
        v.payer.setToken(
            address(s.fab),
            ITokenPaymaster.TokenTerms(
                ITokenPaymaster.PriceSource.Feed, 500, 100e18, 10_000e18, address(v.tokenFeed), 1 days
            )
        );
        for (uint256 i = 1; i < 4; ++i) {
            uint112 unit = i == 1 ? 1e6 : 1e18;
            v.payer.setToken(
                s.tokens[i],
                ITokenPaymaster.TokenTerms(
                    ITokenPaymaster.PriceSource.Quote, 500, 100 * unit, 10_000 * unit, address(0), 0
                )
            );
        }
        vm.stopPrank();
        v.payer.updatePrice(address(s.fab));
    }
}
