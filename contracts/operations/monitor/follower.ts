import type { Address, Hash, PublicClient } from 'viem'
import { type ChainEvent, decodeChainEvent } from './chainEvent.ts'
import { emptyMonitorState, indexAll, type MonitorState } from './monitorState.ts'

export type FollowerParameters = {
  publicClient: Pick<PublicClient, 'getBlock' | 'getBlockNumber' | 'getLogs'>
  /** Contracts whose events count. */
  addresses: readonly Address[]
  /** First block with an event. */
  startBlock: bigint
  /** An event counts once this many blocks stand on top of its own. */
  confirmations: number
  /** Blocks in one request for logs; public nodes refuse more. */
  pageOfBlocks?: bigint
}

export type Follower = {
  state: MonitorState
  /** Last block that is counted; one before the start at first. */
  block: bigint
  /** Reads what was confirmed since. Answers the new events. */
  advance(): Promise<ChainEvent[]>
}

/**
 * Follows the chain some blocks behind its head. When the last block that was counted is no longer part of the chain,
 * a reorganisation went deeper than `confirmations`: everything is indexed again from the start.
 */
export function createFollower({
  publicClient,
  addresses,
  startBlock,
  confirmations,
  pageOfBlocks = 2_000n,
}: FollowerParameters): Follower {
  let counted: { number: bigint; hash: Hash | null } | undefined

  const eventsOf = async (fromBlock: bigint, toBlock: bigint): Promise<ChainEvent[]> => {
    const logs = await publicClient.getLogs({ address: [...addresses], fromBlock, toBlock })
    const times = new Map<bigint, number>()
    const events: ChainEvent[] = []
    for (const log of logs) {
      if (log.blockNumber === null || log.logIndex === null) continue
      const known = times.get(log.blockNumber)
      const time =
        known ?? Number((await publicClient.getBlock({ blockNumber: log.blockNumber })).timestamp)
      times.set(log.blockNumber, time)
      const event = decodeChainEvent(log, time)
      if (event) events.push(event)
    }
    return events.toSorted((a, b) => Number(a.block - b.block) || a.index - b.index)
  }

  const stillThere = async () => {
    if (!counted) return true
    const block = await publicClient
      .getBlock({ blockNumber: counted.number })
      .catch(() => undefined)
    return block?.hash === counted.hash
  }

  const follower: Follower = {
    state: emptyMonitorState(),
    block: startBlock - 1n,
    async advance() {
      if (!(await stillThere())) {
        follower.state = emptyMonitorState()
        follower.block = startBlock - 1n
        counted = undefined
      }
      const head = (await publicClient.getBlockNumber({ cacheTime: 0 })) - BigInt(confirmations)
      const found: ChainEvent[] = []
      while (follower.block < head) {
        const first = follower.block + 1n
        const last = first + pageOfBlocks - 1n < head ? first + pageOfBlocks - 1n : head
        // The hash is read before the logs: a reorganisation in between shows the next time.
        const { hash } = await publicClient.getBlock({ blockNumber: last })
        const events = await eventsOf(first, last)
        indexAll(events, follower.state)
        follower.block = last
        counted = { number: last, hash }
        found.push(...events)
      }
      return found
    },
  }
  return follower
}
