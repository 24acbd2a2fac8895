import { type Devnet, startDevnet } from '@fabstir/devnet'
import { SessionCallNotAllowedError, SessionSpendLimitExceededError, usdc } from '@fabstir/sdk'
import { type PermissionRequest, toEip1193Provider, toPermissionGrant } from '@fabstir/sdk/provider'
import { getAddress, type Hex, hexToBigInt, numberToHex, pad, zeroAddress } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshKey, sdkFixture } from '../sdkFixture.ts'
import {
  ask,
  chainId,
  job,
  permission,
  providerFixture,
  refusal,
  stranger,
} from './providerFixture.ts'

let devnet: Devnet
let fixture: ReturnType<typeof sdkFixture>
let wallets: ReturnType<typeof providerFixture>
let wallet: Awaited<ReturnType<typeof wallets.createConnected>>
beforeAll(async () => {
  devnet = await startDevnet()
  fixture = sdkFixture(devnet)
  wallets = providerFixture(devnet, fixture)
  wallet = await wallets.createConnected()
}, 180_000)
afterAll(() => devnet?.close())

describe('ERC-7715', () => {
  const inAnHour = async () => Number((await fixture.publicClient.getBlock()).timestamp) + 3600

  test('an app gets a session key by name of its functions, uses it, lists it and gives it back', async () => {
    const { provider, renter, asked, address } = await wallets.createConnected()
    const key = freshKey()
    const timestamp = await inAnHour()
    const request: PermissionRequest = {
      chainId,
      from: address,
      to: key.address,
      permission: {
        type: 'fabstir-session',
        isAdjustmentAllowed: false,
        data: {
          scope: ['postJob'],
          spend: { usdc: { total: numberToHex(2_000_000), perCall: numberToHex(1_000_000) } },
          uses: 3,
        },
      },
      rules: [{ type: 'expiry', data: { timestamp } }],
    }
    const [permission] = await provider.request({
      method: 'wallet_requestExecutionPermissions',
      params: [request],
    })
    if (!permission) throw new Error('nothing was granted')
    expect(permission).toMatchObject(request)
    expect(permission.dependencies).toHaveLength(1)
    expect(asked.at(-1)).toMatchObject({ type: 'grantPermissions', permissions: [{ request }] })

    const grant = toPermissionGrant(permission.context)
    expect(grant.policy).toMatchObject({ key: key.address, validUntil: timestamp, uses: 3 })
    const app = renter.withSession(grant, key)
    await app.postJobSync(job)
    const listed = () => provider.request({ method: 'wallet_getGrantedExecutionPermissions' })
    const [mine] = await listed()
    expect(mine).toEqual(permission)
    // What an app does to its copy does nothing to the wallet's.
    Object.assign(mine as object, { context: '0x' })
    expect(await listed()).toEqual([permission])

    // Nothing beyond what was asked for.
    await expect(app.postJob({ ...job, payment: usdc('1.5') })).rejects.toThrow(
      SessionSpendLimitExceededError,
    )
    await expect(app.withdraw({ token: 'usdc' })).rejects.toThrow(SessionCallNotAllowedError)

    await provider.request({
      method: 'wallet_revokeExecutionPermission',
      params: [{ permissionContext: permission.context }],
    })
    expect(await listed()).toEqual([])
    expect(await renter.getSessionKey(grant)).toMatchObject({ status: 'revoked' })
    await expect(app.postJob(job)).rejects.toThrow()
  })

  test('an allowance pays the named recipients only', async () => {
    const { provider, renter } = await wallets.createConnected()
    const [key, payee] = [freshKey(), freshKey().address]
    const [permission] = await ask<{ context: Hex }[]>(
      provider,
      'wallet_requestExecutionPermissions',
      [
        {
          chainId,
          to: key.address,
          permission: {
            type: 'erc20-token-allowance',
            isAdjustmentAllowed: true,
            data: { tokenAddress: devnet.contracts.usdc, allowanceAmount: numberToHex(5n) },
          },
          rules: [
            { type: 'expiry', data: { timestamp: await inAnHour() } },
            { type: 'payee', data: { addresses: [payee] } },
          ],
        },
      ],
    )
    const { policy } = toPermissionGrant(permission?.context ?? '0x')
    expect(policy.limits).toEqual([{ token: devnet.contracts.usdc, perCall: '5', total: '5' }])
    expect(policy.pins.map(({ allowed }) => allowed.map((word) => hexToBigInt(word)))).toEqual([
      [hexToBigInt(payee)],
    ])
    expect(renter.account.address).toBeDefined()
  })

  test('what is supported is said for each chain', async () => {
    const { provider } = await wallets.createConnected()
    expect(await provider.request({ method: 'wallet_getSupportedExecutionPermissions' })).toEqual({
      'fabstir-session': { chainIds: [chainId], ruleTypes: ['expiry'] },
      'erc20-token-allowance': { chainIds: [chainId], ruleTypes: ['expiry', 'payee'] },
    })
  })
})

describe('a permission', () => {
  const spend = { usdc: { total: '0x1' } }
  test.each([
    [
      'a rule that it does not know',
      permission({ rules: [{ type: 'rate-limit', data: { count: 1 } }] }),
    ],
    ['no end', permission({ rules: [] })],
    ['a field that it does not know', permission({}, { scope: ['claimJob'], onlyOnSundays: true })],
    [
      'a limit that it does not know',
      permission({}, { scope: ['postJob'], spend: { usdc: { total: '0x1', perDay: '0x1' } } }),
    ],
    ['a scope that it does not know', permission({}, { scope: ['everything'] })],
    ['ids of something else', permission({}, { scope: [{ name: 'claimJob', sessions: ['0x1'] }] })],
    [
      'scopes of one function that would be mixed',
      permission(
        {},
        {
          // transferFrom
          scope: (['0x0a', '0x0b'] as const).map((word) => ({
            target: stranger,
            selector: '0x23b872dd',
            pins: [0, 1].map((index) => ({ index, allowed: [pad(word)] })),
          })),
          spend: { [stranger]: { total: '0x1' } },
        },
      ),
    ],
    ['an end that is over', permission({ rules: [{ type: 'expiry', data: { timestamp: 1 } }] })],
    ['a key that is nobody', permission({ to: zeroAddress })],
    [
      'an allowance for anybody',
      permission({
        permission: {
          type: 'erc20-token-allowance',
          data: { tokenAddress: stranger, allowanceAmount: '0x1' },
        },
      }),
    ],
    [
      'calls of any contract',
      permission({}, { scope: [{ target: stranger, selector: '0x12345678' }], spend }),
    ],
    ['calls of the account', permission({}, { scope: [{ target: '', selector: '0x12345678' }] })],
    [
      'more words than anybody reads',
      permission({}, { scope: ['postJob'], justification: 'x'.repeat(1001) }),
    ],
  ])('with %s is refused (-32602)', async (_, asked) => {
    const before = wallet.asked.length
    const request = ask(wallet.provider, 'wallet_requestExecutionPermissions', [asked])
    expect(await refusal(request)).toMatchObject({ code: -32602 })
    expect(wallet.asked.length).toBe(before)
    expect(await ask(wallet.provider, 'wallet_getGrantedExecutionPermissions')).toEqual([])
  })

  test('for one key twice is refused, also when each by itself would do (-32602)', async () => {
    const asked = [permission(), permission({ to: stranger.toLowerCase() })]
    const request = ask(wallet.provider, 'wallet_requestExecutionPermissions', asked)
    expect(await refusal(request)).toMatchObject({ code: -32602 })
  })

  test.each([
    ['by name and by address', (usdc: string) => ['usdc', usdc]],
    ['in large and in small letters', (usdc: string) => [getAddress(usdc), usdc.toLowerCase()]],
  ])('that names one token twice, %s, is refused (-32602)', async (_, names) => {
    const before = wallet.asked.length
    const limits = names(devnet.contracts.usdc).map((name) => [name, { total: '0x1' }])
    const asked = permission({}, { scope: ['postJob'], spend: Object.fromEntries(limits) })
    const request = ask(wallet.provider, 'wallet_requestExecutionPermissions', [asked])
    expect(await refusal(request)).toMatchObject({ code: -32602 })
    expect(wallet.asked.length).toBe(before)
  })

  test("of another app is not an app's to end (-32602)", async () => {
    const { provider, renter } = await wallets.createConnected()
    const [granted] = await ask<{ context: string }[]>(
      provider,
      'wallet_requestExecutionPermissions',
      [permission()],
    )
    const other = toEip1193Provider({
      client: renter,
      origin: 'https://evil.example',
      approve: () => true,
    })
    await ask(other, 'eth_requestAccounts')
    expect(await ask(other, 'wallet_getGrantedExecutionPermissions')).toEqual([])
    const end = [{ permissionContext: granted?.context }]
    expect(await refusal(ask(other, 'wallet_revokeExecutionPermission', end))).toMatchObject({
      code: -32602,
    })
    expect(await ask(provider, 'wallet_getGrantedExecutionPermissions')).toEqual([granted])
  })
})
