import { createMetricsServer, listen } from '@fabstir/service'
import { operations } from './admin/operations.ts'
import { ChainMismatchError } from './chain/chainMismatchError.ts'
import type { ChainReader } from './chain/chainReader.ts'
import { httpChainReader } from './chain/chainReader.ts'
import { startSettlementLoop } from './chain/settlementLoop.ts'
import { dryRunWith } from './composition/administration.ts'
import { announceSponsorship } from './composition/announceSponsorship.ts'
import { announceTokenPayments } from './composition/announceTokenPayments.ts'
import { checkConfiguredApps } from './composition/checkConfiguredApps.ts'
import { healthOf, watchStore } from './composition/health.ts'
import { resolveKeeping } from './composition/keeping.ts'
import { keepWithStore } from './composition/keepWithStore.ts'
import { methodsOf } from './composition/methods.ts'
import { startPaymasters } from './composition/paymasters.ts'
import { paymentTokens } from './composition/paymentTokens.ts'
import { policyGateOf } from './composition/policyGate.ts'
import { createPriceSource } from './composition/priceSource.ts'
import { requestCounting } from './composition/requestCounting.ts'
import { storeAreas } from './composition/storeAreas.ts'
import { tellUnmetPolicies } from './composition/tellUnmetPolicies.ts'
import { watchedChain } from './composition/watchedChain.ts'
import {
  resolveAdministrators,
  resolveEntryPoints,
  resolveKeys,
  resolvePolicies,
  resolveTokenPaymasters,
} from './config/resolve.ts'
import { resolveSigners } from './config/resolveKeys.ts'
import type { ServiceConfig, ServiceConfigInput } from './config/schema.ts'
import { parseConfig } from './config/schema.ts'
import { secretsOf } from './config/secrets.ts'
import { createSqlLedger } from './ledger/sql/sqlLedger.ts'
import { createLogger } from './observability/logger.ts'
import { createMetrics } from './observability/metrics/metrics.ts'
import { httpPaymasterReader } from './paymasters/paymasterReader.ts'
import type { Policy } from './policy/policy.ts'
import { policyMeans } from './policyVersions/policyNeeds.ts'
import type { App } from './rpc/caller.ts'
import { toJsonRpcError } from './rpc/errors.ts'
import { usageOf } from './rpc/pm/usage.ts'
import { createServer } from './rpc/server.ts'
import type { Signer } from './signing/signer.ts'
import { createSponsor } from './sponsorship/sponsor.ts'
import { openStore } from './store/openStore.ts'

export { PortInUseError } from '@fabstir/service'
export { DatabaseInUseError } from '@fabstir/sqlite'
export { ChainMismatchError } from './chain/chainMismatchError.ts'
export { ConfigError } from './config/schema.ts'
export {
  type DefaultMarketplacePolicyParameters,
  defaultMarketplacePolicy,
} from './policy/defaultMarketplacePolicy.ts'
export type { PolicyDocument } from './policy/policyDocument.ts'
export { KeystoreError } from './signing/keystore/keystore.ts'
export { type KmsSignerParameters, kmsSigner } from './signing/kmsSigner.ts'
export type { Signer } from './signing/signer.ts'
export { verifyWebhook } from './webhooks/webhookSignature.ts'

export type PaymasterServiceOptions =
  | ServiceConfigInput
  /** Whatever else signs, like a key management service. */
  | (Omit<ServiceConfigInput, 'signerKey' | 'keystores'> & { signer: Signer })

export type PaymasterService = {
  url: string
  port: number
  /** Where there are metrics. */
  metricsUrl?: string
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
  const { config, loadSigners } = readOptions(options)
  const policies = resolvePolicies(config)
  const configured = resolveKeys(config)
  const administrators = resolveAdministrators(config)
  const createKeeping = resolveKeeping(config)
  const entryPoints = resolveEntryPoints(config)
  const log = createLogger({ level: config.logLevel, secrets: secretsOf(config) })
  const metrics =
    config.metricsPort === undefined
      ? undefined
      : createMetrics({ elapsed: monotonic, codeOf: (error) => toJsonRpcError(error).code })

  const clock = () => Math.floor(Date.now() / 1_000)
  const price = createPriceSource(config, clock)
  const tokens = paymentTokens(config, price, clock)

  const plainChain = httpChainReader(config.rpcUrl)
  await checkChain(plainChain, config.chainId)
  const opened = watchStore(await openStore(config.store, storeAreas))
  // Whatever ends before it is served is closed again.
  const parts: (() => Promise<void>)[] = [opened.close]
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= (async () => {
      for (const end of parts.toReversed()) await end()
    })()
    return closing
  }
  try {
    const store = metrics?.store(opened) ?? opened
    const counting = requestCounting(store)
    const gate = policyGateOf(config, { count: counting.count, clock })
    const chain = watchedChain(metrics?.chain(plainChain) ?? plainChain, gate)
    await checkConfiguredApps(configured.values(), policies, store)
    const kept = keepWithStore({ store, config, policies, clock, log })
    parts.push(kept.stop)
    await tellUnmetPolicies(store, kept.policies, policyMeans(config), log)
    const plainLedger = createSqlLedger(store, kept.observer)
    const ledger = metrics?.ledger(plainLedger) ?? plainLedger
    const keeping = await createKeeping({
      ...{ store, clock, log },
      ...(metrics ? { onEnd: metrics.kept } : {}),
    })
    const paymasters = await startPaymasters({
      store,
      config,
      keeping,
      tokenPaymasters: resolveTokenPaymasters(config),
      configured: entryPoints,
      loadSigners,
      reader: httpPaymasterReader(config.rpcUrl),
      ledger,
      outbox: kept.outbox,
      clock,
      log,
    })
    parts.push(paymasters.stop)
    const settlement = await startSettlementLoop({
      chain,
      ledger,
      chainId: config.chainId,
      paymasters: paymasters.followed,
      confirmations: config.confirmations,
      expiryMargin: config.expiryMarginSeconds,
      pollingIntervalMs: config.pollingIntervalMs,
      log,
      now: monotonic,
    })
    parts.push(settlement.stop)

    const plainSponsor = createSponsor({
      chainId: config.chainId,
      chain,
      ledger: paymasters.ledger,
      signer: paymasters.signer,
      gate,
      windowSeconds: config.windowSeconds,
      following: settlement.following,
      clock,
      price,
      priceMaxAge: config.priceMaxAgeSeconds,
    })
    const announced = announceSponsorship(plainSponsor, kept.outbox, clock)
    const sponsor = metrics?.sponsor(announced) ?? announced
    const told = tokens && {
      ...tokens,
      payments: announceTokenPayments(tokens.payments, kept.outbox, clock),
    }
    const paid =
      told && metrics ? { ...told, payments: metrics.tokenPayments(told.payments) } : told
    const { served } = paymasters
    const readUsage = async (policy: Policy) => ledger.usage(policy, await chainTime(chain, clock))
    const usage = (app: App) => usageOf(app, kept.policies, readUsage)
    const methods = methodsOf({
      config,
      served,
      policies: kept.policies,
      sponsor,
      tokens: paid,
      usage,
      clock,
    })
    const health = healthOf({ chain, store: opened, settlement, paymasters })
    const dryRun = dryRunWith({ chainId: config.chainId, served, policies: kept.policies, sponsor })
    // As signatures are made by: a machine whose clock is behind takes no key for longer.
    const keyTime = () => Math.max(clock(), chain.newestTime())
    const server = createServer({
      log,
      methods: metrics?.methods(methods) ?? methods,
      identify: kept.identify(configured, counting, keyTime),
      usage,
      ...health,
      ...(administrators.length === 0
        ? {}
        : {
            admin: {
              administrators,
              operations,
              context: {
                ...kept.administration(dryRun),
                paymasters: paymasters.administration,
              },
            },
          }),
    })
    // Nothing new comes in, and what is under way is answered, before anything else ends.
    parts.push(() => server.close())
    metrics?.watch({
      chainId: config.chainId,
      entryPoints: entryPoints.map(({ entryPoint }) => entryPoint.version),
      deposits: paymasters.deposits,
      prices: () => keeping.prices?.prices() ?? [],
      lowDeposit: config.lowDepositWei,
      followedBlock: async () => (await ledger.followedBlocks(config.chainId))[0],
      problems: health.problems,
      webhookQueues: kept.webhookQueues,
      clock,
    })
    const bound = await listen(server, config)
    const metricsServer = metrics && createMetricsServer(metrics.registry)
    if (metricsServer) parts.unshift(() => metricsServer.close())
    const { host, metricsPort = 0 } = config
    const watched =
      metricsServer && (await listen(metricsServer, { host, port: metricsPort }, '--metrics-port'))
    return {
      ...bound,
      ...(watched && { metricsUrl: `${watched.url}/metrics` }),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

const monotonic = () => performance.now()

function readOptions(options: PaymasterServiceOptions): {
  config: ServiceConfig
  loadSigners: () => Promise<readonly Signer[]>
} {
  if ('signer' in options) {
    const { signer, ...rest } = options
    return { config: parseConfig(rest), loadSigners: async () => [signer] }
  }
  const config = parseConfig(options)
  return { config, loadSigners: resolveSigners(config) }
}

/** One of another chain is a mistake; a node that is down may come back, and is asked before it is followed. */
async function checkChain(chain: ChainReader, expected: number): Promise<void> {
  const found = await chain.chainId().catch(() => undefined)
  if (found !== undefined && found !== expected) throw new ChainMismatchError(expected, found)
}

async function chainTime(chain: ChainReader, clock: () => number): Promise<number> {
  const head = await chain.block('latest').catch(() => undefined)
  return Math.max(clock(), head?.timestamp ?? 0)
}
