import type { TraceSource } from '../trace.ts'
import { probeCall, revertedCall } from './probeCall.ts'
import { probeFaults } from './probeFaults.ts'

/** `none`: no tracing, for private mempools. `auto`: the first source that comes out right. */
export type TraceMode = 'auto' | 'none' | TraceSource['name']

export type ChosenSource = {
  source: TraceSource
  /** Sources that were passed over, and why. */
  passedOver: { name: TraceSource['name']; why: string }[]
}

/**
 * Runs the canned call on sources in the order given and takes the first that traces it right.
 * @throws NoTraceSourceError: a bundler without one must not start, unless it is told to trace nothing.
 */
export async function chooseTraceSource(
  mode: Exclude<TraceMode, 'none'>,
  candidates: readonly TraceSource[],
): Promise<ChosenSource> {
  const passedOver: ChosenSource['passedOver'] = []
  const wanted = candidates.filter(({ name }) => mode === 'auto' || name === mode)
  let chosen: TraceSource | undefined
  for (const source of candidates) {
    const why = chosen || !wanted.includes(source) ? undefined : await probe(source)
    if (!chosen && wanted.includes(source) && why === undefined) chosen = source
    else await source.close()
    if (why !== undefined) passedOver.push({ name: source.name, why })
  }
  if (!chosen) throw new NoTraceSourceError(mode, passedOver)
  return { source: chosen, passedOver }
}

/** What is wrong with a source; nothing when it may be used. */
async function probe(source: TraceSource): Promise<string | undefined> {
  try {
    const [traced, reverted] = await Promise.all([
      source.trace(probeCall),
      source.trace(revertedCall),
    ])
    const faults = probeFaults(traced, reverted)
    return faults.length === 0 ? undefined : `it does not show ${faults.join(', ')}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** No source traces validations as ERC-7562 needs it. */
export class NoTraceSourceError extends Error {
  override name = 'NoTraceSourceError'
  passedOver: ChosenSource['passedOver']

  constructor(mode: TraceMode, passedOver: ChosenSource['passedOver']) {
    const reasons = passedOver.map(({ name, why }) => `${name}: ${why}`)
    super(
      [
        `--trace ${mode}: validations cannot be traced, so ERC-7562 cannot be checked`,
        ...(reasons.length > 0 ? reasons : ['this source is not part of this program']),
        'use a node with debug_traceCall, or --trace none for a private mempool',
      ].join('; '),
    )
    this.passedOver = passedOver
  }
}
