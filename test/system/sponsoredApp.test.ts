import { devnet } from '@fabstir/sdk/chains'
import { type Address, numberToHex } from 'viem'
import { createSiweMessage } from 'viem/siwe'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createBackend } from '../../examples/sponsored-app/createBackend.ts'
import { domain } from '../../examples/sponsored-app/domain.ts'
import {
  type Answer,
  answering,
  lost,
  type ServiceProxy,
  silent,
  startServiceProxy,
} from './sdkServiceProxy.ts'

const sender: Address = `0x${'a1'.repeat(20)}`
const entryPoint: Address = `0x${'e7'.repeat(20)}`
const sponsorship = { paymaster: entryPoint, paymasterData: '0x' }
/** What the call of ERC-6492 answers for a signature that is right. */
const isRight = answering('0x01')

let node: ServiceProxy
let sponsor: ServiceProxy
let elsewhere: ServiceProxy
let backend: ReturnType<typeof createBackend>

beforeAll(async () => {
  // In the place of services: nothing stands behind them.
  const nowhere = 'http://127.0.0.1:9'
  node = await startServiceProxy(nowhere)
  sponsor = await startServiceProxy(nowhere)
  elsewhere = await startServiceProxy(nowhere)
  backend = createBackend({
    ...{ domain, chain: devnet, rpcUrl: node.url, sponsorUrl: sponsor.url, sponsorKey: 'secret' },
    ...{ timeout: 200, mostKept: 2 },
  })
  answerAll()
})
afterEach(() => {
  answerAll()
  vi.useRealTimers()
})
afterAll(async () => {
  await backend?.close()
  for (const service of [node, sponsor, elsewhere]) await service?.close()
})

function answerAll() {
  node.answer(isRight)
  for (const service of [sponsor, elsewhere]) service.answer(answering(sponsorship))
}

const post = (url: string, payload: object, headers: Record<string, string> = {}) =>
  backend.inject({ method: 'POST', url, payload, headers })
const newNonce = async (): Promise<string> => (await backend.inject('/nonce')).json().nonce

/** A message that signs in, of `length` characters when told. */
async function messageOf(nonce?: string, length?: number): Promise<string> {
  const message = createSiweMessage({
    ...{ address: sender, chainId: devnet.id, domain, uri: `https://${domain}`, version: '1' },
    nonce: nonce ?? (await newNonce()),
    ...(length && { requestId: 'x' }),
  })
  return message.padEnd(length ?? 0, 'x')
}
const login = async (nonce?: string) =>
  post('/login', { message: await messageOf(nonce), signature: '0x00' })
const bearer = async () => ({ authorization: `Bearer ${(await login()).json().token}` })

const request = { id: 1, method: 'pm_getPaymasterData', params: [{ sender }, entryPoint, '0x1'] }
const ask = (headers: Record<string, string>, fields: object = {}) =>
  post('/sponsor', { ...request, ...fields }, headers)

describe('one request', () => {
  test('of more than 64 kB is not read', async () => {
    const headers = await bearer()
    const empty = JSON.stringify({
      ...request,
      params: [{ sender, callData: '' }, entryPoint, '0x1'],
    })
    const ofSize = (bytes: number) => {
      const callData = '0'.repeat(bytes - empty.length)
      return ask(headers, { params: [{ sender, callData }, entryPoint, '0x1'] })
    }
    expect((await ofSize(65_536)).json()).toMatchObject({ result: sponsorship })
    expect((await ofSize(65_537)).statusCode).toBe(413)
  })

  test.each([
    { what: 'a message of 2,000 characters', length: 2_000, digits: 2, status: 200 },
    { what: 'a message of 2,001 characters', length: 2_001, digits: 2, status: 400 },
    { what: 'a signature of 8,190 digits', length: undefined, digits: 8_190, status: 200 },
    { what: 'a signature of 8,192 digits', length: undefined, digits: 8_192, status: 400 },
    { what: 'a signature of half bytes', length: undefined, digits: 3, status: 400 },
  ])('to log in with $what: $status', async ({ length, digits, status }) => {
    const before = node.seen('eth_call').length
    const body = {
      message: await messageOf(undefined, length),
      signature: `0x${'0'.repeat(digits)}`,
    }
    expect((await post('/login', body)).statusCode).toBe(status)
    expect(node.seen('eth_call')).toHaveLength(before + (status === 200 ? 1 : 0))
  })

  const operation = (fields: number) =>
    Object.fromEntries([
      ['sender', sender],
      ...Array.from({ length: fields - 1 }, (_, n) => [n, n]),
    ])
  const params = (...changed: unknown[]) => ({
    params: Object.assign([...request.params], changed),
  })
  test.each([
    { what: 'an id of 100 characters', fields: { id: 'x'.repeat(100) }, isAsked: true },
    { what: 'an id of 101 characters', fields: { id: 'x'.repeat(101) }, isAsked: false },
    { what: 'an object as id', fields: { id: {} }, isAsked: false },
    { what: 'a method of 101 characters', fields: { method: 'x'.repeat(101) }, isAsked: false },
    { what: 'an operation of 30 fields', fields: params(operation(30)), isAsked: true },
    { what: 'an operation of 31 fields', fields: params(operation(31)), isAsked: false },
    { what: 'a longer EntryPoint', fields: params({ sender }, `${entryPoint}0`), isAsked: false },
    {
      what: 'a chain of 64 bits',
      fields: params({ sender }, entryPoint, numberToHex(2n ** 64n - 1n)),
      isAsked: true,
    },
    {
      what: 'a chain of 65 bits',
      fields: params({ sender }, entryPoint, numberToHex(2n ** 64n)),
      isAsked: false,
    },
    {
      what: 'a context of its own, which is left out',
      fields: params({ sender }, entryPoint, '0x1', { policy: 'theirs' }),
      isAsked: true,
    },
    {
      what: 'a fifth parameter',
      fields: params({ sender }, entryPoint, '0x1', {}, {}),
      isAsked: false,
    },
  ])('for a sponsorship with $what', async ({ fields, isAsked }) => {
    const headers = await bearer()
    const before = sponsor.seen(request.method).length
    const answer = await ask(headers, fields)
    expect(answer.statusCode).toBe(isAsked ? 200 : 400)
    const asked = sponsor.seen(request.method).slice(before)
    expect(asked.map(([, , , context]) => context)).toEqual(isAsked ? [{}] : [])
  })
})

describe('what is kept', () => {
  test('of 3 nonces where 2 are kept, the oldest logs nobody in', async () => {
    const nonces = [await newNonce(), await newNonce(), await newNonce()]
    const statuses: number[] = []
    for (const nonce of nonces) statuses.push((await login(nonce)).statusCode)
    expect(statuses).toEqual([401, 200, 200])
  })

  test('of 3 logins where 2 are kept, the oldest is paid nothing any more', async () => {
    const logins = [await bearer(), await bearer(), await bearer()]
    const answers = await Promise.all(logins.map(async (headers) => (await ask(headers)).json()))
    expect(answers).toMatchObject([
      { error: { code: -32011, message: 'log in first' } },
      { result: sponsorship },
      { result: sponsorship },
    ])
  })

  test('a nonce is good for five minutes, a login for an hour', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 })
    const [early, late] = [await newNonce(), await newNonce()]
    vi.setSystemTime(Date.now() + 299_999)
    const headers = { authorization: `Bearer ${(await login(early)).json().token}` }
    vi.setSystemTime(Date.now() + 1)
    expect((await login(late)).statusCode).toBe(401)
    vi.setSystemTime(Date.now() + 3_599_998)
    expect((await ask(headers)).json()).toMatchObject({ result: sponsorship })
    vi.setSystemTime(Date.now() + 1)
    expect((await ask(headers)).json()).toMatchObject({ error: { code: -32011 } })
  })
})

describe('a service', () => {
  const redirect: Answer = async () => ({
    ...{ status: 307, body: '', headers: { location: elsewhere.url } },
  })
  const noJson: Answer = async () => ({ status: 200, body: '<html>' })

  test.each([
    { name: 'says nothing', answer: async () => silent },
    { name: 'hangs up', answer: async () => lost },
    { name: 'answers no JSON', answer: noJson },
    { name: 'sends the API key elsewhere', answer: redirect },
  ] satisfies { name: string; answer: Answer }[])(
    'that pays and $name: 502',
    async ({ answer }) => {
      const headers = await bearer()
      sponsor.answer(answer)
      const answered = await ask(headers)
      expect(answered.statusCode).toBe(502)
      const error = { code: -32603, message: 'the sponsor does not answer' }
      expect(answered.json()).toEqual({ jsonrpc: '2.0', id: 1, error })
      expect(elsewhere.seen(request.method)).toEqual([])
    },
  )

  test.each([
    { name: 'says nothing', answer: async () => silent },
    { name: 'answers what makes no sense', answer: answering('0x02') },
  ] satisfies { name: string; answer: Answer }[])(
    'that knows the chain and $name: nobody is logged in',
    async ({ answer }) => {
      node.answer(answer)
      const answered = await login()
      expect(answered.statusCode).toBe(401)
      expect(answered.json()).toEqual({ error: 'not signed in' })
    },
  )
})
