// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {MarketplaceFixture} from "../mocks/MarketplaceFixture.sol";

/// @notice Co-signers that change, P-256 keys, and the host's last word.
contract SessionKeyChangesTest is MarketplaceFixture {
    uint256 private constant P256_KEY = 0xfab571b;
    uint256 private constant P256_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551;

    address private nextSigner;
    uint256 private nextKey;

    function setUp() public override {
        super.setUp();
        (nextSigner, nextKey) = makeAddrAndKey("next signer");
    }

    // Changing the co-signer.

    function test_newCoSignerSignsAfterTheClosingWindow() public {
        uint256 jobId = openSession();
        vm.expectEmit(address(market));
        emit ISessionJobs.SessionCoSignerChanging(jobId, nextSigner, START + 1 hours);
        _change(jobId, nextSigner);
        assertEq(market.getSessionDetails(jobId).coSigner, renter);

        vm.warp(START + 1 hours - 1);
        _expectBadSigner(jobId, 500, nextKey, nextSigner, renter);
        // What the old key signed can be recorded to the last token before it ends.
        checkpoint(jobId, 1);
        checkpoint(jobId, 2);
        vm.warp(START + 1 hours);
        assertEq(market.getSessionDetails(jobId).coSigner, nextSigner);
        _expectBadSigner(jobId, 600, renterKey, renter, nextSigner);
        bytes memory signature = voucherBy(nextKey, jobId, 501);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionCheckpointTooSmall.selector, jobId, 501, 502));
        market.submitCheckpoint(jobId, 501, TRANSCRIPT, signature);
        market.submitCheckpoint(jobId, 502, TRANSCRIPT, voucherBy(nextKey, jobId, 502));
    }

    /// The host has the whole window to settle with what the old key signed.
    function test_X20_hostSettlesWithTheOldVoucherInTheWindow() public {
        uint256 jobId = openSession();
        bytes memory last = voucher(jobId, 5_000);
        _change(jobId, nextSigner);
        vm.warp(START + 1 hours - 1);
        vm.prank(host);
        market.settleSessionWithVoucher(jobId, 5_000, TRANSCRIPT, last);
        assertEq(market.withdrawable(host, ETH), 0.425 ether);
    }

    function test_changingAgainKeepsTheOneThatSigns() public {
        uint256 jobId = openSession();
        _change(jobId, nextSigner);
        vm.warp(START + 30 minutes);
        (address third, uint256 thirdKey) = makeAddrAndKey("third signer");
        _change(jobId, third);
        vm.warp(START + 1 hours);
        assertEq(market.getSessionDetails(jobId).coSigner, renter);
        vm.warp(START + 90 minutes);
        assertEq(market.getSessionDetails(jobId).coSigner, third);
        _change(jobId, nextSigner);
        market.submitCheckpoint(jobId, 500, TRANSCRIPT, voucherBy(thirdKey, jobId, 500));
        vm.warp(START + 150 minutes);
        market.submitCheckpoint(jobId, 1_000, TRANSCRIPT, voucherBy(nextKey, jobId, 1_000));
    }

    function test_onlyTheRenterOfAnActiveSessionChangesTheCoSigner() public {
        uint256 jobId = openSession();
        vm.prank(host);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionNotRenter.selector, jobId, host));
        market.setCoSigner(jobId, nextSigner);
        vm.startPrank(renter);
        vm.expectRevert(IJobMarketplace.MarketplaceZeroAddress.selector);
        market.setCoSigner(jobId, address(0));
        vm.expectRevert(abi.encodeWithSelector(IJobMarketplace.MarketplaceSelfDealing.selector, host));
        market.setCoSigner(jobId, host);
        market.completeSessionJob(jobId);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISessionJobs.SessionWrongStatus.selector, jobId, ISessionJobs.SessionStatus.Closing
            )
        );
        market.setCoSigner(jobId, nextSigner);
        vm.stopPrank();
    }

    // P-256 co-signers.

    function test_P256KeyCoSigns() public {
        uint256 jobId = _openP256();
        market.submitCheckpoint(jobId, 500, TRANSCRIPT, _p256Voucher(P256_KEY, jobId, 500, false));
        assertEq(market.getSessionDetails(jobId).provenTokens, 500);
        bytes memory last = _p256Voucher(P256_KEY, jobId, 777, false);
        vm.prank(host);
        market.settleSessionWithVoucher(jobId, 777, TRANSCRIPT, last);
        assertEq(market.withdrawable(host, address(usdc)), 777 * 850);
    }

    function test_P256SignatureOfAnotherKeyCountOrHighSIsRefused() public {
        uint256 jobId = _openP256();
        address id = _keyId(P256_KEY);
        _expectRefused(jobId, 500, _p256Voucher(P256_KEY + 1, jobId, 500, false), _keyId(P256_KEY + 1), id);
        _expectRefused(jobId, 500, _p256Voucher(P256_KEY, jobId, 501, false), address(0), id);
        _expectRefused(jobId, 500, _p256Voucher(P256_KEY, jobId, 500, true), address(0), id);
        _expectRefused(jobId, 500, new bytes(128), address(0), id);
        _expectRefused(jobId, 500, voucher(jobId, 500), renter, id);
        // A key that is claimed, not used: the signature is of another one.
        bytes memory mixed = _p256Voucher(P256_KEY + 1, jobId, 500, false);
        (uint256 x, uint256 y) = vm.publicKeyP256(P256_KEY);
        assembly ("memory-safe") {
            mstore(add(mixed, 0x60), x)
            mstore(add(mixed, 0x80), y)
        }
        _expectRefused(jobId, 500, mixed, address(0), id);
    }

    // Final.

    function test_hostsFinalSettlesAtOnce() public {
        uint256 jobId = openSession();
        checkpoint(jobId, 500);
        bytes memory signature = _final("host", jobId, 5_000);
        vm.prank(renter);
        market.completeSessionWithFinal(jobId, 5_000, signature);
        assertEq(market.withdrawable(host, ETH), 0.425 ether);
        assertEq(market.withdrawable(renter, ETH), 0.5 ether);
        assertEq(market.openObligations(host), 0);
    }

    function test_finalSettlesAClosingSessionBeforeItsWindowEnds() public {
        uint256 jobId = openSession();
        bytes memory signature = _final("host", jobId, 0);
        vm.startPrank(renter);
        market.completeSessionJob(jobId);
        market.completeSessionWithFinal(jobId, 0, signature);
        vm.stopPrank();
        assertEq(market.withdrawable(renter, ETH), 1 ether);
    }

    function test_finalNeverLowersWhatIsProven() public {
        uint256 jobId = openSession();
        bytes memory signature = _final("host", jobId, 500);
        checkpoint(jobId, 5_000);
        vm.prank(renter);
        market.completeSessionWithFinal(jobId, 500, signature);
        assertEq(market.withdrawable(host, ETH), 0.425 ether);
    }

    function test_X20_finalMustBeTheHostsOverThisCount() public {
        uint256 jobId = openSession();
        uint256 other = openSession();
        bytes memory own = _final("renter", jobId, 0);
        bytes memory ofOther = _final("host", other, 0);
        bytes memory tooHigh = _final("host", jobId, 10_001);
        bytes memory valid = _final("host", jobId, 0);
        vm.startPrank(renter);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionBadFinal.selector, jobId, renter, host));
        market.completeSessionWithFinal(jobId, 0, own);
        vm.expectPartialRevert(ISessionJobs.SessionBadFinal.selector);
        market.completeSessionWithFinal(jobId, 0, ofOther);
        vm.expectPartialRevert(ISessionJobs.SessionBadFinal.selector);
        market.completeSessionWithFinal(jobId, 1, valid);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionBadFinal.selector, jobId, address(0), host));
        market.completeSessionWithFinal(jobId, 0, "");
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionCapacityExceeded.selector, jobId, 10_001, 10_000)
        );
        market.completeSessionWithFinal(jobId, 10_001, tooHigh);
        vm.stopPrank();
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ISessionJobs.SessionNotRenter.selector, jobId, stranger));
        market.completeSessionWithFinal(jobId, 0, valid);
    }

    function _change(uint256 jobId, address coSigner) private {
        vm.prank(renter);
        market.setCoSigner(jobId, coSigner);
    }

    function _expectBadSigner(uint256 jobId, uint256 tokens, uint256 key, address signer, address coSigner) private {
        _expectRefused(jobId, tokens, voucherBy(key, jobId, tokens), signer, coSigner);
    }

    function _expectRefused(uint256 jobId, uint256 tokens, bytes memory signature, address signer, address coSigner)
        private
    {
        vm.expectRevert(
            abi.encodeWithSelector(ISessionJobs.SessionBadCoSignature.selector, jobId, signer, coSigner)
        );
        market.submitCheckpoint(jobId, tokens, TRANSCRIPT, signature);
    }

    function _openP256() private returns (uint256) {
        ISessionJobs.SessionParams memory params = sessionParams(address(usdc), 10e6, 1e6);
        params.coSigner = _keyId(P256_KEY);
        vm.prank(renter);
        return market.createSession(params);
    }

    function _keyId(uint256 key) private view returns (address) {
        (uint256 x, uint256 y) = vm.publicKeyP256(key);
        return address(uint160(uint256(keccak256(abi.encode(x, y)))));
    }

    function _p256Voucher(uint256 key, uint256 jobId, uint256 tokens, bool highS)
        private
        view
        returns (bytes memory)
    {
        (bytes32 r, bytes32 s) = vm.signP256(key, market.checkpointDigest(jobId, tokens, TRANSCRIPT));
        (uint256 x, uint256 y) = vm.publicKeyP256(key);
        if ((uint256(s) > P256_N / 2) != highS) s = bytes32(P256_N - uint256(s));
        return abi.encode(r, s, x, y);
    }

    function _final(string memory signer, uint256 jobId, uint256 tokens) private returns (bytes memory) {
        (, uint256 key) = makeAddrAndKey(signer);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, market.finalDigest(jobId, tokens));
        return abi.encodePacked(r, s, v);
    }
}
