// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IDynamicPricing} from "../../interfaces/IDynamicPricing.sol";
import {IModelRegistry} from "../../interfaces/IModelRegistry.sol";
import {ISessionJobs} from "../../interfaces/ISessionJobs.sol";
import {System, WalkLog} from "../system/System.sol";
import {Services, ServicesWalker} from "./Services.sol";

/// @notice Models, what hosts ask for them, and what settled sessions say of their demand.
abstract contract ModelsWalker is ServicesWalker {
    mapping(uint256 jobId => bool) private _used;
    mapping(uint256 jobId => bool) private _demanded;
    uint256[] private _settled;

    constructor(System memory system, Services memory services, WalkLog log_)
        ServicesWalker(system, services, log_)
    {}

    /// @notice What publishers do, and those who would like to be one.
    function publish(uint256 seed) external walks {
        (bytes32 model, string memory name) = _model(seed);
        (address before, address sender) = (v.models.getModel(model).publisher, _anyone(seed >> 8));
        if ((seed >> 16) % 4 != 0 && before != address(0)) sender = before;
        address target = address(v.models);
        uint256 step = (seed >> 24) % 8;
        bool success;
        if (step == 7) {
            address next = _anyone(seed >> 32);
            if (_govern("setPublisher", target, abi.encodeCall(IModelRegistry.setPublisher, (model, next)))) before = next;
        } else if (step < 4) {
            success = _act("listModel", sender, target, 0, abi.encodeCall(IModelRegistry.listModel, (name, "1", "text")));
            if (success && before == address(0)) before = sender;
        } else if (step < 6) {
            success = _act("updateModel", sender, target, 0, abi.encodeCall(IModelRegistry.updateModel, (model, "new")));
        } else {
            success = _act("delistModel", sender, target, 0, abi.encodeCall(IModelRegistry.delistModel, (model)));
        }
        _check(!success || sender == before, "somebody changed another one's model");
        _check(v.models.getModel(model).publisher == before, "a model changed hands");
    }

    /// @notice Offers of hosts; each host at most once in each list.
    function offer(uint256 seed, uint256 price) external walks {
        (bytes32 model,) = _model(seed);
        (address token, address host, address target) = (s.tokens[(seed >> 8) % 2], _anyone(seed >> 16), address(v.models));
        uint256 count = v.models.offerCount(model, token);
        uint256 step = (seed >> 24) % 8;
        if (step < 4) {
            uint96 asked = uint96(bound(price, 1, 1e6));
            bytes memory data = abi.encodeCall(IModelRegistry.setPrice, (model, token, asked, uint96(price % 2 * asked)));
            bool active = s.registry.isActiveNode(host);
            _check(!_act("setOffer", host, target, 0, data) || active, "a host offered that is not active");
        } else if (step < 7) {
            address sender = step == 4 ? _anyone(seed >> 32) : host;
            bool active = s.registry.isActiveNode(host);
            bytes memory data = abi.encodeCall(IModelRegistry.removeOffer, (model, token, host));
            bool success = _act("removeOffer", sender, target, 0, data);
            _check(!success || sender == host || !active, "somebody removed another one's offer");
            _check(!success || v.models.offerCount(model, token) + 1 == count, "one removal is not one offer less");
        } else {
            bytes memory data = abi.encodeCall(IModelRegistry.setMinimumPrices, (token, uint96(bound(price, 1, 2_000)), 1));
            _govern("setMinimumPrices", target, data);
        }
        IModelRegistry.Offer[] memory all = v.models.offers(model, token, 0, 100);
        _check(all.length == v.models.offerCount(model, token), "offers are not as many as are counted");
        for (uint256 i; i < all.length; ++i) {
            for (uint256 j; j < i; ++j) {
                _check(all[i].host != all[j].host, "a host stands twice in a list");
            }
        }
    }

    /// @notice A session from beginning to end; what it proved can be counted afterwards.
    function sell(uint256 seed, uint256 tokens) external walks {
        (bytes32 model,) = _model(seed);
        address renter = s.renters[0];
        tokens = bound(tokens, 0, 1_000);
        ISessionJobs.SessionParams memory params = ISessionJobs.SessionParams(
            s.hosts[(seed >> 8) % 2], ETH, 0.01 ether, 0.01 ether, 1 days, 100, s.operator, model, ISessionJobs.ProofMode.CoSigned
        );
        _fund(renter, ETH, params.deposit, address(0));
        bytes memory data = abi.encodeCall(ISessionJobs.createSession, (params));
        if (!_act("createSession", renter, address(s.market), params.deposit, data)) return;
        uint256 jobId = s.market.lastJobId();
        bytes memory voucher = _signed(s.operator, s.market.checkpointDigest(jobId, tokens, 0));
        data = abi.encodeCall(ISessionJobs.settleSessionWithVoucher, (jobId, tokens, 0, voucher));
        if (_act("settleSessionWithVoucher", params.host, address(s.market), 0, data)) _settled.push(jobId);
    }

    /// @notice Anyone counts a session, once.
    function record(uint256 seed) external walks {
        if (_settled.length == 0) return;
        uint256 jobId = _settled[seed % _settled.length];
        ISessionJobs.SessionDetails memory details = s.market.getSessionDetails(jobId);
        address sender = _anyone(seed >> 8);
        if ((seed >> 16) % 2 == 0) {
            uint256 uses = v.models.getModel(details.model).uses;
            bytes memory data = abi.encodeCall(IModelRegistry.recordSettled, (jobId));
            if (!_act("recordUse", sender, address(v.models), 0, data)) return;
            _check(!_used[jobId] && details.provenTokens != 0, "a session was used twice");
            _check(v.models.getModel(details.model).uses == uses + 1, "one use is not one more");
            _used[jobId] = true;
        } else {
            bytes memory data = abi.encodeCall(IDynamicPricing.recordSettled, (jobId));
            if (!_act("recordDemand", sender, address(v.pricing), 0, data)) return;
            _check(!_demanded[jobId] && details.provenTokens != 0, "a session was demand twice");
            _demanded[jobId] = true;
        }
    }

    /// @notice Curve and capacity, and what they make of a price.
    function surge(uint256 seed, uint256 amount) external walks {
        (bytes32 model,) = _model(seed);
        address target = address(v.pricing);
        if ((seed >> 8) % 4 == 0) {
            bytes memory data = abi.encodeCall(IDynamicPricing.setCapacity, (model, uint96(bound(amount, 0, 5_000))));
            _govern("setCapacity", target, data);
        } else if ((seed >> 8) % 4 == 1) {
            IDynamicPricing.Curve memory curve =
                IDynamicPricing.Curve(uint16(amount % 10_000), uint16(bound(amount >> 16, 10_000, 50_000)));
            _check(_govern("setCurve", target, abi.encodeCall(IDynamicPricing.setCurve, (curve))), "a sound curve was refused");
        } else {
            _check(!_act("", _anyone(seed >> 16), target, 0, abi.encodeCall(IDynamicPricing.setCapacity, (model, 1))), "a stranger set a capacity");
        }
        uint256 highest = v.pricing.curve().maxSurgeBps;
        (uint256 now_, uint256 price) = (v.pricing.surgeBps(model), v.pricing.priceNow(model, 1e6));
        _check(v.pricing.utilisationBps(model) <= 10_000, "more than everything is in use");
        _check(now_ >= 10_000 && now_ <= highest, "a surge out of its bounds");
        _check(price >= 1e6 && price <= 1e6 * highest / 10_000 + 1, "a price out of its bounds");
    }

    function warp(uint256 seed) external walks {
        vm.warp(block.timestamp + bound(seed >> 8, 1, seed % 8 == 0 ? 3 days : 2 hours));
    }

    function _model(uint256 seed) private view returns (bytes32, string memory) {
        string[3] memory names = ["llama", "mistral", "perceptron"];
        string memory name = names[(seed >> 200) % 3];
        return (v.models.modelIdOf(name, "1"), name);
    }
}
