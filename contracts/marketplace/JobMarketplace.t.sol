// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";
import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IAttestedSessions} from "../interfaces/IAttestedSessions.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {IMarketplaceSettings} from "../interfaces/IMarketplaceSettings.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {MarketplaceFixture} from "../mocks/MarketplaceFixture.sol";
import {CodeExtension} from "./CodeExtension.sol";
import {JobMarketplace} from "./JobMarketplace.sol";

contract JobMarketplaceTest is MarketplaceFixture {
    uint256 private constant MAX_CODE_SIZE = 24_576;

    function test_X04_onlyTheOwnerGoverns() public {
        address next = newMarketplace();
        bytes[13] memory calls = [
            abi.encodeCall(IMarketplaceSettings.setAcceptedToken, (address(fab), true)),
            abi.encodeCall(IMarketplaceSettings.setTokenLimits, (ETH, 1, 2)),
            abi.encodeCall(IMarketplaceSettings.setTreasury, (stranger)),
            abi.encodeCall(IMarketplaceSettings.setStakers, (stranger)),
            abi.encodeCall(IMarketplaceSettings.setSponsorPaymaster, (address(1), stranger)),
            abi.encodeCall(IMarketplaceSettings.setFees, (1, 2)),
            abi.encodeCall(IMarketplaceSettings.setClosingWindow, (2 hours)),
            abi.encodeCall(IMarketplaceSettings.setProofSystem, (stranger)),
            abi.encodeCall(IMarketplaceSettings.setReputation, (stranger)),
            abi.encodeCall(IMarketplaceSettings.setArbiter, (stranger)),
            abi.encodeCall(IAttestedSessions.setMaxPending, (ETH, 1)),
            abi.encodeWithSignature("upgradeToAndCall(address,bytes)", next, ""),
            abi.encodeWithSignature("transferOwnership(address)", stranger)
        ];
        address[4] memory callers = [stranger, treasury, address(this), address(deployer)];
        for (uint256 i; i < calls.length; ++i) {
            for (uint256 j; j < callers.length; ++j) {
                vm.prank(callers[j]);
                (bool success, bytes memory answer) = address(market).call(calls[i]);
                assertFalse(success);
                assertEq(
                    answer,
                    abi.encodeWithSelector(OwnableUpgradeable.OwnableUnauthorizedAccount.selector, callers[j])
                );
            }
            vm.prank(owner);
            (bool governed,) = address(market).call(calls[i]);
            assertTrue(governed);
        }
        assertEq(market.proofSystem(), stranger);
        assertEq(market.reputation(), stranger);
        assertEq(market.arbiter(), stranger);
    }

    function test_upgradeKeepsWhatIsOwed() public {
        uint256 jobId = openSession();
        checkpoint(jobId, 5_000);
        address next = newMarketplace();
        vm.prank(owner);
        JobMarketplace(payable(address(market))).upgradeToAndCall(next, "");
        vm.prank(host);
        market.settleSession(jobId);
        vm.prank(host);
        assertEq(market.withdraw(ETH), 0.425 ether);
    }

    function test_initializesOnceAndNeverTheImplementation() public {
        IMarketplaceSettings.TokenSetup[] memory tokens = new IMarketplaceSettings.TokenSetup[](0);
        IMarketplaceSettings.PaymasterSetup[] memory paymasters = new IMarketplaceSettings.PaymasterSetup[](0);
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        market.initialize(stranger, neighbours(address(registry), stranger, stranger), tokens, paymasters);
        IJobMarketplace implementation = IJobMarketplace(newMarketplace());
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        implementation.initialize(stranger, neighbours(address(registry), stranger, stranger), tokens, paymasters);
    }

    function test_X14_treasuryIsNeverUnset() public {
        address implementation = newMarketplace();
        bytes4 zero = IJobMarketplace.MarketplaceZeroAddress.selector;
        vm.expectRevert(zero);
        deployer.deploy("a", implementation, _initialize(address(registry), address(0), stakersPool));
        vm.expectRevert(zero);
        deployer.deploy("b", implementation, _initialize(address(registry), treasury, address(0)));
        vm.expectRevert(zero);
        deployer.deploy("c", implementation, _initialize(address(0), treasury, stakersPool));
        vm.startPrank(owner);
        vm.expectRevert(zero);
        market.setTreasury(address(0));
        vm.expectRevert(zero);
        market.setStakers(address(0));
        vm.stopPrank();
    }

    function test_tokensAreListedWithLimits() public {
        IMarketplaceSettings.TokenConfig memory eth = market.tokenConfig(ETH);
        assertEq(eth.index, 1);
        assertTrue(eth.accepted);
        assertEq(eth.minDeposit, MIN_ETH);
        assertEq(eth.maxDeposit, MAX_ETH);
        assertEq(market.tokenConfig(address(usdc)).index, 2);
        assertEq(market.tokenConfig(address(fab)).index, 0);

        vm.startPrank(owner);
        vm.expectEmit(address(market));
        emit IJobMarketplace.TokenAccepted(address(fab), true);
        market.setAcceptedToken(address(fab), true);
        vm.expectEmit(address(market));
        emit IJobMarketplace.TokenLimitsSet(address(fab), 1e18, 5e18);
        market.setTokenLimits(address(fab), 1e18, 5e18);
        market.setAcceptedToken(address(fab), false);
        market.setAcceptedToken(address(fab), true);
        vm.stopPrank();
        IMarketplaceSettings.TokenConfig memory listed = market.tokenConfig(address(fab));
        assertEq(listed.index, 3);
        assertEq(listed.minDeposit, 1e18);
    }

    function test_listedTokenWithoutLimitsTakesNoDeposits() public {
        vm.prank(owner);
        market.setAcceptedToken(address(fab), true);
        vm.prank(renter);
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarketplace.MarketplaceDepositOutOfRange.selector, address(fab), 1e18, 1, 0
            )
        );
        market.createSessionJobWithToken(host, address(fab), 1e18, 1e12, DURATION, INTERVAL);
        vm.prank(renter);
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarketplace.MarketplaceDepositOutOfRange.selector, address(fab), 0, 1, 0
            )
        );
        market.postJobWithToken(jobDetails(), jobRequirements(), address(fab), 0);
    }

    function test_limitsMustBeOrderedPositiveAndFit() public {
        vm.startPrank(owner);
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarketplace.MarketplaceTokenNotAccepted.selector, address(fab))
        );
        market.setTokenLimits(address(fab), 1, 2);
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarketplace.MarketplaceTokenNotAccepted.selector, address(fab))
        );
        market.setAcceptedToken(address(fab), false);
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarketplace.MarketplaceDepositOutOfRange.selector, ETH, 0, 1, 5)
        );
        market.setTokenLimits(ETH, 0, 5);
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarketplace.MarketplaceDepositOutOfRange.selector, ETH, 6, 1, 5)
        );
        market.setTokenLimits(ETH, 6, 5);
        market.setTokenLimits(ETH, 5, 5);
        vm.expectPartialRevert(SafeCast.SafeCastOverflowedUintDowncast.selector);
        market.setTokenLimits(ETH, 1, uint256(type(uint80).max) + 1);
        vm.expectPartialRevert(SafeCast.SafeCastOverflowedUintDowncast.selector);
        market.setTokenLimits(ETH, uint256(type(uint72).max) + 1, type(uint80).max);
        vm.stopPrank();
    }

    function test_sponsorPaymasterIsOnePerEntryPoint() public {
        address entryPoint = makeAddr("EntryPoint");
        vm.expectEmit(address(market));
        emit IJobMarketplace.SponsorPaymasterSet(entryPoint, stranger);
        vm.prank(owner);
        market.setSponsorPaymaster(entryPoint, stranger);
        assertEq(market.sponsorPaymaster(entryPoint), stranger);
        assertEq(market.sponsorPaymaster(address(1)), address(0));
    }

    function test_withdrawPaysWhatIsOwedOnce() public {
        uint256 jobId = openSession();
        vm.prank(host);
        market.settleSession(jobId);
        vm.startPrank(renter);
        vm.expectRevert(IJobMarketplace.MarketplaceZeroAddress.selector);
        market.withdraw(ETH, address(0));
        vm.expectEmit(address(market));
        emit IJobMarketplace.Withdrawn(renter, ETH, 1 ether, stranger);
        market.withdraw(ETH, stranger);
        vm.expectRevert(
            abi.encodeWithSelector(IJobMarketplace.MarketplaceNothingToWithdraw.selector, renter, ETH)
        );
        market.withdraw(ETH);
        vm.stopPrank();
        assertEq(stranger.balance, 1 ether);
        assertSolvent(ETH);
    }

    /// What the marketplace sent to itself would be owed to nobody.
    function test_nothingIsWithdrawnToTheMarketplace() public {
        uint256 jobId = openUsdcSession();
        vm.prank(host);
        market.settleSession(jobId);
        vm.startPrank(renter);
        vm.expectRevert(
            abi.encodeWithSelector(
                IJobMarketplace.MarketplaceTransferMismatch.selector, address(usdc), 0, 10e6
            )
        );
        market.withdraw(address(usdc), address(market));
        market.withdraw(address(usdc), stranger);
        vm.stopPrank();
        assertEq(usdc.balanceOf(stranger), 10e6);
        assertSolvent(address(usdc));
    }

    /// I6: entries ask the registry, exits ask nobody.
    function test_I6_brokenRegistryBlocksNoExit() public {
        uint256[4] memory sessions = [openSession(), openSession(), openSession(), openSession()];
        uint256[3] memory jobs = [submittedJob(1 ether), submittedJob(1 ether), postJob(1 ether)];
        uint256 claimed = postJob(1 ether);
        vm.prank(host);
        market.claimJob(claimed);
        vm.prank(owner);
        market.setAcceptedToken(ETH, false);
        vm.etch(address(registry), hex"fe");

        bytes memory last = voucher(sessions[1], 5_000);
        vm.startPrank(host);
        market.settleSession(sessions[0]);
        market.settleSessionWithVoucher(sessions[1], 5_000, TRANSCRIPT, last);
        vm.stopPrank();
        checkpoint(sessions[2], 5_000);
        vm.startPrank(renter);
        market.completeSessionJob(sessions[2]);
        market.releasePayment(jobs[0]);
        market.cancelJob(jobs[2]);
        vm.stopPrank();
        vm.warp(endOf(sessions[3]) + 2 hours);
        market.finalizeSession(sessions[2]);
        market.triggerSessionTimeout(sessions[3]);
        market.autoRelease(jobs[1]);
        market.claimExpired(claimed);

        vm.prank(host);
        assertEq(market.withdraw(ETH), 2 * 0.425 ether + 2 * 0.85 ether);
        vm.prank(renter);
        assertEq(market.withdraw(ETH), 3 ether + 2 ether);
        market.distributeFees(ETH);
        assertEq(address(market).balance, 0);
        assertEq(market.liabilities(ETH), 0);
    }

    /// Whoever ends a failed job gives the registry the gas to take the bond, or does not end it.
    function test_nobodySavesTheHostItsBondByLittleGas() public {
        uint256 jobId = postJob(1 ether);
        vm.prank(host);
        market.claimJob(jobId);
        vm.warp(market.getJob(jobId).deadline);
        bool ended;
        for (uint256 gas = 60_000; !ended; gas += 1_000) {
            assertLt(gas, 400_000, "never ended");
            (ended,) = address(market).call{gas: gas}(abi.encodeCall(ISingleJobs.claimExpired, (jobId)));
        }
        assertEq(market.withdrawable(renter, ETH), 1 ether);
        assertEq(registry.getNode(host).stake, 980e18);
    }

    function test_unsolicitedMoneyIsNobodysLiability() public {
        openUsdcSession();
        usdc.mint(address(market), 5e6);
        assertEq(market.liabilities(address(usdc)), 10e6);
        assertEq(usdc.balanceOf(address(market)), 15e6);
        uint256 jobId = openUsdcSession();
        checkpoint(jobId, 10_000);
        vm.prank(host);
        market.settleSession(jobId);
        vm.prank(host);
        assertEq(market.withdraw(address(usdc)), 8.5e6);
    }

    function test_idsAreSharedAndComeFromTheCounterOnly() public {
        assertEq(openSession(), 1);
        assertEq(postJob(1 ether), 2);
        assertEq(openUsdcSession(), 3);
        vm.expectPartialRevert(ISessionJobs.SessionWrongStatus.selector);
        market.getSessionDetails(2);
    }

    /// A session takes four slots, three when the renter signs itself; a creation writes two more, both shared.
    function test_sessionTakesFourSlots() public {
        openSession();
        vm.record();
        openSession();
        (, bytes32[] memory own) = vm.accesses(address(market));
        assertEq(_distinct(own), 3 + 2);

        ISessionJobs.SessionParams memory params = ISessionJobs.SessionParams({
            host: host,
            token: ETH,
            deposit: 1 ether,
            pricePer1000: 0.1 ether,
            maxDuration: DURATION,
            proofInterval: INTERVAL,
            coSigner: stranger,
            model: 0,
            proofMode: ISessionJobs.ProofMode.CoSigned
        });
        vm.record();
        vm.prank(renter);
        market.createSession{value: 1 ether}(params);
        (, bytes32[] memory named) = vm.accesses(address(market));
        assertEq(_distinct(named), 4 + 2);
    }

    function test_storageIsNamespaced() public {
        vm.prank(owner);
        market.setSponsorPaymaster(address(1), stranger);
        uint256 sessionId = openSession();
        uint256 jobId = postJob(1 ether);
        assertEq(_load(_slot("AcceptedTokens"), 1), 2, "length of the token list");
        assertEq(address(uint160(_load(_slot("Ledger"), 2))), treasury, "treasury");
        assertEq(address(uint160(_load(_slot("JobBook"), 0))), address(registry), "registry");
        assertEq(_load(_slot("JobBook"), 0) >> 160, 2, "last id");
        assertEq(
            address(uint160(_load(keccak256(abi.encode(sessionId, _slot("SessionJobs"))), 0))), renter, "session"
        );
        assertEq(address(uint160(_load(keccak256(abi.encode(jobId, _slot("SingleJobs"))), 0))), renter, "job");
        assertEq(
            address(uint160(_load(keccak256(abi.encode(address(1), _slot("JobMarketplace"))), 0))),
            stranger,
            "paymaster"
        );
    }

    // The parts of the code.

    function test_partsDoNothingByThemselves() public {
        address part = newMarketplace();
        vm.deal(renter, 100 ether);
        for (uint256 i; i < 4; ++i) {
            IJobMarketplace alone = IJobMarketplace(part);
            vm.startPrank(renter);
            vm.expectRevert();
            alone.postJob{value: 1 ether}(jobDetails(), jobRequirements(), 1 ether);
            vm.expectRevert();
            alone.depositPrepaid{value: 1 ether}(ETH, 1 ether);
            vm.expectRevert();
            alone.setTreasury(renter);
            vm.expectRevert();
            alone.initialize(
                renter,
                neighbours(address(registry), renter, renter),
                new IMarketplaceSettings.TokenSetup[](0),
                new IMarketplaceSettings.PaymasterSetup[](0)
            );
            vm.stopPrank();
            (bool accepted,) = part.call{value: 1}("");
            assertFalse(accepted);
            if (i < 3) part = CodeExtension(payable(part)).extension();
        }
    }

    function test_X25_onlyWholeMarketplacesCanBeUpgradedTo() public {
        address extension = CodeExtension(payable(newMarketplace())).extension();
        vm.prank(owner);
        vm.expectPartialRevert(ERC1967Utils.ERC1967InvalidImplementation.selector);
        JobMarketplace(payable(address(market))).upgradeToAndCall(extension, "");
    }

    function test_unknownFunctionsAndPlainEthAreRefused() public {
        vm.startPrank(renter);
        (bool success, bytes memory answer) = address(market).call(abi.encodeWithSignature("unknown()"));
        assertFalse(success);
        assertEq(answer.length, 0);
        (success,) = address(market).call{value: 1}("");
        assertFalse(success);
        (success,) = address(market).call{value: 1}(abi.encodeWithSignature("treasury()"));
        assertFalse(success);
        vm.stopPrank();
    }

    function test_X27_contractsFitTheSizeLimit() public {
        address part = newMarketplace();
        for (uint256 i; i < 4; ++i) {
            assertLe(part.code.length, MAX_CODE_SIZE, vm.toString(i));
            if (i < 3) part = CodeExtension(payable(part)).extension();
        }
    }

    function _initialize(address registry_, address treasury_, address stakers_)
        private
        view
        returns (bytes memory)
    {
        return abi.encodeCall(
            IMarketplaceSettings.initialize,
            (
                owner,
                neighbours(registry_, treasury_, stakers_),
                new IMarketplaceSettings.TokenSetup[](0),
                new IMarketplaceSettings.PaymasterSetup[](0)
            )
        );
    }

    function _slot(string memory name) private pure returns (bytes32) {
        uint256 inner = uint256(keccak256(bytes(string.concat("fabstir.storage.", name)))) - 1;
        return keccak256(abi.encode(inner)) & ~bytes32(uint256(0xff));
    }

    function _load(bytes32 slot, uint256 offset) private view returns (uint256) {
        return uint256(vm.load(address(market), bytes32(uint256(slot) + offset)));
    }

    function _distinct(bytes32[] memory slots) private pure returns (uint256 count) {
        for (uint256 i; i < slots.length; ++i) {
            bool seen;
            for (uint256 j; j < i; ++j) {
                if (slots[j] == slots[i]) seen = true;
            }
            if (!seen) ++count;
        }
    }
}
