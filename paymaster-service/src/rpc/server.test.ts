import { numberToHex, toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import { testPaymaster } from '../testing/fixtures.ts'
import { call, key, params, setUp } from '../testing/rpcServer.ts'

describe('pm_getPaymasterData', () => {
  test.each([{ url: '/' }, { url: '/rpc' }])(
    'it answers in the shape of ERC-7677 on $url',
    async ({ url }) => {
      const { post } = await setUp()
      const response = await post(call(params()), { url })
      expect(response.statusCode).toBe(200)
      expect(response.json()).toEqual({
        jsonrpc: '2.0',
        id: 1,
        result: {
          paymaster: testPaymaster,
          paymasterData: expect.stringMatching(/^0x[0-9a-f]{186}$/),
          paymasterVerificationGasLimit: expect.stringMatching(/^0x[1-9a-f][0-9a-f]*$/),
          paymasterPostOpGasLimit: '0x1',
        },
      })
    },
  )

  test.each([
    { field: 'userOperation.sender', given: params({ sender: '0x12' }) },
    { field: 'userOperation.nonce', given: params({ nonce: 5 }) },
    { field: 'userOperation.nonce', given: params({ nonce: `0x1${'00'.repeat(32)}` }) },
    { field: 'userOperation.callData', given: params({ callData: '0xabc' }) },
    { field: 'userOperation.callGasLimit', given: params({ callGasLimit: '100' }) },
    {
      field: 'userOperation.maxFeePerGas',
      given: params({ maxFeePerGas: `0x1${'00'.repeat(15)}` }),
    },
    { field: 'userOperation.eip7702Auth.address', given: params({ eip7702Auth: {} }) },
    { field: 'userOperation.callGaslimit', given: params({ callGaslimit: '0x1' }) },
    { field: 'userOperation.initCode', given: params({ initCode: '0x' }) },
    { field: 'userOperation.paymasterAndData', given: params({ paymasterAndData: '0x' }) },
    // The EntryPoint under test is 0.8.
    { field: 'userOperation.paymasterSignature', given: params({ paymasterSignature: '0x' }) },
    {
      field: 'context.parallelSigning',
      given: params({}, undefined, undefined, { parallelSigning: true }),
    },
    { field: 'context.token', given: params({}, undefined, undefined, { token: testPaymaster }) },
    { field: 'entryPoint', given: params({}, '0xnothing') },
    { field: 'entryPoint', given: params({}, testPaymaster) },
    { field: 'chainId', given: params({}, undefined, '0x1') },
    { field: 'chainId', given: params({}, undefined, 31_337) },
    { field: 'context.policyId', given: params({}, undefined, undefined, { policyId: 7 }) },
    { field: 'params', given: [] },
    { field: 'params', given: { userOperation: 1 } },
    { field: 'verificationGasLimit', given: params({ verificationGasLimit: '0x0' }) },
  ])('it names $field', async ({ field, given }) => {
    const { post } = await setUp()
    const { error } = (await post(call(given))).json()
    expect(error).toMatchObject({ code: -32602, data: { field } })
    expect(error.message).toContain(field)
  })

  test.each([{ name: 'policyId' }, { name: 'sponsorshipPolicyId' }])(
    'the context may name a policy of the key as $name, no other',
    async ({ name }) => {
      const { post } = await setUp()
      const mine = await post(call(params({}, undefined, undefined, { [name]: 'marketplace' })))
      expect(mine.json().result.paymaster).toBe(testPaymaster)
      for (const policyId of ['other', 'missing']) {
        const refused = await post(call(params({}, undefined, undefined, { [name]: policyId })))
        expect(refused.json().error).toMatchObject({
          code: -32010,
          data: { rule: 'policy.unknown' },
        })
      }
    },
  )

  test('a refusal has its rule and numbers', async () => {
    const { post } = await setUp()
    const { error } = (await post(call(params({ maxFeePerGas: numberToHex(10n ** 15n) })))).json()
    expect(error).toMatchObject({
      code: -32010,
      data: {
        rule: 'global.cap',
        remaining: `${10n ** 18n}`,
        resetsAt: null,
        policyId: 'marketplace',
      },
    })
    expect(error.message).toMatch(/^global\.cap: \d+ wei more is asked, 1000000000000000000 of/)
  })

  test('a node that is down is named as such, without its address', async () => {
    const { post } = await setUp({ nodeIsDown: true })
    expect((await post(call(params()))).json().error).toEqual({
      code: -32000,
      message: 'the chain node does not answer',
      data: { reason: 'nodeUnavailable' },
    })
  })
})

test('pm_getPaymasterStubData names the sponsor and is not final', async () => {
  const { post } = await setUp()
  expect((await post(call(params(), 'pm_getPaymasterStubData'))).json().result).toMatchObject({
    sponsor: { name: 'Fabstir marketplace' },
    isFinal: false,
    paymasterPostOpGasLimit: '0x1',
  })
})

test('pm_dryRunPolicies answers for the policies of the key', async () => {
  const { post } = await setUp()
  const { result } = (await post(call(params(), 'pm_dryRunPolicies'))).json()
  expect(result).toMatchObject([
    { policyId: 'marketplace', ok: true, rule: null, remaining: null, resetsAt: null },
  ])
  const [{ rules, selectors }] = result
  expect(rules.map(({ rule }: { rule: string }) => rule)).toEqual(
    expect.arrayContaining(['chain', 'calls', 'rate', 'caps', 'will-sponsor']),
  )
  expect(rules.every(({ ok }: { ok: boolean }) => ok)).toBe(true)
  expect(selectors).toEqual([toFunctionSelector('claimJob(uint256)')])
})

describe('keys', () => {
  test.each([
    { authorization: '', url: '/' },
    { authorization: 'Bearer wrong-key', url: '/' },
    { authorization: `Basic ${key}`, url: '/' },
    { authorization: '', url: '/?apikey=wrong-key' },
    { authorization: '', url: `/?apikey=${key}&apikey=${key}` },
  ])('"$authorization" on $url is refused', async (given) => {
    const { post } = await setUp()
    expect((await post(call(params()), given)).json().error.code).toBe(-32011)
  })

  test('the query may carry the key', async () => {
    const { post } = await setUp()
    const response = await post(call(params()), { authorization: '', url: `/rpc?apikey=${key}` })
    expect(response.json().result.paymaster).toBe(testPaymaster)
  })

  test('usage is shown to the key only', async () => {
    const { server, post } = await setUp()
    expect((await server.inject({ url: '/usage' })).statusCode).toBe(401)
    await post(call(params()))
    const response = await server.inject({ url: `/usage?apikey=${key}` })
    const [usage, ...others] = response.json()
    expect(others).toEqual([])
    expect(usage).toMatchObject({ policyId: 'marketplace', budget: `${10n ** 18n}`, operations: 1 })
    expect(BigInt(usage.free) + BigInt(usage.reserved)).toBe(10n ** 18n)
  })
})

describe('JSON-RPC', () => {
  test.each<{ name: string; payload: unknown; status: number; code: number }>([
    { name: 'no JSON', payload: '{"jsonrpc":', status: 400, code: -32700 },
    { name: 'an empty body', payload: '', status: 400, code: -32700 },
    {
      name: 'a body of more than 1 MiB',
      payload: ' '.repeat(1_048_577),
      status: 413,
      code: -32600,
    },
    { name: 'a number', payload: 7, status: 200, code: -32600 },
    {
      name: 'another version',
      payload: { id: 1, jsonrpc: '1.0', method: 'x' },
      status: 200,
      code: -32600,
    },
    { name: 'an empty batch', payload: [], status: 200, code: -32600 },
    {
      name: 'a batch of 101',
      payload: Array.from({ length: 101 }, () => call([])),
      status: 200,
      code: -32600,
    },
    { name: 'an unknown method', payload: call([], 'pm_nothing'), status: 200, code: -32601 },
    { name: 'a method of Object', payload: call([], 'constructor'), status: 200, code: -32601 },
    { name: 'a failure inside', payload: call([], 'test_fail'), status: 200, code: -32603 },
    { name: 'a store that is gone', payload: call([], 'test_store'), status: 200, code: -32000 },
  ])('$name is $code', async ({ payload, status, code }) => {
    const { post } = await setUp()
    const response = await post(payload)
    expect(response.statusCode).toBe(status)
    expect(response.json().error.code).toBe(code)
    expect(response.body).not.toContain('secret')
  })

  test('a batch is answered by id, notifications are not', async () => {
    const { post } = await setUp()
    const notification = { jsonrpc: '2.0', method: 'pm_getPaymasterData', params: params() }
    const response = await post([
      { ...call(params()), id: 'a' },
      notification,
      { ...call([], 'pm_nothing'), id: null },
    ])
    expect(response.json()).toMatchObject([
      { id: 'a', result: { paymaster: testPaymaster } },
      { id: null, error: { code: -32601 } },
    ])
    expect((await post(notification)).statusCode).toBe(204)
  })

  test('a page of any origin may call', async () => {
    const { server } = await setUp()
    const response = await server.inject({
      method: 'OPTIONS',
      url: '/rpc',
      headers: {
        origin: 'https://app.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    })
    expect(response.statusCode).toBe(204)
    expect(response.headers['access-control-allow-origin']).toBe('*')
    expect(response.headers['access-control-allow-headers']).toContain('authorization')
  })
})

test('health says that it runs, readiness what is missing', async () => {
  const ready = await setUp()
  expect((await ready.server.inject({ url: '/ready' })).json()).toEqual({
    ready: true,
    problems: [],
  })
  const down = await setUp({ nodeIsDown: true })
  expect((await down.server.inject({ url: '/health' })).statusCode).toBe(200)
  const response = await down.server.inject({ url: '/ready' })
  expect(response.statusCode).toBe(503)
  expect(response.json()).toEqual({ ready: false, problems: ['the chain node does not answer'] })
})
