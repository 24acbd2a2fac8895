import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { operations } from './admin/operations.ts'
import type { ChainReader } from './chain/chainReader.ts'
import { httpChainReader } from './chain/chainReader.ts'
import { startSettlementLoop } from './chain/settlementLoop.ts'
import { dryRunWith } from './composition/administration.ts'
import { announceSponsorship } from './composition/announceSponsorship.ts'
import { checkConfiguredApps } from './composition/checkConfiguredApps.ts'
import { keepWithStore } from './composition/keepWithStore.ts'
import { paymentTokens } from './composition/paymentTokens.ts'
import { createPriceSource } from './composition/priceSource.ts'
import { storeAreas } from './composition/storeAreas.ts'
import { watchedChain } from './composition/watchedChain.ts'
import {
  resolveAdministrators,
  resolveEntryPoints,
  resolveKeys,
  resolvePolicies,
} from './config/resolve.ts'
import type { ServiceConfig, ServiceConfigInput } from './config/schema.ts'
import { parseConfig } from './config/schema.ts'
import { bundlerEstimate } from './estimate/bundlerEstimate.ts'
import { createPolicyGate } from './gate/policyGate.ts'
import { createSqlLedger } from './ledger/sql/sqlLedger.ts'
import type { Policy } from './policy/policy.ts'
import type { App } from './rpc/caller.ts'
import type { Methods } from './rpc/pm/methods.ts'
import { sponsorshipMethods } from './rpc/pm/sponsorship.ts'
import { tokenMethods } from './rpc/pm/tokens.ts'
import { usageOf } from './rpc/pm/usage.ts'
import { createServer } from './rpc/server.ts'
import type { Signer } from './signing/signer.ts'
import { localSigner } from './signing/signer.ts'
import { createSponsor } from './sponsorship/sponsor.ts'
import { openStore } from './store/openStore.ts'

export { DatabaseInUseError } from '@fabstir/sqlite'
export { ConfigError } from './config/schema.ts'
export {
  type DefaultMarketplacePolicyParameters,
  defaultMarketplacePolicy,
} from './policy/defaultMarketplacePolicy.ts'
export type { PolicyDocument } from './policy/policyDocument.ts'
export type { Signer } from './signing/signer.ts'
export { verifyWebhook } from './webhooks/webhookSignature.ts'

export type PaymasterServiceOptions = Omit<ServiceConfigInput, 'signerKey'> &
  /** A private key, or whatever else signs. */
  ({ signerKey: string } | { signer: Signer })

export type PaymasterService = {
  url: string
  port: number
  /** Answers what is under way, then ends. */
  close(): Promise<void>
}

/**
 * The paymaster service, listening. The composition root: nothing else sees all parts.
 * @throws ConfigError, DatabaseInUseError, StoreUnavailableError, StoreVersionError, PortInUseError, ChainMismatchError
 */
export async function createPaymasterService(
  options: PaymasterServiceOptions,
): Promise<PaymasterService> {
  const { config, signer } = readOptions(options)
  const policies = resolvePolicies(config)
  const configured = resolveKeys(config)
  const administrators = resolveAdministrators(config)
  const served = resolveEntryPoints(config)
  const log = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }))

  const clock = () => Math.floor(Date.now() / 1_000)
  const price = createPriceSource(config, policies.values(), clock)
  const tokens = paymentTokens(config, price, clock)

  const gate = createPolicyGate({ secretOf: (id) => config.willSponsorSecrets[id], clock })
  const chain = watchedChain(httpChainReader(config.rpcUrl), gate)
  await checkChain(chain, config.chainId)
  const store = await openStore(config.store, storeAreas)
  await checkConfiguredApps(configured.values(), policies, store)
  const kept = keepWithStore({ store, config, policies, clock, log })
  const ledger = createSqlLedger(store, kept.observer)
  const settlement = await startSettlementLoop({
    chain,
    ledger,
    chainId: config.chainId,
    paymasters: served.map(({ entryPoint, paymaster }) => ({
      entryPoint: entryPoint.address,
      paymaster,
    })),
    confirmations: config.confirmations,
    expiryMargin: config.expiryMarginSeconds,
    pollingIntervalMs: config.pollingIntervalMs,
    log,
  })

  const plainSponsor = createSponsor({
    chainId: config.chainId,
    chain,
    ledger,
    signer,
    gate,
    windowSeconds: config.windowSeconds,
    following: settlement.following,
    clock,
    price,
    priceMaxAge: config.priceMaxAgeSeconds,
  })
  const sponsor = announceSponsorship(plainSponsor, kept.outbox, clock)
  const readUsage = async (policy: Policy) => ledger.usage(policy, await chainTime(chain, clock))
  const usage = (app: App) => usageOf(app, kept.policies, readUsage)
  const methods: Methods = new Map([
    ['pm_supportedEntryPoints', async () => served.map(({ entryPoint }) => entryPoint.address)],
    ['pm_getUsage', async (_params, app) => usage(app)],
    ...sponsorshipMethods({
      chainId: config.chainId,
      served,
      policies: kept.policies,
      sponsor,
      tokens,
      estimate: config.bundlerUrl === undefined ? undefined : bundlerEstimate(config.bundlerUrl),
    }),
    ...(tokens ? tokenMethods({ chainId: config.chainId, ...tokens }) : []),
  ])
  const server = createServer({
    log,
    methods,
    identify: kept.identify(configured),
    usage,
    ...(administrators.length === 0
      ? {}
      : {
          admin: {
            administrators,
            operations,
            context: kept.administration(
              dryRunWith({ chainId: config.chainId, served, policies: kept.policies, sponsor }),
            ),
          },
        }),
    async problems() {
      const [node, database] = await Promise.allSettled([chain.block('latest'), store.ping()])
      return [
        ...(node.status === 'rejected' ? ['the chain node does not answer'] : []),
        ...(database.status === 'rejected' ? ['the store cannot be read'] : []),
        ...(settlement.following() ? [] : ['the ledger does not follow the chain yet']),
      ]
    },
  })

  const close = async () => {
    await server.close()
    await settlement.stop()
    await kept.stop()
    await store.close()
  }
  try {
    await listen(server, config)
  } catch (error) {
    await close()
    throw error
  }
  const address = server.server.address()
  const port = typeof address === 'object' && address ? address.port : config.port
  return { url: `http://${hostInUrl(config.host)}:${port}`, port, close }
}

function readOptions(options: PaymasterServiceOptions): {
  config: Omit<ServiceConfig, 'signerKey'>
  signer: Signer
} {
  if ('signer' in options) {
    const { signer, ...rest } = options
    // The key of the schema is not asked for, but the rest of it is checked as ever.
    return { config: parseConfig({ ...rest, signerKey: `0x${'01'.repeat(32)}` }), signer }
  }
  const config = parseConfig(options)
  return { config, signer: localSigner(config.signerKey) }
}

/** A node that is down may come back; one of another chain is a mistake. */
async function checkChain(chain: ChainReader, expected: number): Promise<void> {
  const found = await chain.chainId().catch(() => undefined)
  if (found !== undefined && found !== expected) throw new ChainMismatchError(expected, found)
}

async function chainTime(chain: ChainReader, clock: () => number): Promise<number> {
  const head = await chain.block('latest').catch(() => undefined)
  return Math.max(clock(), head?.timestamp ?? 0)
}

async function listen(
  server: FastifyInstance,
  { host, port }: Pick<ServiceConfig, 'host' | 'port'>,
): Promise<void> {
  try {
    await server.listen({ host, port })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
      throw new PortInUseError(host, port)
    throw error
  }
}

function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

/** Something else listens on the port. */
export class PortInUseError extends Error {
  override name = 'PortInUseError'
  port: number

  constructor(host: string, port: number) {
    super(`port ${port} on ${host} is taken: end what listens there, or choose another with --port`)
    this.port = port
  }
}

/** The node is on another chain. */
export class ChainMismatchError extends Error {
  override name = 'ChainMismatchError'
  expected: number
  found: number

  constructor(expected: number, found: number) {
    super(`the node is on chain ${found}, the service is configured for chain ${expected}`)
    this.expected = expected
    this.found = found
  }
}
