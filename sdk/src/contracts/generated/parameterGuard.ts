import type { parameterGuardAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'

type Abi = typeof parameterGuardAbi

export const ParameterListed: AbiText<AbiItem<Abi, 'ParameterListed'>> = [
  'event ParameterListed(address indexed target, bytes4 indexed selector, bytes32 indexed key, string name, bytes4 getter, uint8 getterWord, uint256 minimum, uint256 maximum)',
]

export const ParameterRemoved: AbiText<AbiItem<Abi, 'ParameterRemoved'>> = [
  'event ParameterRemoved(address indexed target, bytes4 indexed selector, bytes32 indexed key)',
]

export const check: AbiText<AbiItem<Abi, 'check'>> = [
  'function check(address target, bytes data) view returns ((bytes4 selector, bytes32 key, string name, uint256 current, uint256 requested)[] readings)',
]

export const encodeUpdate: AbiText<AbiItem<Abi, 'encodeUpdate'>> = [
  'function encodeUpdate(address target, bytes4 selector, string name, uint256 newValue) view returns (bytes data, uint256 current)',
]

export const getParameter: AbiText<AbiItem<Abi, 'getParameter'>> = [
  'function getParameter(address target, bytes4 selector, bytes32 key) view returns ((address target, bytes4 selector, bool keyed, bytes32 key, (string name, bytes4 getter, uint8 getterWord, uint256 minimum, uint256 maximum)[] values))',
]

export const isListed: AbiText<AbiItem<Abi, 'isListed'>> = [
  'function isListed(address target, bytes data) view returns (bool)',
]

export const removeParameter: AbiText<AbiItem<Abi, 'removeParameter'>> = [
  'function removeParameter(address target, bytes4 selector, bytes32 key)',
]

export const setParameters: AbiText<AbiItem<Abi, 'setParameters'>> = [
  'function setParameters((address target, bytes4 selector, bool keyed, bytes32 key, (string name, bytes4 getter, uint8 getterWord, uint256 minimum, uint256 maximum)[] values)[] parameters)',
]

export const timelock: AbiText<AbiItem<Abi, 'timelock'>> = [
  'function timelock() view returns (address)',
]
