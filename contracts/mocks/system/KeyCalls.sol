// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Operation} from "../../interfaces/IBaseAccountIntegration.sol";
import {ISessionJobs} from "../../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../../interfaces/ISingleJobs.sol";
import {AccountKeys} from "./AccountKeys.sol";
import {System, WalkLog} from "./System.sol";

/// @notice What session keys try: within their grant, beyond it, and on what they must never reach.
abstract contract KeyCalls is AccountKeys {
    constructor(System memory system, WalkLog log_) AccountKeys(system, log_) {}

    /// @dev Sends an operation of a key and compares what the account has lost with the grant.
    function _keyOperation(uint256 who, PackedUserOperation memory op) internal returns (bool included, bool ran) {
        uint256[2] memory before = _wealth();
        (uint256 fab, uint256 thief) = (s.fab.balanceOf(address(s.account)), _stolen());
        uint256 collected = BENEFICIARY.balance;
        (included, ran) = _handled(op);
        uint256 paidGas = op.paymasterAndData.length == 0 ? BENEFICIARY.balance - collected : 0;
        _used(who, before, included, paidGas);
        _check(s.fab.balanceOf(address(s.account)) >= fab, "I7: a key moved a token without a limit");
        _check(_stolen() == thief, "I7: a key got money for itself");
    }

    function _stolen() private view returns (uint256 sum) {
        for (uint256 i; i < KEYS; ++i) {
            sum += _keys[i].balance + IERC20(s.tokens[1]).balanceOf(_keys[i]) + s.fab.balanceOf(_keys[i]);
        }
    }

    function _calls(uint256 seed, uint256 amount) internal returns (Operation[] memory calls) {
        (address market, address usdc) = (address(s.market), s.tokens[1]);
        uint256 kind = seed % 24;
        if (kind > 15) kind %= 4;
        if (kind < 4 && s.market.lastJobId() - log.floor() > MAX_OPEN + 6) kind = 4;
        bool eth = (seed >> 8) % 2 == 0;
        amount = eth ? bound(amount, 0.0001 ether, 0.6 ether) : bound(amount, 0.5e6, 60e6);
        _fund(address(s.account), eth ? ETH : usdc, amount, market);
        uint256 jobId = s.market.lastJobId() == 0 ? 0 : 1 + (seed >> 16) % s.market.lastJobId();
        if (kind < 3) {
            ISessionJobs.SessionParams memory params = ISessionJobs.SessionParams(
                s.hosts[(seed >> 24) % 2], eth ? ETH : usdc, amount, amount, 1 days, 100, _keys[0], 0, ISessionJobs.ProofMode.CoSigned
            );
            bytes memory data = kind == 2
                ? abi.encodeCall(ISessionJobs.createSessionFromDeposit, (params))
                : abi.encodeCall(ISessionJobs.createSession, (params));
            return _one(market, eth && kind != 2 ? amount : 0, data);
        }
        if (kind == 3) {
            if (!eth) return _one(market, 0, abi.encodeCall(s.market.depositPrepaid, (usdc, amount)));
            bytes memory data =
                abi.encodeCall(ISingleJobs.createJob, ("perceptron", bytes32(uint256(11)), amount, block.timestamp + 2 hours));
            return _one(market, amount, data);
        }
        if (kind == 4) return _one(market, 0, abi.encodeCall(ISessionJobs.completeSessionJob, (jobId)));
        if (kind == 5) return _one(market, 0, abi.encodeCall(ISingleJobs.cancelJob, (jobId)));
        if (kind == 6) return _one(market, 0, abi.encodeWithSignature("withdraw(address)", eth ? ETH : usdc));
        if (kind == 7) return _one(market, eth ? amount : 0, abi.encodeCall(s.market.depositPrepaid, (eth ? ETH : usdc, amount)));
        // From here on what no grant of this walk allows.
        if (kind == 8) return _one(usdc, 0, abi.encodeCall(IERC20.transfer, (_keys[0], amount)));
        if (kind == 9) return _one(_keys[0], amount, "");
        if (kind == 10) return _one(market, 0, abi.encodeWithSignature("withdraw(address,address)", ETH, _keys[0]));
        if (kind == 11) return _one(address(s.account), 0, abi.encodeCall(s.account.addSessionKey, (_keys[1], uint48(block.timestamp + 1))));
        if (kind == 12) return _one(address(s.fab), 0, abi.encodeCall(IERC20.approve, (_keys[0], type(uint256).max)));
        if (kind == 13) return _one(market, 0, abi.encodeCall(ISingleJobs.releasePayment, (jobId)));
        if (kind == 14) return _one(address(s.entryPoint), 0, abi.encodeCall(s.entryPoint.withdrawTo, (payable(_keys[0]), 1)));
        calls = new Operation[](2);
        calls[0] = Operation(usdc, 0, abi.encodeCall(IERC20.approve, (market, amount)));
        calls[1] = Operation(market, 0, abi.encodeCall(s.market.depositPrepaid, (usdc, amount)));
    }
}
