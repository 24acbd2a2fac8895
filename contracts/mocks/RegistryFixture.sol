// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ProxyDeployer} from "../deployment/ProxyDeployer.sol";
import {IJobFacts} from "../interfaces/IJobFacts.sol";
import {NodeRegistry} from "../registry/NodeRegistry.sol";
import {FabToken} from "../tokens/FabToken.sol";
import {Test} from "./Test.sol";

/// @notice What registry and reputation ask of the marketplace, answered as a test says.
contract MarketplaceAnswers {
    error MarketplaceSilent();

    bool public silent;
    mapping(address host => uint256) public openObligations;
    mapping(bytes4 selector => bool) public isFunctionPaused;
    mapping(uint256 jobId => IJobFacts.JobFacts) private _facts;

    function setObligations(address host, uint256 count) external {
        openObligations[host] = count;
    }

    function setPaused(bytes4 selector, bool paused) external {
        isFunctionPaused[selector] = paused;
    }

    function setFacts(uint256 jobId, IJobFacts.JobFacts calldata facts) external {
        _facts[jobId] = facts;
    }

    function setSilent(bool silent_) external {
        silent = silent_;
    }

    function jobFacts(uint256 jobId) external view returns (IJobFacts.JobFacts memory) {
        if (silent) revert MarketplaceSilent();
        return _facts[jobId];
    }
}

/// @notice The registry and its token, deployed as on a real chain, with one registered host.
abstract contract RegistryFixture is Test {
    string internal constant METADATA = "gpu:rtx4090,models:llama-70b,region:us-west";
    uint256 internal constant MINIMUM = 1_000e18;
    uint256 internal constant START = 1_800_000_000;

    address internal owner = makeAddr("timelock");
    address internal proofSystem = makeAddr("proof system");
    address internal migrator = makeAddr("migrator");
    address internal host = makeAddr("host");
    address internal controller = makeAddr("controller");
    address internal renter = makeAddr("renter");
    address internal stranger = makeAddr("stranger");

    ProxyDeployer internal deployer;
    FabToken internal fab;
    MarketplaceAnswers internal market;
    NodeRegistry internal registry;

    function setUp() public virtual {
        vm.warp(START);
        fab = FabToken(deployCode("FabToken", abi.encode(address(this), 100_000_000e18)));
        market = new MarketplaceAnswers();
        deployer = ProxyDeployer(deployCode("ProxyDeployer"));
        registry = NodeRegistry(
            deployer.deploy(
                "registry",
                deployCode("NodeRegistry"),
                abi.encodeCall(
                    NodeRegistry.initialize, (owner, address(fab), address(market), proofSystem, migrator)
                )
            )
        );
        register(host);
    }

    function fund(address account, uint256 amount) internal {
        fab.transfer(account, amount);
        vm.prank(account);
        fab.approve(address(registry), amount);
    }

    function register(address node) internal {
        fund(node, registry.minimumStake());
        vm.prank(node);
        registry.registerNode(METADATA);
    }

    function registerMany(uint256 count) internal returns (address[] memory nodes) {
        nodes = new address[](count);
        for (uint256 i; i < count; ++i) {
            nodes[i] = makeAddr(string.concat("node ", vm.toString(i)));
            register(nodes[i]);
        }
    }

    function addStake(address node, uint256 amount) internal {
        fund(node, amount);
        vm.prank(node);
        registry.stake(amount);
    }

    function propose(address by, address operator) internal {
        fund(by, registry.minimumStake());
        vm.prank(by);
        registry.registerControlledNode(METADATA, operator);
    }

    function registerControlled(address by, address operator) internal {
        propose(by, operator);
        vm.prank(operator);
        registry.acceptControl(by);
    }
}
