import { defaultEntryPoint, eip7702FactoryMarker } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { hexToNumber, numberToHex, recoverAddress, size, slice, toFunctionSelector } from 'viem'
import { generatePrivateKey } from 'viem/accounts'
import { describe, expect, test, vi } from 'vitest'
import type { Creation, SenderState } from '../chain/chainReader.ts'
import { ReservationGoneError } from '../ledger/errors.ts'
import type { ReserveRequest } from '../ledger/ledger.ts'
import type { Policy } from '../policy/policy.ts'
import { parsePolicy } from '../policy/policy.ts'
import { fixedPrice, noPrice } from '../price/priceSource.ts'
import { SignerUnavailableError } from '../signing/paymasterSigners.ts'
import { localSigner } from '../signing/signer.ts'
import { sponsorshipHasher } from '../signing/sponsoredOperation.ts'
import {
  testCaller,
  testChainId,
  testCode,
  testFactory,
  testGate,
  testOperation,
  testPaymaster,
  testPolicy,
} from '../testing/fixtures.ts'
import { openTestLedger } from '../testing/ledgers.ts'
import { NotFollowingError, OperationIncompleteError, SponsorshipRefusedError } from './errors.ts'
import type { SponsorParameters } from './sponsor.ts'
import { createSponsor } from './sponsor.ts'

const now = 1_700_000_000
const signer = localSigner(generatePrivateKey())
const delegate = '0x8888888888888888888888888888888888888888'

async function setUp(
  overrides: Partial<SponsorParameters> & {
    state?: Partial<SenderState>
    policies?: Policy[]
  } = {},
) {
  const { state, policies = [parsePolicy(testPolicy())], ...rest } = overrides
  const ledger = await openTestLedger('memory')
  const time = { now }
  const sponsor = createSponsor({
    chainId: testChainId,
    chain: {
      senderState: async () => ({
        timestamp: now,
        code: testCode,
        storage: new Map(),
        delegate: undefined,
        created: undefined,
        ...state,
      }),
    },
    ledger,
    signer,
    gate: testGate(now),
    windowSeconds: 600,
    following: () => true,
    clock: () => time.now,
    price: noPrice,
    priceMaxAge: 600,
    ...rest,
  })
  const request = (op = testOperation()) => ({
    op,
    entryPoint: defaultEntryPoint,
    paymaster: testPaymaster,
    caller: testCaller,
    policies,
  })
  const usage = (policy = policies[0]) => {
    if (!policy) throw new RangeError('no policy')
    return ledger.budget(policy, time.now)
  }
  return { sponsor, request, usage, time, ledger }
}

const rulesOf = async (answer: Promise<unknown>) => {
  const error = await answer.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof SponsorshipRefusedError)) throw error ?? new Error('it was sponsored')
  return error.refusals.map(({ rule, policyId }) => `${policyId}: ${rule}`)
}

describe('sponsor', () => {
  test('the signature in the data is of the signer, over the operation with the answered limits', async () => {
    const { sponsor, request } = await setUp()
    const { paymasterData, policy, ...limits } = await sponsor.sponsor(request())
    const validAfter = hexToNumber(slice(paymasterData, 16, 22))
    const validUntil = hexToNumber(slice(paymasterData, 22, 28))
    expect({ validAfter, validUntil }).toEqual({ validAfter: now - 60, validUntil: now + 600 })
    const hash = sponsorshipHasher({
      chainId: testChainId,
      entryPoint: defaultEntryPoint.address,
      paymaster: testPaymaster,
      op: { ...testOperation(), ...limits },
      delegate: undefined,
    })({ policyHash: policy.onChainHash, validAfter, validUntil })
    const signature = slice(paymasterData, 28)
    expect(await recoverAddress({ hash, signature })).toBe(signer.address)
  })

  test('it reserves the required prefund before it signs', async () => {
    const reservedWhenSigning: bigint[] = []
    const { sponsor, request, usage } = await setUp({
      signer: {
        ...signer,
        async sign(digest) {
          reservedWhenSigning.push((await usage()).reserved)
          return signer.sign(digest)
        },
      },
    })
    const { paymasterVerificationGasLimit } = await sponsor.sponsor(request())
    const gas = 100_000n + 100_000n + 50_000n + paymasterVerificationGasLimit + 1n
    expect(reservedWhenSigning).toEqual([gas * 1_000n])
  })

  test('the same operation has the same data, also when asked twice at once with a signer that never signs alike', async () => {
    let count = 0
    const { sponsor, request } = await setUp({
      signer: { ...signer, sign: async () => numberToHex(++count, { size: 65 }) },
    })
    const both = await Promise.all([sponsor.sponsor(request()), sponsor.sponsor(request())])
    const later = await sponsor.sponsor(request())
    expect(new Set([...both, later].map(({ paymasterData }) => paymasterData)).size).toBe(1)
  })

  test('200 at once against a budget for 100 sponsor exactly 100', async () => {
    const { paymasterVerificationGasLimit } = await (await setUp()).sponsor.sponsor(
      (await setUp()).request(),
    )
    const cost = (250_000n + paymasterVerificationGasLimit + 1n) * 1_000n
    const policies = [parsePolicy(testPolicy({ budgetWei: cost * 100n }))]
    const { sponsor, request, usage } = await setUp({ policies })
    const answers = await Promise.allSettled(
      Array.from({ length: 200 }, (_, nonce) =>
        sponsor.sponsor(request(testOperation({ nonce: BigInt(nonce) }))),
      ),
    )
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(100)
    expect(await usage()).toMatchObject({ free: 0n, reserved: cost * 100n })
  })

  test('the first policy in order that agrees pays; an operation stays with the one that paid', async () => {
    const small = parsePolicy(testPolicy({ id: 'small', budgetWei: 1n }))
    const denying = parsePolicy(testPolicy({ id: 'denying', senders: { allow: [] } }))
    const large = parsePolicy(testPolicy({ id: 'large' }))
    const policies = [denying, small, large]
    const { sponsor, request, usage } = await setUp({ policies })
    expect((await sponsor.sponsor(request())).policy.id).toBe('large')
    const reordered = { ...request(), policies: [parsePolicy(testPolicy({ id: 'new' })), large] }
    expect((await sponsor.sponsor(reordered)).policy.id).toBe('large')
    expect(await usage(small)).toMatchObject({ reserved: 0n })
    expect(await rulesOf(sponsor.sponsor({ ...request(), policies: [denying, small] }))).toEqual([
      'denying: sender.not-allowed',
      'small: global.cap',
    ])
  })

  test('a chain that is ahead of the clock sets the window', async () => {
    const { sponsor, request } = await setUp({ state: { timestamp: now + 10_000 } })
    const { paymasterData } = await sponsor.sponsor(request())
    expect(hexToNumber(slice(paymasterData, 22, 28))).toBe(now + 10_600)
  })

  test.each([
    { field: 'verificationGasLimit', op: { verificationGasLimit: 0n } },
    { field: 'maxFeePerGas', op: { maxFeePerGas: 0n } },
  ])('it does not sign without $field', async ({ field, op }) => {
    const { sponsor, request, usage } = await setUp()
    await expect(sponsor.sponsor(request(testOperation(op)))).rejects.toThrow(
      new OperationIncompleteError(field),
    )
    expect(await usage()).toMatchObject({ reserved: 0n })
  })

  test.each([
    { op: { paymasterVerificationGasLimit: 300_000n }, rules: undefined },
    {
      op: { paymasterVerificationGasLimit: 300_001n },
      rules: ['undefined: gas.paymaster-verification'],
    },
    { op: { paymasterPostOpGasLimit: 40_000n }, rules: undefined },
    { op: { paymasterPostOpGasLimit: 40_001n }, rules: ['undefined: gas.paymaster-post-op'] },
  ])('limits that the client chooses are bounded: $op', async ({ op, rules }) => {
    const { sponsor, request } = await setUp()
    const answer = sponsor.sponsor(request(testOperation(op)))
    if (rules) expect(await rulesOf(answer)).toEqual(rules)
    else expect(await answer).toMatchObject(op)
  })

  /** Of EntryPoint 0.8, the one under test. */
  const senderCreator08 = '0x449ED7C3e6Fee6a97311d4b55475DF59C44AdD33'

  test('only a factory of the policies is run on the node; what it answers must be the sender', async () => {
    const asked: (Creation | undefined)[] = []
    const { sponsor, request } = await setUp({
      chain: {
        async senderState(_sender, creation) {
          asked.push(creation)
          const created = creation?.factoryData === '0x01' ? testOperation().sender : delegate
          return {
            timestamp: now,
            code: undefined,
            storage: new Map(),
            delegate: undefined,
            created: creation && created,
          }
        },
      },
    })
    const ask = (factory: Address, factoryData: Hex) =>
      sponsor.sponsor(request(testOperation({ factory, factoryData })))
    expect((await ask(testFactory, '0x01')).policy.id).toBe('marketplace')
    expect(await rulesOf(ask(testFactory, '0x02'))).toEqual(['marketplace: account.unknown'])
    expect(await rulesOf(ask(delegate, '0x01'))).toEqual(['marketplace: factory.unknown'])
    expect(asked).toEqual([
      { factory: testFactory, factoryData: '0x01', caller: senderCreator08 },
      { factory: testFactory, factoryData: '0x02', caller: senderCreator08 },
      undefined,
    ])
  })

  test('it signs nothing while the ledger does not follow the chain', async () => {
    const { sponsor, request } = await setUp({ following: () => false })
    await expect(sponsor.sponsor(request())).rejects.toThrow(NotFollowingError)
    await expect(sponsor.stub(request())).rejects.toThrow(NotFollowingError)
  })

  test('a delegated sender needs a known implementation, from the chain or from its authorization', async () => {
    const policies = [
      parsePolicy(testPolicy({ delegates: [{ address: delegate, shape: 'fabstir' }] })),
    ]
    const marked = testOperation({ factory: eip7702FactoryMarker, factoryData: '0x' })
    const onChain = await setUp({ policies, state: { delegate } })
    expect((await onChain.sponsor.sponsor(onChain.request(marked))).policy.id).toBe('marketplace')
    const eip7702Auth = {
      address: delegate,
      chainId: 0,
      nonce: 0,
      r: '0x0',
      s: '0x0',
      yParity: 0,
    } as const
    const authorized = await setUp({ policies })
    const op = { ...marked, eip7702Auth }
    expect((await authorized.sponsor.sponsor(authorized.request(op))).policy.id).toBe('marketplace')
    const unknown = await setUp({ state: { delegate } })
    expect(await rulesOf(unknown.sponsor.sponsor(unknown.request()))).toEqual([
      'marketplace: delegate.unknown',
    ])
  })
})

describe('a budget in USD', () => {
  const price = 3_000_000_000n
  const caps = { global: { window: 'never', usd: '1000000' } } as const
  const policies = [parsePolicy({ ...testPolicy(), caps })]

  test('it is held at the price of the moment, and remembers what was called', async () => {
    const ledger = await openTestLedger('memory')
    const asked: ReserveRequest[] = []
    const { sponsor, request } = await setUp({
      policies,
      price: fixedPrice(price, () => now),
      ledger: {
        ...ledger,
        async reserve(each) {
          asked.push(each)
          return ledger.reserve(each)
        },
      },
    })
    const { paymasterVerificationGasLimit } = await sponsor.sponsor(request())
    const wei = (250_000n + paymasterVerificationGasLimit + 1n) * 1_000n
    const [usage] = await ledger.usage(parsePolicy({ ...testPolicy(), caps }), now)
    expect(usage?.microUsd?.reserved).toBe((wei * price) / 10n ** 18n + 1n)
    const claimJob = toFunctionSelector('claimJob(uint256)')
    expect(asked).toMatchObject([{ selectors: [claimJob], amount: wei }])
  })

  test.each([
    { age: 600, rules: undefined },
    { age: 601, rules: ['marketplace: usd.stalePrice'] },
  ])('a price that is $age s old, 600 allowed: $rules', async ({ age, rules }) => {
    const { sponsor, request } = await setUp({
      policies,
      price: { priceOf: async () => ({ microUsdPerEther: price, updatedAt: now - age }) },
    })
    const [stub, final] = [sponsor.stub(request()), sponsor.sponsor(request())]
    if (rules) {
      expect(await rulesOf(stub)).toEqual(rules)
      expect(await rulesOf(final)).toEqual(rules)
    } else {
      await Promise.all([stub, final])
    }
  })
})

describe('when nothing can be signed', () => {
  test('the budget is as before, and the same operation is sponsored when the key is back', async () => {
    let isBack = false
    const { sponsor, request, usage } = await setUp({
      signer: {
        sign: (digest) =>
          isBack ? signer.sign(digest) : Promise.reject(new SignerUnavailableError('it hangs')),
      },
    })
    await expect(sponsor.sponsor(request())).rejects.toThrow(SignerUnavailableError)
    expect(await usage()).toMatchObject({ reserved: 0n, operations: 0 })
    isBack = true
    await sponsor.sponsor(request())
    expect((await usage()).operations).toBe(1)
  })

  test('of two that ask for the same at once neither has a signature that nothing is held for', async () => {
    const answers: ((works: boolean) => void)[] = []
    const { sponsor, request, usage } = await setUp({
      signer: {
        async sign(digest) {
          const works = await new Promise<boolean>((resolve) => answers.push(resolve))
          if (!works) throw new SignerUnavailableError('it hangs')
          return signer.sign(digest)
        },
      },
    })
    const first = sponsor.sponsor(request())
    await vi.waitFor(() => expect(answers).toHaveLength(1))
    const second = sponsor.sponsor(request())
    await vi.waitFor(() => expect(answers).toHaveLength(2))
    answers[0]?.(false)
    await expect(first).rejects.toThrow(SignerUnavailableError)
    answers[1]?.(true)
    await expect(second).rejects.toThrow(ReservationGoneError)
    expect(await usage()).toMatchObject({ reserved: 0n, operations: 0 })
  })
})

describe('stub', () => {
  test('it has the length, limits and policy of the final data, costs no less calldata, and reserves nothing', async () => {
    const { sponsor, request, usage } = await setUp()
    const stub = await sponsor.stub(request())
    expect(await usage()).toMatchObject({ reserved: 0n })
    const final = await sponsor.sponsor(request())
    expect(size(stub.paymasterData)).toBe(93)
    expect(size(final.paymasterData)).toBe(93)
    expect(slice(stub.paymasterData, 0, 16)).toBe(slice(final.paymasterData, 0, 16))
    expect({ ...stub, paymasterData: '' }).toEqual({ ...final, paymasterData: '' })
    const zeros = (data: string) =>
      data
        .slice(2)
        .match(/../g)
        ?.filter((byte) => byte === '00').length
    expect(zeros(stub.paymasterData)).toBeLessThanOrEqual(zeros(final.paymasterData) ?? 0)
  })

  test('it refuses what would be refused, without gas values too', async () => {
    const policies = [parsePolicy(testPolicy({ budgetWei: 0n }))]
    const { sponsor, request } = await setUp({ policies })
    const early = {
      callGasLimit: 0n,
      verificationGasLimit: 0n,
      preVerificationGas: 0n,
      maxFeePerGas: 0n,
    }
    expect(await rulesOf(sponsor.stub(request(testOperation(early))))).toEqual([
      'marketplace: global.cap',
    ])
    expect(await rulesOf(sponsor.stub(request(testOperation({ callData: '0x' }))))).toEqual([
      'marketplace: calls.empty',
    ])
  })
})

test('dryRun answers for every policy and spends nothing', async () => {
  const policies = [
    parsePolicy(testPolicy({ id: 'small', budgetWei: 1n })),
    parsePolicy(testPolicy()),
  ]
  const { sponsor, request, usage } = await setUp({ policies })
  const results = await sponsor.dryRun(request())
  expect(results.map(({ policy, refusal }) => [policy.id, refusal?.rule])).toEqual([
    ['small', 'global.cap'],
    ['marketplace', undefined],
  ])
  expect(await usage(policies[1])).toMatchObject({ reserved: 0n })
})
