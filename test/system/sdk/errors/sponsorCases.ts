import {
  contractCall,
  createFabstirClient,
  postJob,
  RateLimitedError,
  SponsorRefusedError,
  SponsorUnauthorizedError,
  toFabstirAccount,
} from '@fabstir/sdk'
import { type Address, erc20Abi, http, parseAbi, zeroAddress } from 'viem'
import { expect } from 'vitest'
import { freshKey } from '../../sdkFixture.ts'
import { type WholeClient, wholeClient } from '../wholeClient.ts'
import type { ErrorCase } from './errorCase.ts'
import type { ErrorStage } from './errorStage.ts'

type Document = ErrorStage['policy']
type Sent = { renter: WholeClient; stage: ErrorStage }

let issued = 0

/** An API key whose app is paid for by the marketplace's policy with these changes. */
async function keyFor(
  { admin, policy }: ErrorStage,
  change: (document: Document, sender: Address) => object,
  { sender = zeroAddress, key = {} }: { sender?: Address; key?: object } = {},
): Promise<{ apiKey: string; id: string; app: string }> {
  issued += 1
  const name = `errors-${issued}`
  const changed = { ...policy, ...change(policy, sender), id: name }
  await admin('PUT', '/policies', { document: { ...changed, version: 1 } })
  await admin('POST', '/apps', { name, policies: [name] })
  const { key: apiKey, id } = await admin('POST', `/apps/${name}/keys`, { label: name, ...key })
  return { apiKey: String(apiKey), id: String(id), app: name }
}

/** One rule of the policy: what the document says, and what is sent against it. */
type Rule = {
  rule: string
  change?: (document: Document, sender: Address) => object
  send?: (sent: Sent) => Promise<unknown>
  /** Of the renter's account. */
  options?: { eip7702?: true; entryPoint?: '0.9' }
  context?: Readonly<Record<string, unknown>>
  fields?: Readonly<Record<string, unknown>>
}

const post = ({ renter, stage: { job } }: Sent) => renter.postJob(job)
const call = (contract: 'usdc' | 'marketplace', value = 0n) =>
  contractCall({
    contract,
    abi: parseAbi(['function claimJob(uint256 jobId) payable']),
    functionName: 'claimJob',
    args: [1n],
    value,
  })
const capped = (document: Document, caps: object) => ({ caps: { ...document.caps, ...caps } })
const [past, future] = [1_600_000_000, 2_500_000_000]

const rules: readonly Rule[] = [
  { rule: 'chain.not-allowed', change: () => ({ chains: [1] }) },
  {
    rule: 'entry-point.not-allowed',
    change: () => ({ entryPoints: ['0x0000000071727De22E5E9d8BAf0edAc6f37da032'] }),
  },
  {
    rule: 'time.not-started',
    change: () => ({ time: { from: future } }),
    fields: { resetsAt: future },
  },
  {
    rule: 'time.ended',
    change: () => ({ time: { until: past } }),
    fields: { resetsAt: undefined },
  },
  { rule: 'origin.missing', change: () => ({ origins: ['https://shop.example'] }) },
  { rule: 'sender.denied', change: (_, sender) => ({ senders: { deny: [sender] } }) },
  { rule: 'sender.not-allowed', change: () => ({ senders: { allow: [zeroAddress] } }) },
  { rule: 'gas.max-fee', change: () => ({ maxFeePerGas: '1' }) },
  { rule: 'gas.limit', change: () => ({ gasLimits: { callGasLimit: 1 } }) },
  {
    rule: 'factory.denied',
    change: ({ factories }) => ({
      deniedFactories: factories.map(({ address }) => address),
    }),
  },
  { rule: 'factory.unknown', change: () => ({ factories: [] }) },
  {
    rule: 'account.unknown',
    change: () => ({ accounts: [] }),
    async send({ renter, stage: { createClient, job } }) {
      // Deployed by another sponsor.
      const { owner } = renter.account as unknown as { owner: ReturnType<typeof freshKey> }
      await (await createClient({ owner })).postJobSync(job)
      return renter.postJob(job)
    },
  },
  { rule: 'delegate.unknown', change: () => ({ delegates: [] }), options: { eip7702: true } },
  {
    rule: 'session-key.denied',
    change: () => ({ sessionKeys: { deny: ['owner'] } }),
  },
  {
    rule: 'session-key.not-allowed',
    change: () => ({ sessionKeys: { allow: [freshKey().address] } }),
  },
  {
    rule: 'calls.not-allowed',
    send: ({ renter }) => renter.batch([call('usdc')]),
  },
  {
    rule: 'calls.argument',
    send: ({ renter }) =>
      renter.batch([
        contractCall({
          contract: 'usdc',
          abi: erc20Abi,
          functionName: 'approve',
          args: [freshKey().address, 1n],
        }),
      ]),
  },
  {
    rule: 'calls.value',
    async send({ renter, stage: { give } }) {
      await give.eth(renter.account.address, '1')
      return renter.batch([call('marketplace', 1n)])
    },
  },
  {
    rule: 'rate.user',
    change: () => ({ rate: { user: { requests: 1, seconds: 3600 } } }),
    fields: { resetsAt: expect.any(Number) },
  },
  {
    rule: 'rate.key',
    change: () => ({ rate: { key: { requests: 1, seconds: 3600 } } }),
    fields: { resetsAt: expect.any(Number) },
  },
  {
    rule: 'operation.cap',
    change: (document) => capped(document, { operation: { wei: '1' } }),
  },
  {
    rule: 'operation.count',
    change: (document) => capped(document, { operation: { count: 1 } }),
    send: ({ renter, stage: { job } }) => renter.batch([postJob.call(job), postJob.call(job)]),
  },
  {
    rule: 'user.count',
    change: (document) => capped(document, { user: { window: 'day', count: 0 } }),
    fields: { remaining: '0', resetsAt: expect.any(Number) },
  },
  {
    rule: 'user.cap',
    change: (document) => capped(document, { user: { window: 'week', wei: '7' } }),
    fields: { remaining: '7', resetsAt: expect.any(Number) },
  },
  {
    rule: 'global.count',
    change: (document) => capped(document, { global: { window: 'month', count: 0 } }),
    fields: { remaining: '0', resetsAt: expect.any(Number) },
  },
  {
    rule: 'global.cap',
    change: (document) => capped(document, { global: { window: 'never', wei: '7' } }),
    fields: { remaining: '7', resetsAt: undefined },
  },
  { rule: 'policy.unknown', context: { policyId: 'nobody-has-this' } },
]

const ruleCases = rules.map(
  ({ rule, change = () => ({}), send = post, options, context, fields }): ErrorCase => ({
    error: SponsorRefusedError,
    when: `its policy: ${rule}`,
    async happen(stage) {
      const { devnet, publicClient, sponsor, give } = stage
      const account = await toFabstirAccount({
        client: publicClient,
        owner: freshKey(),
        contracts: devnet.contracts,
        ...options,
      })
      const { apiKey } = await keyFor(stage, change, { sender: account.address })
      await give.usdc(account.address, '10')
      const client = createFabstirClient({
        account,
        chain: devnet.chain,
        transport: http(devnet.bundlerUrl),
        paymaster: sponsor(apiKey),
        paymasterContext: context,
        pollingInterval: 20,
        timeout: 30_000,
      })
      return send({ renter: wholeClient(client), stage })
    },
    fields: { rule, ...fields },
    cause: { code: -32010 },
  }),
)

/** A renter whose sponsor is asked with this key. */
const postWith = async ({ createRenter, sponsor, job }: ErrorStage, apiKey: string) =>
  (await createRenter('1', { paymaster: sponsor(apiKey) })).postJob(job)

/** What the paymaster service does not pay for, by each rule of a policy, and whom it does not know. */
export const sponsorCases: readonly ErrorCase[] = [
  ...ruleCases,
  {
    error: SponsorUnauthorizedError,
    when: 'nobody has the API key',
    happen: (stage) => postWith(stage, 'nobody'),
    cause: { code: -32011 },
  },
  {
    error: SponsorUnauthorizedError,
    when: 'the API key was revoked',
    async happen(stage) {
      const { apiKey, id } = await keyFor(stage, () => ({}))
      await stage.admin('DELETE', `/keys/${id}`)
      return postWith(stage, apiKey)
    },
    cause: { code: -32011 },
  },
  {
    error: SponsorUnauthorizedError,
    when: 'the app of the key is disabled',
    async happen(stage) {
      const { apiKey, app } = await keyFor(stage, () => ({}))
      await stage.admin('PATCH', `/apps/${app}`, { disabled: true })
      return postWith(stage, apiKey)
    },
    cause: { code: -32011 },
  },
  {
    error: SponsorUnauthorizedError,
    when: 'the key may be used from its pages only',
    async happen(stage) {
      const key = { origins: ['https://shop.example'] }
      const { apiKey } = await keyFor(stage, () => ({}), { key })
      return postWith(stage, apiKey)
    },
    cause: { code: -32011 },
  },
  {
    error: RateLimitedError,
    when: 'the key has made its requests',
    async happen(stage) {
      const key = { rate: { requests: 1, seconds: 60 } }
      const { apiKey } = await keyFor(stage, () => ({}), { key })
      return postWith(stage, apiKey)
    },
    fields: { service: 'paymaster', retryAfter: expect.any(Number) },
    cause: { code: -32005 },
  },
]
