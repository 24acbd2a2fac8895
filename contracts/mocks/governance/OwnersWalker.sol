// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {IParameterGuard} from "../../interfaces/IParameterGuard.sol";
import {ITimelock} from "../../interfaces/ITimelock.sol";
import {System, WalkLog} from "../system/System.sol";
import {Governance, GovernanceWalker} from "./Governance.sol";

/// @notice What only governance can do with the contracts it owns, and with itself: each by a proposal with all its
/// waiting. Contracts take turns, so that none is left out.
abstract contract OwnersWalker is GovernanceWalker {
    error Tried(bool success);

    /// @dev ERC-1967.
    bytes32 private constant IMPLEMENTATION = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;

    uint256 private _turn;

    constructor(System memory system, Governance memory governance, WalkLog log_)
        GovernanceWalker(system, governance, log_)
    {}

    /// @notice What becomes of an owned contract. Each part is a step of its own: the runner's gas is limited.
    function hand(uint256) external walks {
        uint256 turn = _turn++;
        uint256 which = turn / 3 % g.owned.length;
        if (turn % 3 == 0) _handOver(which);
        else if (turn % 3 == 1) _renounce(which);
        else _upgrade(which);
    }

    /// @dev To a successor and back; who is named is no owner until it accepts.
    function _handOver(uint256 which) private {
        (Ownable2Step owned, address successor) = (Ownable2Step(g.owned[which]), s.operator);
        if (!_enact(address(owned), abi.encodeCall(owned.transferOwnership, (successor)))) return;
        _noteOf("transferOwnership", which);
        _check(owned.owner() == s.timelock, "an owner before it accepted");
        _check(!_act("", g.carol, address(owned), 0, abi.encodeCall(owned.acceptOwnership, ())), "a stranger accepted");
        _check(_act("", successor, address(owned), 0, abi.encodeCall(owned.acceptOwnership, ())), "no successor");
        _check(owned.owner() == successor, "another successor");
        _act("", successor, address(owned), 0, abi.encodeCall(owned.transferOwnership, (s.timelock)));
        if (_enact(address(owned), abi.encodeCall(owned.acceptOwnership, ()))) _noteOf("acceptOwnership", which);
    }

    /// @dev For good, so it is taken back: a call to itself that reverts.
    function _renounce(uint256 which) private {
        try this.attempt(g.owned[which]) {}
        catch (bytes memory outcome) {
            if (keccak256(outcome) == keccak256(abi.encodeWithSelector(Tried.selector, true))) {
                _noteOf("renounceOwnership", which);
            }
        }
    }

    /// @notice Always reverts, with {Tried}.
    function attempt(address owned) external {
        revert Tried(_enact(owned, abi.encodeCall(Ownable2Step(owned).renounceOwnership, ())));
    }

    function _upgrade(uint256 which) private {
        if (which >= g.code.length) return;
        address proxy = g.owned[which];
        bytes memory data = abi.encodeCall(UUPSUpgradeable.upgradeToAndCall, (g.code[which], ""));
        _check(!_act("", s.operator, proxy, 0, data), "a stranger upgraded a contract");
        bytes32 before = vm.load(proxy, IMPLEMENTATION);
        if (!_enact(proxy, data)) return;
        _noteOf("upgradeToAndCall", which);
        _check(vm.load(proxy, IMPLEMENTATION) == bytes32(uint256(uint160(g.code[which]))), "another code");
        _check(Ownable2Step(proxy).owner() == s.timelock, "an upgrade changed the owner");
        // The next turn goes back.
        g.code[which] = address(uint160(uint256(before)));
    }

    function _noteOf(string memory name, uint256 which) private {
        log.note(string.concat(name, ".", g.names[which]));
    }

    /// @notice Parameters of governance itself, roles, the list, and what lies with it by mistake.
    function govern(uint256 seed) external walks {
        uint256 step = seed % 11;
        address governor = address(g.governor);
        if (step == 0) _by("setVotingDelay", governor, abi.encodeCall(g.governor.setVotingDelay, (uint48(1 days + (seed >> 8) % 1 days))));
        else if (step == 1) _by("setVotingPeriod", governor, abi.encodeCall(g.governor.setVotingPeriod, (uint32(3 days + (seed >> 8) % 5 days))));
        else if (step == 2) _by("setProposalThreshold", governor, abi.encodeCall(g.governor.setProposalThreshold, ((seed >> 8) % 20_000e18)));
        else if (step == 3) _by("updateQuorumNumerator", governor, abi.encodeCall(g.governor.updateQuorumNumerator, (5 + (seed >> 8) % 6)));
        else if (step == 4) _by("updateTimelock", governor, abi.encodeCall(g.governor.updateTimelock, (s.timelock)));
        else if (step == 5) _relay();
        else if (step == 6) _by("updateDelay", s.timelock, abi.encodeCall(g.timelock.updateDelay, (2 days + (seed >> 8) % 2 days)));
        else if (step == 7) _by("setParameterGuard", s.timelock, abi.encodeCall(ITimelock.setParameterGuard, (g.guard)));
        else if (step == 8) _list();
        else if (step == 9) _council();
        else _members();
    }

    function _by(string memory name, address target, bytes memory data) private {
        _check(!_act("", s.operator, target, 0, data), "a stranger governed");
        if (_enact(target, data)) log.note(name);
    }

    function _relay() private {
        vm.prank(s.faucet);
        s.fab.transfer(address(g.governor), 5);
        uint256 before = s.fab.balanceOf(s.treasury);
        bytes memory data = abi.encodeCall(s.fab.transfer, (s.treasury, 5));
        _by("relay", address(g.governor), abi.encodeCall(g.governor.relay, (address(s.fab), 0, data)));
        _check(s.fab.balanceOf(s.treasury) == before + 5, "what was recovered went astray");
        data = abi.encodeCall(g.timelock.updateDelay, (0));
        bytes memory round = abi.encodeCall(g.governor.relay, (s.timelock, 0, data));
        _check(!_enact(address(g.governor), round), "the governor spoke to the timelock around its delay");
    }

    /// @dev Off the list and on it again, with the bounds it had.
    function _list() private {
        (address market, bytes4 setter) = (address(s.market), s.market.setReviewWindow.selector);
        IParameterGuard.Parameter[] memory list = new IParameterGuard.Parameter[](1);
        list[0] = g.guard.getParameter(market, setter, 0);
        _by("removeParameter", address(g.guard), abi.encodeCall(IParameterGuard.removeParameter, (market, setter, 0)));
        _by("setParameters", address(g.guard), abi.encodeCall(IParameterGuard.setParameters, (list)));
    }

    /// @dev Somebody else gets the roles for a while and does by single calls what the governor does by batches.
    function _council() private {
        bytes32[3] memory roles =
            [keccak256("PROPOSER_ROLE"), keccak256("EXECUTOR_ROLE"), keccak256("CANCELLER_ROLE")];
        for (uint256 i; i < 3; ++i) {
            _by("grantRole", s.timelock, abi.encodeCall(g.timelock.grantRole, (roles[i], s.member)));
        }
        bytes memory data = abi.encodeCall(s.market.setReviewWindow, (2 hours));
        bytes32 salt = bytes32(_now());
        bytes memory call =
            abi.encodeCall(g.timelock.schedule, (address(s.market), 0, data, 0, salt, g.timelock.getMinDelay()));
        _act("scheduleOperation", s.member, s.timelock, 0, call);
        bytes memory execute = abi.encodeCall(g.timelock.execute, (address(s.market), 0, data, 0, salt));
        _check(!_act("", s.member, s.timelock, 0, execute), "an operation ran before its delay");
        vm.warp(_now() + g.timelock.getMinDelay());
        _check(_act("executeOperation", s.member, s.timelock, 0, execute), "a due operation was refused");
        // Again, so that it can be canceled.
        data = abi.encodeCall(s.market.setReviewWindow, (0));
        bytes32 id = g.timelock.hashOperation(address(s.market), 0, data, 0, salt);
        call = abi.encodeCall(g.timelock.schedule, (address(s.market), 0, data, 0, salt, g.timelock.getMinDelay()));
        _act("scheduleOperation", s.member, s.timelock, 0, call);
        _act("cancelOperation", s.member, s.timelock, 0, abi.encodeCall(g.timelock.cancel, (id)));
        _by("revokeRole", s.timelock, abi.encodeCall(g.timelock.revokeRole, (roles[0], s.member)));
        for (uint256 i = 1; i < 3; ++i) {
            _act("renounceRole", s.member, s.timelock, 0, abi.encodeCall(g.timelock.renounceRole, (roles[i], s.member)));
        }
    }

    /// @dev Of the guardian.
    function _members() private {
        bytes32 role = g.guardian.EMERGENCY_ROLE();
        (address guardian, address next) = (address(g.guardian), s.keeper);
        _by("grantMember", guardian, abi.encodeCall(g.timelock.grantRole, (role, next)));
        _act("renounceMember", next, guardian, 0, abi.encodeCall(g.timelock.renounceRole, (role, next)));
        _by("grantMember", guardian, abi.encodeCall(g.timelock.grantRole, (role, next)));
        _by("revokeMember", guardian, abi.encodeCall(g.timelock.revokeRole, (role, next)));
        _check(!g.guardian.hasRole(role, next), "a member that was revoked");
        string memory action = "pause";
        bytes memory data = abi.encodeCall(g.governor.executeEmergencyAction, (action, address(s.market)));
        _check(!_act("", next, address(g.governor), 0, data), "no member paused");
        _act("emergencyByGovernor", s.member, address(g.governor), 0, data);
        // A stop holds for its first hour.
        vm.warp(_now() + 1 hours);
        action = "unpause";
        data = abi.encodeWithSignature("executeEmergencyAction(string,address,string)", action, s.market, "over");
        _act("emergencyWithReason", s.member, guardian, 0, data);
    }

    /// @notice Tokens and ETH that governance may be sent.
    function send(uint256 seed) external walks {
        vm.deal(s.operator, 1);
        _check(_act("receiveTimelock", s.operator, s.timelock, 1, ""), "the timelock takes no ETH");
        bytes[3] memory calls = [
            abi.encodeWithSignature("onERC721Received(address,address,uint256,bytes)", this, this, seed, ""),
            abi.encodeWithSignature("onERC1155Received(address,address,uint256,uint256,bytes)", this, this, seed, 1, ""),
            abi.encodeWithSignature(
                "onERC1155BatchReceived(address,address,uint256[],uint256[],bytes)", this, this, new uint256[](1), new uint256[](1), ""
            )
        ];
        string[3] memory names = ["onERC721Received", "onERC1155Received", "onERC1155BatchReceived"];
        for (uint256 i; i < 3; ++i) {
            _act(names[i], s.operator, s.timelock, 0, calls[i]);
            _check(!_act("", s.operator, address(g.governor), 0, calls[i]), "the governor took a token");
        }
    }
}
