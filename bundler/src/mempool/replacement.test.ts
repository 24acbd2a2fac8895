import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canReplace, replacementFees } from './replacement.ts'

const fees = (maxFeePerGas: bigint, maxPriorityFeePerGas: bigint) => ({
  maxFeePerGas,
  maxPriorityFeePerGas,
})

describe('canReplace', () => {
  test.each([
    { next: fees(110n, 11n), allowed: true },
    { next: fees(109n, 11n), allowed: false },
    { next: fees(110n, 10n), allowed: false },
    { next: fees(200n, 10n), allowed: false },
    { next: fees(100n, 10n), allowed: false },
  ])('100/10 by $next.maxFeePerGas/$next.maxPriorityFeePerGas: $allowed', ({ next, allowed }) => {
    expect(canReplace(fees(100n, 10n), next)).toBe(allowed)
  })

  test('the bump is rounded up: 9 needs 10, and 0 needs 0', () => {
    expect(replacementFees(fees(9n, 0n))).toEqual(fees(10n, 0n))
  })

  test('the least replacement is allowed and one wei less is not', () => {
    const fee = fc.bigInt({ min: 1n, max: 2n ** 128n })
    fc.assert(
      fc.property(fee, fee, (maxFee, priority) => {
        const least = replacementFees(fees(maxFee, priority))
        expect(canReplace(fees(maxFee, priority), least)).toBe(true)
        const less = { ...least, maxFeePerGas: least.maxFeePerGas - 1n }
        expect(canReplace(fees(maxFee, priority), less)).toBe(false)
      }),
    )
  })
})
