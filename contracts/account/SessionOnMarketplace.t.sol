// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EntryPoint} from "@account-abstraction/contracts/core/EntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {CallPermission, Operation, SessionPolicy, TokenLimit} from "../interfaces/IBaseAccountIntegration.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {MarketplaceFixture} from "../mocks/MarketplaceFixture.sol";
import {FabstirAccount} from "./FabstirAccount.sol";
import {FabstirAccountFactory} from "./FabstirAccountFactory.sol";

/// @notice Session keys of an account against the real marketplace, registry and tokens: what the account decodes in
/// validation is what the marketplace takes in execution.
contract SessionOnMarketplaceTest is MarketplaceFixture {
    bytes32 private constant BATCH = bytes32(uint256(1) << 248);
    uint128 private constant PER_CALL = 10e6;
    uint128 private constant TOTAL = 25e6;

    EntryPoint private _entryPoint;
    FabstirAccount private _account;
    address private _accountOwner;
    address private _app;
    uint256 private _appKey;

    function setUp() public override {
        super.setUp();
        (_app, _appKey) = makeAddrAndKey("app");
        _accountOwner = makeAddr("account owner");
        _entryPoint = EntryPoint(payable(deployCode("TestEntryPoint")));
        address implementation = deployCode("FabstirAccount", abi.encode(_entryPoint, market, registry));
        FabstirAccountFactory factory =
            FabstirAccountFactory(deployCode("FabstirAccountFactory", abi.encode(implementation)));
        _account = FabstirAccount(payable(factory.createAccount(abi.encodePacked(_accountOwner), 0)));
        usdc.mint(address(_account), 1_000e6);
        vm.deal(address(_account), 10 ether);
        vm.prank(address(_account));
        market.setDefaultCoSigner(_app);
        vm.prank(_accountOwner);
        _account.addSessionKeyWithPolicy(_policy());
    }

    function test_approveAndCreateTakesWhatWasBooked() public {
        _handle(_two(_approve(PER_CALL), _create(address(usdc), PER_CALL)));
        assertEq(usdc.balanceOf(address(_account)), 990e6);
        assertEq(usdc.allowance(address(_account), address(market)), 0);
        assertEq(market.getSessionDetails(1).renter, address(_account));
        assertEq(market.getSessionDetails(1).coSigner, _app);
        _assertLeft(address(usdc), TOTAL - PER_CALL);
    }

    function test_theFullFormAndETHAreBookedAsTheyAreTaken() public {
        Operation memory full = _full(address(usdc), 7e6);
        _handle(_two(_approve(7e6), full));
        _assertLeft(address(usdc), TOTAL - 7e6);
        Operation memory ether_ = _full(address(0), 0.5 ether);
        ether_.value = 0.5 ether;
        uint256 held = address(market).balance;
        _handle(_one(ether_));
        assertEq(address(market).balance - held, 0.5 ether);
        _assertLeft(address(0), 0.5 ether);
    }

    function test_aPostedJobIsBookedAsItIsTaken() public {
        bytes memory data =
            abi.encodeCall(ISingleJobs.postJobWithToken, (jobDetails(), jobRequirements(), address(usdc), 4e6));
        _handle(_two(_approve(4e6), Operation(address(market), 0, data)));
        assertEq(usdc.balanceOf(address(_account)), 996e6);
        _assertLeft(address(usdc), TOTAL - 4e6);
    }

    /// @dev What a whole session gives back comes to the account, though the key ends it.
    function test_theKeyCoSignsEndsAndWithdrawsForTheAccount() public {
        _handle(_two(_approve(PER_CALL), _full(address(usdc), PER_CALL)));
        bytes memory signature = voucherBy(_appKey, 1, 1_000);
        vm.prank(host);
        market.settleSessionWithVoucher(1, 1_000, TRANSCRIPT, signature);
        uint256 refund = market.withdrawable(address(_account), address(usdc));
        assertGt(refund, 0);
        bytes memory data = abi.encodeWithSignature("withdraw(address)", address(usdc));
        _handle(_one(Operation(address(market), 0, data)));
        assertEq(usdc.balanceOf(address(_account)), 990e6 + refund);
        assertEq(usdc.balanceOf(_app), 0);
    }

    /// @dev Bits above an address: validation reads another token than the marketplace would, which refuses to.
    function test_dirtyAddressWordsMoveNothing() public {
        vm.prank(address(_account));
        usdc.approve(address(market), type(uint256).max);
        Operation memory call = _create(address(usdc), PER_CALL);
        bytes memory data = call.data;
        assembly ("memory-safe") {
            let position := add(data, 0x44)
            mstore(position, or(mload(position), shl(200, 1)))
        }
        _handle(_one(call));
        assertEq(usdc.balanceOf(address(_account)), 1_000e6);
    }

    /// @dev Through an allowance that is older than the grant, with any amounts: never more than per call and in total.
    function testFuzz_I7_theMarketplaceNeverGetsMoreThanTheGrant(uint256[6] memory amounts, bool oldAllowance) public {
        if (oldAllowance) {
            vm.prank(address(_account));
            usdc.approve(address(market), type(uint256).max);
        }
        for (uint256 i; i < amounts.length; ++i) {
            uint256 amount = bound(amounts[i], 0.5e6, 12e6);
            Operation memory create = amounts[i] % 2 == 0 ? _create(address(usdc), amount) : _full(address(usdc), amount);
            Operation[] memory calls = oldAllowance ? _one(create) : _two(_approve(amount), create);
            uint256 balance = usdc.balanceOf(address(_account));
            (uint256 left,) = _account.getSessionLimit(_app, address(usdc));
            bool allowed = amount <= PER_CALL && amount <= left;
            try this.handleFromOutside(calls) {
                assertTrue(allowed, "beyond the grant");
                assertEq(balance - usdc.balanceOf(address(_account)), amount);
            } catch {
                assertFalse(allowed, "within the grant");
                assertEq(usdc.balanceOf(address(_account)), balance);
            }
        }
        assertLe(1_000e6 - usdc.balanceOf(address(_account)), TOTAL);
    }

    /// @dev Both paths of the seeds' claim: the marketplace sees the wallet.
    function test_row137_theKeyClaimsForTheWalletOnBothPaths() public {
        register(address(_account));
        uint256[2] memory jobs = [postJob(1 ether), postJob(1 ether)];
        vm.prank(_accountOwner);
        _account.addSessionKey(_app, uint48(START + 1 days));
        vm.prank(_app);
        _account.claimJobViaSessionKey(address(_account), jobs[0]);
        assertEq(market.getJob(jobs[0]).host, address(_account));
        vm.prank(_accountOwner);
        _account.addSessionKeyWithPolicy(_policy());
        _handle(_one(Operation(address(market), 0, abi.encodeCall(ISingleJobs.claimJob, (jobs[1])))));
        assertEq(market.getJob(jobs[1]).host, address(_account));
    }

    function handleFromOutside(Operation[] calldata calls) external {
        _handle(calls);
    }

    /// @dev Sessions and jobs in USDC and ETH, paid by the account itself within bounds.
    function _policy() private view returns (SessionPolicy memory policy) {
        bytes4[7] memory selectors = [
            ISessionJobs.createSessionJobWithToken.selector,
            ISessionJobs.createSession.selector,
            ISingleJobs.postJobWithToken.selector,
            ISingleJobs.claimJob.selector,
            bytes4(keccak256("withdraw(address)")),
            ISessionJobs.completeSessionJob.selector,
            ISessionJobs.createSessionJob.selector
        ];
        policy.key = _app;
        policy.validUntil = uint48(START + 1 days);
        policy.uses = 100;
        policy.maxGasCost = 1 ether;
        policy.calls = new CallPermission[](selectors.length + 1);
        policy.calls[0] = CallPermission(address(usdc), IERC20.approve.selector);
        for (uint256 i; i < selectors.length; ++i) {
            policy.calls[i + 1] = CallPermission(address(market), selectors[i]);
        }
        policy.limits = new TokenLimit[](2);
        policy.limits[0] = TokenLimit(address(usdc), PER_CALL, TOTAL);
        policy.limits[1] = TokenLimit(address(0), 0.5 ether, 1 ether);
    }

    function _approve(uint256 amount) private view returns (Operation memory) {
        return Operation(address(usdc), 0, abi.encodeCall(IERC20.approve, (address(market), amount)));
    }

    function _create(address token, uint256 amount) private view returns (Operation memory) {
        bytes memory data =
            abi.encodeCall(ISessionJobs.createSessionJobWithToken, (host, token, amount, 1, DURATION, INTERVAL));
        return Operation(address(market), 0, data);
    }

    /// @dev The words of SessionParams: what a shorter form does not know stands behind and is not read.
    function _full(address token, uint256 amount) private view returns (Operation memory) {
        uint256 pricePer1000 = token == address(0) ? 0.1 ether : 1_000;
        bytes memory terms = abi.encode(host, token, amount, pricePer1000, DURATION, INTERVAL, _app);
        bytes memory data = abi.encodePacked(ISessionJobs.createSession.selector, terms, bytes32(0), uint256(0));
        return Operation(address(market), 0, data);
    }

    function _handle(Operation[] memory calls) private {
        PackedUserOperation memory op;
        op.sender = address(_account);
        op.nonce = _entryPoint.getNonce(address(_account), (uint192(1) << 184) | uint160(_app));
        op.callData = abi.encodeWithSignature("execute(bytes32,bytes)", BATCH, abi.encode(calls));
        op.accountGasLimits = bytes32((uint256(1_000_000) << 128) | 2_000_000);
        op.preVerificationGas = 50_000;
        op.gasFees = bytes32((uint256(1) << 128) | 1);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_appKey, _entryPoint.getUserOpHash(op));
        op.signature = abi.encodePacked(uint8(0), r, s, v);
        PackedUserOperation[] memory ops = new PackedUserOperation[](1);
        ops[0] = op;
        _entryPoint.handleOps(ops, payable(stranger));
    }

    function _one(Operation memory call) private pure returns (Operation[] memory calls) {
        calls = new Operation[](1);
        calls[0] = call;
    }

    function _two(Operation memory first, Operation memory second) private pure returns (Operation[] memory calls) {
        calls = new Operation[](2);
        (calls[0], calls[1]) = (first, second);
    }

    function _assertLeft(address token, uint256 expected) private view {
        (uint256 left,) = _account.getSessionLimit(_app, token);
        assertEq(left, expected);
    }
}
