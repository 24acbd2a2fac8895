// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {TestUsdc} from "../tokens/TestUsdc.sol";
import {JobsMarket} from "./deployed/JobsMarket.sol";
import {ProofRecorder} from "./Neighbours.sol";
import {Test} from "./Test.sol";

/// @notice Moves single jobs in any order, disputes them, stops the market, changes its terms, and keeps what it saw.
/// @dev {mayMove} is written from the specification and apart from the marketplace: a step other than a claim that it
/// allows must succeed, whatever the breaker says (I6), and one that it forbids must fail. The first broken rule is
/// kept in `violation`, since a revert would be one more refused call to the runner.
abstract contract JobsHandler is Test {
    struct Actors {
        address owner;
        address guardian;
        address arbiter;
        address[] renters;
        address[] hosts;
    }

    enum Step {
        Claim,
        Submit,
        Release,
        AutoRelease,
        Cancel,
        Expire,
        Abandon,
        Dispute,
        HostWins,
        RenterWins,
        Stale,
        Reject
    }

    /// @dev Few enough that the walk comes back to each of them often.
    uint256 private constant MAX_IDS = 12;

    JobsMarket public immutable market;
    TestUsdc public immutable usdc;
    ProofRecorder public immutable proofs;
    Actors private _actors;

    uint256 public lastId;
    mapping(uint256 jobId => uint8) public terminalStatus;
    mapping(uint8 step => uint256) public successes;
    string public violation;

    constructor(JobsMarket market_, TestUsdc usdc_, ProofRecorder proofs_, Actors memory actors) {
        (market, usdc, proofs, _actors) = (market_, usdc_, proofs_, actors);
    }

    function post(uint256 seed, uint256 payment) external {
        if (lastId == MAX_IDS) return;
        address renter = _actors.renters[seed % 2];
        address token = (seed >> 8) % 2 == 0 ? address(0) : address(usdc);
        payment = token == address(0) ? bound(payment, 0.0001 ether, 10 ether) : bound(payment, 0.5e6, 10_000e6);
        ISingleJobs.JobDetails memory details = ISingleJobs.JobDetails("model", "prompt", 100, 700, 1, "json");
        ISingleJobs.JobRequirements memory requirements =
            ISingleJobs.JobRequirements(16, 0, bound(seed >> 16, 10 minutes, 1 days), false);
        _fund(renter, token, payment);
        vm.prank(renter);
        if (token == address(0)) market.postJob{value: payment}(details, requirements, payment);
        else market.postJobWithToken(details, requirements, token, payment);
        ++lastId;
    }

    /// @notice Any step of a job by anyone, mostly one that the job waits for.
    function move(uint256 seed, uint8 pick, uint8 caller) external {
        if (lastId == 0) return;
        uint256 jobId = _pick(seed);
        ISingleJobs.Job memory job = market.getJob(jobId);
        Step step = caller < 200 ? _awaited(job, pick) : Step(pick % 12);
        address sender = caller < 160 ? _rightful(job, step, seed) : _anyone(caller);
        uint256 bond = market.disputeBond(jobId);
        if (step == Step.Dispute) _fund(sender, job.token, bond);
        bool due = mayMove(jobId, job, step, sender);
        uint256 before = _parts(job);

        vm.prank(sender);
        (bool success,) = address(market).call{value: step == Step.Dispute && job.token == address(0) ? bond : 0}(
            _call(step, jobId, job)
        );
        _check(due || !success, "a job moved against the rules");
        _check(success || !due || step == Step.Claim, "I6: a step of a job was refused");
        if (!success) return;
        ++successes[uint8(step)];
        _check(terminalStatus[jobId] == 0, "I4: a terminal job moved");
        // A claim or an abandonment changes the host, and with it whose money is looked at; neither moves any.
        if (step == Step.Claim || step == Step.Abandon) return;
        uint256 paid = _parts(job) - before;
        ISingleJobs.JobStatus status = market.getJob(jobId).status;
        if (!isTerminal(status)) return _check(paid == 0, "I1: a step that ends nothing paid somebody");
        terminalStatus[jobId] = uint8(status);
        uint256 held = job.payment + (job.status == ISingleJobs.JobStatus.Disputed ? _bondOf(jobId) : 0);
        _check(paid == held, "I1: paid out is not what was held");
    }

    function withdraw(uint256 seed, bool all) external {
        address account = seed % 2 == 0 ? _actors.renters[(seed >> 8) % 2] : _actors.hosts[(seed >> 8) % 2];
        address[] memory tokens = new address[](2);
        tokens[0] = address(usdc);
        (uint256 eth, uint256 dollars) =
            (market.withdrawable(account, address(0)), market.withdrawable(account, address(usdc)));
        (uint256 ethBefore, uint256 dollarsBefore) = (account.balance, usdc.balanceOf(account));
        vm.prank(account);
        (bool success,) = address(market).call(
            all
                ? abi.encodeWithSignature("withdrawAll(address[])", tokens)
                : abi.encodeWithSignature("withdraw(address)", address(0))
        );
        _check(success == (all || eth != 0), "I6: a withdrawal was refused");
        if (!success) return;
        _check(account.balance == ethBefore + eth, "withdrawn ETH is not what was owed");
        if (all) _check(usdc.balanceOf(account) == dollarsBefore + dollars, "withdrawn is not what was owed");
    }

    function distributeFees(bool eth) external {
        (bool success,) =
            address(market).call(abi.encodeCall(market.distributeFees, (eth ? address(0) : address(usdc))));
        success;
    }

    /// @notice Stops and opens the market; no rule of {mayMove} knows of it.
    function stop(uint8 level, bool governed) external {
        vm.prank(governed ? _actors.owner : _actors.guardian);
        (bool success,) = address(market).call(abi.encodeCall(market.setCircuitBreakerLevel, (level % 4)));
        success;
    }

    /// @notice New terms and fees; jobs under way keep theirs.
    function govern(uint256 seed) external {
        vm.startPrank(_actors.owner);
        market.setFees(bound(seed, 0, 2_000), bound(seed >> 16, 0, 1_000));
        market.setDisputeTerms(bound(seed >> 32, 10, 1_000), bound(seed >> 48, 7 days, 8 days));
        market.setReviewWindow(bound(seed >> 64, 1 hours, 2 days));
        market.setBonusReputation((seed >> 80) % 2 * 100);
        vm.stopPrank();
    }

    /// @notice Opens or ends a challenge, or proves a result.
    function prove(uint256 seed, bool verified) external {
        if (lastId == 0 || seed % 4 != 0) return;
        if (verified) proofs.setVerified(_pick(seed >> 8));
        else proofs.setBlocked(_pick(seed >> 8), (seed >> 2) % 3 == 0);
    }

    /// @dev Mostly minutes: after a long jump every deadline has passed.
    function warp(uint32 duration) external {
        uint256 longest = duration % 16 == 0 ? 20 days : duration % 4 == 0 ? 1 days : 30 minutes;
        vm.warp(block.timestamp + bound(duration, 1, longest));
    }

    function isTerminal(ISingleJobs.JobStatus status) public pure returns (bool) {
        return status != ISingleJobs.JobStatus.Disputed && status >= ISingleJobs.JobStatus.Released;
    }

    function mayMove(uint256 jobId, ISingleJobs.Job memory job, Step step, address sender)
        public
        view
        returns (bool)
    {
        bool late = block.timestamp >= job.deadline;
        bool unblocked = !proofs.isPayoutBlocked(jobId);
        if (job.status == ISingleJobs.JobStatus.Posted) {
            if (step == Step.Claim) return !late && (sender == _actors.hosts[0] || sender == _actors.hosts[1]);
            return (step == Step.Cancel && sender == job.renter) || (step == Step.Expire && late);
        }
        if (job.status == ISingleJobs.JobStatus.Claimed) {
            if (step == Step.Submit) return !late && sender == job.host;
            if (step == Step.Abandon) return block.timestamp + 60 < job.deadline && sender == job.host;
            return step == Step.Expire && late;
        }
        if (job.status == ISingleJobs.JobStatus.Submitted) {
            bool review = block.timestamp < job.releaseAt;
            if (step == Step.Release) return sender == job.renter && unblocked;
            if (step == Step.AutoRelease) return !review && unblocked;
            if (step == Step.Dispute) return review && sender == job.renter;
            return step == Step.Reject && sender == address(proofs);
        }
        if (job.status == ISingleJobs.JobStatus.Disputed) {
            bool stale = block.timestamp >= market.getEscrow(bytes32(jobId)).resolveBy;
            if (step == Step.HostWins) return !stale && sender == _actors.arbiter && unblocked;
            if (step == Step.RenterWins) return !stale && sender == _actors.arbiter;
            if (step == Step.Stale) return stale && unblocked;
            return step == Step.Reject && sender == address(proofs);
        }
        return false;
    }

    function _call(Step step, uint256 jobId, ISingleJobs.Job memory job) private pure returns (bytes memory) {
        if (step == Step.Claim) return abi.encodeCall(ISingleJobs.claimJob, (jobId));
        if (step == Step.Submit) return abi.encodeCall(ISingleJobs.submitResult, (jobId, "result"));
        if (step == Step.Release) return abi.encodeCall(IPaymentEscrow.releaseEscrow, (bytes32(jobId)));
        if (step == Step.AutoRelease) return abi.encodeCall(ISingleJobs.autoRelease, (jobId));
        if (step == Step.Cancel) return abi.encodeCall(ISingleJobs.cancelJob, (jobId));
        if (step == Step.Expire) return abi.encodeCall(ISingleJobs.claimExpired, (jobId));
        if (step == Step.Abandon) return abi.encodeCall(ISingleJobs.abandonClaim, (jobId));
        if (step == Step.Dispute) return abi.encodeCall(IPaymentEscrow.disputeResult, (jobId));
        if (step == Step.HostWins) return abi.encodeCall(IPaymentEscrow.resolveDispute, (bytes32(jobId), job.host));
        if (step == Step.RenterWins) {
            return abi.encodeCall(IPaymentEscrow.resolveDispute, (bytes32(jobId), job.renter));
        }
        if (step == Step.Stale) return abi.encodeCall(IPaymentEscrow.resolveStale, (bytes32(jobId)));
        return abi.encodeWithSignature("rejectResult(uint256)", jobId);
    }

    function _awaited(ISingleJobs.Job memory job, uint8 pick) private view returns (Step) {
        ISingleJobs.JobStatus status = job.status;
        if (status == ISingleJobs.JobStatus.Posted) {
            return [Step.Claim, Step.Claim, Step.Claim, Step.Claim, Step.Cancel, Step.Expire][pick % 6];
        }
        if (status == ISingleJobs.JobStatus.Claimed) {
            return [Step.Submit, Step.Submit, Step.Submit, Step.Submit, Step.Abandon, Step.Expire][pick % 6];
        }
        if (status == ISingleJobs.JobStatus.Submitted) {
            if (block.timestamp >= job.releaseAt) return Step.AutoRelease;
            return [Step.Dispute, Step.Dispute, Step.Dispute, Step.Release, Step.AutoRelease, Step.Reject][pick % 6];
        }
        return [Step.HostWins, Step.RenterWins, Step.Stale, Step.Stale, Step.Stale, Step.Reject][pick % 6];
    }

    function _rightful(ISingleJobs.Job memory job, Step step, uint256 seed) private view returns (address) {
        if (step == Step.Claim) return _actors.hosts[(seed >> 8) % 2];
        if (step == Step.Submit || step == Step.Abandon) return job.host;
        if (step == Step.HostWins || step == Step.RenterWins) return _actors.arbiter;
        return step == Step.Reject ? address(proofs) : job.renter;
    }

    function _anyone(uint8 caller) private view returns (address) {
        if (caller % 4 == 0) return _actors.renters[(caller >> 2) % 2];
        if (caller % 4 == 1) return _actors.hosts[(caller >> 2) % 2];
        return caller % 4 == 2 ? _actors.arbiter : address(0xdead);
    }

    /// @dev Mostly one that is still open: an ended one refuses everything.
    function _pick(uint256 seed) private view returns (uint256 jobId) {
        for (uint256 i; i < lastId; ++i) {
            jobId = (seed % lastId + i) % lastId + 1;
            if (terminalStatus[jobId] == 0 || (seed >> 32) % 16 == 0) return jobId;
        }
    }

    /// @dev All that the end of the job can raise.
    function _parts(ISingleJobs.Job memory job) private view returns (uint256 sum) {
        (uint256 protocol, uint256 stakers) = market.feeLedger(job.token);
        sum = market.withdrawable(job.renter, job.token) + protocol + stakers;
        if (job.host != address(0)) sum += market.withdrawable(job.host, job.token);
    }

    function _bondOf(uint256 jobId) private view returns (uint256) {
        return market.getEscrow(bytes32(jobId)).bond;
    }

    function _check(bool holds, string memory rule) private {
        if (!holds && bytes(violation).length == 0) violation = rule;
    }

    function _fund(address account, address token, uint256 amount) private {
        if (token == address(0)) {
            vm.deal(account, account.balance + amount);
        } else {
            usdc.mint(account, amount);
            vm.prank(account);
            usdc.approve(address(market), amount);
        }
    }
}
