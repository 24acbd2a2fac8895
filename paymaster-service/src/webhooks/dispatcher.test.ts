import { expect, test } from 'vitest'
import type { ClaimedDelivery, Outcome } from './deliveries.ts'
import { createDispatcher } from './dispatcher.ts'
import type { Post, PostRequest } from './post.ts'
import { verifyWebhook } from './webhookSignature.ts'

const now = 1_700_000_000

/** Webhooks with so many deliveries each, and what was recorded of them. */
function setUp(due: Record<string, number>, post: Post) {
  const waiting = new Map(
    Object.entries(due).map(([id, count]) => [
      id,
      Array.from(
        { length: count },
        (_, index): ClaimedDelivery => ({
          id: `e${index}.${id}`,
          body: `{"n":${index}}`,
          attempts: 0,
          created_at: now,
        }),
      ),
    ]),
  )
  const recorded: (Outcome & { id: string })[] = []
  const timeouts: AbortController[] = []
  const dispatcher = createDispatcher({
    store: {
      active: async () => [...waiting.keys()].map((id) => ({ id, url: `https://${id}.example/` })),
      claim: async (id, { limit }) => waiting.get(id)?.splice(0, limit) ?? [],
      async record(_, { id }, outcome) {
        recorded.push({ id, ...outcome })
      },
    },
    post,
    secretOf: (id) => `secret of ${id}`,
    clock: () => now,
    timeout() {
      const ending = new AbortController()
      timeouts.push(ending)
      return ending.signal
    },
    log: { warn() {} },
  })
  return { dispatcher, recorded, timeouts }
}

const hangs = ({ signal }: PostRequest) =>
  new Promise<number>((_, fail) => {
    signal.addEventListener('abort', () => fail(new Error('timed out')))
  })

test('a delivery is signed for its webhook, and named', async () => {
  const sent: PostRequest[] = []
  const { dispatcher, recorded } = setUp({ a: 1 }, async (request) => {
    sent.push(request)
    return 204
  })
  await dispatcher.dispatch()
  await dispatcher.idle()
  const [first] = sent
  if (!first) throw new Error('nothing was sent')
  const { url, headers, body } = first
  expect(url).toBe('https://a.example/')
  expect(headers).toMatchObject({ 'fabstir-delivery': 'e0.a', 'content-type': 'application/json' })
  const header = headers['fabstir-signature'] ?? ''
  expect(verifyWebhook('secret of a', { header, body, now })).toBe(true)
  expect(verifyWebhook('secret of b', { header, body, now })).toBe(false)
  expect(recorded).toEqual([{ id: 'e0.a', status: 204, error: null }])
})

test.each([
  { status: 199, error: 'answered 199, expected 200 to 299' },
  { status: 200, error: null },
  { status: 299, error: null },
  { status: 302, error: 'answered 302, expected 200 to 299' },
  { status: 500, error: 'answered 500, expected 200 to 299' },
])('status $status: $error', async ({ status, error }) => {
  const { dispatcher, recorded } = setUp({ a: 1 }, async () => status)
  await dispatcher.dispatch()
  await dispatcher.idle()
  expect(recorded).toEqual([{ id: 'e0.a', status, error }])
})

test('what is due goes out as fast as it arrives, and no faster than an endpoint fails', async () => {
  const { dispatcher, recorded } = setUp({ good: 100, bad: 100 }, async ({ url }) =>
    url.includes('good') ? 200 : 500,
  )
  await dispatcher.dispatch()
  await dispatcher.idle()
  expect(recorded.filter(({ status }) => status === 200)).toHaveLength(100)
  expect(recorded.filter(({ status }) => status === 500)).toHaveLength(4)
})

test('an endpoint that hangs has four attempts under way, and the others go on', async () => {
  const { dispatcher, recorded, timeouts } = setUp({ slow: 10, fast: 10 }, async (request) =>
    request.url.includes('slow') ? hangs(request) : 200,
  )
  const rounds = async (count: number) => {
    for (let round = 0; round < count; round++) {
      await dispatcher.dispatch()
      // Whatever answers has answered by the next turn.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await rounds(4)
  expect(recorded.filter(({ error }) => error === null)).toHaveLength(10)
  expect(recorded).toHaveLength(10)
  expect(timeouts).toHaveLength(14)
  for (const ending of timeouts) ending.abort()
  await dispatcher.idle()
  expect(recorded.filter(({ error }) => error === 'timed out')).toHaveLength(4)
  await rounds(1)
  expect(timeouts).toHaveLength(18)
  for (const ending of timeouts) ending.abort()
  await dispatcher.idle()
})
