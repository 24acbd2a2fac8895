import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import type { ChainReader } from './chain/chainReader.ts'
import { httpChainReader } from './chain/chainReader.ts'
import { startSettlementLoop } from './chain/settlementLoop.ts'
import { watchedChain } from './composition/watchedChain.ts'
import { resolveEntryPoints, resolveKeys, resolvePolicies } from './config/resolve.ts'
import type { ServiceConfig, ServiceConfigInput } from './config/schema.ts'
import { parseConfig } from './config/schema.ts'
import { createPolicyGate } from './gate/policyGate.ts'
import { openLedger } from './ledger/openLedger.ts'
import type { Policy } from './policy/policy.ts'
import type { App } from './rpc/apiKeys.ts'
import type { Methods } from './rpc/pm/methods.ts'
import { sponsorshipMethods } from './rpc/pm/sponsorship.ts'
import { usageOf } from './rpc/pm/usage.ts'
import { createServer } from './rpc/server.ts'
import type { Signer } from './signing/signer.ts'
import { localSigner } from './signing/signer.ts'
import { createSponsor } from './sponsorship/sponsor.ts'

export { DatabaseInUseError } from '@fabstir/sqlite'
export { ConfigError } from './config/schema.ts'
export {
  type DefaultMarketplacePolicyParameters,
  defaultMarketplacePolicy,
} from './policy/defaultMarketplacePolicy.ts'
export type { PolicyDocument } from './policy/policyDocument.ts'
export type { Signer } from './signing/signer.ts'

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
 * @throws ConfigError, DatabaseInUseError, LedgerVersionError, PortInUseError, ChainMismatchError
 */
export async function createPaymasterService(
  options: PaymasterServiceOptions,
): Promise<PaymasterService> {
  const { config, signer } = readOptions(options)
  const policies = resolvePolicies(config)
  const keys = resolveKeys(config, policies)
  const served = resolveEntryPoints(config)
  const log = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }))

  const clock = () => Math.floor(Date.now() / 1_000)
  const gate = createPolicyGate({ secretOf: (id) => config.willSponsorSecrets[id], clock })
  const chain = watchedChain(httpChainReader(config.rpcUrl), gate)
  await checkChain(chain, config.chainId)
  const ledger = await openLedger(config.store)
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

  const sponsor = createSponsor({
    chainId: config.chainId,
    chain,
    ledger,
    signer,
    gate,
    windowSeconds: config.windowSeconds,
    following: settlement.following,
    clock,
  })
  const readUsage = async (policy: Policy) => ledger.usage(policy, await chainTime(chain, clock))
  const usage = (app: App) => usageOf(app, policies, readUsage)
  const methods: Methods = new Map([
    ['pm_supportedEntryPoints', async () => served.map(({ entryPoint }) => entryPoint.address)],
    ['pm_getUsage', async (_params, app) => usage(app)],
    ...sponsorshipMethods({ chainId: config.chainId, served, policies, sponsor }),
  ])
  const server = createServer({
    log,
    methods,
    keys,
    usage,
    async problems() {
      const [node, store] = await Promise.allSettled([chain.block('latest'), ledger.ping()])
      return [
        ...(node.status === 'rejected' ? ['the chain node does not answer'] : []),
        ...(store.status === 'rejected' ? ['the ledger cannot be read'] : []),
        ...(settlement.following() ? [] : ['the ledger does not follow the chain yet']),
      ]
    },
  })

  const close = async () => {
    await server.close()
    await settlement.stop()
    await ledger.close()
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
