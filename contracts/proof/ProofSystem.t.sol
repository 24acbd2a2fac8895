// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";
import {IProofSystem} from "../interfaces/IProofSystem.sol";
import {ProofSystemFixture} from "../mocks/ProofSystemFixture.sol";
import {BN254_ORDER} from "./Bn254.sol";
import {EzklVerifier} from "./EzklVerifier.sol";
import {ProofSystem} from "./ProofSystem.sol";

contract ProofSystemTest is ProofSystemFixture {
    function setUp() public {
        deployProofSystem();
    }

    function test_startsWithTheDefaults() public view {
        assertEq(proofs.challengeWindow(), 24 hours);
        assertEq(proofs.revealWindow(), 12 hours);
        assertEq(proofs.resolverWindow(), 3 days);
        assertEq(proofs.challengeBond(), 10e18);
        assertEq(proofs.challengeSlash(), 10e18);
        assertEq(proofs.fab(), address(fabToken));
        assertEq(proofs.marketplace(), address(market));
        assertEq(proofs.registry(), address(nodes));
        assertEq(proofs.reputation(), address(scores));
        assertEq(proofs.owner(), address(this));
        assertTrue(proofs.isResolver(resolver));
        assertFalse(proofs.isResolver(address(this)));
    }

    function test_initializesOnceAndWithNeighbours() public {
        address[] memory none = new address[](0);
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        proofs.initialize(address(this), address(1), address(1), address(1), address(1), none);
        ProofSystem bare = ProofSystem(deployCode("ProofSystem"));
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        bare.initialize(address(this), address(1), address(1), address(1), address(1), none);

        for (uint256 i; i < 4; ++i) {
            address[4] memory given = [address(1), address(1), address(1), address(1)];
            given[i] = address(0);
            ProofSystem fresh = ProofSystem(deployCode("ProofSystem"));
            // Opens the implementation for one initialization.
            vm.store(address(fresh), 0xf0c57e16840df040f15088dc2f81fe391c3923bec73e23a9662efc9c229c6a00, 0);
            vm.expectRevert(IProofSystem.ProofSystemZeroAddress.selector);
            fresh.initialize(address(this), given[0], given[1], given[2], given[3], none);
        }
    }

    function test_onlyTheOwnerGoverns() public {
        bytes[9] memory calls = [
            abi.encodeCall(IProofSystem.registerCircuit, (MODEL, address(verifier), vk, loadLayout())),
            abi.encodeCall(IProofSystem.removeCircuit, (MODEL)),
            abi.encodeCall(IProofSystem.setResolver, (watcher, true)),
            abi.encodeCall(IProofSystem.setChallengeWindow, (1 days)),
            abi.encodeCall(IProofSystem.setRevealWindow, (2 hours)),
            abi.encodeCall(IProofSystem.setResolverWindow, (1 days)),
            abi.encodeCall(IProofSystem.setChallengeBond, (1e18)),
            abi.encodeCall(IProofSystem.setChallengeSlash, (1e18)),
            abi.encodeCall(proofs.upgradeToAndCall, (deployCode("ProofSystem"), ""))
        ];
        for (uint256 i; i < calls.length; ++i) {
            vm.prank(watcher);
            (bool success, bytes memory data) = address(proofs).call(calls[i]);
            assertFalse(success);
            assertEq(
                data, abi.encodeWithSelector(OwnableUpgradeable.OwnableUnauthorizedAccount.selector, watcher)
            );
            (success,) = address(proofs).call(calls[i]);
            assertTrue(success, vm.toString(i));
        }
    }

    function test_termsStayInTheirBounds() public {
        _bounds(proofs.setChallengeWindow, proofs.challengeWindow, "challengeWindow", 1 hours, 2 days);
        _bounds(proofs.setRevealWindow, proofs.revealWindow, "revealWindow", 1 hours, 1 days);
        _bounds(proofs.setResolverWindow, proofs.resolverWindow, "resolverWindow", 1 hours, 4 days);
        _bounds(proofs.setChallengeBond, proofs.challengeBond, "challengeBond", 1e18, 1000e18);
        _bounds(proofs.setChallengeSlash, proofs.challengeSlash, "challengeSlash", 0, 1000e18);
    }

    function test_resolversComeAndGo() public {
        vm.expectEmit(address(proofs));
        emit IProofSystem.ResolverSet(watcher, true);
        proofs.setResolver(watcher, true);
        assertTrue(proofs.isResolver(watcher));
        proofs.setResolver(watcher, false);
        assertFalse(proofs.isResolver(watcher));
        vm.expectRevert(IProofSystem.ProofSystemZeroAddress.selector);
        proofs.setResolver(address(0), true);
    }

    function test_circuitIsKept() public {
        IProofSystem.InstanceLayout memory given = loadLayout();
        vm.expectEmit(address(proofs));
        emit IProofSystem.CircuitRegistered("other", address(verifier), vk, given);
        proofs.registerCircuit("other", address(verifier), vk, given);
        IProofSystem.Circuit memory circuit = proofs.getCircuit("other");
        assertEq(circuit.verifier, address(verifier));
        assertEq(circuit.vkHash, vk);
        assertEq(circuit.modelCommitment, given.modelCommitment);
        assertEq(circuit.count, 10);
        assertEq(circuit.binding, 3);
        assertEq(circuit.inputs, 4);
        assertEq(circuit.outputs, 8);

        vm.expectEmit(address(proofs));
        emit IProofSystem.CircuitRemoved("other");
        proofs.removeCircuit("other");
        assertEq(proofs.getCircuit("other").verifier, address(0));
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ProofSystemNoCircuit.selector, bytes32("other")));
        proofs.removeCircuit("other");
    }

    /// 2.9: without the passthrough instance a valid proof would replay across jobs.
    function test_circuitWithoutBindingIsRefused() public {
        for (uint16 binding; binding < 3; ++binding) {
            IProofSystem.InstanceLayout memory given = loadLayout();
            given.binding = binding;
            _refusedLayout(given, "binding", binding, 3, 255);
        }
    }

    function test_layoutThatDoesNotFitIsRefused() public {
        IProofSystem.InstanceLayout memory given = loadLayout();
        given.binding = 10;
        _refusedLayout(given, "count", 10, 11, 256);
        given.binding = 256;
        _refusedLayout(given, "binding", 256, 3, 255);
        given = loadLayout();
        given.count = 257;
        _refusedLayout(given, "count", 257, 4, 256);
        given = loadLayout();
        given.modelCommitment = 0;
        _refusedLayout(given, "modelCommitment", 0, 1, BN254_ORDER - 1);
        given.modelCommitment = bytes32(BN254_ORDER);
        _refusedLayout(given, "modelCommitment", BN254_ORDER, 1, BN254_ORDER - 1);
        given = loadLayout();
        given.inputs = 3;
        _refusedLayout(given, "inputs", 3, 4, 7);
        given.inputs = 8;
        _refusedLayout(given, "inputs", 8, 4, 7);
        given = loadLayout();
        given.outputs = 10;
        _refusedLayout(given, "outputs", 10, 5, 9);
        given.outputs = 4;
        _refusedLayout(given, "outputs", 4, 5, 9);
        given.inputs = 0;
        _refusedLayout(given, "outputs", 4, 0, 0);
        given.outputs = 0;
        proofs.registerCircuit(MODEL, address(verifier), vk, given);
    }

    function test_circuitWithoutItsVerifierIsRefused() public {
        IProofSystem.InstanceLayout memory given = loadLayout();
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ProofSystemNotVerifier.selector, address(0xdead)));
        proofs.registerCircuit(MODEL, address(0xdead), vk, given);
        bytes32 other = bytes32(uint256(vk) ^ 1);
        vm.expectRevert(
            abi.encodeWithSelector(IProofSystem.ProofSystemKeyMismatch.selector, address(verifier), other)
        );
        proofs.registerCircuit(MODEL, address(verifier), other, given);
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ProofSystemNoCircuit.selector, bytes32(0)));
        proofs.registerCircuit(0, address(verifier), vk, given);
        // A verifier of something else, whatever the owner calls its key.
        EzklVerifier other_ = EzklVerifier(deployCode("EzklVerifier", abi.encode(address(fabToken), VERIFIER_GAS)));
        vm.expectRevert(abi.encodeWithSelector(IProofSystem.ProofSystemKeyMismatch.selector, address(other_), vk));
        proofs.registerCircuit(MODEL, address(other_), vk, given);
    }

    /// The proofs were bound outside of this contract, by the script that made them.
    function test_bindingIsThatOfTheProofs() public view {
        string[4] memory names = ["session1000", "session2500", "job1", "job2"];
        for (uint256 i; i < names.length; ++i) {
            Case memory loaded = loadCase(names[i]);
            assertEq(block.chainid, loaded.chainId);
            assertEq(
                proofs.bindingOf(
                    loaded.jobId, loaded.host, loaded.cumulativeTokens, bytes32(loaded.instances[0])
                ),
                loaded.instances[3],
                names[i]
            );
        }
    }

    function testFuzz_bindingNamesAll(uint256 jobId, address worker, uint256 tokens, bytes32 model, uint64 chain)
        public
    {
        uint256 binding = proofs.bindingOf(jobId, worker, tokens, model);
        assertLt(binding, BN254_ORDER);
        unchecked {
            assertNotEq(binding, proofs.bindingOf(jobId + 1, worker, tokens, model));
            assertNotEq(binding, proofs.bindingOf(jobId, worker, tokens + 1, model));
        }
        assertNotEq(binding, proofs.bindingOf(jobId, address(uint160(worker) ^ 1), tokens, model));
        assertNotEq(binding, proofs.bindingOf(jobId, worker, tokens, model ^ bytes32(uint256(1))));
        vm.assume(chain != block.chainid && chain != 0);
        vm.chainId(chain);
        assertNotEq(binding, proofs.bindingOf(jobId, worker, tokens, model));
    }

    function _refusedLayout(
        IProofSystem.InstanceLayout memory given,
        string memory field,
        uint256 value,
        uint256 minimum,
        uint256 maximum
    ) private {
        vm.expectRevert(
            abi.encodeWithSelector(IProofSystem.ProofSystemLayout.selector, field, value, minimum, maximum)
        );
        proofs.registerCircuit(MODEL, address(verifier), vk, given);
    }

    function _bounds(
        function(uint256) external set,
        function() external view returns (uint256) get,
        string memory term,
        uint256 minimum,
        uint256 maximum
    ) private {
        if (minimum != 0) {
            vm.expectRevert(_outOfRange(term, minimum - 1, minimum, maximum));
            set(minimum - 1);
        }
        vm.expectRevert(_outOfRange(term, maximum + 1, minimum, maximum));
        set(maximum + 1);
        vm.expectEmit(address(proofs));
        emit IProofSystem.ChallengeTermSet(term, minimum);
        set(minimum);
        assertEq(get(), minimum, term);
        set(maximum);
        assertEq(get(), maximum, term);
    }

    function _outOfRange(string memory term, uint256 value, uint256 minimum, uint256 maximum)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(
            IProofSystem.ProofSystemTermOutOfRange.selector, term, value, minimum, maximum
        );
    }
}
