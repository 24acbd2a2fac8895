import type { nodeRegistryAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'

type Abi = typeof nodeRegistryAbi

export const AcceptingSet: AbiText<AbiItem<Abi, 'AcceptingSet'>> = [
  'event AcceptingSet(address indexed operator, bool accepting)',
]

export const ClaimBondForfeited: AbiText<AbiItem<Abi, 'ClaimBondForfeited'>> = [
  'event ClaimBondForfeited(address indexed host, address indexed recipient, uint256 fromStake, uint256 fromUnbonding)',
]

export const ControlCancelled: AbiText<AbiItem<Abi, 'ControlCancelled'>> = [
  'event ControlCancelled(address indexed operator, address indexed controller, uint256 stake)',
]

export const ControlProposed: AbiText<AbiItem<Abi, 'ControlProposed'>> = [
  'event ControlProposed(address indexed operator, address indexed controller, uint256 stake, string metadata)',
]

export const ControllerSet: AbiText<AbiItem<Abi, 'ControllerSet'>> = [
  'event ControllerSet(address indexed operator, address indexed controller)',
]

export const ImportClosed: AbiText<AbiItem<Abi, 'ImportClosed'>> = [
  'event ImportClosed()',
]

export const ImporterSet: AbiText<AbiItem<Abi, 'ImporterSet'>> = [
  'event ImporterSet(address indexed migrator)',
]

export const Initialized: AbiText<AbiItem<Abi, 'Initialized'>> = [
  'event Initialized(uint64 version)',
]

export const JailPeriodSet: AbiText<AbiItem<Abi, 'JailPeriodSet'>> = [
  'event JailPeriodSet(uint256 period)',
]

export const MarketplaceSet: AbiText<AbiItem<Abi, 'MarketplaceSet'>> = [
  'event MarketplaceSet(address indexed marketplace)',
]

export const MaxSessionsSet: AbiText<AbiItem<Abi, 'MaxSessionsSet'>> = [
  'event MaxSessionsSet(address indexed operator, uint256 maxSessions)',
]

export const MetadataUpdated: AbiText<AbiItem<Abi, 'MetadataUpdated'>> = [
  'event MetadataUpdated(address indexed operator, string metadata)',
]

export const MinimumStakeSet: AbiText<AbiItem<Abi, 'MinimumStakeSet'>> = [
  'event MinimumStakeSet(uint256 minimum, uint256 appliesAt)',
]

export const ModelsSet: AbiText<AbiItem<Abi, 'ModelsSet'>> = [
  'event ModelsSet(address indexed operator, bytes32[] models)',
]

export const NodeJailed: AbiText<AbiItem<Abi, 'NodeJailed'>> = [
  'event NodeJailed(address indexed node, uint256 until)',
]

export const NodeRegistered: AbiText<AbiItem<Abi, 'NodeRegistered'>> = [
  'event NodeRegistered(address indexed operator, address indexed controller, uint256 stake, string metadata)',
]

export const NodeSlashed: AbiText<AbiItem<Abi, 'NodeSlashed'>> = [
  'event NodeSlashed(address indexed node, address indexed recipient, uint256 fromStake, uint256 fromUnbonding, string reason)',
]

export const NodeUnregistered: AbiText<AbiItem<Abi, 'NodeUnregistered'>> = [
  'event NodeUnregistered(address indexed operator)',
]

export const OwnershipTransferStarted: AbiText<AbiItem<Abi, 'OwnershipTransferStarted'>> = [
  'event OwnershipTransferStarted(address indexed previousOwner, address indexed newOwner)',
]

export const OwnershipTransferred: AbiText<AbiItem<Abi, 'OwnershipTransferred'>> = [
  'event OwnershipTransferred(address indexed previousOwner, address indexed newOwner)',
]

export const PriceSet: AbiText<AbiItem<Abi, 'PriceSet'>> = [
  'event PriceSet(address indexed operator, bytes32 indexed model, address indexed token, uint256 pricePer1000)',
]

export const ProofSystemSet: AbiText<AbiItem<Abi, 'ProofSystemSet'>> = [
  'event ProofSystemSet(address indexed proofSystem)',
]

export const SlashedClaimed: AbiText<AbiItem<Abi, 'SlashedClaimed'>> = [
  'event SlashedClaimed(address indexed recipient, uint256 amount)',
]

export const StakeAdded: AbiText<AbiItem<Abi, 'StakeAdded'>> = [
  'event StakeAdded(address indexed operator, uint256 amount, uint256 stake)',
]

export const StakeWithdrawn: AbiText<AbiItem<Abi, 'StakeWithdrawn'>> = [
  'event StakeWithdrawn(address indexed operator, uint256 amount)',
]

export const UPGRADE_INTERFACE_VERSION: AbiText<AbiItem<Abi, 'UPGRADE_INTERFACE_VERSION'>> = [
  'function UPGRADE_INTERFACE_VERSION() view returns (string)',
]

export const UnbondingPeriodSet: AbiText<AbiItem<Abi, 'UnbondingPeriodSet'>> = [
  'event UnbondingPeriodSet(uint256 period)',
]

export const UnstakeRequested: AbiText<AbiItem<Abi, 'UnstakeRequested'>> = [
  'event UnstakeRequested(address indexed operator, uint256 amount, uint48 endsAt)',
]

export const UnstakeReused: AbiText<AbiItem<Abi, 'UnstakeReused'>> = [
  'event UnstakeReused(address indexed operator, uint256 amount)',
]

export const Upgraded: AbiText<AbiItem<Abi, 'Upgraded'>> = [
  'event Upgraded(address indexed implementation)',
]

export const acceptControl: AbiText<AbiItem<Abi, 'acceptControl'>> = [
  'function acceptControl(address controller)',
]

export const acceptOwnership: AbiText<AbiItem<Abi, 'acceptOwnership'>> = [
  'function acceptOwnership()',
]

export const cancelControlledNode: AbiText<AbiItem<Abi, 'cancelControlledNode'>> = [
  'function cancelControlledNode(address operator)',
]

export const claimBond: AbiText<AbiItem<Abi, 'claimBond'>> = [
  'function claimBond() view returns (uint256)',
]

export const claimSlashed: AbiText<AbiItem<Abi, 'claimSlashed'>> = [
  'function claimSlashed() returns (uint256 amount)',
]

export const closeImport: AbiText<AbiItem<Abi, 'closeImport'>> = [
  'function closeImport()',
]

export const coveredClaims: AbiText<AbiItem<Abi, 'coveredClaims'>> = [
  'function coveredClaims(address host) view returns (uint256)',
]

export const fab: AbiText<AbiItem<Abi, 'fab'>> = [
  'function fab() view returns (address)',
]

export const forfeitClaimBond: AbiText<AbiItem<Abi, 'forfeitClaimBond'>> = [
  'function forfeitClaimBond(address host, address renter) returns (uint256 amount)',
]

export const getActiveNodes: AbiText<AbiItem<Abi, 'getActiveNodes'>> = [
  'function getActiveNodes(uint256 offset, uint256 limit) view returns (address[] page)',
]

export const getNode: AbiText<AbiItem<Abi, 'getNode'>> = [
  'function getNode(address node) view returns ((address operator, address controller, uint96 stake, uint96 unbonding, uint48 activeSince, uint48 unbondingEndsAt, uint32 obligations, bool accepting, bytes32 metadataHash, uint48 jailedUntil, uint32 maxSessions))',
]

export const getNodeController: AbiText<AbiItem<Abi, 'getNodeController'>> = [
  'function getNodeController(address node) view returns (address)',
]

export const importStake: AbiText<AbiItem<Abi, 'importStake'>> = [
  'function importStake(address operator, address controller, uint256 amount, string metadata)',
]

export const initialize: AbiText<AbiItem<Abi, 'initialize'>> = [
  'function initialize(address owner_, address fab_, address marketplace_, address proofSystem_, address migrator_)',
]

export const isAcceptingNode: AbiText<AbiItem<Abi, 'isAcceptingNode'>> = [
  'function isAcceptingNode(address node) view returns (bool)',
]

export const isActiveNode: AbiText<AbiItem<Abi, 'isActiveNode'>> = [
  'function isActiveNode(address node) view returns (bool)',
]

export const isJailed: AbiText<AbiItem<Abi, 'isJailed'>> = [
  'function isJailed(address node) view returns (bool)',
]

export const isSuspiciousController: AbiText<AbiItem<Abi, 'isSuspiciousController'>> = [
  'function isSuspiciousController(address controller) view returns (bool)',
]

export const jailPeriod: AbiText<AbiItem<Abi, 'jailPeriod'>> = [
  'function jailPeriod() view returns (uint256)',
]

export const marketplace: AbiText<AbiItem<Abi, 'marketplace'>> = [
  'function marketplace() view returns (address)',
]

export const migrator: AbiText<AbiItem<Abi, 'migrator'>> = [
  'function migrator() view returns (address)',
]

export const minimumStake: AbiText<AbiItem<Abi, 'minimumStake'>> = [
  'function minimumStake() view returns (uint256)',
]

export const modelsOf: AbiText<AbiItem<Abi, 'modelsOf'>> = [
  'function modelsOf(address host) view returns (bytes32[])',
]

export const nodeCount: AbiText<AbiItem<Abi, 'nodeCount'>> = [
  'function nodeCount() view returns (uint256)',
]

export const nodesOfController: AbiText<AbiItem<Abi, 'nodesOfController'>> = [
  'function nodesOfController(address controller) view returns (uint256)',
]

export const owner: AbiText<AbiItem<Abi, 'owner'>> = [
  'function owner() view returns (address)',
]

export const pendingControl: AbiText<AbiItem<Abi, 'pendingControl'>> = [
  'function pendingControl(address operator, address controller) view returns (uint256 amount, string metadata)',
]

export const pendingMinimumStake: AbiText<AbiItem<Abi, 'pendingMinimumStake'>> = [
  'function pendingMinimumStake() view returns (uint256 minimum, uint256 appliesAt)',
]

export const pendingOwner: AbiText<AbiItem<Abi, 'pendingOwner'>> = [
  'function pendingOwner() view returns (address)',
]

export const priceOf: AbiText<AbiItem<Abi, 'priceOf'>> = [
  'function priceOf(address host, bytes32 model, address token) view returns (uint256)',
]

export const proofSystem: AbiText<AbiItem<Abi, 'proofSystem'>> = [
  'function proofSystem() view returns (address)',
]

export const proxiableUUID: AbiText<AbiItem<Abi, 'proxiableUUID'>> = [
  'function proxiableUUID() view returns (bytes32)',
]

export const registerControlledNode: AbiText<AbiItem<Abi, 'registerControlledNode'>> = [
  'function registerControlledNode(string metadata, address operator)',
]

export const registerNode: AbiText<AbiItem<Abi, 'registerNode'>> = [
  'function registerNode(string metadata)',
]

export const registeredSince: AbiText<AbiItem<Abi, 'registeredSince'>> = [
  'function registeredSince(address node) view returns (uint256)',
]

export const renounceOwnership: AbiText<AbiItem<Abi, 'renounceOwnership'>> = [
  'function renounceOwnership()',
]

export const requestUnstake: AbiText<AbiItem<Abi, 'requestUnstake'>> = [
  'function requestUnstake(uint256 amount)',
]

export const requestUnstakeControlled: AbiText<AbiItem<Abi, 'requestUnstakeControlled'>> = [
  'function requestUnstakeControlled(address operator, uint256 amount)',
]

export const sessionTerms: AbiText<AbiItem<Abi, 'sessionTerms'>> = [
  'function sessionTerms(address host, bytes32 model, address token) view returns (bool accepting, uint32 maxSessions, uint96 minPricePer1000)',
]

export const setAccepting: AbiText<AbiItem<Abi, 'setAccepting'>> = [
  'function setAccepting(bool accepting)',
]

export const setJailPeriod: AbiText<AbiItem<Abi, 'setJailPeriod'>> = [
  'function setJailPeriod(uint256 period)',
]

export const setMaxSessions: AbiText<AbiItem<Abi, 'setMaxSessions'>> = [
  'function setMaxSessions(uint256 maxSessions)',
]

export const setMinimumStake: AbiText<AbiItem<Abi, 'setMinimumStake'>> = [
  'function setMinimumStake(uint256 minimum)',
]

export const setModels: AbiText<AbiItem<Abi, 'setModels'>> = [
  'function setModels(bytes32[] models)',
]

export const setPrice: AbiText<AbiItem<Abi, 'setPrice'>> = [
  'function setPrice(bytes32 model, address token, uint256 pricePer1000)',
]

export const setProofSystem: AbiText<AbiItem<Abi, 'setProofSystem'>> = [
  'function setProofSystem(address proofSystem_)',
]

export const setUnbondingPeriod: AbiText<AbiItem<Abi, 'setUnbondingPeriod'>> = [
  'function setUnbondingPeriod(uint256 period)',
]

export const slash: AbiText<AbiItem<Abi, 'slash'>> = [
  'function slash(address node, uint256 amount, address recipient, string reason) returns (uint256 slashed)',
]

export const slashedUnclaimed: AbiText<AbiItem<Abi, 'slashedUnclaimed'>> = [
  'function slashedUnclaimed(address recipient) view returns (uint256)',
]

export const stake: AbiText<AbiItem<Abi, 'stake'>> = [
  'function stake(uint256 amount)',
]

export const stakeControlled: AbiText<AbiItem<Abi, 'stakeControlled'>> = [
  'function stakeControlled(address operator, uint256 amount)',
]

export const transferOwnership: AbiText<AbiItem<Abi, 'transferOwnership'>> = [
  'function transferOwnership(address newOwner)',
]

export const unbondingPeriod: AbiText<AbiItem<Abi, 'unbondingPeriod'>> = [
  'function unbondingPeriod() view returns (uint256)',
]

export const unregisterControlledNode: AbiText<AbiItem<Abi, 'unregisterControlledNode'>> = [
  'function unregisterControlledNode(address operator)',
]

export const unregisterNode: AbiText<AbiItem<Abi, 'unregisterNode'>> = [
  'function unregisterNode()',
]

export const updateMetadata: AbiText<AbiItem<Abi, 'updateMetadata'>> = [
  'function updateMetadata(string metadata)',
]

export const upgradeToAndCall: AbiText<AbiItem<Abi, 'upgradeToAndCall'>> = [
  'function upgradeToAndCall(address newImplementation, bytes data) payable',
]

export const withdrawControlled: AbiText<AbiItem<Abi, 'withdrawControlled'>> = [
  'function withdrawControlled(address operator)',
]

export const withdrawUnstaked: AbiText<AbiItem<Abi, 'withdrawUnstaked'>> = [
  'function withdrawUnstaked()',
]
