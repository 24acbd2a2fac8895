import {
  CursorInvalidError,
  followEvents,
  getHostHistory,
  getJobHistory,
  HistoryIncompleteError,
  HistoryNotFoundError,
  HistoryUnstableError,
  jobEvents,
  type ReadClient,
  ReorganisationTooDeepError,
  WatchOptionError,
} from '@fabstir/sdk'
import {
  createHostDirectory,
  NoSuitableNodeError,
  SelectionError,
  selectOptimalNode,
} from '@fabstir/sdk/discovery'
import { createPublicClient, numberToHex } from 'viem'
import { expect } from 'vitest'
import { freshKey } from '../../sdkFixture.ts'
import { result, tamper } from '../../sdkServiceProxy.ts'
import type { ErrorCase } from './errorCase.ts'
import type { ErrorStage } from './errorStage.ts'

/** Reads the chain by the node's proxy. */
const reader = ({ devnet, viaNode }: ErrorStage): ReadClient => ({
  client: createPublicClient({ chain: devnet.chain, transport: viaNode() }),
  contracts: devnet.contracts,
})
const events = { posted: jobEvents.JobPosted }
/** The first batch of events. */
const follow = (stage: ErrorStage, options: { fromCursor?: string; reorgDepth?: number }) =>
  followEvents(reader(stage), { events, ...options }).next()

/** What following the chain, its history and the choice of a host refuse. */
export const chainCases: readonly ErrorCase[] = [
  {
    error: CursorInvalidError,
    when: 'a cursor was not made by this package',
    happen: (stage) => follow(stage, { fromCursor: '{"version":7}' }),
  },
  {
    error: WatchOptionError,
    when: 'reorganisations may take back half a block',
    happen: (stage) => follow(stage, { reorgDepth: 0.5 }),
    fields: { option: 'reorgDepth' },
  },
  {
    error: HistoryNotFoundError,
    when: 'there is no such job',
    happen: (stage) => getJobHistory(reader(stage), { jobId: 987_654n }),
    fields: { kind: 'job', id: 987_654n },
  },
  {
    error: HistoryNotFoundError,
    when: 'there is no such host',
    happen: (stage) => getHostHistory(reader(stage), { node: freshKey().address }),
    fields: { kind: 'host' },
  },
  {
    error: HistoryIncompleteError,
    when: 'a job was posted before the first block that is read',
    async happen(stage) {
      const { renter, jobId } = await stage.postedJob()
      const { number } = await stage.publicClient.getBlock()
      await renter.cancelJobSync({ jobId })
      return getJobHistory(reader(stage), { jobId, fromBlock: number + 1n })
    },
    fields: { event: 'JobCancelled' },
  },
  {
    error: HistoryUnstableError,
    when: 'the chain is another one each time that it is asked',
    async happen(stage) {
      const { jobId } = await stage.postedJob()
      let asked = 0
      stage.node.answer(
        tamper('eth_getBlockByNumber', async ({ id }, forward) => {
          asked += 1
          const block = (JSON.parse(await forward()) as { result: object }).result
          return result(id, { ...block, hash: numberToHex(asked, { size: 32 }) })
        }),
      )
      return getJobHistory(reader(stage), { jobId })
    },
    fields: { attempts: 5 },
  },
  {
    error: NoSuitableNodeError,
    when: 'every host is too dear',
    async happen(stage) {
      await stage.createHost()
      const nodes = await createHostDirectory(reader(stage)).discover({ model: 'llama-70b' })
      return selectOptimalNode(nodes, { modelId: 'another-model', maxPrice: 1n })
    },
    fields: { withoutModel: expect.any(Number) },
  },
  {
    error: SelectionError,
    when: 'somebody has measured that a host answers before it is asked',
    async happen(stage) {
      await stage.createHost()
      const nodes = await createHostDirectory(reader(stage)).discover({ model: 'llama-70b' })
      const measured = nodes.map((node) => ({ ...node, latency: -1 }))
      return selectOptimalNode(measured, { modelId: 'llama-70b' })
    },
    fields: { field: 'latency' },
  },
]

/** Reorganises the chain for good: behind all others. */
export const reorganisationCases: readonly ErrorCase[] = [
  {
    error: ReorganisationTooDeepError,
    when: 'the chain is reorganised deeper than is remembered',
    async happen(stage) {
      const { testClient } = stage
      await testClient.mine({ blocks: 5 })
      const options = { events, fromBlock: 0n, reorgDepth: 1, emptyBatches: true }
      for await (const { cursor } of followEvents(reader(stage), options)) {
        const { number } = await stage.publicClient.getBlock({ blockTag: 'latest' })
        if (BigInt(cursor.blockNumber ?? 0) < number) continue
        await testClient.request({ method: 'anvil_reorg', params: [4, []] } as never)
        await testClient.mine({ blocks: 5 })
      }
    },
    fields: { blockNumber: expect.any(BigInt) },
  },
]
