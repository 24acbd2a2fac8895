import type { EntryPointAdapter } from '@fabstir/erc4337'
import type { Block } from '../chain/block.ts'
import { getStake } from '../chain/entryPointState.ts'
import type { ChainReader } from '../chain/reader.ts'
import type { Mempool } from '../mempool/mempool.ts'
import { injectOperations } from '../pipeline/inject.ts'
import type { SettledSignal } from '../pipeline/settledSignal.ts'
import type { ReputationTracker } from '../reputation/reputationTracker.ts'
import type { BundlingMode, DebugMethodDependencies } from '../rpc/methods/debug.ts'
import type { Store } from '../store/store.ts'
import type { BundleRegistry } from '../submission/bundleRegistry.ts'
import type { Bundle } from '../types/bundle.ts'
import type { StakePolicy } from '../types/stakePolicy.ts'
import { isStaked } from '../types/stakePolicy.ts'

/** Milliseconds that a forced bundle may take to be included. */
const SEND_NOW_TIMEOUT_MS = 10_000
const HOUR_MS = 3_600_000

/** How bundles are set off; may change while the bundler runs. */
export type Bundling = {
  mode: BundlingMode
  /** Milliseconds from an operation to its bundle; 0 bundles at once. */
  intervalMs: number
}

export type DebugDependencies = {
  chainId: number
  entryPoints: readonly EntryPointAdapter[]
  reader: Pick<ChainReader, 'call'>
  store: Store
  mempool: Mempool
  reputation: ReputationTracker
  bundles: BundleRegistry
  bundling: Bundling
  stakePolicy: StakePolicy
  maxOperations: number
  settled: SettledSignal
  produce: () => Promise<Bundle[]>
  /** Something to bundle, or another way to bundle. */
  requestBundle: () => void
  sweep: (head: Block) => Promise<void>
  /** Newest settled block; `undefined` until the node has answered once. */
  head: () => Block | undefined
  /** Used by validation and estimation from the next operation on. */
  limits: readonly { expectedBundleSize: bigint }[]
  /** Unix milliseconds. */
  now: () => number
}

/** What the `debug_bundler_*` methods do, out of the parts of a running bundler. */
export function debugOperations(deps: DebugDependencies): DebugMethodDependencies {
  const { store, mempool, reputation, bundles, bundling, entryPoints } = deps

  async function clearMempool() {
    await store.clearPending()
    mempool.clear()
    bundles.clear()
  }

  async function clearReputation() {
    await store.commit([{ type: 'reputationCleared' }])
    reputation.clear()
  }

  return {
    entryPoints,
    async clearState() {
      await clearMempool()
      await clearReputation()
    },
    clearMempool,
    clearReputation,
    pendingOperations: ({ address }) => mempool.dump(address).map(({ op }) => op),
    async addOperations(ops, entryPoint) {
      await injectOperations(deps, ops, entryPoint)
      deps.requestBundle()
    },
    async sendBundleNow() {
      const sent = await deps.produce()
      // A bundle that is replaced keeps its id; one that is forgotten is waited for no longer.
      const isSettled = ({ id }: Bundle) =>
        bundles.get(id)?.settledIn !== undefined || !bundles.get(id)
      await deps.settled.until(() => sent.every(isSettled), SEND_NOW_TIMEOUT_MS)
      const [first] = sent
      if (!first) return undefined
      return (bundles.get(first.id) ?? first).transactions.at(-1)?.hash
    },
    setBundlingMode(mode) {
      bundling.mode = mode
      deps.requestBundle()
    },
    setBundleInterval(milliseconds) {
      bundling.intervalMs = milliseconds
    },
    async setReputation({ address: entryPoint }, entries) {
      const hour = Math.floor(deps.now() / HOUR_MS)
      reputation.set(entries.map((entry) => ({ ...entry, entryPoint, hour })))
      const head = deps.head()
      if (head) await deps.sweep(head)
    },
    reputation: ({ address }) => reputation.entries(address),
    async stakeOf(entity, entryPoint) {
      const stake = await getStake(deps.reader, entryPoint.address, entity)
      return { ...stake, isStaked: isStaked(stake, deps.stakePolicy) }
    },
    configure({ expectedBundleSize }) {
      if (expectedBundleSize === undefined) return
      for (const limits of deps.limits) limits.expectedBundleSize = expectedBundleSize
    },
  }
}
