// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {TestUsdc} from "../tokens/TestUsdc.sol";
import {MarketplaceRules} from "./MarketplaceRules.sol";
import {Test} from "./Test.sol";

/// @notice Calls the marketplace in any order, as two renters, two hosts and a stranger, and keeps what it saw.
/// @dev Calls that the marketplace refuses are part of the walk. What a success must have changed is checked at once; a
/// reverted assertion would be one more refused call to the runner, so the first broken rule is kept in `violation`.
abstract contract MarketplaceHandler is Test {
    struct Money {
        uint256 hostOwed;
        uint256 renterOwed;
        uint256 protocol;
        uint256 stakers;
    }

    /// @dev Few enough that the walk comes back to each of them often.
    uint256 internal constant MAX_IDS = 10;

    IJobMarketplace public immutable market;
    TestUsdc public immutable usdc;
    address[] public renters;
    address[] public hosts;
    uint256[] internal _renterKeys;

    uint256 public lastId;
    mapping(uint256 jobId => bool) public isSession;
    mapping(uint256 jobId => uint256) public provenSeen;
    mapping(uint256 jobId => uint256) public settlements;
    mapping(uint256 jobId => uint8) public terminalStatus;
    mapping(string action => uint256) public successes;
    string public violation;

    constructor(IJobMarketplace market_, TestUsdc usdc_, address[] memory hosts_, string[] memory renterNames) {
        market = market_;
        usdc = usdc_;
        hosts = hosts_;
        for (uint256 i; i < renterNames.length; ++i) {
            (address renter, uint256 key) = makeAddrAndKey(renterNames[i]);
            renters.push(renter);
            _renterKeys.push(key);
        }
    }

    function createSession(uint256 seed, uint256 deposit, uint256 pricePer1000) external {
        if (lastId == MAX_IDS) return;
        (uint256 who, address token) = (seed % renters.length, (seed >> 8) % 2 == 0 ? address(0) : address(usdc));
        deposit = token == address(0) ? bound(deposit, 0.0001 ether, 10 ether) : bound(deposit, 0.5e6, 10_000e6);
        pricePer1000 = bound(pricePer1000, deposit * 1000 / type(uint40).max + 1, deposit * 5);
        ISessionJobs.SessionParams memory params = ISessionJobs.SessionParams({
            host: hosts[(seed >> 16) % hosts.length],
            token: token,
            deposit: deposit,
            pricePer1000: pricePer1000,
            maxDuration: bound(seed >> 24, 10 minutes, 3 days),
            proofInterval: 100,
            coSigner: address(0),
            model: 0,
            proofMode: (seed >> 60) % 2 == 0 ? ISessionJobs.ProofMode.Attested : ISessionJobs.ProofMode.CoSigned
        });
        uint256 jobId = _create(renters[who], params, uint8(seed >> 80));
        _opened(jobId);
        isSession[jobId] = true;
    }

    /// @dev By one of three ways; from the balance when there is enough.
    function _create(address renter, ISessionJobs.SessionParams memory params, uint8 way)
        internal
        returns (uint256 jobId)
    {
        uint256 value = params.token == address(0) ? params.deposit : 0;
        if (market.withdrawable(renter, params.token) >= params.deposit) {
            vm.prank(renter);
            jobId = market.createSessionFromDeposit(params);
            ++successes["createSessionFromDeposit"];
            return jobId;
        }
        _fund(renter, params.token, params.deposit);
        if (way % 3 != 0) {
            vm.prank(renter);
            jobId = market.createSession{value: value}(params);
            ++successes["createSession"];
            return jobId;
        }
        ISessionJobs.HostQuote memory quote = _quote(params);
        vm.prank(renter);
        jobId = market.createSessionWithQuote{value: value}(params, quote, "");
        ++successes["createSessionWithQuote"];
    }

    function _quote(ISessionJobs.SessionParams memory params) internal view returns (ISessionJobs.HostQuote memory) {
        uint256 expiry = block.timestamp;
        bytes32 digest =
            market.quoteDigest(params.host, address(0), params.token, params.pricePer1000, params.model, expiry);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_hostKey(params.host), digest);
        return ISessionJobs.HostQuote(address(0), expiry, abi.encodePacked(r, s, v));
    }

    function _hostKey(address host) internal view returns (uint256) {
        return uint256(keccak256(bytes(host == hosts[0] ? "host" : "second host")));
    }

    function postJob(uint256 seed, uint256 payment) external {
        if (lastId == MAX_IDS) return;
        (uint256 who, address token) = (seed % renters.length, (seed >> 8) % 2 == 0 ? address(0) : address(usdc));
        payment = token == address(0) ? bound(payment, 0.0001 ether, 10 ether) : bound(payment, 0.5e6, 10_000e6);
        _fund(renters[who], token, payment);
        ISingleJobs.JobDetails memory details = ISingleJobs.JobDetails("model", "prompt", 100, 700, 1, "json");
        ISingleJobs.JobRequirements memory requirements =
            ISingleJobs.JobRequirements(16, 0, bound(seed >> 16, 60, 1 days), false);
        vm.prank(renters[who]);
        if (token == address(0)) _opened(market.postJob{value: payment}(details, requirements, payment));
        else _opened(market.postJobWithToken(details, requirements, token, payment));
        ++successes["postJob"];
    }

    function submitCheckpoint(uint256 seed, uint256 tokens, bool withHost) external {
        (uint256 jobId, ISessionJobs.SessionDetails memory details) = _pickSession(seed);
        if (jobId == 0) return;
        uint256 capacity = details.deposit * 1000 / details.pricePer1000;
        // Half of the time next to what is proven or what the deposit pays for, where rules are off by one.
        uint256 edge = tokens % 8;
        if (edge < 2) tokens = capacity + edge;
        else if (edge < 4) tokens = details.provenTokens + edge - 2;
        else tokens = bound(tokens, 0, capacity + 10);
        bytes memory signature = _sign(details.renter, jobId, tokens);
        // A host that always settles at once leaves nothing to the other ways out.
        if (withHost && (seed >> 64) % 4 == 0) {
            bool due = MarketplaceRules.isOpen(details) && (tokens <= capacity || tokens <= details.provenTokens);
            Money memory before = _money(details);
            uint256 bond = market.attestedWork(jobId).bond;
            vm.prank(details.host);
            try market.settleSessionWithVoucher(jobId, tokens, 0, signature) {
                _check(due, "a voucher settled against the rules");
                if (tokens > provenSeen[jobId]) provenSeen[jobId] = tokens;
                _settled(jobId, details, before, bond);
                ++successes["settleSessionWithVoucher"];
            } catch {
                _check(!due, "I6: a voucher was refused");
            }
        } else {
            bool due = tokens <= capacity && MarketplaceRules.takesCheckpoint(details, tokens);
            try market.submitCheckpoint(jobId, tokens, 0, signature) {
                _check(due, "a checkpoint counted against the rules");
                _check(tokens > provenSeen[jobId], "I3: a checkpoint did not grow");
                provenSeen[jobId] = tokens;
                ++successes[
                    details.status == ISessionJobs.SessionStatus.Closing ? "checkpointWhileClosing" : "checkpoint"
                ];
            } catch {
                _check(!due, "I6: a checkpoint was refused");
            }
        }
    }

    /// @notice Any other way out of a session, by anyone.
    function leaveSession(uint256 seed, uint8 exit, uint8 caller) external {
        (uint256 jobId, ISessionJobs.SessionDetails memory details) = _pickSession(seed);
        if (jobId == 0) return;
        exit %= 4;
        (uint256 maturesAt, uint256 bond) = (market.attestedWork(jobId).maturesAt, market.attestedWork(jobId).bond);
        address sender = [details.renter, details.host, address(0xdead)][caller % 3];
        bytes4 action = [
            ISessionJobs.settleSession.selector,
            ISessionJobs.finalizeSession.selector,
            ISessionJobs.triggerSessionTimeout.selector,
            ISessionJobs.completeSessionJob.selector
        ][exit];
        bool due = MarketplaceRules.mayLeave(details, action, sender)
            && (exit == 0 || exit == 3 || block.timestamp >= maturesAt);
        Money memory before = _money(details);
        vm.prank(sender);
        (bool success,) = address(market).call(abi.encodeWithSelector(action, jobId));
        _check(success || !due, "I6: a way out of a session was refused");
        _check(due || !success, "a session was left too early or by the wrong one");
        if (!success) return;
        if (exit != 3) _settled(jobId, details, before, bond);
        ++successes[["settleSession", "finalizeSession", "triggerSessionTimeout", "completeSessionJob"][exit]];
    }

    /// @notice Any step of a job by anyone, mostly one that the job waits for.
    function moveJob(uint256 seed, uint8 step, uint8 caller) external {
        (uint256 jobId, ISingleJobs.Job memory job) = _pickJob(seed);
        if (jobId == 0) return;
        address worker = job.host == address(0) ? hosts[(seed >> 8) % hosts.length] : job.host;
        bytes[6] memory calls = [
            abi.encodeCall(ISingleJobs.claimJob, (jobId)),
            abi.encodeCall(ISingleJobs.submitResult, (jobId, "result")),
            abi.encodeCall(ISingleJobs.releasePayment, (jobId)),
            abi.encodeCall(ISingleJobs.autoRelease, (jobId)),
            abi.encodeCall(ISingleJobs.cancelJob, (jobId)),
            abi.encodeCall(ISingleJobs.claimExpired, (jobId))
        ];
        if (caller < 192 && MarketplaceRules.isOpen(job)) {
            uint8[4][3] memory awaited = [[0, 0, 0, 5], [1, 1, 1, 5], [2, 3, 3, 3]];
            step = awaited[uint8(job.status) - 1][step % 4];
        } else {
            step %= 6;
        }
        address sender =
            caller < 128 ? (step < 2 ? worker : job.renter) : [job.renter, worker, address(0xdead)][caller % 3];
        bool due = MarketplaceRules.mayMove(job, step, sender)
            && (step != 0 || sender == hosts[0] || sender == hosts[1]);
        vm.prank(sender);
        (bool success,) = address(market).call(calls[step]);
        _check(success || !due, "I6: a step of a job was refused");
        _check(due || !success, "a job moved against the rules");
        if (!success) return;
        if (step > 1) {
            _check(terminalStatus[jobId] == 0, "I4: a terminal job moved");
            terminalStatus[jobId] = uint8(market.getJob(jobId).status);
        }
        ++successes[
            ["claimJob", "submitResult", "releasePayment", "autoRelease", "cancelJob", "claimExpired"][step]
        ];
    }

    function withdraw(uint256 seed) external {
        address account = seed % 2 == 0 ? renters[(seed >> 8) % renters.length] : hosts[(seed >> 8) % hosts.length];
        address token = (seed >> 16) % 2 == 0 ? address(0) : address(usdc);
        uint256 owed = market.withdrawable(account, token);
        uint256 before = _balance(account, token);
        vm.prank(account);
        (bool success,) = address(market).call(abi.encodeWithSignature("withdraw(address)", token));
        _check(success == (owed != 0), "I6: a withdrawal was refused");
        _check(_balance(account, token) == before + owed, "withdrawn is not what was owed");
        if (success) ++successes["withdraw"];
    }

    function distributeFees(bool eth) external {
        try market.distributeFees(eth ? address(0) : address(usdc)) {
            ++successes["distributeFees"];
        } catch {}
    }

    /// @dev Mostly minutes: after a long jump every deadline has passed.
    function warp(uint32 duration) external {
        vm.warp(block.timestamp + bound(duration, 1, duration % 4 == 0 ? 1 days : 30 minutes));
    }

    function _opened(uint256 jobId) internal {
        _check(jobId == lastId + 1, "an id did not come from the counter");
        lastId = jobId;
    }

    /// @dev I2 by the difference that settlement made in the ledger.
    /// @param bond Of a challenge that settlement ends: it is the renter's again.
    function _settled(
        uint256 jobId,
        ISessionJobs.SessionDetails memory details,
        Money memory before,
        uint256 bond
    ) internal {
        Money memory afterwards = _money(details);
        uint256 gross = afterwards.hostOwed - before.hostOwed + afterwards.protocol - before.protocol
            + afterwards.stakers - before.stakers;
        uint256 refund = afterwards.renterOwed - before.renterOwed;
        _check(gross + refund == details.deposit + bond, "I2: the parts are not the deposit");
        uint256 proven = market.getSessionDetails(jobId).provenTokens;
        _check(gross == proven * details.pricePer1000 / 1000, "I3: paid is not what was proven");
        _check(proven >= provenSeen[jobId], "I3: settlement lowered the count");
        provenSeen[jobId] = proven;
        ++settlements[jobId];
    }

    function _check(bool holds, string memory rule) internal {
        if (!holds && bytes(violation).length == 0) violation = rule;
    }

    function _money(ISessionJobs.SessionDetails memory details) internal view returns (Money memory money) {
        money.hostOwed = market.withdrawable(details.host, details.token);
        money.renterOwed = market.withdrawable(details.renter, details.token);
        (money.protocol, money.stakers) = market.feeLedger(details.token);
    }

    /// @dev Mostly one that is still open: a settled one refuses everything.
    function _pickSession(uint256 seed)
        internal
        view
        returns (uint256 jobId, ISessionJobs.SessionDetails memory details)
    {
        for (uint256 i; i < lastId; ++i) {
            jobId = (seed % lastId + i) % lastId + 1;
            if (!isSession[jobId]) continue;
            details = market.getSessionDetails(jobId);
            if (MarketplaceRules.isOpen(details) || (seed >> 32) % 16 == 0) return (jobId, details);
        }
        return (0, details);
    }

    function _pickJob(uint256 seed) internal view returns (uint256 jobId, ISingleJobs.Job memory job) {
        for (uint256 i; i < lastId; ++i) {
            jobId = (seed % lastId + i) % lastId + 1;
            if (isSession[jobId]) continue;
            job = market.getJob(jobId);
            if (MarketplaceRules.isOpen(job) || (seed >> 32) % 16 == 0) return (jobId, job);
        }
        return (0, job);
    }

    function _sign(address renter, uint256 jobId, uint256 tokens) internal view returns (bytes memory) {
        uint256 key = renter == renters[0] ? _renterKeys[0] : _renterKeys[1];
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, market.checkpointDigest(jobId, tokens, 0));
        return abi.encodePacked(r, s, v);
    }

    function _fund(address renter, address token, uint256 amount) internal {
        if (token == address(0)) {
            vm.deal(renter, renter.balance + amount);
        } else {
            usdc.mint(renter, amount);
            vm.prank(renter);
            usdc.approve(address(market), amount);
        }
    }

    function _balance(address account, address token) internal view returns (uint256) {
        return token == address(0) ? account.balance : usdc.balanceOf(account);
    }
}
