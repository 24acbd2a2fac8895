// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IProofSystem} from "../../interfaces/IProofSystem.sol";
import {ISessionViews} from "../../interfaces/ISessionViews.sol";
import {ISingleJobs} from "../../interfaces/ISingleJobs.sol";
import {Test} from "../Test.sol";
import {IMintable, System, WalkLog} from "./System.sol";

/// @notice What all walkers share: actors, money to act with, and the way to call as somebody.
abstract contract SystemWalker is Test {
    address internal constant ETH = address(0);
    bytes32 internal constant MODEL = keccak256("perceptron");
    bytes32 internal constant COMMITMENT = bytes32(uint256(7));
    bytes32 internal constant VK = keccak256("verifying key");
    /// @dev Few enough that the walk comes back to each of them often.
    uint256 internal constant MAX_OPEN = 10;

    System internal s;
    WalkLog internal log;

    constructor(System memory system, WalkLog log_) {
        s = system;
        log = log_;
    }

    /// @dev The check is part of the step: what the runner calls as an invariant leaves no trace.
    modifier walks() {
        _;
        log.step();
    }

    function _act(string memory name, address sender, address target, uint256 value, bytes memory data)
        internal
        returns (bool success)
    {
        vm.prank(sender);
        (success,) = target.call{value: value}(data);
        if (success) log.note(name);
    }

    function _govern(string memory name, address target, bytes memory data) internal returns (bool success) {
        return _act(name, s.timelock, target, 0, data);
    }

    function _check(bool holds, string memory rule) internal {
        if (!holds) log.broken(rule);
    }

    /// @dev Gives `account` so much more, approved to `spender`.
    function _fund(address account, address token, uint256 amount, address spender) internal {
        if (token == ETH) {
            vm.deal(account, account.balance + amount);
            return;
        }
        if (token == address(s.fab)) {
            vm.prank(s.faucet);
            s.fab.transfer(account, amount);
        } else {
            // A token may refuse to know somebody.
            (bool minted,) = token.call(abi.encodeCall(IMintable.mint, (account, amount)));
            minted;
        }
        vm.prank(account);
        IERC20(token).approve(spender, amount);
    }

    function _amount(address token, uint256 seed) internal view returns (uint256) {
        if (token == ETH) return bound(seed, 0.0001 ether, 10 ether);
        if (token == s.tokens[1]) return bound(seed, 0.5e6, 10_000e6);
        return bound(seed, 1_000, 1_000e18);
    }

    function _token(uint256 seed) internal view returns (address) {
        return s.tokens[seed % s.tokens.length];
    }

    function _anyone(uint256 seed) internal view returns (address) {
        return s.everyone[seed % s.everyone.length];
    }

    function _isSession(uint256 jobId) internal view returns (bool) {
        // Of an id that is no session, nothing is told.
        (bool known,) = address(s.market).staticcall(abi.encodeCall(ISessionViews.getSessionDetails, (jobId)));
        return known;
    }

    /// @return jobId An open session or job as asked for, mostly; 0 when there is none.
    function _pick(uint256 seed, bool session) internal view returns (uint256 jobId) {
        (uint256 floor, uint256 last) = (log.floor(), s.market.lastJobId());
        for (uint256 i; i < last - floor; ++i) {
            jobId = floor + 1 + (seed % (last - floor) + i) % (last - floor);
            if (_isSession(jobId) == session && (log.ended(jobId) == 0 || (seed >> 32) % 16 == 0)) return jobId;
        }
        return 0;
    }

    function _full() internal view returns (bool) {
        return s.market.lastJobId() - log.floor() >= MAX_OPEN;
    }

    function _signed(address signer, bytes32 digest) internal view returns (bytes memory) {
        uint256 key = log.keyOf(signer);
        if (key == 0) return "";
        (uint8 v, bytes32 r, bytes32 s_) = vm.sign(key, digest);
        return abi.encodePacked(r, s_, v);
    }

    function _instances(uint256 jobId, address host, uint256 tokens, bytes32 inputHash)
        internal
        view
        returns (uint256[] memory instances)
    {
        instances = new uint256[](4);
        (instances[0], instances[1], instances[2]) = (uint256(COMMITMENT), uint256(inputHash), 9);
        instances[3] = s.proofs.bindingOf(jobId, host, tokens, COMMITMENT);
    }

    function _jobProof(uint256 jobId, address host, bool holds)
        internal
        view
        returns (IProofSystem.EZKLProof memory proof)
    {
        (, bytes32 inputHash) = s.market.jobRequest(jobId);
        proof.instances = _instances(jobId, host, 0, inputHash);
        proof.proof = holds ? bytes("yes") : bytes("no");
        (proof.vk, proof.modelCommitment) = (VK, COMMITMENT);
        (proof.inputHash, proof.outputHash) = (inputHash, bytes32(uint256(9)));
    }

    function _jobEnded(ISingleJobs.JobStatus status) internal pure returns (bool) {
        return status != ISingleJobs.JobStatus.Disputed && status >= ISingleJobs.JobStatus.Released;
    }

    /// @dev Forgets the oldest jobs and sessions when they have ended, and no bond is held for them.
    function _raiseFloor() internal {
        (uint256 floor, uint256 last) = (log.floor(), s.market.lastJobId());
        uint256 before = floor;
        while (floor < last && log.ended(floor + 1) != 0 && !_isChallenged(floor + 1)) ++floor;
        if (floor != before) log.raiseFloor(floor);
    }

    function _isChallenged(uint256 jobId) internal view returns (bool) {
        (uint256 id,) = s.proofs.challengesOf(jobId);
        IProofSystem.ChallengeStatus status = s.proofs.getChallenge(id).status;
        return status == IProofSystem.ChallengeStatus.Committed || status == IProofSystem.ChallengeStatus.Revealed;
    }
}
