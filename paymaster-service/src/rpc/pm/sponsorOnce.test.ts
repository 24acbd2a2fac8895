import { defaultEntryPoint } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { describe, expect, test } from 'vitest'
import type { GasEstimate } from '../../estimate/bundlerEstimate.ts'
import { BundlerUnavailableError, EstimateRefusedError } from '../../estimate/bundlerEstimate.ts'
import { testOperation, testPaymaster } from '../../testing/fixtures.ts'
import { toJsonRpcError } from '../errors.ts'
import type { SponsorshipParams } from '../schemas.ts'
import type { Payers } from './payers.ts'
import { sponsorOnce } from './sponsorOnce.ts'

const app = { name: 'test', policyIds: ['marketplace'], rateKey: 'test' }
const needed: GasEstimate = {
  callGasLimit: 11n,
  verificationGasLimit: 12n,
  preVerificationGas: 13n,
}
const fields = {
  paymaster: testPaymaster,
  paymasterVerificationGasLimit: 14n,
  paymasterPostOpGasLimit: 15n,
}

function setUp(estimate = async () => needed) {
  const asked: { estimated: unknown[]; signed: [SponsorshipParams, GasEstimate | undefined][] } = {
    estimated: [],
    signed: [],
  }
  const payers: Payers = {
    stub: async () => ({
      fields: { ...fields, paymasterData: '0x5b' as Hex },
      sponsor: { name: 'test' },
      entryPoint: defaultEntryPoint,
    }),
    async data(params, _app, given) {
      asked.signed.push([params, given])
      return { ...fields, paymasterData: '0xf1' }
    },
  }
  const method = sponsorOnce(payers, async (op) => {
    asked.estimated.push(op)
    return estimate()
  })
  const ask = (op: object = {}) => {
    const wire = { ...defaultEntryPoint.toRpc(testOperation()), signature: '0xabcd', ...op }
    return method([wire, defaultEntryPoint.address], app)
  }
  return { asked, ask, payers }
}

const none = { callGasLimit: '0x0', verificationGasLimit: '0x0', preVerificationGas: null }

describe('pm_sponsorUserOperation', () => {
  test('estimates with the stub and the signature of the client, and signs what was estimated', async () => {
    const { asked, ask } = setUp()
    expect(await ask(none)).toEqual({
      callGasLimit: '0xb',
      verificationGasLimit: '0xc',
      preVerificationGas: '0xd',
      paymaster: testPaymaster,
      paymasterData: '0xf1',
      paymasterVerificationGasLimit: '0xe',
      paymasterPostOpGasLimit: '0xf',
    })
    expect(asked.estimated).toMatchObject([
      { ...fields, paymasterData: '0x5b', signature: '0xabcd' },
    ])
    expect(asked.signed).toMatchObject([
      [{ op: { ...needed, paymasterVerificationGasLimit: 14n } }, needed],
    ])
  })

  test('limits of the client stay, and the rules are told the estimate', async () => {
    const { asked, ask } = setUp()
    expect(await ask({ ...none, callGasLimit: '0xffff' })).toMatchObject({
      callGasLimit: '0xffff',
      verificationGasLimit: '0xc',
    })
    expect(asked.signed).toMatchObject([[{ op: { callGasLimit: 0xffffn } }, needed]])
  })

  test.each([
    {
      name: 'the words of the bundler come through',
      error: new EstimateRefusedError(-32500, 'AA25 invalid account nonce', { reason: 'AA25' }),
      answer: { code: -32500, message: 'AA25 invalid account nonce', data: { reason: 'AA25' } },
    },
    {
      name: 'a bundler that is down is told so',
      error: new BundlerUnavailableError('the bundler does not answer'),
      answer: { code: -32000, data: { reason: 'bundlerUnavailable' } },
    },
  ])('$name, and nothing is signed', async ({ error, answer }) => {
    const { asked, ask } = setUp(async () => {
      throw error
    })
    const refusal = await ask().catch(toJsonRpcError)
    expect(refusal).toMatchObject(answer)
    expect(asked.signed).toEqual([])
  })

  test('without a bundler there is no such method, without a fee no estimate', async () => {
    const { ask, payers } = setUp()
    const refusal = await sponsorOnce(payers, undefined)([], app).catch(toJsonRpcError)
    expect(refusal).toMatchObject({ code: -32601 })
    expect(await ask({ maxFeePerGas: '0x0' }).catch(toJsonRpcError)).toMatchObject({
      code: -32602,
      data: { field: 'userOperation.maxFeePerGas' },
    })
  })
})
