import type { ChainReader } from '../chain/chainReader.ts'
import type { PolicyGate } from '../gate/policyGate.ts'

export type WatchedChain = ChainReader & {
  /** Unix seconds of the newest block that was read; 0 before. */
  newestTime(): number
}

/** The chain as it is read, with the gate told of every operation that is read as included. */
export function watchedChain(chain: ChainReader, gate: Pick<PolicyGate, 'included'>): WatchedChain {
  let newest = 0
  return {
    ...chain,
    newestTime: () => newest,
    async block(number) {
      const block = await chain.block(number)
      if (block && number === 'latest') newest = block.timestamp
      return block
    },
    async operationEvents(filter) {
      const events = await chain.operationEvents(filter)
      gate.included(events)
      return events
    },
  }
}
