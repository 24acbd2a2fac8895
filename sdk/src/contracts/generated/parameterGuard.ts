import type { parameterGuardAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'
import { knowErrors } from '../knownErrors.ts'

type Abi = typeof parameterGuardAbi

knowErrors(`
 ParameterGuardUpgradeSelector
address ParameterGuardNotAdmin
address,bytes4,bool,uint256 ParameterGuardShape
address,bytes4,bytes32 ParameterGuardNotListed
address,bytes4,string ParameterGuardNameTaken ParameterGuardUnknownName
address,bytes4,uint256,uint256 ParameterGuardCallLength
address,bytes4,uint8 ParameterGuardGetterFailed
string,uint256,uint256 ParameterGuardEmptyBounds
string,uint256,uint256,uint256 ParameterGuardOutOfBounds
`)

export const ParameterListed: AbiText<AbiItem<Abi, 'ParameterListed'>> = [
  'event ParameterListed(address indexed target, bytes4 indexed selector, bytes32 indexed key, string name, bytes4 getter, uint8 getterWord, uint256 minimum, uint256 maximum)',
]

export const ParameterRemoved: AbiText<AbiItem<Abi, 'ParameterRemoved'>> = [
  'event ParameterRemoved(address indexed target, bytes4 indexed selector, bytes32 indexed key)',
]

export const check: AbiText<AbiItem<Abi, 'check'>> = [
  'function check(address, bytes) returns ((bytes4 selector, bytes32 key, string name, uint256 current, uint256 requested)[])',
]

export const encodeUpdate: AbiText<AbiItem<Abi, 'encodeUpdate'>> = [
  'function encodeUpdate(address, bytes4, string, uint256) returns (bytes, uint256)',
]

export const getParameter: AbiText<AbiItem<Abi, 'getParameter'>> = [
  'function getParameter(address, bytes4, bytes32) returns ((address target, bytes4 selector, bool keyed, bytes32 key, (string name, bytes4 getter, uint8 getterWord, uint256 minimum, uint256 maximum)[] values))',
]

export const isListed: AbiText<AbiItem<Abi, 'isListed'>> = [
  'function isListed(address, bytes) returns (bool)',
]

export const removeParameter: AbiText<AbiItem<Abi, 'removeParameter'>> = [
  'function removeParameter(address, bytes4, bytes32)',
]

export const setParameters: AbiText<AbiItem<Abi, 'setParameters'>> = [
  'function setParameters((address target, bytes4 selector, bool keyed, bytes32 key, (string name, bytes4 getter, uint8 getterWord, uint256 minimum, uint256 maximum)[] values)[])',
]

export const timelock: AbiText<AbiItem<Abi, 'timelock'>> = [
  'function timelock() returns (address)',
]
