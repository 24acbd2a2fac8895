import { once } from 'node:events'
import type { IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { batchRpc } from './batchRpc.ts'

type Question = { id: number; method: string; params: unknown[] }
type Answer = { status?: number; body: unknown } | 'nothing'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** A node that answers the first HTTP request by the first function, and so on; the last one answers the rest. */
async function node(...answers: ((questions: Question[]) => Answer)[]) {
  const asked: Question[][] = []
  const headers: IncomingHttpHeaders[] = []
  const server = createServer(async (request, response) => {
    const questions = (await json(request)) as Question[]
    const answer = answers[Math.min(asked.length, answers.length - 1)]?.(questions) ?? 'nothing'
    asked.push(questions)
    headers.push(request.headers)
    if (answer === 'nothing') return
    response.statusCode = answer.status ?? 200
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  ends.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { asked, headers, host: `127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const echo = (questions: Question[]): Answer => ({
  body: questions.map(({ id, method }) => ({ jsonrpc: '2.0', id, result: method })),
})
const failing = (code: number) => (questions: Question[]) => ({
  body: questions.map(({ id }) => ({ jsonrpc: '2.0', id, error: { code, message: 'no' } })),
})

const askOf = ({ host }: { host: string }, timeoutMs = 5_000) =>
  batchRpc(`http://${host}`, { timeoutMs })

test('what is asked at the same time is one request, and each gets its own answer, in whatever order', async () => {
  const server = await node((questions) => ({
    body: questions
      .map(({ id, method, params }) => ({ jsonrpc: '2.0', id, result: [method, ...params] }))
      .reverse(),
  }))
  const ask = askOf(server)
  const answers = await Promise.all([ask('a', [1]), ask('b', []), ask('a', [2])])
  expect(answers).toEqual([['a', 1], ['b'], ['a', 2]])
  expect(server.asked).toHaveLength(1)
  await ask('c', [])
  expect(server.asked).toHaveLength(2)
})

test('more than 1,000 questions are several requests', async () => {
  const server = await node(echo)
  const ask = askOf(server)
  const answers = await Promise.all(Array.from({ length: 2_001 }, (_, n) => ask(`m${n}`, [])))
  expect(answers).toEqual(Array.from({ length: 2_001 }, (_, n) => `m${n}`))
  expect(server.asked.map(({ length }) => length).sort()).toEqual([1, 1_000, 1_000])
})

test('an error is that of its own question', async () => {
  const server = await node((questions) => ({
    body: questions.map(({ id, method }) =>
      method === 'bad' ? { id, error: { code: 3, message: 'reverted' } } : { id, result: null },
    ),
  }))
  const ask = askOf(server)
  const [good, bad] = await Promise.allSettled([ask('good', []), ask('bad', [])])
  expect(good).toEqual({ status: 'fulfilled', value: null })
  expect(bad).toMatchObject({ status: 'rejected', reason: { code: 3 } })
  expect(server.asked).toHaveLength(1)
})

test('a question that the node leaves out has no answer', async () => {
  const server = await node((questions) => ({
    body: questions.slice(1).map(({ id }) => ({ id, result: 1 })),
  }))
  const ask = askOf(server)
  const [left, answered] = await Promise.allSettled([ask('a', []), ask('b', [])])
  expect(left).toMatchObject({ status: 'rejected', reason: { name: 'RpcAnswerError' } })
  expect(answered).toMatchObject({ value: 1 })
})

test.each([
  ['HTTP 503', () => ({ status: 503, body: '' })],
  ['HTTP 429', () => ({ status: 429, body: 'slower' })],
  ['a limit', failing(-32005)],
  ['an internal error', failing(-32603)],
  ['an answer that is no JSON', () => ({ body: '<html>' })],
  ['no answer in time', () => 'nothing' as const],
])('%s is asked again, once', async (_name, fails) => {
  const well = await node(fails, echo)
  await expect(askOf(well, 500)('m', [])).resolves.toBe('m')
  expect(well.asked).toHaveLength(2)
  const ill = await node(fails)
  await expect(askOf(ill, 500)('m', [])).rejects.toThrow()
  expect(ill.asked).toHaveLength(2)
})

test.each([
  ['HTTP 401', () => ({ status: 401, body: '' })],
  ['a revert', failing(3)],
  ['one error for a batch', () => ({ body: { id: null, error: { code: -32600, message: 'no' } } })],
])('%s is an answer', async (_name, fails) => {
  const server = await node(fails, echo)
  await expect(askOf(server)('m', [])).rejects.toThrow()
  expect(server.asked).toHaveLength(1)
})

test('user and password of the URL are a header, and no error shows them', async () => {
  const server = await node(() => ({ status: 401, body: '' }))
  const ask = batchRpc(`http://me%40home:s%3Acret@${server.host}/path`, { timeoutMs: 5_000 })
  const error = await ask('m', []).catch((reason: Error) => reason)
  expect(server.headers[0]?.authorization).toBe(`Basic ${btoa('me@home:s:cret')}`)
  expect(`${error}`).not.toContain('cret')
})
