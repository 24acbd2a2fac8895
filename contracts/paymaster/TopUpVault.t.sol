// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EntryPoint} from "@account-abstraction/contracts/core/EntryPoint.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IEntryPoint} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {ITopUpVault} from "../interfaces/ITopUpVault.sol";
import {Test} from "../mocks/Test.sol";
import {SponsorPaymaster} from "./SponsorPaymaster.sol";
import {TopUpVault} from "./TopUpVault.sol";

/// @dev Any contract that answers like a successor: what a thief migrates the deposit to.
contract ThiefPaymaster {
    IEntryPoint public immutable entryPoint;
    address public immutable signerA;
    address public immutable signerB;
    address public immutable operator;
    address payable public immutable treasury;

    constructor(SponsorPaymaster original) {
        (entryPoint, signerA, signerB) = (original.entryPoint(), original.signerA(), original.signerB());
        (operator, treasury) = (original.operator(), original.treasury());
    }
}

/// @dev A keeper that tops up whenever it can, a thief with the operator's key, and time.
contract VaultWalk is Test {
    uint256 public constant CAP = 3 ether;

    TopUpVault public immutable vault;
    SponsorPaymaster public immutable paymaster;
    address public immutable loot;
    address private immutable _keeper;
    uint256 public immutable startedAt;
    uint256 public now_;
    uint256 public stolen;
    uint256 public toppedUp;
    uint256 public steals;
    string public violation;
    uint256[] private _times;
    uint256[] private _amounts;

    constructor(TopUpVault vault_, SponsorPaymaster paymaster_, address keeper) {
        (vault, paymaster, _keeper) = (vault_, paymaster_, keeper);
        loot = address(new ThiefPaymaster(paymaster_));
        (startedAt, now_) = (block.timestamp, block.timestamp);
    }

    function topUp(uint256 amount) external {
        vm.warp(now_);
        amount = bound(amount, 1, CAP + 1 ether);
        uint256 available = vault.available(address(paymaster));
        uint256 deposit = paymaster.getDeposit();
        vm.prank(_keeper);
        try vault.topUp(address(paymaster), amount) {
            toppedUp += amount;
            _times.push(now_);
            _amounts.push(amount);
            if (amount > available) violation = "more than available";
            if (paymaster.getDeposit() != deposit + amount) violation = "deposit";
        } catch {
            if (amount <= available && deposit + amount <= CAP) violation = "refused within the cap";
        }
    }

    function topUpAll() external {
        vm.warp(now_);
        uint256 amount = vault.available(address(paymaster));
        uint256 room = CAP - paymaster.getDeposit();
        if (room < amount) amount = room;
        vm.prank(_keeper);
        vault.topUp(address(paymaster), amount);
        toppedUp += amount;
        _times.push(now_);
        _amounts.push(amount);
    }

    function steal() external {
        vm.warp(now_);
        uint256 deposit = paymaster.getDeposit();
        if (deposit == 0) return;
        vm.prank(paymaster.operator());
        paymaster.migrateTo(loot, deposit);
        stolen += deposit;
        ++steals;
    }

    function wait(uint256 time) external {
        now_ += bound(time, 1, 1 days);
        vm.warp(now_);
    }

    /// @notice Topped up in the `span` seconds before now.
    function within(uint256 span) external view returns (uint256 sum) {
        for (uint256 i = _times.length; i > 0 && _times[i - 1] + span >= now_; --i) sum += _amounts[i - 1];
    }
}

contract TopUpVaultTest is Test {
    uint256 private constant START = 1_800_000_000;
    uint256 private constant CAP = 3 ether;

    EntryPoint private entryPoint;
    TopUpVault private vault;
    SponsorPaymaster private paymaster;
    VaultWalk private walk;
    address private timelock;
    address private keeper;
    address private stranger;

    function setUp() public {
        vm.warp(START);
        timelock = makeAddr("timelock");
        keeper = makeAddr("keeper");
        stranger = makeAddr("stranger");
        entryPoint = EntryPoint(payable(deployCode("TestEntryPoint")));
        bytes memory terms = abi.encode(
            IEntryPoint(address(entryPoint)),
            makeAddr("first"),
            makeAddr("second"),
            makeAddr("operator"),
            payable(makeAddr("treasury"))
        );
        paymaster = SponsorPaymaster(payable(deployCode("SponsorPaymaster", terms)));
        vault = TopUpVault(payable(deployCode("TopUpVault", abi.encode(timelock))));
        vm.deal(address(vault), 1_000 ether);
        vm.startPrank(timelock);
        vault.setPaymaster(address(paymaster), CAP);
        vault.setKeeper(keeper, true);
        vm.stopPrank();
        walk = new VaultWalk(vault, paymaster, keeper);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(walk);
    }

    /// @dev With an operator's key in a thief's hands and a keeper that refills at once, too.
    /// hardhat-config: default.invariant.runs = 24
    /// hardhat-config: default.invariant.depth = 100
    function invariant_I8_aStolenKeyIsWorthADaysBudgetAndADaysBudgetADay() public view {
        assertEq(walk.violation(), "");
        assertLe(paymaster.getDeposit(), CAP, "deposit above a day's budget");
        assertEq(walk.toppedUp(), paymaster.getDeposit() + walk.stolen());
        uint256 elapsed = walk.now_() - walk.startedAt();
        assertLe(walk.stolen(), CAP + CAP * elapsed / 1 days, "stolen");
        assertLe(walk.within(1 days), 2 * CAP, "a day");
        assertLe(walk.within(1 hours), CAP + CAP / 24, "an hour");
        assertEq(address(vault).balance, 1_000 ether - walk.toppedUp());
    }

    /// @dev What the walk never does, the invariant says nothing about.
    function test_theWalkStealsAndRefills() public {
        for (uint256 i; i < 3; ++i) {
            walk.topUpAll();
            walk.steal();
            walk.wait(12 hours);
        }
        assertEq(walk.steals(), 3);
        assertEq(walk.stolen(), CAP + CAP / 2 + CAP / 2);
        assertEq(walk.violation(), "");
    }

    function test_I8_aStolenOperatorKeyIsWorthADaysBudget() public {
        _topUp(CAP);
        address loot = address(new ThiefPaymaster(paymaster));
        vm.prank(paymaster.operator());
        paymaster.migrateTo(loot, CAP);
        // The keeper does not notice and refills: nothing is left for now, and a day's budget for a day.
        _expectCap(1, 0);
        vm.warp(START + 1 hours);
        _topUp(CAP / 24);
        _expectCap(1, 0);
        assertEq(entryPoint.balanceOf(loot) + paymaster.getDeposit(), CAP + CAP / 24);
    }

    function test_theCapRefillsSteadily() public {
        _topUp(1 ether);
        assertEq(vault.available(address(paymaster)), 2 ether);
        _expectCap(2 ether + 1, 2 ether);
        vm.warp(START + 4 hours);
        assertEq(vault.available(address(paymaster)), 2.5 ether);
        vm.warp(START + 30 days);
        assertEq(vault.available(address(paymaster)), CAP);
    }

    function test_theDepositStaysWithinADaysBudget() public {
        // Somebody else pays in.
        paymaster.deposit{value: 2 ether}();
        vm.prank(keeper);
        vm.expectRevert(
            abi.encodeWithSelector(
                ITopUpVault.TopUpVaultDepositTooHigh.selector, address(paymaster), CAP + 1, CAP
            )
        );
        vault.topUp(address(paymaster), 1 ether + 1);
        _topUp(1 ether);
        assertEq(paymaster.getDeposit(), CAP);
    }

    function test_changingTheCapForgetsNothing() public {
        _topUp(2 ether);
        _setCap(1 ether);
        assertEq(vault.available(address(paymaster)), 0);
        _setCap(0);
        vm.prank(keeper);
        vm.expectRevert(abi.encodeWithSelector(ITopUpVault.TopUpVaultNotListed.selector, address(paymaster)));
        vault.topUp(address(paymaster), 0);
        (uint256 cap, address listedFor) = vault.paymasterOf(address(paymaster));
        assertEq(cap, 0);
        assertEq(listedFor, address(0));
        vm.warp(START + 1 days);
        _setCap(CAP);
        assertEq(vault.available(address(paymaster)), 1 ether);
        (cap, listedFor) = vault.paymasterOf(address(paymaster));
        assertEq(cap, CAP);
        assertEq(listedFor, address(entryPoint));
    }

    /// @dev A keeper's key reaches deposits of listed paymasters only.
    function test_onlyKeepersTopUpAndOnlyGovernanceElse() public {
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ITopUpVault.TopUpVaultNotKeeper.selector, stranger));
        vault.topUp(address(paymaster), 1);
        address other = address(new ThiefPaymaster(paymaster));
        vm.prank(keeper);
        vm.expectRevert(abi.encodeWithSelector(ITopUpVault.TopUpVaultNotListed.selector, other));
        vault.topUp(other, 1);
        bytes[3] memory calls = [
            abi.encodeCall(vault.withdraw, (payable(keeper), 1)),
            abi.encodeCall(vault.setPaymaster, (other, CAP)),
            abi.encodeCall(vault.setKeeper, (keeper, true))
        ];
        for (uint256 i; i < calls.length; ++i) {
            vm.prank(keeper);
            (bool success, bytes memory returned) = address(vault).call(calls[i]);
            assertFalse(success);
            assertEq(returned, abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, keeper));
        }
        vm.prank(timelock);
        vault.setKeeper(keeper, false);
        vm.prank(keeper);
        vm.expectRevert(abi.encodeWithSelector(ITopUpVault.TopUpVaultNotKeeper.selector, keeper));
        vault.topUp(address(paymaster), 1);
    }

    function test_governanceTakesOutWhatIsLeft() public {
        vm.prank(timelock);
        vault.withdraw(payable(stranger), 5 ether);
        assertEq(stranger.balance, 5 ether);
        vm.prank(timelock);
        vm.expectRevert(
            abi.encodeWithSelector(ITopUpVault.TopUpVaultTransferFailed.selector, address(paymaster), 1)
        );
        vault.withdraw(payable(address(paymaster)), 1);
        vm.prank(timelock);
        vm.expectRevert(ITopUpVault.TopUpVaultZeroAddress.selector);
        vault.withdraw(payable(0), 1);
    }

    function test_zeroAddressesAreRefused() public {
        vm.prank(timelock);
        vm.expectRevert(ITopUpVault.TopUpVaultZeroAddress.selector);
        vault.setKeeper(address(0), true);
        address homeless = address(
            new ThiefPaymaster(SponsorPaymaster(payable(address(new HomelessPaymaster()))))
        );
        vm.prank(timelock);
        vm.expectRevert(ITopUpVault.TopUpVaultZeroAddress.selector);
        vault.setPaymaster(homeless, 1);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableInvalidOwner.selector, address(0)));
        deployCode("TopUpVault", abi.encode(address(0)));
    }

    function testFuzz_availableNeverExceedsTheCap(uint256 amount, uint256 time, uint128 newCap) public {
        _topUp(bound(amount, 0, CAP));
        _setCap(newCap);
        vm.warp(START + bound(time, 0, 3_650 days));
        assertLe(vault.available(address(paymaster)), newCap);
    }

    function _topUp(uint256 amount) private {
        vm.prank(keeper);
        vault.topUp(address(paymaster), amount);
    }

    function _setCap(uint256 cap) private {
        vm.prank(timelock);
        vault.setPaymaster(address(paymaster), cap);
    }

    function _expectCap(uint256 amount, uint256 available) private {
        vm.prank(keeper);
        vm.expectRevert(
            abi.encodeWithSelector(
                ITopUpVault.TopUpVaultCapExceeded.selector, address(paymaster), amount, available
            )
        );
        vault.topUp(address(paymaster), amount);
    }
}

/// @dev Answers zero to everything.
contract HomelessPaymaster {
    fallback() external {
        assembly ("memory-safe") {
            mstore(0, 0)
            return(0, 32)
        }
    }
}
