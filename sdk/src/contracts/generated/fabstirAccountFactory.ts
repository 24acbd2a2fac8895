import type { fabstirAccountFactoryAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'

type Abi = typeof fabstirAccountFactoryAbi

export const AccountCreated: AbiText<AbiItem<Abi, 'AccountCreated'>> = [
  'event AccountCreated(address indexed account, bytes owner, uint256 salt)',
]

export const accountImplementation: AbiText<AbiItem<Abi, 'accountImplementation'>> = [
  'function accountImplementation() view returns (address)',
]

export const createAccount: AbiText<AbiItem<Abi, 'createAccount'>> = [
  'function createAccount(bytes owner, uint256 salt) returns (address account)',
]

export const getAddress: AbiText<AbiItem<Abi, 'getAddress'>> = [
  'function getAddress(bytes owner, uint256 salt) view returns (address account)',
]
