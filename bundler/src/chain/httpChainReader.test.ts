import { describe, expect, test } from 'vitest'
import { createHttpChainReader, isNodeUnavailable } from './httpChainReader.ts'
import { ChainError } from './reader.ts'

const to = '0x00000000000000000000000000000000000000aa'

/** A reader on a node that answers with `body`. */
function readerOf(body: string, status = 200) {
  const requests: { method: string; params: unknown[] }[] = []
  const reader = createHttpChainReader({
    url: 'http://node.example/secret-key',
    timeoutMs: 1_000,
    fetch: async (_, init) => {
      requests.push(JSON.parse(String(init?.body)))
      return new Response(body, { status })
    },
  })
  return { reader, requests }
}

const errorBody = (error: object) => JSON.stringify({ jsonrpc: '2.0', id: 1, error })

describe('request', () => {
  test('it returns the result, null included', async () => {
    const { reader, requests } = readerOf('{"jsonrpc":"2.0","id":1,"result":null}')
    expect(await reader.request('eth_getBlockByHash', ['0x01', false])).toBeNull()
    expect(requests).toMatchObject([{ method: 'eth_getBlockByHash', params: ['0x01', false] }])
  })

  test.each([
    { name: 'a refused connection', fetch: () => Promise.reject(new TypeError('fetch failed')) },
    { name: 'a page that is not JSON', fetch: async () => new Response('<html>', { status: 502 }) },
    { name: 'an empty answer', fetch: async () => new Response('{}') },
  ])('$name: nodeUnavailable, without the URL', async ({ fetch }) => {
    const reader = createHttpChainReader({
      url: 'http://node.example/secret-key',
      timeoutMs: 1_000,
      fetch,
    })
    const error = await reader.request('eth_chainId', []).catch((thrown: unknown) => thrown)
    expect(isNodeUnavailable(error)).toBe(true)
    expect(error).toMatchObject({ code: -32000, data: { reason: 'nodeUnavailable' } })
    expect(String(error)).not.toContain('secret-key')
  })

  test('user and password of the URL are a header', async () => {
    const asked: Request[] = []
    const reader = createHttpChainReader({
      url: 'http://me:secret@node.example/path',
      timeoutMs: 1_000,
      fetch: async (input, init) => {
        // As `fetch` does, it throws at a URL with a password.
        asked.push(new Request(input, init))
        return new Response('{"result":"0x1"}')
      },
    })
    expect(await reader.request('eth_chainId', [])).toBe('0x1')
    const [{ url, headers } = new Request('http://none')] = asked
    expect(url).toBe('http://node.example/path')
    expect(headers.get('authorization')).toBe(`Basic ${btoa('me:secret')}`)
    expect(headers.get('content-type')).toBe('application/json')
  })

  test('a node that does not answer in time is unavailable', async () => {
    const reader = createHttpChainReader({
      url: 'http://node.example',
      timeoutMs: 5,
      fetch: (_, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
        }),
    })
    await expect(reader.request('eth_chainId', [])).rejects.toThrow('no answer within 5 ms')
  })

  test('an error of the node is a ChainError with its code', async () => {
    const { reader } = readerOf(errorBody({ code: -32602, message: 'bad params' }))
    const error = await reader.request('eth_call', []).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ChainError)
    expect(error).toMatchObject({ code: -32602, message: 'bad params', method: 'eth_call' })
  })
})

describe('call', () => {
  test.each([
    { name: 'geth', error: { code: 3, message: 'execution reverted', data: '0x1234' } },
    { name: 'nested data', error: { code: -32000, message: 'err', data: { data: '0x1234' } } },
    { name: 'a prefix', error: { code: -32015, message: 'VM error', data: 'Reverted 0x1234' } },
  ])('revert bytes of $name', async ({ error }) => {
    const { reader } = readerOf(errorBody(error))
    expect(await reader.call({ to, data: '0x' })).toMatchObject({ ok: false, data: '0x1234' })
  })

  test('a revert without bytes is a revert', async () => {
    const { reader } = readerOf(errorBody({ code: -32000, message: 'execution reverted' }))
    expect(await reader.call({ to, data: '0x' })).toEqual({
      ok: false,
      data: '0x',
      message: 'execution reverted',
    })
  })

  test.each([
    { code: -32603, message: 'EVM error OutOfOffset' },
    { code: -32603, message: 'EVM error InvalidFEOpcode' },
    { code: -32000, message: 'return data out of bounds' },
    { code: -32000, message: 'invalid jump destination' },
    { code: -32000, message: 'stack underflow (0 <=> 1)' },
    { code: -32000, message: 'write protection' },
  ])('a halt of the EVM is a revert without bytes: $message', async (error) => {
    const { reader } = readerOf(errorBody(error))
    expect(await reader.call({ to, data: '0x' })).toEqual({
      ok: false,
      data: '0x',
      message: error.message,
    })
  })

  test('an error that is no revert is thrown', async () => {
    const { reader } = readerOf(errorBody({ code: -32601, message: 'method not found' }))
    await expect(reader.call({ to, data: '0x' })).rejects.toThrow(ChainError)
  })

  test('gas, sender and state override are handed on', async () => {
    const { reader, requests } = readerOf('{"jsonrpc":"2.0","id":1,"result":"0x"}')
    await reader.call({
      to,
      data: '0x01',
      from: to,
      gas: 255n,
      stateOverride: { [to]: { balance: '0x1' } },
    })
    expect(requests[0]?.params).toEqual([
      { to, data: '0x01', from: to, gas: '0xff' },
      'latest',
      { [to]: { balance: '0x1' } },
    ])
  })

  test('a time is handed on as a block override, behind state overrides', async () => {
    const { reader, requests } = readerOf('{"jsonrpc":"2.0","id":1,"result":"0x"}')
    await reader.call({ to, data: '0x01', time: 1_700_000_000n })
    expect(requests[0]?.params).toEqual([
      { to, data: '0x01' },
      'latest',
      {},
      { time: '0x6553f100' },
    ])
  })
})

describe('batch', () => {
  const two = [
    { method: 'eth_chainId', params: [] },
    { method: 'eth_blockNumber', params: [] },
  ]
  const asBatch = (requests: unknown[]) => requests.filter((body) => Array.isArray(body)).length

  test.each([
    { code: -32600, message: 'invalid request' },
    { code: -32005, message: 'batch limit exceeded' },
  ])('a node that takes no batches ($message) is asked one by one from then on', async (error) => {
    const { reader, requests } = readerOf(errorBody(error))
    await reader.batch(two)
    await reader.batch(two)
    expect([asBatch(requests), requests.length]).toEqual([1, 5])
  })

  test.each([
    { code: -32005, message: 'limit exceeded' },
    { code: 429, message: 'compute units' },
    { code: -32000, message: 'Too Many Requests' },
  ])('an error that passes ($code $message) is no such refusal', async (error) => {
    const { reader, requests } = readerOf(errorBody(error))
    for (let round = 0; round < 2; round++) {
      await expect(reader.batch(two)).rejects.toSatisfy(isNodeUnavailable)
    }
    expect([asBatch(requests), requests.length]).toEqual([2, 2])
  })
})
