import { apps, changeApp, createApp, issueKey, keys, revokeKey } from './appOperations.ts'
import { audit, verifyAuditLog } from './auditOperations.ts'
import type { Operation } from './operation.ts'
import { paymasters, revokeSigner, rotatePaymaster } from './paymasterOperations.ts'
import {
  applyPolicy,
  dryRunPolicy,
  policies,
  policy,
  policyByHash,
  validatePolicy,
  versions,
} from './policyOperations.ts'
import { usage } from './usageOperations.ts'
import {
  changeWebhook,
  createWebhook,
  deliveries,
  removeWebhook,
  retryDelivery,
  webhooks,
} from './webhookOperations.ts'

/** Everything that administration does, over HTTP and from the command line. */
export const operations = {
  createApp,
  apps,
  changeApp,
  issueKey,
  keys,
  revokeKey,
  validatePolicy,
  applyPolicy,
  dryRunPolicy,
  policies,
  policy,
  versions,
  policyByHash,
  usage,
  createWebhook,
  webhooks,
  changeWebhook,
  removeWebhook,
  deliveries,
  retryDelivery,
  audit,
  verifyAuditLog,
  paymasters,
  rotatePaymaster,
  revokeSigner,
} satisfies Record<string, Operation>

export type OperationName = keyof typeof operations
