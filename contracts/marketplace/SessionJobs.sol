// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {CoSignedCheckpoints} from "./CoSignedCheckpoints.sol";
import {FeeSplit} from "./FeeSplit.sol";
import {FieldName} from "./FieldName.sol";
import {SessionStore} from "./SessionStore.sol";

/// @title Session jobs.
/// @dev Every way out of a session ends in {_settle}, which calls nobody. Deadlines, with `end` the start plus the
/// longest duration: checkpoints until `end` + 1 h or, once closing, until the window ends if that is sooner; the host
/// may settle with a voucher until somebody else settles, which is not before the window ends or `end` + 2 h.
abstract contract SessionJobs is SessionStore, CoSignedCheckpoints {
    uint256 private constant MIN_DURATION = 10 minutes;
    uint256 private constant MAX_DURATION = 365 days;
    uint256 private constant MIN_INTERVAL = 100;
    uint256 private constant MAX_INTERVAL = 1_000_000;
    uint256 private constant MAX_PRICE_PER_1000 = type(uint96).max;
    uint256 private constant MAX_CAPACITY = type(uint40).max;

    uint32 private constant CLOSING_WINDOW = 1 hours;
    uint256 private constant CHECKPOINT_GRACE = 1 hours;
    uint256 private constant TIMEOUT_GRACE = 2 hours;

    /// @inheritdoc ISessionJobs
    function createSessionJob(
        address host,
        uint256 deposit,
        uint256 pricePerToken,
        uint256 maxDuration,
        uint256 proofInterval
    ) external payable nonReentrant returns (uint256 jobId) {
        return _create(
            SessionParams({
                host: host,
                token: address(0),
                deposit: deposit,
                pricePer1000: _per1000(pricePerToken),
                maxDuration: maxDuration,
                proofInterval: proofInterval,
                coSigner: address(0)
            })
        );
    }

    /// @inheritdoc ISessionJobs
    function createSessionJobWithToken(
        address host,
        address token,
        uint256 deposit,
        uint256 pricePerToken,
        uint256 maxDuration,
        uint256 proofInterval
    ) external nonReentrant returns (uint256 jobId) {
        // ETH cannot come with this call, so that naming it fails on the value.
        return _create(
            SessionParams({
                host: host,
                token: token,
                deposit: deposit,
                pricePer1000: _per1000(pricePerToken),
                maxDuration: maxDuration,
                proofInterval: proofInterval,
                coSigner: address(0)
            })
        );
    }

    /// @inheritdoc ISessionJobs
    function createSession(SessionParams calldata params) external payable nonReentrant returns (uint256 jobId) {
        return _create(params);
    }

    /// @inheritdoc ISessionJobs
    function setDefaultCoSigner(address coSigner) external {
        _sessionsStorage().defaultCoSigners[msg.sender] = coSigner;
        emit DefaultCoSignerSet(msg.sender, coSigner);
    }

    /// @inheritdoc ISessionJobs
    function submitCheckpoint(
        uint256 jobId,
        uint256 cumulativeTokens,
        bytes32 transcriptHash,
        bytes calldata signature
    ) external {
        _checkpoint(jobId, cumulativeTokens, transcriptHash, signature);
    }

    /// @inheritdoc ISessionJobs
    function submitProofOfWork(uint256 jobId, bytes calldata proof, uint256 tokensInBatch) external {
        (bytes32 transcriptHash, bytes memory signature) = abi.decode(proof, (bytes32, bytes));
        uint256 proven = _sessionsStorage().sessions[jobId].progress.provenTokens;
        _checkpoint(jobId, Math.saturatingAdd(proven, tokensInBatch), transcriptHash, signature);
    }

    /// @inheritdoc ISessionJobs
    function settleSession(uint256 jobId) external nonReentrant {
        Session storage session = _hostsOpenSession(jobId);
        _settle(jobId, session, session.progress.provenTokens != 0);
    }

    /// @inheritdoc ISessionJobs
    /// @dev A voucher that is not above what is proven adds nothing and is not looked at: anyone may have recorded it
    /// a moment before, which must not stop the host.
    function settleSessionWithVoucher(
        uint256 jobId,
        uint256 cumulativeTokens,
        bytes32 transcriptHash,
        bytes calldata signature
    ) external nonReentrant {
        Session storage session = _hostsOpenSession(jobId);
        uint256 proven = session.progress.provenTokens;
        if (cumulativeTokens > proven) {
            _acceptVoucher(jobId, session, cumulativeTokens, transcriptHash, signature);
        }
        _settle(jobId, session, proven != 0);
    }

    /// @inheritdoc ISessionJobs
    /// @dev Only the time for {triggerSessionTimeout} cuts the window short: else the renter could complete and
    /// finalize in one transaction, ahead of the host that settles with its last voucher.
    function completeSessionJob(uint256 jobId) external nonReentrant {
        Session storage session = _sessionsStorage().sessions[jobId];
        Progress storage progress = session.progress;
        if (progress.status != SessionStatus.Active) revert SessionWrongStatus(jobId, progress.status);
        if (msg.sender != session.renter) revert SessionNotRenter(jobId, msg.sender);

        uint256 closesAt = Math.min(block.timestamp + progress.closing, _end(progress) + TIMEOUT_GRACE);
        progress.status = SessionStatus.Closing;
        progress.closing = uint32(closesAt - progress.startedAt);
        emit SessionClosing(jobId, closesAt);
    }

    /// @inheritdoc ISessionJobs
    function finalizeSession(uint256 jobId) external nonReentrant {
        Session storage session = _sessionsStorage().sessions[jobId];
        Progress memory progress = session.progress;
        if (progress.status != SessionStatus.Closing) revert SessionWrongStatus(jobId, progress.status);
        uint256 closesAt = _closesAt(progress);
        if (block.timestamp < closesAt) revert SessionNotDue(jobId, closesAt);
        _settle(jobId, session, progress.provenTokens != 0);
    }

    /// @inheritdoc ISessionJobs
    function triggerSessionTimeout(uint256 jobId) external nonReentrant {
        Session storage session = _openSession(jobId);
        uint256 dueAt = _end(session.progress) + TIMEOUT_GRACE;
        if (block.timestamp < dueAt) revert SessionNotDue(jobId, dueAt);
        _settle(jobId, session, session.progress.provenTokens != 0);
    }

    /// @dev The one way into a session, for every token and every caller.
    function _create(SessionParams memory params) private returns (uint256 jobId) {
        _checkHost(params.host, msg.sender);
        _checkSessionField("pricePer1000", params.pricePer1000, 1, MAX_PRICE_PER_1000);
        _checkSessionField("maxDuration", params.maxDuration, MIN_DURATION, MAX_DURATION);
        _checkSessionField("proofInterval", params.proofInterval, MIN_INTERVAL, MAX_INTERVAL);
        uint8 tokenIndex = _addLiability(params.token, params.deposit);
        // The interval is at least the 100 tokens that any session has to pay for.
        uint256 capacity = params.deposit * 1000 / params.pricePer1000;
        _checkSessionField("capacity", capacity, params.proofInterval, MAX_CAPACITY);
        address coSigner = _coSignerFor(params.coSigner);
        if (coSigner == params.host) revert MarketplaceSelfDealing(params.host);

        jobId = _nextJobId();
        Session storage session = _sessionsStorage().sessions[jobId];
        session.renter = msg.sender;
        session.pricePer1000 = uint96(params.pricePer1000);
        session.host = params.host;
        session.deposit = uint88(params.deposit);
        session.tokenIndex = tokenIndex;
        session.progress = Progress({
            provenTokens: 0,
            capacity: uint40(capacity),
            startedAt: uint40(block.timestamp),
            maxDuration: uint32(params.maxDuration),
            closing: CLOSING_WINDOW,
            proofInterval: uint24(params.proofInterval),
            protocolBps: FeeSplit.PROTOCOL_BPS,
            stakersBps: FeeSplit.STAKERS_BPS,
            status: SessionStatus.Active,
            coSignedByRenter: coSigner == msg.sender
        });
        if (coSigner != msg.sender) session.coSigner = coSigner;

        emit SessionJobCreated(
            jobId,
            msg.sender,
            params.host,
            params.token,
            params.deposit,
            params.pricePer1000 / 1000,
            params.maxDuration
        );
        emit SessionTermsSet(jobId, params.pricePer1000, coSigner);
        emit SessionProofRequirementSet(jobId, params.proofInterval);
        _pull(params.token, params.deposit);
    }

    function _checkpoint(uint256 jobId, uint256 cumulativeTokens, bytes32 transcriptHash, bytes memory signature)
        private
    {
        Session storage session = _openSession(jobId);
        Progress memory progress = session.progress;
        bool closing = progress.status == SessionStatus.Closing;

        uint256 closedAt = _end(progress) + CHECKPOINT_GRACE;
        if (closing) closedAt = Math.min(closedAt, _closesAt(progress));
        if (block.timestamp >= closedAt) revert SessionCheckpointsClosed(jobId, closedAt);
        // In the closing window any voucher may be the last one, which the interval does not bind.
        uint256 minimum = uint256(progress.provenTokens) + (closing ? 1 : progress.proofInterval);
        if (cumulativeTokens < minimum) revert SessionCheckpointTooSmall(jobId, cumulativeTokens, minimum);

        _acceptVoucher(jobId, session, cumulativeTokens, transcriptHash, signature);
        if (progress.provenTokens == 0) _addObligation(session.host);
    }

    function _acceptVoucher(
        uint256 jobId,
        Session storage session,
        uint256 cumulativeTokens,
        bytes32 transcriptHash,
        bytes memory signature
    ) private {
        Progress storage progress = session.progress;
        uint256 capacity = progress.capacity;
        if (cumulativeTokens > capacity) revert SessionCapacityExceeded(jobId, cumulativeTokens, capacity);
        address coSigner = progress.coSignedByRenter ? session.renter : session.coSigner;
        _checkCoSignature(coSigner, jobId, cumulativeTokens, transcriptHash, signature);

        progress.provenTokens = uint40(cumulativeTokens);
        emit SessionCheckpointed(jobId, cumulativeTokens, transcriptHash);
    }

    /// @param obliged Whether a checkpoint made the session an obligation of its host.
    function _settle(uint256 jobId, Session storage session, bool obliged) private {
        session.progress.status = SessionStatus.Settled;
        (uint256 toHost, uint256 toRenter, uint256 protocol, uint256 stakers) = _quote(session);
        (address renter, address host, address token) =
            (session.renter, session.host, _tokenAt(session.tokenIndex));

        emit SessionSettled(jobId, toHost, toRenter, protocol, stakers);
        if (obliged) _releaseObligation(host);
        _credit(host, token, toHost);
        _credit(renter, token, toRenter);
        _creditFees(token, protocol, stakers);
    }

    /// @dev Key id that will sign for the caller.
    function _coSignerFor(address named) private view returns (address coSigner) {
        if (named != address(0)) return named;
        if (msg.sender.code.length == 0) return msg.sender;
        coSigner = _sessionsStorage().defaultCoSigners[msg.sender];
        if (coSigner == address(0)) revert SessionCoSignerRequired(msg.sender);
    }

    function _hostsOpenSession(uint256 jobId) private view returns (Session storage session) {
        session = _openSession(jobId);
        if (msg.sender != session.host) revert SessionNotHost(jobId, msg.sender);
    }

    function _per1000(uint256 pricePerToken) private pure returns (uint256) {
        _checkSessionField("pricePerToken", pricePerToken, 1, MAX_PRICE_PER_1000 / 1000);
        return pricePerToken * 1000;
    }

    function _checkSessionField(bytes32 field, uint256 value, uint256 minimum, uint256 maximum) private pure {
        if (value < minimum || value > maximum) {
            revert SessionFieldOutOfRange(FieldName.toText(field), value, minimum, maximum);
        }
    }
}
