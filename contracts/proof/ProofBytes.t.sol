// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EzklFixture} from "../mocks/EzklFixture.sol";
import {EzklVerifier} from "./EzklVerifier.sol";

/// @dev 2.9: every single-byte flip of a proof or an instance is refused by the real verifier.
contract ProofBytesTest is EzklFixture {
    EzklVerifier private verifier;
    bytes32 private vk;

    function setUp() public {
        verifier = deployVerifier();
        vk = verifier.vkHash();
    }

    function test_everyByteOfAProofCounts() public view {
        _flipProof(loadCase("session1000"), 0xff);
    }

    function test_lowestBitOfEveryByteOfAProofCounts() public view {
        _flipProof(loadCase("job1"), 0x01);
    }

    function test_everyByteOfTheInstancesCounts() public view {
        Case memory loaded = loadCase("session1000");
        for (uint256 i; i < loaded.instances.length * 32; ++i) {
            uint256[] memory instances = _copy(loaded.instances);
            instances[i / 32] ^= uint256(1) << (8 * (i % 32));
            assertFalse(verifier.verify(vk, instances, loaded.proof), vm.toString(i));
        }
    }

    function testFuzz_anyChangeOfAnyByteOfAProofCounts(uint256 position, uint8 mask) public view {
        Case memory loaded = loadCase("session2500");
        vm.assume(mask != 0);
        position = bound(position, 0, loaded.proof.length - 1);
        loaded.proof[position] ^= bytes1(mask);
        assertFalse(verifier.verify(vk, loaded.instances, loaded.proof));
    }

    function _flipProof(Case memory loaded, bytes1 mask) private view {
        assertTrue(verifier.verify(vk, loaded.instances, loaded.proof));
        for (uint256 i; i < loaded.proof.length; ++i) {
            loaded.proof[i] ^= mask;
            assertFalse(verifier.verify(vk, loaded.instances, loaded.proof), vm.toString(i));
            loaded.proof[i] ^= mask;
        }
        assertTrue(verifier.verify(vk, loaded.instances, loaded.proof));
    }

    function _copy(uint256[] memory values) private pure returns (uint256[] memory copy) {
        copy = new uint256[](values.length);
        for (uint256 i; i < values.length; ++i) {
            copy[i] = values[i];
        }
    }
}
