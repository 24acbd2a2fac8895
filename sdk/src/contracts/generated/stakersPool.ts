import type { stakersPoolAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'

type Abi = typeof stakersPoolAbi

export const CLOCK_MODE: AbiText<AbiItem<Abi, 'CLOCK_MODE'>> = [
  'function CLOCK_MODE() pure returns (string)',
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
  'function UPGRADE_INTERFACE_VERSION() view returns (string)',
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
  'function claim(address token) returns (uint256 amount)',
  'function claim(address token, address to) returns (uint256 amount)',
]

export const claimAll: AbiText<AbiItem<Abi, 'claimAll'>> = [
  'function claimAll()',
]

export const clock: AbiText<AbiItem<Abi, 'clock'>> = [
  'function clock() view returns (uint48)',
]

export const earned: AbiText<AbiItem<Abi, 'earned'>> = [
  'function earned(address account, address token) view returns (uint256)',
]

export const exitEarly: AbiText<AbiItem<Abi, 'exitEarly'>> = [
  'function exitEarly(uint256 positionId) returns (uint256 paid)',
]

export const fab: AbiText<AbiItem<Abi, 'fab'>> = [
  'function fab() view returns (address)',
]

export const getPastExtraVotes: AbiText<AbiItem<Abi, 'getPastExtraVotes'>> = [
  'function getPastExtraVotes(uint256 timepoint) view returns (uint256)',
]

export const getPastVotes: AbiText<AbiItem<Abi, 'getPastVotes'>> = [
  'function getPastVotes(address account, uint256 timepoint) view returns (uint256)',
]

export const getVotes: AbiText<AbiItem<Abi, 'getVotes'>> = [
  'function getVotes(address account) view returns (uint256)',
]

export const initialize: AbiText<AbiItem<Abi, 'initialize'>> = [
  'function initialize(address owner_, address fab_, address[] rewardTokens_)',
]

export const lapse: AbiText<AbiItem<Abi, 'lapse'>> = [
  'function lapse(address account, uint256 positionId)',
]

export const listRewardToken: AbiText<AbiItem<Abi, 'listRewardToken'>> = [
  'function listRewardToken(address token)',
]

export const notifyReward: AbiText<AbiItem<Abi, 'notifyReward'>> = [
  'function notifyReward(address token, uint256 amount) payable',
]

export const owner: AbiText<AbiItem<Abi, 'owner'>> = [
  'function owner() view returns (address)',
]

export const pendingOwner: AbiText<AbiItem<Abi, 'pendingOwner'>> = [
  'function pendingOwner() view returns (address)',
]

export const position: AbiText<AbiItem<Abi, 'position'>> = [
  'function position(address account, uint256 positionId) view returns ((uint96 amount, uint48 unlocksAt, uint8 tier) held)',
]

export const positionCount: AbiText<AbiItem<Abi, 'positionCount'>> = [
  'function positionCount(address account) view returns (uint256)',
]

export const proxiableUUID: AbiText<AbiItem<Abi, 'proxiableUUID'>> = [
  'function proxiableUUID() view returns (bytes32)',
]

export const relock: AbiText<AbiItem<Abi, 'relock'>> = [
  'function relock(uint256 positionId, uint8 tier)',
]

export const renounceOwnership: AbiText<AbiItem<Abi, 'renounceOwnership'>> = [
  'function renounceOwnership()',
]

export const rewardState: AbiText<AbiItem<Abi, 'rewardState'>> = [
  'function rewardState(address token) view returns ((uint256 notified, uint256 paid, uint256 unallocated, uint256 endsAt))',
]

export const rewardTokens: AbiText<AbiItem<Abi, 'rewardTokens'>> = [
  'function rewardTokens() view returns (address[])',
]

export const stake: AbiText<AbiItem<Abi, 'stake'>> = [
  'function stake(uint8 tier, uint256 amount) returns (uint256 positionId)',
]

export const sync: AbiText<AbiItem<Abi, 'sync'>> = [
  'function sync(address token) returns (uint256 surplus)',
]

export const tierTerms: AbiText<AbiItem<Abi, 'tierTerms'>> = [
  'function tierTerms(uint8 tier) pure returns ((uint96 minimum, uint48 lock, uint16 rewardBps, uint16 voteBps))',
]

export const totalStaked: AbiText<AbiItem<Abi, 'totalStaked'>> = [
  'function totalStaked() view returns (uint256)',
]

export const totalWeight: AbiText<AbiItem<Abi, 'totalWeight'>> = [
  'function totalWeight() view returns (uint256)',
]

export const transferOwnership: AbiText<AbiItem<Abi, 'transferOwnership'>> = [
  'function transferOwnership(address newOwner)',
]

export const unstake: AbiText<AbiItem<Abi, 'unstake'>> = [
  'function unstake(uint256 positionId, uint256 amount)',
]

export const upgradeToAndCall: AbiText<AbiItem<Abi, 'upgradeToAndCall'>> = [
  'function upgradeToAndCall(address newImplementation, bytes data) payable',
]

export const weightOf: AbiText<AbiItem<Abi, 'weightOf'>> = [
  'function weightOf(address account) view returns (uint256)',
]
