// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICircuitBreaker} from "../../interfaces/ICircuitBreaker.sol";
import {IEmergencyGuardian} from "../../interfaces/IEmergencyGuardian.sol";
import {IHostReputation} from "../../interfaces/IHostReputation.sol";
import {IJobTerms} from "../../interfaces/IJobTerms.sol";
import {IMarketplaceSettings} from "../../interfaces/IMarketplaceSettings.sol";
import {INodeRegistry} from "../../interfaces/INodeRegistry.sol";
import {IProofSystem} from "../../interfaces/IProofSystem.sol";
import {ISessionJobs} from "../../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../../interfaces/ISingleJobs.sol";
import {IBlacklist, System, WalkLog} from "./System.sol";
import {SystemWalker} from "./SystemWalker.sol";

/// @notice Governance, the guardian, time and accidents: everything that changes the rules under those who work.
abstract contract RulesWalker is SystemWalker {
    address private immutable _verifier;

    constructor(System memory system, WalkLog log_) SystemWalker(system, log_) {
        _verifier = system.proofs.getCircuit(MODEL).verifier;
    }

    /// @dev Mostly minutes: after a long jump every deadline has passed.
    function warp(uint256 seed) external walks {
        uint256 longest = seed % 10 == 0 ? 9 days : seed % 4 == 0 ? 1 days : 30 minutes;
        if (seed % 48 == 1) longest = 200 days;
        vm.warp(block.timestamp + bound(seed >> 8, 1, longest));
    }

    /// @notice Levels and pauses of the breaker, by guardian and timelock.
    function stop(uint256 seed, uint8 level) external walks {
        (address market, address guardian) = (address(s.market), s.guardian);
        bytes4 selector = ISingleJobs.claimJob.selector;
        uint256 step = (seed >> 8) % 16;
        level %= 4;
        if (step == 0) {
            bytes memory call = abi.encodeCall(ICircuitBreaker.setCircuitBreakerLevel, (level));
            _govern("setCircuitBreakerLevel", market, call);
        } else if (step < 3) {
            _govern("pauseFunction", market, abi.encodeWithSignature("pauseFunction(bytes4)", selector));
        } else if (step == 3) {
            _govern("pauseNamed", market, abi.encodeWithSignature("pauseFunction(string)", "postJob"));
        } else if (step == 4 || step == 8) {
            _govern("unpauseNamed", market, abi.encodeWithSignature("unpauseFunction(string)", "postJob"));
        } else if (step == 5 || step == 15) {
            _govern("unpauseFunction", market, abi.encodeWithSignature("unpauseFunction(bytes4)", selector));
        } else if (step == 6) {
            _govern("emergencyPause", market, abi.encodeCall(ICircuitBreaker.emergencyPause, ("walk")));
        } else if (step == 7) {
            _govern("unpause", market, abi.encodeCall(ICircuitBreaker.unpause, ()));
        } else {
            _stopByGuardian(market, guardian, step, level);
        }
    }

    function _stopByGuardian(address market, address guardian, uint256 step, uint8 level) private {
        bytes4 posting = ISingleJobs.postJob.selector;
        if (step == 9) {
            bytes memory call = abi.encodeCall(IEmergencyGuardian.setCircuitBreakerLevel, (market, level));
            _act("guardianLevel", s.member, guardian, 0, call);
        } else if (step == 10) {
            bytes memory call = abi.encodeCall(IEmergencyGuardian.pauseFunction, (market, posting));
            _act("guardianPauseFunction", s.member, guardian, 0, call);
        } else if (step < 14) {
            bytes memory call = abi.encodeCall(IEmergencyGuardian.unpauseFunction, (market, posting));
            _act("guardianUnpauseFunction", s.member, guardian, 0, call);
        } else {
            string memory action = level % 2 == 0 ? "pause" : "unpause";
            bytes memory call = abi.encodeWithSignature("executeEmergencyAction(string,address)", action, market);
            _act("guardianAction", s.member, guardian, 0, call);
        }
    }

    /// @notice New terms of the marketplace; work under way keeps its own.
    function reform(uint256 seed, uint256 amount) external walks {
        address market = address(s.market);
        address token = _token(seed >> 8);
        uint256 step = seed % 16;
        if (step == 0) _govern("setFees", market, abi.encodeCall(IMarketplaceSettings.setFees, (amount % 2_001, (amount >> 16) % 1_001)));
        else if (step == 1) _govern("setClosingWindow", market, abi.encodeCall(IMarketplaceSettings.setClosingWindow, (bound(amount, 10 minutes, 24 hours))));
        else if (step == 2) _govern("setAcceptedToken", market, abi.encodeCall(IMarketplaceSettings.setAcceptedToken, (token, amount % 4 != 0)));
        else if (step == 3) _govern("setTokenLimits", market, abi.encodeCall(IMarketplaceSettings.setTokenLimits, (token, 100 + amount % 100, 10_000e18)));
        else if (step == 4) _govern("setTreasury", market, abi.encodeCall(IMarketplaceSettings.setTreasury, (amount % 2 == 0 ? s.treasury : s.everyone[2])));
        else if (step == 5) _govern("setStakers", market, abi.encodeCall(IMarketplaceSettings.setStakers, (amount % 4 == 0 ? s.operator : address(s.pool))));
        else if (step == 6) _govern("setArbiter", market, abi.encodeCall(IMarketplaceSettings.setArbiter, (s.arbiter)));
        else if (step == 7) _govern("setProofSystem", market, abi.encodeCall(IMarketplaceSettings.setProofSystem, (amount % 8 == 0 ? address(0) : address(s.proofs))));
        else if (step == 8) _govern("setReputation", market, abi.encodeCall(IMarketplaceSettings.setReputation, (amount % 8 == 0 ? address(0) : address(s.reputation))));
        else if (step == 9) _govern("setSponsorPaymaster", market, abi.encodeCall(IMarketplaceSettings.setSponsorPaymaster, (address(s.entryPoint), address(s.sponsor))));
        else if (step == 10) _govern("setReviewWindow", market, abi.encodeCall(IJobTerms.setReviewWindow, (bound(amount, 1 hours, 2 days))));
        else if (step == 11) _govern("setBonusReputation", market, abi.encodeCall(IJobTerms.setBonusReputation, (amount % 2 * 10)));
        else if (step == 12) _govern("setDisputeTerms", market, abi.encodeCall(IJobTerms.setDisputeTerms, (bound(amount, 10, 1_000), bound(amount, 7 days, 8 days))));
        else if (step == 13) _govern("setMaxPending", market, abi.encodeCall(s.market.setMaxPending, (token, amount % 4 == 0 ? 0 : 1_000e18)));
        else if (step == 14) _limits(amount);
        else _govern("setGuardian", market, abi.encodeCall(ICircuitBreaker.setGuardian, (s.guardian)));
    }

    function _limits(uint256 amount) private {
        address market = address(s.market);
        bytes4 kind = amount % 2 == 0 ? ISingleJobs.postJob.selector : ISessionJobs.createSession.selector;
        bytes memory rate = abi.encodeCall(ICircuitBreaker.setRateLimit, (kind, bound(amount, 5, 100), bound(amount, 60, 1 hours)));
        _govern("setRateLimit", market, rate);
        bytes memory rules = abi.encodeCall(ICircuitBreaker.setFailureRules, (bound(amount, 3, 9), 1 days, 1 hours));
        _govern("setFailureRules", market, rules);
    }

    /// @notice New terms of the other contracts.
    function reformOthers(uint256 seed, uint256 amount) external walks {
        (address registry, address proofs, address reputation) =
            (address(s.registry), address(s.proofs), address(s.reputation));
        uint256 step = seed % 19;
        // Without its circuit most of the walk is refused.
        if (amount % 2 == 0 && s.proofs.getCircuit(MODEL).verifier == address(0)) return _circuit(amount);
        if (step == 0) _govern("setMinimumStake", registry, abi.encodeCall(INodeRegistry.setMinimumStake, (bound(amount, 200e18, 2_000e18))));
        else if (step == 1) _govern("setUnbondingPeriod", registry, abi.encodeCall(INodeRegistry.setUnbondingPeriod, (bound(amount, 5 days, 9 days))));
        else if (step == 2) _govern("setJailPeriod", registry, abi.encodeCall(INodeRegistry.setJailPeriod, (bound(amount, 1 hours, 2 days))));
        else if (step == 3) _govern("setRegistryProofSystem", registry, abi.encodeCall(INodeRegistry.setProofSystem, (proofs)));
        else if (step == 4) _slash(seed, amount);
        else if (step == 5) _govern("setResolver", proofs, abi.encodeCall(IProofSystem.setResolver, (s.resolver, amount % 8 != 0)));
        else if (step == 6) _govern("setChallengeWindow", proofs, abi.encodeCall(IProofSystem.setChallengeWindow, (bound(amount, 1 hours, 2 days))));
        else if (step == 7) _govern("setRevealWindow", proofs, abi.encodeCall(IProofSystem.setRevealWindow, (bound(amount, 1 hours, 1 days))));
        else if (step == 8) _govern("setResolverWindow", proofs, abi.encodeCall(IProofSystem.setResolverWindow, (bound(amount, 1 hours, 4 days))));
        else if (step == 9) _govern("setChallengeBond", proofs, abi.encodeCall(IProofSystem.setChallengeBond, (bound(amount, 1e18, 20e18))));
        else if (step == 10) _govern("setChallengeSlash", proofs, abi.encodeCall(IProofSystem.setChallengeSlash, (bound(amount, 0, 50e18))));
        else if (step == 11) _circuit(amount);
        else if (step == 12) _govern("setMinReputationFee", reputation, abi.encodeCall(IHostReputation.setMinReputationFee, (_token(seed >> 8), amount % 1e9)));
        else if (step == 13) _govern("setIncentiveThreshold", reputation, abi.encodeCall(IHostReputation.setIncentiveThreshold, (amount % 1_000 + 1)));
        else if (step == 14) _govern("slashReputation", reputation, abi.encodeCall(IHostReputation.slashReputation, (_anyone(seed >> 8), amount % 50, "walk")));
        else if (step == 15) _govern("setReputationProofSystem", reputation, abi.encodeCall(IHostReputation.setProofSystem, (proofs)));
        else if (step == 16) _govern("setSplitterTreasury", address(s.splitter), abi.encodeCall(s.splitter.setTreasury, (_anyone(seed >> 8))));
        else if (step == 17) _govern("listRewardToken", address(s.pool), abi.encodeCall(s.pool.listRewardToken, (s.refused[0])));
        else _closeImports(amount);
    }

    /// @dev Once in a long while: it ends for good.
    function _closeImports(uint256 amount) private {
        _govern("setStakersPool", address(s.splitter), abi.encodeCall(s.splitter.setStakersPool, (address(s.pool))));
        if (amount % 4 != 0) return;
        _act("closeImport", s.migrator, address(s.registry), 0, abi.encodeCall(INodeRegistry.closeImport, ()));
        _act("closeImport", s.migrator, address(s.reputation), 0, abi.encodeCall(IHostReputation.closeImport, ()));
    }

    function _slash(uint256 seed, uint256 amount) private {
        address node = _anyone(seed >> 8);
        bytes memory data =
            abi.encodeCall(s.registry.slash, (node, bound(amount, 1, 500e18), _anyone(seed >> 16), "walk"));
        _govern("slash", address(s.registry), data);
    }

    function _circuit(uint256 amount) private {
        address verifier = s.proofs.getCircuit(MODEL).verifier;
        if (amount % 4 != 0 && verifier != address(0)) return;
        if (verifier != address(0)) {
            _govern("removeCircuit", address(s.proofs), abi.encodeCall(IProofSystem.removeCircuit, (MODEL)));
        } else {
            IProofSystem.InstanceLayout memory layout = IProofSystem.InstanceLayout(COMMITMENT, 4, 3, 0, 0);
            bytes memory data = abi.encodeCall(IProofSystem.registerCircuit, (MODEL, _verifier, VK, layout));
            _govern("registerCircuit", address(s.proofs), data);
        }
    }

    /// @notice Money that nobody asked for, and a token that turns on somebody.
    function disturb(uint256 seed, uint256 amount) external walks {
        address token = _token(seed >> 8);
        uint256 step = seed % 8;
        if (step == 0) {
            address to = [address(s.registry), address(s.proofs), address(s.pool), address(s.splitter)][(seed >> 16) % 4];
            amount %= 1e18;
            vm.prank(s.faucet);
            s.fab.transfer(to, amount);
        } else if (step == 1 && token != ETH) {
            amount %= 1e18;
            _fund(s.operator, token, amount, address(0xdead));
            vm.prank(s.operator);
            (bool sent,) = token.call(abi.encodeWithSignature("transfer(address,uint256)", address(s.market), amount));
            sent;
        } else if (step == 2) {
            _govern("sweepSurplus", address(s.market), abi.encodeCall(IJobTerms.sweepSurplus, (token, s.treasury)));
        } else if (step == 3) {
            IBlacklist(s.tokens[3]).blacklist(_anyone(seed >> 24));
        } else if (step == 4) {
            _intrude(seed, amount);
        } else if (step == 5) {
            amount %= 1 ether;
            vm.deal(s.operator, s.operator.balance + amount);
            _check(_act("receivePool", s.operator, address(s.pool), amount, ""), "the pool takes no ETH");
        }
    }

    /// @dev Nobody but the wired contracts may do what they do.
    function _intrude(uint256 seed, uint256 amount) private {
        address caller = _anyone(seed >> 24);
        uint256 jobId = amount % (s.market.lastJobId() + 2);
        bytes[5] memory calls = [
            abi.encodeCall(s.market.rejectResult, (jobId)),
            abi.encodeCall(s.registry.forfeitClaimBond, (_anyone(seed >> 32), caller)),
            abi.encodeCall(s.registry.slash, (_anyone(seed >> 32), amount, caller, "thief")),
            abi.encodeCall(s.reputation.recordJobCompletion, (caller, jobId, true)),
            abi.encodeCall(s.proofs.submitAndVerify, (jobId, caller, ""))
        ];
        address[5] memory targets =
            [address(s.market), address(s.registry), address(s.registry), address(s.reputation), address(s.proofs)];
        bool success = _act("intrude", caller, targets[(seed >> 16) % 5], 0, calls[(seed >> 16) % 5]);
        _check(!success, "a stranger did what only a contract of the system may");
    }
}
