import type { Address, Hex } from 'viem'
import { getAddress, isAddress } from 'viem'
import { z } from 'zod'
import type { LedgerLocation } from '../ledger/openLedger.ts'
import { maxWindowSeconds } from '../sponsorship/sponsor.ts'

const address = z
  .string()
  .refine((value) => isAddress(value, { strict: false }), 'expected a 20-byte hex address')
  .transform((value): Address => getAddress(value))

const app = z
  .strictObject({
    name: z.string().min(1),
    /** Plain key; only its hash is kept in memory. */
    apiKey: z.string().min(16, 'expected at least 16 characters').optional(),
    /** sha256 of the key, hex: what a file should hold. */
    apiKeyHash: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'expected sha256 as 64 hex digits')
      .optional(),
    policies: z.array(z.string()).min(1),
  })
  .refine(({ apiKey, apiKeyHash }) => (apiKey === undefined) !== (apiKeyHash === undefined), {
    error: 'expected one of apiKey and apiKeyHash',
  })

const integer = (minimum: number, maximum: number) =>
  z.coerce.number().int().min(minimum).max(maximum)

/** Every option of the service, as the library, the config file, flags and environment give it. */
export const serviceConfigSchema = z.strictObject({
  rpcUrl: z.url({ protocol: /^https?$/ }).describe('JSON-RPC URL of the chain node'),
  chainId: integer(1, Number.MAX_SAFE_INTEGER).describe('chain that is served'),
  paymasters: z
    .record(address, address)
    .refine((map) => Object.keys(map).length > 0, 'expected at least one EntryPoint')
    .describe('SponsorPaymaster by EntryPoint: {"0xEntryPoint":"0xPaymaster"}'),
  signerKey: z
    .string()
    .regex(/^0x[0-9a-fA-F]{64}$/, 'expected a private key: 0x and 64 hex digits')
    .transform((value) => value as Hex)
    .describe('private key of a SponsorPaymaster signer'),
  apps: z.array(app).min(1).describe('apps: [{"name","apiKey" or "apiKeyHash","policies":[id]}]'),
  policies: z.array(z.unknown()).min(1).describe('policy documents'),
  willSponsorSecrets: z
    .record(z.string(), z.string().min(32, 'expected at least 32 characters'))
    .default({})
    .describe('secrets of the willSponsor webhooks by policy: {"policy":"secret"}'),
  store: z
    .string()
    .regex(/^(memory|sqlite:.+)$/, 'expected sqlite:PATH or memory')
    .transform((value) => value as LedgerLocation)
    .default('sqlite:./fabstir-paymaster.db')
    .describe('ledger: sqlite:PATH or memory'),
  host: z.string().default('127.0.0.1').describe('address to listen on'),
  port: integer(0, 65_535).default(4338).describe('port to listen on; 0 takes a free one'),
  windowSeconds: integer(60, maxWindowSeconds)
    .default(600)
    .describe('seconds that a signature is good for'),
  confirmations: integer(0, 1_000).default(0).describe('blocks above a block until it is settled'),
  expiryMarginSeconds: integer(0, 86_400)
    .default(60)
    .describe('seconds after its end until an unused reservation is released'),
  pollingIntervalMs: integer(10, 600_000)
    .default(1_000)
    .describe('pause between looks at the chain'),
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
  'apps',
  'policies',
  'willSponsorSecrets',
])
/** Options that would show in the list of processes as flags. */
export const secretOptions: ReadonlySet<string> = new Set([
  'signerKey',
  'apps',
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
