export {
  type AnnounceProviderParameters,
  announceProvider,
  type ProviderInfo,
  ProviderInfoError,
} from './announceProvider.ts'
export type { ApprovalRequest, Approve, ForeignPaymaster } from './approval.ts'
export type {
  ExecutionPermission,
  ExecutionPermissionsRpcSchema,
  PermissionRequest,
  PermissionResponse,
  PermissionRule,
  PermissionScope,
  PermissionSpend,
} from './executionPermission.ts'
export { toPermissionGrant } from './permissionContext.ts'
export type { ShownBatch } from './providerSession.ts'
export type { ProviderStorage } from './providerStorage.ts'
export {
  type Eip1193ProviderParameters,
  type FabstirEip1193Provider,
  toEip1193Provider,
} from './toEip1193Provider.ts'
