import type { stakersPoolAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'
import { knowErrors } from '../knownErrors.ts'

type Abi = typeof stakersPoolAbi

knowErrors(`
 StakersPoolZeroAddress
address StakersPoolRewardListed StakersPoolRewardUnknown
address,uint256 StakersPoolAlreadyFlexible StakersPoolEthTransferFailed StakersPoolUnknownPosition
address,uint256,uint256 StakersPoolTransferMismatch
uint256 StakersPoolTooManyRewards
uint256,uint256 StakersPoolLocked StakersPoolNotLocked StakersPoolWrongValue
uint256,uint256,uint256 StakersPoolInsufficientStake StakersPoolShorterLock
uint256,uint48 StakersPoolFutureLookup
uint8,uint256,uint256 StakersPoolBelowMinimum
`)

export const CLOCK_MODE: AbiText<AbiItem<Abi, 'CLOCK_MODE'>> = [
  'function CLOCK_MODE() returns (string)',
]

export const ExitedEarly: AbiText<AbiItem<Abi, 'ExitedEarly'>> = [
  'event ExitedEarly(address indexed account, uint256 indexed positionId, uint256 amount, uint256 penalty)',
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

export const PositionLapsed: AbiText<AbiItem<Abi, 'PositionLapsed'>> = [
  'event PositionLapsed(address indexed account, uint256 indexed positionId)',
]

export const PositionRelocked: AbiText<AbiItem<Abi, 'PositionRelocked'>> = [
  'event PositionRelocked(address indexed account, uint256 indexed positionId, uint8 tier, uint256 unlocksAt)',
]

export const RewardClaimed: AbiText<AbiItem<Abi, 'RewardClaimed'>> = [
  'event RewardClaimed(address indexed account, address indexed token, uint256 amount, address to)',
]

export const RewardNotified: AbiText<AbiItem<Abi, 'RewardNotified'>> = [
  'event RewardNotified(address indexed token, address indexed from, uint256 amount, uint256 endsAt)',
]

export const RewardTokenListed: AbiText<AbiItem<Abi, 'RewardTokenListed'>> = [
  'event RewardTokenListed(address indexed token)',
]

export const Staked: AbiText<AbiItem<Abi, 'Staked'>> = [
  'event Staked(address indexed account, uint256 indexed positionId, uint8 tier, uint256 amount, uint256 unlocksAt)',
]

export const StakedVotesChanged: AbiText<AbiItem<Abi, 'StakedVotesChanged'>> = [
  'event StakedVotesChanged(address indexed account, uint256 previousVotes, uint256 newVotes)',
]

export const UPGRADE_INTERFACE_VERSION: AbiText<AbiItem<Abi, 'UPGRADE_INTERFACE_VERSION'>> = [
  'function UPGRADE_INTERFACE_VERSION() returns (string)',
]

export const Unstaked: AbiText<AbiItem<Abi, 'Unstaked'>> = [
  'event Unstaked(address indexed account, uint256 indexed positionId, uint256 amount)',
]

export const Upgraded: AbiText<AbiItem<Abi, 'Upgraded'>> = [
  'event Upgraded(address indexed implementation)',
]

export const acceptOwnership: AbiText<AbiItem<Abi, 'acceptOwnership'>> = [
  'function acceptOwnership()',
]

export const claim: AbiText<AbiItem<Abi, 'claim'>> = [
  'function claim(address) returns (uint256)',
  'function claim(address, address) returns (uint256)',
]

export const claimAll: AbiText<AbiItem<Abi, 'claimAll'>> = [
  'function claimAll()',
]

export const clock: AbiText<AbiItem<Abi, 'clock'>> = [
  'function clock() returns (uint48)',
]

export const earned: AbiText<AbiItem<Abi, 'earned'>> = [
  'function earned(address, address) returns (uint256)',
]

export const exitEarly: AbiText<AbiItem<Abi, 'exitEarly'>> = [
  'function exitEarly(uint256) returns (uint256)',
]

export const fab: AbiText<AbiItem<Abi, 'fab'>> = [
  'function fab() returns (address)',
]

export const getPastExtraVotes: AbiText<AbiItem<Abi, 'getPastExtraVotes'>> = [
  'function getPastExtraVotes(uint256) returns (uint256)',
]

export const getPastVotes: AbiText<AbiItem<Abi, 'getPastVotes'>> = [
  'function getPastVotes(address, uint256) returns (uint256)',
]

export const getVotes: AbiText<AbiItem<Abi, 'getVotes'>> = [
  'function getVotes(address) returns (uint256)',
]

export const initialize: AbiText<AbiItem<Abi, 'initialize'>> = [
  'function initialize(address, address, address[])',
]

export const lapse: AbiText<AbiItem<Abi, 'lapse'>> = [
  'function lapse(address, uint256)',
]

export const listRewardToken: AbiText<AbiItem<Abi, 'listRewardToken'>> = [
  'function listRewardToken(address)',
]

export const notifyReward: AbiText<AbiItem<Abi, 'notifyReward'>> = [
  'function notifyReward(address, uint256)',
]

export const owner: AbiText<AbiItem<Abi, 'owner'>> = [
  'function owner() returns (address)',
]

export const pendingOwner: AbiText<AbiItem<Abi, 'pendingOwner'>> = [
  'function pendingOwner() returns (address)',
]

export const position: AbiText<AbiItem<Abi, 'position'>> = [
  'function position(address, uint256) returns ((uint96 amount, uint48 unlocksAt, uint8 tier))',
]

export const positionCount: AbiText<AbiItem<Abi, 'positionCount'>> = [
  'function positionCount(address) returns (uint256)',
]

export const proxiableUUID: AbiText<AbiItem<Abi, 'proxiableUUID'>> = [
  'function proxiableUUID() returns (bytes32)',
]

export const relock: AbiText<AbiItem<Abi, 'relock'>> = [
  'function relock(uint256, uint8)',
]

export const renounceOwnership: AbiText<AbiItem<Abi, 'renounceOwnership'>> = [
  'function renounceOwnership()',
]

export const rewardState: AbiText<AbiItem<Abi, 'rewardState'>> = [
  'function rewardState(address) returns ((uint256 notified, uint256 paid, uint256 unallocated, uint256 endsAt))',
]

export const rewardTokens: AbiText<AbiItem<Abi, 'rewardTokens'>> = [
  'function rewardTokens() returns (address[])',
]

export const stake: AbiText<AbiItem<Abi, 'stake'>> = [
  'function stake(uint8, uint256) returns (uint256)',
]

export const sync: AbiText<AbiItem<Abi, 'sync'>> = [
  'function sync(address) returns (uint256)',
]

export const tierTerms: AbiText<AbiItem<Abi, 'tierTerms'>> = [
  'function tierTerms(uint8) returns ((uint96 minimum, uint48 lock, uint16 rewardBps, uint16 voteBps))',
]

export const totalStaked: AbiText<AbiItem<Abi, 'totalStaked'>> = [
  'function totalStaked() returns (uint256)',
]

export const totalWeight: AbiText<AbiItem<Abi, 'totalWeight'>> = [
  'function totalWeight() returns (uint256)',
]

export const transferOwnership: AbiText<AbiItem<Abi, 'transferOwnership'>> = [
  'function transferOwnership(address)',
]

export const unstake: AbiText<AbiItem<Abi, 'unstake'>> = [
  'function unstake(uint256, uint256)',
]

export const upgradeToAndCall: AbiText<AbiItem<Abi, 'upgradeToAndCall'>> = [
  'function upgradeToAndCall(address, bytes)',
]

export const weightOf: AbiText<AbiItem<Abi, 'weightOf'>> = [
  'function weightOf(address) returns (uint256)',
]
