import { userInfo } from 'node:os'
import { pino } from 'pino'
import { z } from 'zod'
import type { DryRun } from '../admin/dryRun.ts'
import type { Operation } from '../admin/operation.ts'
import { httpChainReader } from '../chain/chainReader.ts'
import { administration, dryRunWith } from '../composition/administration.ts'
import { policyGateOf } from '../composition/policyGate.ts'
import { createPriceSource } from '../composition/priceSource.ts'
import { storeAreas } from '../composition/storeAreas.ts'
import { resolveEntryPoints, resolvePolicies } from '../config/resolve.ts'
import { ConfigError, serviceConfigSchema } from '../config/schema.ts'
import type { PolicyGate } from '../gate/policyGate.ts'
import { createRequestCounter } from '../gate/requestCounter.ts'
import { createSqlLedger } from '../ledger/sql/sqlLedger.ts'
import type { Policy } from '../policy/policy.ts'
import { policyMeans } from '../policyVersions/policyNeeds.ts'
import { createPolicySource } from '../policyVersions/policySource.ts'
import { createSponsor } from '../sponsorship/sponsor.ts'
import { openStore } from '../store/openStore.ts'
import type { Store } from '../store/store.ts'

const { shape } = serviceConfigSchema

/** What administration reads of the configuration. */
const storeSchema = z.object({
  store: shape.store,
  policies: shape.policies,
  webhookKey: shape.webhookKey,
  allowPrivateWebhooks: shape.allowPrivateWebhooks,
  willSponsorSecrets: shape.willSponsorSecrets,
  etherPriceUsd: shape.etherPriceUsd,
  priceFeed: shape.priceFeed,
  bundlerUrl: shape.bundlerUrl,
})
/** And what a dry run needs beside it. */
const chainSchema = z.object({
  rpcUrl: shape.rpcUrl,
  chainId: shape.chainId,
  paymasters: shape.paymasters,
  windowSeconds: shape.windowSeconds,
  etherPriceUsd: shape.etherPriceUsd,
  priceFeed: shape.priceFeed,
  priceMaxAgeSeconds: shape.priceMaxAgeSeconds,
})

/**
 * Runs an operation directly on the store.
 * @param input Options as file, environment and flags give them.
 * @throws ConfigError, AdminError, and what {@link openStore} throws.
 */
export async function runLocally(
  operation: Pick<Operation, 'run'>,
  input: unknown,
  { options, dryRun }: { options: Readonly<Record<string, unknown>>; dryRun: boolean },
): Promise<unknown> {
  const config = parse(storeSchema, options)
  const policies = resolvePolicies(config)
  const store = await openStore(config.store, storeAreas)
  const clock = () => Math.floor(Date.now() / 1_000)
  // Answers are what a command says.
  const log = pino({ level: 'silent' })
  try {
    const context = administration({
      store,
      clock,
      log,
      configuredPolicies: new Set(policies.keys()),
      means: policyMeans(config),
      webhookKey: config.webhookKey,
      allowPrivateWebhooks: config.allowPrivateWebhooks,
      dryRun: dryRun
        ? localDryRun({
            store,
            policies,
            gate: policyGateOf(config, { count: createRequestCounter(), clock }),
            clock,
            options,
          })
        : undefined,
      changed() {},
    })
    return await operation.run({ ...context, actor: `cli:${userName()}` }, input)
  } finally {
    await store.close()
  }
}

/** The service's own sponsor, with its chain and its accounts, and without anything that signs. */
function localDryRun({
  store,
  policies,
  gate,
  clock,
  options,
}: {
  store: Store
  policies: ReadonlyMap<string, Policy>
  /** New: it knows no requests of before, and asks webhooks as the service does. */
  gate: PolicyGate
  clock: () => number
  options: Readonly<Record<string, unknown>>
}): DryRun {
  const config = parse(chainSchema, options)
  const { rpcUrl, chainId, paymasters, windowSeconds, priceMaxAgeSeconds } = config
  const sponsor = createSponsor({
    chainId,
    chain: httpChainReader(rpcUrl),
    ledger: createSqlLedger(store),
    signer: {
      sign: () => Promise.reject(new Error('a dry run signs nothing')),
    },
    gate,
    windowSeconds,
    // Whether the accounts are up to date is the running service's concern.
    following: () => true,
    clock,
    price: createPriceSource(config, clock),
    priceMaxAge: priceMaxAgeSeconds,
  })
  return dryRunWith({
    chainId,
    served: resolveEntryPoints({ paymasters }),
    policies: createPolicySource(store, policies),
    sponsor,
  })
}

function parse<schema extends z.ZodType>(
  schema: schema,
  options: Readonly<Record<string, unknown>>,
): z.output<schema> {
  const parsed = schema.safeParse(options)
  if (parsed.success) return parsed.data
  throw new ConfigError(
    parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`),
  )
}

/** Not every process of a container has a name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`
  }
}
