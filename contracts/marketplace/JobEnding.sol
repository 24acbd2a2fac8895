// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IProofGate} from "../interfaces/IProofGate.sol";
import {IReputationSystem} from "../interfaces/IReputationSystem.sol";
import {JobStore} from "./JobStore.sol";

/// @title The two ways a host's job ends: it is paid or it failed.
/// @dev Reputation and registry are told at last, see {_tell}. Only the ProofSystem is asked before: while it is broken
/// nobody can say that no challenge is open, and payments wait until governance has mended or unset it.
abstract contract JobEnding is JobStore {
    /// @dev For a neighbour to do its part, with room to spare.
    uint256 private constant NEIGHBOUR_GAS = 500_000;
    /// @dev So much before the call leaves it all of {NEIGHBOUR_GAS}: it gets 63/64 of what there is.
    uint256 private constant MIN_GAS = NEIGHBOUR_GAS + NEIGHBOUR_GAS / 32;

    /// @dev Credits the host, once no challenge is open.
    /// @param end Released or Resolved; terminal before the ledger is credited.
    /// @return hostAmount What the host gets.
    function _payHost(uint256 jobId, StoredJob storage job, JobStatus end) internal returns (uint256 hostAmount) {
        _requireUnblocked(jobId);
        address host = job.host;
        bool bonus = _earnsBonus(host);
        job.status = end;
        if (bonus) job.bonus = true;
        uint256 protocol;
        uint256 stakers_;
        (hostAmount, protocol, stakers_) = _split(job, bonus);
        address token = _tokenAt(job.tokenIndex);

        emit PaymentReleased(jobId, host, hostAmount, protocol, stakers_);
        _releaseObligation(host);
        _credit(host, token, hostAmount);
        _creditFees(token, protocol, stakers_);
        _report(host, jobId, true);
    }

    /// @dev Refunds the renter in full.
    /// @param end Failed or Resolved; terminal before the ledger is credited.
    function _fail(uint256 jobId, StoredJob storage job, JobStatus end) internal {
        (address host, address controller) = (job.host, job.controller);
        job.status = end;
        emit JobFailed(jobId, host, controller);
        _releaseObligation(host);
        _credit(job.renter, _tokenAt(job.tokenIndex), job.payment);
        _recordFailure(controller);
        _report(host, jobId, false);
    }

    function _requireUnblocked(uint256 jobId) internal view {
        IProofGate gate = _proofSystem();
        if (address(gate) != address(0) && gate.isPayoutBlocked(jobId)) revert JobPayoutBlocked(jobId);
    }

    function _report(address host, uint256 jobId, bool success) private {
        address reputation_ = address(_reputation());
        if (reputation_ == address(0)) return;
        _tell(reputation_, abi.encodeCall(IReputationSystem.recordJobCompletion, (host, jobId, success)));
    }

    /// @dev Tells a neighbour what became of a job. One that fails holds nobody's money back (I6). It has to fail by
    /// itself: who sends the transaction could starve the call of gas, and save a host its bond or its bad record.
    /// @return answer The first word of it; 0 when the neighbour failed or had none.
    function _tell(address neighbour, bytes memory message) internal returns (uint256 answer) {
        uint256 gasBefore = gasleft();
        bool success;
        assembly ("memory-safe") {
            success := call(NEIGHBOUR_GAS, neighbour, 0, add(message, 0x20), mload(message), 0x00, 0x20)
            answer := mul(mload(0x00), and(success, gt(returndatasize(), 0x1f)))
        }
        if (!success && gasBefore < MIN_GAS) revert JobGasTooLow(gasBefore, MIN_GAS);
    }
}
