// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IProxyDeployer} from "../interfaces/IProxyDeployer.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {Test} from "../mocks/Test.sol";
import {NodeRegistry} from "../registry/NodeRegistry.sol";
import {ProxyDeployer} from "./ProxyDeployer.sol";
import {Timelock} from "./Timelock.sol";

contract ProxyDeployerTest is Test {
    ProxyDeployer private deployer;
    address private implementation;
    bytes private initData;

    function setUp() public {
        deployer = ProxyDeployer(deployCode("ProxyDeployer"));
        implementation = deployCode("NodeRegistry");
        initData = abi.encodeCall(NodeRegistry.initialize, (address(this), address(1), address(2), address(3), address(4)));
    }

    function test_deploysWhereItPredictsAndInitializes() public {
        address predicted = deployer.predict(address(this), "salt");
        vm.expectEmit(address(deployer));
        emit IProxyDeployer.ProxyDeployed(predicted, address(this), "salt", implementation);
        address proxy = deployer.deploy("salt", implementation, initData);
        assertEq(proxy, predicted);
        assertEq(NodeRegistry(proxy).owner(), address(this));
        assertEq(
            address(uint160(uint256(vm.load(proxy, ERC1967Utils.IMPLEMENTATION_SLOT)))), implementation
        );
        assertEq(deployer.pendingImplementation(), address(0));
    }

    function test_addressDoesNotDependOnImplementationOrChain() public {
        address predicted = deployer.predict(address(this), "salt");
        vm.chainId(8453);
        assertEq(deployer.predict(address(this), "salt"), predicted);
        assertEq(deployer.deploy("salt", deployCode("NodeRegistry"), initData), predicted);
    }

    /// What the address of another account would be stays free on every chain.
    function test_saltIsBoundToTheCaller() public {
        address mine = deployer.predict(address(this), "salt");
        vm.prank(address(0xbad));
        address theirs = deployer.deploy("salt", implementation, initData);
        assertNotEq(theirs, mine);
        assertEq(deployer.deploy("salt", implementation, initData), mine);
    }

    function test_deploysOnce() public {
        deployer.deploy("salt", implementation, initData);
        // A CREATE2 collision reverts without data.
        vm.expectRevert();
        deployer.deploy("salt", implementation, initData);
    }

    function test_uninitializedProxyIsRefused() public {
        vm.expectRevert(IProxyDeployer.ProxyDeployerNoInitData.selector);
        deployer.deploy("salt", implementation, "");
    }

    function test_failedInitializerLeavesNothing() public {
        vm.expectRevert(INodeRegistry.NodeRegistryZeroAddress.selector);
        deployer.deploy(
            "salt",
            implementation,
            abi.encodeCall(NodeRegistry.initialize, (address(this), address(0), address(0), address(0), address(0)))
        );
        assertEq(deployer.predict(address(this), "salt").code.length, 0);
        deployer.deploy("salt", implementation, initData);
        assertGt(deployer.predict(address(this), "salt").code.length, 0);
    }

    function test_implementationMustHaveCode() public {
        vm.expectRevert(
            abi.encodeWithSelector(ERC1967Utils.ERC1967InvalidImplementation.selector, address(0xdead))
        );
        deployer.deploy("salt", address(0xdead), initData);
    }

    function test_timelockWaitsAndAdministersItself() public {
        address[] memory council = new address[](1);
        council[0] = address(this);
        Timelock timelock = Timelock(payable(deployCode("Timelock", abi.encode(2 days, council, council, address(0)))));
        assertEq(timelock.getMinDelay(), 2 days);
        assertTrue(timelock.hasRole(timelock.DEFAULT_ADMIN_ROLE(), address(timelock)));
        assertFalse(timelock.hasRole(timelock.DEFAULT_ADMIN_ROLE(), address(this)));

        bytes memory data = abi.encodeCall(TimelockController.updateDelay, (3 days));
        timelock.schedule(address(timelock), 0, data, 0, 0, 2 days);
        vm.expectPartialRevert(TimelockController.TimelockUnexpectedOperationState.selector);
        timelock.execute(address(timelock), 0, data, 0, 0);
        skip(2 days);
        timelock.execute(address(timelock), 0, data, 0, 0);
        assertEq(timelock.getMinDelay(), 3 days);
    }
}
