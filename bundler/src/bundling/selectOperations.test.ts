import { describe, expect, test } from 'vitest'
import { testHash, testPooled } from '../testing/pooledOperation.ts'
import { bundleGas, operationGas } from './bundleGas.ts'
import type { Candidate } from './selectOperations.ts'
import { selectOperations } from './selectOperations.ts'

const head = { baseFeePerGas: 50n, timestamp: 1_000 }
const limits = { maxOperations: 3, maxGas: 30_000_000n }
const candidate = (
  n: number,
  op: Parameters<typeof testPooled>[1] = {},
  fields: Partial<Candidate> = {},
): Candidate => ({ ...testPooled(n, op), suspect: false, ...fields })
const hashes = (operations: readonly Candidate[]) => operations.map(({ hash }) => hash)

describe('selectOperations', () => {
  test('the first ones in the given order, up to the limit', () => {
    const { selected } = selectOperations(
      [4, 3, 2, 1].map((n) => candidate(n)),
      head,
      limits,
    )
    expect(hashes(selected)).toEqual([testHash(4), testHash(3), testHash(2)])
  })

  test.each([
    { maxFeePerGas: 50n, chosen: 1 },
    { maxFeePerGas: 49n, chosen: 0 },
  ])('$maxFeePerGas wei at a base fee of 50: $chosen', ({ maxFeePerGas, chosen }) => {
    const { selected, expired } = selectOperations([candidate(1, { maxFeePerGas })], head, limits)
    expect(selected).toHaveLength(chosen)
    expect(expired).toEqual([])
  })

  test.each([
    { validUntil: 999, expires: true },
    { validUntil: 1_000, expires: false },
    { validUntil: 0, expires: false },
  ])('valid until $validUntil at 1000: expired $expires', ({ validUntil, expires }) => {
    const { selected, expired } = selectOperations([candidate(1, {}, { validUntil })], head, limits)
    expect(expired).toHaveLength(expires ? 1 : 0)
    expect(selected).toHaveLength(expires ? 0 : 1)
  })

  test('one that does not fit is passed over for a smaller one', () => {
    const large = candidate(2, { callGasLimit: 10_000_000n })
    const small = [candidate(1), candidate(3)] as const
    const gasOf = (each: Candidate) => operationGas(each.entryPoint, each.op)
    const maxGas = bundleGas(gasOf(small[0]) + gasOf(small[1]))
    const { selected } = selectOperations([small[0], large, small[1]], head, { ...limits, maxGas })
    expect(hashes(selected)).toEqual([testHash(1), testHash(3)])
  })

  test('operations that are together above 128 KiB go into two bundles', () => {
    const callData = `0x${'00'.repeat(50_000)}` as const
    const large = [1, 2, 3].map((n) => candidate(n, { callData }))
    expect(hashes(selectOperations(large, head, limits).selected)).toEqual([
      testHash(1),
      testHash(2),
    ])
  })

  test('a suspect goes alone, when its turn comes', () => {
    const suspect = candidate(1, {}, { suspect: true })
    expect(hashes(selectOperations([suspect, candidate(2)], head, limits).selected)).toEqual([
      testHash(1),
    ])
    expect(hashes(selectOperations([candidate(2), suspect], head, limits).selected)).toEqual([
      testHash(2),
    ])
  })
})
