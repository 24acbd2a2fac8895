import { nodeRegistryAbi } from '@fabstir/contracts/abi'
import { erc20Abi, numberToHex, pad, slice, zeroAddress } from 'viem'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { MalformedAnswerError } from '../errors/transport.ts'
import { CursorInvalidError } from '../errors/watch.ts'
import { testContracts as contracts } from '../testing/addressBook.ts'
import { logOf } from '../testing/chain.ts'
import type { ContractEvents, FollowedEvent } from './contractEvent.ts'
import { fromCursor, toCursor } from './cursor.ts'
import { createEventFilter } from './eventFilter.ts'
import { hostEvents, jobEvents, sessionEvents } from './events.ts'
import { ofSubject } from './ofSubject.ts'
import { toChainLog } from './rpcReader.ts'
import { deliver, type Trail } from './trail.ts'

const host = '0x1100000000000000000000000000000000000011'
const [transfer] = erc20Abi.filter((item) => item.type === 'event' && item.name === 'Transfer')
const chainLog = (...parameters: Parameters<typeof logOf>) => {
  const { address, topics, data, blockHash, transactionHash } = logOf(...parameters)
  const place = { blockNumber: '0x1', logIndex: '0x0', blockHash, transactionHash }
  return toChainLog({ address, topics, data, ...place })
}
const claimed = chainLog('marketplace', 'JobClaimed', { jobId: 7n, host })
const posted = chainLog('marketplace', 'JobPosted', {
  jobId: 7n,
  renter: host,
  token: host,
  payment: 1n,
  modelId: 'm',
  deadline: 2n,
})

test('events of one contract are asked for in one question', () => {
  const { queries } = createEventFilter({ ...jobEvents, ...sessionEvents }, contracts)
  expect(queries).toHaveLength(1)
  expect(queries[0]?.topics[0]).toHaveLength(23)
})

test.each([
  ['jobs', ofSubject(jobEvents, 7n), numberToHex(7n, { size: 32 })],
  ['sessions', ofSubject(sessionEvents, [7n]), numberToHex(7n, { size: 32 })],
  ['hosts', ofSubject(hostEvents, host), pad(host)],
] as [string, ContractEvents, string][])('events of some %s too', (_, events, topic) => {
  const { queries } = createEventFilter(events, contracts)
  expect(queries).toHaveLength(1)
  expect(queries[0]?.topics[1]).toEqual([topic])
})

describe('a log', () => {
  test('becomes the event that it is, with typed arguments', () => {
    const { decode } = createEventFilter(jobEvents, contracts)
    const event = decode(claimed, false)
    expect(event).toMatchObject({ name: 'JobClaimed', args: { jobId: 7n, host }, removed: false })
    if (event?.name === 'JobClaimed') expectTypeOf(event.args.host).toEqualTypeOf<`0x${string}`>()
    type Own = FollowedEvent<{ moved: { contract: '0x01'; event: NonNullable<typeof transfer> } }>
    expectTypeOf<Own['args']>().toExtend<{ value: bigint }>()
  })

  test('that nobody asked for is left out, whatever the node sends', () => {
    const mine = { claimed: { ...jobEvents.JobClaimed, args: { jobId: 8n } } }
    expect(createEventFilter(mine, contracts).decode(claimed, false)).toBeUndefined()
    const { decode } = createEventFilter(jobEvents, contracts)
    expect(decode({ ...claimed, address: zeroAddress }, false)).toBeUndefined()
    expect(decode({ ...claimed, topics: claimed.topics.slice(0, 2) }, false)).toBeUndefined()
  })

  test('that is cut off is a failure and no event', () => {
    const { decode } = createEventFilter(jobEvents, contracts)
    const cut = { ...posted, data: slice(posted.data, 0, 32) }
    expect(() => decode(cut, false)).toThrow(MalformedAnswerError)
  })

  test('of any ABI can be followed', () => {
    const events = { slashed: { contract: 'registry', event: nodeRegistryAbi.find(isSlashed) } }
    const { queries } = createEventFilter(events as unknown as ContractEvents, contracts)
    expect(queries[0]?.address).toBe(contracts.registry)
  })
})
const isSlashed = (item: { type: string; name?: string }) => item.name === 'NodeSlashed'

describe('a cursor', () => {
  const scope = { chainId: 31_337, ...createEventFilter(jobEvents, contracts) }
  const trail: Trail = deliver(
    { start: 0n, cut: false, marks: [{ number: 0n, hash: pad('0x01'), logs: [], whole: true }] },
    claimed,
  )
  const cursor = toCursor(trail, scope)

  const withLog = (log: object) => ({ ...cursor, blocks: [{ ...cursor.blocks[1], logs: [log] }] })

  test('is JSON, tells where it is, and brings back the trail', () => {
    expect(cursor).toMatchObject({ blockNumber: '0x1', blockHash: claimed.blockHash, logIndex: 0 })
    expect(fromCursor(JSON.stringify(cursor), scope)).toEqual(trail)
    expect(fromCursor(cursor, scope)).toEqual(trail)
  })

  test('is for its events in any order, and for no others', () => {
    const order = Object.fromEntries(Object.entries(jobEvents).toReversed())
    const { queries } = createEventFilter(order, contracts)
    expect(fromCursor(cursor, { ...scope, queries })).toEqual(trail)
    const others = createEventFilter(sessionEvents, contracts).queries
    expect(() => fromCursor(cursor, { ...scope, queries: others })).toThrow(/other events/)
  })

  test.each([
    ['text', 'kept'],
    ['null', 'null'],
    ['another version', { ...cursor, version: 2 }],
    ['another chain', { ...cursor, chainId: 8453 }],
    ['no blocks', { ...cursor, blocks: undefined }],
    ['blocks that are none', { ...cursor, blocks: [null] }],
    ['blocks in disorder', { ...cursor, blocks: cursor.blocks.toReversed() }],
    ['logs that are none', withLog({})],
    ['logs that are cut off', withLog({ ...posted, logIndex: '0x0', data: '0x00' })],
  ])('that is %s is refused', (_, broken) => {
    expect(() => fromCursor(broken as never, scope)).toThrow(CursorInvalidError)
  })
})
