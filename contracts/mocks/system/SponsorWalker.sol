// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {System, WalkLog} from "./System.sol";
import {SystemWalker} from "./SystemWalker.sol";

/// @notice The sponsor's deposit and stake, and the vault that feeds it.
abstract contract SponsorWalker is SystemWalker {
    constructor(System memory system, WalkLog log_) SystemWalker(system, log_) {}

    /// @notice Who feeds the sponsor, and who empties it.
    function feed(uint256 seed, uint256 amount) external walks {
        (address vault, address sponsor) = (address(s.vault), address(s.sponsor));
        (uint256 cap,) = s.vault.paymasterOf(sponsor);
        uint256 step = seed % 20;
        if (step < 8) {
            uint256 deposit = s.entryPoint.balanceOf(sponsor);
            uint256 room = cap > deposit ? cap - deposit : 1;
            amount = (seed >> 8) % 4 == 0 ? bound(amount, 1, cap + 1) : room;
            _act("topUp", s.keeper, vault, 0, abi.encodeCall(s.vault.topUp, (sponsor, amount)));
        } else if (step == 8) {
            uint256 next = bound(amount, 0.05 ether, 0.2 ether);
            if (_govern("setPaymaster", vault, abi.encodeCall(s.vault.setPaymaster, (sponsor, next)))) log.raiseCap(next);
        } else if (step == 9) {
            _govern("setKeeper", vault, abi.encodeCall(s.vault.setKeeper, (s.keeper, amount % 4 != 0)));
        } else if (step == 10) {
            _govern("withdrawVault", vault, abi.encodeCall(s.vault.withdraw, (payable(s.treasury), amount % 1 ether)));
        } else if (step == 11) {
            bytes memory data = abi.encodeCall(s.sponsor.withdraw, (amount % 0.02 ether));
            _act("withdrawSponsor", s.operator, sponsor, 0, data);
        } else if (step == 12) {
            bytes memory data = abi.encodeCall(s.sponsor.migrateTo, (address(s.nextSponsor), amount % 0.02 ether));
            _act("migrateTo", s.operator, sponsor, 0, data);
        } else if (step < 17) {
            _stake(step, amount % 0.01 ether);
        } else if (step == 17) {
            vm.deal(s.operator, s.operator.balance + amount % 1 ether);
            _check(_act("receiveVault", s.operator, vault, amount % 1 ether, ""), "the vault takes no ETH");
        } else {
            address thief = _anyone(seed >> 16);
            bytes[6] memory calls = [
                abi.encodeCall(s.vault.topUp, (sponsor, 1)),
                abi.encodeCall(s.vault.withdraw, (payable(thief), 1)),
                abi.encodeCall(s.sponsor.withdraw, (1)),
                abi.encodeCall(s.sponsor.migrateTo, (address(s.nextSponsor), 1)),
                abi.encodeCall(s.sponsor.unlockStake, ()),
                ""
            ];
            uint256 at = (seed >> 24) % 6;
            _check(!_act("", thief, at < 2 ? vault : sponsor, 0, calls[at]), "a stranger moved the sponsor's money");
        }
    }

    /// @dev A gift to the deposit, and a stake that goes only to the treasury.
    function _stake(uint256 step, uint256 amount) private {
        (address operator, address sponsor) = (s.operator, address(s.sponsor));
        vm.deal(operator, operator.balance + amount);
        if (step == 13) {
            if (_act("depositSponsor", operator, sponsor, amount, abi.encodeCall(s.sponsor.deposit, ()))) {
                log.donate(amount);
            }
        } else if (step == 14) {
            _act("addStakeSponsor", operator, sponsor, amount, abi.encodeCall(s.sponsor.addStake, (1)));
        } else if (step == 15) {
            _act("unlockStakeSponsor", operator, sponsor, 0, abi.encodeCall(s.sponsor.unlockStake, ()));
        } else {
            uint256 staked = s.entryPoint.getDepositInfo(sponsor).stake;
            uint256 before = s.treasury.balance;
            bytes memory data = abi.encodeCall(s.sponsor.withdrawStake, ());
            if (!_act("withdrawStakeSponsor", operator, sponsor, 0, data)) return;
            _check(s.treasury.balance == before + staked, "a stake did not go to the treasury");
        }
    }
}
