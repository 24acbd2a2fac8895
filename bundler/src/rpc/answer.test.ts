import { describe, expect, test, vi } from 'vitest'
import type { AnswerOptions } from './answer.ts'
import { answer } from './answer.ts'
import type { Refusal } from './limits/rateLimits.ts'

const big = 'x'.repeat(1_000)
const dispatch = vi.fn(async (method: string): Promise<unknown> => (method === 'big' ? big : 'ok'))
const options: AnswerOptions = {
  dispatch,
  maxBatch: 100,
  maxBatchAnswer: 3_500,
  onUnexpected: () => undefined,
}
const free = { boost: false, charge: () => undefined }

const request = (method: string, id?: number) => ({ jsonrpc: '2.0', method, id })

async function ask(value: unknown, charge: () => Refusal | undefined = free.charge) {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const { body, refusal } = await answer(text, options, { boost: false, charge })
  return { text: body ?? '', body: body === undefined ? undefined : JSON.parse(body), refusal }
}

describe('the answers of a batch', () => {
  test('are bounded together, and every request has one', async () => {
    const batch = Array.from({ length: 90 }, (_, id) => request('big', id))
    const { body, text } = await ask(batch)
    expect(body.slice(0, 3)).toMatchObject([
      { id: 0, result: big },
      { id: 1, result: big },
      { id: 2, result: big },
    ])
    expect(body).toHaveLength(90)
    expect(body.slice(3)).toEqual(
      batch.slice(3).map(({ id }) => ({
        jsonrpc: '2.0',
        id,
        error: {
          code: -32005,
          message:
            'the answers of the batch would be larger than 3500 characters, ask for fewer at once',
          data: { rule: 'maxBatchAnswer', limit: 3_500 },
        },
      })),
    )
    expect(text.length).toBeLessThan(3_500 + 90 * 220)
  })

  test('what can have no answer is not run', async () => {
    dispatch.mockClear()
    await ask(Array.from({ length: 90 }, (_, id) => request('big', id)))
    expect(dispatch.mock.calls.length).toBeLessThan(60)
  })

  test('a notification has none, whether there is place or not', async () => {
    const many = Array.from({ length: 90 }, (_, id) => request('big', id))
    const { body } = await ask([request('big'), ...many, request('big')])
    expect(body.map(({ id }: { id: unknown }) => id)).toEqual(many.map(({ id }) => id))
  })

  test('a small answer still fits behind one that does not', async () => {
    const batch = ['big', 'big', 'big', 'big', 'small'].map((method, id) => request(method, id))
    const { body } = await ask(batch)
    expect(body.slice(3)).toMatchObject([
      { id: 3, error: { code: -32005 } },
      { id: 4, result: 'ok' },
    ])
  })

  test('a request alone is not bounded by it', async () => {
    dispatch.mockResolvedValueOnce(big.repeat(5))
    expect((await ask(request('big', 1))).body.result).toHaveLength(5_000)
  })
})

describe('the rate limit', () => {
  const refusal: Refusal = { rate: { perSecond: 1, burst: 1 }, requests: 1, waitMs: 1_000 }

  test.each([
    ['what is not JSON', '{'],
    ['an empty batch', []],
    ['a batch that is too large', Array.from({ length: 101 }, (_, id) => request('small', id))],
  ])('counts %s, too', async (_, value) => {
    const charge = vi.fn((): Refusal | undefined => undefined)
    expect((await ask(value, charge)).body.error.code).toBeLessThanOrEqual(-32_600)
    expect(charge.mock.calls).toEqual([[1]])
    const refused = await ask(value, () => refusal)
    expect(refused).toMatchObject({ refusal, body: { error: { code: -32_005 } } })
  })
})
