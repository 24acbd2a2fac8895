// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {GasPayerWalker} from "../mocks/services/GasPayerWalker.sol";
import {ModelsWalker} from "../mocks/services/ModelsWalker.sol";
import {Services} from "../mocks/services/Services.sol";
import {ServicesFixture} from "../mocks/services/ServicesFixture.sol";
import {TokensWalker} from "../mocks/services/TokensWalker.sol";
import {TreasuryWalker} from "../mocks/services/TreasuryWalker.sol";
import {ISystemCheck, System, WalkLog} from "../mocks/system/System.sol";

/// @dev The test runner calls only contracts whose source is a test file.
contract ModelsWalk is ModelsWalker {
    constructor(System memory system, Services memory services, WalkLog log_) ModelsWalker(system, services, log_) {}
}

contract GasPayerWalk is GasPayerWalker {
    constructor(System memory system, Services memory services, WalkLog log_) GasPayerWalker(system, services, log_) {}
}

contract TreasuryWalk is TreasuryWalker {
    constructor(System memory system, Services memory services, WalkLog log_) TreasuryWalker(system, services, log_) {}
}

contract TokensWalk is TokensWalker {
    constructor(System memory system, Services memory services, WalkLog log_) TokensWalker(system, services, log_) {}
}

/// @notice The contracts around the marketplace: gas paid in tokens, models and prices, the buyback, the migration, FAB.
contract ServicesInvariantsTest is ServicesFixture, ISystemCheck {
    ModelsWalk private models;
    GasPayerWalk private payers;
    TreasuryWalk private treasury;
    TokensWalk private tokens;

    function setUp() public {
        deployServices();
        (System memory system, Services memory services) = (s, v);
        models = ModelsWalk(_new("ModelsWalk", abi.encode(system, services, log)));
        payers = GasPayerWalk(_new("GasPayerWalk", abi.encode(system, services, log)));
        treasury = TreasuryWalk(_new("TreasuryWalk", abi.encode(system, services, log)));
        tokens = TokensWalk(_new("TokensWalk", abi.encode(system, services, log)));
        log.setChecker(this);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](4);
        (targets[0], targets[1]) = (address(models), address(payers));
        (targets[2], targets[3]) = (address(treasury), address(tokens));
    }

    /// hardhat-config: default.invariant.runs = 8
    /// hardhat-config: default.invariant.depth = 150
    function invariant_I1_everyUnitIsAccountedForAroundTheMarketplace() public view {
        assertEq(log.violation(), "");
    }

    /// @inheritdoc ISystemCheck
    function check(uint256) external view {
        assertTrue(payers.accounted(), "I1: the paymaster holds something else than came in");
        assertTrue(treasury.passedOn(), "I1: buyback or helper kept something");
        assertTrue(tokens.votesAreHeld(), "votes are not what is held");
    }

    function _step(uint256 kind, uint256 seed, uint256 amount)
        internal
        view
        override
        returns (address, bytes memory)
    {
        kind %= 18;
        if (kind < 6) return (address(models), _modelStep(kind, seed, amount));
        if (kind < 11) return (address(payers), _payerStep(kind - 6, seed, amount));
        if (kind < 15) return (address(treasury), _treasuryStep(kind - 11, seed, amount));
        bytes[3] memory calls = [
            abi.encodeCall(tokens.trade, (seed, amount)),
            abi.encodeCall(tokens.mint, (seed, amount)),
            abi.encodeCall(tokens.sign, (seed, amount))
        ];
        return (address(tokens), calls[kind - 15]);
    }

    function _modelStep(uint256 kind, uint256 seed, uint256 amount) private view returns (bytes memory) {
        bytes[6] memory calls = [
            abi.encodeCall(models.publish, (seed)),
            abi.encodeCall(models.offer, (seed, amount)),
            abi.encodeCall(models.sell, (seed, amount)),
            abi.encodeCall(models.record, (seed)),
            abi.encodeCall(models.surge, (seed, amount)),
            abi.encodeCall(models.warp, (seed))
        ];
        return calls[kind];
    }

    function _payerStep(uint256 kind, uint256 seed, uint256 amount) private view returns (bytes memory) {
        bytes[5] memory calls = [
            abi.encodeCall(payers.pay, (seed, amount)),
            abi.encodeCall(payers.pay, (amount, seed)),
            abi.encodeCall(payers.terms, (seed, amount)),
            abi.encodeCall(payers.fill, (seed, amount)),
            abi.encodeCall(payers.fill, (amount, seed))
        ];
        return calls[kind];
    }

    function _treasuryStep(uint256 kind, uint256 seed, uint256 amount) private view returns (bytes memory) {
        bytes[4] memory calls = [
            abi.encodeCall(treasury.buy, (seed, amount)),
            abi.encodeCall(treasury.limit, (seed, amount)),
            abi.encodeCall(treasury.carry, (seed, amount)),
            abi.encodeCall(treasury.make, (seed))
        ];
        return calls[kind];
    }

    function _names() internal pure override returns (string memory) {
        return "listModel updateModel delistModel setPublisher setOffer removeOffer setMinimumPrices createSession "
            "settleSessionWithVoucher recordUse recordDemand setCapacity setCurve payByFeed payByQuote updatePrice "
            "setToken setNativeFeed setSequencerFeed setQuoteSigner depositPayer addStakePayer unlockStakePayer "
            "withdrawStakePayer withdrawDepositPayer withdrawTokens buy setLimits setKeeperBuyback setRoute "
            "setTreasuryBuyback migrate closeMigration createAccount deployProxy transferFab transferUsdc approveFab "
            "approveUsdc transferFromFab transferFromUsdc burn burnFrom delegate mint permitFab permitUsdc delegateBySig ";
    }
}
