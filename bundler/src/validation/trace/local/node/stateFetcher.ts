import type { Hex } from 'viem'
import { ChainError } from '../../../../chain/reader.ts'
import type { EvmRules, InterpretedCall } from '../interpreter/interpreter.ts'
import type { BlockState } from '../state/blockState.ts'
import type { CodeCache } from '../state/codeCache.ts'
import { createCodeHasher } from '../state/codeHasher.ts'
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

/** Codes that prestates show again and again: those of factories, paymasters, implementations. */
const MAX_HASHED_CODES = 256
/** JSON-RPC code, and words, of nodes that have no `debug_traceCall`. */
const METHOD_NOT_FOUND = -32_601
const noMethod = /method|not (?:found|supported|available|allowed|whitelisted)/i

export function createStateFetcher(batcher: RequestBatcher, codes: CodeCache): StateFetcher {
  const hash = createCodeHasher(MAX_HASHED_CODES)
  let hasPrestate = true

  function keep(state: BlockState, read: ReadState): ReadState['codes'] {
    // Code first: an account is sent to a worker together with its code.
    for (const [codeHash, code] of read.codes) codes.set(codeHash, code)
    state.add(read.entries)
    return read.codes
  }

  async function prestate(blockHash: Hex, call: InterpretedCall): Promise<ReadState> {
    const nothing = { entries: [], codes: [] }
    if (!hasPrestate) return nothing
    try {
      return await readPrestate(batcher, blockHash, call, hash)
    } catch (error) {
      if (!(error instanceof ChainError)) throw error
      // A call that the node cannot trace says nothing about the next one.
      if (error.code === METHOD_NOT_FOUND || noMethod.test(error.message)) hasPrestate = false
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
