import type { votesAdapterAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'
import { knowErrors } from '../knownErrors.ts'

type Abi = typeof votesAdapterAbi

knowErrors(`
 VotesAdapterZeroAddress
address VotesAdapterDelegateOnToken
string VotesAdapterClockMode
`)

export const CLOCK_MODE: AbiText<AbiItem<Abi, 'CLOCK_MODE'>> = [
  'function CLOCK_MODE() returns (string)',
]

export const DelegateChanged: AbiText<AbiItem<Abi, 'DelegateChanged'>> = [
  'event DelegateChanged(address indexed delegator, address indexed fromDelegate, address indexed toDelegate)',
]

export const DelegateVotesChanged: AbiText<AbiItem<Abi, 'DelegateVotesChanged'>> = [
  'event DelegateVotesChanged(address indexed delegate, uint256 previousVotes, uint256 newVotes)',
]

export const clock: AbiText<AbiItem<Abi, 'clock'>> = [
  'function clock() returns (uint48)',
]

export const delegate: AbiText<AbiItem<Abi, 'delegate'>> = [
  'function delegate(address)',
]

export const delegateBySig: AbiText<AbiItem<Abi, 'delegateBySig'>> = [
  'function delegateBySig(address, uint256, uint256, uint8, bytes32, bytes32)',
]

export const delegates: AbiText<AbiItem<Abi, 'delegates'>> = [
  'function delegates(address) returns (address)',
]

export const fab: AbiText<AbiItem<Abi, 'fab'>> = [
  'function fab() returns (address)',
]

export const getPastTotalSupply: AbiText<AbiItem<Abi, 'getPastTotalSupply'>> = [
  'function getPastTotalSupply(uint256) returns (uint256)',
]

export const getPastVotes: AbiText<AbiItem<Abi, 'getPastVotes'>> = [
  'function getPastVotes(address, uint256) returns (uint256)',
]

export const getVotes: AbiText<AbiItem<Abi, 'getVotes'>> = [
  'function getVotes(address) returns (uint256)',
]

export const staked: AbiText<AbiItem<Abi, 'staked'>> = [
  'function staked() returns (address)',
]
