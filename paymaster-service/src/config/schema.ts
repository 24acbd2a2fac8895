import type { Address, Hex } from 'viem'
import { getAddress, isAddress } from 'viem'
import { z } from 'zod'
import { keyScopeFields } from '../access/keyGrant.ts'
import { usdText } from '../policy/capsDocument.ts'
import { maxWindowSeconds } from '../sponsorship/sponsor.ts'
import type { StoreLocation } from '../store/location.ts'
import { isStoreLocation, storeLocationForm } from '../store/location.ts'

const address = z
  .string()
  .refine((value) => isAddress(value, { strict: false }), 'expected a 20-byte hex address')
  .transform((value): Address => getAddress(value))

/** sha256 of a key, hex: what a file should hold. */
const keyHash = z.string().regex(/^[0-9a-f]{64}$/, 'expected sha256 as 64 hex digits')

const app = z
  .strictObject({
    name: z.string().min(1),
    /** Plain key; only its hash is kept in memory. */
    apiKey: z.string().min(16, 'expected at least 16 characters').optional(),
    apiKeyHash: keyHash.optional(),
    policies: z.array(z.string()).min(1),
    methods: keyScopeFields.methods,
    origins: keyScopeFields.origins,
    rate: keyScopeFields.rate,
    expiresAt: keyScopeFields.expiresAt,
  })
  .refine(({ apiKey, apiKeyHash }) => (apiKey === undefined) !== (apiKeyHash === undefined), {
    error: 'expected one of apiKey and apiKeyHash',
  })

const administrator = z
  .strictObject({
    /** As the audit log has it. */
    name: z.string().min(1).max(64),
    key: z.string().min(32, 'expected at least 32 characters').optional(),
    keyHash: keyHash.optional(),
  })
  .refine(({ key, keyHash: hash }) => (key === undefined) !== (hash === undefined), {
    error: 'expected one of key and keyHash',
  })

const integer = (minimum: number, maximum: number) =>
  z.coerce.number().int().min(minimum).max(maximum)

/** In the file an array, elsewhere with commas. */
const list = z.union([
  z.array(z.string()),
  z.string().transform((text) =>
    text
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  ),
])

const isPrivateKey = (text: string) => /^0x[0-9a-fA-F]{64}$/.test(text)

const wei = z
  .union([
    z.bigint().min(0n),
    z.string().regex(/^\d{1,30}$/, 'expected wei, up to 30 digits'),
    z.number().int().min(0),
  ])
  .transform(BigInt)

const privateKey = z
  .string()
  .refine(isPrivateKey, 'expected a private key: 0x and 64 hex digits')
  .transform((value) => value as Hex)

/** Every option of the service, as the library, the config file, flags and environment give it. */
export const serviceConfigSchema = z.strictObject({
  rpcUrl: z.url({ protocol: /^https?$/ }).describe('JSON-RPC URL of the chain node'),
  chainId: integer(1, Number.MAX_SAFE_INTEGER).describe('chain that is served'),
  paymasters: z
    .record(address, address)
    .refine((map) => Object.keys(map).length > 0, 'expected at least one EntryPoint')
    .describe('SponsorPaymaster by EntryPoint: {"0xEntryPoint":"0xPaymaster"}'),
  parallelSigning: z
    .union([z.boolean(), z.stringbool()])
    .default(false)
    .describe(
      'whether the paymaster of EntryPoint 0.9 is a ParallelSponsorPaymaster, which takes signatures outside of the hash',
    ),
  tokenPaymasters: z
    .record(address, address)
    .default({})
    .describe('TokenPaymaster by EntryPoint, for gas in tokens: {"0xEntryPoint":"0xPaymaster"}'),
  paymentTokens: z
    .array(z.strictObject({ address, usd: usdText.optional() }))
    .default([])
    .describe(
      'tokens that pay for gas: [{"address"}], with "usd" the price of one without feeds, for quotes',
    ),
  quoteSignerKey: privateKey
    .optional()
    .describe('private key of the quote signer of the TokenPaymasters, for tokens without feeds'),
  priceUpdateDayMaxWei: wei
    .default(20_000_000_000_000_000n)
    .describe(
      'most wei that the keeper spends in 24 hours on updatePrice of tokens with feeds; 0 turns it off',
    ),
  bundlerUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'JSON-RPC URL of a bundler that estimates gas, for pm_sponsorUserOperation and unusedGas of policies',
    ),
  signerKey: list
    .refine((keys) => keys.every(isPrivateKey), 'expected private keys: 0x and 64 hex digits each')
    .transform((keys) => keys.map((key) => key as Hex))
    .default([])
    .describe(
      'private keys of SponsorPaymaster signers, with commas; the first that a paymaster knows signs for it',
    ),
  keystores: list
    .default([])
    .describe('keystore files (Web3 Secret Storage, scrypt) or folders of them, with commas'),
  keystorePassword: z.string().optional().describe('password of the keystores'),
  keystorePasswordFile: z
    .string()
    .optional()
    .describe('file with the password of the keystores in its first line'),
  apps: z
    .array(app)
    .default([])
    .describe(
      'apps beside those of the store: [{"name","apiKey" or "apiKeyHash","policies":[id]}], with "methods","origins","rate","expiresAt" if wanted',
    ),
  policies: z.array(z.unknown()).default([]).describe('policy documents beside those of the store'),
  administrators: z
    .array(administrator)
    .default([])
    .describe('who may use /admin: [{"name","key" or "keyHash"}]; without any there is no /admin'),
  webhookKey: z
    .string()
    .min(32, 'expected at least 32 characters')
    .optional()
    .describe('secret that the secrets of webhooks are made from; without it there are none'),
  allowPrivateWebhooks: z
    .union([z.boolean(), z.stringbool()])
    .default(false)
    .describe('whether webhooks may use plain http and lead into private networks'),
  willSponsorSecrets: z
    .record(z.string(), z.string().min(32, 'expected at least 32 characters'))
    .default({})
    // A policy may be called `constructor`: nothing is inherited.
    .transform((secrets) => Object.assign(Object.create(null) as Record<string, string>, secrets))
    .describe('secrets of the willSponsor webhooks by policy: {"policy":"secret"}'),
  store: z
    .string()
    .refine(isStoreLocation, `expected ${storeLocationForm}`)
    .transform((value) => value as StoreLocation)
    .default('sqlite:./fabstir-paymaster.db')
    .describe(`where accounts are kept: ${storeLocationForm}; several instances share PostgreSQL`),
  host: z.string().default('127.0.0.1').describe('address to listen on'),
  port: integer(0, 65_535).default(4338).describe('port to listen on; 0 takes a free one'),
  signTimeoutMs: integer(100, 60_000)
    .default(5_000)
    .describe('time that a key of a key management service has for one signature'),
  windowSeconds: integer(60, maxWindowSeconds)
    .default(600)
    .describe('seconds that a signature is good for'),
  confirmations: integer(0, 1_000).default(0).describe('blocks above a block until it is settled'),
  expiryMarginSeconds: integer(0, 86_400)
    .default(60)
    .describe('seconds after its end until an unused reservation is released'),
  etherPriceUsd: usdText
    .optional()
    .describe('fixed price of ether in US dollars, for policies with caps in USD'),
  priceFeed: address
    .optional()
    .describe('ETH / USD feed on the chain, in the shape of Chainlink, for caps in USD'),
  priceMaxAgeSeconds: integer(1, 604_800)
    .default(3_600)
    .describe('seconds until a price of the feed is stale: then caps in USD refuse'),
  lowDepositWei: wei
    .default(50_000_000_000_000_000n)
    .describe('wei; a deposit below is told by log, metric and webhook'),
  depositIntervalMs: integer(10, 600_000)
    .default(5_000)
    .describe('pause between looks at the deposits'),
  topUpVault: address
    .optional()
    .describe('TopUpVault that deposits are topped up from; without it they are not'),
  keeperKey: privateKey
    .optional()
    .describe('private key of the keeper: it tops up from the vault and updates prices of tokens'),
  keeperKeystore: z
    .string()
    .optional()
    .describe('keystore file of the keeper, in place of its key'),
  keeperMaxFeePerGasWei: wei
    .default(500_000_000_000n)
    .describe('most wei per gas that the keeper bids, for transactions that are stuck too'),
  topUpBelowWei: wei.optional().describe('wei; a deposit below is topped up'),
  topUpToWei: wei.optional().describe('wei that a deposit is topped up to'),
  topUpDayMaxWei: wei.optional().describe('most wei in 24 hours, over all paymasters'),
  topUpCooldownSeconds: integer(60, 604_800)
    .default(600)
    .describe('seconds between two top-ups of one paymaster'),
  pollingIntervalMs: integer(10, 600_000)
    .default(1_000)
    .describe('pause between looks at the chain'),
  metricsPort: integer(0, 65_535)
    .optional()
    .describe('port of GET /metrics, on the same address; without it there are no metrics'),
  shutdownTimeoutMs: integer(0, 600_000)
    .default(10_000)
    .describe('time that a signal leaves for what is under way'),
  logLevel: z
    .enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'])
    .default('info')
    .describe('log lines on standard error'),
})

/** As it is written: defaults may be left out. */
export type ServiceConfigInput = z.input<typeof serviceConfigSchema>
/** As it is used. */
export type ServiceConfig = z.output<typeof serviceConfigSchema>

/** Options with a structure; as a flag or in the environment they are JSON. */
export const jsonOptions: ReadonlySet<string> = new Set([
  'paymasters',
  'tokenPaymasters',
  'paymentTokens',
  'apps',
  'policies',
  'administrators',
  'willSponsorSecrets',
])
/** Options that would show in the list of processes as flags. */
export const secretOptions: ReadonlySet<string> = new Set([
  'signerKey',
  'keystorePassword',
  'keeperKey',
  'quoteSignerKey',
  'apps',
  'administrators',
  'webhookKey',
  'willSponsorSecrets',
])

/**
 * Checks options and fills in defaults.
 * @throws ConfigError naming each option and its rule.
 */
export function parseConfig(input: unknown): ServiceConfig {
  const parsed = serviceConfigSchema.safeParse(input)
  if (parsed.success) return parsed.data
  throw new ConfigError(
    parsed.error.issues.map(
      ({ path, message }) => `${path.map(String).join('.') || 'options'}: ${message}`,
    ),
  )
}

/** Options that cannot be used. */
export class ConfigError extends Error {
  override name = 'ConfigError'
  problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}
