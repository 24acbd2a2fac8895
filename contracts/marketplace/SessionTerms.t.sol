// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {MarketplaceFixture} from "../mocks/MarketplaceFixture.sol";
import {Wallet} from "../mocks/HostileReceivers.sol";

/// @notice A host that is a contract and answers for the offers that it made.
contract OfferingWallet is Wallet, IERC1271 {
    mapping(bytes32 digest => bool) public offers;

    function offer(bytes32 digest) external {
        offers[digest] = true;
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        return offers[digest] ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}

/// @notice What hosts and governance set for a session, and what pays for it.
contract SessionTermsTest is MarketplaceFixture {
    bytes32 private constant MODEL = keccak256("llama-70b");
    uint256 private constant PRICE = 0.1 ether;

    // Prices, models and caps of the host.

    function test_hostsMinimumPriceBinds() public {
        vm.prank(host);
        registry.setPrice(0, ETH, PRICE);
        _expectTooCheap(PRICE - 1, PRICE);
        _open(_ethParams(PRICE - 1));
        _open(_ethParams(PRICE));
    }

    function test_minimumPriceIsOfTheModelAndTheToken() public {
        vm.prank(host);
        registry.setPrice(MODEL, ETH, 2 * PRICE);
        ISessionJobs.SessionParams memory params = _ethParams(PRICE);
        _open(params);
        params.model = MODEL;
        _expectTooCheap(PRICE, 2 * PRICE);
        _open(params);
        params.pricePer1000 = 2 * PRICE;
        vm.expectEmit(address(market));
        emit ISessionJobs.SessionModelSet(2, MODEL, ISessionJobs.ProofMode.CoSigned);
        assertEq(market.getSessionDetails(_open(params)).model, MODEL);
        openUsdcSession();
    }

    function test_capOfTheHostHoldsUntilASessionIsSettled() public {
        vm.prank(host);
        registry.setMaxSessions(2);
        uint256 first = _open(_ethParams(PRICE));
        _open(_ethParams(PRICE));
        assertEq(market.cappedSessions(host), 2);
        assertEq(market.openObligations(host), 0);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionHostFull.selector, host, 2, 2));
        _open(_ethParams(PRICE));
        checkpoint(first, 500);
        assertEq(market.openObligations(host), 1);
        vm.prank(host);
        market.settleSession(first);
        assertEq(market.cappedSessions(host), 1);
        assertEq(market.openObligations(host), 0);
        _open(_ethParams(PRICE));
    }

    function test_sessionsWithoutACapAreNotCounted() public {
        uint256 before = _open(_ethParams(PRICE));
        vm.prank(host);
        registry.setMaxSessions(1);
        _open(_ethParams(PRICE));
        vm.prank(host);
        market.settleSession(before);
        assertEq(market.cappedSessions(host), 1);
    }

    // Offers.

    function test_offerUndercutsThePublicPrice() public {
        vm.prank(host);
        registry.setPrice(0, ETH, PRICE);
        ISessionJobs.SessionParams memory params = _ethParams(PRICE / 2);
        params.model = MODEL;
        uint256 jobId = _openQuoted(params, _quote("host", params, address(0), START));
        assertEq(market.getSessionDetails(jobId).pricePer1000, PRICE / 2);
        // Without one the public price binds again.
        _expectTooCheap(PRICE / 2, PRICE);
        _openQuoted(params, ISessionJobs.HostQuote(address(0), 0, ""));
    }

    function test_offerIsForItsRenterAndItsTime() public {
        ISessionJobs.SessionParams memory params = _ethParams(PRICE);
        ISessionJobs.HostQuote memory quote = _quote("host", params, stranger, START);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionQuoteForAnother.selector, stranger, renter));
        _openQuoted(params, quote);
        quote = _quote("host", params, renter, START - 1);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionQuoteExpired.selector, START - 1));
        _openQuoted(params, quote);
        _openQuoted(params, _quote("host", params, renter, START));
    }

    function test_offerIsBoundToEveryTermThatItNames() public {
        ISessionJobs.SessionParams memory params = _ethParams(PRICE);
        ISessionJobs.HostQuote memory quote = _quote("host", params, address(0), START + 1);
        bytes memory refused = abi.encodeWithSelector(ISessionJobs.SessionBadQuote.selector, host);
        params.pricePer1000 = PRICE - 1;
        vm.expectRevert(refused);
        _openQuoted(params, quote);
        params.pricePer1000 = PRICE;
        params.model = MODEL;
        vm.expectRevert(refused);
        _openQuoted(params, quote);
        params.model = 0;
        quote.expiry = START + 2;
        vm.expectRevert(refused);
        _openQuoted(params, quote);
        quote.expiry = START + 1;
        quote.renter = renter;
        vm.expectRevert(refused);
        _openQuoted(params, quote);
        quote = _quote("stranger", params, address(0), START + 1);
        vm.expectRevert(refused);
        _openQuoted(params, quote);
    }

    function test_X26_hostThatIsAContractOffersByERC1271() public {
        OfferingWallet wallet = new OfferingWallet();
        fab.transfer(address(wallet), 1_000e18);
        wallet.run(address(fab), 0, abi.encodeCall(fab.approve, (address(registry), 1_000e18)));
        wallet.run(address(registry), 0, abi.encodeCall(registry.registerNode, ("gpu:rtx4090")));
        ISessionJobs.SessionParams memory params = _ethParams(PRICE);
        params.host = address(wallet);
        ISessionJobs.HostQuote memory quote = ISessionJobs.HostQuote(address(0), START, hex"01");
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionBadQuote.selector, address(wallet)));
        _openQuoted(params, quote);
        wallet.offer(market.quoteDigest(address(wallet), address(0), ETH, PRICE, 0, START));
        _openQuoted(params, quote);
    }

    // Permits.

    function test_permitApprovesTheDeposit() public {
        (address payer, uint256 key) = _payer();
        bytes memory permit = _permit(payer, key, 10e6, START);
        vm.prank(payer);
        market.createSessionWithQuote(sessionParams(address(usdc), 10e6, 1e6), _noQuote(), permit);
        assertEq(usdc.balanceOf(payer), 0);
        assertEq(usdc.allowance(payer, address(market)), 0);
    }

    function test_permitThatSomebodySentFirstIsIgnored() public {
        (address payer, uint256 key) = _payer();
        bytes memory permit = _permit(payer, key, 10e6, START);
        (uint256 deadline, uint8 v, bytes32 r, bytes32 s) = abi.decode(permit, (uint256, uint8, bytes32, bytes32));
        vm.prank(stranger);
        usdc.permit(payer, address(market), 10e6, deadline, v, r, s);
        vm.prank(payer);
        market.createSessionWithQuote(sessionParams(address(usdc), 10e6, 1e6), _noQuote(), permit);
    }

    function test_permitThatFailsWithoutAnAllowanceOpensNothing() public {
        (address payer, uint256 key) = _payer();
        bytes memory late = _permit(payer, key, 10e6, START - 1);
        vm.prank(payer);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(market), 0, 10e6)
        );
        market.createSessionWithQuote(sessionParams(address(usdc), 10e6, 1e6), _noQuote(), late);
        vm.prank(payer);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceTokenNotAccepted.selector, address(fab)));
        market.createSessionWithQuote(sessionParams(address(fab), 10e6, 1e6), _noQuote(), late);
    }

    function test_ethNeedsNoPermit() public {
        vm.prank(renter);
        market.createSessionWithQuote{value: 1 ether}(
            _ethParams(PRICE), _noQuote(), abi.encode(uint256(0), uint8(0), bytes32(0), bytes32(0))
        );
        assertSolvent(ETH);
    }

    // Prepaid balances.

    function test_prepaidBalanceOpensSessionsAndComesBack() public {
        vm.expectEmit(address(market));
        emit IJobMarketplace.PrepaidDeposited(renter, ETH, 3 ether);
        vm.startPrank(renter);
        market.depositPrepaid{value: 3 ether}(ETH, 3 ether);
        assertEq(market.prepaidBalance(renter, ETH), 3 ether);
        uint256 jobId = market.createSessionFromDeposit(_ethParams(PRICE));
        vm.stopPrank();
        assertEq(market.prepaidBalance(renter, ETH), 2 ether);
        assertEq(market.liabilities(ETH), 3 ether);
        vm.prank(host);
        market.settleSession(jobId);
        vm.prank(renter);
        assertEq(market.withdraw(ETH), 3 ether);
        assertSolvent(ETH);
    }

    function test_refundOfOneSessionPaysForTheNext() public {
        uint256 jobId = openUsdcSession();
        vm.prank(host);
        market.settleSession(jobId);
        vm.prank(renter);
        uint256 next = market.createSessionFromDeposit(sessionParams(address(usdc), 10e6, 1e6));
        assertEq(market.withdrawable(renter, address(usdc)), 0);
        checkpoint(next, 10_000);
        vm.prank(host);
        market.settleSession(next);
        assertEq(market.withdrawable(host, address(usdc)), 8.5e6);
        assertSolvent(address(usdc));
    }

    function test_nobodySpendsMoreThanItIsOwedNorOfAnother() public {
        vm.prank(renter);
        market.depositPrepaid{value: 1 ether}(ETH, 1 ether);
        ISessionJobs.SessionParams memory params = _ethParams(PRICE);
        vm.prank(stranger);
        vm.expectRevert(_tooLow(stranger, ETH, 1 ether, 0));
        market.createSessionFromDeposit(params);
        params.deposit = 1 ether + 1;
        vm.prank(renter);
        vm.expectRevert(_tooLow(renter, ETH, 1 ether + 1, 1 ether));
        market.createSessionFromDeposit(params);
        // ETH is not spent where a token is named.
        vm.prank(renter);
        vm.expectRevert(_tooLow(renter, address(usdc), 10e6, 0));
        market.createSessionFromDeposit(sessionParams(address(usdc), 10e6, 1e6));
    }

    function test_prepaidDepositsPassTheSameChecks() public {
        vm.startPrank(renter);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceTokenNotAccepted.selector, address(fab)));
        market.depositPrepaid(address(fab), 1e18);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceWrongValue.selector, 2, 1 ether));
        market.depositPrepaid{value: 2}(ETH, 1 ether);
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceWrongValue.selector, 1, 0));
        market.depositPrepaid{value: 1}(address(usdc), 1e6);
        vm.expectPartialRevert(IJobMarketplace.MarketplaceDepositOutOfRange.selector);
        market.depositPrepaid{value: 1}(ETH, 1);
        vm.stopPrank();
    }

    // Fees and closing window.

    function test_X25_feesAreCappedAndFixedAtCreation() public {
        uint256 before = _open(_ethParams(PRICE));
        vm.startPrank(owner);
        bytes4 tooHigh = IJobMarketplace.MarketplaceFeesTooHigh.selector;
        vm.expectRevert(abi.encodeWithSelector(tooHigh, 3_001, 3_000));
        market.setFees(3_000, 1);
        vm.expectRevert(abi.encodeWithSelector(tooHigh, type(uint256).max, 3_000));
        market.setFees(2, type(uint256).max);
        vm.expectEmit(address(market));
        emit IJobMarketplace.FeesSet(2_000, 1_000);
        market.setFees(2_000, 1_000);
        vm.stopPrank();
        (uint256 protocolBps, uint256 stakersBps) = market.fees();
        assertEq(protocolBps, 2_000);
        assertEq(stakersBps, 1_000);

        uint256 afterwards = _open(_ethParams(PRICE));
        checkpoint(before, 10_000);
        checkpoint(afterwards, 10_000);
        assertEq(market.calculateCurrentEarnings(before), 0.85 ether);
        assertEq(market.calculateCurrentEarnings(afterwards), 0.7 ether);
        assertEq(market.getSessionDetails(afterwards).protocolBps, 2_000);
        assertEq(market.getSessionDetails(afterwards).stakersBps, 1_000);
    }

    function testFuzz_anyFeesDivideTheGrossExactly(uint256 protocolBps, uint256 stakersBps, uint256 tokens) public {
        protocolBps = bound(protocolBps, 0, 3_000);
        stakersBps = bound(stakersBps, 0, 3_000 - protocolBps);
        tokens = bound(tokens, 500, 10_000);
        vm.prank(owner);
        market.setFees(protocolBps, stakersBps);
        uint256 jobId = openUsdcSession();
        checkpoint(jobId, tokens);
        (uint256 toHost, uint256 toRenter, uint256 protocol, uint256 stakers) = market.quoteSettlement(jobId);
        assertEq(protocol, tokens * 1000 * protocolBps / 10_000);
        assertEq(stakers, tokens * 1000 * stakersBps / 10_000);
        assertEq(toHost + protocol + stakers, tokens * 1000);
        assertEq(toHost + toRenter + protocol + stakers, 10e6);
        vm.prank(host);
        market.settleSession(jobId);
        assertSolvent(address(usdc));
    }

    function test_closingWindowIsGovernedAndFixedAtCreation() public {
        uint256 before = _open(_ethParams(PRICE));
        bytes4 outOfRange = IJobMarketplace.MarketplaceWindowOutOfRange.selector;
        vm.startPrank(owner);
        vm.expectRevert(abi.encodeWithSelector(outOfRange, 10 minutes - 1, 10 minutes, 24 hours));
        market.setClosingWindow(10 minutes - 1);
        vm.expectRevert(abi.encodeWithSelector(outOfRange, 24 hours + 1, 10 minutes, 24 hours));
        market.setClosingWindow(24 hours + 1);
        market.setClosingWindow(24 hours);
        vm.expectEmit(address(market));
        emit IJobMarketplace.ClosingWindowSet(10 minutes);
        market.setClosingWindow(10 minutes);
        vm.stopPrank();
        assertEq(market.closingWindow(), 10 minutes);

        uint256 afterwards = _open(_ethParams(PRICE));
        assertEq(market.getSessionDetails(before).closingWindow, 1 hours);
        assertEq(market.getSessionDetails(afterwards).closingWindow, 10 minutes);
        vm.startPrank(renter);
        market.completeSessionJob(before);
        market.completeSessionJob(afterwards);
        vm.stopPrank();
        assertEq(market.getSessionDetails(before).closesAt, START + 1 hours);
        assertEq(market.getSessionDetails(afterwards).closesAt, START + 10 minutes);
    }

    function _open(ISessionJobs.SessionParams memory params) private returns (uint256) {
        vm.prank(renter);
        return market.createSession{value: params.deposit}(params);
    }

    function _openQuoted(ISessionJobs.SessionParams memory params, ISessionJobs.HostQuote memory quote)
        private
        returns (uint256)
    {
        vm.prank(renter);
        return market.createSessionWithQuote{value: params.deposit}(params, quote, "");
    }

    function _ethParams(uint256 pricePer1000) private view returns (ISessionJobs.SessionParams memory) {
        return sessionParams(ETH, 1 ether, pricePer1000);
    }

    function _quote(
        string memory signer,
        ISessionJobs.SessionParams memory params,
        address forRenter,
        uint256 expiry
    ) private returns (ISessionJobs.HostQuote memory) {
        (, uint256 key) = makeAddrAndKey(signer);
        bytes32 digest =
            market.quoteDigest(params.host, forRenter, params.token, params.pricePer1000, params.model, expiry);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return ISessionJobs.HostQuote(forRenter, expiry, abi.encodePacked(r, s, v));
    }

    function _noQuote() private pure returns (ISessionJobs.HostQuote memory) {
        return ISessionJobs.HostQuote(address(0), 0, "");
    }

    function _payer() private returns (address payer, uint256 key) {
        (payer, key) = makeAddrAndKey("payer");
        usdc.mint(payer, 10e6);
    }

    function _permit(address from, uint256 key, uint256 amount, uint256 deadline) private view returns (bytes memory) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                from,
                address(market),
                amount,
                usdc.nonces(from),
                deadline
            )
        );
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(key, keccak256(abi.encodePacked(hex"1901", usdc.DOMAIN_SEPARATOR(), structHash)));
        return abi.encode(deadline, v, r, s);
    }

    function _expectTooCheap(uint256 price, uint256 minimum) private {
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionPriceBelowMinimum.selector, host, price, minimum)
        );
    }

    function _tooLow(address account, address token, uint256 asked, uint256 available)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(
            IJobMarketplace.MarketplaceBalanceTooLow.selector, account, token, asked, available
        );
    }
}
