import type { fabTokenAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'

type Abi = typeof fabTokenAbi

export const Approval: AbiText<AbiItem<Abi, 'Approval'>> = [
  'event Approval(address indexed owner, address indexed spender, uint256 value)',
]

export const CLOCK_MODE: AbiText<AbiItem<Abi, 'CLOCK_MODE'>> = [
  'function CLOCK_MODE() pure returns (string)',
]

export const DOMAIN_SEPARATOR: AbiText<AbiItem<Abi, 'DOMAIN_SEPARATOR'>> = [
  'function DOMAIN_SEPARATOR() view returns (bytes32)',
]

export const DelegateChanged: AbiText<AbiItem<Abi, 'DelegateChanged'>> = [
  'event DelegateChanged(address indexed delegator, address indexed fromDelegate, address indexed toDelegate)',
]

export const DelegateVotesChanged: AbiText<AbiItem<Abi, 'DelegateVotesChanged'>> = [
  'event DelegateVotesChanged(address indexed delegate, uint256 previousVotes, uint256 newVotes)',
]

export const EIP712DomainChanged: AbiText<AbiItem<Abi, 'EIP712DomainChanged'>> = [
  'event EIP712DomainChanged()',
]

export const Transfer: AbiText<AbiItem<Abi, 'Transfer'>> = [
  'event Transfer(address indexed from, address indexed to, uint256 value)',
]

export const allowance: AbiText<AbiItem<Abi, 'allowance'>> = [
  'function allowance(address owner, address spender) view returns (uint256)',
]

export const approve: AbiText<AbiItem<Abi, 'approve'>> = [
  'function approve(address spender, uint256 value) returns (bool)',
]

export const balanceOf: AbiText<AbiItem<Abi, 'balanceOf'>> = [
  'function balanceOf(address account) view returns (uint256)',
]

export const burn: AbiText<AbiItem<Abi, 'burn'>> = [
  'function burn(uint256 value)',
]

export const burnFrom: AbiText<AbiItem<Abi, 'burnFrom'>> = [
  'function burnFrom(address account, uint256 value)',
]

export const checkpoints: AbiText<AbiItem<Abi, 'checkpoints'>> = [
  'function checkpoints(address account, uint32 pos) view returns ((uint48 _key, uint208 _value))',
]

export const clock: AbiText<AbiItem<Abi, 'clock'>> = [
  'function clock() view returns (uint48)',
]

export const decimals: AbiText<AbiItem<Abi, 'decimals'>> = [
  'function decimals() view returns (uint8)',
]

export const delegate: AbiText<AbiItem<Abi, 'delegate'>> = [
  'function delegate(address delegatee)',
]

export const delegateBySig: AbiText<AbiItem<Abi, 'delegateBySig'>> = [
  'function delegateBySig(address delegatee, uint256 nonce, uint256 expiry, uint8 v, bytes32 r, bytes32 s)',
]

export const delegates: AbiText<AbiItem<Abi, 'delegates'>> = [
  'function delegates(address account) view returns (address)',
]

export const eip712Domain: AbiText<AbiItem<Abi, 'eip712Domain'>> = [
  'function eip712Domain() view returns (bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)',
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

export const name: AbiText<AbiItem<Abi, 'name'>> = [
  'function name() view returns (string)',
]

export const nonces: AbiText<AbiItem<Abi, 'nonces'>> = [
  'function nonces(address owner) view returns (uint256)',
]

export const numCheckpoints: AbiText<AbiItem<Abi, 'numCheckpoints'>> = [
  'function numCheckpoints(address account) view returns (uint32)',
]

export const permit: AbiText<AbiItem<Abi, 'permit'>> = [
  'function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)',
]

export const symbol: AbiText<AbiItem<Abi, 'symbol'>> = [
  'function symbol() view returns (string)',
]

export const totalSupply: AbiText<AbiItem<Abi, 'totalSupply'>> = [
  'function totalSupply() view returns (uint256)',
]

export const transfer: AbiText<AbiItem<Abi, 'transfer'>> = [
  'function transfer(address to, uint256 value) returns (bool)',
]

export const transferFrom: AbiText<AbiItem<Abi, 'transferFrom'>> = [
  'function transferFrom(address from, address to, uint256 value) returns (bool)',
]
