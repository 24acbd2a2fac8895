// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {FieldName} from "./FieldName.sol";
import {Progress, SessionProgress} from "./SessionProgress.sol";
import {SessionSignatures} from "./SessionSignatures.sol";
import {SessionStore} from "./SessionStore.sol";

/// @title The one way into a session, for every token and every caller.
abstract contract SessionCreation is SessionStore, SessionSignatures, ISessionJobs {
    uint256 private constant MIN_DURATION = 10 minutes;
    uint256 private constant MAX_DURATION = 365 days;
    uint256 private constant MIN_INTERVAL = 100;
    uint256 private constant MAX_INTERVAL = 1_000_000;
    uint256 private constant MAX_PRICE_PER_1000 = type(uint96).max;
    uint256 private constant MAX_CAPACITY = type(uint40).max;

    /// @inheritdoc ISessionJobs
    function createSessionJob(
        address host,
        uint256 deposit,
        uint256 pricePerToken,
        uint256 maxDuration,
        uint256 proofInterval
    ) external payable nonReentrant returns (uint256 jobId) {
        return _create(_seedParams(host, address(0), deposit, pricePerToken, maxDuration, proofInterval), false);
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
        return _create(_seedParams(host, token, deposit, pricePerToken, maxDuration, proofInterval), false);
    }

    /// @inheritdoc ISessionJobs
    function createSession(SessionParams calldata params) external payable nonReentrant returns (uint256 jobId) {
        return _create(params, false);
    }

    /// @inheritdoc ISessionJobs
    function createSessionWithQuote(SessionParams calldata params, HostQuote calldata quote, bytes calldata permit)
        external
        payable
        nonReentrant
        returns (uint256 jobId)
    {
        bool quoted = quote.signature.length != 0;
        if (quoted) _checkQuote(params, quote);
        if (permit.length != 0) _permit(params.token, params.deposit, permit);
        return _create(params, quoted);
    }

    /// @inheritdoc ISessionJobs
    function createSessionFromDeposit(SessionParams calldata params) external nonReentrant returns (uint256 jobId) {
        jobId = _open(params, false, _checkDeposit(params.token, params.deposit));
        _spend(msg.sender, params.token, params.deposit);
    }

    /// @inheritdoc ISessionJobs
    function setDefaultCoSigner(address coSigner) external {
        _sessionsStorage().defaultCoSigners[msg.sender] = coSigner;
        emit DefaultCoSignerSet(msg.sender, coSigner);
    }

    /// @dev With money that comes with the call.
    function _create(SessionParams memory params, bool quoted) private returns (uint256 jobId) {
        jobId = _open(params, quoted, _addLiability(params.token, params.deposit));
        _pull(params.token, params.deposit);
    }

    /// @param quoted Whether the host offered the price, which may then be below its public minimum.
    function _open(SessionParams memory params, bool quoted, uint8 tokenIndex) private returns (uint256 jobId) {
        _requireOpen(msg.sig, 1);
        (uint256 maxSessions, uint256 minPricePer1000) =
            _sessionTerms(params.host, msg.sender, params.model, params.token);
        _checkSessionField("pricePer1000", params.pricePer1000, 1, MAX_PRICE_PER_1000);
        if (!quoted && params.pricePer1000 < minPricePer1000) {
            revert SessionPriceBelowMinimum(params.host, params.pricePer1000, minPricePer1000);
        }
        _checkSessionField("maxDuration", params.maxDuration, MIN_DURATION, MAX_DURATION);
        _checkSessionField("proofInterval", params.proofInterval, MIN_INTERVAL, MAX_INTERVAL);
        // The interval is at least the 100 tokens that any session has to pay for.
        uint256 capacity = params.deposit * 1000 / params.pricePer1000;
        _checkSessionField("capacity", capacity, params.proofInterval, MAX_CAPACITY);
        if (params.proofMode != ProofMode.CoSigned) _checkProofMode(params);
        address coSigner = _coSignerFor(params.coSigner);
        if (coSigner == params.host) revert IJobMarketplace.MarketplaceSelfDealing(params.host);

        jobId = _nextJobId();
        uint8 flags = coSigner == msg.sender ? CO_SIGNED_BY_RENTER : 0;
        if (maxSessions != 0) {
            _countCapped(params.host, maxSessions);
            flags |= COUNTED;
        }
        if (params.model != 0 || params.proofMode != ProofMode.CoSigned) {
            if (params.model != 0) _sessionsStorage().models[jobId] = params.model;
            emit SessionModelSet(jobId, params.model, params.proofMode);
        }
        _store(jobId, params, coSigner, tokenIndex, uint40(capacity), flags);

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
    }

    /// @dev Every cast is of a value that {_open} or the limits of the token bound.
    function _store(
        uint256 jobId,
        SessionParams memory params,
        address coSigner,
        uint8 tokenIndex,
        uint40 capacity,
        uint8 flags
    ) private {
        Session storage session = _sessionsStorage().sessions[jobId];
        session.renter = msg.sender;
        session.pricePer1000 = uint96(params.pricePer1000);
        _storeHost(session, params.host, uint88(params.deposit), tokenIndex);
        (uint24 feeBps, uint32 closingWindow) = _newTerms();
        Progress memory progress = SessionProgress.open(
            capacity,
            uint40(block.timestamp),
            uint32(params.maxDuration),
            closingWindow,
            uint24(params.proofInterval),
            feeBps,
            params.proofMode,
            flags
        );
        _storeProgress(session, progress);
        if (coSigner != msg.sender) session.coSigner = coSigner;
    }

    /// @dev Fixed here for the whole session.
    function _newTerms() private view returns (uint24 feeBps, uint32 closingWindow) {
        BookStorage storage $ = _bookStorage();
        feeBps = (uint24($.protocolBps) << 12) | $.stakersBps;
        closingWindow = $.closingWindow;
    }

    /// @dev Closed until governance opens it: a proof that nobody can check is no proof.
    function _checkProofMode(SessionParams memory params) private view {
        bool available = params.proofMode == ProofMode.Attested
            ? _sessionsStorage().maxPending[params.token] != 0
            : params.model != 0 && address(_proofSystem()) != address(0);
        if (!available) revert SessionProofModeUnavailable(params.proofMode);
    }

    /// @dev Key id that will sign for the caller.
    function _coSignerFor(address named) private view returns (address coSigner) {
        if (named != address(0)) return named;
        if (msg.sender.code.length == 0) return msg.sender;
        coSigner = _sessionsStorage().defaultCoSigners[msg.sender];
        if (coSigner == address(0)) revert SessionCoSignerRequired(msg.sender);
    }

    /// @dev Whoever saw the signature may have used it already; then the allowance is there.
    function _permit(address token, uint256 amount, bytes calldata permit) private {
        (uint256 deadline, uint8 v, bytes32 r, bytes32 s) = abi.decode(permit, (uint256, uint8, bytes32, bytes32));
        // A token that is not listed is not called.
        _checkDeposit(token, amount);
        if (token == address(0)) return;
        try IERC20Permit(token).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
    }

    function _seedParams(
        address host,
        address token,
        uint256 deposit,
        uint256 pricePerToken,
        uint256 maxDuration,
        uint256 proofInterval
    ) private pure returns (SessionParams memory) {
        _checkSessionField("pricePerToken", pricePerToken, 1, MAX_PRICE_PER_1000 / 1000);
        return SessionParams({
            host: host,
            token: token,
            deposit: deposit,
            pricePer1000: pricePerToken * 1000,
            maxDuration: maxDuration,
            proofInterval: proofInterval,
            coSigner: address(0),
            model: 0,
            proofMode: ProofMode.CoSigned
        });
    }

    function _checkSessionField(bytes32 field, uint256 value, uint256 minimum, uint256 maximum) private pure {
        if (value < minimum || value > maximum) {
            revert SessionFieldOutOfRange(FieldName.toText(field), value, minimum, maximum);
        }
    }
}
