import { defaultEntryPoint } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { decodeFunctionData, encodeFunctionResult } from 'viem'
import { describe, expect, test } from 'vitest'
import type { CallParameters, CallResult } from '../chain/reader.ts'
import { ChainError } from '../chain/reader.ts'
import { testOperation } from '../testing/pooledOperation.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import { validationDriverAbi } from './generated/validationDriver.ts'
import { simulateTogether } from './simulateTogether.ts'

const ops = [900_000n, 100_000n, 500_000n].map((verificationGasLimit) =>
  testOperation({ verificationGasLimit }),
)

/** What comes of the operations at a node that answers the call of the driver like this. */
function together(answer: (call: CallParameters) => CallResult) {
  return simulateTogether(ops, defaultEntryPoint, { call: async (call) => answer(call) })
}

const outcomesOf = (states: readonly number[]): Hex =>
  encodeFunctionResult({
    abi: validationDriverAbi,
    functionName: 'simulate',
    result: states.map((state) => ({ state, output: `0xaa0${state}` as const })),
  })

describe('simulateTogether', () => {
  test('whoever may use less gas comes first, and each gets its own outcome', async () => {
    let limits: bigint[] = []
    const results = await together(({ data }) => {
      const { args } = decodeFunctionData({ abi: validationDriverAbi, data })
      const [, operations] = args
      if (typeof operations !== 'object') throw new Error('this is no call of the driver')
      limits = operations.map(({ gas }) => gas)
      return { ok: true, data: outcomesOf([2, 0, 1]) }
    })
    expect(limits).toEqual(limits.toSorted((one, other) => Number(one - other)))
    expect(ops.map((op) => results.get(op))).toEqual([
      { ok: false, data: '0xaa01', message: 'execution reverted' },
      { ok: true, data: '0xaa02' },
      undefined,
    ])
  })

  test.each<[string, () => CallResult]>([
    ['reverts', () => ({ ok: false, data: '0x', message: 'out of gas' })],
    ['answers as if nobody were there', () => ({ ok: true, data: '0x' })],
    ['answers with other bytes', () => ({ ok: true, data: `0x${'ff'.repeat(99)}` })],
    ['says less than it was asked', () => ({ ok: true, data: outcomesOf([]) })],
    [
      'refuses the call',
      () => {
        throw new ChainError('eth_call', -32602, 'gas is above the cap')
      },
    ],
  ])('a node that %s decides nothing', async (_, answer) => {
    expect([...(await together(answer))]).toEqual([])
  })

  test('a node that cannot be reached is an error', async () => {
    const gone = new RpcError(rpcErrorCode.nodeUnavailable, 'gone')
    const asked = together(() => {
      throw gone
    })
    await expect(asked).rejects.toBe(gone)
  })
})
