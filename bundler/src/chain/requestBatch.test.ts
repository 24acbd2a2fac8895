import { describe, expect, test } from 'vitest'
import { createHttpChainReader } from './httpChainReader.ts'
import type { JsonRpcRequest } from './reader.ts'
import { ChainError } from './reader.ts'
import { createRequestBatch } from './requestBatch.ts'

type Body = JsonRpcRequest & { id: number }

/** A node that answers `method` by its name, and how many bodies it got. */
function node(answer: (body: Body | Body[]) => unknown) {
  const bodies: (Body | Body[])[] = []
  const reader = createHttpChainReader({
    url: 'http://node.example',
    timeoutMs: 1_000,
    async fetch(_, init) {
      const body: Body | Body[] = JSON.parse(String(init?.body))
      bodies.push(body)
      return new Response(JSON.stringify(answer(body)))
    },
  })
  return { bodies, batch: createRequestBatch(reader) }
}

const one = ({ id, method }: Body) =>
  method === 'eth_bad'
    ? { jsonrpc: '2.0', id, error: { code: -32601, message: 'no such method' } }
    : { jsonrpc: '2.0', id, result: method }
const takesBatches = (body: Body | Body[]) =>
  // In another order than they were asked, as a node may.
  Array.isArray(body) ? body.map(one).toReversed() : one(body)

describe('createRequestBatch', () => {
  test('what is asked at once leaves in one body, and each gets its own answer', async () => {
    const { bodies, batch } = node(takesBatches)
    const [first, second, third] = await Promise.allSettled([
      batch.request('eth_one', []),
      batch.request('eth_bad', []),
      batch.call({ to: '0x00000000000000000000000000000000000000aa', data: '0x' }),
    ])
    expect(first).toEqual({ status: 'fulfilled', value: 'eth_one' })
    expect(second).toMatchObject({ status: 'rejected', reason: expect.any(ChainError) })
    expect(third).toEqual({ status: 'fulfilled', value: { ok: true, data: 'eth_call' } })
    expect(bodies).toHaveLength(1)
  })

  test('equal requests are sent once, and each of them is answered', async () => {
    const { bodies, batch } = node(takesBatches)
    const answers = await Promise.all([
      batch.request('eth_one', ['a']),
      batch.request('eth_one', ['b']),
      batch.request('eth_one', ['a']),
    ])
    expect(answers).toEqual(['eth_one', 'eth_one', 'eth_one'])
    expect(bodies).toMatchObject([[{ params: ['a'] }, { params: ['b'] }]])
    await batch.request('eth_one', ['a'])
    expect(bodies).toHaveLength(2)
  })

  test('a single request is no batch, and a later one leaves later', async () => {
    const { bodies, batch } = node(takesBatches)
    await batch.request('eth_one', [])
    await batch.request('eth_two', [])
    expect(bodies.map((body) => Array.isArray(body))).toEqual([false, false])
  })

  test('a node that takes no batches is asked one by one, from the second time on at once', async () => {
    const { bodies, batch } = node((body) =>
      Array.isArray(body)
        ? { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'no batches' } }
        : one(body),
    )
    const ask = () => Promise.all([batch.request('eth_one', []), batch.request('eth_two', [])])
    expect(await ask()).toEqual(['eth_one', 'eth_two'])
    expect(await ask()).toEqual(['eth_one', 'eth_two'])
    expect(bodies.map((body) => Array.isArray(body))).toEqual([true, false, false, false, false])
  })

  test('a batch with an answer missing is no answer', async () => {
    const { batch } = node((body) => (Array.isArray(body) ? body.slice(1).map(one) : one(body)))
    const answers = await Promise.allSettled([
      batch.request('eth_one', []),
      batch.request('eth_two', []),
    ])
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })
})
