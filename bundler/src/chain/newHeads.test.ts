import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Block } from './block.ts'
import { subscribeNewHeads } from './newHeads.ts'

/** Connections that were made; a test plays the node. */
let sockets: FakeSocket[]

class FakeSocket {
  onopen: () => void = () => undefined
  onclose: () => void = () => undefined
  onmessage: (message: { data: string }) => void = () => undefined
  sent: string[] = []
  closed = false

  constructor() {
    sockets.push(this)
  }
  send(text: string) {
    this.sent.push(text)
  }
  close() {
    this.closed = true
  }
  say(message: unknown) {
    this.onmessage({ data: typeof message === 'string' ? message : JSON.stringify(message) })
  }
}

beforeEach(() => {
  sockets = []
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', FakeSocket)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const header = {
  number: '0xb',
  hash: '0x0b',
  parentHash: '0x0a',
  timestamp: '0x10',
  gasLimit: '0x100',
  baseFeePerGas: '0x7',
}
const announced = (result: unknown) => ({ method: 'eth_subscription', params: { result } })

function subscribe() {
  const heads: Block[] = []
  const live: boolean[] = []
  const newHeads = subscribeNewHeads({
    url: 'ws://node.example',
    onHead: (head) => heads.push(head),
    onChange: (isLive) => live.push(isLive),
  })
  return { newHeads, heads, live }
}

test('it is live from the answer to the subscription on, and tells heads', () => {
  const { newHeads, heads, live } = subscribe()
  const [socket] = sockets
  socket?.onopen()
  expect(socket?.sent.map((text) => JSON.parse(text))).toMatchObject([
    { method: 'eth_subscribe', params: ['newHeads'] },
  ])
  expect(newHeads.isLive()).toBe(false)
  socket?.say({ id: 1, result: '0x1' })
  socket?.say(announced(header))
  expect(live).toEqual([true])
  expect(heads).toMatchObject([{ number: 11, hash: '0x0b', baseFeePerGas: 7n }])
})

test.each([
  'no json',
  'null',
  announced(null),
  announced({ ...header, gasLimit: undefined }),
  announced({ ...header, gasLimit: 'much' }),
  announced({ ...header, number: 'eleven' }),
  announced({ ...header, hash: undefined }),
])('what is no header of a block is passed over: %j', (message) => {
  const { heads } = subscribe()
  expect(() => sockets[0]?.say(message)).not.toThrow()
  expect(heads).toEqual([])
})

test('a lost connection is made again, until it is closed', async () => {
  const { newHeads, live } = subscribe()
  sockets[0]?.say({ id: 1, result: '0x1' })
  sockets[0]?.onclose()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(sockets).toHaveLength(2)
  newHeads.close()
  sockets[1]?.onclose()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(sockets).toHaveLength(2)
  expect(live).toEqual([true, false])
})
