import { type Devnet, startDevnet } from '@fabstir/devnet'
import {
  createFabstirClient,
  EntryPointRefusedError,
  SessionKeyNotActiveError,
  SponsorRefusedError,
  toFabstirAccount,
  usdc,
} from '@fabstir/sdk'
import { http } from 'viem'
import { entryPoint08Address, sendUserOperation } from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apiKeys, budgets } from '../../devnet/src/apps.ts'
import { freshKey, sdkFixture } from './sdkFixture.ts'

/** Bad input of each kind, sent to the services as they run, and through the SDK on top of them. */
let devnet: Devnet
let fixture: ReturnType<typeof sdkFixture>
beforeAll(async () => {
  devnet = await startDevnet()
  fixture = sdkFixture(devnet)
})
afterAll(() => devnet?.close())

type Answer = { error?: { code: number; message: string; data?: unknown }; result?: unknown }

async function post(url: string, body: string): Promise<{ status: number; answer: Answer }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKeys.demo}` },
    body,
  })
  return { status: response.status, answer: (await response.json()) as Answer }
}

const call = (method: string, params: unknown) =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })

/** A well-formed operation that nobody signed. */
const unsigned = {
  sender: '0x00000000000000000000000000000000000000aa',
  nonce: '0x0',
  callData: '0x',
  callGasLimit: '0x5208',
  verificationGasLimit: '0x5208',
  preVerificationGas: '0x5208',
  maxFeePerGas: '0x3b9aca00',
  maxPriorityFeePerGas: '0x0',
  signature: '0x',
}
const strangeEntryPoint = '0x00000000000000000000000000000000000000ee'

describe.each([
  { service: 'bundler', method: 'eth_sendUserOperation', rest: [] as unknown[] },
  { service: 'paymaster service', method: 'pm_getPaymasterStubData', rest: ['0x7a69', {}] },
])('the $service', ({ service, method, rest }) => {
  const url = () => (service === 'bundler' ? devnet.bundlerUrl : devnet.paymasterUrl)
  const params = (op: unknown, entryPoint: string = entryPoint08Address) => [
    op,
    entryPoint,
    ...rest,
  ]

  test.each([
    { name: 'malformed JSON', body: '{"jsonrpc":"2.0",', code: -32700, says: /JSON/i },
    { name: 'no request', body: '{"hello":1}', code: -32600, says: /request|jsonrpc/i },
    { name: 'an unknown method', body: call('eth_mint', []), code: -32601, says: /eth_mint/ },
    {
      name: 'a number in place of a quantity',
      body: call(method, params({ ...unsigned, nonce: 7 })),
      code: -32602,
      says: /nonce/,
    },
    {
      name: 'hex of odd length',
      body: call(method, params({ ...unsigned, callData: '0xabc' })),
      code: -32602,
      says: /callData/,
    },
    {
      name: 'an EntryPoint that it does not serve',
      body: call(method, params(unsigned, strangeEntryPoint)),
      code: -32602,
      says: /entry ?point/i,
    },
  ])('it answers $name with code $code and says what is wrong', async ({ body, code, says }) => {
    const { status, answer } = await post(url(), body)
    expect(status).toBeLessThan(500)
    expect(answer.error?.code, JSON.stringify(answer)).toBe(code)
    expect(answer.error?.message).toMatch(says)
    expect(answer.error?.message).not.toMatch(/\bat .*:\d+:\d+/)
  })
})

test('the bundler refuses a field that no EntryPoint knows, by its name', async () => {
  const params = [{ ...unsigned, gasPrice: '0x1' }, entryPoint08Address]
  const { answer } = await post(devnet.bundlerUrl, call('eth_sendUserOperation', params))
  expect(answer.error).toMatchObject({ code: -32602 })
  expect(answer.error?.message).toContain('gasPrice')
})

describe('through the SDK', () => {
  test('a wrong signature of the owner is AA24, with code -32507 at the bundler', async () => {
    const owner = freshKey()
    const account = await toFabstirAccount({
      client: fixture.publicClient,
      owner,
      contracts: devnet.contracts,
    })
    const thief = await toFabstirAccount({
      client: fixture.publicClient,
      owner: freshKey(),
      contracts: devnet.contracts,
    })
    const forger = createFabstirClient({
      account: { ...account, signUserOperation: thief.signUserOperation },
      chain: devnet.chain,
      transport: http(devnet.bundlerUrl),
      paymaster: fixture.sponsor(),
      contracts: devnet.contracts,
    })
    await fixture.give.usdc(account.address, '1')
    const theft = forger.postJob({ model: 'm', prompt: 'bafy', payment: usdc(1) })
    await expect(theft).rejects.toBeInstanceOf(EntryPointRefusedError)
    await expect(theft).rejects.toMatchObject({ aaCode: 'AA24', code: -32507 })
    expect(await fixture.jobsOf(forger)).toEqual([])
  })

  test('a session key that was never granted is not active', async () => {
    const [granted, foreign] = [freshKey(), freshKey()]
    const renter = await fixture.createRenter('1')
    const grant = await renter.grantSessionSync({
      key: granted.address,
      expiresIn: '1h',
      scope: ['postJob'],
      spend: { usdc: { total: usdc(1) } },
    })
    const forged = { ...grant, policy: { ...grant.policy, key: foreign.address } }
    await expect(
      renter.withSession(forged, foreign).postJob({ model: 'm', prompt: 'bafy', payment: usdc(1) }),
    ).rejects.toBeInstanceOf(SessionKeyNotActiveError)
    expect(await fixture.jobsOf(renter)).toEqual([])
  })

  test('a grant whose policy was changed after signing installs nothing', async () => {
    const key = freshKey()
    const renter = await fixture.createRenter('1')
    const grant = await renter.grantSession({
      key: key.address,
      expiresIn: '1h',
      uses: 1,
      scope: ['postJob'],
      spend: { usdc: { total: usdc('0.5') } },
    })
    const limits = grant.policy.limits.map((limit) => ({
      ...limit,
      perCall: '1000000',
      total: '1000000',
    }))
    const widened = { ...grant, policy: { ...grant.policy, limits } }
    await expect(
      renter.withSession(widened, key).postJob({ model: 'm', prompt: 'bafy', payment: usdc(1) }),
    ).rejects.toMatchObject({ aaCode: 'AA24' })
    expect(await renter.getSessionKey(grant)).toMatchObject({ status: 'unused' })
  })

  test('a call outside of the policy is refused by its rule before it is signed', async () => {
    const renter = await fixture.createRenter('1')
    const elsewhere = sendUserOperation(renter, {
      calls: [{ to: freshKey().address, value: 0n, data: '0x12345678' }],
    })
    await expect(elsewhere).rejects.toThrow(/calls\.not-allowed/)
  })

  test('a spent budget is refused with the rule and what remains', async () => {
    const renter = await fixture.createRenter('5', { paymaster: fixture.sponsor(apiKeys.small) })
    const spend = async () => {
      for (let round = 0; round < 10; round++) {
        await renter.postJobSync({ model: 'm', prompt: 'bafy', payment: usdc('0.5') })
      }
    }
    const refusal = await spend().then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(refusal).toBeInstanceOf(SponsorRefusedError)
    expect(refusal).toMatchObject({ rule: 'global.cap' })
    expect(BigInt((refusal as SponsorRefusedError).remaining ?? budgets.small)).toBeLessThan(
      budgets.small,
    )
  })
})
