import fc from 'fast-check'
import { numberToHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { bundlerAnswers, paymasterAnswers } from './answers.ts'

const hash = numberToHex(7, { size: 32 })
const paymaster = '0x1100000000000000000000000000000000000011'
const sponsorship = { paymaster, paymasterData: '0xab' }
const gas = { preVerificationGas: '0x1', verificationGasLimit: '0x2', callGasLimit: '0x3' }
const price = { maxFeePerGas: '0x2', maxPriorityFeePerGas: '0x1' }
const receipt = { userOpHash: hash, success: true, logs: [], receipt: { logs: [] } }

const readBundler = (method: string, answer: unknown) => bundlerAnswers[method]?.(answer, [hash])
const readSponsor = (answer: unknown) => paymasterAnswers.pm_getPaymasterData?.(answer, [])
const readStub = (answer: unknown) => paymasterAnswers.pm_getPaymasterStubData?.(answer, [])

describe('answers of a bundler', () => {
  test.each([
    { method: 'eth_estimateUserOperationGas', answer: gas },
    {
      method: 'eth_estimateUserOperationGas',
      answer: { ...gas, paymasterPostOpGasLimit: null, paymasterVerificationGasLimit: '0x4' },
    },
    {
      method: 'pimlico_getUserOperationGasPrice',
      answer: { slow: price, standard: price, fast: price },
    },
    { method: 'pimlico_getUserOperationStatus', answer: { status: 'x', transactionHash: null } },
    { method: 'eth_getUserOperationReceipt', answer: receipt },
    { method: 'eth_getUserOperationReceipt', answer: { ...receipt, success: false } },
    { method: 'eth_getUserOperationReceipt', answer: null },
  ])('$method: $answer passes', ({ method, answer }) => {
    expect(readBundler(method, answer)).toEqual(answer)
  })

  test.each([
    { method: 'eth_estimateUserOperationGas', answer: { ...gas, callGasLimit: undefined } },
    { method: 'eth_estimateUserOperationGas', answer: { ...gas, callGasLimit: 'much' } },
    // 129 bits: the EntryPoint packs 128.
    {
      method: 'eth_estimateUserOperationGas',
      answer: { ...gas, callGasLimit: numberToHex(2n ** 128n) },
    },
    { method: 'pimlico_getUserOperationGasPrice', answer: { standard: price } },
    { method: 'pimlico_getUserOperationStatus', answer: 'included' },
    {
      method: 'eth_getUserOperationReceipt',
      answer: { ...receipt, userOpHash: numberToHex(8, { size: 32 }) },
    },
    { method: 'eth_getUserOperationReceipt', answer: { ...receipt, success: 'yes' } },
    { method: 'eth_getUserOperationReceipt', answer: { ...receipt, receipt: {} } },
  ])('$method: $answer is refused', ({ method, answer }) => {
    expect(readBundler(method, answer)).toBeUndefined()
  })
})

describe('answers of a paymaster service', () => {
  test.each([
    { answer: sponsorship },
    { answer: { ...sponsorship, paymasterVerificationGasLimit: '0x1' } },
    { answer: { paymasterAndData: `${paymaster}ab` } },
  ])('$answer passes', ({ answer }) => {
    expect(readSponsor(answer)).toEqual(answer)
    expect(readStub({ ...answer, isFinal: true })).toEqual({ ...answer, isFinal: true })
    expect(readStub(answer)).toEqual({ ...answer, isFinal: false })
  })

  test.each([
    { answer: null },
    { answer: {} },
    { answer: 'sponsored' },
    { answer: { paymaster } },
    { answer: { ...sponsorship, paymaster: '0x12' } },
    { answer: { ...sponsorship, paymasterData: 'ab' } },
    { answer: { ...sponsorship, paymasterPostOpGasLimit: -1 } },
    { answer: { paymasterAndData: '0x' } },
  ])('$answer is refused', ({ answer }) => {
    expect(readSponsor(answer)).toBeUndefined()
    expect(readStub(answer)).toBeUndefined()
  })

  test('no field but those of ERC-7677 reaches the operation, whatever the service adds', () => {
    const allowed = [
      ...['paymaster', 'paymasterData', 'paymasterVerificationGasLimit'],
      ...['paymasterPostOpGasLimit', 'isFinal'],
    ]
    const anything = fc.dictionary(
      fc.oneof(
        fc.constantFrom('callData', 'nonce', 'sender', 'maxFeePerGas', 'factory'),
        fc.string(),
      ),
      fc.anything(),
    )
    fc.assert(
      fc.property(anything, (extra) => {
        const read = readStub({ ...extra, ...sponsorship, isFinal: false })
        for (const field of Object.keys(read ?? {})) expect(allowed).toContain(field)
      }),
    )
  })
})
