import { expect, test } from 'vitest'
import { testContracts as contracts } from '../testing/addressBook.ts'
import { logOf } from '../testing/chain.ts'
import { testNode } from '../testing/node.ts'
import { createEventFilter } from './eventFilter.ts'
import { sessionEvents } from './events.ts'
import { createRpcReader } from './rpcReader.ts'

const [renter, host] = [
  '0x1100000000000000000000000000000000000011',
  '0x2200000000000000000000000000000000000022',
] as const
const opened = { jobId: 7n, token: host, deposit: 1n, pricePerToken: 0n, maxDuration: 60n }
const sessionOf = (user: typeof renter | typeof host) =>
  logOf('marketplace', 'SessionJobCreated', { ...opened, user, host })

test('a log that two questions bring comes once, under the first name that it fits', async () => {
  const { SessionJobCreated } = sessionEvents
  const events = {
    opened: { ...SessionJobCreated, args: { user: [renter, host] } },
    hosted: { ...SessionJobCreated, args: { host: [renter, host] } },
  }
  const { queries, decode } = createEventFilter(events, contracts)
  expect(queries).toHaveLength(2)
  const node = testNode({ head: 9, logs: { 4: [sessionOf(renter), sessionOf(host)] } })
  const reader = createRpcReader(node, { queries, confirmations: 0 })
  const block = await reader.block(4n)
  for (const logs of [
    await reader.logsBetween(0n, 9n),
    await reader.logsOf(block ?? expect.fail()),
  ]) {
    expect(logs.map(({ logIndex }) => logIndex)).toEqual([0, 1])
    expect(logs.map((log) => decode(log, false)?.name)).toEqual(['opened', 'opened'])
  }
})
