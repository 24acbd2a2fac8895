import type { Hex } from 'viem'
import { ChainError } from '../../../../chain/reader.ts'
import type { EvmRules, InterpretedCall } from '../interpreter/interpreter.ts'
import type { BlockState } from '../state/blockState.ts'
import type { CodeCache } from '../state/codeCache.ts'
import type { StateKey } from '../state/stateKey.ts'
import { readPrestate } from './prestate.ts'
import type { RequestBatcher } from './requestBatch.ts'
import type { ReadState } from './stateReader.ts'
import { readEnvironment, readState } from './stateReader.ts'

export type StateFetcher = {
  /** Reads `keys` into `state`; the code among them is returned too. */
  fetch(state: BlockState, keys: readonly StateKey[]): Promise<ReadState['codes']>
  /** The same with all that `call` is going to touch, as far as the node can tell in the same round trip. */
  fetchFor(
    state: BlockState,
    call: InterpretedCall,
    rules: EvmRules,
    keys: readonly StateKey[],
  ): Promise<ReadState['codes']>
}

/** Failures of `prestateTracer` in a row after which a node is not asked for it again. */
const MAX_PRESTATE_FAILURES = 3

export function createStateFetcher(batcher: RequestBatcher, codes: CodeCache): StateFetcher {
  let prestateFailures = 0

  function keep(state: BlockState, read: ReadState): ReadState['codes'] {
    // Code first: an account is sent to a worker together with its code.
    for (const [codeHash, code] of read.codes) codes.set(codeHash, code)
    state.add(read.entries)
    return read.codes
  }

  async function prestate(blockHash: Hex, call: InterpretedCall): Promise<ReadState> {
    const nothing = { entries: [], codes: [] }
    if (prestateFailures >= MAX_PRESTATE_FAILURES) return nothing
    try {
      const read = await readPrestate(batcher, blockHash, call)
      prestateFailures = 0
      return read
    } catch (error) {
      if (!(error instanceof ChainError)) throw error
      prestateFailures += 1
      return nothing
    }
  }

  async function fetch(state: BlockState, keys: readonly StateKey[]) {
    return keep(state, await readState(batcher, state.blockHash, keys))
  }

  return {
    fetch,
    async fetchFor(state, call, rules, keys) {
      const { blockHash } = state
      const blobs = rules.fork !== 'paris' && rules.fork !== 'shanghai'
      const [environment, named, hinted] = await Promise.all([
        state.environment ?? readEnvironment(batcher, blockHash, { blobs }),
        readState(
          batcher,
          blockHash,
          keys.filter((key) => !state.has(key)),
        ),
        prestate(blockHash, call),
      ])
      state.environment ??= environment
      return [...keep(state, named), ...keep(state, hinted)]
    },
  }
}
