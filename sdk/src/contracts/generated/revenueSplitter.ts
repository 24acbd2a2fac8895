import type { revenueSplitterAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'
import { knowErrors } from '../knownErrors.ts'

type Abi = typeof revenueSplitterAbi

knowErrors(`
 RevenueSplitterZeroAddress RevenueSplitterZeroAmount
address,address RevenueSplitterNothingToWithdraw
address,uint256 RevenueSplitterEthTransferFailed
address,uint256,uint256 RevenueSplitterTransferMismatch
uint256,uint256 RevenueSplitterWrongValue
`)

export const Initialized: AbiText<AbiItem<Abi, 'Initialized'>> = [
  'event Initialized(uint64 version)',
]

export const OwnershipTransferStarted: AbiText<AbiItem<Abi, 'OwnershipTransferStarted'>> = [
  'event OwnershipTransferStarted(address indexed previousOwner, address indexed newOwner)',
]

export const OwnershipTransferred: AbiText<AbiItem<Abi, 'OwnershipTransferred'>> = [
  'event OwnershipTransferred(address indexed previousOwner, address indexed newOwner)',
]

export const RevenueSplit: AbiText<AbiItem<Abi, 'RevenueSplit'>> = [
  'event RevenueSplit(address indexed token, address indexed host, uint256 toHost, uint256 toTreasury, uint256 toStakers)',
]

export const StakersPoolSet: AbiText<AbiItem<Abi, 'StakersPoolSet'>> = [
  'event StakersPoolSet(address indexed stakersPool)',
]

export const TreasurySet: AbiText<AbiItem<Abi, 'TreasurySet'>> = [
  'event TreasurySet(address indexed treasury)',
]

export const UPGRADE_INTERFACE_VERSION: AbiText<AbiItem<Abi, 'UPGRADE_INTERFACE_VERSION'>> = [
  'function UPGRADE_INTERFACE_VERSION() returns (string)',
]

export const Upgraded: AbiText<AbiItem<Abi, 'Upgraded'>> = [
  'event Upgraded(address indexed implementation)',
]

export const Withdrawn: AbiText<AbiItem<Abi, 'Withdrawn'>> = [
  'event Withdrawn(address indexed account, address indexed token, uint256 amount, address to)',
]

export const acceptOwnership: AbiText<AbiItem<Abi, 'acceptOwnership'>> = [
  'function acceptOwnership()',
]

export const initialize: AbiText<AbiItem<Abi, 'initialize'>> = [
  'function initialize(address, address, address)',
]

export const liabilities: AbiText<AbiItem<Abi, 'liabilities'>> = [
  'function liabilities(address) returns (uint256)',
]

export const owner: AbiText<AbiItem<Abi, 'owner'>> = [
  'function owner() returns (address)',
]

export const pendingOwner: AbiText<AbiItem<Abi, 'pendingOwner'>> = [
  'function pendingOwner() returns (address)',
]

export const proxiableUUID: AbiText<AbiItem<Abi, 'proxiableUUID'>> = [
  'function proxiableUUID() returns (bytes32)',
]

export const renounceOwnership: AbiText<AbiItem<Abi, 'renounceOwnership'>> = [
  'function renounceOwnership()',
]

export const setStakersPool: AbiText<AbiItem<Abi, 'setStakersPool'>> = [
  'function setStakersPool(address)',
]

export const setTreasury: AbiText<AbiItem<Abi, 'setTreasury'>> = [
  'function setTreasury(address)',
]

export const split: AbiText<AbiItem<Abi, 'split'>> = [
  'function split(address, uint256, address) returns (uint256, uint256, uint256)',
]

export const stakersPool: AbiText<AbiItem<Abi, 'stakersPool'>> = [
  'function stakersPool() returns (address)',
]

export const transferOwnership: AbiText<AbiItem<Abi, 'transferOwnership'>> = [
  'function transferOwnership(address)',
]

export const treasury: AbiText<AbiItem<Abi, 'treasury'>> = [
  'function treasury() returns (address)',
]

export const upgradeToAndCall: AbiText<AbiItem<Abi, 'upgradeToAndCall'>> = [
  'function upgradeToAndCall(address, bytes)',
]

export const withdraw: AbiText<AbiItem<Abi, 'withdraw'>> = [
  'function withdraw(address) returns (uint256)',
  'function withdraw(address, address) returns (uint256)',
]

export const withdrawable: AbiText<AbiItem<Abi, 'withdrawable'>> = [
  'function withdrawable(address, address) returns (uint256)',
]
