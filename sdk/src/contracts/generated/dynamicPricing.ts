import type { dynamicPricingAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'

type Abi = typeof dynamicPricingAbi

export const CapacitySet: AbiText<AbiItem<Abi, 'CapacitySet'>> = [
  'event CapacitySet(bytes32 indexed modelId, uint256 tokens)',
]

export const CurveSet: AbiText<AbiItem<Abi, 'CurveSet'>> = [
  'event CurveSet(uint256 kinkBps, uint256 maxSurgeBps)',
]

export const DemandRecorded: AbiText<AbiItem<Abi, 'DemandRecorded'>> = [
  'event DemandRecorded(uint256 indexed jobId, bytes32 indexed modelId, uint256 tokens, uint256 load)',
]

export const Initialized: AbiText<AbiItem<Abi, 'Initialized'>> = [
  'event Initialized(uint64 version)',
]

export const OwnershipTransferStarted: AbiText<AbiItem<Abi, 'OwnershipTransferStarted'>> = [
  'event OwnershipTransferStarted(address indexed previousOwner, address indexed newOwner)',
]

export const OwnershipTransferred: AbiText<AbiItem<Abi, 'OwnershipTransferred'>> = [
  'event OwnershipTransferred(address indexed previousOwner, address indexed newOwner)',
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

export const capacityOf: AbiText<AbiItem<Abi, 'capacityOf'>> = [
  'function capacityOf(bytes32 modelId) view returns (uint256)',
]

export const curve: AbiText<AbiItem<Abi, 'curve'>> = [
  'function curve() view returns ((uint16 kinkBps, uint16 maxSurgeBps))',
]

export const initialize: AbiText<AbiItem<Abi, 'initialize'>> = [
  'function initialize(address owner_, address marketplace_, (uint16 kinkBps, uint16 maxSurgeBps) curve_)',
]

export const isRecorded: AbiText<AbiItem<Abi, 'isRecorded'>> = [
  'function isRecorded(uint256 jobId) view returns (bool)',
]

export const marketplace: AbiText<AbiItem<Abi, 'marketplace'>> = [
  'function marketplace() view returns (address)',
]

export const owner: AbiText<AbiItem<Abi, 'owner'>> = [
  'function owner() view returns (address)',
]

export const pendingOwner: AbiText<AbiItem<Abi, 'pendingOwner'>> = [
  'function pendingOwner() view returns (address)',
]

export const priceNow: AbiText<AbiItem<Abi, 'priceNow'>> = [
  'function priceNow(bytes32 modelId, uint256 basePrice) view returns (uint256)',
]

export const proxiableUUID: AbiText<AbiItem<Abi, 'proxiableUUID'>> = [
  'function proxiableUUID() view returns (bytes32)',
]

export const recordSettled: AbiText<AbiItem<Abi, 'recordSettled'>> = [
  'function recordSettled(uint256 jobId)',
]

export const renounceOwnership: AbiText<AbiItem<Abi, 'renounceOwnership'>> = [
  'function renounceOwnership()',
]

export const setCapacity: AbiText<AbiItem<Abi, 'setCapacity'>> = [
  'function setCapacity(bytes32 modelId, uint96 tokens)',
]

export const setCurve: AbiText<AbiItem<Abi, 'setCurve'>> = [
  'function setCurve((uint16 kinkBps, uint16 maxSurgeBps) curve_)',
]

export const surgeBps: AbiText<AbiItem<Abi, 'surgeBps'>> = [
  'function surgeBps(bytes32 modelId) view returns (uint256)',
]

export const transferOwnership: AbiText<AbiItem<Abi, 'transferOwnership'>> = [
  'function transferOwnership(address newOwner)',
]

export const upgradeToAndCall: AbiText<AbiItem<Abi, 'upgradeToAndCall'>> = [
  'function upgradeToAndCall(address newImplementation, bytes data) payable',
]

export const utilisationBps: AbiText<AbiItem<Abi, 'utilisationBps'>> = [
  'function utilisationBps(bytes32 modelId) view returns (uint256)',
]
