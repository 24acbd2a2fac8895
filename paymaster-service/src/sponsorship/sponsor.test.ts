import { eip7702FactoryMarker } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { hexToNumber, size, slice, toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Creation } from '../chain/chainReader.ts'
import type { ReserveRequest } from '../ledger/ledger.ts'
import { parsePolicy } from '../policy/policy.ts'
import { fixedPrice } from '../price/priceSource.ts'
import { testFactory, testOperation, testPolicy } from '../testing/fixtures.ts'
import { openTestLedger } from '../testing/ledgers.ts'
import { sponsorNow as now, rulesOf, setUpSponsor } from '../testing/sponsorFixture.ts'
import { NotFollowingError, OperationIncompleteError } from './errors.ts'

const delegate = '0x8888888888888888888888888888888888888888'

describe('sponsor', () => {
  test('200 at once against a budget for 100 sponsor exactly 100', async () => {
    const { paymasterVerificationGasLimit } = await (await setUpSponsor()).sponsor.sponsor(
      (await setUpSponsor()).request(),
    )
    const cost = (250_000n + paymasterVerificationGasLimit + 1n) * 1_000n
    const policies = [parsePolicy(testPolicy({ budgetWei: cost * 100n }))]
    const { sponsor, request, usage } = await setUpSponsor({ policies })
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
    const { sponsor, request, usage } = await setUpSponsor({ policies })
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
    const { sponsor, request } = await setUpSponsor({ state: { timestamp: now + 10_000 } })
    const { paymasterData } = await sponsor.sponsor(request())
    expect(hexToNumber(slice(paymasterData, 22, 28))).toBe(now + 10_600)
  })

  test.each([
    { field: 'verificationGasLimit', op: { verificationGasLimit: 0n } },
    { field: 'maxFeePerGas', op: { maxFeePerGas: 0n } },
  ])('it does not sign without $field', async ({ field, op }) => {
    const { sponsor, request, usage } = await setUpSponsor()
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
    const { sponsor, request } = await setUpSponsor()
    const answer = sponsor.sponsor(request(testOperation(op)))
    if (rules) expect(await rulesOf(answer)).toEqual(rules)
    else expect(await answer).toMatchObject(op)
  })

  /** Of EntryPoint 0.8, the one under test. */
  const senderCreator08 = '0x449ED7C3e6Fee6a97311d4b55475DF59C44AdD33'

  test('only a factory of the policies is run on the node; what it answers must be the sender', async () => {
    const asked: (Creation | undefined)[] = []
    const { sponsor, request } = await setUpSponsor({
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
    const { sponsor, request } = await setUpSponsor({ following: () => false })
    await expect(sponsor.sponsor(request())).rejects.toThrow(NotFollowingError)
    await expect(sponsor.stub(request())).rejects.toThrow(NotFollowingError)
  })

  test('a delegated sender needs a known implementation, from the chain or from its authorization', async () => {
    const policies = [
      parsePolicy(testPolicy({ delegates: [{ address: delegate, shape: 'fabstir' }] })),
    ]
    const marked = testOperation({ factory: eip7702FactoryMarker, factoryData: '0x' })
    const onChain = await setUpSponsor({ policies, state: { delegate } })
    expect((await onChain.sponsor.sponsor(onChain.request(marked))).policy.id).toBe('marketplace')
    const eip7702Auth = {
      address: delegate,
      chainId: 0,
      nonce: 0,
      r: '0x0',
      s: '0x0',
      yParity: 0,
    } as const
    const authorized = await setUpSponsor({ policies })
    const op = { ...marked, eip7702Auth }
    expect((await authorized.sponsor.sponsor(authorized.request(op))).policy.id).toBe('marketplace')
    const unknown = await setUpSponsor({ state: { delegate } })
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
    const { sponsor, request } = await setUpSponsor({
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
    const { sponsor, request } = await setUpSponsor({
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

describe('stub', () => {
  test('it has the length, limits and policy of the final data, costs no less calldata, and reserves nothing', async () => {
    const { sponsor, request, usage } = await setUpSponsor()
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
    const { sponsor, request } = await setUpSponsor({ policies })
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
  const { sponsor, request, usage } = await setUpSponsor({ policies })
  const results = await sponsor.dryRun(request())
  expect(results.map(({ policy, refusal }) => [policy.id, refusal?.rule])).toEqual([
    ['small', 'global.cap'],
    ['marketplace', undefined],
  ])
  expect(await usage(policies[1])).toMatchObject({ reserved: 0n })
})
