// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IDynamicPricing} from "../interfaces/IDynamicPricing.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {MarketplaceFixture} from "../mocks/MarketplaceFixture.sol";
import {DynamicPricing} from "./DynamicPricing.sol";
import {ModelRegistry} from "./ModelRegistry.sol";
import {SettledSessions} from "./SettledSessions.sol";

/// With the real marketplace: nobody reports, anyone records.
contract SettledSessionsTest is MarketplaceFixture {
    ModelRegistry private models;
    DynamicPricing private pricing;
    bytes32 private model;

    function setUp() public override {
        super.setUp();
        models = ModelRegistry(
            deployer.deploy(
                "models",
                deployCode("ModelRegistry"),
                abi.encodeCall(
                    ModelRegistry.initialize,
                    (owner, address(registry), address(market), new IModelRegistry.MinimumPrices[](0))
                )
            )
        );
        pricing = DynamicPricing(
            deployer.deploy(
                "pricing",
                deployCode("DynamicPricing"),
                abi.encodeCall(
                    DynamicPricing.initialize, (owner, address(market), IDynamicPricing.Curve(5_000, 30_000))
                )
            )
        );
        model = models.listModel("llama-70b", "3.1", "ipfs://bafkreimodel");
        vm.prank(owner);
        pricing.setCapacity(model, 10_000);
    }

    /// Rows 101 and 103.
    function test_X45_aSettledSessionCountsOnceForItsModel() public {
        uint256 jobId = _open(model);
        checkpoint(jobId, 4_000);
        vm.expectRevert(abi.encodeWithSelector(SettledSessions.SettledSessionsNotSettled.selector, jobId));
        models.recordSettled(jobId);
        vm.expectRevert(abi.encodeWithSelector(SettledSessions.SettledSessionsNotSettled.selector, jobId));
        pricing.recordSettled(jobId);

        bytes memory last = voucher(jobId, 8_000);
        vm.warp(START + 1 hours);
        vm.prank(host);
        market.settleSessionWithVoucher(jobId, 8_000, TRANSCRIPT, last);
        assertEq(market.getSessionDetails(jobId).settledAt, START + 1 hours);
        vm.startPrank(stranger);
        models.recordSettled(jobId);
        // A quarter of an hour late: what it had been when it was settled, less what has gone since.
        vm.warp(START + 75 minutes);
        pricing.recordSettled(jobId);
        vm.expectRevert(abi.encodeWithSelector(SettledSessions.SettledSessionsTwice.selector, jobId));
        models.recordSettled(jobId);
        vm.expectRevert(abi.encodeWithSelector(SettledSessions.SettledSessionsTwice.selector, jobId));
        pricing.recordSettled(jobId);
        vm.stopPrank();
        assertEq(models.getModel(model).uses, 1);
        assertEq(models.getModel(model).tokens, 8_000);
        assertEq(pricing.utilisationBps(model), 4_000);
    }

    function test_sessionsWithoutWorkAndSingleJobsDoNotCount() public {
        uint256 jobId = _open(model);
        vm.prank(host);
        market.settleSession(jobId);
        vm.expectRevert(abi.encodeWithSelector(SettledSessions.SettledSessionsNothingProven.selector, jobId));
        models.recordSettled(jobId);
        uint256 single = submittedJob(1 ether);
        bytes memory refused = abi.encodeWithSelector(
            ISessionJobs.SessionWrongStatus.selector, single, ISessionJobs.SessionStatus.None
        );
        vm.expectRevert(refused);
        models.recordSettled(single);
        vm.expectRevert(refused);
        pricing.recordSettled(single);
    }

    function _open(bytes32 modelId) private returns (uint256) {
        ISessionJobs.SessionParams memory params = sessionParams(ETH, 1 ether, 0.1 ether);
        params.model = modelId;
        vm.prank(renter);
        return market.createSession{value: 1 ether}(params);
    }
}
