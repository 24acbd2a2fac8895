// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";
import {IRevenueSplitter} from "../interfaces/IRevenueSplitter.sol";
import {IStakerRewards} from "../interfaces/IStakerRewards.sol";
import {IStakingTiers} from "../interfaces/IStakingTiers.sol";
import {CallbackToken, FeeOnTransferToken, LyingToken, MintableToken} from "../mocks/HostileTokens.sol";
import {ReentrantWallet, RejectingWallet} from "../mocks/HostileReceivers.sol";
import {StakersPoolFixture} from "../mocks/StakersPoolFixture.sol";
import {Test} from "../mocks/Test.sol";
import {RevenueSplitter} from "./RevenueSplitter.sol";

contract RevenueSplitterTest is StakersPoolFixture {
    RevenueSplitter private splitter;
    address private host = makeAddr("host");
    address private treasury = makeAddr("treasury");

    function setUp() public override {
        super.setUp();
        splitter = RevenueSplitter(
            deployer.deploy(
                "splitter",
                deployCode("RevenueSplitter"),
                abi.encodeCall(RevenueSplitter.initialize, (owner, treasury, address(pool)))
            )
        );
        usdc.mint(address(this), 1_000_000e6);
        usdc.approve(address(splitter), type(uint256).max);
        stake(alice, IStakingTiers.Tier.Flexible, 1e18);
    }

    /// Row 97.
    function test_oneNineteenAndManyWeiSumToTheInput() public {
        _expectSplit(ETH, 1, 1, 0, 0);
        _expectSplit(ETH, 19, 18, 1, 0);
        _expectSplit(ETH, 1 ether, 0.85 ether, 0.1 ether, 0.05 ether);
        _expectSplit(address(usdc), 1, 1, 0, 0);
        _expectSplit(address(usdc), 19, 18, 1, 0);
        _expectSplit(address(usdc), 1e6, 0.85e6, 0.1e6, 0.05e6);
    }

    function test_everybodyIsPaidOut() public {
        splitter.split{value: 1 ether}(ETH, 1 ether, host);
        splitter.split(address(usdc), 100e6, host);
        vm.expectEmit(address(splitter));
        emit IRevenueSplitter.Withdrawn(host, ETH, 0.85 ether, host);
        vm.prank(host);
        assertEq(splitter.withdraw(ETH), 0.85 ether);
        vm.prank(treasury);
        assertEq(splitter.withdraw(address(usdc), bob), 10e6);
        assertEq(host.balance, 0.85 ether);
        assertEq(usdc.balanceOf(bob), 10e6);
        pass(WEEK);
        assertEq(claim(alice, ETH), 0.05 ether);
        assertEq(claim(alice, address(usdc)), 5e6);
        assertEq(address(splitter).balance, splitter.liabilities(ETH));
        assertEq(usdc.balanceOf(address(splitter)), splitter.liabilities(address(usdc)));

        vm.expectRevert(
            abi.encodeWithSelector(IRevenueSplitter.RevenueSplitterNothingToWithdraw.selector, host, ETH)
        );
        vm.prank(host);
        splitter.withdraw(ETH);
        vm.expectRevert(IRevenueSplitter.RevenueSplitterZeroAddress.selector);
        vm.prank(host);
        splitter.withdraw(address(usdc), address(0));
    }

    /// The original split what it held: who called first with `value` 0 took what others had sent.
    function test_X43_residentMoneyPaysForNothing() public {
        splitter.split{value: 1 ether}(ETH, 1 ether, host);
        vm.deal(address(splitter), 5 ether);
        usdc.mint(address(splitter), 100e6);
        vm.startPrank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(IRevenueSplitter.RevenueSplitterWrongValue.selector, 0, 1 ether)
        );
        splitter.split(ETH, 1 ether, stranger);
        vm.expectRevert();
        splitter.split(address(usdc), 100e6, stranger);
        vm.stopPrank();
        vm.expectRevert(
            abi.encodeWithSelector(IRevenueSplitter.RevenueSplitterWrongValue.selector, 2 ether, 1 ether)
        );
        splitter.split{value: 2 ether}(ETH, 1 ether, host);
        vm.expectRevert(abi.encodeWithSelector(IRevenueSplitter.RevenueSplitterWrongValue.selector, 1, 0));
        splitter.split{value: 1}(address(usdc), 1e6, host);
        (bool success,) = address(splitter).call{value: 1}("");
        assertFalse(success, "ETH without a call");
        assertEq(splitter.liabilities(ETH), 0.95 ether);
    }

    /// The original's stakers' pool had no way to take ETH.
    function test_X43_ethReachesTheStakersInTheSameCall() public {
        vm.expectEmit(address(pool));
        emit IStakerRewards.RewardNotified(ETH, address(splitter), 0.05 ether, START + WEEK);
        splitter.split{value: 1 ether}(ETH, 1 ether, host);
        assertEq(address(pool).balance, 0.05 ether);
        assertEq(pool.rewardState(ETH).notified, 0.05 ether);
    }

    function test_amountAndHostAreNamed() public {
        vm.expectRevert(IRevenueSplitter.RevenueSplitterZeroAmount.selector);
        splitter.split(ETH, 0, host);
        vm.expectRevert(IRevenueSplitter.RevenueSplitterZeroAddress.selector);
        splitter.split{value: 1}(ETH, 1, address(0));
    }

    function test_tokensThatDoNotArriveAreRefused() public {
        FeeOnTransferToken kept = new FeeOnTransferToken();
        kept.mint(address(this), 100);
        kept.approve(address(splitter), 100);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRevenueSplitter.RevenueSplitterTransferMismatch.selector, address(kept), 99, 100
            )
        );
        splitter.split(address(kept), 100, host);
        LyingToken lying = new LyingToken();
        lying.mint(address(splitter), 100);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRevenueSplitter.RevenueSplitterTransferMismatch.selector, address(lying), 0, 100
            )
        );
        splitter.split(address(lying), 100, host);
        MintableToken unlisted = new MintableToken();
        unlisted.mint(address(this), 100);
        unlisted.approve(address(splitter), 100);
        vm.expectRevert(
            abi.encodeWithSelector(IStakerRewards.StakersPoolRewardUnknown.selector, address(unlisted))
        );
        splitter.split(address(unlisted), 100, host);
    }

    function test_X01_reenteringWhilePaidGainsNothing() public {
        CallbackToken token = new CallbackToken();
        vm.prank(owner);
        pool.listRewardToken(address(token));
        ReentrantWallet wallet = new ReentrantWallet();
        token.mint(address(wallet), 1_000);
        wallet.fund{value: 1 ether}();
        wallet.run(address(token), 0, abi.encodeCall(token.approve, (address(splitter), 1_000)));
        bytes[] memory attacks = new bytes[](3);
        attacks[0] = abi.encodeWithSignature("withdraw(address)", ETH);
        attacks[1] = abi.encodeWithSignature("withdraw(address,address)", address(token), address(wallet));
        attacks[2] = abi.encodeCall(splitter.split, (address(token), 100, address(wallet)));
        wallet.arm(address(splitter), attacks);
        wallet.run(
            address(splitter), 0, abi.encodeCall(splitter.split, (address(token), 200, address(wallet)))
        );
        splitter.split{value: 1 ether}(ETH, 1 ether, address(wallet));
        wallet.run(address(splitter), 0, attacks[0]);
        wallet.run(address(splitter), 0, attacks[1]);
        assertGe(wallet.attempts(), 9);
        assertEq(wallet.successes(), 0);
        assertEq(address(wallet).balance, 1.85 ether);
        assertEq(token.balanceOf(address(wallet)), 970);
    }

    function test_whoRejectsEthBlocksOnlyItself() public {
        RejectingWallet wallet = new RejectingWallet();
        splitter.split{value: 1 ether}(ETH, 1 ether, address(wallet));
        vm.expectRevert(
            abi.encodeWithSelector(
                IRevenueSplitter.RevenueSplitterEthTransferFailed.selector, address(wallet), 0.85 ether
            )
        );
        wallet.run(address(splitter), 0, abi.encodeWithSignature("withdraw(address)", ETH));
        wallet.run(address(splitter), 0, abi.encodeWithSignature("withdraw(address,address)", ETH, host));
        assertEq(host.balance, 0.85 ether);
    }

    function test_onlyTheOwnerNamesReceiversAndUpgrades() public {
        bytes memory refused =
            abi.encodeWithSelector(OwnableUpgradeable.OwnableUnauthorizedAccount.selector, stranger);
        address next = deployCode("RevenueSplitter");
        vm.startPrank(stranger);
        vm.expectRevert(refused);
        splitter.setTreasury(stranger);
        vm.expectRevert(refused);
        splitter.setStakersPool(stranger);
        vm.expectRevert(refused);
        splitter.upgradeToAndCall(next, "");
        vm.stopPrank();

        splitter.split{value: 1 ether}(ETH, 1 ether, host);
        vm.startPrank(owner);
        splitter.setTreasury(bob);
        splitter.setStakersPool(alice);
        splitter.upgradeToAndCall(next, "");
        vm.expectRevert(IRevenueSplitter.RevenueSplitterZeroAddress.selector);
        splitter.setTreasury(address(0));
        vm.expectRevert(IRevenueSplitter.RevenueSplitterZeroAddress.selector);
        splitter.setStakersPool(address(0));
        vm.stopPrank();
        assertEq(splitter.treasury(), bob);
        assertEq(splitter.stakersPool(), alice);
        // What is owed stays with the one it was owed to.
        assertEq(splitter.withdrawable(treasury, ETH), 0.1 ether);
        assertEq(splitter.withdrawable(bob, ETH), 0);
    }

    function test_isInitializedOnce() public {
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        splitter.initialize(stranger, treasury, address(pool));
    }

    function testFuzz_partsSumToTheInput(uint96 amount, bool inEth) public {
        amount = uint96(bound(amount, 1, 1_000_000e6));
        address token = inEth ? ETH : address(usdc);
        (uint256 toHost, uint256 toTreasury, uint256 toStakers) =
            splitter.split{value: inEth ? amount : 0}(token, amount, host);
        assertEq(toHost + toTreasury + toStakers, amount);
        assertEq(toTreasury, uint256(amount) / 10);
        assertEq(toStakers, uint256(amount) / 20);
        assertEq(balanceOf(address(splitter), token), splitter.liabilities(token));
        assertEq(balanceOf(address(pool), token), toStakers);
    }

    function _expectSplit(
        address token,
        uint256 amount,
        uint256 toHost,
        uint256 toTreasury,
        uint256 toStakers
    ) private {
        uint256 hostBefore = splitter.withdrawable(host, token);
        uint256 treasuryBefore = splitter.withdrawable(treasury, token);
        uint256 poolBefore = balanceOf(address(pool), token);
        vm.expectEmit(address(splitter));
        emit IRevenueSplitter.RevenueSplit(token, host, toHost, toTreasury, toStakers);
        splitter.split{value: token == ETH ? amount : 0}(token, amount, host);
        assertEq(splitter.withdrawable(host, token) - hostBefore, toHost, "host");
        assertEq(splitter.withdrawable(treasury, token) - treasuryBefore, toTreasury, "treasury");
        assertEq(balanceOf(address(pool), token) - poolBefore, toStakers, "stakers");
    }
}

/// @dev Calls the splitter in any order and counts what went in and out.
contract SplitterWalk is Test {
    RevenueSplitter public immutable splitter;
    address public immutable token;
    address[] public accounts;
    uint256 public paidIn;
    uint256 public paidOut;

    constructor(RevenueSplitter splitter_, MintableToken token_, address[] memory accounts_) {
        (splitter, token, accounts) = (splitter_, address(token_), accounts_);
        token_.approve(address(splitter_), type(uint256).max);
    }

    function split(uint96 amount, uint8 who) external {
        uint256 size = bound(amount, 1, 1e24);
        MintableToken(token).mint(address(this), size);
        (uint256 toHost, uint256 toTreasury,) = splitter.split(token, size, accounts[who % accounts.length]);
        paidIn += toHost + toTreasury;
    }

    function withdraw(uint8 who) external {
        vm.prank(accounts[who % accounts.length]);
        paidOut += splitter.withdraw(token);
    }

    function donate(uint64 amount) external {
        MintableToken(token).mint(address(splitter), amount);
    }
}

contract SplitterInvariantsTest is StakersPoolFixture {
    RevenueSplitter private splitter;
    MintableToken private token;
    SplitterWalk private walk;

    function setUp() public override {
        super.setUp();
        token = new MintableToken();
        vm.prank(owner);
        pool.listRewardToken(address(token));
        splitter = RevenueSplitter(
            deployer.deploy(
                "splitter",
                deployCode("RevenueSplitter"),
                abi.encodeCall(RevenueSplitter.initialize, (owner, alice, address(pool)))
            )
        );
        address[] memory accounts = new address[](3);
        (accounts[0], accounts[1], accounts[2]) = (alice, bob, stranger);
        walk = new SplitterWalk(splitter, token, accounts);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(walk);
    }

    /// hardhat-config: default.invariant.runs = 16
    /// hardhat-config: default.invariant.depth = 64
    function invariant_whatIsOwedIsTheLedgerAndIsThere() public view {
        uint256 owed = splitter.withdrawable(alice, address(token)) + splitter.withdrawable(bob, address(token))
            + splitter.withdrawable(stranger, address(token));
        assertEq(owed, splitter.liabilities(address(token)));
        assertEq(owed, walk.paidIn() - walk.paidOut());
        assertGe(token.balanceOf(address(splitter)), owed);
        assertEq(token.allowance(address(splitter), address(pool)), 0, "an allowance stayed");
    }

    /// What the walk never reaches, the invariant says nothing about.
    function test_walkTakesEveryAction() public {
        for (uint8 i; i < 20; ++i) {
            walk.split(uint96(uint256(keccak256(abi.encode(i)))), i);
            walk.donate(i);
            walk.withdraw(i);
            if (i % 2 == 0) walk.split(i, i / 2);
            invariant_whatIsOwedIsTheLedgerAndIsThere();
        }
        assertGt(walk.paidOut(), 0);
        assertGt(walk.paidIn(), walk.paidOut());
    }
}
