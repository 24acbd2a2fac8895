import type { OptionName } from './names.ts'

/** Headings of the help and of the documentation, in their order. */
export const optionGroups = [
  'Chain and paymasters',
  'Signing keys',
  'Apps and policies',
  'Deposits',
  'Prices',
  'Settlement',
  'Storage',
  'Network and operations',
] as const

export type OptionGroup = (typeof optionGroups)[number]

/** Under which heading an option stands. */
export const groupOf = {
  rpcUrl: 'Chain and paymasters',
  chainId: 'Chain and paymasters',
  paymasters: 'Chain and paymasters',
  signerKey: 'Signing keys',
  keystores: 'Signing keys',
  keystorePassword: 'Signing keys',
  keystorePasswordFile: 'Signing keys',
  windowSeconds: 'Signing keys',
  apps: 'Apps and policies',
  policies: 'Apps and policies',
  administrators: 'Apps and policies',
  willSponsorSecrets: 'Apps and policies',
  webhookKey: 'Apps and policies',
  allowPrivateWebhooks: 'Apps and policies',
  lowDepositWei: 'Deposits',
  depositIntervalMs: 'Deposits',
  topUpVault: 'Deposits',
  keeperKey: 'Deposits',
  keeperKeystore: 'Deposits',
  topUpBelowWei: 'Deposits',
  topUpToWei: 'Deposits',
  topUpDayMaxWei: 'Deposits',
  topUpCooldownSeconds: 'Deposits',
  etherPriceUsd: 'Prices',
  priceFeed: 'Prices',
  priceMaxAgeSeconds: 'Prices',
  confirmations: 'Settlement',
  expiryMarginSeconds: 'Settlement',
  pollingIntervalMs: 'Settlement',
  store: 'Storage',
  host: 'Network and operations',
  port: 'Network and operations',
  metricsPort: 'Network and operations',
  shutdownTimeoutMs: 'Network and operations',
  logLevel: 'Network and operations',
} as const satisfies Record<OptionName, OptionGroup>
