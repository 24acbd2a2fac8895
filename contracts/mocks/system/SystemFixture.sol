// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EntryPoint} from "@account-abstraction/contracts/core/EntryPoint.sol";
import {IFabstirAccountFactory} from "../../interfaces/IFabstirAccountFactory.sol";
import {IHostReputation} from "../../interfaces/IHostReputation.sol";
import {IJobMarketplace} from "../../interfaces/IJobMarketplace.sol";
import {IMarketplaceSettings} from "../../interfaces/IMarketplaceSettings.sol";
import {IProofSystem} from "../../interfaces/IProofSystem.sol";
import {IProofVerifier} from "../../interfaces/IProofVerifier.sol";
import {IProxyDeployer} from "../../interfaces/IProxyDeployer.sol";
import {IRevenueSplitter} from "../../interfaces/IRevenueSplitter.sol";
import {ITopUpVault} from "../../interfaces/ITopUpVault.sol";
import {FabToken} from "../../tokens/FabToken.sol";
import {TestUsdc} from "../../tokens/TestUsdc.sol";
import {ReentrantWallet, RejectingWallet} from "../HostileReceivers.sol";
import {BlacklistingToken, CallbackToken, FalseReturningToken, FeeOnTransferToken} from "../HostileTokens.sol";
import {Test} from "../Test.sol";
import {IAccount, IPool, IProofs, IRegistry, IReputation, ISponsor, System, WalkLog} from "./System.sol";

/// @notice Says yes to "yes": the cryptography is tested elsewhere.
contract TellingVerifier is IProofVerifier {
    function verify(bytes32, uint256[] calldata, bytes calldata proof) external pure returns (bool) {
        return keccak256(proof) == keccak256("yes");
    }

    function holdsKey(bytes32 vkHash) external pure returns (bool) {
        return vkHash == keccak256("verifying key");
    }
}

/// @notice The whole system, wired as the deployment does it, with hosts, renters, hostile wallets and hostile tokens.
abstract contract SystemFixture is Test {
    address internal constant ETH = address(0);
    uint256 internal constant DAILY_CAP = 0.1 ether;

    System internal s;
    WalkLog internal log;
    IProxyDeployer private _deployer;

    function deploySystem() internal {
        vm.warp(1_800_000_000);
        log = new WalkLog();
        _deployer = IProxyDeployer(_new("ProxyDeployer", ""));
        s.faucet = address(this);
        s.fab = FabToken(_new("FabToken", abi.encode(address(this), 10_000_000_000e18)));
        (s.timelock, s.treasury) = (makeAddr("timelock"), makeAddr("treasury"));
        (s.arbiter, s.resolver, s.member) = (makeAddr("arbiter"), makeAddr("resolver"), makeAddr("member"));
        (s.migrator, s.operator) = (makeAddr("migrator"), _signer("operator"));
        s.keeper = _signer("keeper");
        _deployTokens();
        _deployContracts();
        _deployAccount();
        _hire();
        _configure();
    }

    function _signer(string memory name) private returns (address account) {
        uint256 key;
        (account, key) = makeAddrAndKey(name);
        log.setKey(account, key);
    }

    function _deployTokens() private {
        s.tokens.push(ETH);
        s.tokens.push(_new("TestUsdc", ""));
        s.tokens.push(address(new CallbackToken()));
        s.tokens.push(address(new BlacklistingToken()));
        s.tokens.push(address(s.fab));
        s.refused.push(address(new FeeOnTransferToken()));
        s.refused.push(address(new FalseReturningToken()));
    }

    function _at(bytes32 salt) private view returns (address) {
        return _deployer.predict(address(this), salt);
    }

    function _deployContracts() private {
        (address registry, address market, address reputation, address proofs) =
            (_at("registry"), _at("market"), _at("reputation"), _at("proofs"));
        s.guardian = _new("EmergencyGuardian", abi.encode(s.timelock, _list(s.member)));
        address[] memory rewards = new address[](3);
        (rewards[0], rewards[1], rewards[2]) = (s.tokens[1], s.tokens[2], s.tokens[3]);
        bytes memory data =
            abi.encodeWithSignature("initialize(address,address,address[])", s.timelock, s.fab, rewards);
        s.pool = IPool(_proxy("pool", "StakersPool", data));
        data = abi.encodeWithSignature(
            "initialize(address,address,address,address,address)", s.timelock, s.fab, market, proofs, s.migrator
        );
        s.registry = IRegistry(_proxy("registry", "NodeRegistry", data));
        IHostReputation.MinimumFee[] memory fees = new IHostReputation.MinimumFee[](1);
        fees[0] = IHostReputation.MinimumFee(ETH, 0.0001 ether);
        data = abi.encodeWithSignature(
            "initialize(address,address,address,address,address,(address,uint256)[])",
            s.timelock,
            market,
            registry,
            proofs,
            s.migrator,
            fees
        );
        s.reputation = IReputation(_proxy("reputation", "ReputationSystem", data));
        data = abi.encodeWithSignature(
            "initialize(address,address,address,address,address,address[])",
            s.timelock,
            s.fab,
            market,
            registry,
            reputation,
            _list(s.resolver)
        );
        s.proofs = IProofs(_proxy("proofs", "ProofSystem", data));
        data = abi.encodeWithSignature("initialize(address,address,address)", s.timelock, s.treasury, s.pool);
        s.splitter = IRevenueSplitter(_proxy("splitter", "RevenueSplitter", data));
        s.market = IJobMarketplace(_deployer.deploy("market", _newMarketplace(), _initializeMarketplace()));
    }

    /// @dev By the names of artifacts: sixteen contracts need not be compiled into this one again.
    function _new(string memory name, bytes memory arguments) private returns (address created) {
        bytes memory code = abi.encodePacked(vm.getCode(name), arguments);
        assembly ("memory-safe") {
            created := create(0, add(code, 32), mload(code))
        }
        require(created != address(0), name);
    }

    function _proxy(bytes32 salt, string memory name, bytes memory data) private returns (address) {
        return _deployer.deploy(salt, _new(name, ""), data);
    }

    function _newMarketplace() private returns (address) {
        address office = _new("JobMarketplaceOffice", abi.encode(_new("JobMarketplaceGovernance", "")));
        return _new("JobMarketplace", abi.encode(_new("JobMarketplaceExtension", abi.encode(office))));
    }

    function _initializeMarketplace() private view returns (bytes memory) {
        IMarketplaceSettings.TokenSetup[] memory tokens = new IMarketplaceSettings.TokenSetup[](7);
        tokens[0] = IMarketplaceSettings.TokenSetup(ETH, 0.0001 ether, 1_000 ether);
        for (uint256 i = 1; i < 7; ++i) {
            address token = i < 5 ? s.tokens[i] : s.refused[i - 5];
            tokens[i] = IMarketplaceSettings.TokenSetup(token, 1_000, 1_000_000e18);
        }
        return abi.encodeCall(
            IMarketplaceSettings.initialize,
            (
                s.timelock,
                IMarketplaceSettings.Neighbours(
                    address(s.registry),
                    s.treasury,
                    address(s.pool),
                    address(s.proofs),
                    address(s.reputation),
                    s.arbiter,
                    s.guardian
                ),
                tokens,
                new IMarketplaceSettings.PaymasterSetup[](0)
            )
        );
    }

    function _deployAccount() private {
        s.entryPoint = new EntryPoint();
        bytes memory terms = abi.encode(
            s.entryPoint, makeAddr("sponsor"), makeAddr("second signer"), s.operator, s.treasury
        );
        s.sponsor = ISponsor(_new("SponsorPaymaster", terms));
        s.nextSponsor = ISponsor(_new("SponsorPaymaster", terms));
        s.vault = ITopUpVault(_new("TopUpVault", abi.encode(s.timelock)));
        vm.deal(address(s.vault), 10_000 ether);
        address implementation = _new("FabstirAccount", abi.encode(s.entryPoint, s.market, s.registry));
        IFabstirAccountFactory factory =
            IFabstirAccountFactory(_new("FabstirAccountFactory", abi.encode(implementation)));
        s.account = IAccount(factory.createAccount(abi.encodePacked(makeAddr("account owner")), 0));
    }

    /// @dev One renter and two hosts are keys, the others contracts: one that calls the marketplace back, one that takes
    /// no ETH, the smart account, and a host that calls the pool back.
    function _hire() private {
        ReentrantWallet caller = new ReentrantWallet();
        ReentrantWallet hostCaller = new ReentrantWallet();
        s.renters.push(_signer("renter"));
        s.renters.push(address(caller));
        s.renters.push(address(new RejectingWallet()));
        s.renters.push(address(s.account));
        s.hosts.push(_signer("host"));
        s.hosts.push(_signer("second host"));
        s.hosts.push(address(hostCaller));
        caller.arm(address(s.market), _attacks(true));
        hostCaller.arm(address(s.pool), _attacks(false));
        for (uint256 i; i < s.renters.length; ++i) {
            s.everyone.push(s.renters[i]);
            if (s.renters[i].code.length == 0) continue;
            vm.prank(s.renters[i]);
            s.market.setDefaultCoSigner(s.operator);
        }
        for (uint256 i; i < s.hosts.length; ++i) {
            address host = s.hosts[i];
            s.everyone.push(host);
            s.fab.transfer(host, 3_000e18);
            vm.startPrank(host);
            s.fab.approve(address(s.registry), 3_000e18);
            s.registry.registerNode("gpu");
            s.registry.stake(2_000e18);
            vm.stopPrank();
        }
    }

    function _attacks(bool onMarket) private view returns (bytes[] memory attacks) {
        attacks = new bytes[](6);
        for (uint256 i; i < 3; ++i) {
            address token = s.tokens[i == 0 ? 0 : i + 1];
            if (onMarket) attacks[i] = abi.encodeWithSignature("withdraw(address)", token);
            else attacks[i] = abi.encodeWithSignature("claim(address)", token);
        }
        attacks[3] = onMarket ? abi.encodeWithSignature("distributeFees(address)", ETH) : abi.encodeWithSignature("sync(address)", ETH);
        attacks[4] = onMarket ? abi.encodeWithSignature("cancelJob(uint256)", 1) : abi.encodeWithSignature("claimAll()");
        attacks[5] = onMarket
            ? abi.encodeWithSignature("completeSessionJob(uint256)", 1)
            : abi.encodeWithSignature("exitEarly(uint256)", 0);
    }

    function _configure() private {
        IProofSystem.InstanceLayout memory layout = IProofSystem.InstanceLayout(bytes32(uint256(7)), 4, 3, 0, 0);
        TellingVerifier verifier = new TellingVerifier();
        vm.startPrank(s.timelock);
        s.proofs.registerCircuit(keccak256("perceptron"), address(verifier), keccak256("verifying key"), layout);
        for (uint256 i; i < s.tokens.length; ++i) {
            s.market.setMaxPending(s.tokens[i], 1_000e18);
        }
        s.vault.setPaymaster(address(s.sponsor), DAILY_CAP);
        s.vault.setKeeper(s.keeper, true);
        vm.stopPrank();
        log.raiseCap(DAILY_CAP);
        vm.prank(s.keeper);
        s.vault.topUp(address(s.sponsor), DAILY_CAP);
    }

    function _list(address one) private pure returns (address[] memory list) {
        list = new address[](1);
        list[0] = one;
    }
}
