import type { emergencyGuardianAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'
import { knowErrors } from '../knownErrors.ts'

type Abi = typeof emergencyGuardianAbi

knowErrors(`
 AccessControlBadConfirmation EmergencyGuardianZeroAddress
address EmergencyGuardianNotGovernor
address,bytes32 AccessControlUnauthorizedAccount
address,uint8 EmergencyGuardianNoEffect
string EmergencyGuardianUnknownAction
`)

export const DEFAULT_ADMIN_ROLE: AbiText<AbiItem<Abi, 'DEFAULT_ADMIN_ROLE'>> = [
  'function DEFAULT_ADMIN_ROLE() returns (bytes32)',
]

export const EMERGENCY_ROLE: AbiText<AbiItem<Abi, 'EMERGENCY_ROLE'>> = [
  'function EMERGENCY_ROLE() returns (bytes32)',
]

export const EmergencyActionExecuted: AbiText<AbiItem<Abi, 'EmergencyActionExecuted'>> = [
  'event EmergencyActionExecuted(address indexed member, address indexed target, string action, string reason, uint8 level, uint256 timestamp)',
]

export const RoleAdminChanged: AbiText<AbiItem<Abi, 'RoleAdminChanged'>> = [
  'event RoleAdminChanged(bytes32 indexed role, bytes32 indexed previousAdminRole, bytes32 indexed newAdminRole)',
]

export const RoleGranted: AbiText<AbiItem<Abi, 'RoleGranted'>> = [
  'event RoleGranted(bytes32 indexed role, address indexed account, address indexed sender)',
]

export const RoleRevoked: AbiText<AbiItem<Abi, 'RoleRevoked'>> = [
  'event RoleRevoked(bytes32 indexed role, address indexed account, address indexed sender)',
]

export const executeEmergencyAction: AbiText<AbiItem<Abi, 'executeEmergencyAction'>> = [
  'function executeEmergencyAction(string, address)',
  'function executeEmergencyAction(string, address, string)',
]

export const executeEmergencyActionFor: AbiText<AbiItem<Abi, 'executeEmergencyActionFor'>> = [
  'function executeEmergencyActionFor(address, string, address)',
]

export const getRoleAdmin: AbiText<AbiItem<Abi, 'getRoleAdmin'>> = [
  'function getRoleAdmin(bytes32) returns (bytes32)',
]

export const grantRole: AbiText<AbiItem<Abi, 'grantRole'>> = [
  'function grantRole(bytes32, address)',
]

export const hasRole: AbiText<AbiItem<Abi, 'hasRole'>> = [
  'function hasRole(bytes32, address) returns (bool)',
]

export const pauseFunction: AbiText<AbiItem<Abi, 'pauseFunction'>> = [
  'function pauseFunction(address, bytes4)',
]

export const renounceRole: AbiText<AbiItem<Abi, 'renounceRole'>> = [
  'function renounceRole(bytes32, address)',
]

export const revokeRole: AbiText<AbiItem<Abi, 'revokeRole'>> = [
  'function revokeRole(bytes32, address)',
]

export const setCircuitBreakerLevel: AbiText<AbiItem<Abi, 'setCircuitBreakerLevel'>> = [
  'function setCircuitBreakerLevel(address, uint8)',
]

export const supportsInterface: AbiText<AbiItem<Abi, 'supportsInterface'>> = [
  'function supportsInterface(bytes4) returns (bool)',
]

export const timelock: AbiText<AbiItem<Abi, 'timelock'>> = [
  'function timelock() returns (address)',
]

export const unpauseFunction: AbiText<AbiItem<Abi, 'unpauseFunction'>> = [
  'function unpauseFunction(address, bytes4)',
]
