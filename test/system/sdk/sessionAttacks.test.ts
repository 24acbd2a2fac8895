import { setTimeout } from 'node:timers/promises'
import { type Devnet, startDevnet } from '@fabstir/devnet'
import {
  contractCall,
  createFabstirClient,
  SessionArgumentNotAllowedError,
  type SessionGrant,
  SessionGrantInvalidError,
  SessionKeyNotActiveError,
  SessionScopeError,
  toSessionAccount,
  usdc,
  waitForOperation,
} from '@fabstir/sdk'
import {
  type Address,
  createWalletClient,
  erc20Abi,
  http,
  pad,
  parseEther,
  toFunctionSelector,
} from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshKey, sdkFixture } from '../sdkFixture.ts'
import { withMeantime } from './providerFixture.ts'

let devnet: Devnet
let fixture: ReturnType<typeof sdkFixture>
beforeAll(async () => {
  devnet = await startDevnet()
  fixture = sdkFixture(devnet)
}, 180_000)
afterAll(() => devnet?.close())

const job = { model: 'llama-70b', prompt: 'bafyprompt', payment: usdc(1) }
const posting = { scope: ['postJob'], spend: { usdc: { total: usdc(9) } } } as const
const inAnHour = async () => Number((await fixture.publicClient.getBlock()).timestamp) + 3600

/** An owner whose app holds a grant, and a client of the owner that ends one while the app acts. */
async function ownerAndApp() {
  const [owner, key] = [freshKey(), freshKey()]
  const { transport, meantime } = withMeantime(devnet.bundlerUrl)
  const renter = await fixture.createRenter('9', { owner })
  const revoker = await fixture.createClient({ owner, transport })
  const use = (grant: SessionGrant) => renter.withSession(grant, key).postJobSync(job)
  return { key, renter, revoker, meantime, use }
}
type OwnerAndApp = Awaited<ReturnType<typeof ownerAndApp>>

describe('[S-01] an app that installs a renewal right before it is cancelled', () => {
  test.each<{ earlier: string; make: (scene: OwnerAndApp) => Promise<unknown> }>([
    {
      earlier: 'is used up',
      make: async ({ renter, key, use }) =>
        use(await renter.grantSession({ ...posting, key, expiresIn: '1h', uses: 1 })),
    },
    {
      earlier: 'is of an earlier epoch',
      async make({ renter, key }) {
        await renter.grantSessionSync({ ...posting, key, expiresIn: '1h' })
        await renter.revokeAllSessionsSync()
      },
    },
    {
      earlier: 'is over',
      async make({ renter, key }) {
        const { policy } = await renter.grantSessionSync({ ...posting, key, expiresIn: '15s' })
        const isOver = async () => {
          await fixture.give.eth(key.address, '0.001')
          return (await fixture.publicClient.getBlock()).timestamp > policy.validUntil
        }
        while (!(await isOver())) await setTimeout(500)
      },
    },
  ])('has a dead key when its earlier grant $earlier', async ({ make }) => {
    const scene = await ownerAndApp()
    const { key, renter, revoker, meantime, use } = scene
    await make(scene)
    const renewal = await renter.grantSession({ ...posting, key, expiresIn: '2h' })
    meantime(() => use(renewal))
    const hash = await revoker.revokeSession(renewal)
    expect(await waitForOperation(revoker, { hash })).toMatchObject({ success: true })
    expect(await renter.getSessionKey(renewal)).toMatchObject({ status: 'revoked' })
    await expect(use(renewal)).rejects.toBeInstanceOf(SessionKeyNotActiveError)
  })

  test('has a dead key when its earlier grant was good, once the owner has waited', async () => {
    const { key, renter, revoker, meantime, use } = await ownerAndApp()
    const expiresAt = await inAnHour()
    const first = await renter.grantSession({ ...posting, key, expiresAt })
    await use(first)
    const renewal = await renter.grantSession({ ...posting, key, expiresAt })
    meantime(() => use(renewal))
    expect(await revoker.revokeSessionSync(renewal)).toMatchObject({
      outcome: 'revoked',
      key: key.address,
    })
    expect(await renter.getSessionKey(renewal)).toMatchObject({ status: 'revoked' })
    for (const grant of [renewal, first])
      await expect(use(grant)).rejects.toBeInstanceOf(SessionKeyNotActiveError)
  })

  test('keeps its good grant when it does not, also one of the very same time', async () => {
    const { key, renter, revoker, use } = await ownerAndApp()
    const expiresAt = await inAnHour()
    const first = await renter.grantSession({ ...posting, key, expiresAt })
    await use(first)
    for (const terms of [{ expiresAt }, { expiresIn: '2h' }, { expiresIn: '2h', startsIn: '1h' }]) {
      const renewal = await renter.grantSession({ ...posting, key, ...terms } as typeof posting & {
        key: typeof key
        expiresAt: number
      })
      expect(await revoker.revokeSessionSync(renewal)).toMatchObject({
        outcome: 'cancelled',
        salt: renewal.enable?.salt,
      })
      // One of the very same time is not told from the first.
      if (!('expiresAt' in terms))
        await expect(use(renewal)).rejects.toBeInstanceOf(SessionKeyNotActiveError)
    }
    await use(first)
  })

  test('keeps a good grant that has not begun', async () => {
    const { key, renter, revoker } = await ownerAndApp()
    const later = { ...posting, key, startsIn: '30m', expiresIn: '1h' } as const
    const first = await renter.grantSessionSync(later)
    const renewal = await renter.grantSession({ ...posting, key, expiresIn: '2h' })
    expect(await revoker.revokeSessionSync(renewal)).toMatchObject({ outcome: 'cancelled' })
    expect(await renter.getSessionKey(first)).toMatchObject({ status: 'pending' })
  })
})

describe('[S-02] a grant of another account or chain', () => {
  test.each([
    { where: 'another salt', options: { salt: 1n } },
    { where: 'another EntryPoint', options: { entryPoint: '0.9' } },
  ] as const)('is not ended by the client of $where, which says so', async ({ options }) => {
    const [owner, key] = [freshKey(), freshKey()]
    const renter = await fixture.createRenter('2', { owner })
    const other = await fixture.createClient({ owner, ...options })
    const installed = await renter.grantSessionSync({ ...posting, key, expiresIn: '1h' })
    const signed = await renter.grantSession({ ...posting, key: freshKey(), expiresIn: '1h' })
    for (const grant of [installed, signed]) {
      const revoked = other.revokeSessionSync(grant)
      await expect(revoked).rejects.toBeInstanceOf(SessionGrantInvalidError)
      await expect(revoked).rejects.toMatchObject({ field: 'account' })
      expect(() => other.withSession(grant, key)).toThrow(SessionGrantInvalidError)
    }
    expect(await other.account.isDeployed()).toBe(false)
    // Whoever reads need not be the owner.
    expect(await other.getSessionKey(installed)).toMatchObject({ status: 'active' })
    await renter.withSession(installed, key).postJobSync(job)
  })

  test('is neither ended nor read nor used on the chain of the client', async () => {
    const key = freshKey()
    const renter = await fixture.createRenter('1')
    const grant = await renter.grantSession({ ...posting, key, expiresIn: '1h' })
    const elsewhere = { ...grant, chainId: 1 }
    for (const attempt of [
      () => renter.revokeSession(elsewhere),
      () => renter.getSessionKey(elsewhere),
      async () => renter.withSession(elsewhere, key),
      async () => renter.withSession(JSON.stringify(elsewhere), key),
    ]) {
      await expect(attempt()).rejects.toBeInstanceOf(SessionGrantInvalidError)
      await expect(attempt()).rejects.toMatchObject({ field: 'chainId' })
    }
    expect(await renter.getSessionKey(grant)).toMatchObject({ status: 'unused' })
  })
})

describe('[S-03] an app that asks for several scopes of one function', () => {
  const selector = toFunctionSelector('transferFrom(address,address,uint256)')
  const sending = (from: Address, to: Address) => ({
    target: devnet.contracts.usdc,
    selector,
    pins: [
      { index: 0, allowed: [pad(from)] },
      { index: 1, allowed: [pad(to)] },
    ],
  })
  /** Somebody whose USDC the account may send. */
  const payer = async (spender: Address) => {
    const account = freshKey()
    await fixture.give.eth(account.address, '1')
    await fixture.give.usdc(account.address, '5')
    const wallet = createWalletClient({
      account,
      chain: devnet.chain,
      transport: http(devnet.rpcUrl),
    })
    const hash = await wallet.writeContract({
      address: devnet.contracts.usdc,
      abi: erc20Abi,
      functionName: 'approve',
      args: [spender, usdc(5).value],
    })
    await fixture.publicClient.waitForTransactionReceipt({ hash })
    return account.address
  }

  test('gets what each of them names, and no mix', async () => {
    const key = freshKey()
    const renter = await fixture.createClient()
    const { address } = renter.account
    const [ann, bob] = [await payer(address), await payer(address)]
    const [carol, dave] = [freshKey().address, freshKey().address]
    const granting = (...scope: ReturnType<typeof sending>[]) =>
      renter.grantSession({
        key,
        expiresIn: '1h',
        scope,
        spend: { usdc: { total: usdc(9) } },
        payers: [],
        maxGasCost: parseEther('1'),
      })
    await fixture.give.eth(address, '1')
    await expect(granting(sending(ann, carol), sending(bob, dave))).rejects.toThrow(
      SessionScopeError,
    )

    const grant = await granting(sending(ann, carol), sending(ann, dave))
    // The sponsor pays for no such calls.
    const app = createFabstirClient({
      account: toSessionAccount({ client: fixture.publicClient, grant, key, ...devnet }),
      transport: http(devnet.bundlerUrl),
    })
    const send = (from: Address, to: Address) =>
      app.batchSync([
        contractCall({
          contract: devnet.contracts.usdc,
          abi: erc20Abi,
          functionName: 'transferFrom',
          args: [from, to, 1n],
        }),
      ])
    await send(ann, carol)
    await send(ann, dave)
    await expect(send(bob, dave)).rejects.toBeInstanceOf(SessionArgumentNotAllowedError)
    const balances = await Promise.all(
      [ann, bob, carol, dave].map((owner) =>
        fixture.publicClient.readContract({
          address: devnet.contracts.usdc,
          abi: erc20Abi,
          functionName: 'balanceOf',
          args: [owner],
        }),
      ),
    )
    expect(balances).toEqual([4_999_998n, 5_000_000n, 1n, 1n])
  })
})
