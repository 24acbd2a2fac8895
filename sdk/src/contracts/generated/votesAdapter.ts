import type { votesAdapterAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'

type Abi = typeof votesAdapterAbi

export const CLOCK_MODE: AbiText<AbiItem<Abi, 'CLOCK_MODE'>> = [
  'function CLOCK_MODE() view returns (string)',
]

export const DelegateChanged: AbiText<AbiItem<Abi, 'DelegateChanged'>> = [
  'event DelegateChanged(address indexed delegator, address indexed fromDelegate, address indexed toDelegate)',
]

export const DelegateVotesChanged: AbiText<AbiItem<Abi, 'DelegateVotesChanged'>> = [
  'event DelegateVotesChanged(address indexed delegate, uint256 previousVotes, uint256 newVotes)',
]

export const clock: AbiText<AbiItem<Abi, 'clock'>> = [
  'function clock() view returns (uint48)',
]

export const delegate: AbiText<AbiItem<Abi, 'delegate'>> = [
  'function delegate(address) view',
]

export const delegateBySig: AbiText<AbiItem<Abi, 'delegateBySig'>> = [
  'function delegateBySig(address, uint256, uint256, uint8, bytes32, bytes32) view',
]

export const delegates: AbiText<AbiItem<Abi, 'delegates'>> = [
  'function delegates(address account) view returns (address)',
]

export const fab: AbiText<AbiItem<Abi, 'fab'>> = [
  'function fab() view returns (address)',
]

export const getPastTotalSupply: AbiText<AbiItem<Abi, 'getPastTotalSupply'>> = [
  'function getPastTotalSupply(uint256 timepoint) view returns (uint256)',
]

export const getPastVotes: AbiText<AbiItem<Abi, 'getPastVotes'>> = [
  'function getPastVotes(address account, uint256 timepoint) view returns (uint256)',
]

export const getVotes: AbiText<AbiItem<Abi, 'getVotes'>> = [
  'function getVotes(address account) view returns (uint256)',
]

export const staked: AbiText<AbiItem<Abi, 'staked'>> = [
  'function staked() view returns (address)',
]
