import { defaultEntryPoint } from '@fabstir/erc4337'
import type { UserOperation } from 'viem/account-abstraction'
import { describe, expect, test } from 'vitest'
import type { GasEstimate } from '../../estimate/bundlerEstimate.ts'
import { BundlerUnavailableError } from '../../estimate/bundlerEstimate.ts'
import type { Policy } from '../../policy/policy.ts'
import { parsePolicy } from '../../policy/policy.ts'
import type { SponsorRequest } from '../../sponsorship/sponsor.ts'
import { testChainId, testOperation, testPaymaster, testPolicy } from '../../testing/fixtures.ts'
import type { SponsorshipParams } from '../schemas.ts'
import { createPayers } from './payers.ts'

const app = { name: 'shop', policyIds: ['marketplace'], rateKey: 'shop' }
const needed: GasEstimate = {
  callGasLimit: 11n,
  verificationGasLimit: 12n,
  preVerificationGas: 13n,
}
const bounded = testPolicy({ unusedGas: { maxPercent: 40 } })
const params: SponsorshipParams = {
  op: testOperation(),
  signature: '0xd0',
  paymasterData: undefined,
  hasPaymasterSignature: false,
  entryPoint: defaultEntryPoint.address,
  chainId: testChainId,
  policyId: undefined,
  token: undefined,
  parallelSigning: false,
}

function setUp(policy: Policy, answer: () => Promise<GasEstimate> = async () => needed) {
  const asked = { estimated: [] as Partial<UserOperation<'0.8'>>[], final: [] as SponsorRequest[] }
  const fields = {
    paymaster: testPaymaster,
    paymasterData: '0x5b' as const,
    paymasterVerificationGasLimit: 1n,
    paymasterPostOpGasLimit: 1n,
    policy,
  }
  const payers = createPayers({
    chainId: testChainId,
    served: [{ entryPoint: defaultEntryPoint, paymaster: testPaymaster }],
    policies: { policies: async () => [policy] },
    sponsor: {
      stub: async () => fields,
      async sponsor(request) {
        asked.final.push(request)
        return fields
      },
    },
    async estimate(op) {
      asked.estimated.push(op)
      return answer()
    },
    clock: () => 1_700_000_000,
  })
  return { payers, asked }
}

describe('final data', () => {
  test('of a policy that bounds unused gas is held against an estimate, with the fields of a stub', async () => {
    const { payers, asked } = setUp(parsePolicy(bounded))
    await payers.data(params, app)
    expect(asked.final.map(({ estimate }) => estimate)).toEqual([needed])
    const [estimated] = asked.estimated
    expect(estimated).toMatchObject({ paymaster: testPaymaster, signature: '0xd0' })
    // Hash of the policy, window and a signature: as long as what will be signed.
    expect(estimated?.paymasterData).toMatch(/^0x[0-9a-f]{186}$/)
  })

  test('is not estimated for others, nor twice', async () => {
    const plain = setUp(parsePolicy(testPolicy()))
    await plain.payers.data(params, app)
    const known = setUp(parsePolicy(bounded))
    await known.payers.data(params, app, { ...needed, callGasLimit: 99n })
    expect([...plain.asked.estimated, ...known.asked.estimated]).toEqual([])
    expect(known.asked.final[0]?.estimate?.callGasLimit).toBe(99n)
  })

  test('without an estimate is not given: the rule would not hold', async () => {
    const { payers, asked } = setUp(parsePolicy(bounded), () =>
      Promise.reject(new BundlerUnavailableError('the bundler does not answer')),
    )
    await expect(payers.data(params, app)).rejects.toThrow('the bundler does not answer')
    expect(asked.final).toEqual([])
  })
})
