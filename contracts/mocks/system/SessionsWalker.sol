// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {ISessionJobs} from "../../interfaces/ISessionJobs.sol";
import {IAttestedSessions} from "../../interfaces/IAttestedSessions.sol";
import {MarketplaceRules} from "../MarketplaceRules.sol";
import {System, WalkLog} from "./System.sol";
import {SystemWalker} from "./SystemWalker.sol";

/// @notice Every function of sessions, by those who may call it and by others.
abstract contract SessionsWalker is SystemWalker {
    struct Owed {
        uint256 host;
        uint256 renter;
        uint256 protocol;
        uint256 stakers;
        uint256 bond;
    }

    constructor(System memory system, WalkLog log_) SystemWalker(system, log_) {}

    function open(uint256 seed, uint256 deposit, uint256 price) external walks {
        if (_full()) return;
        address renter = s.renters[seed % s.renters.length];
        bool refused = (seed >> 100) % 16 == 0;
        address token = refused ? s.refused[(seed >> 8) % s.refused.length] : _token(seed >> 8);
        ISessionJobs.SessionParams memory params;
        (params.host, params.token) = (s.hosts[(seed >> 16) % s.hosts.length], token);
        params.deposit = _amount(token, deposit);
        params.pricePer1000 = bound(price, params.deposit * 1000 / type(uint40).max + 1, params.deposit * 4);
        (params.maxDuration, params.proofInterval) = (bound(seed >> 24, 10 minutes, 2 days), 100);
        params.proofMode = ISessionJobs.ProofMode((seed >> 60) % 3);
        if (params.proofMode == ISessionJobs.ProofMode.Verified || (seed >> 64) % 4 == 0) params.model = MODEL;
        _fund(renter, token, params.deposit, address(s.market));
        bool success = _create(renter, params, uint8(seed >> 80));
        _check(!success || !refused, "a token was taken that does not move what it is asked to");
    }

    function _create(address renter, ISessionJobs.SessionParams memory params, uint8 way) private returns (bool) {
        (address host, uint256 value) = (params.host, params.token == ETH ? params.deposit : 0);
        if (way % 8 == 0 && params.token == ETH) {
            bytes memory seedNamed = abi.encodeCall(
                ISessionJobs.createSessionJob,
                (host, params.deposit, params.pricePer1000 / 1000 + 1, params.maxDuration, params.proofInterval)
            );
            return _act("createSessionJob", renter, address(s.market), value, seedNamed);
        }
        if (way % 8 == 0) {
            bytes memory seedNamed = abi.encodeCall(
                ISessionJobs.createSessionJobWithToken,
                (host, params.token, params.deposit, params.pricePer1000 / 1000 + 1, params.maxDuration, 100)
            );
            return _act("createSessionJobWithToken", renter, address(s.market), 0, seedNamed);
        }
        if (way % 8 < 3) {
            ISessionJobs.HostQuote memory quote = ISessionJobs.HostQuote(address(0), block.timestamp, "");
            quote.signature = _signed(
                host,
                s.market.quoteDigest(
                    host, address(0), params.token, params.pricePer1000, params.model, block.timestamp
                )
            );
            bool byPermit = params.token == s.tokens[1] && log.keyOf(renter) != 0;
            bytes memory permit = byPermit ? _permit(renter, params) : bytes("");
            bytes memory quoted = abi.encodeCall(ISessionJobs.createSessionWithQuote, (params, quote, permit));
            bool success = _act("createSessionWithQuote", renter, address(s.market), value, quoted);
            if (!byPermit || !success) return success;
            log.note("permitOnCreate");
            uint256 left = IERC20(params.token).allowance(renter, address(s.market));
            _check(left == 0, "a permit left an allowance");
            return true;
        }
        if (s.market.withdrawable(renter, params.token) >= params.deposit) {
            bytes memory spent = abi.encodeCall(ISessionJobs.createSessionFromDeposit, (params));
            return _act("createSessionFromDeposit", renter, address(s.market), 0, spent);
        }
        return _act("createSession", renter, address(s.market), value, abi.encodeCall(ISessionJobs.createSession, (params)));
    }

    /// @dev Takes the allowance back that the deposit would have been paid by. One in four was sent by somebody else
    /// already.
    function _permit(address renter, ISessionJobs.SessionParams memory params) private returns (bytes memory) {
        vm.prank(renter);
        IERC20(params.token).approve(address(s.market), 0);
        IERC20Permit token = IERC20Permit(params.token);
        bytes32 typeHash = keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        uint256 deadline = block.timestamp + 60;
        bytes32 structHash = keccak256(
            abi.encode(typeHash, renter, s.market, params.deposit, token.nonces(renter), deadline)
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), structHash));
        (uint8 v, bytes32 r, bytes32 s_) = vm.sign(log.keyOf(renter), digest);
        if (params.pricePer1000 % 4 == 0) token.permit(renter, address(s.market), params.deposit, deadline, v, r, s_);
        return abi.encode(deadline, v, r, s_);
    }

    /// @notice Work: vouchers, the host's word, proofs; alone and in batches.
    function work(uint256 seed, uint256 tokens) external walks {
        uint256 jobId = _pick(seed, true);
        if (jobId == 0) return;
        ISessionJobs.SessionDetails memory details = s.market.getSessionDetails(jobId);
        IAttestedSessions.AttestedWork memory pending = s.market.attestedWork(jobId);
        uint256 capacity = details.deposit * 1000 / details.pricePer1000;
        uint256 way = (seed >> 64) % 8;
        if (way < 3) {
            // Half of the time next to what is proven or what the deposit pays for, where rules are off by one.
            uint256 edge = tokens % 8;
            if (edge < 2) tokens = capacity + edge;
            else if (edge < 4) tokens = details.provenTokens + edge - 2;
            else tokens = bound(tokens, 0, capacity + 10);
            bool due = tokens <= capacity && MarketplaceRules.takesCheckpoint(details, tokens);
            bytes memory signature = _signed(details.coSigner, s.market.checkpointDigest(jobId, tokens, 0));
            bool success = _act(
                "submitCheckpoint",
                address(0xdead),
                address(s.market),
                0,
                abi.encodeCall(ISessionJobs.submitCheckpoint, (jobId, tokens, 0, signature))
            );
            // After a change of the key, no interval binds.
            _check(!success || due || log.done("setCoSigner") != 0, "a checkpoint counted against the rules");
            return;
        }
        uint256 running = details.provenTokens;
        bool attested = way < 5 && details.proofMode == ISessionJobs.ProofMode.Attested;
        if (attested && pending.tokens > running) running = pending.tokens;
        tokens = bound(tokens, 100, capacity / 4 + 200);
        bytes memory proof = _batchProof(jobId, details, running + tokens, attested);
        if (way == 7) {
            (uint256[] memory ids, bytes[] memory proofs, uint256[] memory batches) =
                (new uint256[](1), new bytes[](1), new uint256[](1));
            (ids[0], proofs[0], batches[0]) = (jobId, proof, tokens);
            bytes memory batch = abi.encodeCall(ISessionJobs.submitBatchProofs, (ids, proofs, batches));
            _act("submitBatchProofs", details.host, address(s.market), 0, batch);
            return;
        }
        bytes memory data = abi.encodeCall(ISessionJobs.submitProofOfWork, (jobId, proof, tokens));
        bool done = _act("submitProofOfWork", details.host, address(s.market), 0, data);
        if (done && details.proofMode == ISessionJobs.ProofMode.Verified) log.note("verifySession");
        if (done && attested) log.note("attest");
    }

    function _batchProof(uint256 jobId, ISessionJobs.SessionDetails memory details, uint256 total, bool attested)
        private
        view
        returns (bytes memory)
    {
        if (attested) return abi.encode(bytes32(0), bytes(""));
        if (details.proofMode == ISessionJobs.ProofMode.Verified) {
            return abi.encode(_instances(jobId, details.host, total, bytes32(uint256(1))), bytes("yes"));
        }
        return abi.encode(bytes32(0), _signed(details.coSigner, s.market.checkpointDigest(jobId, total, 0)));
    }

    /// @notice Challenges of the host's word, and who signs from now on.
    function question(uint256 seed, bool worked) external walks {
        uint256 jobId = _pickPending(seed);
        if (jobId == 0) return;
        ISessionJobs.SessionDetails memory details = s.market.getSessionDetails(jobId);
        IAttestedSessions.AttestedWork memory pending = s.market.attestedWork(jobId);
        if (pending.challenged) {
            Owed memory before = _owed(jobId, details);
            bytes memory data = abi.encodeCall(IAttestedSessions.decideAttestedWork, (jobId, worked));
            if (!_act("decideAttestedWork", s.arbiter, address(s.market), 0, data)) return;
            Owed memory afterwards = _owed(jobId, details);
            unchecked {
                uint256 won = worked ? afterwards.host - before.host : afterwards.renter - before.renter;
                _check(won == before.bond && afterwards.bond == 0, "the bond of a challenge went astray");
            }
        } else if (pending.tokens != 0) {
            bool sent = details.token == ETH && (seed >> 64) % 2 == 0;
            uint256 bond = (pending.value + 99) / 100;
            uint256 prepaid = _amount(details.token, bond);
            _fund(details.renter, details.token, prepaid + bond, address(s.market));
            if (!sent) {
                bytes memory ahead = abi.encodeCall(s.market.depositPrepaid, (details.token, prepaid));
                _act("depositPrepaid", details.renter, address(s.market), details.token == ETH ? prepaid : 0, ahead);
            }
            bytes memory data = abi.encodeCall(IAttestedSessions.challengeAttestedWork, (jobId));
            _act("challengeAttestedWork", details.renter, address(s.market), sent ? bond : 0, data);
        } else if ((seed >> 72) % 8 == 0) {
            bytes memory data = abi.encodeCall(ISessionJobs.setCoSigner, (jobId, s.keeper));
            _act("setCoSigner", details.renter, address(s.market), 0, data);
        }
    }

    /// @dev A session with pending work, if there is one.
    function _pickPending(uint256 seed) private view returns (uint256 jobId) {
        for (uint256 i; i < MAX_OPEN; ++i) {
            jobId = _pick(seed % (1 << 128) + i, true);
            if (jobId == 0 || s.market.attestedWork(jobId).tokens != 0) return jobId;
        }
    }

    /// @notice Any way out of a session, mostly by who may take it.
    function leave(uint256 seed, uint256 tokens) external walks {
        uint256 jobId = _pick(seed, true);
        if (jobId == 0) return;
        ISessionJobs.SessionDetails memory details = s.market.getSessionDetails(jobId);
        tokens = bound(tokens, 0, details.deposit * 1000 / details.pricePer1000);
        (string memory name, address sender, bytes memory data) = _way(seed, jobId, tokens, details);
        if ((seed >> 96) % 4 == 0) sender = [details.renter, details.host, address(0xdead)][(seed >> 98) % 3];
        // A host that always settles at once leaves nothing to the other ways out.
        if (sender == details.host && (seed >> 104) % 4 != 0) return;
        Owed memory before = _owed(jobId, details);
        if (!_act(name, sender, address(s.market), 0, data)) return;
        bool isParty = sender == details.host || sender == details.renter;
        _check(isParty || (seed >> 64) % 12 > 7, "a stranger ended a session");
        _settled(jobId, details, before);
    }

    /// @dev I2, by what the settlement changed in the ledger.
    function _settled(uint256 jobId, ISessionJobs.SessionDetails memory details, Owed memory before) private {
        ISessionJobs.SessionDetails memory ended = s.market.getSessionDetails(jobId);
        Owed memory afterwards = _owed(jobId, details);
        if (ended.status != ISessionJobs.SessionStatus.Settled) {
            bool same = before.host == afterwards.host && before.protocol == afterwards.protocol
                && before.stakers == afterwards.stakers
                && before.renter + before.bond == afterwards.renter + afterwards.bond;
            _check(same, "I2: paid before settlement");
            return;
        }
        _check(details.status != ISessionJobs.SessionStatus.Settled, "I4: settled twice");
        uint256 gross = ended.provenTokens * details.pricePer1000 / 1000;
        (uint256 protocol, uint256 stakers) =
            (gross * details.protocolBps / 10_000, gross * details.stakersBps / 10_000);
        unchecked {
            _check(afterwards.protocol - before.protocol == protocol, "I2: protocol");
            _check(afterwards.stakers - before.stakers == stakers, "I2: stakers");
            _check(afterwards.host - before.host == gross - protocol - stakers, "I2: host");
            _check(afterwards.renter - before.renter == details.deposit - gross + before.bond, "I2: renter");
        }
    }

    function _owed(uint256 jobId, ISessionJobs.SessionDetails memory details) private view returns (Owed memory owed) {
        owed.host = s.market.withdrawable(details.host, details.token);
        owed.renter = s.market.withdrawable(details.renter, details.token);
        (owed.protocol, owed.stakers) = s.market.feeLedger(details.token);
        owed.bond = s.market.attestedWork(jobId).bond;
    }

    function _way(uint256 seed, uint256 jobId, uint256 tokens, ISessionJobs.SessionDetails memory details)
        private
        view
        returns (string memory, address, bytes memory)
    {
        bytes memory signature = _signed(details.coSigner, s.market.checkpointDigest(jobId, tokens, 0));
        uint256 way = (seed >> 64) % 12;
        if (way == 0) return ("settleSession", details.host, abi.encodeCall(ISessionJobs.settleSession, (jobId)));
        if (way == 1) {
            uint256[] memory ids = new uint256[](1);
            ids[0] = jobId;
            return ("settleMany", details.host, abi.encodeCall(ISessionJobs.settleMany, (ids)));
        }
        if (way == 2) {
            return (
                "settleSessionWithVoucher",
                details.host,
                abi.encodeCall(ISessionJobs.settleSessionWithVoucher, (jobId, tokens, 0, signature))
            );
        }
        if (way == 3) {
            uint256 batch = tokens > details.provenTokens ? tokens - details.provenTokens : 0;
            bytes memory proof = abi.encode(bytes32(0), signature);
            return ("claimWithProof", details.host, abi.encodeCall(ISessionJobs.claimWithProof, (jobId, proof, batch)));
        }
        if (way == 4) {
            bytes memory data = abi.encodeCall(ISessionJobs.claimAbandonedSession, (jobId));
            return ("claimAbandonedSession", details.host, data);
        }
        if (way == 5) {
            bytes memory last = _signed(details.host, s.market.finalDigest(jobId, tokens));
            return (
                "completeSessionWithFinal",
                details.renter,
                abi.encodeCall(ISessionJobs.completeSessionWithFinal, (jobId, tokens, last))
            );
        }
        if (way < 8) {
            return ("completeSessionJob", details.renter, abi.encodeCall(ISessionJobs.completeSessionJob, (jobId)));
        }
        if (way < 10) {
            return ("finalizeSession", address(0xdead), abi.encodeCall(ISessionJobs.finalizeSession, (jobId)));
        }
        bytes memory timeout = abi.encodeCall(ISessionJobs.triggerSessionTimeout, (jobId));
        return ("triggerSessionTimeout", address(0xdead), timeout);
    }
}
