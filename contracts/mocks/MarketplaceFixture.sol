// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ProxyDeployer} from "../deployment/ProxyDeployer.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {IMarketplaceSettings} from "../interfaces/IMarketplaceSettings.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {JobMarketplace} from "../marketplace/JobMarketplace.sol";
import {JobMarketplaceExtension} from "../marketplace/JobMarketplaceExtension.sol";
import {JobMarketplaceGovernance} from "../marketplace/JobMarketplaceGovernance.sol";
import {JobMarketplaceOffice} from "../marketplace/JobMarketplaceOffice.sol";
import {NodeRegistry} from "../registry/NodeRegistry.sol";
import {FabToken} from "../tokens/FabToken.sol";
import {TestUsdc} from "../tokens/TestUsdc.sol";
import {Test} from "./Test.sol";

/// @notice Marketplace, registry and tokens deployed as on a real chain, with one registered host and a funded renter.
/// @dev Times are taken from the contracts and never from `block.timestamp` after a warp: the IR pipeline may read the
/// clock once per function.
abstract contract MarketplaceFixture is Test {
    address internal constant ETH = address(0);
    uint256 internal constant MIN_ETH = 0.0001 ether;
    uint256 internal constant MAX_ETH = 1_000 ether;
    uint256 internal constant START = 1_800_000_000;

    /// @dev 0.0001 ETH per token, the price of the worked example.
    uint256 internal constant PRICE_PER_TOKEN = 0.0001 ether;
    uint256 internal constant INTERVAL = 500;
    uint256 internal constant DURATION = 1 days;
    bytes32 internal constant TRANSCRIPT = keccak256("transcript");

    address internal owner = makeAddr("timelock");
    address internal treasury = makeAddr("treasury");
    address internal stakersPool = makeAddr("stakers");
    address internal host = makeAddr("host");
    address internal stranger = makeAddr("stranger");
    address internal renter;
    uint256 internal renterKey;

    ProxyDeployer internal deployer;
    FabToken internal fab;
    TestUsdc internal usdc;
    NodeRegistry internal registry;
    IJobMarketplace internal market;

    function setUp() public virtual {
        vm.warp(START);
        (renter, renterKey) = makeAddrAndKey("renter");
        fab = FabToken(deployCode("FabToken", abi.encode(address(this), 100_000_000e18)));
        usdc = TestUsdc(deployCode("TestUsdc"));
        deployer = ProxyDeployer(deployCode("ProxyDeployer"));
        address marketAddress = deployer.predict(address(this), "marketplace");
        registry = NodeRegistry(
            deployer.deploy(
                "registry",
                deployCode("NodeRegistry"),
                abi.encodeCall(NodeRegistry.initialize, (owner, address(fab), marketAddress, address(0), address(0)))
            )
        );
        market = IJobMarketplace(deployer.deploy("marketplace", newMarketplace(), _initializeMarketplace()));
        register(host);
        vm.deal(renter, 1_000 ether);
        usdc.mint(renter, 1_000_000e6);
        vm.prank(renter);
        usdc.approve(address(market), type(uint256).max);
    }

    /// @notice All four parts of the marketplace's code.
    function newMarketplace() internal returns (address implementation) {
        address office = deployCode("JobMarketplaceOffice", abi.encode(deployCode("JobMarketplaceGovernance")));
        return deployCode("JobMarketplace", abi.encode(deployCode("JobMarketplaceExtension", abi.encode(office))));
    }

    function _initializeMarketplace() private view returns (bytes memory) {
        IMarketplaceSettings.TokenSetup[] memory tokens = new IMarketplaceSettings.TokenSetup[](2);
        tokens[0] = IMarketplaceSettings.TokenSetup(ETH, MIN_ETH, MAX_ETH);
        tokens[1] = IMarketplaceSettings.TokenSetup(address(usdc), 0.5e6, 1_000_000e6);
        return abi.encodeCall(
            IMarketplaceSettings.initialize,
            (
                owner,
                neighbours(address(registry), treasury, stakersPool),
                tokens,
                new IMarketplaceSettings.PaymasterSetup[](0)
            )
        );
    }

    /// @notice A marketplace without ProofSystem, reputation, arbiter and guardian.
    function neighbours(address registry_, address treasury_, address stakers_)
        internal
        pure
        returns (IMarketplaceSettings.Neighbours memory)
    {
        return IMarketplaceSettings.Neighbours(
            registry_, treasury_, stakers_, address(0), address(0), address(0), address(0)
        );
    }

    function register(address node) internal {
        fab.transfer(node, 1_000e18);
        vm.startPrank(node);
        fab.approve(address(registry), 1_000e18);
        registry.registerNode("gpu:rtx4090,models:llama-70b,region:us-west");
        vm.stopPrank();
    }

    function acceptToken(address token) internal {
        vm.startPrank(owner);
        market.setAcceptedToken(token, true);
        market.setTokenLimits(token, 1, 1_000_000e18);
        vm.stopPrank();
    }

    /// @notice The session of the worked example: 1 ETH for 10,000 tokens, interval 500, one day.
    function openSession() internal returns (uint256 jobId) {
        vm.prank(renter);
        return market.createSessionJob{value: 1 ether}(host, 1 ether, PRICE_PER_TOKEN, DURATION, INTERVAL);
    }

    /// @notice A dollar a thousand tokens, ten dollars deposited.
    function openUsdcSession() internal returns (uint256 jobId) {
        vm.prank(renter);
        return market.createSession(sessionParams(address(usdc), 10e6, 1e6));
    }

    /// @notice A co-signed session with the host, by the keys that sign for the caller.
    function sessionParams(address token, uint256 deposit, uint256 pricePer1000)
        internal
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
            coSigner: address(0),
            model: 0,
            proofMode: ISessionJobs.ProofMode.CoSigned
        });
    }

    function voucher(uint256 jobId, uint256 cumulativeTokens) internal view returns (bytes memory) {
        return voucherBy(renterKey, jobId, cumulativeTokens);
    }

    function voucherBy(uint256 key, uint256 jobId, uint256 cumulativeTokens) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, market.checkpointDigest(jobId, cumulativeTokens, TRANSCRIPT));
        return abi.encodePacked(r, s, v);
    }

    function checkpoint(uint256 jobId, uint256 cumulativeTokens) internal {
        market.submitCheckpoint(jobId, cumulativeTokens, TRANSCRIPT, voucher(jobId, cumulativeTokens));
    }

    /// @notice Unix seconds at which the longest duration of a session is over.
    function endOf(uint256 jobId) internal view returns (uint256) {
        ISessionJobs.SessionDetails memory details = market.getSessionDetails(jobId);
        return details.startedAt + details.maxDuration;
    }

    function jobDetails() internal pure returns (ISingleJobs.JobDetails memory) {
        return ISingleJobs.JobDetails({
            modelId: "llama-70b",
            prompt: "bafkreib4pjm2ctgvfhcpbhfbrbqxgdaxa2hmrq2bm3yarmgrdxjpyldm4m",
            maxTokens: 4000,
            temperature: 700,
            seed: 42,
            resultFormat: "json"
        });
    }

    function jobRequirements() internal pure returns (ISingleJobs.JobRequirements memory) {
        return ISingleJobs.JobRequirements({
            minGPUMemory: 16,
            minReputationScore: 0,
            maxTimeToComplete: 3600,
            requiresProof: false
        });
    }

    function postJob(uint256 payment) internal returns (uint256 jobId) {
        vm.prank(renter);
        return market.postJob{value: payment}(jobDetails(), jobRequirements(), payment);
    }

    function submittedJob(uint256 payment) internal returns (uint256 jobId) {
        jobId = postJob(payment);
        vm.startPrank(host);
        market.claimJob(jobId);
        market.submitResult(jobId, "bafkreiresult");
        vm.stopPrank();
    }

    function balanceOf(address account, address token) internal view returns (uint256) {
        return token == ETH ? account.balance : FabToken(token).balanceOf(account);
    }

    /// @notice What the marketplace holds of `token` is what it owes: exact without unsolicited transfers.
    function assertSolvent(address token) internal view {
        assertEq(balanceOf(address(market), token), market.liabilities(token), "balance is not what is owed");
    }
}
