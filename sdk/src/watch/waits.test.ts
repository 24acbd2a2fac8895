import { type Client, createClient, custom } from 'viem'
import { expect, test } from 'vitest'
import { createWaits } from './waits.ts'

type Listener = { onData: () => void; onError: (error: unknown) => void }

/** A transport that tells of new blocks, or fails to. */
function subscribing(
  subscribe: (listener: Listener) => Promise<{ unsubscribe: () => Promise<void> }>,
) {
  const client: Client = createClient({ transport: custom({ request: async () => null }) })
  return { ...client, transport: { ...client.transport, subscribe } } as Client
}
const never = 2_000_000_000
const wait = (client: Client, pollingInterval: number) => {
  const end = new AbortController()
  return { end, ...createWaits(client, { pollingInterval, signal: end.signal }) }
}

test('a new block ends the wait, whenever it came since the last one', async () => {
  let listener: Listener | undefined
  let ended = 0
  const waits = wait(
    subscribing(async (given) => {
      listener = given
      const unsubscribe = async () => {
        ended += 1
      }
      return { unsubscribe }
    }),
    never / 100,
  )
  const first = waits.forHead()
  await expect.poll(() => listener).toBeDefined()
  listener?.onData()
  await first
  listener?.onData()
  await waits.forHead()
  listener?.onError(new Error('socket closed'))
  await waits.forHead()
  await waits.close()
  expect(ended).toBe(1)
})

test('without a subscription, or with one that fails, time ends it', async () => {
  await wait(createClient({ transport: custom({ request: async () => null }) }), 1).forHead()
  await wait(
    subscribing(() => Promise.reject(new Error('not supported'))),
    1,
  ).forHead()
})

test('a subscription that has fallen silent is made anew', async () => {
  let made = 0
  const waits = wait(
    subscribing(async () => {
      made += 1
      return { unsubscribe: () => Promise.reject(new Error('forgotten')) }
    }),
    1,
  )
  await waits.forHead()
  await waits.forHead()
  expect(made).toBe(2)
})

test('the signal ends every wait', async () => {
  const waits = wait(createClient({ transport: custom({ request: async () => null }) }), never)
  const all = [waits.forHead(), waits.pause(never)]
  waits.end.abort()
  await Promise.all(all)
  await waits.pause(never)
})
