// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {IEmergencyGuardian} from "../interfaces/IEmergencyGuardian.sol";
import {GovernanceFixture} from "../mocks/GovernanceFixture.sol";
import {EmergencyGuardian} from "./EmergencyGuardian.sol";

/// A breaker that knows its guardian and its limits, and nothing of a market.
contract Breaker {
    address private immutable guardian;
    string public reason;
    mapping(bytes4 => bool) public isFunctionPaused;
    uint8 private level;
    uint256 private pausedAt;

    modifier onlyGuardian() {
        if (msg.sender != guardian) revert ICircuitBreaker.BreakerNotGuardian(msg.sender);
        _;
    }

    constructor(address guardian_) {
        guardian = guardian_;
    }

    function emergencyPause(string calldata reason_) external onlyGuardian {
        if (pausedAt != 0) revert ICircuitBreaker.BreakerCooldown(pausedAt + 10 days);
        (level, reason, pausedAt) = (3, reason_, block.timestamp);
    }

    function unpause() external onlyGuardian {
        if (block.timestamp < pausedAt + 1 hours) revert ICircuitBreaker.BreakerCooldown(pausedAt + 1 hours);
        level = 0;
    }

    function setCircuitBreakerLevel(uint8 level_) external onlyGuardian {
        level = level_;
    }

    function pauseFunction(bytes4 selector) external onlyGuardian {
        isFunctionPaused[selector] = true;
    }

    function unpauseFunction(bytes4 selector) external onlyGuardian {
        isFunctionPaused[selector] = false;
    }

    function circuitBreakerLevel() external view returns (uint8, uint256) {
        return block.timestamp < pausedAt + 72 hours || level < 3 ? (level, pausedAt + 72 hours) : (0, 0);
    }
}

/// Takes every call and does nothing, as the marketplace of the original did with `pause()`.
contract Swallower {
    fallback() external {
        if (msg.sig == ICircuitBreaker.circuitBreakerLevel.selector) {
            assembly {
                mstore(0, 1)
                mstore(32, 0)
                return(0, 64)
            }
        }
    }
}

contract EmergencyGuardianTest is GovernanceFixture {
    bytes32 private constant EMERGENCY_ROLE = keccak256("EMERGENCY_ROLE");

    Breaker private breaker;

    function setUp() public {
        _deployGovernance();
        breaker = new Breaker(address(guardian));
    }

    /// Row 155: pausing pauses, and the log says who, what and when.
    function test_memberPausesAndUnpauses() public {
        vm.expectEmit(address(guardian));
        emit IEmergencyGuardian.EmergencyActionExecuted(member, address(breaker), "pause", "oracle down", 3, time);
        vm.prank(member);
        guardian.executeEmergencyAction("pause", address(breaker), "oracle down");
        assertEq(_level(), 3);
        assertEq(breaker.reason(), "oracle down");

        _wait(1 hours);
        vm.expectEmit(address(guardian));
        emit IEmergencyGuardian.EmergencyActionExecuted(member, address(breaker), "unpause", "unpause", 0, time);
        vm.prank(member);
        guardian.executeEmergencyAction("unpause", address(breaker));
        assertEq(_level(), 0);
    }

    /// The seeds' call on the governor.
    function test_governorPassesOnItsCallersAction() public {
        assertEq(governor.EMERGENCY_ROLE(), EMERGENCY_ROLE);
        assertTrue(governor.hasRole(EMERGENCY_ROLE, member));
        assertFalse(governor.hasRole(EMERGENCY_ROLE, alice));
        vm.expectEmit(address(guardian));
        emit IEmergencyGuardian.EmergencyActionExecuted(member, address(breaker), "pause", "pause", 3, time);
        vm.prank(member);
        governor.executeEmergencyAction("pause", address(breaker));
        assertEq(_level(), 3);

        _expectNoMember(alice);
        vm.prank(alice);
        governor.executeEmergencyAction("unpause", address(breaker));
    }

    function test_X59_unknownActionReverts() public {
        string[4] memory unknown = ["PAUSE", "pause ", "upgrade", ""];
        for (uint256 i; i < unknown.length; ++i) {
            vm.prank(member);
            vm.expectRevert(
                abi.encodeWithSelector(IEmergencyGuardian.EmergencyGuardianUnknownAction.selector, unknown[i])
            );
            guardian.executeEmergencyAction(unknown[i], address(breaker));
            vm.prank(member);
            vm.expectPartialRevert(IEmergencyGuardian.EmergencyGuardianUnknownAction.selector);
            governor.executeEmergencyAction(unknown[i], address(breaker));
        }
        assertEq(_level(), 0);
    }

    function test_X59_pauseWithoutEffectReverts() public {
        address swallower = address(new Swallower());
        vm.startPrank(member);
        vm.expectRevert(
            abi.encodeWithSelector(IEmergencyGuardian.EmergencyGuardianNoEffect.selector, swallower, 1)
        );
        guardian.executeEmergencyAction("pause", swallower);
        // No code, and code without a breaker.
        vm.expectRevert();
        guardian.executeEmergencyAction("pause", address(0xdead));
        vm.expectRevert();
        guardian.executeEmergencyAction("pause", address(settings));
        vm.stopPrank();
    }

    function test_membersOnly() public {
        address[3] memory strangers = [alice, address(this), address(governor)];
        for (uint256 i; i < strangers.length; ++i) {
            vm.startPrank(strangers[i]);
            _expectNoMember(strangers[i]);
            guardian.executeEmergencyAction("pause", address(breaker));
            _expectNoMember(strangers[i]);
            guardian.executeEmergencyAction("pause", address(breaker), "because");
            _expectNoMember(strangers[i]);
            guardian.setCircuitBreakerLevel(address(breaker), 2);
            _expectNoMember(strangers[i]);
            guardian.pauseFunction(address(breaker), 0x01020304);
            _expectNoMember(strangers[i]);
            guardian.unpauseFunction(address(breaker), 0x01020304);
            vm.stopPrank();
        }
    }

    /// Nobody but the governor speaks for a member.
    function test_nobodyElseSpeaksForAMember() public {
        address[3] memory strangers = [alice, member, address(timelock)];
        for (uint256 i; i < strangers.length; ++i) {
            vm.prank(strangers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(IEmergencyGuardian.EmergencyGuardianNotGovernor.selector, strangers[i])
            );
            guardian.executeEmergencyActionFor(member, "pause", address(breaker));
        }
    }

    /// The limits are the breaker's; the guardian cannot talk it out of them, and the pause ends without anyone.
    function test_limitsOfTheBreakerHold() public {
        vm.prank(member);
        guardian.executeEmergencyAction("pause", address(breaker));
        vm.prank(member);
        vm.expectPartialRevert(ICircuitBreaker.BreakerCooldown.selector);
        guardian.executeEmergencyAction("unpause", address(breaker));
        _wait(72 hours);
        assertEq(_level(), 0);
        vm.prank(member);
        vm.expectPartialRevert(ICircuitBreaker.BreakerCooldown.selector);
        guardian.executeEmergencyAction("pause", address(breaker));
    }

    function test_levelsAndFunctions() public {
        vm.startPrank(member);
        guardian.setCircuitBreakerLevel(address(breaker), 2);
        assertEq(_level(), 2);
        guardian.pauseFunction(address(breaker), 0x01020304);
        assertTrue(breaker.isFunctionPaused(0x01020304));
        vm.expectEmit(address(guardian));
        emit IEmergencyGuardian.EmergencyActionExecuted(member, address(breaker), "unpauseFunction", "", 2, time);
        guardian.unpauseFunction(address(breaker), 0x01020304);
        assertFalse(breaker.isFunctionPaused(0x01020304));
        vm.stopPrank();
    }

    /// The members are the voters' choice: 80 %, two days.
    function test_timelockChoosesTheMembers() public {
        assertTrue(guardian.hasRole(guardian.DEFAULT_ADMIN_ROLE(), address(timelock)));
        vm.prank(member);
        vm.expectPartialRevert(IAccessControl.AccessControlUnauthorizedAccount.selector);
        guardian.grantRole(EMERGENCY_ROLE, alice);

        uint256 id = _propose(address(guardian), abi.encodeCall(guardian.revokeRole, (EMERGENCY_ROLE, member)));
        assertTrue(governor.proposalNeedsSuperMajority(id));
        _enact(id);
        _expectNoMember(member);
        vm.prank(member);
        guardian.executeEmergencyAction("pause", address(breaker));
    }

    function test_zeroAddressesAreRefused() public {
        vm.expectRevert(IEmergencyGuardian.EmergencyGuardianZeroAddress.selector);
        deployCode("EmergencyGuardian", abi.encode(address(0), new address[](0)));
        vm.expectRevert(IEmergencyGuardian.EmergencyGuardianZeroAddress.selector);
        deployCode("EmergencyGuardian", abi.encode(address(timelock), new address[](1)));
        assertEq(guardian.timelock(), address(timelock));
    }

    function _level() private view returns (uint8 level) {
        (level,) = breaker.circuitBreakerLevel();
    }

    function _expectNoMember(address account) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccessControl.AccessControlUnauthorizedAccount.selector, account, EMERGENCY_ROLE
            )
        );
    }
}
