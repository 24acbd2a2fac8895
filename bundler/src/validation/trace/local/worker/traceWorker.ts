import { parentPort } from 'node:worker_threads'
import type { Hex } from 'viem'
import { createEthereumjsInterpreter } from '../interpreter/ethereumjs/ethereumjsInterpreter.ts'
import type { Interpreter } from '../interpreter/interpreter.ts'
import { RefusedRunError } from '../interpreter/interpreter.ts'
import type { CachedState } from '../state/cachedState.ts'
import { createCachedState } from '../state/cachedState.ts'
import { MissingStateError } from '../state/stateView.ts'
import type { RunOutcome, WorkerRequest, WorkerResponse } from './messages.ts'

type TraceRequest = Extract<WorkerRequest, { kind: 'trace' }>

const codes = new Map<Hex, Uint8Array>()
const states = new Map<number, CachedState>()
let interpreter: Interpreter | undefined

parentPort?.on('message', async (request: WorkerRequest) => {
  if (request.kind === 'forget') states.delete(request.stateId)
  else if (request.kind === 'reset') {
    states.clear()
    codes.clear()
  } else {
    const response: WorkerResponse = { job: request.job, outcome: await run(request) }
    parentPort?.postMessage(response)
  }
})

parentPort?.postMessage('ready' satisfies WorkerResponse)

async function run(request: TraceRequest): Promise<RunOutcome> {
  const { rules, maxSteps, stateId, entries, call, block } = request
  // Rules and limits are the same for the life of the worker.
  interpreter ??= createEthereumjsInterpreter({ rules, maxSteps })
  for (const [codeHash, code] of request.codes) codes.set(codeHash, code)
  const state = states.get(stateId) ?? createCachedState(codes)
  states.set(stateId, state)
  state.add(entries)
  const start = performance.now()
  try {
    return { kind: 'traced', trace: await interpreter.run(call, block, state) }
  } catch (error) {
    if (error instanceof MissingStateError) {
      return { kind: 'missing', key: error.key, ms: performance.now() - start }
    }
    if (error instanceof RefusedRunError) return { kind: 'refused', message: error.message }
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) }
  }
}
