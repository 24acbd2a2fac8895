// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Test} from "../mocks/Test.sol";
import {FeeSplit} from "./FeeSplit.sol";

contract FeeSplitTest is Test {
    function test_oneWeiIsTheHosts() public pure {
        _expectSplit(1, 1, 0, 0);
    }

    function test_nineteenWeiRoundBothFeesDown() public pure {
        _expectSplit(19, 18, 1, 0);
    }

    function test_twentyWeiPayBothFees() public pure {
        _expectSplit(20, 17, 2, 1);
    }

    function test_oneEther() public pure {
        _expectSplit(1 ether, 0.85 ether, 0.1 ether, 0.05 ether);
    }

    function testFuzz_partsSumToTheInput(uint128 gross) public pure {
        (uint256 host, uint256 protocol, uint256 stakers) =
            FeeSplit.split(gross, FeeSplit.PROTOCOL_BPS, FeeSplit.STAKERS_BPS);
        assertEq(host + protocol + stakers, gross);
        assertEq(protocol, uint256(gross) * 1000 / 10000);
        assertEq(stakers, uint256(gross) * 500 / 10000);
    }

    function _expectSplit(uint256 gross, uint256 host, uint256 protocol, uint256 stakers) private pure {
        (uint256 toHost, uint256 toProtocol, uint256 toStakers) =
            FeeSplit.split(gross, FeeSplit.PROTOCOL_BPS, FeeSplit.STAKERS_BPS);
        assertEq(toHost, host, "host");
        assertEq(toProtocol, protocol, "protocol");
        assertEq(toStakers, stakers, "stakers");
    }
}
