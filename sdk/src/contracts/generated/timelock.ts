import type { timelockAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'

type Abi = typeof timelockAbi

export const CANCELLER_ROLE: AbiText<AbiItem<Abi, 'CANCELLER_ROLE'>> = [
  'function CANCELLER_ROLE() view returns (bytes32)',
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
  'function DEFAULT_ADMIN_ROLE() view returns (bytes32)',
]

export const EXECUTOR_ROLE: AbiText<AbiItem<Abi, 'EXECUTOR_ROLE'>> = [
  'function EXECUTOR_ROLE() view returns (bytes32)',
]

export const GRACE_PERIOD: AbiText<AbiItem<Abi, 'GRACE_PERIOD'>> = [
  'function GRACE_PERIOD() view returns (uint256)',
]

export const MinDelayChange: AbiText<AbiItem<Abi, 'MinDelayChange'>> = [
  'event MinDelayChange(uint256 oldDuration, uint256 newDuration)',
]

export const PROPOSER_ROLE: AbiText<AbiItem<Abi, 'PROPOSER_ROLE'>> = [
  'function PROPOSER_ROLE() view returns (bytes32)',
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
  'function cancel(bytes32 id)',
]

export const execute: AbiText<AbiItem<Abi, 'execute'>> = [
  'function execute(address target, uint256 value, bytes payload, bytes32 predecessor, bytes32 salt) payable',
]

export const executeBatch: AbiText<AbiItem<Abi, 'executeBatch'>> = [
  'function executeBatch(address[] targets, uint256[] values, bytes[] payloads, bytes32 predecessor, bytes32 salt) payable',
]

export const getMinDelay: AbiText<AbiItem<Abi, 'getMinDelay'>> = [
  'function getMinDelay() view returns (uint256)',
]

export const getOperationState: AbiText<AbiItem<Abi, 'getOperationState'>> = [
  'function getOperationState(bytes32 id) view returns (uint8)',
]

export const getRoleAdmin: AbiText<AbiItem<Abi, 'getRoleAdmin'>> = [
  'function getRoleAdmin(bytes32 role) view returns (bytes32)',
]

export const getTimestamp: AbiText<AbiItem<Abi, 'getTimestamp'>> = [
  'function getTimestamp(bytes32 id) view returns (uint256)',
]

export const grantRole: AbiText<AbiItem<Abi, 'grantRole'>> = [
  'function grantRole(bytes32 role, address account)',
]

export const hasRole: AbiText<AbiItem<Abi, 'hasRole'>> = [
  'function hasRole(bytes32 role, address account) view returns (bool)',
]

export const hashOperation: AbiText<AbiItem<Abi, 'hashOperation'>> = [
  'function hashOperation(address target, uint256 value, bytes data, bytes32 predecessor, bytes32 salt) pure returns (bytes32)',
]

export const hashOperationBatch: AbiText<AbiItem<Abi, 'hashOperationBatch'>> = [
  'function hashOperationBatch(address[] targets, uint256[] values, bytes[] payloads, bytes32 predecessor, bytes32 salt) pure returns (bytes32)',
]

export const isOperation: AbiText<AbiItem<Abi, 'isOperation'>> = [
  'function isOperation(bytes32 id) view returns (bool)',
]

export const isOperationDone: AbiText<AbiItem<Abi, 'isOperationDone'>> = [
  'function isOperationDone(bytes32 id) view returns (bool)',
]

export const isOperationPending: AbiText<AbiItem<Abi, 'isOperationPending'>> = [
  'function isOperationPending(bytes32 id) view returns (bool)',
]

export const isOperationReady: AbiText<AbiItem<Abi, 'isOperationReady'>> = [
  'function isOperationReady(bytes32 id) view returns (bool)',
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
  'function parameterGuard() view returns (address)',
]

export const renounceRole: AbiText<AbiItem<Abi, 'renounceRole'>> = [
  'function renounceRole(bytes32 role, address callerConfirmation)',
]

export const revokeRole: AbiText<AbiItem<Abi, 'revokeRole'>> = [
  'function revokeRole(bytes32 role, address account)',
]

export const schedule: AbiText<AbiItem<Abi, 'schedule'>> = [
  'function schedule(address target, uint256 value, bytes data, bytes32 predecessor, bytes32 salt, uint256 delay)',
]

export const scheduleBatch: AbiText<AbiItem<Abi, 'scheduleBatch'>> = [
  'function scheduleBatch(address[] targets, uint256[] values, bytes[] payloads, bytes32 predecessor, bytes32 salt, uint256 delay)',
]

export const setParameterGuard: AbiText<AbiItem<Abi, 'setParameterGuard'>> = [
  'function setParameterGuard(address guard)',
]

export const supportsInterface: AbiText<AbiItem<Abi, 'supportsInterface'>> = [
  'function supportsInterface(bytes4 interfaceId) view returns (bool)',
]

export const updateDelay: AbiText<AbiItem<Abi, 'updateDelay'>> = [
  'function updateDelay(uint256 newDelay)',
]
