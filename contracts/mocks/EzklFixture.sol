// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IProofSystem} from "../interfaces/IProofSystem.sol";
import {EzklVerifier} from "../proof/EzklVerifier.sol";
import {Test} from "./Test.sol";

/// @notice Cheatcodes for test data in files.
interface FileVm {
    function readFile(string calldata path) external view returns (string memory);
    function parseJsonAddress(string calldata json, string calldata key) external pure returns (address);
    function parseJsonBytes(string calldata json, string calldata key) external pure returns (bytes memory);
    function parseJsonBytes32(string calldata json, string calldata key) external pure returns (bytes32);
    function parseJsonUint(string calldata json, string calldata key) external pure returns (uint256);
    function parseJsonUintArray(string calldata json, string calldata key) external pure returns (uint256[] memory);
}

/// @notice The circuit that `ezkl` made, its verifier and its proofs (test/fixtures/ezkl).
abstract contract EzklFixture is Test {
    struct Case {
        uint256 chainId;
        address marketplace;
        uint256 jobId;
        address host;
        uint256 cumulativeTokens;
        uint256[] instances;
        bytes proof;
    }

    FileVm private constant FILES = FileVm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

    /// @dev Some three times what a valid proof takes.
    uint256 internal constant VERIFIER_GAS = 1_500_000;

    function loadCase(string memory name) internal view returns (Case memory loaded) {
        string memory json = _json();
        string memory key = string.concat(".proofs.", name);
        loaded.chainId = FILES.parseJsonUint(json, string.concat(key, ".chainId"));
        loaded.marketplace = FILES.parseJsonAddress(json, string.concat(key, ".marketplace"));
        loaded.jobId = FILES.parseJsonUint(json, string.concat(key, ".jobId"));
        loaded.host = FILES.parseJsonAddress(json, string.concat(key, ".host"));
        loaded.cumulativeTokens = FILES.parseJsonUint(json, string.concat(key, ".cumulativeTokens"));
        loaded.instances = FILES.parseJsonUintArray(json, string.concat(key, ".instances"));
        loaded.proof = FILES.parseJsonBytes(json, string.concat(key, ".proof"));
    }

    function loadLayout() internal view returns (IProofSystem.InstanceLayout memory) {
        string memory json = _json();
        return IProofSystem.InstanceLayout({
            modelCommitment: FILES.parseJsonBytes32(json, ".modelCommitment"),
            count: uint16(FILES.parseJsonUint(json, ".layout.count")),
            binding: uint16(FILES.parseJsonUint(json, ".layout.binding")),
            inputs: uint16(FILES.parseJsonUint(json, ".layout.inputs")),
            outputs: uint16(FILES.parseJsonUint(json, ".layout.outputs"))
        });
    }

    function loadVkHash() internal view returns (bytes32) {
        return FILES.parseJsonBytes32(_json(), ".vkHash");
    }

    function deployHalo2Verifier() internal returns (address deployed) {
        bytes memory code = FILES.parseJsonBytes(_json(), ".verifierCreationCode");
        assembly ("memory-safe") {
            deployed := create(0, add(code, 0x20), mload(code))
        }
        assertTrue(deployed != address(0), "the verifier was not deployed");
    }

    function deployVerifier() internal returns (EzklVerifier) {
        return EzklVerifier(deployCode("EzklVerifier", abi.encode(deployHalo2Verifier(), VERIFIER_GAS)));
    }

    function jobProof(Case memory loaded, bytes32 vk) internal pure returns (IProofSystem.EZKLProof memory) {
        return IProofSystem.EZKLProof({
            instances: loaded.instances,
            proof: loaded.proof,
            vk: vk,
            modelCommitment: bytes32(loaded.instances[0]),
            inputHash: bytes32(loaded.instances[1]),
            outputHash: bytes32(loaded.instances[2])
        });
    }

    function _json() private view returns (string memory) {
        return FILES.readFile("test/fixtures/ezkl/proofs.json");
    }
}
