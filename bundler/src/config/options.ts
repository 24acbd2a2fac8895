import { entryPointAdapters, getEntryPointAdapter } from '@fabstir/erc4337'
import { optionNaming } from '@fabstir/service'
import type { Address } from 'viem'
import { z } from 'zod'
import type { StoreLocation } from '../store/openStore.ts'
import { apiKey, rate, senderAddress } from './access.ts'
import { operationsOptions } from './operations.ts'
import type { OptionDoc } from './option.ts'
import { docOf, option } from './option.ts'
import { isSecret } from './secrets.ts'
import { submissionOptions } from './submissionOptions.ts'
import { address, amount, flag, integer, list, privateKey } from './values.ts'

const entryPoint = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'must be addresses of EntryPoints')
  .transform((value, context) => {
    const adapter = getEntryPointAdapter(value as Address)
    if (adapter) return adapter
    const known = entryPointAdapters.map(({ address }) => address).join(', ')
    context.addIssue({ code: 'custom', message: `is not a known EntryPoint, known are ${known}` })
    return z.NEVER
  })

const store = z.string().transform((value, context): StoreLocation => {
  if (value === 'memory') return { kind: 'memory' }
  if (value.startsWith('sqlite:') && value.length > 'sqlite:'.length) {
    return { kind: 'sqlite', path: value.slice('sqlite:'.length) }
  }
  const message = /^postgres(ql)?:/.test(value)
    ? 'postgres is not available in this version; use memory or sqlite:PATH'
    : 'must be memory or sqlite:PATH'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

const trace = z.enum(['auto', 'native', 'local', 'js', 'none'], {
  error: 'must be auto, native, local, js or none',
})

/** Every option of the bundler, with its default: source of flags, environment, file and help. */
export const optionsSchema = z.strictObject({
  rpcUrl: option(
    z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }),
    'JSON-RPC endpoint of the node (required)',
    'URL',
  ),
  executorPrivateKeys: option(
    list(privateKey).optional(),
    'Private keys of the accounts that send bundles; better given in the environment',
    'K1,K2',
  ),
  executorMnemonic: option(
    z.string().optional(),
    'Mnemonic of those accounts, instead of private keys',
    '"WORDS"',
  ),
  executorCount: option(integer(1, 100).default(1), 'How many accounts of the mnemonic', 'N'),
  entryPoints: option(
    list(entryPoint).optional(),
    'EntryPoint addresses; by default those of 0.6 to 0.9 that the chain has',
    'A,B',
  ),
  host: option(z.string().min(1).default('127.0.0.1'), 'Address to listen on', 'HOST'),
  port: option(integer(0, 65_535).default(4337), 'Port to listen on; 0 takes a free one', 'PORT'),
  store: option(
    store.default({ kind: 'sqlite', path: '.fabstir/bundler-{chain}.sqlite' }),
    'Where the journal is: memory, or sqlite:PATH ({chain} stands for the chain)',
    'STORE',
  ),
  trace: option(
    trace.default('auto'),
    'Who traces validations for the rules of ERC-7562: auto takes what works; none only for a private mempool',
    'MODE',
  ),
  debugRpc: option(flag.default(false), 'Answer debug_bundler_* methods; never in public'),
  bundleMode: option(
    z.enum(['auto', 'manual'], { error: 'must be auto or manual' }).default('auto'),
    'manual bundles only on debug_bundler_sendBundleNow',
    'MODE',
  ),
  bundleInterval: option(
    integer(0, 3_600_000).default(0),
    'Milliseconds between operation and bundle; 0 bundles at once',
    'MS',
  ),
  maxBundleOps: option(integer(1, 1_000).default(50), 'Operations in a bundle', 'N'),
  maxBundleGas: option(
    amount('gas', 100_000n).default(1n << 24n),
    'Gas limit of a bundle; the default is the transaction cap of EIP-7825',
    'GAS',
  ),
  maxPoolOps: option(integer(1, 1_000_000).default(10_000), 'Operations in the mempool', 'N'),
  maxOpsPerSender: option(
    integer(1, 100_000).default(4),
    'Pending operations of one unstaked sender (ERC-7562: 4)',
    'N',
  ),
  maxNoncesAhead: option(
    integer(0, 100_000).default(64),
    'How far an operation may be ahead of the next nonce of its key',
    'N',
  ),
  maxAmortizedOps: option(
    integer(1, 1_000).default(8),
    'Operations that the fixed cost of a bundle is spread over at most, when recent bundles were as large',
    'N',
  ),
  dataAvailability: option(
    z
      .enum(['auto', 'none', 'opStack', 'arbitrum'], {
        error: 'must be auto, none, opStack or arbitrum',
      })
      .default('auto'),
    'How the chain charges for data: auto (asks it), none, opStack or arbitrum',
    'KIND',
  ),
  minStake: option(
    amount('wei', 1n).default(10n ** 18n),
    'Stake that makes an entity a staked one (ERC-7562 MIN_STAKE_VALUE)',
    'WEI',
  ),
  minUnstakeDelay: option(
    integer(1, 0xffff_ffff).default(86_400),
    'Unstake delay that makes an entity a staked one (ERC-7562 MIN_UNSTAKE_DELAY)',
    'S',
  ),
  trustedEntities: option(
    list(address).optional(),
    'Paymasters, factories and accounts that are never throttled or banned: your own ones',
    'A,B',
  ),
  opTtl: option(
    integer(1).default(3_600),
    'Seconds until an operation that cannot be included is given up',
    'S',
  ),
  lookbackBlocks: option(
    integer(0).default(10_000),
    'Blocks searched for operations that this bundler does not know',
    'N',
  ),
  pollInterval: option(
    integer(1, 60_000).default(200),
    'Milliseconds between polls of the head',
    'MS',
  ),
  nodeTimeout: option(
    integer(10, 600_000).default(10_000),
    'Milliseconds for an answer of the node',
    'MS',
  ),
  startTimeout: option(
    integer(0, 600_000).default(10_000),
    'Milliseconds that the node may take to answer at the start',
    'MS',
  ),
  minExecutorBalance: option(
    amount('wei').default(10n ** 15n),
    'Wei below which an executor counts as unfunded for /ready',
    'WEI',
  ),
  maxBodyBytes: option(integer(1_000).default(1_048_576), 'Size of a request body', 'BYTES'),
  maxBatch: option(integer(1, 10_000).default(100), 'Requests in one JSON-RPC batch', 'N'),
  apiKeys: option(
    list(apiKey).optional(),
    'API keys, NAME:KEY[:RATE[:boost]] each; with any, every request needs one; better given in the environment',
    'K1,K2',
  ),
  rateLimit: option(
    rate.optional(),
    'Requests a second (and at once) of one client address without key, 50 or 50/200; none by default',
    'RATE',
  ),
  boostSenders: option(
    list(senderAddress).optional(),
    'Senders whose operations may pay no fees (boost_sendUserOperation): the executors pay',
    'A,B',
  ),
  maxConnections: option(integer(1, 100_000).default(1_000), 'WebSocket connections', 'N'),
  maxSubscriptions: option(
    integer(1, 10_000).default(100),
    'Subscriptions of one WebSocket connection',
    'N',
  ),
  maxUnreadBytes: option(
    integer(1_000).default(4_194_304),
    'Bytes that a WebSocket client may leave unread before it is closed with code 1013',
    'BYTES',
  ),
  ...submissionOptions,
  ...operationsOptions,
  logLevel: option(
    z
      .enum(['silent', 'error', 'warn', 'info', 'debug'], {
        error: 'must be silent, error, warn, info or debug',
      })
      .default('info'),
    'Lines on standard error: silent, error, warn, info or debug',
    'LEVEL',
  ),
})

/** What a caller may give; everything but `rpcUrl` and a key has a default. */
export type BundlerOptions = z.input<typeof optionsSchema>
/** All options with their values. */
export type BundlerConfig = z.output<typeof optionsSchema>

export type OptionName = keyof typeof optionsSchema.shape

/** All options in the order of the help. */
export const optionNames = Object.keys(optionsSchema.shape) as OptionName[]

export function optionDoc(name: OptionName): OptionDoc {
  return docOf(optionsSchema.shape[name])
}

/** How the names of all environment variables begin. */
export const environmentPrefix = 'FABSTIR_BUNDLER_'

export const { flagOf, environmentNameOf } = optionNaming(environmentPrefix)

/**
 * Checks options and fills in defaults.
 * @param label How an option is called towards whoever gave it.
 * @throws ConfigError that names the first wrong option.
 */
export function parseOptions(
  options: unknown,
  label: (name: string) => string = (name) => name,
): BundlerConfig {
  const result = optionsSchema.safeParse(options)
  if (!result.success) {
    const [issue] = result.error.issues
    const name = String(issue?.path[0] ?? '')
    if (issue?.code === 'unrecognized_keys') {
      throw new ConfigError(`there is no option ${label(issue.keys[0] ?? '')}`)
    }
    const given = new Map(Object.entries(options ?? {})).get(name)
    if (given === undefined) throw new ConfigError(`${label(name)} is required`)
    const value = isSecret(name) ? '' : `, got ${shown(given)}`
    throw new ConfigError(`${label(name)} ${ruleOf(issue)}${value}`)
  }
  const { executorPrivateKeys, executorMnemonic } = result.data
  if ((executorPrivateKeys === undefined) === (executorMnemonic === undefined)) {
    throw new ConfigError(
      `exactly one of ${label('executorPrivateKeys')} and ${label('executorMnemonic')} is required`,
    )
  }
  const { sender, senderUrls, executorLowBalance, executorRefillTo } = result.data
  if ((sender === 'private' || sender === 'bundle') && !senderUrls) {
    throw new ConfigError(`${label('sender')} ${sender} needs ${label('senderUrls')}`)
  }
  if (executorRefillTo < executorLowBalance) {
    throw new ConfigError(
      `${label('executorRefillTo')} ${executorRefillTo} must not be below ${label('executorLowBalance')} ${executorLowBalance}`,
    )
  }
  return result.data
}

/** Characters of a wrong value that an error shows. */
const SHOWN_LENGTH = 100

function shown(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text
}

/** Of a value that fits none of several forms, the rule of the form that it comes nearest to. */
function ruleOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code !== 'invalid_union') return issue?.message ?? 'is invalid'
  const nested = issue.errors.flat()
  const nearest = nested.find(({ code }) => code !== 'invalid_type')
  return nearest ? ruleOf(nearest) : issue.message
}

/** An option is wrong; the message is for the person who gave it. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}
