import type { EntryPointAdapter } from '@fabstir/erc4337'
import type { Logger } from '@fabstir/service'
import type { Address, Hex } from 'viem'
import { MAX_TRANSACTION_GAS } from '../bundling/bundleGas.ts'
import type { SecondValidation } from '../bundling/secondValidation.ts'
import { createTrigger } from '../bundling/trigger.ts'
import type { Block } from '../chain/block.ts'
import { getCode, getTransactionCount } from '../chain/blocks.ts'
import type { HeadPoller } from '../chain/headPoller.ts'
import { createHeadPoller } from '../chain/headPoller.ts'
import { createHeadReads } from '../chain/headReads.ts'
import { createHeadTracker } from '../chain/headTracker.ts'
import type { NewHeads } from '../chain/newHeads.ts'
import { subscribeNewHeads } from '../chain/newHeads.ts'
import { probeChainRules } from '../chain/probeChainRules.ts'
import type { ChainReader } from '../chain/reader.ts'
import { treasuryAccount } from '../config/accounts.ts'
import type { BundlerConfig } from '../config/options.ts'
import type { DataAvailability } from '../fees/dataAvailability/dataAvailability.ts'
import type { FeeOracle } from '../fees/feeOracle.ts'
import { smallerOf } from '../math/amounts.ts'
import type { Mempool } from '../mempool/mempool.ts'
import { logFailure } from '../observability/logEvents.ts'
import { allOrFailure } from '../pipeline/allOrFailure.ts'
import { createGapFiller } from '../pipeline/fillGaps.ts'
import { createFollower } from '../pipeline/follow.ts'
import { createProducer } from '../pipeline/produce.ts'
import { createRefiller } from '../pipeline/refill.ts'
import { createResubmitter } from '../pipeline/resubmit.ts'
import { settle, settleAtHead } from '../pipeline/settle.ts'
import { createSettledSignal } from '../pipeline/settledSignal.ts'
import { createSweeper } from '../pipeline/sweep.ts'
import { unsettledOperations } from '../receipts/unsettledOperations.ts'
import type { ReputationTracker } from '../reputation/reputationTracker.ts'
import { callableEntryPoint } from '../simulation/callableEntryPoint.ts'
import type { Store } from '../store/store.ts'
import { createBundleRegistry } from '../submission/bundleRegistry.ts'
import { executorLoad } from '../submission/executorLoad.ts'
import type { ExecutorAccount } from '../submission/executorPool.ts'
import { createExecutorPool } from '../submission/executorPool.ts'
import type { OperationUpdate } from '../types/operationUpdate.ts'
import type { Inclusion } from '../types/userOperationEvent.ts'
import type { Bundling } from './debug.ts'
import type { Observability } from './observability.ts'
import { createSender } from './sender.ts'

/** Milliseconds in which operations that arrive together still join one bundle. */
const LINGER_MS = 2
/** The same while others are being validated. */
const BUSY_LINGER_MS = 50
/** Milliseconds until another attempt after the node failed or refused; executors rest for less. */
const RETRY_MS = 1_000
/**
 * Milliseconds after which the pool is looked at again without anything new: an answer may have come from
 * a node that lagged, and a chain that makes blocks on demand makes none for operations that wait for one.
 */
const IDLE_RETRY_MS = 2_000
/** Ordinary polls that one stands for while the node tells new heads by itself. */
const ANNOUNCED_POLLS = 10

export type BundlingParts = {
  config: BundlerConfig
  chainId: number
  entryPoints: readonly EntryPointAdapter[]
  reader: ChainReader
  /** The same node; what is asked of it in one turn leaves in one body. */
  batched: Pick<ChainReader, 'call' | 'request'>
  feeOracle: FeeOracle
  store: Store
  mempool: Mempool
  reputation: ReputationTracker
  bundling: Bundling
  observability: Pick<Observability, 'sender' | 'dryRunReader' | 'produce'>
  /** What a rollup charges for the data of a bundle, in wei. */
  dataFeeOf: DataAvailability['ofBundle']
  /** Told of the size of each bundle that was sent. */
  noteBundle: (operations: number) => void
  /** Told of each new head, before anything is done about it. */
  noteHead: (head: Block) => void
  /** Whether operations are being validated that may join the next bundle. */
  isBusy: () => boolean
  /** Accounts that send bundles. */
  accounts: readonly ExecutorAccount[]
  secondValidation: SecondValidation
  findInclusionOnChain: (hash: Hex, minBlock?: number) => Promise<Inclusion | undefined>
  logger: Logger
  onUpdates: (updates: readonly OperationUpdate[]) => void
  /** Unix milliseconds. */
  now: () => number
}

/**
 * Everything between the pool and the chain: bundles, executors, senders and the head of the chain.
 * @throws RpcError `nodeUnavailable`, UnknownEntryPointCodeError.
 */
export async function createBundling(parts: BundlingParts) {
  const { config, entryPoints, reader, batched, feeOracle, store, mempool } = parts
  const { bundling, observability, logger, now } = parts
  const addresses = entryPoints.map(({ address }) => address)
  const rules = await probeChainRules(reader)
  const maxGas = rules.capsTransactionGas
    ? smallerOf(config.maxBundleGas, MAX_TRANSACTION_GAS)
    : config.maxBundleGas
  let head: Block | undefined

  const marketFees = async () => (await feeOracle.gasPrice()).standard
  const bundles = createBundleRegistry()
  const executors = createExecutorPool({
    executors: await Promise.all(
      parts.accounts.map(async (account) => ({
        account,
        confirmedNonce: await getTransactionCount(batched, account.address),
      })),
    ),
    maxInFlight: config.maxBundlesInFlight,
    load: (address) => executorLoad(bundles, address),
    now,
  })
  const sender = observability.sender(createSender(config, reader))
  const treasury = treasuryAccount(config, executors.addresses())
  const headReads = createHeadReads({
    reader: batched,
    accounts: [...executors.addresses(), ...(treasury ? [treasury.address] : [])],
    busy: () => [...new Set(bundles.inFlight().map(({ executor }) => executor))],
  })
  const sweep = createSweeper({
    ...parts,
    entryPoints: addresses,
    operationTtlMs: config.opTtl * 1_000,
  })
  const codes = await callableCodes(batched, entryPoints)
  const shared = {
    ...parts,
    sender,
    bundles,
    executors,
    sweep,
    marketFees,
    maxBundleLoss: config.maxBundleLoss,
    findUnsettled: (settled: Pick<Block, 'number'>, seenBlock: number | undefined) =>
      unsettledOperations({ reader, entryPoints: addresses }, settled, seenBlock),
    building: {
      reader: observability.dryRunReader,
      secondValidation: parts.secondValidation,
      callableCode: (entryPoint: Address) => codes.get(entryPoint),
      tellsBlockNumber: rules.tellsBlockNumber,
    },
    onRefused(bundle: { id: string }, outcome: unknown) {
      logger.warn({ bundle: bundle.id, outcome }, 'the node refused a bundle')
      retryLater()
    },
  }

  const makeBundles = createProducer({
    ...shared,
    limits: { maxOperations: config.maxBundleOps, maxGas },
    operationTtlMs: config.opTtl * 1_000,
    head: () => head,
    onLeft: (when) => (when === 'now' ? trigger.request() : retryLater()),
    onFailed: (error) => failed(error),
  })
  const produce = observability.produce(makeBundles)
  const failed = (error: unknown) => {
    logFailure(logger, error, 'no bundle could be made')
    retryLater()
  }
  // Absent during the first look at the chain, which can already set off a bundle.
  let poller: HeadPoller | undefined
  let newHeads: NewHeads | undefined
  let idleTimer: NodeJS.Timeout | undefined
  const retryLater = () => setTimeout(() => trigger.request(), RETRY_MS).unref()
  const produceAndWatch = async () => {
    const sent = await produce()
    for (const { id, transactions, operations } of sent) {
      logger.info({ bundle: id, transaction: transactions[0]?.hash, operations }, 'bundle sent')
      parts.noteBundle(operations.length)
    }
    if (sent.length > 0) poller?.hurry()
    return sent
  }
  const trigger = createTrigger({
    lingerMs: () => bundling.intervalMs || (parts.isBusy() ? BUSY_LINGER_MS : LINGER_MS),
    async run() {
      if (bundling.mode === 'manual') return
      await produceAndWatch().catch(failed)
    },
  })

  const resubmit = createResubmitter({
    ...shared,
    onReplaced: ({ id, transactions }) =>
      logger.info({ bundle: id, transaction: transactions.at(-1)?.hash }, 'bundle replaced'),
  })
  const fillGaps = createGapFiller(shared)
  const refill = createRefiller({
    ...shared,
    treasury,
    balances: headReads.balances,
    policy: { below: config.executorLowBalance, upTo: config.executorRefillTo },
    onRefill: ({ to, amount }) => logger.info({ executor: to, wei: amount }, 'executor refilled'),
    onLow: (executor, wei) => logger.warn({ executor, wei }, 'executor has little left'),
  })
  const settled = createSettledSignal()
  const settling = {
    ...shared,
    entryPoints: addresses,
    reader: batched,
    transactionCountAt: headReads.transactionCountAt,
  }
  const follow = createFollower({
    tracker: createHeadTracker({
      reader: batched,
      addresses,
      known: await store.recentBlocks(),
      now,
      alongside(newHead) {
        parts.noteHead(newHead)
        feeOracle.refresh()
        headReads.begin(newHead)
      },
    }),
    async settle(change) {
      await settle(settling, change)
      await sweep(change.head)
    },
    settleAtHead: (at) => settleAtHead(settling, at),
    async afterwards(at) {
      await allOrFailure([resubmit(at).then(() => fillGaps(at)), refill(at)])
    },
    hasInFlight: () => bundles.inFlight().length > 0,
    onSettled(block) {
      head = block
      mempool.wakeDeferred()
      settled.notify()
      if (mempool.size() > 0) trigger.request()
    },
    onError: (error) => logFailure(logger, error, 'the chain could not be followed'),
    now,
  })

  return {
    bundles,
    executors,
    sweep,
    settled,
    trigger,
    produce: produceAndWatch,
    /** Newest settled block; `undefined` until the node has answered once. */
    head: () => head,
    /** Gas limit of a bundle now. */
    maxGas: () => smallerOf(maxGas, head?.gasLimit ?? maxGas),
    /** Looks at the chain once, then for ever. */
    async start() {
      await follow()
      idleTimer = setInterval(() => {
        if (mempool.size() === 0) return
        mempool.wakeDeferred()
        trigger.request()
      }, IDLE_RETRY_MS).unref()
      const isAnnounced = () => newHeads?.isLive() ?? false
      poller = createHeadPoller({
        tick: follow,
        intervalMs: () => config.pollInterval * (isAnnounced() ? ANNOUNCED_POLLS : 1),
        isAnnounced,
      })
      if (config.wsUrl === undefined) return
      newHeads = subscribeNewHeads({
        url: config.wsUrl,
        onHead: (announced) => poller?.announce(announced),
        onChange(isLive) {
          logger.info({ isLive }, isLive ? 'new heads are announced' : 'new heads are polled')
          poller?.hurry()
        },
      })
    },
    async stop() {
      clearInterval(idleTimer)
      newHeads?.close()
      await trigger.stop()
      await poller?.stop()
    },
  }
}

/** Code for the dry run of EntryPoints that let no contract call `handleOps`. */
async function callableCodes(
  reader: Pick<ChainReader, 'request'>,
  entryPoints: readonly EntryPointAdapter[],
): Promise<Map<Address, Hex>> {
  const codes = await Promise.all(entryPoints.map(({ address }) => getCode(reader, address)))
  return new Map(
    entryPoints.flatMap(({ address }, index) => {
      const callable = callableEntryPoint(codes[index] ?? '0x')
      return callable ? [[address, callable] as const] : []
    }),
  )
}
