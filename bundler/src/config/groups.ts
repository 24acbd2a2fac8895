import type { OptionName } from './options.ts'

/** Headings of the help and of the documentation, in their order. */
export const optionGroups = [
  'Node and executors',
  'Network',
  'Validation',
  'Mempool and reputation',
  'Bundles',
  'Storage',
  'Operations',
] as const

export type OptionGroup = (typeof optionGroups)[number]

/** Under which heading an option stands. */
export const groupOf = {
  rpcUrl: 'Node and executors',
  executorPrivateKeys: 'Node and executors',
  executorMnemonic: 'Node and executors',
  executorCount: 'Node and executors',
  minExecutorBalance: 'Node and executors',
  entryPoints: 'Node and executors',
  pollInterval: 'Node and executors',
  nodeTimeout: 'Node and executors',
  startTimeout: 'Node and executors',
  lookbackBlocks: 'Node and executors',
  host: 'Network',
  port: 'Network',
  debugRpc: 'Network',
  maxBodyBytes: 'Network',
  maxBatch: 'Network',
  apiKeys: 'Network',
  rateLimit: 'Network',
  maxConnections: 'Network',
  maxSubscriptions: 'Network',
  maxUnreadBytes: 'Network',
  boostSenders: 'Bundles',
  dataAvailability: 'Validation',
  maxAmortizedOps: 'Validation',
  trace: 'Validation',
  minStake: 'Validation',
  minUnstakeDelay: 'Validation',
  maxPoolOps: 'Mempool and reputation',
  maxOpsPerSender: 'Mempool and reputation',
  maxNoncesAhead: 'Mempool and reputation',
  trustedEntities: 'Mempool and reputation',
  opTtl: 'Mempool and reputation',
  bundleMode: 'Bundles',
  bundleInterval: 'Bundles',
  maxBundleOps: 'Bundles',
  maxBundleGas: 'Bundles',
  store: 'Storage',
  maxHeadAge: 'Operations',
  metricsPort: 'Operations',
  otlpEndpoint: 'Operations',
  logLevel: 'Operations',
  shutdownTimeout: 'Operations',
} as const satisfies Record<OptionName, OptionGroup>
