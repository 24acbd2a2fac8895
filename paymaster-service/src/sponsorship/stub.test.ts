import fc from 'fast-check'
import { numberToHex, recoverAddress, size, zeroHash } from 'viem'
import { describe, expect, test } from 'vitest'
import type { SignatureWindow } from '../ledger/ledger.ts'
import { stubSignature, stubWindow } from './stub.ts'

const zeroBytes = ({ validAfter, validUntil }: SignatureWindow) =>
  [validAfter, validUntil]
    .map((time) => numberToHex(time, { size: 6 }).slice(2))
    .join('')
    .match(/../g)
    ?.filter((byte) => byte === '00').length

const windowAt = (now: number) => ({ validAfter: now - 60, validUntil: now + 600 })

describe('stubWindow', () => {
  test('it never has more zero bytes than the final window of the next hour', () => {
    // From 2023 to 2106, and always near the places where higher bytes change.
    const anyTime = fc.integer({ min: 0x6400_0000, max: 0xffff_0000 })
    const nearCarry = fc
      .tuple(fc.integer({ min: 0x6401, max: 0xfffe }), fc.integer({ min: -5_000, max: 5_000 }))
      .map(([high, offset]) => high * 0x1_0000 + offset)
    fc.assert(
      fc.property(
        fc.oneof(anyTime, nearCarry),
        fc.integer({ min: 0, max: 3_600 }),
        (now, later) => {
          const stub = stubWindow(windowAt(now))
          expect(stub.validUntil - stub.validAfter).toBe(660)
          expect(zeroBytes(stub)).toBeLessThanOrEqual(zeroBytes(windowAt(now + later)) ?? 0)
        },
      ),
      { numRuns: 5_000 },
    )
  })

  test.each([
    { now: 0x6b00_5581 + 60, shift: 0 },
    { now: 0x6b02_0200 + 60, shift: 1 },
    { now: 0x6b02_0001 + 60, shift: 0x100 },
  ])('at $now it is $shift seconds later than the final one', ({ now, shift }) => {
    expect(stubWindow(windowAt(now)).validAfter - windowAt(now).validAfter).toBe(shift)
  })
})

test('the stub signature has 65 bytes, none zero, and recovers', async () => {
  expect(size(stubSignature)).toBe(65)
  expect(stubSignature.slice(2).match(/../g)).not.toContain('00')
  expect(await recoverAddress({ hash: zeroHash, signature: stubSignature })).toMatch(/^0x/)
})
