// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";
import {ProxyDeployer} from "../deployment/ProxyDeployer.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {SessionAnswers} from "../mocks/SessionAnswers.sol";
import {Test} from "../mocks/Test.sol";
import {ModelRegistry} from "./ModelRegistry.sol";
import {SettledSessions} from "./SettledSessions.sol";

/// @dev Answers for the node registry what a test tells it.
contract HostList {
    mapping(address node => bool) public isActiveNode;
    mapping(address node => bool) public isAcceptingNode;

    function set(address node, bool active, bool accepting) external {
        (isActiveNode[node], isAcceptingNode[node]) = (active, accepting);
    }
}

contract ModelRegistryTest is Test {
    uint256 private constant START = 1_800_000_000;
    address private constant ETH = address(0);
    address private constant USDC = address(0xdc);
    IModelRegistry.Unit private constant TOKENS = IModelRegistry.Unit.Tokens;
    IModelRegistry.Unit private constant MINUTES = IModelRegistry.Unit.Minutes;

    address private owner = makeAddr("timelock");
    address private publisher = makeAddr("publisher");
    address private stranger = makeAddr("stranger");
    HostList private nodes;
    SessionAnswers private market;
    ModelRegistry private registry;
    ProxyDeployer private deployer;
    bytes32 private model;

    function setUp() public {
        vm.warp(START);
        nodes = new HostList();
        market = new SessionAnswers();
        deployer = ProxyDeployer(deployCode("ProxyDeployer"));
        IModelRegistry.MinimumPrices[] memory minimums = new IModelRegistry.MinimumPrices[](2);
        minimums[0] = IModelRegistry.MinimumPrices(ETH, 1_000, 5_000);
        minimums[1] = IModelRegistry.MinimumPrices(USDC, 10, 50);
        registry = ModelRegistry(
            deployer.deploy(
                "models",
                deployCode("ModelRegistry"),
                abi.encodeCall(ModelRegistry.initialize, (owner, address(nodes), address(market), minimums))
            )
        );
        vm.prank(publisher);
        model = registry.listModel("llama-70b", "3.1", "ipfs://bafkreimodel");
    }

    /// Row 101.
    function test_aModelIsListedUpdatedAndDelisted() public {
        bytes32 id = registry.modelIdOf("mistral-7b", "0.3");
        vm.startPrank(publisher);
        vm.expectEmit(address(registry));
        emit IModelRegistry.ModelListed(id, publisher, "mistral-7b", "0.3", "ipfs://a");
        assertEq(registry.listModel("mistral-7b", "0.3", "ipfs://a"), id);
        IModelRegistry.Model memory stored = registry.getModel(id);
        assertEq(stored.publisher, publisher);
        assertEq(stored.listedAt, START);
        assertEq(stored.metadataHash, keccak256("ipfs://a"));
        vm.expectEmit(address(registry));
        emit IModelRegistry.ModelUpdated(id, "ipfs://b");
        registry.updateModel(id, "ipfs://b");
        assertEq(registry.getModel(id).metadataHash, keccak256("ipfs://b"));
        vm.expectEmit(address(registry));
        emit IModelRegistry.ModelDelisted(id);
        registry.delistModel(id);
        assertEq(registry.getModel(id).listedAt, 0);
        bytes memory refused = abi.encodeWithSelector(IModelRegistry.ModelRegistryNotListed.selector, id);
        vm.expectRevert(refused);
        registry.delistModel(id);
        vm.expectRevert(refused);
        registry.updateModel(id, "ipfs://c");
        // Who delisted it lists it again, once in the list of ids.
        registry.listModel("mistral-7b", "0.3", "ipfs://c");
        vm.stopPrank();
        assertEq(registry.modelCount(), 2);
        assertEq(registry.getModel(id).listedAt, START);
    }

    function test_onlyThePublisherChangesAModel() public {
        bytes memory refused =
            abi.encodeWithSelector(IModelRegistry.ModelRegistryNotPublisher.selector, model, stranger);
        bytes memory taken =
            abi.encodeWithSelector(IModelRegistry.ModelRegistryTaken.selector, model, publisher);
        vm.startPrank(stranger);
        vm.expectRevert(refused);
        registry.updateModel(model, "ipfs://mine");
        vm.expectRevert(refused);
        registry.delistModel(model);
        vm.expectRevert(taken);
        registry.listModel("llama-70b", "3.1", "ipfs://mine");
        vm.stopPrank();
        vm.startPrank(publisher);
        vm.expectRevert(taken);
        registry.listModel("llama-70b", "3.1", "ipfs://again");
        registry.delistModel(model);
        vm.stopPrank();
        vm.prank(stranger);
        vm.expectRevert(taken);
        registry.listModel("llama-70b", "3.1", "ipfs://mine");
    }

    function test_theOwnerGivesATakenNameBack() public {
        vm.expectRevert(
            abi.encodeWithSelector(OwnableUpgradeable.OwnableUnauthorizedAccount.selector, publisher)
        );
        vm.prank(publisher);
        registry.setPublisher(model, publisher);
        vm.startPrank(owner);
        vm.expectRevert(IModelRegistry.ModelRegistryZeroAddress.selector);
        registry.setPublisher(model, address(0));
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelRegistryNotListed.selector, bytes32("x")));
        registry.setPublisher("x", stranger);
        vm.expectEmit(address(registry));
        emit IModelRegistry.PublisherSet(model, stranger);
        registry.setPublisher(model, stranger);
        vm.stopPrank();
        vm.prank(stranger);
        registry.updateModel(model, "ipfs://true");
    }

    /// Packed, both would be keccak256("llama3").
    function test_X45_idsOfDifferentNamesDiffer() public {
        assertNotEq(registry.modelIdOf("llama", "3"), registry.modelIdOf("llam", "a3"));
        assertEq(registry.modelIdOf("llama", "3"), keccak256(abi.encode("llama", "3")));
        vm.prank(stranger);
        registry.listModel("llama-70b3", ".1", "ipfs://other");
        assertEq(registry.getModel(model).publisher, publisher);
    }

    function test_textsHaveBounds() public {
        string memory long = string(new bytes(1025));
        _expectLength("name", 0, 64);
        registry.listModel("", "1", "m");
        _expectLength("name", 65, 64);
        registry.listModel(string(new bytes(65)), "1", "m");
        _expectLength("version", 0, 32);
        registry.listModel("n", "", "m");
        _expectLength("version", 33, 32);
        registry.listModel("n", string(new bytes(33)), "m");
        _expectLength("metadata", 0, 1024);
        registry.listModel("n", "1", "");
        _expectLength("metadata", 1025, 1024);
        registry.listModel("n", "1", long);
        registry.listModel(string(new bytes(64)), string(new bytes(32)), string(new bytes(1024)));
    }

    function test_modelsComeInPages() public {
        bytes32[] memory ids = new bytes32[](5);
        ids[0] = model;
        vm.startPrank(publisher);
        for (uint256 i = 1; i < 5; ++i) {
            ids[i] = registry.listModel("model", vm.toString(i), "m");
        }
        registry.delistModel(ids[1]);
        vm.stopPrank();
        assertEq(registry.modelCount(), 5);
        bytes32[] memory page = registry.models(0, 3);
        assertEq(page.length, 2);
        assertEq(page[0], ids[0]);
        assertEq(page[1], ids[2]);
        assertEq(registry.models(3, type(uint256).max).length, 2);
        assertEq(registry.models(5, 10).length, 0);
    }

    /// Row 102.
    function test_aQuoteIsPriceTimesQuantity() public {
        address host = _host("host");
        vm.expectEmit(address(registry));
        emit IModelRegistry.OfferSet(model, USDC, host, 1_500, 20_000);
        _offer(host, USDC, 1_500, 20_000);
        assertEq(registry.quote(model, USDC, host, TOKENS, 4_000), 6_000);
        assertEq(registry.quote(model, USDC, host, TOKENS, 1), 1);
        assertEq(registry.quote(model, USDC, host, MINUTES, 90), 1_800_000);
        assertEq(registry.quote(model, USDC, host, MINUTES, 0), 0);
    }

    function testFuzz_aQuoteIsPriceTimesQuantity(uint96 price, uint96 quantity) public {
        address host = _host("host");
        price = uint96(bound(price, 5_000, type(uint96).max));
        _offer(host, ETH, price, price);
        assertEq(registry.quote(model, ETH, host, TOKENS, quantity), uint256(price) * quantity / 1_000);
        assertEq(registry.quote(model, ETH, host, MINUTES, quantity), uint256(price) * quantity);
    }

    function test_pricesHaveAMinimum() public {
        address host = _host("host");
        vm.startPrank(host);
        vm.expectRevert(_tooLow("pricePer1000", 9, 10));
        registry.setPrice(model, USDC, 9, 0);
        vm.expectRevert(_tooLow("pricePerMinute", 49, 50));
        registry.setPrice(model, USDC, 10, 49);
        vm.expectRevert(_tooLow("pricePer1000", 0, 10));
        registry.setPrice(model, USDC, 0, 0);
        vm.expectRevert(
            abi.encodeWithSelector(IModelRegistry.ModelRegistryTokenUnknown.selector, address(0xbad))
        );
        registry.setPrice(model, address(0xbad), 100, 100);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelRegistryNotListed.selector, bytes32("x")));
        registry.setPrice("x", USDC, 100, 100);
        registry.setPrice(model, USDC, 10, 0);
        registry.setPrice(model, USDC, 0, 50);
        vm.stopPrank();
        assertEq(registry.offerCount(model, USDC), 1);
        vm.expectRevert(_notOffered(USDC, host));
        registry.quote(model, USDC, host, TOKENS, 1);
        vm.startPrank(owner);
        vm.expectRevert(_tooLow("pricePer1000", 0, 1));
        registry.setMinimumPrices(USDC, 0, 1);
        vm.expectRevert(_tooLow("pricePerMinute", 0, 1));
        registry.setMinimumPrices(USDC, 1, 0);
        vm.stopPrank();
        (uint96 per1000, uint96 perMinute) = registry.minimumPrices(USDC);
        assertEq(per1000, 10);
        assertEq(perMinute, 50);
    }

    function test_onlyActiveHostsOffer() public {
        vm.expectRevert(
            abi.encodeWithSelector(IModelRegistry.ModelRegistryNotActiveHost.selector, stranger)
        );
        _offer(stranger, USDC, 100, 0);
        address host = _host("host");
        _offer(host, USDC, 100, 0);
        nodes.set(host, true, false);
        vm.expectRevert(_notOffered(USDC, host));
        registry.quote(model, USDC, host, TOKENS, 1);
        vm.prank(publisher);
        registry.delistModel(model);
        bytes memory refused = abi.encodeWithSelector(IModelRegistry.ModelRegistryNotListed.selector, model);
        vm.expectRevert(refused);
        registry.quote(model, USDC, host, TOKENS, 1);
        vm.expectRevert(refused);
        registry.cheapestHost(model, USDC, TOKENS, 0, 10);
    }

    function test_theCheapestHostThatTakesWorkIsFound() public {
        address[4] memory hosts = [_host("a"), _host("b"), _host("c"), _host("d")];
        _offer(hosts[0], USDC, 300, 0);
        _offer(hosts[1], USDC, 100, 900);
        _offer(hosts[2], USDC, 200, 800);
        _offer(hosts[3], USDC, 100, 0);
        _expectCheapest(TOKENS, 0, 10, hosts[1], 100);
        _expectCheapest(MINUTES, 0, 10, hosts[2], 800);
        _expectCheapest(TOKENS, 0, 1, hosts[0], 300);
        _expectCheapest(TOKENS, 2, 1, hosts[2], 200);
        _expectCheapest(TOKENS, 4, 10, address(0), 0);
        nodes.set(hosts[1], true, false);
        _expectCheapest(TOKENS, 0, type(uint256).max, hosts[3], 100);
        nodes.set(hosts[3], false, false);
        _expectCheapest(TOKENS, 0, 10, hosts[2], 200);
    }

    function test_offersComeInPagesAndGo() public {
        address[3] memory hosts = [_host("a"), _host("b"), _host("c")];
        for (uint96 i; i < 3; ++i) {
            _offer(hosts[i], ETH, 1_000 + i, 0);
        }
        nodes.set(hosts[1], true, false);
        IModelRegistry.Offer[] memory page = registry.offers(model, ETH, 1, 5);
        assertEq(page.length, 2);
        assertEq(page[0].host, hosts[1]);
        assertEq(page[0].pricePer1000, 1_001);
        assertFalse(page[0].accepting);
        assertTrue(page[1].accepting);

        vm.expectRevert(
            abi.encodeWithSelector(IModelRegistry.ModelRegistryNotYourOffer.selector, hosts[0], stranger)
        );
        vm.prank(stranger);
        registry.removeOffer(model, ETH, hosts[0]);
        vm.expectEmit(address(registry));
        emit IModelRegistry.OfferRemoved(model, ETH, hosts[0]);
        vm.prank(hosts[0]);
        registry.removeOffer(model, ETH, hosts[0]);
        // The last one took its place.
        assertEq(registry.offers(model, ETH, 0, 5)[0].host, hosts[2]);
        assertEq(registry.quote(model, ETH, hosts[2], TOKENS, 1_000), 1_002);
        nodes.set(hosts[2], false, false);
        vm.prank(stranger);
        registry.removeOffer(model, ETH, hosts[2]);
        vm.expectRevert(_notOffered(ETH, hosts[2]));
        registry.removeOffer(model, ETH, hosts[2]);
        vm.prank(hosts[1]);
        registry.removeOffer(model, ETH, hosts[1]);
        assertEq(registry.offerCount(model, ETH), 0);
        assertEq(registry.offers(model, ETH, 0, 5).length, 0);
    }

    function test_X45_usesAreWhatTheMarketplaceSettledOnce() public {
        vm.startPrank(publisher);
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionWrongStatus.selector, 1, ISessionJobs.SessionStatus.None)
        );
        registry.recordSettled(1);
        market.set(1, model, 1_000, ISessionJobs.SessionStatus.Active);
        vm.expectRevert(abi.encodeWithSelector(SettledSessions.SettledSessionsNotSettled.selector, 1));
        registry.recordSettled(1);
        market.set(1, model, 1_000, ISessionJobs.SessionStatus.Settled);
        vm.expectEmit(address(registry));
        emit IModelRegistry.UseRecorded(1, model, 1_000);
        registry.recordSettled(1);
        assertTrue(registry.isRecorded(1));
        vm.expectRevert(abi.encodeWithSelector(SettledSessions.SettledSessionsTwice.selector, 1));
        registry.recordSettled(1);

        // What was listed at some time counts, what never was can be recorded later.
        registry.delistModel(model);
        market.set(2, model, type(uint40).max, ISessionJobs.SessionStatus.Settled);
        registry.recordSettled(2);
        bytes32 later = registry.modelIdOf("mistral-7b", "0.3");
        market.set(3, later, 5, ISessionJobs.SessionStatus.Settled);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelRegistryNotListed.selector, later));
        registry.recordSettled(3);
        assertFalse(registry.isRecorded(3));
        registry.listModel("mistral-7b", "0.3", "ipfs://a");
        registry.recordSettled(3);
        vm.stopPrank();
        assertEq(registry.getModel(model).uses, 2);
        assertEq(registry.getModel(model).tokens, uint256(type(uint40).max) + 1_000);
        assertEq(registry.getModel(later).tokens, 5);
    }

    function test_onlyTheOwnerSetsAndUpgrades() public {
        bytes memory refused =
            abi.encodeWithSelector(OwnableUpgradeable.OwnableUnauthorizedAccount.selector, stranger);
        address next = deployCode("ModelRegistry");
        IModelRegistry.MinimumPrices[] memory none;
        vm.startPrank(stranger);
        vm.expectRevert(refused);
        registry.setMinimumPrices(USDC, 1, 1);
        vm.expectRevert(refused);
        registry.upgradeToAndCall(next, "");
        vm.stopPrank();
        vm.startPrank(owner);
        registry.upgradeToAndCall(next, "");
        vm.stopPrank();
        assertEq(registry.marketplace(), address(market));
        assertEq(registry.nodeRegistry(), address(nodes));
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        registry.initialize(stranger, address(nodes), stranger, none);
        vm.expectRevert(IModelRegistry.ModelRegistryZeroAddress.selector);
        deployer.deploy("zero", next, abi.encodeCall(ModelRegistry.initialize, (owner, address(0), stranger, none)));
        vm.expectRevert(IModelRegistry.ModelRegistryZeroAddress.selector);
        deployer.deploy("zero", next, abi.encodeCall(ModelRegistry.initialize, (owner, stranger, address(0), none)));
        // No offers, then, in a token that nobody could pay in.
        none = new IModelRegistry.MinimumPrices[](1);
        vm.expectRevert(_tooLow("pricePer1000", 0, 1));
        deployer.deploy("zero", next, abi.encodeCall(ModelRegistry.initialize, (owner, stranger, stranger, none)));
    }

    function _host(string memory name) private returns (address host) {
        host = makeAddr(name);
        nodes.set(host, true, true);
    }

    function _offer(address host, address token, uint96 per1000, uint96 perMinute) private {
        vm.prank(host);
        registry.setPrice(model, token, per1000, perMinute);
    }

    function _expectCheapest(
        IModelRegistry.Unit unit,
        uint256 offset,
        uint256 limit,
        address host,
        uint256 price
    ) private view {
        (address found, uint256 asked) = registry.cheapestHost(model, USDC, unit, offset, limit);
        assertEq(found, host);
        assertEq(asked, price);
    }

    function _expectLength(string memory field, uint256 length, uint256 maximum) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IModelRegistry.ModelRegistryTextLength.selector, field, length, 1, maximum
            )
        );
    }

    function _tooLow(string memory field, uint256 price, uint256 minimum) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IModelRegistry.ModelRegistryPriceTooLow.selector, field, price, minimum);
    }

    function _notOffered(address token, address host) private view returns (bytes memory) {
        return abi.encodeWithSelector(IModelRegistry.ModelRegistryNotOffered.selector, model, token, host);
    }
}
