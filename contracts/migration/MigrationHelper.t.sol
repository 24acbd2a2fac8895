// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IMigrationHelper, IScoreImport, IStakeImport} from "../interfaces/IMigrationHelper.sol";
import {Test} from "../mocks/Test.sol";
import {FabToken} from "../tokens/FabToken.sol";
import {MigrationHelper} from "./MigrationHelper.sol";

/// @notice The registry's edge: takes stakes with their funds, as the real one, from the importer only.
contract StakeBook is IStakeImport {
    IERC20 private immutable _fab;
    address public importer;
    mapping(address operator => uint256) public stakeOf;
    mapping(address operator => address) public getNodeController;

    constructor(IERC20 fab_) {
        _fab = fab_;
    }

    function setImporter(address importer_) external {
        importer = importer_;
    }

    function register() external {
        getNodeController[msg.sender] = msg.sender;
    }

    function importStake(address operator, address controller, uint256 amount, string calldata) external {
        require(msg.sender == importer && amount != 0, "not the importer");
        getNodeController[operator] = controller == address(0) ? operator : controller;
        stakeOf[operator] += amount;
        require(_fab.transferFrom(msg.sender, address(this), amount), "no funds");
    }

    function closeImport() external {
        require(msg.sender == importer, "not the importer");
        importer = address(0);
    }
}

/// @notice The reputation's edge.
contract ScoreBook is IScoreImport {
    address public importer;
    mapping(address host => uint256) public scoreOf;

    function setImporter(address importer_) external {
        importer = importer_;
    }

    function importScores(address[] calldata hosts, uint32[] calldata scores) external returns (uint256) {
        require(msg.sender == importer, "not the importer");
        for (uint256 i; i < hosts.length; ++i) {
            scoreOf[hosts[i]] = scores[i];
        }
        return hosts.length;
    }

    function closeImport() external {
        require(msg.sender == importer, "not the importer");
        importer = address(0);
    }
}

contract MigrationHelperTest is Test {
    FabToken private fab;
    StakeBook private registry;
    ScoreBook private reputation;
    MigrationHelper private helper;
    IMigrationHelper.HostEntry[] private entries;
    bytes32[][] private proofs;

    function setUp() public {
        vm.warp(1_800_000_000);
        fab = FabToken(deployCode("FabToken", abi.encode(address(this), 1_000_000e18)));
        registry = new StakeBook(fab);
        reputation = new ScoreBook();
        entries.push(IMigrationHelper.HostEntry(makeAddr("first"), address(0), 1_500e18, 130, "gpu:a"));
        entries.push(IMigrationHelper.HostEntry(makeAddr("second"), makeAddr("owner"), 1_000e18, 90, "gpu:b"));
        bytes32[2] memory leaves = [_leaf(entries[0]), _leaf(entries[1])];
        bytes32 root = leaves[0] < leaves[1]
            ? keccak256(abi.encode(leaves[0], leaves[1]))
            : keccak256(abi.encode(leaves[1], leaves[0]));
        proofs.push();
        proofs[0].push(leaves[1]);
        proofs.push();
        proofs[1].push(leaves[0]);
        helper = MigrationHelper(
            deployCode(
                "MigrationHelper",
                abi.encode(
                    fab,
                    registry,
                    reputation,
                    root,
                    IMigrationHelper.Totals(2, 2_500e18, 220),
                    block.timestamp + 30 days
                )
            )
        );
        registry.setImporter(address(helper));
        reputation.setImporter(address(helper));
        fab.approve(address(helper), type(uint256).max);
    }

    function test_stakesMoveWithTheirFundsAndSumsAreEqual() public {
        uint256 before = fab.balanceOf(address(this));
        helper.migrate(entries, proofs);
        assertEq(before - fab.balanceOf(address(this)), 2_500e18);
        assertEq(fab.balanceOf(address(registry)), 2_500e18);
        assertEq(fab.balanceOf(address(helper)), 0);
        assertEq(fab.allowance(address(helper), address(registry)), 0);
        assertEq(registry.stakeOf(entries[0].operator), 1_500e18);
        assertEq(registry.getNodeController(entries[1].operator), entries[1].controller);
        assertEq(reputation.scoreOf(entries[0].operator), 130);
        assertEq(abi.encode(helper.migrated()), abi.encode(helper.totals()));
    }

    function test_X42_nothingIsWrittenWithoutFunds() public {
        vm.prank(makeAddr("pauper"));
        vm.expectRevert();
        helper.migrate(entries, proofs);
        assertEq(registry.stakeOf(entries[0].operator), 0);
        assertFalse(helper.isMigrated(entries[0].operator));
    }

    function test_X42_nothingIsWrittenThatTheExportDoesNotSay() public {
        entries[0].stake += 1;
        vm.expectRevert(
            abi.encodeWithSelector(IMigrationHelper.MigrationNotInExport.selector, entries[0].operator)
        );
        helper.migrate(entries, proofs);
        entries[0].stake -= 1;
        entries[1].score += 1;
        vm.expectRevert(
            abi.encodeWithSelector(IMigrationHelper.MigrationNotInExport.selector, entries[1].operator)
        );
        helper.migrate(entries, proofs);
        entries[1].score -= 1;
        entries[1].metadata = "gpu:c";
        vm.expectRevert(
            abi.encodeWithSelector(IMigrationHelper.MigrationNotInExport.selector, entries[1].operator)
        );
        helper.migrate(entries, proofs);
    }

    function test_aHostIsMigratedOnce() public {
        helper.migrate(entries, proofs);
        vm.expectRevert(abi.encodeWithSelector(IMigrationHelper.MigrationTwice.selector, entries[0].operator));
        helper.migrate(entries, proofs);
    }

    function test_everyEntryNeedsAProof() public {
        proofs.pop();
        vm.expectRevert(abi.encodeWithSelector(IMigrationHelper.MigrationProofCount.selector, 2, 1));
        helper.migrate(entries, proofs);
    }

    function test_whoRegisteredByItselfIsPaidOutAndStopsNobody() public {
        vm.prank(entries[0].operator);
        registry.register();
        vm.prank(entries[1].operator);
        registry.register();
        helper.migrate(entries, proofs);
        assertEq(fab.balanceOf(entries[0].operator), 1_500e18);
        assertEq(fab.balanceOf(entries[1].controller), 1_000e18);
        assertEq(fab.balanceOf(address(registry)), 0);
    }

    function test_X42_itDisablesItselfWhenAllIsDone() public {
        vm.expectRevert(
            abi.encodeWithSelector(IMigrationHelper.MigrationIncomplete.selector, 0, 2, helper.closesAt())
        );
        helper.close();
        helper.migrate(entries, proofs);
        vm.prank(makeAddr("anyone"));
        helper.close();
        assertTrue(helper.closed());
        assertEq(registry.importer(), address(0));
        assertEq(reputation.importer(), address(0));
        vm.expectRevert(IMigrationHelper.MigrationIsClosed.selector);
        helper.migrate(entries, proofs);
        vm.expectRevert(IMigrationHelper.MigrationIsClosed.selector);
        helper.close();
    }

    function test_anIncompleteMigrationCanBeClosedInTheEnd() public {
        vm.warp(helper.closesAt() - 1);
        vm.expectPartialRevert(IMigrationHelper.MigrationIncomplete.selector);
        helper.close();
        vm.warp(helper.closesAt());
        helper.close();
        assertTrue(helper.closed());
    }

    function test_aScoreWithoutStakeMovesNothing() public {
        IMigrationHelper.HostEntry[] memory one = new IMigrationHelper.HostEntry[](1);
        one[0] = IMigrationHelper.HostEntry(makeAddr("left"), address(0), 0, 70, "");
        helper = MigrationHelper(
            deployCode(
                "MigrationHelper",
                abi.encode(fab, registry, reputation, _leaf(one[0]), IMigrationHelper.Totals(1, 0, 70), block.timestamp)
            )
        );
        registry.setImporter(address(helper));
        reputation.setImporter(address(helper));
        helper.migrate(one, new bytes32[][](1));
        assertEq(reputation.scoreOf(one[0].operator), 70);
        assertEq(registry.getNodeController(one[0].operator), address(0));
    }

    function test_zeroAddressIsRefused() public {
        IMigrationHelper.Totals memory none;
        vm.expectRevert(IMigrationHelper.MigrationZeroAddress.selector);
        deployCode("MigrationHelper", abi.encode(IERC20(address(0)), registry, reputation, 0, none, 0));
        vm.expectRevert(IMigrationHelper.MigrationZeroAddress.selector);
        deployCode("MigrationHelper", abi.encode(fab, IStakeImport(address(0)), reputation, 0, none, 0));
        vm.expectRevert(IMigrationHelper.MigrationZeroAddress.selector);
        deployCode("MigrationHelper", abi.encode(fab, registry, IScoreImport(address(0)), 0, none, 0));
    }

    function _leaf(IMigrationHelper.HostEntry memory entry) private pure returns (bytes32) {
        bytes32 inner = keccak256(
            abi.encode(entry.operator, entry.controller, entry.stake, entry.score, keccak256(bytes(entry.metadata)))
        );
        return keccak256(abi.encode(inner));
    }
}
