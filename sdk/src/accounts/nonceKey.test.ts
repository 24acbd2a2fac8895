import * as fc from 'fast-check'
import { numberToHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { maxNonceLanes, nonceKey } from './nonceKey.ts'

const key = '0xaabbccddeeff00112233445566778899aabbccdd'

describe('nonceKey', () => {
  test.each([
    { type: 'owner', lane: 0, keyId: undefined, hex: `0x${'00'.repeat(24)}` },
    { type: 'owner', lane: 1, keyId: undefined, hex: `0x00000001${'00'.repeat(20)}` },
    { type: 'session', lane: 0, keyId: key, hex: `0x01000000${key.slice(2)}` },
    { type: 'session', lane: 0xffffff, keyId: key, hex: `0x01ffffff${key.slice(2)}` },
  ] as const)('$type lane $lane: $hex', ({ hex, ...parameters }) => {
    expect(numberToHex(nonceKey(parameters), { size: 24 })).toBe(hex)
  })

  test('different lanes, types and keys never share a nonce key', () => {
    const part = fc.record({
      type: fc.constantFrom('owner' as const, 'session' as const),
      lane: fc.integer({ min: 0, max: maxNonceLanes - 1 }),
      keyId: fc
        .bigInt({ min: 0n, max: 2n ** 160n - 1n })
        .map((id) => numberToHex(id, { size: 20 })),
    })
    fc.assert(
      fc.property(part, part, (a, b) => {
        const same = a.type === b.type && a.lane === b.lane && a.keyId === b.keyId
        expect(nonceKey(a) === nonceKey(b)).toBe(same)
      }),
    )
  })

  test('a lane beyond 24 bits is refused', () => {
    expect(() => nonceKey({ type: 'owner', lane: maxNonceLanes })).toThrow()
  })
})
