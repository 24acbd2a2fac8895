// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {
    ArgumentPin,
    CallPermission,
    IBaseAccountIntegration,
    SessionPolicy,
    TokenLimit
} from "../interfaces/IBaseAccountIntegration.sol";
import {AccountTestBase} from "./AccountTestBase.t.sol";
import {FabstirAccount} from "./FabstirAccount.sol";

/// @notice Rule 8: the first operation of a key carries the grant that the owner signed.
contract SignedGrantTest is AccountTestBase {
    struct Grant {
        SessionPolicy policy;
        bytes32 salt;
        uint48 deadline;
        uint32 epoch;
    }

    function test_rule8_theFirstUseInstallsTheGrant() public {
        Grant memory grant_ = _grant();
        PackedUserOperation memory op = _firstUse(grant_, ownerKey, appKey);
        handle(op);
        assertEq(market.lastJob(), 1);
        assertTrue(account.isGrantUsed(grant_.salt));
        assertEq(usesLeft(), 9);
        handle(sessionOp(claim(2)));
        assertEq(usesLeft(), 8);
    }

    function test_rule8_theFirstUseDeploysTheAccountToo() public {
        address counterfactual = factory.getAddress(abi.encodePacked(owner), 77);
        PackedUserOperation memory op = newOp(FabstirAccount(payable(counterfactual)), 1, app, claim(5));
        op.initCode = abi.encodePacked(factory, abi.encodeCall(factory.createAccount, (abi.encodePacked(owner), 77)));
        addSponsor(op);
        Grant memory grant_ = _grant();
        op.signature = _signature(grant_, op, counterfactual, ownerKey, appKey);
        handle(op);
        assertEq(market.caller(), counterfactual);
    }

    function test_rule8_aSaltIsUsedOnce() public {
        Grant memory grant_ = _grant();
        handle(_firstUse(grant_, ownerKey, appKey));
        vm.prank(owner);
        account.revokeSessionKey(app);
        _expectUnusable(grant_);
    }

    function test_rule8_aCancelledGrantIsDead() public {
        Grant memory grant_ = _grant();
        vm.prank(owner);
        account.cancelGrant(grant_.salt);
        assertTrue(account.isGrantUsed(grant_.salt));
        _expectUnusable(grant_);
    }

    function test_rule8_aGrantWithoutADeadlineIsDead() public {
        Grant memory grant_ = _grant();
        grant_.deadline = 0;
        assertFalse(account.isGrantUsed(grant_.salt));
        _expectUnusable(grant_);
    }

    function test_rule8_anotherEpochIsDead() public {
        Grant memory grant_ = _grant();
        vm.prank(owner);
        account.revokeAllSessionKeys();
        _expectUnusable(grant_);
    }

    function test_rule8_theDeadlineIsReturned() public {
        Grant memory grant_ = _grant();
        grant_.deadline = uint48(START + 60);
        PackedUserOperation memory op = _firstUse(grant_, ownerKey, appKey);
        vm.warp(START + 61);
        expectFailedOp("AA22 expired or not due");
        handle(op);
        vm.warp(START + 60);
        handle(op);
        // The deadline bounds the installation, not the key.
        vm.warp(START + 61);
        handle(sessionOp(claim(2)));
    }

    function test_rule8_aStrangersGrantFails() public {
        (, uint256 strangerKey) = makeAddrAndKey("stranger");
        PackedUserOperation memory op = _firstUse(_grant(), strangerKey, appKey);
        expectFailedOp("AA24 signature error");
        handle(op);
        op = _firstUse(_grant(), ownerKey, strangerKey);
        expectFailedOp("AA24 signature error");
        handle(op);
    }

    function test_rule8_aGrantOfAnotherKeyFails() public {
        Grant memory grant_ = _grant();
        grant_.policy.key = makeAddr("another app");
        PackedUserOperation memory op = _firstUse(grant_, ownerKey, appKey);
        expectAA23(abi.encodeWithSelector(IBaseAccountIntegration.SessionKeyNotActive.selector, app));
        handle(op);
    }

    function test_rule8_aGrantOfAnotherAccountFails() public {
        Grant memory grant_ = _grant();
        PackedUserOperation memory op = newOp(account, 1, app, claim(1));
        addSponsor(op);
        op.signature = _signature(grant_, op, factory.createAccount(abi.encodePacked(owner), 1), ownerKey, appKey);
        expectFailedOp("AA24 signature error");
        handle(op);
    }

    function testFuzz_rule8_theWholePolicyIsSigned(uint256 field) public {
        Grant memory signed = _grant();
        Grant memory sent = _grant();
        field = bound(field, 0, 14);
        if (field == 0) sent.policy.validAfter += 1;
        if (field == 1) sent.policy.validUntil += 1;
        if (field == 2) sent.policy.uses += 1;
        if (field == 3) sent.policy.maxGasCost = 1;
        if (field == 4) sent.policy.calls[0].selector = token.increaseAllowance.selector;
        if (field == 5) sent.policy.calls[1].selector = bytes4(keccak256("claimExpired(uint256)"));
        if (field == 6) sent.policy.limits[0].total += 1;
        if (field == 7) sent.policy.limits[0].perCall += 1;
        if (field == 8) sent.policy.pins[0].allowed[0] = bytes32(uint256(2));
        if (field == 9) sent.policy.pins[0].index = 1;
        if (field == 10) sent.policy.payers[0] = makeAddr("other payer");
        if (field == 11) sent.salt = bytes32(uint256(sent.salt) + 1);
        if (field == 12) sent.deadline += 1;
        if (field == 13) sent.policy.calls = _duplicateFirst(sent.policy.calls);
        if (field == 14) sent.policy.payers = new address[](0);
        PackedUserOperation memory op = newOp(account, 1, app, claim(1));
        addSponsor(op);
        bytes memory ownerSignature = signKey(ownerKey, _digest(signed, address(account)));
        op.signature = _pack(sent, ownerSignature, signKey(appKey, entryPoint.getUserOpHash(op)));
        (bool success, bytes memory returned) = validate(op);
        if (success) assertEq(uint160(abi.decode(returned, (uint256))), 1, "signed something else");
    }

    function test_rule8_aLivelongGrantIsRefused() public {
        Grant memory grant_ = _grant();
        grant_.policy.validUntil = grant_.deadline + 365 days + 1;
        PackedUserOperation memory op = _firstUse(grant_, ownerKey, appKey);
        expectAA23(
            abi.encodeWithSelector(
                IBaseAccountIntegration.SessionPolicyInvalid.selector,
                "validUntil",
                grant_.policy.validUntil,
                grant_.deadline + 365 days
            )
        );
        handle(op);
    }

    /// @dev A far deadline does not buy a longer life: the grant waits until its end is 365 days away.
    function test_rule8_aFarDeadlineDoesNotLengthenTheKeysLife() public {
        Grant memory grant_ = _grant();
        grant_.deadline = uint48(START + 400 days);
        grant_.policy.validUntil = uint48(START + 365 days + 10);
        vm.warp(START + 9);
        PackedUserOperation memory op = _firstUse(grant_, ownerKey, appKey);
        expectFailedOp("AA22 expired or not due");
        handle(op);
        vm.warp(START + 10);
        handle(op);
        assertEq(market.lastJob(), 1);
        handle(sessionOp(claim(2)));
        assertEq(market.lastJob(), 2);
    }

    /// @dev The policy hash that the event carries is the EIP-712 struct hash.
    function test_theEventCarriesThePolicyHash() public {
        Grant memory grant_ = _grant();
        vm.expectEmit(true, true, true, true, address(account));
        emit IBaseAccountIntegration.SessionKeyAdded(
            app, 0, grant_.policy.validUntil, 10, _policyHash(grant_.policy)
        );
        vm.prank(owner);
        account.addSessionKeyWithPolicy(grant_.policy);
    }

    function _grant() private view returns (Grant memory grant_) {
        grant_.policy = spendingPolicy();
        grant_.policy.pins = new ArgumentPin[](1);
        bytes32[] memory allowed = new bytes32[](1);
        allowed[0] = bytes32(uint256(0x4057));
        grant_.policy.pins[0] = ArgumentPin(address(market), grant_.policy.calls[1].selector, 0, allowed);
        grant_.salt = keccak256("salt");
        grant_.deadline = uint48(START + 1 hours);
    }

    function _firstUse(Grant memory grant_, uint256 ownerKey_, uint256 appKey_)
        private
        view
        returns (PackedUserOperation memory op)
    {
        op = newOp(account, 1, app, claim(1));
        addSponsor(op);
        op.signature = _signature(grant_, op, address(account), ownerKey_, appKey_);
    }

    function _signature(
        Grant memory grant_,
        PackedUserOperation memory op,
        address wallet,
        uint256 ownerKey_,
        uint256 appKey_
    ) private view returns (bytes memory) {
        bytes memory ownerSignature = signKey(ownerKey_, _digest(grant_, wallet));
        return _pack(grant_, ownerSignature, signKey(appKey_, entryPoint.getUserOpHash(op)));
    }

    function _pack(Grant memory grant_, bytes memory ownerSignature, bytes memory keySignature)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodePacked(
            uint8(0x10),
            abi.encode(grant_.policy, grant_.salt, grant_.deadline, grant_.epoch, ownerSignature, keySignature)
        );
    }

    function _expectUnusable(Grant memory grant_) private {
        PackedUserOperation memory op = _firstUse(grant_, ownerKey, appKey);
        expectAA23(abi.encodeWithSelector(IBaseAccountIntegration.GrantNotUsable.selector, grant_.salt));
        handle(op);
    }

    function _duplicateFirst(CallPermission[] memory calls) private pure returns (CallPermission[] memory longer) {
        longer = new CallPermission[](calls.length + 1);
        for (uint256 i; i < longer.length; ++i) longer[i] = calls[i % calls.length];
    }

    // EIP-712, written again from the type strings.

    string private constant _PARTS =
        "ArgumentPin(address target,bytes4 selector,uint8 index,bytes32[] allowed)CallPermission(address target,bytes4 selector)";
    string private constant _POLICY =
        "SessionPolicy(address key,uint48 validAfter,uint48 validUntil,uint32 uses,CallPermission[] calls,TokenLimit[] limits,ArgumentPin[] pins,address[] payers,uint128 maxGasCost)";
    string private constant _LIMIT = "TokenLimit(address token,uint128 perCall,uint128 total)";

    function _digest(Grant memory grant_, address wallet) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("FabstirAccount"),
                keccak256("1"),
                block.chainid,
                wallet
            )
        );
        bytes32 typeHash = keccak256(
            abi.encodePacked(
                "SessionGrant(SessionPolicy policy,bytes32 salt,uint48 deadline,uint32 epoch)", _PARTS, _POLICY, _LIMIT
            )
        );
        bytes32 structHash =
            keccak256(abi.encode(typeHash, _policyHash(grant_.policy), grant_.salt, grant_.deadline, grant_.epoch));
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function _policyHash(SessionPolicy memory policy) private pure returns (bytes32) {
        bytes memory calls;
        for (uint256 i; i < policy.calls.length; ++i) {
            CallPermission memory call = policy.calls[i];
            calls = abi.encodePacked(
                calls,
                keccak256(
                    abi.encode(keccak256("CallPermission(address target,bytes4 selector)"), call.target, call.selector)
                )
            );
        }
        bytes memory limits;
        for (uint256 i; i < policy.limits.length; ++i) {
            TokenLimit memory limit = policy.limits[i];
            limits = abi.encodePacked(
                limits, keccak256(abi.encode(keccak256(bytes(_LIMIT)), limit.token, limit.perCall, limit.total))
            );
        }
        bytes memory pins;
        for (uint256 i; i < policy.pins.length; ++i) {
            ArgumentPin memory pin = policy.pins[i];
            pins = abi.encodePacked(
                pins,
                keccak256(
                    abi.encode(
                        keccak256("ArgumentPin(address target,bytes4 selector,uint8 index,bytes32[] allowed)"),
                        pin.target,
                        pin.selector,
                        pin.index,
                        keccak256(abi.encodePacked(pin.allowed))
                    )
                )
            );
        }
        return keccak256(
            abi.encode(
                keccak256(abi.encodePacked(_POLICY, _PARTS, _LIMIT)),
                policy.key,
                policy.validAfter,
                policy.validUntil,
                policy.uses,
                keccak256(calls),
                keccak256(limits),
                keccak256(pins),
                keccak256(abi.encodePacked(policy.payers)),
                policy.maxGasCost
            )
        );
    }
}
