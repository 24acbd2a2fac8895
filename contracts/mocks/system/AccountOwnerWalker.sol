// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {SessionPolicy} from "../../interfaces/IBaseAccountIntegration.sol";
import {SessionPolicyHash} from "../../account/session/SessionPolicyHash.sol";
import {KeyCalls} from "./KeyCalls.sol";
import {System, WalkLog} from "./System.sol";

/// @notice Who owns the account and what code it runs; grants that the owner signs and the key brings along.
/// @dev Rule 8 and the end of an epoch: a salt counts once, and nothing of an earlier epoch or owner counts at all.
abstract contract AccountOwnerWalker is KeyCalls {
    struct Grant {
        SessionPolicy policy;
        bytes32 salt;
        uint48 deadline;
        uint32 epoch;
        uint256 signer;
    }

    uint256 private _salts;
    mapping(bytes32 salt => bool) private _spentSalts;
    uint256 private _code;

    constructor(System memory system, WalkLog log_) KeyCalls(system, log_) {}

    /// @notice The first operation of a key, with a grant that is signed: one in two is not worth anything.
    function bring(uint256 seed, uint256 amount) external walks {
        uint256 who = (seed >> 200) % KEYS;
        Grant memory grant;
        grant.policy = _policy(seed, who);
        grant.salt = bytes32(++_salts);
        (grant.deadline, grant.epoch) = (uint48(block.timestamp + 1 hours), s.account.sessionEpoch());
        grant.signer = _ownedBy;
        PackedUserOperation memory op = _operation(1, _keys[who], _execute(_calls(seed, amount)));
        _sponsored(op);
        uint256 flaw = (seed >> 216) % 16;
        bytes memory ownerSignature = _flawed(grant, flaw);
        bytes memory keySignature = _mark(log.keyOf(_keys[who]), s.entryPoint.getUserOpHash(op));
        op.signature = abi.encodePacked(
            uint8(0x10),
            abi.encode(grant.policy, grant.salt, grant.deadline, grant.epoch, ownerSignature, keySignature)
        );
        bool sound = flaw > 7;
        if (sound && _isLive(who) && (seed >> 224) % 4 != 0) return;
        Ghost memory kept = _ghosts[who];
        if (sound) _granted(who, grant.policy);
        (bool included,) = _keyOperation(who, op);
        _check(sound || !included, "I7: a grant counted that the owner did not sign for now");
        if (included) {
            log.note("signedGrant");
            _check(!_spentSalts[grant.salt], "I7: a salt was used twice");
            _spentSalts[grant.salt] = true;
        } else {
            _ghosts[who] = kept;
            if (!sound) log.note("refusedGrant");
        }
        _check(s.account.isGrantUsed(grant.salt) == _spentSalts[grant.salt], "I7: a salt is not as it was left");
    }

    /// @dev Signs `grant` and spoils it as `flaw` says; from 8 on it stays sound.
    function _flawed(Grant memory grant, uint256 flaw) private returns (bytes memory signature) {
        if (flaw == 0) grant.signer = (grant.signer + 1) % OWNERS;
        if (flaw == 1 && grant.epoch != 0) --grant.epoch;
        else if (flaw == 1 || flaw == 2) ++grant.epoch;
        if (flaw == 3) grant.deadline = 0;
        if (flaw == 4) _cancel(grant.salt);
        if (flaw == 5) {
            // Used before, by an operation of its own or not at all.
            grant.salt = bytes32(1 + uint256(grant.salt) / 2);
            if (!_spentSalts[grant.salt]) _cancel(grant.salt);
        }
        signature = _ownerSignature(grant.signer, _digest(grant));
        if (flaw == 6) ++grant.policy.uses;
        if (flaw == 7) ++grant.policy.limits[0].total;
    }

    function _cancel(bytes32 salt) private {
        bool success = _asOwner("cancelGrant", abi.encodeCall(s.account.cancelGrant, (salt)));
        _check(success, "I6: a cancellation was refused");
        if (success) _spentSalts[salt] = true;
    }

    /// @notice Another owner, another code, and what lies at the EntryPoint.
    function hand(uint256 seed, uint256 amount) external walks {
        uint256 step = seed % 8;
        // Each ends all keys, which should come to the end of their grants sometimes.
        if (step < 5 && (seed >> 16) % 4 != 0) step = 7;
        if (step < 3) _setOwner((_ownedBy + 1 + (seed >> 8) % (OWNERS - 1)) % OWNERS);
        else if (step < 5) _upgrade();
        else if (step == 5) _moveDeposit(amount);
        else if (step == 6) _receiveTokens();
        else _usurp(seed >> 8);
    }

    function _setOwner(uint256 next) private {
        uint32 epoch = s.account.sessionEpoch();
        bytes memory data = abi.encodeCall(s.account.setOwner, (_owner(next).encoded));
        bool success = _owned(_ownedBy, _execute(_one(address(s.account), 0, data)));
        _check(success, "the owner could not hand over");
        if (!success) return;
        log.note("setOwner");
        uint256 former = _ownedBy;
        _ownedBy = next;
        _check(keccak256(s.account.owner()) == keccak256(_owner(next).encoded), "another owner than was set");
        _check(s.account.sessionEpoch() == epoch + 1, "I7: a change of owner left the epoch");
        _allDead();
        _check(!_owned(former, _execute(_one(s.treasury, 0, ""))), "I7: a former owner still owns the account");
        address before = _owner(former).account;
        if (before == address(0)) return;
        data = abi.encodeCall(s.account.addSessionKey, (_keys[0], uint48(block.timestamp + 1)));
        _check(!_act("", before, address(s.account), 0, data), "I7: a former owner added a key");
    }

    function _upgrade() private {
        uint32 epoch = s.account.sessionEpoch();
        bytes memory owner = s.account.owner();
        uint256 usdc = _wealth()[1];
        bytes memory data = abi.encodeCall(s.account.upgradeToAndCall, (s.accountCode[1 - _code], ""));
        if (!_asOwner("upgradeAccount", data)) return;
        _code = 1 - _code;
        _check(keccak256(s.account.owner()) == keccak256(owner), "an upgrade changed the owner");
        _check(_wealth()[1] == usdc, "an upgrade moved money");
        _check(s.account.sessionEpoch() == epoch + 1, "I7: an upgrade left the epoch");
        _allDead();
    }

    function _moveDeposit(uint256 amount) private {
        amount = bound(amount, 1, 1 ether);
        vm.deal(address(this), amount);
        s.entryPoint.depositTo{value: amount}(address(s.account));
        uint256 held = s.entryPoint.balanceOf(address(s.account));
        uint256 before = s.treasury.balance;
        bytes memory data =
            abi.encodeCall(s.account.withdrawDepositTo, (address(s.entryPoint), payable(s.treasury), amount));
        if (!_asOwner("withdrawDepositTo", data)) return;
        _check(s.treasury.balance == before + amount, "a withdrawn deposit went astray");
        // An operation of the P-256 owner pays its gas from there.
        if (_owner(_ownedBy).account == address(0)) return;
        _check(s.entryPoint.balanceOf(address(s.account)) == held - amount, "a withdrawn deposit is still there");
    }

    function _receiveTokens() private {
        address account = address(s.account);
        bytes[3] memory calls = [
            abi.encodeWithSignature("onERC721Received(address,address,uint256,bytes)", this, this, 1, ""),
            abi.encodeWithSignature("onERC1155Received(address,address,uint256,uint256,bytes)", this, this, 1, 1, ""),
            abi.encodeWithSignature(
                "onERC1155BatchReceived(address,address,uint256[],uint256[],bytes)",
                this,
                this,
                new uint256[](1),
                new uint256[](1),
                ""
            )
        ];
        string[3] memory names = ["onERC721Received", "onERC1155Received", "onERC1155BatchReceived"];
        for (uint256 i; i < 3; ++i) {
            _check(_act(names[i], s.operator, account, 0, calls[i]), "the account does not take tokens");
        }
        vm.deal(s.operator, s.operator.balance + 1);
        _check(_act("receiveAccount", s.operator, account, 1, ""), "the account does not take ETH");
    }

    /// @dev What nobody but the account itself, its owner or the EntryPoint may do.
    function _usurp(uint256 seed) private {
        (bytes memory owner, address code) = (abi.encodePacked(address(0xbad)), s.accountCode[1 - _code]);
        PackedUserOperation memory op = _operation(0, address(0), "");
        bytes[8] memory calls = [
            abi.encodeCall(s.account.setOwner, (owner)),
            abi.encodeCall(s.account.upgradeToAndCall, (code, "")),
            abi.encodeCall(s.account.addSessionKey, (address(0xbad), uint48(block.timestamp + 1))),
            abi.encodeCall(s.account.revokeAllSessionKeys, ()),
            abi.encodeCall(s.account.cancelGrant, (bytes32(_salts + 1))),
            _execute(_one(address(0xbad), 0, "")),
            abi.encodeCall(s.account.executeUserOp, (op, 0)),
            abi.encodeWithSignature("initialize(bytes)", owner)
        ];
        address[3] memory callers = [s.operator, _keys[0], _owner((_ownedBy + 1) % 2).account];
        address caller = callers[(seed >> 8) % 3];
        _check(!_act("", caller, address(s.account), 0, calls[seed % 8]), "a stranger did what an owner may");
        // The owner itself sets another owner only by an operation.
        address current = _owner(_ownedBy).account;
        if (current == address(0)) return;
        _check(!_act("", current, address(s.account), 0, calls[0]), "the owner called setOwner directly");
    }

    function _digest(Grant memory grant) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("FabstirAccount"),
                keccak256("1"),
                block.chainid,
                s.account
            )
        );
        bytes32 policyHash = SessionPolicyHash.hash(grant.policy);
        bytes32 structHash = SessionPolicyHash.grantHash(policyHash, grant.salt, grant.deadline, grant.epoch);
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }
}
