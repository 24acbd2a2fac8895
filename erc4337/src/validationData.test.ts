import type { Address } from 'viem'
import { describe, expect, test } from 'vitest'
import type { ValidityRange } from './validationData.ts'
import { intersectValidity, parseValidationData, ValidityUnitError } from './validationData.ts'

const pack = (authorizer: bigint, validUntil: bigint, validAfter: bigint) =>
  authorizer | (validUntil << 160n) | (validAfter << 208n)
const blocks = 1n << 47n

describe('parseValidationData', () => {
  test('0 accepts for ever', () => {
    expect(parseValidationData(0n)).toEqual({
      unit: 'seconds',
      signatureFailed: false,
      aggregator: undefined,
      validAfter: 0,
      validUntil: 0,
    })
  })

  test('authorizer 1 is a failed signature', () => {
    const parsed = parseValidationData(pack(1n, 200n, 100n))
    expect(parsed).toMatchObject({ signatureFailed: true, validAfter: 100, validUntil: 200 })
    expect(parsed.aggregator).toBeUndefined()
  })

  test('authorizer 2 is an aggregator', () => {
    const aggregator: Address = '0x0000000000000000000000000000000000000002'
    expect(parseValidationData(2n)).toMatchObject({ signatureFailed: false, aggregator })
  })

  test.each([
    { name: 'both flagged', until: blocks | 20n, after: blocks | 10n, unit: 'blocks' },
    { name: 'only the end flagged', until: blocks | 20n, after: 10n, unit: 'seconds' },
    { name: 'only the start flagged', until: 20n, after: blocks | 10n, unit: 'seconds' },
    { name: 'start at block 0', until: blocks | 20n, after: blocks, unit: 'seconds' },
    { name: 'no end', until: 0n, after: blocks | 10n, unit: 'blocks' },
  ])('$name: $unit', ({ until, after, unit }) => {
    expect(parseValidationData(pack(0n, until, after), { blockRanges: true }).unit).toBe(unit)
  })

  test('block numbers lose their flag', () => {
    const packed = pack(0n, blocks | 20n, blocks | 10n)
    expect(parseValidationData(packed, { blockRanges: true })).toMatchObject({
      unit: 'blocks',
      validAfter: 10,
      validUntil: 20,
    })
    expect(parseValidationData(packed).unit).toBe('seconds')
  })
})

describe('intersectValidity', () => {
  const range = (validAfter: number, validUntil: number): ValidityRange => ({
    unit: 'seconds',
    validAfter,
    validUntil,
  })

  test.each([
    { a: range(0, 0), b: range(0, 0), both: range(0, 0) },
    { a: range(5, 0), b: range(0, 9), both: range(5, 9) },
    { a: range(5, 20), b: range(7, 10), both: range(7, 10) },
    { a: range(5, 6), b: range(7, 10), both: range(7, 6) },
  ])('$a and $b', ({ a, b, both }) => {
    expect(intersectValidity(a, b)).toEqual(both)
    expect(intersectValidity(b, a)).toEqual(both)
  })

  test('seconds and blocks have no common range', () => {
    expect(() => intersectValidity(range(0, 0), { ...range(0, 0), unit: 'blocks' })).toThrow(
      ValidityUnitError,
    )
  })
})
