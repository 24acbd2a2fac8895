// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IMintable, System, WalkLog} from "../system/System.sol";
import {Services, ServicesWalker} from "./Services.sol";

/// @notice FAB and the dollar of the local chain: nothing comes from nowhere, a signature counts once, and who holds
/// delegated FAB has exactly its votes.
abstract contract TokensWalker is ServicesWalker {
    constructor(System memory system, Services memory services, WalkLog log_)
        ServicesWalker(system, services, log_)
    {}

    function trade(uint256 seed, uint256 amount) external walks {
        address token = seed % 2 == 0 ? address(s.fab) : s.tokens[1];
        (address from, address to, address spender) = (_anyone(seed >> 8), _anyone(seed >> 16), _anyone(seed >> 24));
        uint256 step = (seed >> 32) % 8;
        amount = bound(amount, 0, IERC20(token).balanceOf(from) / 2);
        (uint256 supply, uint256 allowed) = (IERC20(token).totalSupply(), IERC20(token).allowance(from, spender));
        string memory suffix = seed % 2 == 0 ? "Fab" : "Usdc";
        if (step == 0) {
            _named("transfer", suffix, from, token, abi.encodeCall(IERC20.transfer, (to, amount)));
        } else if (step < 3) {
            _named("approve", suffix, from, token, abi.encodeCall(IERC20.approve, (spender, amount)));
        } else if (step < 5) {
            bytes memory data = abi.encodeCall(IERC20.transferFrom, (from, to, amount));
            bool success = _named("transferFrom", suffix, spender, token, data);
            _check(!success || allowed >= amount, "more was taken than was allowed");
        } else if (seed % 2 == 1) {
            _fund(from, token, 1e6, spender);
            return;
        } else if (step < 7) {
            bool success = step == 5
                ? _act("burn", from, token, 0, abi.encodeCall(ERC20Burnable.burn, (amount)))
                : _act("burnFrom", spender, token, 0, abi.encodeCall(ERC20Burnable.burnFrom, (from, amount)));
            if (success) supply -= amount;
            _check(step == 5 || !success || allowed >= amount, "more was burned than was allowed");
        } else {
            _act("delegate", from, token, 0, abi.encodeCall(IVotes.delegate, (to)));
        }
        _check(IERC20(token).totalSupply() == supply, "supply that nobody burned");
    }

    function _named(string memory name, string memory suffix, address sender, address token, bytes memory data)
        private
        returns (bool)
    {
        return _act(string.concat(name, suffix), sender, token, 0, data);
    }

    function mint(uint256 seed, uint256 amount) external walks {
        amount = bound(amount, 0, 1e12);
        uint256 supply = IERC20(s.tokens[1]).totalSupply();
        bytes memory data = abi.encodeCall(IMintable.mint, (_anyone(seed), amount));
        if (!_act("mint", _anyone(seed >> 8), s.tokens[1], 0, data)) return;
        _check(IERC20(s.tokens[1]).totalSupply() == supply + amount, "more was minted than was asked for");
    }

    /// @notice Approvals and delegations by signature, sent by anybody, and sent again.
    function sign(uint256 seed, uint256 amount) external walks {
        address token = seed % 2 == 0 ? address(s.fab) : s.tokens[1];
        address holder = seed % 4 == 0 ? s.renters[0] : s.hosts[(seed >> 8) % 2];
        (address to, uint256 deadline) = (_anyone(seed >> 16), block.timestamp + (seed >> 24) % 3);
        if (deadline == block.timestamp) --deadline;
        uint256 nonce = IERC20Permit(token).nonces(holder);
        bool delegates = seed % 2 == 0 && (seed >> 40) % 2 == 0;
        bytes32 structHash = delegates
            ? keccak256(abi.encode(keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)"), to, nonce, deadline))
            : keccak256(
                abi.encode(
                    keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                    holder,
                    to,
                    amount,
                    nonce,
                    deadline
                )
            );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", IERC20Permit(token).DOMAIN_SEPARATOR(), structHash));
        (uint8 v_, bytes32 r, bytes32 s_) = vm.sign(log.keyOf(holder), digest);
        bytes memory data = delegates
            ? abi.encodeCall(IVotes.delegateBySig, (to, nonce, deadline, v_, r, s_))
            : abi.encodeCall(IERC20Permit.permit, (holder, to, amount, deadline, v_, r, s_));
        string memory name = delegates ? "delegateBySig" : seed % 2 == 0 ? "permitFab" : "permitUsdc";
        bool success = _act(name, s.operator, token, 0, data);
        _check(success == (deadline >= block.timestamp), "a signature counted out of its time, or did not count");
        if (!success) return;
        if (delegates) _check(IVotes(token).delegates(holder) == to, "another delegate than was signed");
        else _check(IERC20(token).allowance(holder, to) == amount, "another allowance than was signed");
        _check(!_act("", s.operator, token, 0, data), "a signature counted twice");
    }

    /// @notice Votes are the FAB of those who delegated it.
    function votesAreHeld() external view returns (bool) {
        (uint256 votes, uint256 delegated) = (0, 0);
        for (uint256 i; i < s.everyone.length; ++i) {
            votes += IVotes(address(s.fab)).getVotes(s.everyone[i]);
            if (IVotes(address(s.fab)).delegates(s.everyone[i]) != address(0)) {
                delegated += s.fab.balanceOf(s.everyone[i]);
            }
        }
        return votes == delegated;
    }
}
