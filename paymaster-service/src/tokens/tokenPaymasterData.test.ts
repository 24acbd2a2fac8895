import fc from 'fast-check'
import type { Hex } from 'viem'
import { size } from 'viem'
import { describe, expect, test } from 'vitest'
import { encodeTokenData, encodeTokenStub } from './tokenPaymasterData.ts'

const token = '0x00000000000000000000000000000000000000a7'
const window = { validAfter: 0x6b11_1111, validUntil: 0x6b11_1369 }
const zeroBytes = (data: Hex) => data.match(/../g)?.filter((byte) => byte === '00').length ?? 0

describe('encodeTokenStub', () => {
  test('is as long as final data and has no more zero bytes, for feeds and quotes', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 2n ** 112n - 1n }),
        fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
        fc.uint8Array({ minLength: 65, maxLength: 65 }),
        (price, maxCharge, bytes) => {
          const signature: Hex = `0x${Buffer.from(bytes).toString('hex')}`
          for (const quote of [undefined, { ...window, price }]) {
            const stub = encodeTokenStub(token, quote)
            const final = encodeTokenData({
              token,
              maxCharge,
              ...(quote ? { quote: { ...quote, signature } } : {}),
            })
            expect(size(stub)).toBe(quote ? 129 : 36)
            expect(size(final)).toBe(size(stub))
            expect(zeroBytes(stub)).toBeLessThanOrEqual(zeroBytes(final))
          }
        },
      ),
    )
  })
})
