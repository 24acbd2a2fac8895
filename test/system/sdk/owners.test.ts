import { type Devnet, startDevnet } from '@fabstir/devnet'
import { EntryPointRefusedError, type FabstirClient, type FabstirOwner, usdc } from '@fabstir/sdk'
import { concatHex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { softwareP256Key, softwarePasskey } from '../../fixtures/softwareKeys.ts'
import { freshKey, sdkFixture } from '../sdkFixture.ts'

let devnet: Devnet
let fixture: ReturnType<typeof sdkFixture>
beforeAll(async () => {
  devnet = await startDevnet()
  fixture = sdkFixture(devnet)
}, 180_000)
afterAll(() => devnet?.close())

const job = { model: 'llama-70b', prompt: 'bafyprompt', payment: usdc(1) }
const typedData = {
  domain: { name: 'Mail', version: '1', chainId: 31_337 },
  types: { Mail: [{ name: 'text', type: 'string' }] },
  primaryType: 'Mail',
} as const

/** What a verifier on chain says of the account's signatures over what was signed and over something else. */
async function verify({ account }: FabstirClient) {
  const { address } = account
  const message = await account.signMessage({ message: 'hello' })
  const data = await account.signTypedData({ ...typedData, message: { text: 'hello' } })
  const { publicClient } = fixture
  return Promise.all([
    publicClient.verifyMessage({ address, signature: message, message: 'hello' }),
    publicClient.verifyMessage({ address, signature: message, message: 'hell0' }),
    publicClient.verifyTypedData({
      ...typedData,
      address,
      signature: data,
      message: { text: 'hello' },
    }),
    publicClient.verifyTypedData({
      ...typedData,
      address,
      signature: data,
      message: { text: 'hell0' },
    }),
  ])
}
const truth = [true, false, true, false]

const owners: { name: string; owner: () => FabstirOwner; eip7702?: true }[] = [
  { name: 'a secp256k1 key', owner: freshKey },
  { name: 'a passkey', owner: softwarePasskey },
  { name: 'a P-256 key', owner: softwareP256Key },
  { name: 'an EOA by EIP-7702', owner: freshKey, eip7702: true },
]

describe.each(['0.8', '0.9'] as const)('on EntryPoint %s', (entryPoint) => {
  describe.each(owners)('$name', ({ owner: newOwner, eip7702 = false }) => {
    test('posts a job as its first operation, and one after it', async () => {
      const owner = newOwner()
      const renter = await fixture.createRenter('2', { owner, entryPoint, eip7702 })
      const { account } = renter
      expect(await account.isDeployed()).toBe(false)
      expect(await renter.postJobSync(job)).toMatchObject({ renter: account.address })
      expect(await account.isDeployed()).toBe(true)
      expect(await renter.postJobSync(job)).toMatchObject({ renter: account.address })
      if (eip7702)
        expect(await fixture.publicClient.getCode({ address: account.address })).toBe(
          concatHex([
            '0xef0100',
            renter.deployment.accountImplementation.toLowerCase() as `0x${string}`,
          ]),
        )
    })

    test('signs for verifiers before the account exists and after', async () => {
      const client = await fixture.createClient({ owner: newOwner(), entryPoint, eip7702 })
      expect(await verify(client)).toEqual(truth)
      await client.grantSessionSync({
        key: freshKey().address,
        expiresIn: '1h',
        scope: ['claimJob'],
      })
      expect(await client.account.isDeployed()).toBe(true)
      expect(await verify(client)).toEqual(truth)
    })

    test('signs a grant whose first use brings the account about', async () => {
      const renter = await fixture.createRenter('2', { owner: newOwner(), entryPoint, eip7702 })
      const key = freshKey()
      const grant = await renter.grantSession({
        key: key.address,
        expiresIn: '1h',
        scope: ['postJob'],
        spend: { usdc: { total: usdc(2) } },
      })
      const app = renter.withSession(JSON.stringify(grant), key)
      expect(await app.postJobSync(job)).toMatchObject({ renter: renter.account.address })
      expect(await app.postJobSync(job)).toMatchObject({ renter: renter.account.address })
      expect(await renter.getSessionKey(grant)).toMatchObject({ status: 'active', usesLeft: 998 })
      expect(await renter.revokeSessionSync(grant)).toMatchObject({ outcome: 'revoked' })
    })
  })
})

test('a signature speaks for one account of its owner only', async () => {
  const owner = freshKey()
  const [first, second] = [
    await fixture.createClient({ owner }),
    await fixture.createClient({ owner, salt: 1n }),
  ]
  for (const client of [first, second]) await client.revokeAllSessionsSync()
  const signature = await first.account.signMessage({ message: 'hello' })
  const accepted = [first, second].map(({ account: { address } }) =>
    fixture.publicClient.verifyMessage({ address, message: 'hello', signature }),
  )
  expect(await Promise.all(accepted)).toEqual([true, false])
})

test('a passkey that names more than its stub has room for is asked twice, once', async () => {
  let prompts = 0
  const passkey = softwarePasskey({ clientDataTail: `,"topOrigin":"https://${'o'.repeat(400)}"` })
  const owner: FabstirOwner = {
    ...passkey,
    sign: async (parameters) => {
      prompts += 1
      return passkey.sign(parameters)
    },
  }
  const client = await fixture.createRenter('2', { owner })
  await client.postJobSync(job)
  expect(prompts).toBe(2)
  await client.postJobSync(job)
  expect(prompts).toBe(3)
})

test('a passkey that signs with another credential is refused as the signature that it is', async () => {
  const [passkey, other] = [softwarePasskey(), softwarePasskey()]
  const client = await fixture.createRenter('1', { owner: { ...passkey, sign: other.sign } })
  const post = client.postJob(job)
  await expect(post).rejects.toBeInstanceOf(EntryPointRefusedError)
  await expect(post).rejects.toMatchObject({ aaCode: 'AA24' })
})
