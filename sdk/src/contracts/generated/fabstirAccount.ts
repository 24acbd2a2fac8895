import type { fabstirAccountAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'

type Abi = typeof fabstirAccountAbi

export const AllSessionKeysRevoked: AbiText<AbiItem<Abi, 'AllSessionKeysRevoked'>> = [
  'event AllSessionKeysRevoked(uint32 epoch)',
]

export const EIP712DomainChanged: AbiText<AbiItem<Abi, 'EIP712DomainChanged'>> = [
  'event EIP712DomainChanged()',
]

export const GrantCancelled: AbiText<AbiItem<Abi, 'GrantCancelled'>> = [
  'event GrantCancelled(bytes32 indexed salt)',
]

export const OwnerChanged: AbiText<AbiItem<Abi, 'OwnerChanged'>> = [
  'event OwnerChanged(bytes owner)',
]

export const SessionKeyAdded: AbiText<AbiItem<Abi, 'SessionKeyAdded'>> = [
  'event SessionKeyAdded(address indexed key, uint48 validAfter, uint48 validUntil, uint32 uses, bytes32 policyHash)',
]

export const SessionKeyRevoked: AbiText<AbiItem<Abi, 'SessionKeyRevoked'>> = [
  'event SessionKeyRevoked(address indexed key)',
]

export const UPGRADE_INTERFACE_VERSION: AbiText<AbiItem<Abi, 'UPGRADE_INTERFACE_VERSION'>> = [
  'function UPGRADE_INTERFACE_VERSION() returns (string)',
]

export const Upgraded: AbiText<AbiItem<Abi, 'Upgraded'>> = [
  'event Upgraded(address indexed implementation)',
]

export const addSessionKey: AbiText<AbiItem<Abi, 'addSessionKey'>> = [
  'function addSessionKey(address, uint48)',
]

export const addSessionKeyWithPolicy: AbiText<AbiItem<Abi, 'addSessionKeyWithPolicy'>> = [
  'function addSessionKeyWithPolicy((address key, uint48 validAfter, uint48 validUntil, uint32 uses, (address target, bytes4 selector)[] calls, (address token, uint128 perCall, uint128 total)[] limits, (address target, bytes4 selector, uint8 index, bytes32[] allowed)[] pins, address[] payers, uint128 maxGasCost))',
]

export const cancelGrant: AbiText<AbiItem<Abi, 'cancelGrant'>> = [
  'function cancelGrant(bytes32)',
]

export const claimJobViaSessionKey: AbiText<AbiItem<Abi, 'claimJobViaSessionKey'>> = [
  'function claimJobViaSessionKey(address, uint256)',
]

export const createJobViaAccount: AbiText<AbiItem<Abi, 'createJobViaAccount'>> = [
  'function createJobViaAccount(string, bytes32, uint256, uint256) returns (uint256)',
]

export const eip712Domain: AbiText<AbiItem<Abi, 'eip712Domain'>> = [
  'function eip712Domain() returns (bytes1, string, string, uint256, address, bytes32, uint256[])',
]

export const entryPoint: AbiText<AbiItem<Abi, 'entryPoint'>> = [
  'function entryPoint() returns (address)',
]

export const execute: AbiText<AbiItem<Abi, 'execute'>> = [
  'function execute(bytes32, bytes)',
]

export const executeBatch: AbiText<AbiItem<Abi, 'executeBatch'>> = [
  'function executeBatch((address target, uint256 value, bytes data)[])',
]

export const executeUserOp: AbiText<AbiItem<Abi, 'executeUserOp'>> = [
  'function executeUserOp((address sender, uint256 nonce, bytes initCode, bytes callData, bytes32 accountGasLimits, uint256 preVerificationGas, bytes32 gasFees, bytes paymasterAndData, bytes signature), bytes32)',
]

export const getNonce: AbiText<AbiItem<Abi, 'getNonce'>> = [
  'function getNonce(uint192) returns (uint256)',
  'function getNonce() returns (uint256)',
]

export const getSessionKey: AbiText<AbiItem<Abi, 'getSessionKey'>> = [
  'function getSessionKey(address) returns (bool, uint48, uint48, uint32)',
]

export const getSessionLimit: AbiText<AbiItem<Abi, 'getSessionLimit'>> = [
  'function getSessionLimit(address, address) returns (uint256, uint256)',
]

export const initialize: AbiText<AbiItem<Abi, 'initialize'>> = [
  'function initialize(bytes)',
]

export const isGrantUsed: AbiText<AbiItem<Abi, 'isGrantUsed'>> = [
  'function isGrantUsed(bytes32) returns (bool)',
]

export const isValidSignature: AbiText<AbiItem<Abi, 'isValidSignature'>> = [
  'function isValidSignature(bytes32, bytes) returns (bytes4)',
]

export const marketplace: AbiText<AbiItem<Abi, 'marketplace'>> = [
  'function marketplace() returns (address)',
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

export const owner: AbiText<AbiItem<Abi, 'owner'>> = [
  'function owner() returns (bytes)',
]

export const proxiableUUID: AbiText<AbiItem<Abi, 'proxiableUUID'>> = [
  'function proxiableUUID() returns (bytes32)',
]

export const registerNodeViaAccount: AbiText<AbiItem<Abi, 'registerNodeViaAccount'>> = [
  'function registerNodeViaAccount(string)',
]

export const registry: AbiText<AbiItem<Abi, 'registry'>> = [
  'function registry() returns (address)',
]

export const revokeAllSessionKeys: AbiText<AbiItem<Abi, 'revokeAllSessionKeys'>> = [
  'function revokeAllSessionKeys()',
]

export const revokeSessionKey: AbiText<AbiItem<Abi, 'revokeSessionKey'>> = [
  'function revokeSessionKey(address)',
]

export const sessionEpoch: AbiText<AbiItem<Abi, 'sessionEpoch'>> = [
  'function sessionEpoch() returns (uint32)',
]

export const setOwner: AbiText<AbiItem<Abi, 'setOwner'>> = [
  'function setOwner(bytes)',
]

export const supportsExecutionMode: AbiText<AbiItem<Abi, 'supportsExecutionMode'>> = [
  'function supportsExecutionMode(bytes32) returns (bool)',
]

export const supportsInterface: AbiText<AbiItem<Abi, 'supportsInterface'>> = [
  'function supportsInterface(bytes4) returns (bool)',
]

export const upgradeToAndCall: AbiText<AbiItem<Abi, 'upgradeToAndCall'>> = [
  'function upgradeToAndCall(address, bytes)',
]

export const validateUserOp: AbiText<AbiItem<Abi, 'validateUserOp'>> = [
  'function validateUserOp((address sender, uint256 nonce, bytes initCode, bytes callData, bytes32 accountGasLimits, uint256 preVerificationGas, bytes32 gasFees, bytes paymasterAndData, bytes signature), bytes32, uint256) returns (uint256)',
]

export const withdrawDepositTo: AbiText<AbiItem<Abi, 'withdrawDepositTo'>> = [
  'function withdrawDepositTo(address, address, uint256)',
]
