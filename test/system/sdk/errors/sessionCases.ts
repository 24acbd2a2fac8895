import { fabstirAccountAbi } from '@fabstir/contracts/abi'
import {
  contractCall,
  createFabstirClient,
  grantSession,
  OwnerNotFoundError,
  SessionArgumentNotAllowedError,
  SessionCallNotAllowedError,
  SessionGasCostExceededError,
  SessionGrantInvalidError,
  SessionKeyMismatchError,
  SessionKeyNotActiveError,
  SessionKeySigningError,
  SessionKeysNotSupportedError,
  SessionPayerNotAllowedError,
  SessionPolicyInvalidError,
  SessionScopeError,
  SessionSpendLimitExceededError,
  SessionUsesExhaustedError,
  toSessionAccount,
  usdc,
} from '@fabstir/sdk'
import { type Hex, http, pad, toFunctionSelector, zeroAddress } from 'viem'
import { toSimple7702SmartAccount } from 'viem/account-abstraction'
import { expect } from 'vitest'
import { freshKey } from '../../sdkFixture.ts'
import type { ErrorCase } from './errorCase.ts'
import type { ErrorStage } from './errorStage.ts'

/** So many bytes in hex. */
const expect0x = (bytes: number) =>
  expect.stringMatching(new RegExp(`^0x[\\da-fA-F]{${2 * bytes}}$`))

/** A client of the app whose operations the account itself pays for, as far as it may. */
export async function selfPayingApp(
  { createSelfPaid, devnet }: ErrorStage,
  maxGasCost: bigint,
): Promise<ReturnType<typeof createFabstirClient>> {
  const key = freshKey()
  const renter = await createSelfPaid({ usdc: '5' })
  const grant = await renter.grantSession({
    key: key.address,
    expiresIn: '1h',
    scope: ['postJob'],
    spend: { usdc: { total: usdc(3) } },
    maxGasCost,
  })
  return createFabstirClient({
    account: toSessionAccount({
      client: renter.client,
      grant,
      key,
      contracts: devnet.contracts,
    } as Parameters<typeof toSessionAccount>[0]),
    transport: http(devnet.bundlerUrl),
    pollingInterval: 20,
    timeout: 30_000,
  })
}

/** What session keys may not, mostly as the account's contract says it from within an operation. */
export const sessionCases: readonly ErrorCase[] = [
  {
    error: SessionKeysNotSupportedError,
    when: 'the account is of another kind',
    async happen({ publicClient, devnet }) {
      const account = await toSimple7702SmartAccount({ client: publicClient, owner: freshKey() })
      const client = createFabstirClient({ account, transport: http(devnet.bundlerUrl) })
      const scope = ['claimJob'] as const
      return client.batch([grantSession.call({ key: freshKey().address, expiresIn: '1h', scope })])
    },
    fields: { account: expect0x(20) },
  },
  {
    error: SessionKeyNotActiveError,
    when: 'the owner has revoked it',
    async happen({ postingApp, job }) {
      const { renter, grant, app } = await postingApp()
      await app.postJobSync(job)
      await renter.revokeSessionSync(grant)
      return app.postJob(job)
    },
    fields: { key: expect0x(20) },
    cause: { code: -32500 },
  },
  {
    error: SessionKeyNotActiveError,
    when: 'the owner has cancelled the grant before its first use',
    async happen({ postingApp, job }) {
      const { renter, grant, app } = await postingApp()
      await renter.revokeSessionSync(grant)
      return app.postJob(job)
    },
    cause: { code: -32500 },
  },
  {
    error: SessionUsesExhaustedError,
    when: 'it has sent as many operations as it may',
    async happen({ postingApp, job }) {
      const { app } = await postingApp({ uses: 1 })
      await app.postJobSync(job)
      return app.postJob(job)
    },
    fields: { key: expect0x(20) },
    cause: { code: -32500 },
  },
  {
    error: SessionSpendLimitExceededError,
    when: 'a call spends more than one may',
    happen: async ({ postingApp, job }) => {
      const { app } = await postingApp({ spend: { usdc: { total: usdc(3), perCall: usdc(1) } } })
      return app.postJob({ ...job, payment: usdc(2) })
    },
    fields: { token: 'usdc', asked: 2_000_000n, left: 1_000_000n },
    cause: { code: -32500 },
  },
  {
    error: SessionSpendLimitExceededError,
    when: 'all calls together spend more than they may',
    async happen({ postingApp, job }) {
      const { app } = await postingApp()
      await app.postJobSync({ ...job, payment: usdc(2) })
      return app.postJob({ ...job, payment: usdc('1.5') })
    },
    fields: { token: 'usdc', asked: 1_500_000n, left: 1_000_000n },
    cause: { code: -32500 },
  },
  {
    error: SessionCallNotAllowedError,
    when: 'it was not granted the function',
    async happen({ postingApp }) {
      const { app } = await postingApp()
      return app.withdraw({ token: 'usdc' })
    },
    fields: { target: expect0x(20), selector: expect0x(4) },
    cause: { code: -32500 },
  },
  {
    error: SessionArgumentNotAllowedError,
    when: 'a session with another host than it was granted is opened',
    async happen({ postingApp }) {
      const { app } = await postingApp({
        scope: [{ name: 'openSession', hosts: [freshKey().address] }],
      })
      return app.openSession({
        host: freshKey().address,
        deposit: usdc(1),
        pricePer1000: usdc('0.5'),
        checkpointInterval: 500n,
        coSigner: freshKey().address,
      })
    },
    fields: { index: 0n, value: expect0x(32), selector: expect0x(4) },
    cause: { code: -32500 },
  },
  {
    error: SessionPayerNotAllowedError,
    when: 'the account is to pay by itself, and may not',
    happen: async (stage) => (await selfPayingApp(stage, 0n)).postJob(stage.job),
    fields: { payer: zeroAddress },
    cause: { code: -32500 },
  },
  {
    error: SessionGasCostExceededError,
    when: 'the account would pay more than it may',
    happen: async (stage) => (await selfPayingApp(stage, 1000n)).postJob(stage.job),
    fields: { maxGasCost: 1000n },
    cause: { code: -32500 },
  },
  {
    error: SessionPolicyInvalidError,
    when: 'a grant would be good for more than a year',
    happen: ({ postingApp }) => postingApp({ expiresIn: '400d' }),
    fields: { field: 'validUntil' },
  },
  {
    error: SessionPolicyInvalidError,
    when: 'the account refuses the policy of a batch that no action has checked',
    async happen({ createClient, devnet }) {
      const client = await createClient()
      return client.batch([
        contractCall({
          contract: client.account.address,
          abi: fabstirAccountAbi,
          functionName: 'addSessionKeyWithPolicy',
          args: [
            {
              key: freshKey().address,
              validAfter: 0,
              validUntil: 4_000_000_000,
              uses: 0,
              calls: [
                {
                  target: devnet.contracts.marketplace,
                  selector: toFunctionSelector('claimJob(uint256)'),
                },
              ],
              limits: [],
              pins: [],
              payers: [],
              maxGasCost: 0n,
            },
          ],
        }),
      ])
    },
    fields: { field: 'uses', value: 0n },
    cause: { code: -32521 },
  },
  {
    error: SessionScopeError,
    when: 'there is no such scope',
    happen: ({ postingApp }) => postingApp({ scope: ['everything' as never] }),
    fields: { scope: 'everything' },
  },
  {
    error: SessionGrantInvalidError,
    when: 'a grant was damaged on its way',
    async happen({ postingApp }) {
      const { renter, grant, key } = await postingApp()
      return renter.withSession(JSON.stringify(grant).slice(0, -1), key)
    },
    cause: { name: 'SyntaxError' },
  },
  {
    error: SessionGrantInvalidError,
    when: 'the client of another account ends it',
    async happen({ postingApp, createClient }) {
      const { grant } = await postingApp()
      return (await createClient()).revokeSession(grant)
    },
    fields: { field: 'account' },
  },
  {
    error: SessionScopeError,
    when: 'two scopes of one function would be mixed',
    async happen({ postingApp, devnet }) {
      const selector = toFunctionSelector('transferFrom(address,address,uint256)')
      const sending = (...words: Hex[]) => ({
        target: devnet.contracts.usdc,
        selector,
        pins: words.map((word, index) => ({ index, allowed: [word] })),
      })
      return postingApp({
        scope: [sending(pad('0xaa'), pad('0xbb')), sending(pad('0xcc'), pad('0xdd'))],
      })
    },
    fields: { scope: '0x23b872dd' },
  },
  {
    error: SessionPolicyInvalidError,
    when: 'a grant would be over already',
    async happen({ createClient, publicClient }) {
      const { timestamp } = await publicClient.getBlock()
      return (await createClient()).grantSession({
        key: freshKey().address,
        expiresAt: Number(timestamp),
        scope: ['claimJob'],
      })
    },
    fields: { field: 'validUntil' },
  },
  {
    error: SessionKeyMismatchError,
    when: 'another key uses the grant',
    async happen({ postingApp }) {
      const { renter, grant } = await postingApp()
      return renter.withSession(grant, freshKey())
    },
    fields: { granted: expect0x(20), key: expect0x(20) },
  },
  {
    error: SessionKeySigningError,
    when: 'a session key is to sign a message for the account',
    async happen({ postingApp }) {
      const { app } = await postingApp()
      return app.account.signMessage({ message: 'log in' })
    },
    fields: { key: expect0x(20) },
  },
  {
    error: OwnerNotFoundError,
    when: 'a session key grants',
    async happen({ postingApp }) {
      const { app } = await postingApp()
      return app.grantSession({ key: freshKey().address, expiresIn: '1h', scope: ['claimJob'] })
    },
    fields: { account: expect0x(20) },
  },
]
