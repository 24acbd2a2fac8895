import type { reputationSystemAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'

type Abi = typeof reputationSystemAbi

export const HostRated: AbiText<AbiItem<Abi, 'HostRated'>> = [
  'event HostRated(address indexed host, uint256 indexed jobId, address indexed renter, uint256 rating, bool counted, uint256 score, string feedback)',
]

export const ImportClosed: AbiText<AbiItem<Abi, 'ImportClosed'>> = [
  'event ImportClosed()',
]

export const ImporterSet: AbiText<AbiItem<Abi, 'ImporterSet'>> = [
  'event ImporterSet(address indexed migrator)',
]

export const IncentiveThresholdSet: AbiText<AbiItem<Abi, 'IncentiveThresholdSet'>> = [
  'event IncentiveThresholdSet(uint256 threshold)',
]

export const Initialized: AbiText<AbiItem<Abi, 'Initialized'>> = [
  'event Initialized(uint64 version)',
]

export const JobCompletionRecorded: AbiText<AbiItem<Abi, 'JobCompletionRecorded'>> = [
  'event JobCompletionRecorded(uint256 indexed jobId, address indexed host, uint8 outcome, uint256 score)',
]

export const JobFailureRecorded: AbiText<AbiItem<Abi, 'JobFailureRecorded'>> = [
  'event JobFailureRecorded(uint256 indexed jobId, address indexed host, uint256 score)',
]

export const MinReputationFeeSet: AbiText<AbiItem<Abi, 'MinReputationFeeSet'>> = [
  'event MinReputationFeeSet(address indexed token, uint256 fee)',
]

export const OwnershipTransferStarted: AbiText<AbiItem<Abi, 'OwnershipTransferStarted'>> = [
  'event OwnershipTransferStarted(address indexed previousOwner, address indexed newOwner)',
]

export const OwnershipTransferred: AbiText<AbiItem<Abi, 'OwnershipTransferred'>> = [
  'event OwnershipTransferred(address indexed previousOwner, address indexed newOwner)',
]

export const ProofSystemSet: AbiText<AbiItem<Abi, 'ProofSystemSet'>> = [
  'event ProofSystemSet(address indexed proofSystem)',
]

export const ReputationSlashed: AbiText<AbiItem<Abi, 'ReputationSlashed'>> = [
  'event ReputationSlashed(address indexed host, uint256 points, uint256 score, string reason)',
]

export const ScoreImported: AbiText<AbiItem<Abi, 'ScoreImported'>> = [
  'event ScoreImported(address indexed host, uint256 score)',
]

export const UPGRADE_INTERFACE_VERSION: AbiText<AbiItem<Abi, 'UPGRADE_INTERFACE_VERSION'>> = [
  'function UPGRADE_INTERFACE_VERSION() view returns (string)',
]

export const Upgraded: AbiText<AbiItem<Abi, 'Upgraded'>> = [
  'event Upgraded(address indexed implementation)',
]

export const acceptOwnership: AbiText<AbiItem<Abi, 'acceptOwnership'>> = [
  'function acceptOwnership()',
]

export const averageRating: AbiText<AbiItem<Abi, 'averageRating'>> = [
  'function averageRating(address host) view returns (uint256)',
]

export const closeImport: AbiText<AbiItem<Abi, 'closeImport'>> = [
  'function closeImport()',
]

export const getReputation: AbiText<AbiItem<Abi, 'getReputation'>> = [
  'function getReputation(address host) view returns (uint256)',
]

export const importScores: AbiText<AbiItem<Abi, 'importScores'>> = [
  'function importScores(address[] hosts, uint32[] scores) returns (uint256 imported)',
]

export const incentiveThreshold: AbiText<AbiItem<Abi, 'incentiveThreshold'>> = [
  'function incentiveThreshold() view returns (uint256)',
]

export const initialize: AbiText<AbiItem<Abi, 'initialize'>> = [
  'function initialize(address owner_, address marketplace_, address registry_, address proofSystem_, address migrator_, (address token, uint256 fee)[] fees)',
]

export const isEligibleForIncentives: AbiText<AbiItem<Abi, 'isEligibleForIncentives'>> = [
  'function isEligibleForIncentives(address host) view returns (bool)',
]

export const isRecorded: AbiText<AbiItem<Abi, 'isRecorded'>> = [
  'function isRecorded(uint256 jobId, address host) view returns (bool)',
]

export const marketplace: AbiText<AbiItem<Abi, 'marketplace'>> = [
  'function marketplace() view returns (address)',
]

export const migrator: AbiText<AbiItem<Abi, 'migrator'>> = [
  'function migrator() view returns (address)',
]

export const minReputationFee: AbiText<AbiItem<Abi, 'minReputationFee'>> = [
  'function minReputationFee(address token) view returns (uint256)',
]

export const owner: AbiText<AbiItem<Abi, 'owner'>> = [
  'function owner() view returns (address)',
]

export const pendingOwner: AbiText<AbiItem<Abi, 'pendingOwner'>> = [
  'function pendingOwner() view returns (address)',
]

export const performance: AbiText<AbiItem<Abi, 'performance'>> = [
  'function performance(address host) view returns ((uint256 score, uint256 completed, uint256 failed, uint256 ratings, uint256 averageRating))',
]

export const proofSystem: AbiText<AbiItem<Abi, 'proofSystem'>> = [
  'function proofSystem() view returns (address)',
]

export const proxiableUUID: AbiText<AbiItem<Abi, 'proxiableUUID'>> = [
  'function proxiableUUID() view returns (bytes32)',
]

export const rateHost: AbiText<AbiItem<Abi, 'rateHost'>> = [
  'function rateHost(address host, uint256 jobId, uint256 rating, string feedback)',
]

export const recordJobCompletion: AbiText<AbiItem<Abi, 'recordJobCompletion'>> = [
  'function recordJobCompletion(address host, uint256 jobId, bool success)',
]

export const recordSettled: AbiText<AbiItem<Abi, 'recordSettled'>> = [
  'function recordSettled(uint256 jobId)',
]

export const registry: AbiText<AbiItem<Abi, 'registry'>> = [
  'function registry() view returns (address)',
]

export const renounceOwnership: AbiText<AbiItem<Abi, 'renounceOwnership'>> = [
  'function renounceOwnership()',
]

export const setIncentiveThreshold: AbiText<AbiItem<Abi, 'setIncentiveThreshold'>> = [
  'function setIncentiveThreshold(uint256 threshold)',
]

export const setMinReputationFee: AbiText<AbiItem<Abi, 'setMinReputationFee'>> = [
  'function setMinReputationFee(address token, uint256 fee)',
]

export const setProofSystem: AbiText<AbiItem<Abi, 'setProofSystem'>> = [
  'function setProofSystem(address proofSystem_)',
]

export const slashReputation: AbiText<AbiItem<Abi, 'slashReputation'>> = [
  'function slashReputation(address host, uint256 points, string reason)',
]

export const transferOwnership: AbiText<AbiItem<Abi, 'transferOwnership'>> = [
  'function transferOwnership(address newOwner)',
]

export const upgradeToAndCall: AbiText<AbiItem<Abi, 'upgradeToAndCall'>> = [
  'function upgradeToAndCall(address newImplementation, bytes data) payable',
]
