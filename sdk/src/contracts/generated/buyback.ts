import type { buybackAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'
import { knowErrors } from '../knownErrors.ts'

type Abi = typeof buybackAbi

knowErrors(`
 BuybackNoMinimum BuybackNoRoute BuybackZeroAddress
address BuybackNotKeeper
string,uint256,uint256,uint256 BuybackLimitOutOfRange
uint256 BuybackPriceFromFuture
uint256,uint256 BuybackOverCap BuybackStalePrice BuybackTooFewBought BuybackWrongSpend
`)

export const BoughtBack: AbiText<AbiItem<Abi, 'BoughtBack'>> = [
  'event BoughtBack(uint256 spent, uint256 bought, uint256 burned)',
]

export const Initialized: AbiText<AbiItem<Abi, 'Initialized'>> = [
  'event Initialized(uint64 version)',
]

export const KeeperSet: AbiText<AbiItem<Abi, 'KeeperSet'>> = [
  'event KeeperSet(address indexed keeper, bool allowed)',
]

export const LimitsSet: AbiText<AbiItem<Abi, 'LimitsSet'>> = [
  'event LimitsSet(uint256 maxDeviationBps, uint256 burnBps, uint256 maxAge, uint256 window, uint256 cap)',
]

export const OwnershipTransferStarted: AbiText<AbiItem<Abi, 'OwnershipTransferStarted'>> = [
  'event OwnershipTransferStarted(address indexed previousOwner, address indexed newOwner)',
]

export const OwnershipTransferred: AbiText<AbiItem<Abi, 'OwnershipTransferred'>> = [
  'event OwnershipTransferred(address indexed previousOwner, address indexed newOwner)',
]

export const RouteSet: AbiText<AbiItem<Abi, 'RouteSet'>> = [
  'event RouteSet(address indexed adapter, address indexed oracle)',
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

export const acceptOwnership: AbiText<AbiItem<Abi, 'acceptOwnership'>> = [
  'function acceptOwnership()',
]

export const available: AbiText<AbiItem<Abi, 'available'>> = [
  'function available() returns (uint256)',
]

export const buy: AbiText<AbiItem<Abi, 'buy'>> = [
  'function buy(uint256, uint256) returns (uint256)',
]

export const fab: AbiText<AbiItem<Abi, 'fab'>> = [
  'function fab() returns (address)',
]

export const initialize: AbiText<AbiItem<Abi, 'initialize'>> = [
  'function initialize(address, address, address, address, (uint16 maxDeviationBps, uint16 burnBps, uint32 maxAge, uint48 window, uint128 cap))',
]

export const isKeeper: AbiText<AbiItem<Abi, 'isKeeper'>> = [
  'function isKeeper(address) returns (bool)',
]

export const limits: AbiText<AbiItem<Abi, 'limits'>> = [
  'function limits() returns ((uint16 maxDeviationBps, uint16 burnBps, uint32 maxAge, uint48 window, uint128 cap))',
]

export const minimumOut: AbiText<AbiItem<Abi, 'minimumOut'>> = [
  'function minimumOut(uint256) returns (uint256)',
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

export const route: AbiText<AbiItem<Abi, 'route'>> = [
  'function route() returns (address, address)',
]

export const setKeeper: AbiText<AbiItem<Abi, 'setKeeper'>> = [
  'function setKeeper(address, bool)',
]

export const setLimits: AbiText<AbiItem<Abi, 'setLimits'>> = [
  'function setLimits((uint16 maxDeviationBps, uint16 burnBps, uint32 maxAge, uint48 window, uint128 cap))',
]

export const setRoute: AbiText<AbiItem<Abi, 'setRoute'>> = [
  'function setRoute(address, address)',
]

export const setTreasury: AbiText<AbiItem<Abi, 'setTreasury'>> = [
  'function setTreasury(address)',
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

export const usdc: AbiText<AbiItem<Abi, 'usdc'>> = [
  'function usdc() returns (address)',
]
