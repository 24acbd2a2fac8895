import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { largerOf } from '../math/amounts.ts'
import { searchGasLimit } from './searchGasLimit.ts'

/** Searches for `needed` and counts probes. */
async function search(
  needed: bigint,
  guess: bigint,
  { floor = 0n, max = 10_000_000n, maxProbes = 40 } = {},
) {
  const probed: bigint[] = []
  const limit = await searchGasLimit({
    guess,
    floor,
    max,
    tolerancePermille: 10n,
    maxProbes,
    probe: async (candidate) => {
      probed.push(candidate)
      return candidate >= needed
    },
  })
  return { limit, probed }
}

describe('searchGasLimit', () => {
  test.each([
    { needed: 100_000n, guess: 100_000n, probes: 2 },
    { needed: 100_000n, guess: 100_900n, probes: 2 },
    { needed: 100_000n, guess: 99_500n, probes: 2 },
  ])(
    'needs $probes probes for $needed with a guess of $guess',
    async ({ needed, guess, probes }) => {
      const { limit, probed } = await search(needed, guess)
      expect(probed).toHaveLength(probes)
      expect(limit).toBeGreaterThanOrEqual(needed)
      expect(limit).toBeLessThanOrEqual((needed * 101n) / 100n + 100n)
    },
  )

  test('is sufficient, within the tolerance, and never asks outside 0 and the maximum', async () => {
    const amounts = fc.bigInt({ min: 0n, max: 10_000_000n })
    await fc.assert(
      fc.asyncProperty(amounts, amounts, async (needed, guess) => {
        const { limit, probed } = await search(needed, guess)
        expect(limit).toBeGreaterThanOrEqual(needed)
        expect(limit).toBeLessThanOrEqual((needed * 1011n) / 1000n + 100n)
        for (const candidate of probed) {
          expect(candidate).toBeGreaterThanOrEqual(0n)
          expect(candidate).toBeLessThan(10_000_000n)
        }
      }),
    )
  })

  test('gives the best sufficient limit when its probes run out', async () => {
    const amounts = fc.bigInt({ min: 0n, max: 10_000_000n })
    await fc.assert(
      fc.asyncProperty(amounts, amounts, fc.nat(12), async (needed, guess, maxProbes) => {
        const { limit, probed } = await search(needed, guess, { maxProbes: maxProbes + 1 })
        expect(probed.length).toBeLessThanOrEqual(maxProbes + 1)
        expect(limit).toBeGreaterThanOrEqual(needed)
      }),
    )
  })

  test('never asks below a floor, and one probe is enough when the guess is within the tolerance', async () => {
    expect(await search(60_000n, 100_900n, { floor: 100_000n })).toEqual({
      limit: 100_900n,
      probed: [100_900n],
    })
    const amounts = fc.bigInt({ min: 0n, max: 10_000_000n })
    await fc.assert(
      fc.asyncProperty(amounts, amounts, amounts, async (needed, guess, floor) => {
        const { limit, probed } = await search(needed, guess, { floor })
        const least = largerOf(needed, floor)
        expect(limit).toBeGreaterThanOrEqual(least)
        expect(limit).toBeLessThanOrEqual((least * 1011n) / 1000n + 100n)
        for (const candidate of probed) expect(candidate).toBeGreaterThanOrEqual(floor)
      }),
    )
  })

  test('takes the maximum when nothing below it is enough', async () => {
    expect((await search(1_000n, 5n, { max: 1_000n })).limit).toBe(1_000n)
    expect((await search(0n, 0n, { max: 0n })).limit).toBe(0n)
  })
})
