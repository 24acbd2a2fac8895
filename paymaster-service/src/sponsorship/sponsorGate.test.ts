import type { UserOperation } from '@fabstir/erc4337'
import { defaultEntryPoint } from '@fabstir/erc4337'
import { generatePrivateKey } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import type { PolicyGate } from '../gate/policyGate.ts'
import { parsePolicy } from '../policy/policy.ts'
import type { PolicyDocument } from '../policy/policyDocument.ts'
import { refuse } from '../policy/refusal.ts'
import { noPrice } from '../price/priceSource.ts'
import { localSigner } from '../signing/signer.ts'
import {
  testCaller,
  testChainId,
  testCode,
  testGate,
  testOperation,
  testPaymaster,
  testPolicy,
} from '../testing/fixtures.ts'
import { openTestLedger } from '../testing/ledgers.ts'
import { SponsorshipRefusedError } from './errors.ts'
import { createSponsor } from './sponsor.ts'

const now = 1_700_000_000
const willSponsor = { url: 'https://app.example/may-i' }

async function setUp(
  changes: Partial<PolicyDocument> & { budgetWei?: bigint },
  { says = true, gate = testGate(now) }: { says?: boolean; gate?: PolicyGate } = {},
) {
  const policy = parsePolicy(testPolicy(changes))
  const ledger = await openTestLedger('memory')
  const asked: string[] = []
  const granted: bigint[] = []
  const sponsor = createSponsor({
    chainId: testChainId,
    chain: {
      senderState: async () => ({
        timestamp: now,
        code: testCode,
        storage: new Map(),
        delegate: undefined,
        created: undefined,
      }),
    },
    ledger,
    signer: localSigner(generatePrivateKey()),
    gate: {
      ...gate,
      async willSponsor({ document }, { stage, caller, maxCost }) {
        if (!document.willSponsor) return undefined
        const { reserved } = await ledger.budget(policy, now)
        asked.push(`${stage} for ${caller.app}, ${reserved} reserved`)
        expect(maxCost).toBeGreaterThan(0n)
        return says ? undefined : refuse('will-sponsor.refused', 'not today')
      },
      sponsored: (_policy, _operation, gas) => granted.push(gas),
    },
    windowSeconds: 600,
    following: () => true,
    clock: () => now,
    price: noPrice,
    priceMaxAge: 600,
  })
  const request = (op: Partial<UserOperation> = {}, origin?: string) => ({
    op: testOperation(op),
    entryPoint: defaultEntryPoint,
    paymaster: testPaymaster,
    caller: { ...testCaller, origin },
    policies: [policy],
  })
  const usage = () => ledger.budget(policy, now)
  return { sponsor, request, asked, granted, usage }
}

async function ruleOf(answer: Promise<unknown>): Promise<string | undefined> {
  try {
    await answer
    return undefined
  } catch (error) {
    if (error instanceof SponsorshipRefusedError) return error.refusals[0].rule
    throw error
  }
}

describe('the webhook', () => {
  test('is asked before anything is reserved, at both stages, and once for one operation', async () => {
    const { sponsor, request, asked, usage } = await setUp({ willSponsor })
    await sponsor.stub(request())
    const first = await sponsor.sponsor(request())
    const again = await sponsor.sponsor(request())
    expect(again.paymasterData).toBe(first.paymasterData)
    expect(asked).toEqual(['stub for test, 0 reserved', 'sponsorship for test, 0 reserved'])
    expect((await usage()).operations).toBe(1)
  })

  test('that says no leaves nothing reserved and nothing signed', async () => {
    const { sponsor, request, usage } = await setUp({ willSponsor }, { says: false })
    expect(await ruleOf(sponsor.stub(request()))).toBe('will-sponsor.refused')
    expect(await ruleOf(sponsor.sponsor(request()))).toBe('will-sponsor.refused')
    expect(await usage()).toMatchObject({ reserved: 0n, operations: 0 })
  })

  test.each<{
    name: string
    changes: Partial<PolicyDocument> & { budgetWei?: bigint }
    op?: Partial<UserOperation>
    rule: string
  }>([
    { name: 'a cap', changes: { budgetWei: 1n }, rule: 'global.cap' },
    { name: 'a call', changes: {}, op: { callData: '0x12345678' }, rule: 'calls.not-decodable' },
    { name: 'an origin', changes: { origins: ['https://app.example'] }, rule: 'origin.missing' },
  ])('is not asked about what $name refuses', async ({ changes, op, rule }) => {
    const { sponsor, request, asked } = await setUp({ willSponsor, ...changes })
    expect(await ruleOf(sponsor.sponsor(request(op)))).toBe(rule)
    const [run] = await sponsor.dryRun(request(op))
    expect(run?.refusal?.rule).toBe(rule)
    expect(run?.verdicts.map((verdict) => verdict.rule)).not.toContain('will-sponsor')
    expect(asked).toEqual([])
  })

  test('is asked in a dry run when nothing else refuses', async () => {
    const { sponsor, request, asked } = await setUp({ willSponsor }, { says: false })
    const [run] = await sponsor.dryRun(request())
    expect(run?.refusal?.rule).toBe('will-sponsor.refused')
    expect(run?.verdicts.at(-1)?.rule).toBe('will-sponsor')
    expect(asked).toEqual(['dry-run for test, 0 reserved'])
  })

  test('without a secret refuses by itself', async () => {
    const policy = parsePolicy(testPolicy({ willSponsor }))
    const asked = { caller: testCaller } as unknown as Parameters<PolicyGate['willSponsor']>[1]
    const refusal = await testGate(now).willSponsor(policy, asked)
    expect(refusal?.rule).toBe('will-sponsor.no-secret')
  })
})

describe('request rates', () => {
  const rate = { user: { requests: 2, seconds: 60 } }

  test('stub and sponsorship count; what is answered again and dry runs do not', async () => {
    const { sponsor, request } = await setUp({ rate })
    await sponsor.dryRun(request())
    await sponsor.stub(request())
    await sponsor.sponsor(request())
    await sponsor.sponsor(request())
    expect(await ruleOf(sponsor.stub(request({ nonce: 1n })))).toBe('rate.user')
    expect(await ruleOf(sponsor.sponsor(request({ nonce: 1n })))).toBe('rate.user')
    const [run] = await sponsor.dryRun(request({ nonce: 1n }))
    expect(run?.refusal).toMatchObject({ rule: 'rate.user', remaining: 0n })
  })

  test('of a key are counted for each key, also of one app; an administrator has none', async () => {
    const { sponsor, request } = await setUp({ rate: { key: { requests: 1, seconds: 60 } } })
    const asks = (nonce: bigint, rateKey: string | undefined) =>
      ruleOf(sponsor.stub({ ...request({ nonce }), caller: { ...testCaller, rateKey } }))
    expect(await asks(0n, 'first')).toBeUndefined()
    expect(await asks(1n, 'first')).toBe('rate.key')
    expect(await asks(2n, 'second')).toBeUndefined()
    const caller = { ...testCaller, app: undefined, rateKey: undefined }
    const [run] = await sponsor.dryRun({ ...request({ nonce: 3n }), caller })
    expect(run?.refusal).toBeUndefined()
  })

  test('200 at once against 100 requests are 100', async () => {
    const { sponsor, request, usage } = await setUp({
      rate: { key: { requests: 100, seconds: 60 } },
    })
    const all = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        ruleOf(sponsor.sponsor(request({ nonce: BigInt(index) }))),
      ),
    )
    expect(all.filter((rule) => rule === 'rate.key')).toHaveLength(100)
    expect((await usage()).operations).toBe(100)
  })
})

test('what was granted is told with all of its gas, the limits of the paymaster too', async () => {
  const { sponsor, request, granted } = await setUp({})
  const { paymasterVerificationGasLimit, paymasterPostOpGasLimit } = await sponsor.sponsor(
    request(),
  )
  expect(granted).toEqual([250_000n + paymasterVerificationGasLimit + paymasterPostOpGasLimit])
})

test('an origin is the one of the request', async () => {
  const { sponsor, request } = await setUp({ origins: ['https://app.example'] })
  expect(await ruleOf(sponsor.sponsor(request({}, 'https://app.example')))).toBeUndefined()
  expect(await ruleOf(sponsor.sponsor(request({ nonce: 1n }, 'https://evil.example')))).toBe(
    'origin.not-allowed',
  )
})
