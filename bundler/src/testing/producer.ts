import { defaultEntryPoint } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { parseTransaction } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { SendOutcome } from '../chain/transactionSender.ts'
import { createProducer } from '../pipeline/produce.ts'
import { createMemoryStore } from '../store/memory/memoryStore.ts'
import { createBundleRegistry } from '../submission/bundleRegistry.ts'
import { executorLoad } from '../submission/executorLoad.ts'
import { createExecutorPool } from '../submission/executorPool.ts'
import type { Bundle } from '../types/bundle.ts'
import type { OperationUpdate } from '../types/operationUpdate.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import { testBlock } from './bundle.ts'
import type { HandleOps } from './driverNode.ts'
import { testBuilding } from './driverNode.ts'
import { testMempool, testReputation } from './pool.ts'
import { testAddress, testHash, testPooled } from './pooledOperation.ts'

/** A producer with `operations` in the pool; `verdict` is what the node says to a transaction. */
export function testProducer(
  operations: PooledOperation[],
  verdict: (senders: string[]) => SendOutcome,
  executorCount = 1,
  options: { maxInFlight?: number } = {},
) {
  const clock = { now: 10 }
  const now = () => clock.now
  const bundles = createBundleRegistry()
  const mempool = testMempool()
  for (const operation of operations) mempool.restore(operation)
  const accounts = Array.from({ length: executorCount }, (_, n) =>
    privateKeyToAccount(testHash(n + 1)),
  )
  const refused: Bundle[] = []
  const sweeps: number[] = []
  const updates: OperationUpdate[] = []
  const failures: unknown[] = []
  const store = createMemoryStore()
  const call: {
    fails: boolean
    handleOps: HandleOps
    paid: bigint | ((sender: Address) => bigint)
    dataFee: bigint
    left: number
    unsettled: Hex[]
    meanwhile: () => Promise<void>
  } = {
    unsettled: [],
    meanwhile: async () => undefined,
    fails: false,
    handleOps: () => undefined,
    paid: 10n ** 9n,
    dataFee: 0n,
    left: 0,
  }
  const run = createProducer({
    chainId: 31_337,
    entryPoints: [defaultEntryPoint],
    reader: { call: async () => ({ ok: true, data: '0x' }) },
    building: testBuilding(() => {
      if (call.fails) throw new Error('the node went away')
      return { handleOps: call.handleOps, paid: call.paid }
    }),
    maxBundleLoss: 0n,
    dataFeeOf: async () => call.dataFee,
    sender: {
      async send({ raw }) {
        const { data } = parseTransaction(raw)
        const ops = defaultEntryPoint.decodeHandleOps(data ?? '0x')?.ops ?? []
        return verdict(ops.map(({ sender }) => sender))
      },
    },
    mempool,
    reputation: testReputation({ now }),
    store,
    bundles,
    executors: createExecutorPool({
      executors: accounts.map((account) => ({ account, confirmedNonce: 0 })),
      maxInFlight: options.maxInFlight ?? 1,
      load: (address) => executorLoad(bundles, address),
      now,
    }),
    limits: { maxOperations: 10, maxGas: 30_000_000n },
    operationTtlMs: 3_600_000,
    findInclusionOnChain: async () => undefined,
    findUnsettled: async () => {
      await call.meanwhile()
      return new Set(call.unsettled)
    },
    sweep: async ({ number }) => void sweeps.push(number),
    head: () => testBlock(10),
    now,
    onUpdates: (all) => updates.push(...all),
    onRefused: (bundle) => refused.push(bundle),
    onLeft() {
      call.left += 1
    },
    onFailed: (error) => failures.push(error),
  })
  return { run, clock, mempool, store, bundles, refused, call, sweeps, updates, failures }
}

/** Operation `n` of sender `n`. */
export const payingOperation = (n: number, maxFeePerGas: bigint) =>
  testPooled(n, { sender: testAddress(n), maxFeePerGas, maxPriorityFeePerGas: maxFeePerGas })
