// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SystemFixture} from "./SystemFixture.sol";

/// @notice A walk over deployed contracts, and the proof that it reaches what it says it does.
abstract contract WalkTest is SystemFixture {
    /// @dev Of a step that reverts nobody would see what it broke.
    string private _failed;

    /// @notice What the walk never does, the invariants say nothing about.
    function test_walkCallsEveryFunction() public {
        string[] memory names = _words(bytes(_names()));
        uint256[] memory times = new uint256[](names.length);
        string memory failures = "";
        uint256 fresh = vm.snapshotState();
        // Until nothing is missing: how long that takes depends on every weight of the walk.
        for (uint256 run; run < 40 && _missing(names, times) != 0; ++run) {
            for (uint256 i; i < 400; ++i) {
                _walk(uint256(keccak256(abi.encode(run, i))));
            }
            assertEq(log.violation(), "");
            if (bytes(_failed).length != 0) failures = string.concat(failures, " step of kind ", _failed);
            for (uint256 i; i < names.length; ++i) {
                times[i] += log.done(names[i]);
            }
            vm.revertToState(fresh);
            fresh = vm.snapshotState();
        }
        string memory missing = failures;
        for (uint256 i; i < names.length; ++i) {
            if (times[i] == 0) missing = string.concat(missing, " ", names[i]);
        }
        assertEq(missing, "");
    }

    /// @dev Names that walkers note, each followed by a space: test/contracts/walkedFunctions.ts counts on every one.
    function _names() internal pure virtual returns (string memory);

    /// @dev One of the steps that the runner can take, with what is random about it.
    function _step(uint256 kind, uint256 seed, uint256 amount)
        internal
        view
        virtual
        returns (address target, bytes memory call);

    function _walk(uint256 word) private {
        (uint256 seed, uint256 amount) = (uint256(keccak256(abi.encode(word))), uint256(keccak256(abi.encode(word, 1))));
        (address target, bytes memory call) = _step(word, seed, amount);
        (bool success, bytes memory reason) = target.call(call);
        if (!success) _failed = string.concat(vm.toString(bytes32(bytes4(call))), " ", vm.toString(reason));
    }

    function _missing(string[] memory names, uint256[] memory times) private pure returns (uint256 count) {
        for (uint256 i; i < names.length; ++i) {
            if (times[i] == 0) ++count;
        }
    }

    function _words(bytes memory list) private pure returns (string[] memory words) {
        uint256 count;
        for (uint256 i; i < list.length; ++i) {
            if (list[i] == " ") ++count;
        }
        words = new string[](count);
        uint256 start;
        count = 0;
        for (uint256 i; i < list.length; ++i) {
            if (list[i] != " ") continue;
            bytes memory word = new bytes(i - start);
            for (uint256 j; j < word.length; ++j) {
                word[j] = list[start + j];
            }
            words[count++] = string(word);
            start = i + 1;
        }
    }
}
