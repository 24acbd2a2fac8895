import type { EntryPointAdapter } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { createTrigger } from './bundling/trigger.ts'
import type { Block } from './chain/block.ts'
import type { HeadPoller } from './chain/headPoller.ts'
import { createHeadPoller } from './chain/headPoller.ts'
import { createHeadTracker } from './chain/headTracker.ts'
import { createHttpChainReader } from './chain/httpChainReader.ts'
import { probeChain } from './chain/probeChain.ts'
import { createTransactionSender } from './chain/transactionSender.ts'
import type { Bundling } from './composition/debug.ts'
import { debugOperations } from './composition/debug.ts'
import { createExecutors } from './composition/executors.ts'
import { healthChecks } from './composition/health.ts'
import { createJudges } from './composition/judges.ts'
import { listen } from './composition/listen.ts'
import type { Observability } from './composition/observability.ts'
import { createObservability } from './composition/observability.ts'
import { createOperationLog } from './composition/operationLog.ts'
import { operationMethods } from './composition/operationMethods.ts'
import { createPool } from './composition/pool.ts'
import { networkOptions } from './composition/serverOptions.ts'
import { startTracing } from './composition/startTracing.ts'
import { executorAccounts } from './config/accounts.ts'
import type { BundlerConfig, BundlerOptions } from './config/options.ts'
import { parseOptions } from './config/options.ts'
import { secretsOf } from './config/secrets.ts'
import { createFeeOracle } from './fees/feeOracle.ts'
import { smallerOf } from './math/amounts.ts'
import type { Logger } from './observability/logger.ts'
import { createLogger, logFailure } from './observability/logger.ts'
import { createAdmission } from './pipeline/admit.ts'
import { createFollower } from './pipeline/follow.ts'
import { findInclusion, findStatus, findUserOperation } from './pipeline/lookup.ts'
import { operationHash } from './pipeline/operationHash.ts'
import { createProducer } from './pipeline/produce.ts'
import { recover } from './pipeline/recover.ts'
import { createResubmitter } from './pipeline/resubmit.ts'
import { settle, settleAtHead } from './pipeline/settle.ts'
import { createSettledSignal } from './pipeline/settledSignal.ts'
import { createSweeper } from './pipeline/sweep.ts'
import { findInclusionOnChain } from './receipts/findInclusion.ts'
import { debugMethods } from './rpc/methods/debug.ts'
import { ethMethods } from './rpc/methods/eth.ts'
import { ownMethods } from './rpc/methods/own.ts'
import { pimlicoMethods } from './rpc/methods/pimlico.ts'
import { subscriptionMethods } from './rpc/methods/subscriptions.ts'
import { createServer } from './rpc/server.ts'
import { openStore } from './store/openStore.ts'
import type { Store } from './store/store.ts'
import { createBundleRegistry } from './submission/bundleRegistry.ts'
import type { PooledOperation } from './types/pooledOperation.ts'
import type { TraceMode } from './validation/trace/probe/chooseTraceSource.ts'
import type { Tracer, Validator } from './validation/validate.ts'

export type { BundlerOptions } from './config/options.ts'
export { ConfigError } from './config/options.ts'

export type Bundler = {
  /** Where it answers, e.g. `http://127.0.0.1:4337`. */
  url: string
  port: number
  /** Where Prometheus finds the metrics; absent without `metricsPort`. */
  metricsUrl?: string
  chainId: number
  entryPoints: Address[]
  executors: Address[]
  /** Who traces validations for ERC-7562. */
  trace: TraceMode
  /** Answers no more, waits for what is under way, and closes the store. */
  close(): Promise<void>
}

/** Milliseconds in which operations that arrive together still join one bundle. */
const LINGER_MS = 2
/** Milliseconds until another attempt after the node failed or refused; executors rest for less. */
const RETRY_MS = 1_000
/** Milliseconds in which a client must have sent its request; a slower one cannot hold up the end. */
const REQUEST_TIMEOUT_MS = 3_000
/** Milliseconds that fees of one block are used for. */
const FEES_TTL_MS = 5_000
/** Milliseconds after which a part that does not answer counts as not ready. */
const HEALTH_TIMEOUT_MS = 3_000

/** Starts a bundler in this process. Throws ConfigError for wrong options, and what `startBundler` throws. */
export async function createBundler(options: BundlerOptions): Promise<Bundler> {
  return startBundler(parseOptions(options))
}

/**
 * The same with options that are complete.
 * @throws ConfigError, DatabaseInUseError, WrongChainError, RpcError when the node does not answer in
 * time, and the system's error when the port is taken.
 */
export async function startBundler(config: BundlerConfig): Promise<Bundler> {
  const accounts = executorAccounts(config)
  const logger = createLogger({ level: config.logLevel, secrets: secretsOf(config) })
  const node = createHttpChainReader({ url: config.rpcUrl, timeoutMs: config.nodeTimeout })
  const observability = await createObservability({ config, logger, node })
  const { reader } = observability
  let tracing: Tracer | undefined
  let store: Store | undefined
  try {
    const { chainId, genesisHash, entryPoints } = await probeChain(reader, config)
    const tracer = await startTracing({ reader, logger, chainId, mode: config.trace })
    tracing = tracer && { ...tracer, source: observability.traceSource(tracer.source) }
    store = observability.store(await openStore(config.store, { chainId, genesisHash }))
    const parts = { config, accounts, logger, observability, tracing }
    return await run({ ...parts, store, chainId, entryPoints })
  } catch (error) {
    await tracing?.source.close()
    await store?.close()
    await observability.close()
    throw error
  }
}

type Parts = {
  config: BundlerConfig
  accounts: ReturnType<typeof executorAccounts>
  logger: Logger
  observability: Observability
  tracing: Tracer | undefined
  store: Store
  chainId: number
  entryPoints: EntryPointAdapter[]
}

async function run(parts: Parts): Promise<Bundler> {
  const { config, accounts, logger, observability, tracing, store, chainId, entryPoints } = parts
  const { reader } = observability
  const now = Date.now
  let head: Block | undefined
  const bundling: Bundling = { mode: config.bundleMode, intervalMs: config.bundleInterval }
  const addresses = entryPoints.map(({ address }) => address)

  const headHash = () => head?.hash
  const { gasPrice } = createFeeOracle({ reader, maxAgeMs: FEES_TTL_MS, now, head: headHash })
  // A chain whose clock was moved ahead judges validity by that clock.
  const chainNow = () => Math.max(now(), (head?.timestamp ?? 0) * 1_000)
  const { stakePolicy, mempool, reputation } = createPool(config, now)
  const judges = await createJudges(config, {
    reader,
    chainId,
    gasPrice,
    head: () => head,
    now,
    chainNow,
    tracing: tracing && { ...tracing, stakePolicy },
  })
  const { validator, boostedValidator, estimator } = judges
  const bundles = createBundleRegistry()
  const executors = await createExecutors({ accounts, reader, bundles, now })
  const log = createOperationLog({ logger, chainId, now })
  const onChain = { reader, entryPoints: addresses, lookbackBlocks: config.lookbackBlocks }
  const shared = {
    chainId,
    reader,
    sender: observability.sender(createTransactionSender(reader)),
    mempool,
    reputation,
    store,
    bundles,
    executors,
    now,
    findInclusionOnChain: (hash: Hex) => findInclusionOnChain(onChain, hash),
    onUpdates: log.updated,
  }

  const operationTtlMs = config.opTtl * 1_000
  const sweep = createSweeper({ ...shared, entryPoints: addresses, operationTtlMs })
  const recovered = await recover(shared)
  if (recovered.operations > 0) logger.info(recovered, 'took up the journal')
  log.recovered(mempool.entries())

  const makeBundles = createProducer({
    ...shared,
    reader: observability.dryRunReader,
    entryPoints,
    limits: { maxOperations: config.maxBundleOps, maxGas: config.maxBundleGas },
    operationTtlMs,
    sweep,
    head: () => head,
    onRefused(bundle, outcome) {
      logger.warn({ bundle: bundle.id, outcome }, 'the node refused a bundle')
      retryLater()
    },
  })
  const produce = observability.produce(makeBundles)
  // Absent during the first look at the chain, which can already set off a bundle.
  let poller: HeadPoller | undefined
  const retryLater = () => setTimeout(() => trigger.request(), RETRY_MS).unref()
  const produceAndWatch = async () => {
    const sent = await produce()
    for (const { id, transactions, operations } of sent) {
      logger.info({ bundle: id, transaction: transactions[0]?.hash, operations }, 'bundle sent')
      judges.noteBundle(operations.length)
    }
    if (sent.length > 0) poller?.hurry()
    return sent
  }
  const trigger = createTrigger({
    lingerMs: () => bundling.intervalMs || LINGER_MS,
    async run() {
      if (bundling.mode === 'manual') return
      await produceAndWatch().catch((error: unknown) => {
        logFailure(logger, error, 'no bundle could be made')
        retryLater()
      })
    },
  })

  const settling = { ...shared, entryPoints: addresses }
  const settled = createSettledSignal()
  const marketFees = async () => (await gasPrice()).standard
  const follow = createFollower({
    tracker: createHeadTracker({ reader, addresses, known: await store.recentBlocks() }),
    async settle(change) {
      await settle(settling, change)
      await sweep(change.head)
    },
    settleAtHead: (at) => settleAtHead(settling, at),
    resubmit: createResubmitter({
      ...shared,
      marketFees,
      onReplaced: ({ id, transactions }) =>
        logger.info({ bundle: id, transaction: transactions.at(-1)?.hash }, 'bundle replaced'),
    }),
    hasInFlight: () => bundles.inFlight().length > 0,
    onSettled(block) {
      head = block
      // Before the first operation asks: then that costs no round trip of its own.
      gasPrice().catch(() => undefined)
      mempool.wakeDeferred()
      settled.notify()
      if (mempool.size() > 0) trigger.request()
    },
    onError: (error) => logFailure(logger, error, 'the chain could not be followed'),
    now,
  })
  await follow()
  poller = createHeadPoller({ tick: follow, intervalMs: config.pollInterval })

  const admission = {
    ...shared,
    stakePolicy,
    maxOperationsPerSender: config.maxOpsPerSender,
    maxNoncesAhead: config.maxNoncesAhead,
    head: () => head,
    maxBundleGas: () => smallerOf(config.maxBundleGas, head?.gasLimit ?? config.maxBundleGas),
    onAdmitted(operation: PooledOperation, replaced?: PooledOperation) {
      log.admitted(operation, replaced)
      trigger.request()
    },
  }
  const admitWith = (judge: Validator) =>
    observability.admit(
      log.remembering(createAdmission({ ...admission, validator: observability.validator(judge) })),
      (op, entryPoint) => operationHash(op, entryPoint, chainId),
    )
  const admitUserOperation = admitWith(validator)
  const operations = operationMethods({
    ...shared,
    config,
    log,
    entryPoints,
    head: () => head,
    mode: () => bundling.mode,
    admit: admitUserOperation,
    admitBoosted: admitWith(boostedValidator),
    bundleNow: produceAndWatch,
  })

  const app = await createServer({
    methods: {
      ...ethMethods({
        chainId,
        entryPoints,
        admitUserOperation,
        estimateGas: (op, entryPoint, override) => estimator.estimate(op, entryPoint, override),
        findUserOperation: (hash) => findUserOperation(shared, hash),
        findReceipt: async (hash) => (await findInclusion(shared, hash))?.receipt,
      }),
      ...pimlicoMethods({
        ...operations,
        gasPrice,
        statusOf: (hash) => findStatus(shared, hash),
      }),
      ...ownMethods(operations),
      ...subscriptionMethods({ entryPoints }),
      ...(config.debugRpc &&
        debugMethods(
          debugOperations({
            ...shared,
            entryPoints,
            bundling,
            stakePolicy,
            maxOperations: config.maxPoolOps,
            settled,
            sweep,
            head: () => head,
            produce: produceAndWatch,
            requestBundle: trigger.request,
            limits: judges.limits,
          }),
        )),
    },
    health: healthChecks({ ...shared, config, head: () => head, timeoutMs: HEALTH_TIMEOUT_MS }),
    ...networkOptions(config, {
      now,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      onOperationEvent: log.listen,
    }),
    onUnexpected: (method, error) => logger.error({ method, err: error }, 'request failed'),
    observe: observability.dispatch,
  })

  const stop = async () => {
    await app.close()
    await trigger.stop()
    await poller?.stop()
  }
  try {
    const bound = await listen(app, config)
    const metricsUrl = await observability.start({ ...shared, entryPoints, head: () => head })
    if (metricsUrl !== undefined) logger.info({ url: metricsUrl }, 'metrics are served')
    return {
      ...bound,
      ...(metricsUrl !== undefined && { metricsUrl }),
      chainId,
      entryPoints: addresses,
      executors: executors.addresses(),
      trace: tracing?.source.name ?? 'none',
      async close() {
        await stop()
        await tracing?.source.close()
        await store.close()
        await observability.close()
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}
