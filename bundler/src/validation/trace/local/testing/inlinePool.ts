import type { Hex } from 'viem'
import { createEthereumjsInterpreter } from '../interpreter/ethereumjs/ethereumjsInterpreter.ts'
import { RefusedRunError } from '../interpreter/interpreter.ts'
import { createCachedState } from '../state/cachedState.ts'
import { MissingStateError } from '../state/stateView.ts'
import type { WorkerPool, WorkerPoolOptions } from '../worker/workerPool.ts'

/** Runs jobs in the thread of the test: it starts at once. */
export function createInlinePool({ maxSteps, codes }: WorkerPoolOptions): WorkerPool {
  return {
    async run({ state, call, rules, codes: needed }) {
      if (!state.environment) throw new RangeError('the block of a job has no environment')
      const get = (codeHash: Hex) => needed.get(codeHash) ?? codes.get(codeHash)
      const cached = createCachedState({ get })
      cached.add(state.entries)
      try {
        const interpreter = createEthereumjsInterpreter({ rules, maxSteps })
        return { kind: 'traced', trace: await interpreter.run(call, state.environment, cached) }
      } catch (error) {
        if (error instanceof MissingStateError) return { kind: 'missing', key: error.key, ms: 0 }
        if (error instanceof RefusedRunError) return { kind: 'refused', message: error.message }
        throw error
      }
    },
    forget: () => {},
    close: async () => {},
  }
}
