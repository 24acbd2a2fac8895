// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAccountExecute} from "@account-abstraction/contracts/interfaces/IAccountExecute.sol";
import {IEntryPoint} from "@account-abstraction/contracts/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IBaseAccountIntegration} from "../../interfaces/IBaseAccountIntegration.sol";
import {IControlledNodes} from "../../interfaces/IControlledNodes.sol";
import {IHostOffers} from "../../interfaces/IHostOffers.sol";
import {IHostReputation} from "../../interfaces/IHostReputation.sol";
import {IHostTerms} from "../../interfaces/IHostTerms.sol";
import {IJobMarketplace} from "../../interfaces/IJobMarketplace.sol";
import {INodeRegistry} from "../../interfaces/INodeRegistry.sol";
import {IProofGate} from "../../interfaces/IProofGate.sol";
import {IProofSystem} from "../../interfaces/IProofSystem.sol";
import {IReputationSystem} from "../../interfaces/IReputationSystem.sol";
import {IRevenueSplitter} from "../../interfaces/IRevenueSplitter.sol";
import {ISponsorPaymaster} from "../../interfaces/ISponsorPaymaster.sol";
import {IStakerRewards} from "../../interfaces/IStakerRewards.sol";
import {IStakeSlashing} from "../../interfaces/IStakeSlashing.sol";
import {IStakingTiers} from "../../interfaces/IStakingTiers.sol";
import {ITopUpVault} from "../../interfaces/ITopUpVault.sol";

interface IRegistry is INodeRegistry, IControlledNodes, IHostOffers, IStakeSlashing, IHostTerms {}

interface IReputation is IHostReputation, IReputationSystem {}

interface IProofs is IProofSystem, IProofGate {}

interface IPool is IStakerRewards, IStakingTiers {}

interface IAccount is IBaseAccountIntegration, IAccountExecute {
    function setOwner(bytes calldata newOwner) external;
    function upgradeToAndCall(address implementation, bytes calldata data) external payable;
    function withdrawDepositTo(address from, address payable to, uint256 amount) external;
    function owner() external view returns (bytes memory);
}

/// @dev {SponsorPaymaster-sponsorshipHash} over the EntryPoint package's struct of the same shape.
interface ISponsor is ISponsorPaymaster {
    function sponsorshipHash(PackedUserOperation calldata userOp) external view returns (bytes32);
    function addStake(uint32 unstakeDelaySec) external payable;
    function unlockStake() external;
    function withdrawStake() external;
}

/// @dev Tokens and wallets outside the system, see contracts/mocks/deployed/Edges.sol.
interface IMintable {
    function mint(address to, uint256 amount) external;
}

interface IBlacklist {
    function blacklist(address account) external;
}

interface IReentrant {
    function arm(address target, bytes[] calldata attacks) external;
}

/// @notice The deployed system and who acts in it.
/// @param timelock Owns everything; the walk calls as it.
/// @param faucet Holds the FAB that actors get.
/// @param accountCode Two deployments of the account's code: of the account as it is made, and of another one.
/// @param tokens Payment tokens, ETH first.
/// @param refused Listed tokens that do not move what they are asked to.
/// @param everyone Renters and hosts: all who can be owed something.
struct System {
    IJobMarketplace market;
    IRegistry registry;
    IReputation reputation;
    IProofs proofs;
    IPool pool;
    IRevenueSplitter splitter;
    address guardian;
    IEntryPoint entryPoint;
    ISponsor sponsor;
    ISponsor nextSponsor;
    ITopUpVault vault;
    IAccount account;
    address[2] accountCode;
    IERC20 fab;
    address timelock;
    address treasury;
    address arbiter;
    address resolver;
    address member;
    address keeper;
    address migrator;
    address operator;
    address faucet;
    address[] tokens;
    address[] refused;
    address[] renters;
    address[] hosts;
    address[] everyone;
}

/// @notice Looks at the whole system.
interface ISystemCheck {
    /// @notice Reverts with the rule that is broken. `step` says which part is looked at.
    function check(uint256 step) external;
}

/// @notice What the walkers have seen: one account of it for all of them.
/// @dev A reverted assertion would be one more refused call to the runner, so the first broken rule is kept.
contract WalkLog {
    ISystemCheck private _checker;
    uint256 private _steps;
    string public violation;
    /// @notice Calls that succeeded, by the function's name.
    mapping(string action => uint256) public done;
    mapping(address signer => uint256) public keyOf;
    /// @notice Every job and session up to here has ended.
    uint256 public floor;
    /// @notice Terminal status of an ended job or session.
    mapping(uint256 jobId => uint8) public ended;
    mapping(uint256 jobId => uint256) public proven;
    mapping(uint256 challengeId => uint8) public closed;
    /// @notice Wei that anybody gave to the sponsor's deposit.
    uint256 public donated;
    /// @notice Highest budget that the vault ever had for the sponsor, in wei.
    uint256 public highestCap;

    function setChecker(ISystemCheck checker) external {
        _checker = checker;
    }

    /// @notice After each step of a walk.
    function step() external {
        try _checker.check(_steps++) {}
        catch Error(string memory reason) {
            if (bytes(violation).length == 0) violation = reason;
        } catch {
            if (bytes(violation).length == 0) violation = "the check itself failed";
        }
    }

    function note(string calldata action) external {
        ++done[action];
    }

    function broken(string calldata rule) external {
        if (bytes(violation).length == 0) violation = rule;
    }

    function setKey(address signer, uint256 key) external {
        keyOf[signer] = key;
    }

    function setProven(uint256 jobId, uint256 tokens) external {
        proven[jobId] = tokens;
    }

    function end(uint256 jobId, uint8 status) external {
        ended[jobId] = status;
    }

    function raiseFloor(uint256 jobId) external {
        floor = jobId;
    }

    function close(uint256 challengeId, uint8 status) external {
        closed[challengeId] = status;
    }

    function donate(uint256 amount) external {
        donated += amount;
    }

    function raiseCap(uint256 cap) external {
        if (cap > highestCap) highestCap = cap;
    }
}
