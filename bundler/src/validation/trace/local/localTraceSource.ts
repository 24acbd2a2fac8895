import { availableParallelism } from 'node:os'
import type { Address, Hex } from 'viem'
import { callOver } from '../../../chain/callOver.ts'
import type { BlockTag } from '../../../chain/reader.ts'
import { ChainError } from '../../../chain/reader.ts'
import { RpcError, rpcErrorCode } from '../../../types/rpcError.ts'
import type { TracedCall, TraceSource, ValidationTrace } from '../trace.ts'
import { closedError, overloadedError, refusal, stateUnavailable } from './errors.ts'
import type { EvmRules, InterpretedCall } from './interpreter/interpreter.ts'
import { intrinsicGas } from './interpreter/intrinsicGas.ts'
import { pinBlock } from './node/pinBlock.ts'
import { probeEvm } from './node/probeEvm.ts'
import type { BatchingReader } from './node/requestBatch.ts'
import { createRequestBatcher } from './node/requestBatch.ts'
import { createStateFetcher } from './node/stateFetcher.ts'
import { createBlockStates } from './state/blockStates.ts'
import { createCodeCache } from './state/codeCache.ts'
import { byAddress } from './state/overriddenState.ts'
import type { StateKey } from './state/stateKey.ts'
import { assertTraceableChain } from './traceableChain.ts'
import type { WorkerPool, WorkerPoolOptions } from './worker/workerPool.ts'
import {
  createWorkerPool,
  PoolClosedError,
  WorkerCrashedError,
  WorkerTimeoutError,
} from './worker/workerPool.ts'

export type LocalTraceSourceOptions = {
  reader: BatchingReader
  chainId: number
  /** Threads; by default one less than the machine has cores, and at least one. */
  workers?: number
  /** Gas limit above which a call is not traced. */
  maxGas?: bigint
  /** Opcodes after which a trace is given up. */
  maxSteps?: number
  /** Milliseconds that one run may take, and all runs of a trace that end for want of state. */
  runTimeoutMs?: number
  /** Traces that may be under way or wait. */
  maxQueue?: number
  createPool?: (options: WorkerPoolOptions) => WorkerPool
}

const defaults = {
  maxGas: 30_000_000n,
  maxSteps: 1_000_000,
  runTimeoutMs: 10_000,
  maxQueue: 1_024,
  createPool: createWorkerPool,
}

/** Attempts at a block that the node has lost, or that another node behind its address has not yet. */
const MAX_ATTEMPTS = 3
/** Reads for one trace, each after a run that missed something. */
const MAX_READS = 256
const MAX_CODE_BYTES = 64 * 2 ** 20

/**
 * Traces by an EVM in worker threads over state that is read from the node at one block hash. It needs of
 * the node what `eth_call` with overrides gives; with `debug_traceCall` it takes one round trip.
 * @throws UntraceableChainError for a chain with another EVM.
 */
export function createLocalTraceSource(options: LocalTraceSourceOptions): TraceSource {
  const { reader, chainId, workers = Math.max(1, availableParallelism() - 1) } = options
  const { maxGas, maxSteps, runTimeoutMs, maxQueue, createPool } = { ...defaults, ...options }
  assertTraceableChain(chainId)
  const batcher = createRequestBatcher(reader)
  const codes = createCodeCache(MAX_CODE_BYTES)
  const pool = createPool({ workers, maxSteps, timeoutMs: runTimeoutMs, codes })
  const states = createBlockStates((state) => pool.forget(state))
  const fetcher = createStateFetcher(batcher, codes)
  let rules: Promise<EvmRules> | undefined
  /** The newest block that is known here: what `latest` will be, most of the time. */
  let newest: Hex | undefined
  let underWay = 0

  /** The chain's EVM is looked at once; a look that failed is repeated by the next trace. */
  function knownRules(blockHash: Hex): Promise<EvmRules> {
    rules ??= probeEvm(batcher, blockHash, chainId).catch((error: unknown) => {
      rules = undefined
      throw error
    })
    return rules
  }

  async function traceAt(blockHash: Hex, call: InterpretedCall): Promise<ValidationTrace> {
    const known = await knownRules(blockHash)
    checkGas(call, known)
    const state = states.of(blockHash)
    const needed = new Map<Hex, Uint8Array>()
    const need = (found: readonly (readonly [Hex, Uint8Array])[]) => {
      for (const [codeHash, code] of found) needed.set(codeHash, code)
    }
    // All at first: a run that only finds out what is missing takes as long as the node.
    if (!state.wasTraced(call)) need(await fetcher.fetchFor(state, call, known, firstKeys(call)))
    let spentMs = 0
    for (let reads = 0; reads < MAX_READS && spentMs <= runTimeoutMs; reads++) {
      const outcome = await pool.run({ state, call, rules: known, codes: needed })
      if (outcome.kind === 'traced') {
        state.markTraced(call)
        return outcome.trace
      }
      if (outcome.kind === 'missing') {
        spentMs += outcome.ms
        need(await fetcher.fetch(state, [outcome.key]))
      } else if (outcome.kind === 'refused') throw refusal(outcome.message)
      else throw new RpcError(rpcErrorCode.internal, `the local trace failed: ${outcome.message}`)
    }
    throw refusal(`the call reads more state than ${MAX_READS} rounds and ${runTimeoutMs} ms give`)
  }

  /** The same at the block that `blockTag` stands for, whose hash is asked for meanwhile. */
  async function traceBehind(blockTag: BlockTag, call: InterpretedCall): Promise<ValidationTrace> {
    const expected = blockTag === 'latest' ? newest : undefined
    const early = expected && Promise.allSettled([traceAt(expected, call)])
    const blockHash = await pinBlock(batcher, blockTag)
    if (!blockHash) throw new ChainError('eth_getBlockByNumber', 0, `there is no ${blockTag} block`)
    if (blockTag === 'latest') newest = blockHash
    if (!early || blockHash !== expected) return traceAt(blockHash, call)
    const [traced] = await early
    if (traced.status === 'rejected') throw traced.reason
    return traced.value
  }

  async function trace({ blockTag, ...call }: TracedCall): Promise<ValidationTrace> {
    if (call.gas > maxGas) {
      throw refusal(`gas ${call.gas} is above the ${maxGas} that a trace may have`)
    }
    let failure: unknown
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      try {
        // A tag is resolved again: after a reorg it stands for another block.
        return await traceBehind(blockTag, lowerCased(call))
      } catch (error) {
        if (!(error instanceof ChainError)) throw error
        failure = error
      }
    }
    throw stateUnavailable(blockTag, failure)
  }

  return {
    name: 'local',
    node: {
      request: batcher.request,
      call: (parameters) => callOver(batcher.request, parameters),
    },
    announce(blockHash) {
      newest = blockHash
    },
    async trace(call) {
      if (underWay >= maxQueue) throw overloadedError(maxQueue)
      underWay += 1
      try {
        return await trace(call)
      } catch (error) {
        if (error instanceof WorkerTimeoutError) throw refusal(error.message)
        if (error instanceof PoolClosedError) throw closedError()
        if (error instanceof WorkerCrashedError) {
          throw new RpcError(rpcErrorCode.internal, error.message)
        }
        throw error
      } finally {
        underWay -= 1
      }
    },
    close: () => pool.close(),
  }
}

/** What every run of `call` reads. Overridden accounts too: a node shows their overridden values. */
function firstKeys({ from, to, stateOverride }: InterpretedCall): StateKey[] {
  return [from, to, ...byAddress(stateOverride).keys()].map((address) => {
    return { kind: 'account', address }
  })
}

function lowerCased({ from, to, ...call }: InterpretedCall): InterpretedCall {
  return { ...call, from: from.toLowerCase() as Address, to: to.toLowerCase() as Address }
}

/** @throws RpcError -32602 where a node would not run the call. */
function checkGas({ gas, data }: InterpretedCall, { fork }: EvmRules): void {
  const { floor } = intrinsicGas(data, fork)
  if (gas >= floor) return
  throw new RpcError(
    rpcErrorCode.invalidParams,
    `gas ${gas} is below the ${floor} that the call costs before it begins`,
    { rule: 'intrinsicGas', numbers: { given: gas.toString(), bound: floor.toString() } },
  )
}
