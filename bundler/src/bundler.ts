import type { EntryPointAdapter } from '@fabstir/erc4337'
import type { Logger } from '@fabstir/service'
import { createLogger, listen } from '@fabstir/service'
import type { Address, Hex } from 'viem'
import { noSecondValidation } from './bundling/secondValidation.ts'
import { createHttpChainReader } from './chain/httpChainReader.ts'
import { probeChain } from './chain/probeChain.ts'
import { createRequestBatch } from './chain/requestBatch.ts'
import { createBundling } from './composition/bundling.ts'
import type { Bundling } from './composition/debug.ts'
import { debugOperations } from './composition/debug.ts'
import { healthChecks } from './composition/health.ts'
import { createJudges } from './composition/judges.ts'
import { lookupsOf } from './composition/lookups.ts'
import type { Observability } from './composition/observability.ts'
import { createObservability } from './composition/observability.ts'
import { createOperationLog } from './composition/operationLog.ts'
import { operationMethods } from './composition/operationMethods.ts'
import { createPool } from './composition/pool.ts'
import { preconfirmations } from './composition/preconfirmations.ts'
import { networkOptions } from './composition/serverOptions.ts'
import { startTracing } from './composition/startTracing.ts'
import { executorAccounts } from './config/accounts.ts'
import type { BundlerConfig, BundlerOptions } from './config/options.ts'
import { parseOptions } from './config/options.ts'
import { secretsOf } from './config/secrets.ts'
import { createFeeOracle } from './fees/feeOracle.ts'
import { createAdmission } from './pipeline/admit.ts'
import { findReceipt, findStatus, findUserOperation } from './pipeline/lookup.ts'
import { operationHash } from './pipeline/operationHash.ts'
import { recordedValidation } from './pipeline/recordedValidation.ts'
import { recover } from './pipeline/recover.ts'
import { findInclusionOnChain } from './receipts/findInclusion.ts'
import { debugMethods } from './rpc/methods/debug.ts'
import { ethMethods } from './rpc/methods/eth.ts'
import { ownMethods } from './rpc/methods/own.ts'
import { pimlicoMethods } from './rpc/methods/pimlico.ts'
import { subscriptionMethods } from './rpc/methods/subscriptions.ts'
import { createServer } from './rpc/server.ts'
import { openStore } from './store/openStore.ts'
import type { Store } from './store/store.ts'
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

/** Milliseconds in which a client must have sent its request; a slower one cannot hold up the end. */
const REQUEST_TIMEOUT_MS = 3_000
/** Milliseconds that gas prices are used for while no new block brings others. */
const FEES_TTL_MS = 10_000
/** Milliseconds after which a part that does not answer counts as not ready. */
const HEALTH_TIMEOUT_MS = 3_000

/** Starts a bundler in this process. Throws ConfigError for wrong options, and what `startBundler` throws. */
export async function createBundler(options: BundlerOptions): Promise<Bundler> {
  return startBundler(parseOptions(options))
}

/**
 * The same with options that are complete.
 * @throws ConfigError, DatabaseInUseError, WrongChainError, RpcError when the node does not answer in
 * time, and PortInUseError.
 */
export async function startBundler(config: BundlerConfig): Promise<Bundler> {
  const accounts = executorAccounts(config)
  const logger = createLogger({
    name: 'bundler',
    level: config.logLevel,
    secrets: secretsOf(config),
  })
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
  const bundling: Bundling = { mode: config.bundleMode, intervalMs: config.bundleInterval }
  let arriving = 0
  const addresses = entryPoints.map(({ address }) => address)

  // What is asked in one turn, with each new block above all, leaves in one body.
  const batched = createRequestBatch(reader)
  const feeOracle = createFeeOracle({ reader: batched, maxAgeMs: FEES_TTL_MS, now })
  const { gasPrice } = feeOracle
  // A chain whose clock was moved ahead judges validity by that clock.
  const chainNow = () => Math.max(now(), (bundler.head()?.timestamp ?? 0) * 1_000)
  const { stakePolicy, mempool, reputation } = createPool(config, now)
  const judges = await createJudges(config, {
    reader,
    chainId,
    gasPrice,
    head: () => bundler.head(),
    now,
    chainNow,
    tracing: tracing && { ...tracing, stakePolicy },
  })
  const { validator, boostedValidator, estimator } = judges
  const log = createOperationLog({ logger, chainId, now })
  const onChain = { reader, entryPoints: addresses, lookbackBlocks: config.lookbackBlocks }
  const pooling = {
    chainId,
    reader,
    mempool,
    reputation,
    store,
    now,
    findInclusionOnChain: (hash: Hex, minBlock?: number) =>
      findInclusionOnChain(onChain, hash, minBlock),
    onUpdates: log.updated,
  }
  const bundler = await createBundling({
    ...pooling,
    ...{ config, entryPoints, accounts, bundling, logger, batched, feeOracle, observability },
    // Whoever asks is one of them.
    isBusy: () => arriving > 1,
    dataFeeOf: judges.dataFeeOf,
    noteBundle: judges.noteBundle,
    noteHead: ({ hash }) => tracing?.source.announce?.(hash),
    secondValidation: tracing ? recordedValidation(validator) : noSecondValidation,
  })
  const { bundles, executors, sweep, settled, trigger, head } = bundler
  const pending = { reader: batched, entryPoints: addresses, bundles, now }
  const shared = { ...pooling, bundles, executors, ...preconfirmations(config, pending) }

  const recovered = await recover(shared)
  if (recovered.operations > 0) logger.info(recovered, 'took up the journal')
  log.recovered(mempool.entries())
  await bundler.start()

  const counted = (admit: ReturnType<typeof createAdmission>): typeof admit => {
    return (...operation) => {
      arriving += 1
      return admit(...operation).finally(() => {
        arriving -= 1
      })
    }
  }
  const admission = {
    ...shared,
    stakePolicy,
    maxOperationsPerSender: config.maxOpsPerSender,
    maxNoncesAhead: config.maxNoncesAhead,
    head,
    maxBundleGas: bundler.maxGas,
    onAdmitted(operation: PooledOperation, replaced?: PooledOperation) {
      log.admitted(operation, replaced)
      trigger.request()
    },
  }
  const admitWith = (judge: Validator) =>
    observability.admit(
      counted(
        log.remembering(
          createAdmission({ ...admission, validator: observability.validator(judge) }),
        ),
      ),
      (op, entryPoint) => operationHash(op, entryPoint, chainId),
    )
  const admitUserOperation = admitWith(validator)
  const lookups = lookupsOf(shared)
  const operations = operationMethods({
    ...lookups,
    config,
    log,
    entryPoints,
    head,
    mode: () => bundling.mode,
    admit: admitUserOperation,
    admitBoosted: admitWith(boostedValidator),
    bundleNow: bundler.produce,
  })

  const app = await createServer({
    methods: {
      ...ethMethods({
        chainId,
        entryPoints,
        admitUserOperation,
        estimateGas: (op, entryPoint, override) => estimator.estimate(op, entryPoint, override),
        findUserOperation: (hash) => findUserOperation(lookups, hash),
        findReceipt: (hash) => findReceipt(lookups, hash),
      }),
      ...pimlicoMethods({
        ...operations,
        gasPrice,
        statusOf: (hash) => findStatus(lookups, hash),
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
            head,
            produce: bundler.produce,
            requestBundle: trigger.request,
            limits: judges.limits,
          }),
        )),
    },
    health: healthChecks({ ...shared, config, head, timeoutMs: HEALTH_TIMEOUT_MS }),
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
    await bundler.stop()
  }
  try {
    const bound = await listen(app, config)
    const metricsUrl = await observability.start({ ...shared, entryPoints, head })
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
