import type { AddressBook } from '@fabstir/contracts/addressBook'
import {
  type Abi,
  type AbiEvent,
  type Address,
  decodeEventLog,
  encodeEventTopics,
  type Hex,
  isAddressEqual,
  type LogTopic,
  toEventSelector,
} from 'viem'
import { toAbi } from '../contracts/abiText.ts'
import { resolveContract } from '../contracts/contractName.ts'
import { MalformedAnswerError } from '../errors/transport.ts'
import type { ContractEvents, FollowedEvent } from './contractEvent.ts'
import type { ChainLog } from './trail.ts'

/** What one question for logs asks for. */
export type LogQuery = { address: Address; topics: readonly LogTopic[] }

export type EventFilter<events extends ContractEvents> = {
  /** Together they cover all events; one for each contract and set of arguments. */
  queries: readonly LogQuery[]
  /** The event in a log; `undefined` when it is none of them. */
  decode: (log: ChainLog, removed: boolean) => FollowedEvent<events> | undefined
}

type Source = LogQuery & { name: string; item: AbiEvent }

/** Queries and decoding of events. */
export function createEventFilter<events extends ContractEvents>(
  events: events,
  contracts: AddressBook,
): EventFilter<events> {
  const sources = Object.entries(events).map(([name, event]) => toSource(name, event, contracts))
  const grouped = Map.groupBy(sources, ({ address, topics }) =>
    JSON.stringify([address.toLowerCase(), ...topics.slice(1)]),
  )
  const queries = [...grouped.values()].flatMap((members): LogQuery[] => {
    const [first] = members
    if (!first) return []
    const names = members.flatMap(({ topics: [selector] }) => selector ?? [])
    return [{ address: first.address, topics: [[...new Set(names)], ...first.topics.slice(1)] }]
  })
  return {
    queries,
    decode(log, removed) {
      // Nodes are not trusted to have filtered.
      const source = sources.find((candidate) => fits(log, candidate))
      if (!source) return undefined
      const { address, blockNumber, blockHash, transactionHash, logIndex } = log
      const place = { address, blockNumber, blockHash, transactionHash, logIndex, removed }
      return { name: source.name, args: argsOf(log, source), ...place } as FollowedEvent<events>
    },
  }
}

function toSource(
  name: string,
  { contract, event, args }: ContractEvents[string],
  contracts: AddressBook,
): Source {
  const item = 'type' in event ? event : toAbi(event)[0]
  if (!item) throw new TypeError(`the event ${name} has no signature`)
  const topics = encodeEventTopics({
    abi: [item] as Abi,
    eventName: item.name,
    args: args as Readonly<Record<string, unknown>>,
  }) as LogTopic[]
  // Events with fewer and more indexed arguments are asked for together.
  const last = topics.findLastIndex((topic) => topic !== null)
  const filter = topics.slice(0, last + 1)
  return { name, item, address: resolveContract(contracts, contract), topics: filter }
}

function fits(log: ChainLog, { address, topics, item }: Source): boolean {
  const indexed = item.inputs.filter((input) => input.indexed)
  return (
    isAddressEqual(log.address, address) &&
    // Another event of the same signature, with other arguments indexed.
    log.topics.length === indexed.length + 1 &&
    log.topics[0] === toEventSelector(item) &&
    topics.every((wanted, index) => wanted === null || isAny(log.topics[index], wanted))
  )
}

const isAny = (topic: Hex | undefined, wanted: Hex | readonly Hex[]) =>
  topic !== undefined && (Array.isArray(wanted) ? wanted.includes(topic) : wanted === topic)

function argsOf(log: ChainLog, { item }: Source): unknown {
  try {
    const topics = log.topics as [Hex, ...Hex[]]
    return decodeEventLog({ abi: [item] as Abi, topics, data: log.data }).args
  } catch {
    const answer = { ...log, blockNumber: `${log.blockNumber}` }
    throw new MalformedAnswerError({ service: 'node', method: 'eth_getLogs', answer })
  }
}
