import type { AbiEvent, Address, Log } from 'viem'
import { decodeEventLog, toEventSelector } from 'viem'
import * as abis from '../../generated/abi/index.ts'

/** One event of the system, decoded, with the time of its block. */
export type ChainEvent = {
  name: string
  args: Readonly<Record<string, unknown>>
  address: Address
  block: bigint
  /** Position in the block. */
  index: number
  /** Unix seconds. */
  time: number
}

/** Every event that a contract of the system can emit, by topic and number of indexed arguments. */
const events = new Map<string, AbiEvent>()
for (const item of Object.values(abis).flat() as readonly { type: string }[]) {
  if (item.type !== 'event') continue
  const event = item as AbiEvent
  events.set(keyOf(toEventSelector(event), indexedCount(event)), event)
}

/** Decodes a log; `undefined` for an event that no contract of the system knows. */
export function decodeChainEvent(
  log: Pick<Log<bigint, number, false>, 'address' | 'topics' | 'data' | 'blockNumber' | 'logIndex'>,
  time: number,
): ChainEvent | undefined {
  const [topic] = log.topics
  const event = topic && events.get(keyOf(topic, log.topics.length - 1))
  if (!event) return undefined
  const { args } = decodeEventLog({ abi: [event], topics: log.topics, data: log.data })
  return {
    name: event.name,
    args: (args ?? {}) as Record<string, unknown>,
    address: log.address,
    block: log.blockNumber,
    index: log.logIndex,
    time,
  }
}

function indexedCount({ inputs }: AbiEvent): number {
  return inputs.filter(({ indexed }) => indexed).length
}

function keyOf(topic: string, indexed: number): string {
  return `${topic}:${indexed}`
}

/** Argument that is a whole number. */
export function bigintOf({ name, args }: ChainEvent, argument: string): bigint {
  const value = args[argument]
  if (typeof value === 'bigint') return value
  // viem decodes small integers as numbers.
  if (typeof value === 'number') return BigInt(value)
  throw new EventArgumentError(name, argument, value)
}

/** Argument that is text, an address among them; addresses come checksummed. */
export function textOf({ name, args }: ChainEvent, argument: string): string {
  const value = args[argument]
  if (typeof value === 'string') return value
  throw new EventArgumentError(name, argument, value)
}

export const addressOf = (event: ChainEvent, argument: string): Address =>
  textOf(event, argument) as Address

export class EventArgumentError extends Error {
  override name = 'EventArgumentError'
  constructor(event: string, argument: string, value: unknown) {
    super(`${event} has no usable argument "${argument}": ${String(value)}`)
  }
}
