import { expect, test } from 'vitest'
import { ChainError } from '../../../../chain/reader.ts'
import type { BatchingReader } from './requestBatch.ts'
import { createRequestBatcher } from './requestBatch.ts'

/** A reader that answers each request with its first parameter, and keeps what it was asked. */
function echo(options: { batches?: boolean } = {}) {
  const trips: unknown[][] = []
  const answerOf = ({ method, params }: { method: string; params: unknown[] }) =>
    method === 'fails' ? new ChainError(method, 3, 'no') : params[0]
  const reader: BatchingReader = {
    async request(method, params) {
      trips.push([params[0]])
      const answer = answerOf({ method, params })
      if (answer instanceof ChainError) throw answer
      return answer
    },
    ...(options.batches !== false && {
      async batch(requests) {
        trips.push(requests.map(({ params }) => params[0]))
        return requests.map(answerOf)
      },
    }),
  }
  return { batcher: createRequestBatcher(reader), trips }
}

test('what is asked at one time goes out together, equal requests once', async () => {
  const { batcher, trips } = echo()
  const asked = ['a', 'b', 'a'].map((name) => batcher.request('echo', [name]))
  expect(await Promise.all(asked)).toEqual(['a', 'b', 'a'])
  expect(trips).toEqual([['a', 'b']])
  // An answer is not kept: the next one asks anew.
  await batcher.request('echo', ['a'])
  expect(trips).toEqual([['a', 'b'], ['a']])
})

test('an error of one request is its own', async () => {
  const { batcher } = echo()
  const [failed, answered] = await Promise.allSettled([
    batcher.request('fails', [1]),
    batcher.request('echo', [2]),
  ])
  expect(failed).toMatchObject({ status: 'rejected', reason: { message: 'no', code: 3 } })
  expect(answered).toMatchObject({ value: 2 })
})

test('without batches each goes alone', async () => {
  const { batcher, trips } = echo({ batches: false })
  const results = await Promise.allSettled([
    batcher.request('echo', [1]),
    batcher.request('fails', [2]),
  ])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  expect(trips).toEqual([[1], [2]])
})

test('a body has at most 100 requests and a million characters', async () => {
  const many = echo()
  await Promise.all(
    Array.from({ length: 250 }, (_, index) => many.batcher.request('echo', [index])),
  )
  expect(many.trips.map(({ length }) => length)).toEqual([100, 100, 50])

  const long = echo()
  const texts = ['x'.repeat(600_000), 'y'.repeat(600_000), 'z'.repeat(1_500_000), 'w']
  expect(await Promise.all(texts.map((text) => long.batcher.request('echo', [text])))).toEqual(
    texts,
  )
  expect(long.trips.map(({ length }) => length)).toEqual([1, 1, 1, 1])
})

test('with two bodies under way, requests gather until one returns', async () => {
  const trips: number[] = []
  const releases: (() => void)[] = []
  const batcher = createRequestBatcher({
    request: async (_, params) => params[0],
    async batch(requests) {
      trips.push(requests.length)
      await new Promise<void>((resolve) => releases.push(resolve))
      return requests.map(({ params }) => params[0])
    },
  })
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  const ask = (count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, index) => batcher.request('echo', [count, index])),
    )
  const asked = [ask(2)]
  await turn()
  asked.push(ask(3))
  await turn()
  asked.push(ask(4))
  await turn()
  asked.push(ask(5))
  await turn()
  expect(trips).toEqual([2, 3])
  releases.shift()?.()
  await asked[0]
  await turn()
  expect(trips).toEqual([2, 3, 9])
  for (const release of releases) release()
  await Promise.all(asked)
})

test('a node that cannot be reached fails all that was asked', async () => {
  const batcher = createRequestBatcher({
    request: async () => undefined,
    batch: () => Promise.reject(new Error('unreachable')),
  })
  const results = await Promise.allSettled([batcher.request('a', []), batcher.request('b', [])])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})
