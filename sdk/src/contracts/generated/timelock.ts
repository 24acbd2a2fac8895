import type { timelockAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'
import { knowErrors } from '../knownErrors.ts'

type Abi = typeof timelockAbi

knowErrors(`
 AccessControlBadConfirmation
address TimelockForeignGuard TimelockUnauthorizedCaller
address,bytes32 AccessControlUnauthorizedAccount
bytes32 TimelockUnexecutedPredecessor
bytes32,bytes32 TimelockUnexpectedOperationState
uint256,uint256 TimelockInsufficientDelay
uint256,uint256,uint256 TimelockInvalidOperationLength
`)

export const CANCELLER_ROLE: AbiText<AbiItem<Abi, 'CANCELLER_ROLE'>> = [
  'function CANCELLER_ROLE() returns (bytes32)',
]

export const CallExecuted: AbiText<AbiItem<Abi, 'CallExecuted'>> = [
  'event CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data)',
]

export const CallSalt: AbiText<AbiItem<Abi, 'CallSalt'>> = [
  'event CallSalt(bytes32 indexed id, bytes32 salt)',
]

export const CallScheduled: AbiText<AbiItem<Abi, 'CallScheduled'>> = [
  'event CallScheduled(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data, bytes32 predecessor, uint256 delay)',
]

export const Cancelled: AbiText<AbiItem<Abi, 'Cancelled'>> = [
  'event Cancelled(bytes32 indexed id)',
]

export const DEFAULT_ADMIN_ROLE: AbiText<AbiItem<Abi, 'DEFAULT_ADMIN_ROLE'>> = [
  'function DEFAULT_ADMIN_ROLE() returns (bytes32)',
]

export const EXECUTOR_ROLE: AbiText<AbiItem<Abi, 'EXECUTOR_ROLE'>> = [
  'function EXECUTOR_ROLE() returns (bytes32)',
]

export const GRACE_PERIOD: AbiText<AbiItem<Abi, 'GRACE_PERIOD'>> = [
  'function GRACE_PERIOD() returns (uint256)',
]

export const MinDelayChange: AbiText<AbiItem<Abi, 'MinDelayChange'>> = [
  'event MinDelayChange(uint256 oldDuration, uint256 newDuration)',
]

export const PROPOSER_ROLE: AbiText<AbiItem<Abi, 'PROPOSER_ROLE'>> = [
  'function PROPOSER_ROLE() returns (bytes32)',
]

export const ParameterGuardSet: AbiText<AbiItem<Abi, 'ParameterGuardSet'>> = [
  'event ParameterGuardSet(address indexed guard)',
]

export const ParameterUpdated: AbiText<AbiItem<Abi, 'ParameterUpdated'>> = [
  'event ParameterUpdated(address indexed target, bytes4 indexed selector, bytes32 indexed key, string name, uint256 oldValue, uint256 newValue, uint256 requested)',
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

export const cancel: AbiText<AbiItem<Abi, 'cancel'>> = [
  'function cancel(bytes32)',
]

export const execute: AbiText<AbiItem<Abi, 'execute'>> = [
  'function execute(address, uint256, bytes, bytes32, bytes32)',
]

export const executeBatch: AbiText<AbiItem<Abi, 'executeBatch'>> = [
  'function executeBatch(address[], uint256[], bytes[], bytes32, bytes32)',
]

export const getMinDelay: AbiText<AbiItem<Abi, 'getMinDelay'>> = [
  'function getMinDelay() returns (uint256)',
]

export const getOperationState: AbiText<AbiItem<Abi, 'getOperationState'>> = [
  'function getOperationState(bytes32) returns (uint8)',
]

export const getRoleAdmin: AbiText<AbiItem<Abi, 'getRoleAdmin'>> = [
  'function getRoleAdmin(bytes32) returns (bytes32)',
]

export const getTimestamp: AbiText<AbiItem<Abi, 'getTimestamp'>> = [
  'function getTimestamp(bytes32) returns (uint256)',
]

export const grantRole: AbiText<AbiItem<Abi, 'grantRole'>> = [
  'function grantRole(bytes32, address)',
]

export const hasRole: AbiText<AbiItem<Abi, 'hasRole'>> = [
  'function hasRole(bytes32, address) returns (bool)',
]

export const hashOperation: AbiText<AbiItem<Abi, 'hashOperation'>> = [
  'function hashOperation(address, uint256, bytes, bytes32, bytes32) returns (bytes32)',
]

export const hashOperationBatch: AbiText<AbiItem<Abi, 'hashOperationBatch'>> = [
  'function hashOperationBatch(address[], uint256[], bytes[], bytes32, bytes32) returns (bytes32)',
]

export const isOperation: AbiText<AbiItem<Abi, 'isOperation'>> = [
  'function isOperation(bytes32) returns (bool)',
]

export const isOperationDone: AbiText<AbiItem<Abi, 'isOperationDone'>> = [
  'function isOperationDone(bytes32) returns (bool)',
]

export const isOperationPending: AbiText<AbiItem<Abi, 'isOperationPending'>> = [
  'function isOperationPending(bytes32) returns (bool)',
]

export const isOperationReady: AbiText<AbiItem<Abi, 'isOperationReady'>> = [
  'function isOperationReady(bytes32) returns (bool)',
]

export const onERC1155BatchReceived: AbiText<AbiItem<Abi, 'onERC1155BatchReceived'>> = [
  'function onERC1155BatchReceived(address, address, uint256[], uint256[], bytes) returns (bytes4)',
]

export const onERC1155Received: AbiText<AbiItem<Abi, 'onERC1155Received'>> = [
  'function onERC1155Received(address, address, uint256, uint256, bytes) returns (bytes4)',
]

export const onERC721Received: AbiText<AbiItem<Abi, 'onERC721Received'>> = [
  'function onERC721Received(address, address, uint256, bytes) returns (bytes4)',
]

export const parameterGuard: AbiText<AbiItem<Abi, 'parameterGuard'>> = [
  'function parameterGuard() returns (address)',
]

export const renounceRole: AbiText<AbiItem<Abi, 'renounceRole'>> = [
  'function renounceRole(bytes32, address)',
]

export const revokeRole: AbiText<AbiItem<Abi, 'revokeRole'>> = [
  'function revokeRole(bytes32, address)',
]

export const schedule: AbiText<AbiItem<Abi, 'schedule'>> = [
  'function schedule(address, uint256, bytes, bytes32, bytes32, uint256)',
]

export const scheduleBatch: AbiText<AbiItem<Abi, 'scheduleBatch'>> = [
  'function scheduleBatch(address[], uint256[], bytes[], bytes32, bytes32, uint256)',
]

export const setParameterGuard: AbiText<AbiItem<Abi, 'setParameterGuard'>> = [
  'function setParameterGuard(address)',
]

export const supportsInterface: AbiText<AbiItem<Abi, 'supportsInterface'>> = [
  'function supportsInterface(bytes4) returns (bool)',
]

export const updateDelay: AbiText<AbiItem<Abi, 'updateDelay'>> = [
  'function updateDelay(uint256)',
]
