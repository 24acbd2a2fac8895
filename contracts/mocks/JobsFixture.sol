// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMarketplaceSettings} from "../interfaces/IMarketplaceSettings.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {TestUsdc} from "../tokens/TestUsdc.sol";
import {JobsMarket} from "./deployed/JobsMarket.sol";
import {ProofRecorder, RegistryRecorder, ReputationRecorder} from "./Neighbours.sol";
import {Test} from "./Test.sol";

/// @notice Single jobs, disputes and breaker with recorders where their neighbours stand.
abstract contract JobsFixture is Test {
    address internal constant ETH = address(0);
    uint256 internal constant MIN_ETH = 0.0001 ether;
    uint256 internal constant MAX_ETH = 1_000 ether;
    string internal constant INPUT_HASH = "0x00000000000000000000000000000000000000000000000000000000000000aa";
    uint256 internal constant START = 1_800_000_000;
    uint256 internal constant DEADLINE = START + 3600;

    address internal owner = makeAddr("timelock");
    address internal treasury = makeAddr("treasury");
    address internal stakersPool = makeAddr("stakers");
    address internal guardian = makeAddr("guardian");
    address internal arbiter = makeAddr("arbiter");
    address internal host = makeAddr("host");
    address internal renter = makeAddr("renter");
    address internal stranger = makeAddr("stranger");

    TestUsdc internal usdc;
    RegistryRecorder internal registry;
    ReputationRecorder internal reputation;
    ProofRecorder internal proofs;
    JobsMarket internal market;

    function setUp() public virtual {
        vm.warp(START);
        usdc = TestUsdc(deployCode("TestUsdc"));
        registry = new RegistryRecorder();
        reputation = new ReputationRecorder();
        proofs = new ProofRecorder();
        market = JobsMarket(deployCode("JobsMarket"));
        IMarketplaceSettings.TokenSetup[] memory tokens = new IMarketplaceSettings.TokenSetup[](2);
        tokens[0] = IMarketplaceSettings.TokenSetup(ETH, MIN_ETH, MAX_ETH);
        tokens[1] = IMarketplaceSettings.TokenSetup(address(usdc), 0.5e6, 1_000_000e6);
        market.initialize(
            owner, neighbours(treasury), tokens, new IMarketplaceSettings.PaymasterSetup[](0)
        );
        addNode(host, host);
        vm.deal(renter, 10_000 ether);
        usdc.mint(renter, 1_000_000e6);
        vm.prank(renter);
        usdc.approve(address(market), type(uint256).max);
    }

    /// @notice Without a ProofSystem: {connectProofs} names it.
    function neighbours(address treasury_) internal view returns (IMarketplaceSettings.Neighbours memory) {
        return IMarketplaceSettings.Neighbours(
            address(registry), treasury_, stakersPool, address(0), address(reputation), arbiter, guardian
        );
    }

    function addNode(address node, address controller) internal {
        registry.set(node, true, controller);
        reputation.set(node, 100);
    }

    function connectProofs() internal {
        vm.prank(owner);
        market.setProofSystem(address(proofs));
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
            minReputationScore: 100,
            maxTimeToComplete: 3600,
            requiresProof: false
        });
    }

    function postJob(uint256 payment) internal returns (uint256 jobId) {
        vm.prank(renter);
        return market.postJob{value: payment}(jobDetails(), jobRequirements(), payment);
    }

    function postUsdc(uint256 amount) internal returns (uint256) {
        vm.prank(renter);
        return market.postJobWithToken(jobDetails(), jobRequirements(), address(usdc), amount);
    }

    function postWithProof(uint256 payment) internal returns (uint256 jobId) {
        ISingleJobs.JobRequirements memory requirements = jobRequirements();
        requirements.requiresProof = true;
        ISingleJobs.JobDetails memory details = jobDetails();
        details.prompt = INPUT_HASH;
        vm.prank(renter);
        return market.postJob{value: payment}(details, requirements, payment);
    }

    function claim(uint256 jobId) internal {
        vm.prank(host);
        market.claimJob(jobId);
    }

    function submit(uint256 jobId) internal {
        claim(jobId);
        vm.prank(host);
        market.submitResult(jobId, "bafkreiresult");
    }

    function submittedJob(uint256 payment) internal returns (uint256 jobId) {
        jobId = postJob(payment);
        submit(jobId);
    }

    function owed(address account, address token) internal view returns (uint256) {
        return market.withdrawable(account, token);
    }

    function expectStatus(uint256 jobId, ISingleJobs.JobStatus status) internal view {
        assertEq(uint256(market.getJob(jobId).status), uint256(status), "status");
    }

    function statusError(uint256 jobId, ISingleJobs.JobStatus status, ISingleJobs.JobStatus expected)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(ISingleJobs.JobWrongStatus.selector, jobId, status, expected);
    }

    /// @notice What the marketplace holds of `token` is what it owes: exact without unsolicited transfers.
    function assertSolvent(address token) internal view {
        uint256 balance = token == ETH ? address(market).balance : usdc.balanceOf(address(market));
        assertEq(balance, market.liabilities(token), "balance is not what is owed");
    }
}
