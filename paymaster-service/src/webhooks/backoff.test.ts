import { describe, expect, test } from 'vitest'
import { maxAttempts, retryDelay } from './backoff.ts'

describe('retryDelay', () => {
  test.each([
    { attempts: 1, random: 0, delay: 3 },
    { attempts: 1, random: 0.999, delay: 5 },
    { attempts: 2, random: 0.999, delay: 10 },
    { attempts: 5, random: 0, delay: 40 },
    { attempts: 15, random: 0.999_999, delay: 21_600 },
    { attempts: 16, random: 0, delay: undefined },
  ])('after $attempts attempts with random $random: $delay s', ({ attempts, random, delay }) => {
    expect(retryDelay(attempts, random)).toBe(delay)
  })

  test('all attempts together take 11 to 24 hours', () => {
    const total = (random: number) => {
      let sum = 0
      for (let attempts = 1; attempts < maxAttempts; attempts++)
        sum += retryDelay(attempts, random) ?? 0
      return sum / 3_600
    }
    expect(total(0)).toBeGreaterThan(11)
    expect(total(0.999_999)).toBeLessThan(24)
  })
})
