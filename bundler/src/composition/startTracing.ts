import type { Logger } from '@fabstir/service'
import { hasFinalCode } from '../chain/probeFinalCode.ts'
import type { ChainReader } from '../chain/reader.ts'
import { createTurns } from '../chain/turns.ts'
import { createCodeCache } from '../validation/record/codeCache.ts'
import { createJsTraceSource } from '../validation/trace/js/jsTraceSource.ts'
import { createLocalTraceSource } from '../validation/trace/local/localTraceSource.ts'
import { UntraceableChainError } from '../validation/trace/local/traceableChain.ts'
import { createNativeTraceSource } from '../validation/trace/native/nativeTraceSource.ts'
import type { TraceMode } from '../validation/trace/probe/chooseTraceSource.ts'
import { chooseTraceSource } from '../validation/trace/probe/chooseTraceSource.ts'
import type { TraceSource } from '../validation/trace/trace.ts'
import type { Tracer } from '../validation/validate.ts'

export type TracingOptions = {
  reader: ChainReader
  logger: Pick<Logger, 'info' | 'warn'>
  chainId: number
  mode: TraceMode
}

/** Traces under way at the same time: a node in JavaScript takes tens of milliseconds of a core for each. */
const tracesAtOnce = { native: 16, local: 16, js: 4 } as const
/** Operations that wait for their trace; more are told to come back. */
const MAX_WAITING = 1_000

/**
 * Finds out how validations can be traced on this node, and says so.
 * @returns Nothing with `none`.
 * @throws NoTraceSourceError when the node cannot do what was asked for.
 */
export async function startTracing(options: TracingOptions): Promise<Tracer | undefined> {
  const { reader, logger, mode } = options
  if (mode === 'none') {
    logger.warn({ trace: 'none' }, 'ERC-7562 rules are not checked: keep this mempool private')
    return undefined
  }
  const candidates = [
    createNativeTraceSource(reader),
    ...localSource(options),
    createJsTraceSource(reader),
  ]
  const { source, passedOver } = await chooseTraceSource(mode, candidates)
  logger.info({ trace: source.name, passedOver }, 'ERC-7562 rules are checked on traces')
  return {
    source,
    cache: createCodeCache(await hasFinalCode(reader)),
    turns: createTurns({ atOnce: tracesAtOnce[source.name], waiting: MAX_WAITING }),
  }
}

/** An EVM of this program, where the chain's is no other. */
function localSource({ reader, chainId, mode }: TracingOptions): TraceSource[] {
  if (mode !== 'auto' && mode !== 'local') return []
  try {
    return [createLocalTraceSource({ reader, chainId })]
  } catch (error) {
    if (mode === 'auto' && error instanceof UntraceableChainError) return []
    throw error
  }
}
