import type { ChainReader } from '../chain/chainReader.ts'
import type { PolicyGate } from '../gate/policyGate.ts'

/** The chain as it is read, with the gate told of every operation that is read as included. */
export function watchedChain(chain: ChainReader, gate: Pick<PolicyGate, 'included'>): ChainReader {
  return {
    ...chain,
    async operationEvents(filter) {
      const events = await chain.operationEvents(filter)
      gate.included(events)
      return events
    },
  }
}
