// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IEmergencyGuardian} from "../../interfaces/IEmergencyGuardian.sol";
import {IJobTerms} from "../../interfaces/IJobTerms.sol";
import {IParameterGuard} from "../../interfaces/IParameterGuard.sol";
import {ITimelock} from "../../interfaces/ITimelock.sol";
import {ServicesFixture} from "../services/ServicesFixture.sol";
import {Governance, IGovernorParts} from "./Governance.sol";

/// @notice The whole system under its real timelock, which the governor alone speaks to.
abstract contract GovernanceSystem is ServicesFixture {
    Governance internal g;

    function deployGovernance() internal {
        deployServices();
        g.timelock = TimelockController(payable(s.timelock));
        g.guard = IParameterGuard(_new("ParameterGuard", abi.encode(s.timelock)));
        g.guardian = IEmergencyGuardian(s.guardian);
        address votes = _new("VotesAdapter", abi.encode(s.fab, s.pool));
        g.governor = IGovernorParts(_new("FabstirGovernor", abi.encode(votes, s.timelock, s.guardian)));
        _own();
        g.timelock.grantRole(keccak256("PROPOSER_ROLE"), address(g.governor));
        g.timelock.grantRole(keccak256("CANCELLER_ROLE"), address(g.governor));
        g.timelock.grantRole(keccak256("EXECUTOR_ROLE"), address(g.governor));
        ITimelock(s.timelock).setParameterGuard(g.guard);
        g.guard.setParameters(_parameters());
        g.timelock.renounceRole(0, address(this));
        (g.alice, g.bob, g.carol) = (_signer("alice"), _signer("bob"), _signer("carol"));
        _endow(g.alice, 900_000_000e18);
        _endow(g.bob, 300_000_000e18);
        _endow(g.carol, 250_000_000e18);
        vm.warp(block.timestamp + 1);
    }

    function _newTimelock() internal override returns (address) {
        return _new("Timelock", abi.encode(2 days, new address[](0), new address[](0), address(this)));
    }

    function _own() private {
        address[11] memory owned = [
            address(s.registry),
            address(s.reputation),
            address(s.proofs),
            address(s.pool),
            address(s.splitter),
            address(v.models),
            address(v.pricing),
            address(v.buyback),
            address(s.market),
            address(v.payer),
            address(s.vault)
        ];
        string[11] memory names = [
            "NodeRegistry",
            "ReputationSystem",
            "ProofSystem",
            "StakersPool",
            "RevenueSplitter",
            "ModelRegistry",
            "DynamicPricing",
            "Buyback",
            "JobMarketplace",
            "TokenPaymaster",
            "TopUpVault"
        ];
        for (uint256 i; i < owned.length; ++i) {
            g.owned.push(owned[i]);
            g.names.push(names[i]);
            if (i < 8) g.code.push(_new(names[i], ""));
        }
        g.code.push(_newMarketplace());
    }

    function _parameters() private view returns (IParameterGuard.Parameter[] memory list) {
        list = new IParameterGuard.Parameter[](2);
        list[0] = _parameter(
            address(s.market), IJobTerms.setReviewWindow.selector, "reviewWindow", s.market.reviewWindow.selector
        );
        (list[0].values[0].minimum, list[0].values[0].maximum) = (1 hours, 7 days);
        list[1] = _parameter(s.timelock, g.timelock.updateDelay.selector, "delay", g.timelock.getMinDelay.selector);
        (list[1].values[0].minimum, list[1].values[0].maximum) = (2 days, 30 days);
    }

    function _parameter(address target, bytes4 selector, string memory name, bytes4 getter)
        private
        pure
        returns (IParameterGuard.Parameter memory parameter)
    {
        (parameter.target, parameter.selector) = (target, selector);
        parameter.values = new IParameterGuard.Value[](1);
        (parameter.values[0].name, parameter.values[0].getter) = (name, getter);
    }

    function _endow(address voter, uint256 amount) private {
        s.fab.transfer(voter, amount);
        vm.prank(voter);
        IVotes(address(s.fab)).delegate(voter);
    }
}
