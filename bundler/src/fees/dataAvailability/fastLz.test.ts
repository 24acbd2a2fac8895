import fc from 'fast-check'
import { hexToBytes } from 'viem'
import { describe, expect, test } from 'vitest'
import { fastLzLength } from './fastLz.ts'

/** Bytes that look random, and are the same every time. */
function noise(length: number): Uint8Array {
  let state = 0x9e3779b9
  return Uint8Array.from({ length }, () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state & 0xff
  })
}

describe('fastLzLength', () => {
  // Lengths that OP stack clients agree on.
  test.each([
    { name: 'nothing', data: new Uint8Array(0), length: 0 },
    { name: '1,000 ones', data: new Uint8Array(1_000).fill(1), length: 21 },
    { name: '1,000 zeros', data: new Uint8Array(1_000), length: 21 },
    {
      name: 'a transaction without data',
      data: hexToBytes('0xdd80808094095e7baea6a6c7c4c2dfeb977efac326af552d878080808080'),
      length: 31,
    },
  ])('$name: $length', ({ data, length }) => {
    expect(fastLzLength(data)).toBe(length)
  })

  test('what does not repeat is literals: 33 bytes for each 32', () => {
    const data = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    expect(fastLzLength(data)).toBe(8 * 33)
  })

  test('a repetition within 8 kB costs three bytes, one beyond costs itself again', () => {
    const phrase = noise(200)
    const near = Uint8Array.from([...phrase, ...new Uint8Array(100), ...phrase, ...noise(40)])
    const far = Uint8Array.from([...phrase, ...new Uint8Array(9_000), ...phrase, ...noise(40)])
    expect(fastLzLength(far) - fastLzLength(near)).toBeGreaterThan(190)
  })

  test('no input grows by more than a 32nd and a byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (data) => {
        expect(fastLzLength(data)).toBeLessThanOrEqual(data.length + Math.ceil(data.length / 32))
      }),
    )
  })
})
