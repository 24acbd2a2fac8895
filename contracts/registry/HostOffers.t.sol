// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IHostOffers} from "../interfaces/IHostOffers.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {RegistryFixture} from "../mocks/RegistryFixture.sol";

contract HostOffersTest is RegistryFixture {
    bytes32 private constant LLAMA = keccak256("llama-70b");
    bytes32 private constant MISTRAL = keccak256("mistral-7b");
    address private constant ETH = address(0);
    address private usdc = makeAddr("usdc");

    function test_row23_termsOfAHostThatAsksForNothing() public view {
        _assertTerms(LLAMA, ETH, true, 0, 0);
        _assertTerms(0, ETH, true, 0, 0);
    }

    /// The marketplace pays for each of these slots in every creation.
    function test_termsReadTwoSlotsUntilTheHostAsksForMore() public {
        assertEq(_coldReads(), 2);
        vm.prank(host);
        registry.setMaxSessions(5);
        assertEq(_coldReads(), 2);
        vm.prank(host);
        registry.setPrice(LLAMA, ETH, 7);
        assertEq(_coldReads(), 3);
    }

    function test_listedModelsCloseTheHostForOthers() public {
        bytes32[] memory models = new bytes32[](1);
        models[0] = LLAMA;
        vm.expectEmit(address(registry));
        emit IHostOffers.ModelsSet(host, models);
        vm.prank(host);
        registry.setModels(models);
        assertEq(abi.encode(registry.modelsOf(host)), abi.encode(models));
        _assertTerms(LLAMA, ETH, true, 0, 0);
        _assertTerms(MISTRAL, ETH, false, 0, 0);
        _assertTerms(0, ETH, true, 0, 0);

        models[0] = MISTRAL;
        vm.prank(host);
        registry.setModels(models);
        _assertTerms(LLAMA, ETH, false, 0, 0);
        _assertTerms(MISTRAL, ETH, true, 0, 0);

        vm.prank(host);
        registry.setModels(new bytes32[](0));
        assertEq(registry.modelsOf(host).length, 0);
        _assertTerms(LLAMA, ETH, true, 0, 0);
    }

    function test_modelsAreBoundedNamedAndDifferent() public {
        bytes32[] memory models = new bytes32[](33);
        for (uint256 i; i < 33; ++i) {
            models[i] = bytes32(i + 1);
        }
        vm.startPrank(host);
        vm.expectRevert(
            abi.encodeWithSelector(INodeRegistry.NodeRegistryOutOfRange.selector, "models", 33, 0, 32)
        );
        registry.setModels(models);
        assembly ("memory-safe") {
            mstore(models, 32)
        }
        registry.setModels(models);
        models[31] = models[3];
        vm.expectRevert(abi.encodeWithSelector(IHostOffers.NodeRegistryDuplicateModel.selector, models[3]));
        registry.setModels(models);
        models[31] = 0;
        vm.expectRevert(abi.encodeWithSelector(IHostOffers.NodeRegistryZeroModel.selector, 31));
        registry.setModels(models);
        vm.stopPrank();
        assertEq(registry.modelsOf(host).length, 32);
    }

    function test_priceOfTheModelGoesBeforeTheHostsPriceForAny() public {
        vm.expectEmit(address(registry));
        emit IHostOffers.PriceSet(host, LLAMA, usdc, 2e6);
        vm.startPrank(host);
        registry.setPrice(LLAMA, usdc, 2e6);
        _assertTerms(LLAMA, usdc, true, 0, 2e6);
        _assertTerms(MISTRAL, usdc, true, 0, 0);
        _assertTerms(LLAMA, ETH, true, 0, 0);
        registry.setPrice(0, usdc, 1e6);
        _assertTerms(LLAMA, usdc, true, 0, 2e6);
        _assertTerms(MISTRAL, usdc, true, 0, 1e6);
        _assertTerms(0, usdc, true, 0, 1e6);
        registry.setPrice(LLAMA, usdc, 0);
        _assertTerms(LLAMA, usdc, true, 0, 1e6);
        assertEq(registry.priceOf(host, LLAMA, usdc), 0);
        assertEq(registry.priceOf(host, 0, usdc), 1e6);
        vm.stopPrank();
    }

    function test_numbersFitWhatTheMarketplaceReads() public {
        uint256 highest = type(uint96).max;
        vm.startPrank(host);
        registry.setPrice(LLAMA, ETH, highest);
        vm.expectRevert(
            abi.encodeWithSelector(
                INodeRegistry.NodeRegistryOutOfRange.selector, "pricePer1000", highest + 1, 0, highest
            )
        );
        registry.setPrice(LLAMA, ETH, highest + 1);
        vm.expectEmit(address(registry));
        emit IHostOffers.MaxSessionsSet(host, 65_535);
        registry.setMaxSessions(65_535);
        vm.expectRevert(
            abi.encodeWithSelector(
                INodeRegistry.NodeRegistryOutOfRange.selector, "maxSessions", 65_536, 0, 65_535
            )
        );
        registry.setMaxSessions(65_536);
        vm.stopPrank();
        _assertTerms(LLAMA, ETH, true, 65_535, type(uint96).max);
        assertEq(registry.getNode(host).maxSessions, 65_535);
    }

    function test_whoTakesNothingHasNoTerms() public {
        vm.startPrank(host);
        registry.setPrice(LLAMA, ETH, 7);
        registry.setMaxSessions(5);
        registry.setAccepting(false);
        _assertTerms(LLAMA, ETH, false, 0, 0);
        registry.setAccepting(true);
        _assertTerms(LLAMA, ETH, true, 5, 7);
        registry.requestUnstake(1);
        _assertTerms(LLAMA, ETH, false, 0, 0);
        vm.stopPrank();
    }

    /// What the host has set waits for its return.
    function test_offersSurviveLeaving() public {
        vm.startPrank(host);
        registry.setPrice(LLAMA, ETH, 7);
        registry.setMaxSessions(5);
        registry.unregisterNode();
        _assertTerms(LLAMA, ETH, false, 0, 0);
        assertFalse(registry.getNode(host).accepting);
        registry.registerNode(METADATA);
        _assertTerms(LLAMA, ETH, true, 5, 7);
        vm.stopPrank();
    }

    function test_onlyNodesOffer() public {
        bytes memory refused = abi.encodeWithSelector(INodeRegistry.NodeRegistryNotRegistered.selector, stranger);
        vm.startPrank(stranger);
        vm.expectRevert(refused);
        registry.setModels(new bytes32[](0));
        vm.expectRevert(refused);
        registry.setPrice(LLAMA, ETH, 1);
        vm.expectRevert(refused);
        registry.setMaxSessions(1);
        vm.stopPrank();
    }

    /// Different slots of the registry itself, without the one of its proxy.
    function _coldReads() private returns (uint256 count) {
        vm.record();
        registry.sessionTerms(host, LLAMA, ETH);
        (bytes32[] memory reads,) = vm.accesses(address(registry));
        for (uint256 i; i < reads.length; ++i) {
            bool seen;
            for (uint256 j; j < i; ++j) {
                if (reads[j] == reads[i]) seen = true;
            }
            if (!seen) ++count;
        }
        return count - 1;
    }

    function _assertTerms(
        bytes32 model,
        address token,
        bool expectedAccepting,
        uint256 expectedSessions,
        uint256 expectedPrice
    ) private view {
        (bool accepting, uint32 maxSessions, uint96 price) = registry.sessionTerms(host, model, token);
        assertEq(accepting, expectedAccepting, "accepting");
        assertEq(maxSessions, expectedSessions, "sessions");
        assertEq(price, expectedPrice, "price");
    }
}
