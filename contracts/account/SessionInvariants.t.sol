// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AccountTestBase, TestToken} from "./AccountTestBase.t.sol";
import {SessionWalk} from "./SessionWalk.t.sol";

/// @notice I7: what leaves the account through a session key never exceeds its grant, in any order of grants, uses,
/// revocations, epochs and time; a dead key does nothing; no key reaches the account itself.
contract SessionInvariantsTest is AccountTestBase {
    SessionWalk private walk;

    function setUp() public override {
        super.setUp();
        sponsor.deposit{value: 10_000 ether}();
        walk = new SessionWalk(
            SessionWalk.Base(entryPoint, market, sponsor, factory, account, token),
            address(new TestToken(address(account)))
        );
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(walk);
    }

    /// hardhat-config: default.invariant.runs = 12
    /// hardhat-config: default.invariant.depth = 150
    function invariant_I7_aKeyNeverExceedsItsGrant() public view {
        assertEq(walk.violation(), "");
        assertEq(walk.thiefHas(), 0, "the thief has something");
        assertTrue(walk.ownerIsTheOwner(), "another owner");
        assertTrue(walk.countersHold(), "counters");
    }

    /// @dev What the walk never does, the invariant says nothing about.
    function test_theWalkUsesAndExceedsGrants() public {
        uint256 random = 1;
        for (uint256 i; i < 720; ++i) {
            random = uint256(keccak256(abi.encode(random)));
            if (i % 12 == 0) walk.grant(random, i / 12);
            else if (i % 12 == 1) walk.wait(random % 10 minutes);
            else if (i % 12 == 2) walk.useDirectly(random, i);
            else if (i % 12 == 3) walk.reach(random, i / 12);
            else if (i % 12 == 4 || i % 12 > 8) walk.useBroken(random, random >> 9, random >> 17, random >> 33);
            else if (i % 12 < 6) walk.use(random, random >> 9);
            else walk.useOnce(random, random >> 9);
            if (i % 97 == 96) walk.grantDefault_(i);
            if (i % 55 == 54) walk.revoke(i);
            if (i % 83 == 82) walk.revokeAll(0);
            assertEq(walk.violation(), "");
        }
        string[10] memory events =
            ["grant", "revoke", "revokeAll", "sent", "broken", "direct", "executed", "refused", "spent", "reach"];
        for (uint256 i; i < events.length; ++i) {
            assertGt(walk.seen(events[i]), 0, string.concat("never: ", events[i]));
        }
        uint8[8] memory kinds = [0, 1, 2, 6, 8, 9, 12, 17];
        for (uint256 i; i < kinds.length; ++i) {
            assertGt(walk.spentBy(kinds[i]), 0, string.concat("never spent by kind ", vm.toString(uint256(kinds[i]))));
        }
        assertTrue(walk.countersHold());
        assertEq(walk.thiefHas(), 0);
    }
}
