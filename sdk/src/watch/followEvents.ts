import { getChainId } from 'viem/actions'
import { createBlockSpan } from '../contracts/blockSpan.ts'
import { withTypedErrors } from '../errors/explainFailure.ts'
import { ChainMismatchError } from '../errors/transport.ts'
import { WatchOptionError } from '../errors/watch.ts'
import type { ReadClient } from '../types/client.ts'
import type { ChainReader } from './chainReader.ts'
import type { Checked, ContractEvents, FollowedEvent } from './contractEvent.ts'
import { type CursorScope, type EventCursor, fromCursor, toCursor } from './cursor.ts'
import { createEventFilter, type EventFilter } from './eventFilter.ts'
import { follow, type LogBatch, type Retry } from './follow.ts'
import { blocksTogether } from './readLinkedBlocks.ts'
import { type Confirmations, createRpcReader } from './rpcReader.ts'
import { deliver, type Trail, takeBack } from './trail.ts'
import { createWaits } from './waits.ts'

export type FollowOptions = {
  /** Where an earlier follower ended: its cursor, or the JSON text of it. */
  fromCursor?: EventCursor | string | undefined
  /** First block, when there is no cursor; by default the one after the newest. */
  fromBlock?: bigint | undefined
  /**
   * Blocks on top of an event's own before it is delivered, or the block that the chain calls 'safe' or 'finalized'.
   * 0 by default: events come at once, and those that a reorganisation takes back come again as `removed`.
   */
  confirmations?: Confirmations | undefined
  /** Blocks that a reorganisation may take back, 1 to 10,000; 64 by default. */
  reorgDepth?: number | undefined
  /** Blocks in one question for logs, at most; halved when the node refuses. 2,000 by default. */
  maxBlockRange?: number | undefined
  /** Milliseconds between two questions for the head; the chain client's by default. */
  pollingInterval?: number | undefined
  /** Milliseconds between two attempts after failures, at most; 30,000 by default. */
  maxBackOff?: number | undefined
  /** Batches without events too, so that the cursor keeps up where little happens. */
  emptyBatches?: boolean | undefined
  /** Ends following. */
  signal?: AbortSignal | undefined
}

export type FollowEventsParameters<events extends ContractEvents> = FollowOptions & {
  /** What to follow, like `jobEvents`; an event comes under the first of these names that it fits. */
  events: events & Checked<events>
  /** Told of every failure that is tried again. */
  onFailure?: ((error: unknown, retry: Retry) => void) | undefined
}

/** Events that belong together: all of some blocks, or all that a reorganisation took back from one. */
export type EventBatch<events extends ContractEvents = ContractEvents> = {
  /** In the order of the chain; those that were removed newest first. */
  events: readonly FollowedEvent<events>[]
  /** Where to go on after this batch. */
  cursor: EventCursor
  /** Where to go on after the event at this index. */
  cursorAfter: (index: number) => EventCursor
}

/**
 * Events of contracts as they come, for `for await`. Reorganisations, lost connections and restarts leave nothing out
 * and bring nothing twice: what was delivered, less what was `removed`, is always what stands on one chain. A batch
 * counts as delivered when the next one is asked for; keep its `cursor` together with what you made of it.
 * @throws {CursorInvalidError} When the cursor is none, or one of another chain or for other events.
 * @throws {ReorganisationTooDeepError} When more blocks were replaced than `reorgDepth`.
 * @throws {ChainMismatchError} When the node is one of another chain.
 * @throws {WatchOptionError} When an option lies outside its bounds.
 * @example
 * for await (const { events, cursor } of followEvents(client, { events: jobEvents, fromBlock: 0n })) {
 *   for (const { name, blockNumber, removed } of events) console.log(name, blockNumber, removed)
 *   console.log(JSON.stringify(cursor))
 * }
 */
export async function* followEvents<const events extends ContractEvents>(
  client: ReadClient,
  { events, onFailure = () => {}, ...options }: FollowEventsParameters<events>,
): AsyncGenerator<EventBatch<events>, void, void> {
  const { confirmations = 0, emptyBatches = false } = options
  checkOptions(options)
  const filter = createEventFilter<events>(events, client.contracts)
  const scope: CursorScope = { chainId: client.contracts.chainId, ...filter }
  const reader = createRpcReader(client, { ...filter, confirmations })
  const end = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, end.signal]) : end.signal
  const pollingInterval = options.pollingInterval ?? client.client.pollingInterval
  const waits = createWaits(client.client, { pollingInterval, signal })
  try {
    const begin = async () => {
      await assertChain(client)
      return firstTrail(options, { reader, scope })
    }
    yield* follow(begin, {
      toBatch: (batch) =>
        emptyBatches || batch.logs.length > 0 ? toEventBatch(batch, { filter, scope }) : undefined,
      reader,
      waits,
      signal,
      depth: BigInt(options.reorgDepth ?? 64),
      span: createBlockSpan(BigInt(options.maxBlockRange ?? 2000)),
      together: createBlockSpan(blocksTogether),
      backOff: { first: 250, maximum: options.maxBackOff ?? 30_000 },
      onFailure,
    })
  } finally {
    end.abort()
    await waits.close()
  }
}

async function firstTrail(
  { fromCursor: cursor, fromBlock }: FollowOptions,
  { reader, scope }: { reader: ChainReader; scope: CursorScope },
): Promise<Trail> {
  if (cursor !== undefined) return fromCursor(cursor, scope)
  if (fromBlock !== undefined) return { start: fromBlock, marks: [], cut: false }
  const { number } = await reader.target()
  // The chain is younger than the confirmations.
  if (number < 0n) return { start: 0n, marks: [], cut: false }
  const head = await reader.block(number)
  const marks = head ? [{ number, hash: head.hash, logs: [], whole: true }] : []
  return { start: number + 1n, marks, cut: false }
}

/** On another chain there would be no events, and no error either. */
async function assertChain(client: ReadClient) {
  const { chainId: expected } = client.contracts
  const actual = await withTypedErrors(client, () => getChainId(client.client))
  if (actual !== expected) throw new ChainMismatchError({ service: 'node', expected, actual })
}

function toEventBatch<events extends ContractEvents>(
  { logs, removed, before, after }: LogBatch,
  { filter, scope }: { filter: EventFilter<events>; scope: CursorScope },
): EventBatch<events> {
  // A log that the node did not filter is followed like the others: the trail knows logs, not events.
  const found = logs.flatMap((log, index) => {
    const event = filter.decode(log, removed)
    return event ? [{ event, index }] : []
  })
  return {
    events: found.map(({ event }) => event),
    cursor: toCursor(after, scope),
    cursorAfter(position) {
      const index = found[position]?.index
      if (index === undefined || position === found.length - 1) return toCursor(after, scope)
      const taken = logs.slice(0, index + 1)
      return toCursor(taken.reduce(removed ? takeBack : deliver, before), scope)
    },
  }
}

function checkOptions(options: FollowOptions) {
  const bounds = [
    ['reorgDepth', 1, 10_000],
    ['maxBlockRange', 1, 10_000_000],
    ['pollingInterval', 1, 3_600_000],
    ['maxBackOff', 1, 3_600_000],
  ] as const
  for (const [option, minimum, maximum] of bounds) check(option, options[option], minimum, maximum)
  if (typeof options.confirmations === 'number')
    check('confirmations', options.confirmations, 0, 10_000)
  if (options.fromBlock !== undefined && options.fromBlock < 0n)
    throw new WatchOptionError({ option: 'fromBlock', problem: 'is below 0' })
}

function check(option: string, value: number | undefined, minimum: number, maximum: number) {
  if (value === undefined || (Number.isInteger(value) && value >= minimum && value <= maximum))
    return
  const problem = `is ${value}, and no whole number from ${minimum} to ${maximum}`
  throw new WatchOptionError({ option, problem })
}
