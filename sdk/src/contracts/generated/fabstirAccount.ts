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
  'function UPGRADE_INTERFACE_VERSION() view returns (string)',
]

export const Upgraded: AbiText<AbiItem<Abi, 'Upgraded'>> = [
  'event Upgraded(address indexed implementation)',
]

export const addSessionKey: AbiText<AbiItem<Abi, 'addSessionKey'>> = [
  'function addSessionKey(address app, uint48 expiry)',
]

export const addSessionKeyWithPolicy: AbiText<AbiItem<Abi, 'addSessionKeyWithPolicy'>> = [
  'function addSessionKeyWithPolicy((address key, uint48 validAfter, uint48 validUntil, uint32 uses, (address target, bytes4 selector)[] calls, (address token, uint128 perCall, uint128 total)[] limits, (address target, bytes4 selector, uint8 index, bytes32[] allowed)[] pins, address[] payers, uint128 maxGasCost) policy)',
]

export const cancelGrant: AbiText<AbiItem<Abi, 'cancelGrant'>> = [
  'function cancelGrant(bytes32 salt)',
]

export const claimJobViaSessionKey: AbiText<AbiItem<Abi, 'claimJobViaSessionKey'>> = [
  'function claimJobViaSessionKey(address wallet, uint256 jobId)',
]

export const createJobViaAccount: AbiText<AbiItem<Abi, 'createJobViaAccount'>> = [
  'function createJobViaAccount(string modelId, bytes32 inputHash, uint256 payment, uint256 deadline) returns (uint256 jobId)',
]

export const eip712Domain: AbiText<AbiItem<Abi, 'eip712Domain'>> = [
  'function eip712Domain() view returns (bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)',
]

export const entryPoint: AbiText<AbiItem<Abi, 'entryPoint'>> = [
  'function entryPoint() view returns (address)',
]

export const execute: AbiText<AbiItem<Abi, 'execute'>> = [
  'function execute(bytes32 mode, bytes executionData) payable',
]

export const executeBatch: AbiText<AbiItem<Abi, 'executeBatch'>> = [
  'function executeBatch((address target, uint256 value, bytes data)[]) payable',
]

export const executeUserOp: AbiText<AbiItem<Abi, 'executeUserOp'>> = [
  'function executeUserOp((address sender, uint256 nonce, bytes initCode, bytes callData, bytes32 accountGasLimits, uint256 preVerificationGas, bytes32 gasFees, bytes paymasterAndData, bytes signature) userOp, bytes32)',
]

export const getNonce: AbiText<AbiItem<Abi, 'getNonce'>> = [
  'function getNonce(uint192 key) view returns (uint256)',
  'function getNonce() view returns (uint256)',
]

export const getSessionKey: AbiText<AbiItem<Abi, 'getSessionKey'>> = [
  'function getSessionKey(address key) view returns (bool active, uint48 validAfter, uint48 validUntil, uint32 usesLeft)',
]

export const getSessionLimit: AbiText<AbiItem<Abi, 'getSessionLimit'>> = [
  'function getSessionLimit(address key, address token) view returns (uint256 left, uint256 perCall)',
]

export const initialize: AbiText<AbiItem<Abi, 'initialize'>> = [
  'function initialize(bytes newOwner)',
]

export const isGrantUsed: AbiText<AbiItem<Abi, 'isGrantUsed'>> = [
  'function isGrantUsed(bytes32 salt) view returns (bool)',
]

export const isValidSignature: AbiText<AbiItem<Abi, 'isValidSignature'>> = [
  'function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4 result)',
]

export const marketplace: AbiText<AbiItem<Abi, 'marketplace'>> = [
  'function marketplace() view returns (address)',
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
  'function owner() view returns (bytes)',
]

export const proxiableUUID: AbiText<AbiItem<Abi, 'proxiableUUID'>> = [
  'function proxiableUUID() view returns (bytes32)',
]

export const registerNodeViaAccount: AbiText<AbiItem<Abi, 'registerNodeViaAccount'>> = [
  'function registerNodeViaAccount(string metadata)',
]

export const registry: AbiText<AbiItem<Abi, 'registry'>> = [
  'function registry() view returns (address)',
]

export const revokeAllSessionKeys: AbiText<AbiItem<Abi, 'revokeAllSessionKeys'>> = [
  'function revokeAllSessionKeys()',
]

export const revokeSessionKey: AbiText<AbiItem<Abi, 'revokeSessionKey'>> = [
  'function revokeSessionKey(address app)',
]

export const sessionEpoch: AbiText<AbiItem<Abi, 'sessionEpoch'>> = [
  'function sessionEpoch() view returns (uint32)',
]

export const setOwner: AbiText<AbiItem<Abi, 'setOwner'>> = [
  'function setOwner(bytes newOwner)',
]

export const supportsExecutionMode: AbiText<AbiItem<Abi, 'supportsExecutionMode'>> = [
  'function supportsExecutionMode(bytes32 mode) view returns (bool result)',
]

export const supportsInterface: AbiText<AbiItem<Abi, 'supportsInterface'>> = [
  'function supportsInterface(bytes4 interfaceId) view returns (bool)',
]

export const upgradeToAndCall: AbiText<AbiItem<Abi, 'upgradeToAndCall'>> = [
  'function upgradeToAndCall(address newImplementation, bytes data) payable',
]

export const validateUserOp: AbiText<AbiItem<Abi, 'validateUserOp'>> = [
  'function validateUserOp((address sender, uint256 nonce, bytes initCode, bytes callData, bytes32 accountGasLimits, uint256 preVerificationGas, bytes32 gasFees, bytes paymasterAndData, bytes signature) userOp, bytes32 userOpHash, uint256 missingAccountFunds) returns (uint256)',
]

export const withdrawDepositTo: AbiText<AbiItem<Abi, 'withdrawDepositTo'>> = [
  'function withdrawDepositTo(address from, address to, uint256 amount)',
]
