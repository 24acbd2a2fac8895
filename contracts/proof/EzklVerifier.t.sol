// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EzklFixture} from "../mocks/EzklFixture.sol";
import {BN254_ORDER} from "./Bn254.sol";
import {EzklVerifier} from "./EzklVerifier.sol";

/// @dev Answers whatever it is told to, as a contract that is not a verifier might.
contract AnyAnswer {
    bytes private _answer;
    bool private _reverts;

    function set(bytes calldata answer, bool reverts) external {
        (_answer, _reverts) = (answer, reverts);
    }

    fallback() external {
        bytes memory answer = _answer;
        bool reverts = _reverts;
        assembly {
            if reverts { revert(add(answer, 0x20), mload(answer)) }
            return(add(answer, 0x20), mload(answer))
        }
    }
}

contract GasBurner {
    fallback() external {
        assembly {
            invalid()
        }
    }
}

contract EzklVerifierTest is EzklFixture {
    EzklVerifier private verifier;
    bytes32 private vk;
    Case private session;

    function setUp() public {
        verifier = deployVerifier();
        vk = verifier.vkHash();
        session = loadCase("session1000");
    }

    function test_keyIsTheCodeOfTheGeneratedVerifier() public view {
        assertEq(vk, loadVkHash());
        assertEq(vk, verifier.halo2Verifier().codehash);
        assertTrue(verifier.holdsKey(vk));
        assertFalse(verifier.holdsKey(bytes32(uint256(vk) + 1)));
    }

    function test_validProofsHold() public view {
        string[4] memory names = ["session1000", "session2500", "job1", "job2"];
        for (uint256 i; i < names.length; ++i) {
            Case memory loaded = loadCase(names[i]);
            assertTrue(verifier.verify(vk, loaded.instances, loaded.proof), names[i]);
        }
    }

    /// 488,000 gas, a third of the limit; a false proof costs no more than the limit.
    function test_gasOfAProof() public view {
        Case memory loaded = session;
        uint256 before = gasleft();
        verifier.verify(vk, loaded.instances, loaded.proof);
        uint256 used = before - gasleft();
        assertGt(used, 450_000);
        assertLt(used, 500_000);

        loaded.proof[40] ^= 0x01;
        before = gasleft();
        assertFalse(verifier.verify(vk, loaded.instances, loaded.proof));
        assertLt(before - gasleft(), VERIFIER_GAS + 200_000);
    }

    function test_anotherCircuitIsRefused() public view {
        assertFalse(verifier.verify(bytes32(uint256(vk) + 1), session.instances, session.proof));
    }

    /// instance + r is the same field element and would be a second name of one proof.
    function test_instanceBeyondTheFieldIsRefused() public view {
        for (uint256 i; i < session.instances.length; ++i) {
            uint256[] memory instances = session.instances;
            if (instances[i] > type(uint256).max - BN254_ORDER) continue;
            instances[i] += BN254_ORDER;
            assertFalse(verifier.verify(vk, instances, session.proof), vm.toString(i));
        }
        uint256[] memory largest = session.instances;
        largest[3] = type(uint256).max;
        assertFalse(verifier.verify(vk, largest, session.proof));
    }

    function test_everyInstanceCounts() public view {
        for (uint256 i; i < session.instances.length; ++i) {
            uint256[] memory instances = session.instances;
            instances[i] = addmod(instances[i], 1, BN254_ORDER);
            assertFalse(verifier.verify(vk, instances, session.proof), vm.toString(i));
        }
    }

    function test_otherNumberOfInstancesIsRefused() public view {
        uint256[] memory fewer = new uint256[](9);
        uint256[] memory more = new uint256[](11);
        for (uint256 i; i < 10; ++i) {
            if (i < 9) fewer[i] = session.instances[i];
            more[i] = session.instances[i];
        }
        assertFalse(verifier.verify(vk, fewer, session.proof));
        assertFalse(verifier.verify(vk, more, session.proof));
        assertFalse(verifier.verify(vk, new uint256[](0), session.proof));
    }

    function test_otherLengthOfProofIsRefused() public view {
        assertFalse(verifier.verify(vk, session.instances, ""));
        assertFalse(verifier.verify(vk, session.instances, bytes.concat(session.proof, hex"00")));
        assertFalse(verifier.verify(vk, session.instances, bytes.concat(session.proof, session.proof)));
        bytes memory shorter = session.proof;
        assembly {
            mstore(shorter, sub(mload(shorter), 1))
        }
        assertFalse(verifier.verify(vk, session.instances, shorter));
    }

    /// X-06: 64 bytes and more of anything, also of the right length, also of curve points only.
    function testFuzz_X06_garbageIsRefused(bytes32 seed, uint16 length) public view {
        bytes memory garbage = new bytes(bound(length, 64, 4096));
        for (uint256 i; i < garbage.length; ++i) {
            garbage[i] = bytes1(keccak256(abi.encode(seed, i)));
        }
        assertFalse(verifier.verify(vk, session.instances, garbage));
    }

    function test_X06_proofOfGeneratorsOrZerosIsRefused() public view {
        bytes memory proof = new bytes(session.proof.length);
        assertFalse(verifier.verify(vk, session.instances, proof));
        for (uint256 i; i < proof.length; i += 64) {
            proof[i + 31] = 0x01;
            proof[i + 63] = 0x02;
        }
        assertFalse(verifier.verify(vk, session.instances, proof));
    }

    function test_proofOfOtherInstancesIsRefused() public view {
        assertFalse(verifier.verify(vk, loadCase("session2500").instances, session.proof));
        assertFalse(verifier.verify(vk, session.instances, loadCase("job1").proof));
    }

    /// X-07: whoever starves the verification learns nothing about the proof and books nothing.
    function test_X07_tooLittleGasReverts() public {
        bytes memory call = abi.encodeCall(verifier.verify, (vk, session.instances, session.proof));
        for (uint256 gas_ = 100_000; gas_ < 1_500_000; gas_ += 50_000) {
            (bool success, bytes memory data) = address(verifier).call{gas: gas_}(call);
            assertFalse(success, "answered without the gas");
            if (gas_ > 200_000) assertEq(bytes32(bytes4(data)), bytes32(EzklVerifier.EzklVerifierInsufficientGas.selector));
        }
        // At the edge it reverts or it is right; it never says false.
        for (uint256 gas_ = 1_500_000; gas_ < 1_600_000; gas_ += 500) {
            (bool success, bytes memory data) = address(verifier).call{gas: gas_}(call);
            if (success) assertTrue(abi.decode(data, (bool)), "a starved proof was called false");
        }
    }

    /// The same arguments, encoded with one more word in front of the proof: the generated code hashes the proof where the
    /// offset points and computes with what lies at its usual place. The adapter never lets a caller choose that.
    function test_generatedVerifierReadsFixedPositions() public {
        address target = verifier.halo2Verifier();
        bytes memory usual = abi.encode(session.proof, session.instances);
        (bool success,) = target.call(bytes.concat(hex"1e8e1e13", usual));
        assertTrue(success);
        uint256 shift = 0x20;
        bytes memory shifted = abi.encode(0x40 + shift, 0x60 + session.proof.length + shift, uint256(0));
        shifted = bytes.concat(hex"1e8e1e13", shifted, abi.encode(session.proof.length), session.proof);
        shifted = bytes.concat(shifted, abi.encode(session.instances.length), abi.encodePacked(session.instances));
        (success,) = target.call(shifted);
        assertFalse(success, "read by its offset");
    }

    function test_onlyACleanTrueCounts() public {
        AnyAnswer target = new AnyAnswer();
        EzklVerifier adapter = EzklVerifier(deployCode("EzklVerifier", abi.encode(address(target), VERIFIER_GAS)));
        bytes32 key = adapter.vkHash();
        uint256[] memory none = new uint256[](0);
        target.set(abi.encode(uint256(1)), false);
        assertTrue(adapter.verify(key, none, ""));
        target.set(abi.encode(uint256(1)), true);
        assertFalse(adapter.verify(key, none, ""));
        target.set(abi.encode(uint256(2)), false);
        assertFalse(adapter.verify(key, none, ""));
        target.set(abi.encode(uint256(0)), false);
        assertFalse(adapter.verify(key, none, ""));
        target.set(hex"01", false);
        assertFalse(adapter.verify(key, none, ""));
        target.set("", false);
        assertFalse(adapter.verify(key, none, ""));
        target.set(new bytes(100_000), true);
        assertFalse(adapter.verify(key, none, ""));
    }

    function test_verifierThatBurnsItsGasSaysNothing() public {
        EzklVerifier adapter = EzklVerifier(deployCode("EzklVerifier", abi.encode(address(new GasBurner()), 100_000)));
        bytes32 key = adapter.vkHash();
        uint256 before = gasleft();
        assertFalse(adapter.verify(key, new uint256[](0), ""));
        assertLt(before - gasleft(), 150_000);
    }

    function test_nothingWithoutCodeOfItsOwnIsAdapted() public {
        vm.expectRevert(abi.encodeWithSelector(EzklVerifier.EzklVerifierNotContract.selector, address(0xdead)));
        deployCode("EzklVerifier", abi.encode(address(0xdead), VERIFIER_GAS));
        vm.etch(address(0xde1e), abi.encodePacked(hex"ef0100", address(verifier)));
        vm.expectRevert(abi.encodeWithSelector(EzklVerifier.EzklVerifierNotContract.selector, address(0xde1e)));
        deployCode("EzklVerifier", abi.encode(address(0xde1e), VERIFIER_GAS));
    }

    function test_verifierThatIsGoneJudgesNothing() public {
        vm.etch(verifier.halo2Verifier(), "");
        assertFalse(verifier.holdsKey(vk));
        vm.expectRevert(
            abi.encodeWithSelector(EzklVerifier.EzklVerifierNotContract.selector, verifier.halo2Verifier())
        );
        verifier.verify(vk, session.instances, session.proof);
    }
}
