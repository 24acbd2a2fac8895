// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {MarketplaceFixture} from "../mocks/MarketplaceFixture.sol";
import {Wallet} from "../mocks/HostileReceivers.sol";

contract SessionJobsTest is MarketplaceFixture {
    // The worked example: 1 ETH, 0.0001 ETH a token, so 10,000 tokens; interval 500.

    function test_goldenExampleHalfUsed() public {
        uint256 jobId = openSession();
        for (uint256 tokens = 500; tokens <= 5_000; tokens += 500) {
            checkpoint(jobId, tokens);
        }
        vm.prank(host);
        market.settleSession(jobId);

        assertEq(market.withdrawable(host, ETH), 0.425 ether, "host");
        assertEq(market.withdrawable(renter, ETH), 0.5 ether, "renter");
        (uint256 protocol, uint256 stakers) = market.feeLedger(ETH);
        assertEq(protocol, 0.05 ether, "protocol");
        assertEq(stakers, 0.025 ether, "stakers");

        vm.prank(host);
        market.withdraw(ETH);
        vm.prank(renter);
        market.withdraw(ETH);
        vm.prank(stranger);
        market.distributeFees(ETH);
        assertEq(host.balance, 0.425 ether);
        assertEq(renter.balance, 999.5 ether);
        assertEq(treasury.balance, 0.05 ether);
        assertEq(stakersPool.balance, 0.025 ether);
        assertEq(address(market).balance, 0);
        assertEq(market.liabilities(ETH), 0);
    }

    function test_goldenExampleFullyUsed() public {
        uint256 jobId = openSession();
        vm.expectEmit(address(market));
        emit ISessionJobs.SessionSettled(jobId, 0.85 ether, 0, 0.1 ether, 0.05 ether);
        _settleWithVoucher(jobId, 10_000);
        assertEq(market.withdrawable(renter, ETH), 0);
        assertSolvent(ETH);
    }

    function test_goldenExampleUnused() public {
        uint256 jobId = openSession();
        vm.prank(host);
        market.settleSession(jobId);
        assertEq(market.withdrawable(renter, ETH), 1 ether);
        assertEq(market.withdrawable(host, ETH), 0);
    }

    function test_usdcAtOneDollarPerThousandTokens() public {
        uint256 jobId = openUsdcSession();
        _settleWithVoucher(jobId, 1_234);
        assertEq(market.withdrawable(host, address(usdc)), 1_048_900);
        assertEq(market.withdrawable(renter, address(usdc)), 8_766_000);
        assertSolvent(address(usdc));
    }

    function test_priceOfOneBaseUnitPerThousandTokensIsExpressible() public {
        vm.prank(renter);
        uint256 jobId = market.createSession(_params(address(usdc), 0.5e6, 1, address(0)));
        _settleWithVoucher(jobId, 1_999);
        assertEq(market.withdrawable(renter, address(usdc)), 499_999);
    }

    function test_createRecordsTheTermsAndSaysThem() public {
        vm.expectEmit(address(market));
        emit ISessionJobs.SessionJobCreated(1, renter, host, ETH, 1 ether, PRICE_PER_TOKEN, DURATION);
        vm.expectEmit(address(market));
        emit ISessionJobs.SessionTermsSet(1, PRICE_PER_TOKEN * 1000, renter);
        vm.expectEmit(address(market));
        emit ISessionJobs.SessionProofRequirementSet(1, INTERVAL);
        uint256 jobId = openSession();

        ISessionJobs.SessionDetails memory details = market.getSessionDetails(jobId);
        assertEq(details.renter, renter);
        assertEq(details.host, host);
        assertEq(details.token, ETH);
        assertEq(details.coSigner, renter);
        assertEq(details.deposit, 1 ether);
        assertEq(details.pricePer1000, 0.1 ether);
        assertEq(details.provenTokens, 0);
        assertEq(details.proofInterval, INTERVAL);
        assertEq(details.startedAt, START);
        assertEq(details.maxDuration, DURATION);
        assertEq(details.closesAt, 0);
        assertEq(details.protocolBps, 1_000);
        assertEq(details.stakersBps, 500);
        assertEq(uint256(details.status), uint256(ISessionJobs.SessionStatus.Active));
        assertEq(market.getRequiredProofInterval(jobId), INTERVAL);
        assertEq(market.liabilities(ETH), 1 ether);
    }

    // Parameters. Boundaries come in pairs: the last value outside, the last value inside.

    function test_durationBounds() public {
        _expectFieldError("maxDuration", 10 minutes - 1, 10 minutes, 365 days);
        _create(1 ether, PRICE_PER_TOKEN, 10 minutes - 1, INTERVAL);
        _create(1 ether, PRICE_PER_TOKEN, 10 minutes, INTERVAL);
        _create(1 ether, PRICE_PER_TOKEN, 365 days, INTERVAL);
        _expectFieldError("maxDuration", 365 days + 1, 10 minutes, 365 days);
        _create(1 ether, PRICE_PER_TOKEN, 365 days + 1, INTERVAL);
    }

    function test_intervalBounds() public {
        _expectFieldError("proofInterval", 99, 100, 1_000_000);
        _create(1 ether, PRICE_PER_TOKEN, DURATION, 99);
        _create(1 ether, PRICE_PER_TOKEN, DURATION, 100);
        _create(100 ether, PRICE_PER_TOKEN, DURATION, 1_000_000);
        _expectFieldError("proofInterval", 1_000_001, 100, 1_000_000);
        _create(1 ether, PRICE_PER_TOKEN, DURATION, 1_000_001);
    }

    function test_depositBounds() public {
        uint256 price = 1e9;
        vm.expectRevert(_depositError(ETH, MIN_ETH - 1, MIN_ETH, MAX_ETH));
        _create(MIN_ETH - 1, price, DURATION, INTERVAL);
        _create(MIN_ETH, price, DURATION, INTERVAL);
        vm.deal(renter, 3_000 ether);
        _create(MAX_ETH, 1 ether, DURATION, 1_000);
        vm.expectRevert(_depositError(ETH, MAX_ETH + 1, MIN_ETH, MAX_ETH));
        _create(MAX_ETH + 1, 1 ether, DURATION, 1_000);
    }

    function test_usdcDepositBounds() public {
        vm.prank(renter);
        vm.expectRevert(_depositError(address(usdc), 499_999, 0.5e6, 1_000_000e6));
        market.createSessionJobWithToken(host, address(usdc), 499_999, 1, DURATION, INTERVAL);
        vm.prank(renter);
        market.createSessionJobWithToken(host, address(usdc), 0.5e6, 1, DURATION, INTERVAL);
    }

    function test_depositMustPayForOneInterval() public {
        _expectFieldError("capacity", 499, 500, type(uint40).max);
        _create(0.0499 ether, PRICE_PER_TOKEN, DURATION, 500);
        _create(0.05 ether, PRICE_PER_TOKEN, DURATION, 500);
    }

    function test_capacityMustFitTheCounter() public {
        _expectFieldError("capacity", 1 ether, 500, type(uint40).max);
        _create(1 ether, 1, DURATION, 500);
    }

    function test_priceBounds() public {
        _expectFieldError("pricePerToken", 0, 1, type(uint96).max / 1000);
        _create(1 ether, 0, DURATION, INTERVAL);
        _expectFieldError("pricePerToken", type(uint256).max, 1, type(uint96).max / 1000);
        _create(1 ether, type(uint256).max, DURATION, INTERVAL);
        vm.prank(renter);
        _expectFieldError("pricePer1000", 0, 1, type(uint96).max);
        market.createSession(_params(address(usdc), 10e6, 0, address(0)));
    }

    function test_hostMustBeActiveAndAccepting() public {
        bytes memory refused = abi.encodeWithSelector(IJobMarketplace.MarketplaceHostNotActive.selector, host);
        vm.prank(host);
        registry.setAccepting(false);
        vm.expectRevert(refused);
        _create(1 ether, PRICE_PER_TOKEN, DURATION, INTERVAL);
        vm.prank(host);
        registry.setAccepting(true);
        _create(1 ether, PRICE_PER_TOKEN, DURATION, INTERVAL);
        vm.prank(host);
        registry.requestUnstake(1);
        vm.expectRevert(refused);
        _create(1 ether, PRICE_PER_TOKEN, DURATION, INTERVAL);
    }

    function test_hostCannotRentFromItself() public {
        vm.deal(host, 1 ether);
        vm.prank(host);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceSelfDealing.selector, host));
        market.createSessionJob{value: 1 ether}(host, 1 ether, PRICE_PER_TOKEN, DURATION, INTERVAL);
        vm.prank(host);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceSelfDealing.selector, host));
        market.createSession{value: 1 ether}(_params(ETH, 1 ether, PRICE_PER_TOKEN * 1000, stranger));
    }

    function test_hostCannotBeNamedAsCoSigner() public {
        vm.prank(renter);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceSelfDealing.selector, host));
        market.createSession(_params(address(usdc), 10e6, 1e6, host));
    }

    function test_unlistedTokenIsRefused() public {
        vm.prank(renter);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceTokenNotAccepted.selector, address(fab)));
        market.createSessionJobWithToken(host, address(fab), 1e18, 1e15, DURATION, INTERVAL);
    }

    function test_delistingStopsNewSessionsOnly() public {
        uint256 jobId = openUsdcSession();
        vm.prank(owner);
        market.setAcceptedToken(address(usdc), false);
        vm.prank(renter);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceTokenNotAccepted.selector, address(usdc)));
        market.createSession(_params(address(usdc), 10e6, 1e6, address(0)));

        checkpoint(jobId, 5_000);
        vm.prank(host);
        market.settleSession(jobId);
        vm.prank(host);
        assertEq(market.withdraw(address(usdc)), 4.25e6);
        vm.prank(renter);
        assertEq(market.withdraw(address(usdc)), 5e6);
    }

    // Co-signer.

    function test_namedCoSignerSignsAndRenterDoesNot() public {
        (address sessionKey, uint256 key) = makeAddrAndKey("session key");
        vm.prank(renter);
        uint256 jobId = market.createSession(_params(address(usdc), 10e6, 1e6, sessionKey));
        bytes memory signature = voucher(jobId, 500);
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionBadCoSignature.selector, jobId, renter, sessionKey)
        );
        market.submitCheckpoint(jobId, 500, TRANSCRIPT, signature);
        market.submitCheckpoint(jobId, 500, TRANSCRIPT, voucherBy(key, jobId, 500));
        assertEq(market.getSessionDetails(jobId).provenTokens, 500);
        assertEq(market.getSessionDetails(jobId).coSigner, sessionKey);
        bytes memory tooHigh = voucherBy(key, jobId, 10_001);
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionCapacityExceeded.selector, jobId, 10_001, 10_000)
        );
        market.submitCheckpoint(jobId, 10_001, TRANSCRIPT, tooHigh);
    }

    function test_callerWithCodeNeedsADefaultCoSigner() public {
        Wallet wallet = new Wallet();
        vm.deal(address(wallet), 10 ether);
        bytes memory create = abi.encodeCall(
            ISessionJobs.createSessionJob, (host, 1 ether, PRICE_PER_TOKEN, DURATION, INTERVAL)
        );
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionCoSignerRequired.selector, address(wallet)));
        wallet.run(address(market), 1 ether, create);

        (address sessionKey, uint256 key) = makeAddrAndKey("session key");
        wallet.run(address(market), 0, abi.encodeCall(ISessionJobs.setDefaultCoSigner, (sessionKey)));
        assertEq(market.defaultCoSigner(address(wallet)), sessionKey);
        wallet.run(address(market), 1 ether, create);
        market.submitCheckpoint(1, 500, TRANSCRIPT, voucherBy(key, 1, 500));
        assertEq(market.getSessionDetails(1).provenTokens, 500);
    }

    /// Revoking keys or delegating by EIP-7702 must not void work that is vouched for.
    function test_voucherStaysValidWhenTheRenterGetsCode() public {
        uint256 jobId = openSession();
        bytes memory signature = voucher(jobId, 5_000);
        vm.etch(renter, hex"ef0100000000000000000000000000000000000000dead");
        market.submitCheckpoint(jobId, 5_000, TRANSCRIPT, signature);
        assertEq(market.getSessionDetails(jobId).provenTokens, 5_000);
    }

    function test_malleatedOrTruncatedCoSignaturesAreRefused() public {
        uint256 jobId = openSession();
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(renterKey, market.checkpointDigest(jobId, 500, TRANSCRIPT));
        bytes32 highS =
            bytes32(0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141 - uint256(s));
        bytes memory refused =
            abi.encodeWithSelector(ISessionJobs.SessionBadCoSignature.selector, jobId, address(0), renter);
        vm.expectRevert(refused);
        market.submitCheckpoint(jobId, 500, TRANSCRIPT, abi.encodePacked(r, highS, v == 27 ? uint8(28) : uint8(27)));
        vm.expectRevert(refused);
        market.submitCheckpoint(jobId, 500, TRANSCRIPT, abi.encodePacked(r, s));
        vm.expectRevert(refused);
        market.submitCheckpoint(jobId, 500, TRANSCRIPT, "");
    }

    function test_voucherIsBoundToJobCountTranscriptAndChain() public {
        uint256 jobId = openSession();
        uint256 other = openSession();
        bytes memory signature = voucher(jobId, 500);
        vm.expectPartialRevert(ISessionJobs.SessionBadCoSignature.selector);
        market.submitCheckpoint(other, 500, TRANSCRIPT, signature);
        vm.expectPartialRevert(ISessionJobs.SessionBadCoSignature.selector);
        market.submitCheckpoint(jobId, 501, TRANSCRIPT, signature);
        vm.expectPartialRevert(ISessionJobs.SessionBadCoSignature.selector);
        market.submitCheckpoint(jobId, 500, keccak256("other"), signature);
        vm.chainId(8453);
        vm.expectPartialRevert(ISessionJobs.SessionBadCoSignature.selector);
        market.submitCheckpoint(jobId, 500, TRANSCRIPT, signature);
        vm.chainId(31337);
        market.submitCheckpoint(jobId, 500, TRANSCRIPT, signature);
        assertEq(market.getSessionDetails(jobId).provenTokens, 500);
    }

    function test_digestIsEip712() public view {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("FabstirJobMarketplace"),
                keccak256("1"),
                block.chainid,
                address(market)
            )
        );
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Checkpoint(uint256 jobId,uint256 cumulativeTokens,bytes32 transcriptHash)"),
                7,
                500,
                TRANSCRIPT
            )
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", domain, structHash));
        assertEq(market.checkpointDigest(7, 500, TRANSCRIPT), digest);
    }

    // Checkpoints.

    function test_seedNamedProofCountsOnFromWhatIsProven() public {
        uint256 jobId = openSession();
        market.submitProofOfWork(jobId, abi.encode(TRANSCRIPT, voucher(jobId, 600)), 600);
        vm.expectEmit(address(market));
        emit ISessionJobs.SessionCheckpointed(jobId, 1_100, TRANSCRIPT);
        market.submitProofOfWork(jobId, abi.encode(TRANSCRIPT, voucher(jobId, 1_100)), 500);
        assertEq(market.calculateCurrentEarnings(jobId), 0.0935 ether);
    }

    function test_checkpointsEndOneHourAfterTheSession() public {
        uint256 jobId = openSession();
        uint256 end = endOf(jobId);
        vm.warp(end + 1 hours - 1);
        checkpoint(jobId, 500);
        vm.warp(end + 1 hours);
        bytes memory signature = voucher(jobId, 1_000);
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionCheckpointsClosed.selector, jobId, end + 1 hours)
        );
        market.submitCheckpoint(jobId, 1_000, TRANSCRIPT, signature);
    }

    function test_replayedCheckpointChangesNothing() public {
        uint256 jobId = openSession();
        bytes memory signature = voucher(jobId, 500);
        market.submitCheckpoint(jobId, 500, TRANSCRIPT, signature);
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionCheckpointTooSmall.selector, jobId, 500, 1_000)
        );
        market.submitCheckpoint(jobId, 500, TRANSCRIPT, signature);
    }

    // Ways out.

    function test_hostSettlesWithTheLastVoucherEvenLate() public {
        uint256 jobId = openSession();
        vm.warp(endOf(jobId) + 90 minutes);
        _settleWithVoucher(jobId, 777);
        assertEq(market.withdrawable(host, ETH), 777 * 0.000085 ether);
    }

    /// Whoever watches the mempool may record the host's voucher first; the host settles all the same.
    function test_frontRunVoucherDoesNotStopTheHostsSettlement() public {
        uint256 jobId = openSession();
        checkpoint(jobId, 5_000);
        _settleWithVoucher(jobId, 5_000);
        assertEq(market.withdrawable(host, ETH), 0.425 ether);
    }

    function test_lowerVoucherNeverLowersWhatIsProven() public {
        uint256 jobId = openSession();
        checkpoint(jobId, 5_000);
        _settleWithVoucher(jobId, 4_999);
        assertEq(market.getSessionDetails(jobId).provenTokens, 5_000);
        assertEq(market.withdrawable(host, ETH), 0.425 ether);
    }

    function test_onlyTheHostSettlesAndOnlyTheRenterCompletes() public {
        uint256 jobId = openSession();
        bytes memory signature = voucher(jobId, 500);
        vm.startPrank(renter);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionNotHost.selector, jobId, renter));
        market.settleSession(jobId);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionNotHost.selector, jobId, renter));
        market.settleSessionWithVoucher(jobId, 500, TRANSCRIPT, signature);
        vm.stopPrank();
        vm.prank(host);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionNotRenter.selector, jobId, host));
        market.completeSessionJob(jobId);
    }

    function test_anyoneFinalizesWhenTheWindowIsOver() public {
        uint256 jobId = openSession();
        checkpoint(jobId, 5_000);
        vm.expectEmit(address(market));
        emit ISessionJobs.SessionClosing(jobId, START + 1 hours);
        vm.prank(renter);
        market.completeSessionJob(jobId);

        vm.warp(START + 1 hours - 1);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionNotDue.selector, jobId, START + 1 hours));
        market.finalizeSession(jobId);
        vm.warp(START + 1 hours);
        bytes memory late = voucher(jobId, 6_000);
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionCheckpointsClosed.selector, jobId, START + 1 hours)
        );
        market.submitCheckpoint(jobId, 6_000, TRANSCRIPT, late);
        vm.prank(stranger);
        market.finalizeSession(jobId);
        assertEq(market.withdrawable(renter, ETH), 0.5 ether);
        assertEq(market.getSessionDetails(jobId).closesAt, 0);
        assertEq(market.getSessionDetails(jobId).settledAt, START + 1 hours);
    }

    function test_activeSessionCannotBeFinalized() public {
        uint256 jobId = openSession();
        vm.warp(endOf(jobId) + 1 days);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISessionJobs.SessionWrongStatus.selector, jobId, ISessionJobs.SessionStatus.Active
            )
        );
        market.finalizeSession(jobId);
    }

    function test_lateCompletionNeitherReopensCheckpointsNorOutlivesTheTimeout() public {
        uint256 jobId = openSession();
        uint256 end = endOf(jobId);
        bytes memory late = voucher(jobId, 5_000);
        vm.warp(end + 90 minutes);
        vm.prank(renter);
        market.completeSessionJob(jobId);
        assertEq(market.getSessionDetails(jobId).closesAt, end + 2 hours);
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionCheckpointsClosed.selector, jobId, end + 1 hours)
        );
        market.submitCheckpoint(jobId, 5_000, TRANSCRIPT, late);
        vm.warp(end + 2 hours);
        market.finalizeSession(jobId);
        assertEq(market.withdrawable(renter, ETH), 1 ether);
    }

    function test_completionAfterTheTimeoutIsFinalizedAtOnce() public {
        uint256 jobId = openSession();
        vm.warp(endOf(jobId) + 3 hours);
        vm.prank(renter);
        market.completeSessionJob(jobId);
        market.finalizeSession(jobId);
        assertEq(market.withdrawable(renter, ETH), 1 ether);
    }

    function test_anyoneSettlesTwoHoursAfterTheEnd() public {
        uint256 jobId = openSession();
        uint256 end = endOf(jobId);
        checkpoint(jobId, 5_000);
        vm.warp(end + 2 hours - 1);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionNotDue.selector, jobId, end + 2 hours));
        market.triggerSessionTimeout(jobId);
        vm.warp(end + 2 hours);
        vm.prank(stranger);
        market.triggerSessionTimeout(jobId);
        assertEq(market.withdrawable(host, ETH), 0.425 ether);
        assertEq(market.withdrawable(renter, ETH), 0.5 ether);
        assertSolvent(ETH);
    }

    function test_quoteIsWhatSettlementPays() public {
        uint256 jobId = openUsdcSession();
        checkpoint(jobId, 3_333);
        (uint256 toHost, uint256 toRenter, uint256 protocol, uint256 stakers) = market.quoteSettlement(jobId);
        vm.expectEmit(address(market));
        emit ISessionJobs.SessionSettled(jobId, toHost, toRenter, protocol, stakers);
        vm.prank(host);
        market.settleSession(jobId);
        assertEq(toHost + toRenter + protocol + stakers, 10e6);
    }

    function test_unknownSessionIsNamedAsSuch() public {
        bytes memory unknown = abi.encodeWithSelector(
            ISessionJobs.SessionWrongStatus.selector, 99, ISessionJobs.SessionStatus.None
        );
        vm.expectRevert(unknown);
        market.getSessionDetails(99);
        vm.expectRevert(unknown);
        market.quoteSettlement(99);
        vm.expectRevert(unknown);
        market.triggerSessionTimeout(99);
        vm.expectRevert(unknown);
        market.completeSessionJob(99);
        vm.expectRevert(unknown);
        market.submitCheckpoint(99, 500, TRANSCRIPT, "");
    }

    // Obligations.

    function test_obligationBeginsWithTheFirstCheckpoint() public {
        uint256 jobId = openSession();
        assertEq(market.openObligations(host), 0);
        checkpoint(jobId, 500);
        checkpoint(jobId, 1_000);
        assertEq(market.openObligations(host), 1);
        assertEq(registry.getNode(host).obligations, 1);
        vm.prank(host);
        market.settleSession(jobId);
        assertEq(market.openObligations(host), 0);
    }

    function test_settlingWithTheOnlyVoucherNeverObliges() public {
        uint256 first = openSession();
        checkpoint(first, 500);
        _settleWithVoucher(openSession(), 500);
        assertEq(market.openObligations(host), 1);
    }

    // I2 and I3 over any price, deposit and count.

    function testFuzz_settlementPaysTheDepositExactly(uint256 deposit, uint256 pricePer1000, uint256 tokens) public {
        deposit = bound(deposit, MIN_ETH, 100 ether);
        pricePer1000 = bound(pricePer1000, deposit * 1000 / type(uint40).max + 1, deposit * 10);
        uint256 capacity = deposit * 1000 / pricePer1000;
        tokens = bound(tokens, 1, capacity);
        ISessionJobs.SessionParams memory params = _params(ETH, deposit, pricePer1000, address(0));
        params.proofInterval = 100;
        vm.prank(renter);
        uint256 jobId = market.createSession{value: deposit}(params);

        _settleWithVoucher(jobId, tokens);
        (uint256 protocol, uint256 stakers) = market.feeLedger(ETH);
        uint256 gross = market.withdrawable(host, ETH) + protocol + stakers;
        assertEq(gross, tokens * pricePer1000 / 1000, "gross");
        assertEq(gross + market.withdrawable(renter, ETH), deposit, "sum");
        assertEq(protocol, gross * 1000 / 10000, "protocol");
        assertEq(stakers, gross * 500 / 10000, "stakers");
        assertSolvent(ETH);
    }

    function _settleWithVoucher(uint256 jobId, uint256 tokens) private {
        bytes memory signature = voucher(jobId, tokens);
        vm.prank(host);
        market.settleSessionWithVoucher(jobId, tokens, TRANSCRIPT, signature);
    }

    function _create(uint256 deposit, uint256 price, uint256 duration, uint256 interval) private {
        vm.prank(renter);
        market.createSessionJob{value: deposit}(host, deposit, price, duration, interval);
    }

    function _params(address token, uint256 deposit, uint256 pricePer1000, address coSigner)
        private
        view
        returns (ISessionJobs.SessionParams memory)
    {
        return ISessionJobs.SessionParams({
            host: host,
            token: token,
            deposit: deposit,
            pricePer1000: pricePer1000,
            maxDuration: DURATION,
            proofInterval: INTERVAL,
            coSigner: coSigner,
            model: 0,
            proofMode: ISessionJobs.ProofMode.CoSigned
        });
    }

    function _expectFieldError(string memory field, uint256 value, uint256 minimum, uint256 maximum) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                ISessionJobs.SessionFieldOutOfRange.selector, field, value, minimum, maximum
            )
        );
    }

    function _depositError(address token, uint256 amount, uint256 minimum, uint256 maximum)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(
            IJobMarketplace.MarketplaceDepositOutOfRange.selector, token, amount, minimum, maximum
        );
    }
}
