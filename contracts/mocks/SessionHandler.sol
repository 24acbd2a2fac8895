// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAttestedSessions} from "../interfaces/IAttestedSessions.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {TestUsdc} from "../tokens/TestUsdc.sol";
import {MarketplaceHandler} from "./MarketplaceHandler.sol";
import {MarketplaceRules} from "./MarketplaceRules.sol";

/// @notice The walk over what few sessions need: attested work and its challenges, prepaid balances, batches, aliases.
abstract contract SessionHandler is MarketplaceHandler {
    address public immutable arbiter;

    /// @notice Highest count that the host of a session ever attested.
    mapping(uint256 jobId => uint256) public attested;

    constructor(
        IJobMarketplace market_,
        TestUsdc usdc_,
        address[] memory hosts_,
        string[] memory renterNames,
        address arbiter_
    ) MarketplaceHandler(market_, usdc_, hosts_, renterNames) {
        arbiter = arbiter_;
    }

    function attest(uint256 seed, uint256 tokens) external {
        (uint256 jobId, ISessionJobs.SessionDetails memory details) = _pickSession(seed);
        if (jobId == 0) return;
        IAttestedSessions.AttestedWork memory work = market.attestedWork(jobId);
        uint256 running = work.tokens > details.provenTokens ? work.tokens : details.provenTokens;
        uint256 capacity = details.deposit * 1000 / details.pricePer1000;
        tokens = bound(tokens, 0, (capacity - running) / 2 + 200);
        bytes memory word = abi.encode(bytes32(0), bytes(""));
        vm.prank((seed >> 64) % 8 == 0 ? details.renter : details.host);
        try market.submitProofOfWork(jobId, word, tokens) {
            _check(details.proofMode == ISessionJobs.ProofMode.Attested, "a host attested in a co-signed session");
            _check((seed >> 64) % 8 != 0, "a renter attested");
            _check(!work.challenged || block.timestamp >= work.maturesAt, "attested under challenge");
            if (running + tokens > attested[jobId]) attested[jobId] = running + tokens;
            ++successes["attest"];
        } catch {}
    }

    function challenge(uint256 seed) external {
        (uint256 jobId, ISessionJobs.SessionDetails memory details) = _pickSession(seed);
        if (jobId == 0) return;
        IAttestedSessions.AttestedWork memory work = market.attestedWork(jobId);
        bool due = work.tokens != 0 && !work.challenged && block.timestamp < work.maturesAt
            && MarketplaceRules.isOpen(details);
        uint256 bond = (work.value + 99) / 100;
        uint256 owed = market.withdrawable(details.renter, details.token);
        uint256 value;
        if ((seed >> 64) % 2 == 0) {
            if (details.token == address(0)) value = bond;
            _fund(details.renter, details.token, bond);
        }
        if (value == 0 && owed < bond) {
            due = due && details.token != address(0) && usdc.allowance(details.renter, address(market)) >= bond
                && usdc.balanceOf(details.renter) >= bond;
        }
        vm.prank(details.renter);
        try market.challengeAttestedWork{value: value}(jobId) {
            _check(due, "a challenge against the rules");
            ++successes["challenge"];
        } catch {
            _check(!due, "I6: a challenge was refused");
        }
    }

    function decide(uint256 seed, bool worked) external {
        (uint256 jobId, ISessionJobs.SessionDetails memory details) = _pickSession(seed);
        if (jobId == 0) return;
        IAttestedSessions.AttestedWork memory work = market.attestedWork(jobId);
        bool due = work.challenged && block.timestamp < work.maturesAt && MarketplaceRules.isOpen(details);
        address winner = worked ? details.host : details.renter;
        uint256 before = market.withdrawable(winner, details.token);
        vm.prank(arbiter);
        try market.decideAttestedWork(jobId, worked) {
            _check(due, "a decision against the rules");
            _check(market.withdrawable(winner, details.token) == before + work.bond, "the bond went astray");
            ++successes[worked ? "decideForHost" : "decideForRenter"];
        } catch {
            _check(!due, "I6: a decision was refused");
        }
    }

    function depositPrepaid(uint256 seed, uint256 amount) external {
        (address renter, address token) =
            (renters[seed % renters.length], (seed >> 8) % 2 == 0 ? address(0) : address(usdc));
        amount = token == address(0) ? bound(amount, 0.0001 ether, 10 ether) : bound(amount, 0.5e6, 10_000e6);
        _fund(renter, token, amount);
        vm.prank(renter);
        market.depositPrepaid{value: token == address(0) ? amount : 0}(token, amount);
        ++successes["depositPrepaid"];
    }

    /// @notice Two co-signed batches of one session in one call.
    function submitBatch(uint256 seed, uint256 tokens) external {
        (uint256 jobId, ISessionJobs.SessionDetails memory details) = _pickSession(seed);
        if (jobId == 0) return;
        uint256 capacity = details.deposit * 1000 / details.pricePer1000;
        tokens = bound(tokens, 1, capacity / 8 + 200);
        uint256[] memory jobIds = new uint256[](2);
        uint256[] memory batches = new uint256[](2);
        bytes[] memory proofs = new bytes[](2);
        uint256 running = details.provenTokens;
        for (uint256 i; i < 2; ++i) {
            running += tokens;
            (jobIds[i], batches[i]) = (jobId, tokens);
            proofs[i] = abi.encode(bytes32(0), _sign(details.renter, jobId, running));
        }
        bool due = running <= capacity && MarketplaceRules.takesCheckpoint(details, details.provenTokens + tokens);
        try market.submitBatchProofs(jobIds, proofs, batches) {
            _check(due, "a batch counted against the rules");
            provenSeen[jobId] = running;
            ++successes["submitBatchProofs"];
        } catch {
            _check(!due, "I6: a batch was refused");
        }
    }

    /// @notice The host's other ways to settle, and the renter's with the host's last word.
    function settleOtherwise(uint256 seed, uint256 tokens) external {
        (uint256 jobId, ISessionJobs.SessionDetails memory details) = _pickSession(seed);
        // A host that always settles at once leaves nothing to the other ways out.
        if (jobId == 0 || (seed >> 64) % 8 != 0) return;
        uint256 capacity = details.deposit * 1000 / details.pricePer1000;
        tokens = bound(tokens, 0, capacity);
        (bytes memory call, address sender, string memory name) = _otherWay(seed, jobId, tokens, details);
        bool open = MarketplaceRules.isOpen(details);
        uint256 bond = market.attestedWork(jobId).bond;
        Money memory before = _money(details);
        vm.prank(sender);
        (bool success,) = address(market).call(call);
        _check(success == open, "I6: a settlement was refused, or allowed after the end");
        if (!success) return;
        _settled(jobId, details, before, bond);
        ++successes[name];
    }

    function _otherWay(uint256 seed, uint256 jobId, uint256 tokens, ISessionJobs.SessionDetails memory details)
        private
        view
        returns (bytes memory call, address sender, string memory name)
    {
        uint256 way = (seed >> 72) % 4;
        sender = details.host;
        if (way == 0) {
            uint256[] memory jobIds = new uint256[](1);
            jobIds[0] = jobId;
            return (abi.encodeCall(ISessionJobs.settleMany, (jobIds)), sender, "settleMany");
        }
        if (way == 1) {
            return (abi.encodeCall(ISessionJobs.claimAbandonedSession, (jobId)), sender, "claimAbandonedSession");
        }
        if (way == 2) {
            uint256 batch = tokens > details.provenTokens ? tokens - details.provenTokens : 0;
            bytes memory proof = abi.encode(bytes32(0), _sign(details.renter, jobId, tokens));
            return (abi.encodeCall(ISessionJobs.claimWithProof, (jobId, proof, batch)), sender, "claimWithProof");
        }
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_hostKey(details.host), market.finalDigest(jobId, tokens));
        call = abi.encodeCall(
            ISessionJobs.completeSessionWithFinal, (jobId, tokens, abi.encodePacked(r, s, v))
        );
        return (call, details.renter, "completeSessionWithFinal");
    }
}
