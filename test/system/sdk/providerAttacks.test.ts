import { type Devnet, startDevnet } from '@fabstir/devnet'
import { type ApprovalRequest, toEip1193Provider } from '@fabstir/sdk/provider'
import { type EIP1193Provider, http, numberToHex, zeroAddress } from 'viem'
import { entryPoint08Address } from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshKey, sdkFixture } from '../sdkFixture.ts'
import {
  ask,
  batchOf,
  chainId,
  mail,
  permission,
  providerFixture,
  type RpcCall,
  refusal,
  stranger,
} from './providerFixture.ts'

let devnet: Devnet
let fixture: ReturnType<typeof sdkFixture>
let wallets: ReturnType<typeof providerFixture>
let wallet: Awaited<ReturnType<typeof wallets.createConnected>>
let calls: RpcCall[]
beforeAll(async () => {
  devnet = await startDevnet()
  fixture = sdkFixture(devnet)
  wallets = providerFixture(devnet, fixture)
  wallet = await wallets.createConnected()
  calls = await wallets.jobCalls(wallet.renter)
}, 180_000)
afterAll(() => devnet?.close())

/** What an app asks with another account, in each method that names one. */
const requestsOf = (from: string): [string, unknown][] => [
  ['eth_sendTransaction', [{ ...calls[0], from }]],
  ['wallet_sendCalls', batchOf(calls, { from })],
  ['personal_sign', ['0x68', from]],
  ['eth_signTypedData_v4', [from, mail({ name: 'Mail' })]],
  ['wallet_getCapabilities', [from]],
  ['wallet_requestExecutionPermissions', [permission({ from })]],
]
/** Nobody was asked, and nothing was sent. */
async function expectRefused(code: number, method: string, params: unknown, at = wallet) {
  const before = at.asked.length
  const error = await refusal(ask(at.provider, method, params))
  expect(error).toMatchObject({ code })
  expect(at.asked.length).toBe(before)
  return error.details
}

describe('an app that the user has not connected', () => {
  test('sees no account and gets nothing', async () => {
    const fresh = await wallets.createWallet()
    expect(await ask(fresh.provider, 'eth_accounts')).toEqual([])
    for (const [method, params] of requestsOf(fresh.address))
      await expectRefused(4100, method, params, fresh)
    await expectRefused(4100, 'wallet_getGrantedExecutionPermissions', [], fresh)
  })

  test('is gone after wallet_revokePermissions, with an event', async () => {
    const { provider, address } = await wallets.createConnected()
    const seen: unknown[] = []
    provider.on('accountsChanged', (accounts) => seen.push(accounts))
    await ask(provider, 'wallet_revokePermissions', [{ eth_accounts: {} }])
    expect(await ask(provider, 'eth_accounts')).toEqual([])
    expect(await refusal(ask(provider, 'personal_sign', ['0x68', address]))).toMatchObject({
      code: 4100,
    })
    await ask(provider, 'eth_requestAccounts')
    expect(seen).toEqual([[], [address]])
  })
})

describe('a user who refuses', () => {
  test.each([
    ['says no', () => false],
    ['closes the window', () => Promise.reject(new Error('closed'))],
    ['answers something else than yes', () => 'later' as unknown as boolean],
  ])('%s: nothing is shown (4001)', async (_, approve) => {
    const { provider } = await wallets.createWallet({ approve })
    expect(await refusal(ask(provider, 'eth_requestAccounts'))).toMatchObject({ code: 4001 })
    expect(await ask(provider, 'eth_accounts')).toEqual([])
  })

  test('a batch: nothing is sent, and its id can be used again', async () => {
    let agrees = false
    const approve = ({ type }: ApprovalRequest) => type === 'connect' || agrees
    const { provider, renter } = await wallets.createConnected({ approve })
    const batch = batchOf(await wallets.jobCalls(renter), { id: 'order-7' })
    expect(await refusal(ask(provider, 'wallet_sendCalls', batch))).toMatchObject({ code: 4001 })
    expect(await renter.account.isDeployed()).toBe(false)
    expect(await refusal(ask(provider, 'wallet_getCallsStatus', ['order-7']))).toMatchObject({
      code: 5730,
    })
    agrees = true
    expect(await ask(provider, 'wallet_sendCalls', batch)).toEqual({ id: 'order-7' })
  })
})

test('another account than the connected one is refused (4100)', async () => {
  for (const [method, params] of requestsOf(stranger)) await expectRefused(4100, method, params)
})

test('another chain is refused', async () => {
  const { address } = wallet
  await expectRefused(5710, 'wallet_sendCalls', batchOf(calls, { chainId: '0x1' }))
  await expectRefused(4901, 'eth_sendTransaction', [{ ...calls[0], chainId: '0x1' }])
  await expectRefused(4901, 'eth_signTypedData_v4', [address, mail({ name: 'Mail', chainId: 1 })])
  await expectRefused(4902, 'wallet_switchEthereumChain', [{ chainId: '0x1' }])
  await expectRefused(4200, 'wallet_addEthereumChain', [{ chainId: '0x1', rpcUrls: ['http://x'] }])
  const asked = [permission({ chainId: '0x1' })]
  await expectRefused(5710, 'wallet_requestExecutionPermissions', asked)
  expect(await ask(wallet.provider, 'eth_chainId')).toBe(chainId)
})

describe('a batch', () => {
  test('with a capability that is unknown and not optional is refused (5700)', async () => {
    const flow = { flowControl: { loose: [0] } }
    await expectRefused(5700, 'wallet_sendCalls', batchOf(calls, { capabilities: flow }))
    const call = { ...calls[0], capabilities: { gasLimitOverride: { value: '0x1' } } }
    await expectRefused(5700, 'wallet_sendCalls', batchOf([call]))
  })

  test('of an id that was used is refused (5720): at once, later, and after a restart', async () => {
    const kept = new Map<string, string>()
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    }
    const { provider, renter } = await wallets.createConnected({ storage })
    const batch = batchOf(await wallets.jobCalls(renter), {
      id: 'order-8',
      capabilities: { flowControl: { optional: true } },
    })
    const both = await Promise.allSettled([
      ask(provider, 'wallet_sendCalls', batch),
      ask(provider, 'wallet_sendCalls', batch),
    ])
    expect(both).toMatchObject([
      { status: 'fulfilled', value: { id: 'order-8' } },
      { status: 'rejected', reason: { code: 5720 } },
    ])
    const again = () => refusal(ask(provider, 'wallet_sendCalls', batch))
    expect(await again()).toMatchObject({ code: 5720 })

    const restarted = toEip1193Provider({
      client: renter,
      origin: 'https://app.example',
      approve: () => true,
      storage,
    })
    expect(await ask(restarted, 'eth_accounts')).toEqual([renter.account.address])
    expect(await refusal(ask(restarted, 'wallet_sendCalls', batch))).toMatchObject({ code: 5720 })
    await expect
      .poll(() => ask(restarted, 'wallet_getCallsStatus', ['order-8']), { timeout: 30_000 })
      .toMatchObject({ status: 200 })
    expect(await fixture.jobsOf(renter)).toHaveLength(1)

    // Another app of the same wallet has no business with it.
    const other = toEip1193Provider({
      client: renter,
      origin: 'https://evil.example',
      approve: () => true,
      storage,
    })
    await ask(other, 'eth_requestAccounts')
    for (const method of ['wallet_getCallsStatus', 'wallet_showCallsStatus'])
      expect(await refusal(ask(other, method, ['order-8']))).toMatchObject({ code: 5730 })
  })

  test('of 100 calls is the most (5740)', async () => {
    const many = (count: number) =>
      batchOf(Array.from({ length: count }, () => ({ ...calls[0], to: 'nobody' })))
    await expectRefused(5740, 'wallet_sendCalls', many(101))
    await expectRefused(-32602, 'wallet_sendCalls', many(100))
  })

  test.each([
    ['no version', { version: undefined }],
    ['another version', { version: '3.0.0' }],
    ['no word about atomicity', { atomicRequired: undefined }],
    ['no calls', { calls: [] }],
    ['no chain', { chainId: undefined }],
    ['an id without end', { id: 'x'.repeat(8195) }],
    ['a deployment', { calls: [{ data: '0x60' }] }],
    ['half a byte', { calls: [{ to: stranger, data: '0x123' }] }],
    ['more than 256 bits', { calls: [{ to: stranger, value: `0x1${'0'.repeat(64)}` }] }],
  ])('with %s is refused (-32602)', async (_, more) => {
    const details = await expectRefused(-32602, 'wallet_sendCalls', batchOf(calls, more))
    expect(details).toMatch(/^params\[0\]\./)
  })

  test.each([
    'http://paymaster.example',
    'ftp://127.0.0.1',
    'https://user:secret@paymaster.example',
    'paymaster',
  ])('with a paymaster at %s is refused (-32602)', async (url) => {
    const capabilities = { paymasterService: { url } }
    await expectRefused(-32602, 'wallet_sendCalls', batchOf(calls, { capabilities }))
  })
})

describe('what would take over the account is refused', () => {
  test('calls of the account itself (4100)', async () => {
    const { address } = wallet
    const call = { to: address.toLowerCase(), data: '0x12345678' }
    await expectRefused(4100, 'wallet_sendCalls', batchOf([...calls, call]))
    await expectRefused(4100, 'eth_sendTransaction', [{ from: address, ...call }])
  })

  test('typed data of session grants and User Operations, which an EOA would sign as they are (4100)', async () => {
    const owner = freshKey()
    const eoa = await wallets.createConnected({}, { owner, eip7702: true })
    const { account: second } = await fixture.createClient({ owner })
    const own = { name: 'FabstirAccount', version: '1', chainId: 31_337 }
    for (const [type, domain] of [
      ['SessionGrant', { ...own, verifyingContract: eoa.address.toLowerCase() }],
      ['SessionGrant', { ...own, verifyingContract: second.address }],
      ['PersonalSign', { ...own, verifyingContract: second.address }],
      [
        'PackedUserOperation',
        { name: 'ERC4337', version: '1', chainId: 31_337, verifyingContract: entryPoint08Address },
      ],
    ] as const)
      await expectRefused(4100, 'eth_signTypedData_v4', [eoa.address, mail(domain, type)], eoa)

    // What the second account would sign for a token: a permit of its money.
    const { usdc: verifyingContract } = devnet.contracts
    const permit = {
      domain: { name: 'USD Coin', version: '1', chainId: 31_337, verifyingContract },
      types: {
        TypedDataSign: [
          { name: 'contents', type: 'Permit' },
          { name: 'verifyingContract', type: 'address' },
        ],
        Permit: [{ name: 'spender', type: 'address' }],
      },
      primaryType: 'TypedDataSign',
      message: { contents: { spender: stranger }, verifyingContract: second.address },
    }
    await expectRefused(4100, 'eth_signTypedData_v4', [eoa.address, permit], eoa)
  })

  test.each([
    ['another type of its domain', { types: { EIP712Domain: [], Mail: [] } }],
    ['a chain that is none', { domain: { chainId: 'main' } }],
    ['a contract that is none', { domain: { verifyingContract: '0x12' } }],
    ['no message', { message: undefined }],
    ['a message that is not signed', { primaryType: 'EIP712Domain' }],
    ['more in its message than is signed', { message: { text: 'hello', price: '0' } }],
    [
      'more in its domain than is signed',
      { domain: { name: 'Mail', origin: 'https://a.example' } },
    ],
  ])('typed data with %s (-32602)', async (_, more) => {
    const data = { ...JSON.parse(mail({ name: 'Mail' })), ...more }
    await expectRefused(-32602, 'eth_signTypedData_v4', [wallet.address, data])
  })

  test('what the app changes while the user looks at it', async () => {
    const asked: ApprovalRequest[] = []
    const call = { ...calls[0] } as RpcCall
    const batch = batchOf([call, ...calls.slice(1)])
    const { provider, renter } = await wallets.createConnected({
      approve: (request) => {
        asked.push(request)
        if (request.type === 'sendCalls') call.to = zeroAddress
        return true
      },
    })
    await ask(provider, 'wallet_sendCalls', batch)
    expect(asked.at(-1)).toMatchObject({ calls: [{ to: calls[0]?.to }, {}] })
    await expect.poll(() => fixture.jobsOf(renter), { timeout: 30_000 }).toHaveLength(1)
  })

  test.each([
    ...['eth_sign', 'eth_signTransaction', 'eth_sendRawTransaction', 'eth_signTypedData'],
    ...[
      'eth_sendUserOperation',
      'anvil_setBalance',
      'debug_traceTransaction',
      'pm_getPaymasterData',
    ],
    ...['constructor', '__proto__', 'toString'],
  ])('%s (4200)', async (method) => {
    await expectRefused(4200, method, [wallet.address, '0x12'])
  })
})

describe("errors do not show the wallet's services", () => {
  const secret = 'topsecretkey'
  const everything = (error: unknown): string =>
    error instanceof Error
      ? [error.message, error.stack, JSON.stringify(error), everything(error.cause)].join()
      : JSON.stringify(error)

  test.each([
    [
      'sponsor',
      { paymaster: http(`http://127.0.0.1:9/?apikey=${secret}`, { retryCount: 0 }) },
      -32002,
    ],
    [
      'bundler',
      { transport: http(`http://127.0.0.1:9/?apikey=${secret}`, { retryCount: 0 }) },
      4900,
    ],
  ] as const)('of a %s that is not there', async (_, account, code) => {
    const { provider, renter } = await wallets.createConnected({}, account)
    const lost: unknown[] = []
    const events = provider as EIP1193Provider
    events.on('disconnect', (error) => lost.push(error.code))
    const batch = batchOf(await wallets.jobCalls(renter))
    const error = await refusal(ask(provider, 'wallet_sendCalls', batch))
    expect(error).toMatchObject({ code })
    expect(everything(error)).not.toContain(secret)
    expect(lost).toEqual(code === 4900 ? [4900] : [])
  })
})

test.each([
  ['no request', undefined, -32600],
  ['no method', { params: [] }, -32600],
  ['params by name', { method: 'eth_call', params: { to: stranger } }, -32602],
  ['code in place of data', { method: 'eth_call', params: [() => numberToHex(1)] }, -32602],
])('%s is refused', async (_, request, code) => {
  expect(await refusal(wallet.provider.request(request as never))).toMatchObject({ code })
})
