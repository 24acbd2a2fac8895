import { describe, expect, test } from 'vitest'
import { bundlerReputationParams, decayReputation, reputationStatus } from './reputation.ts'

const entity = (opsSeen: bigint, opsIncluded = 0n) =>
  ({ address: '0x00000000000000000000000000000000000000aa', opsSeen, opsIncluded }) as const

describe('reputationStatus', () => {
  test.each([
    { opsSeen: 109n, status: 'ok' },
    { opsSeen: 110n, status: 'throttled' },
    { opsSeen: 509n, status: 'throttled' },
    { opsSeen: 510n, status: 'banned' },
  ])('$opsSeen seen, none included: $status', ({ opsSeen, status }) => {
    expect(reputationStatus(entity(opsSeen), bundlerReputationParams)).toBe(status)
  })

  test('included operations earn back the same allowance', () => {
    expect(reputationStatus(entity(510n, 50n), bundlerReputationParams)).toBe('ok')
    expect(reputationStatus(entity(510n, 40n), bundlerReputationParams)).toBe('throttled')
  })
})

test('[UREP-030] a ban ends by decay alone', () => {
  let entry: ReturnType<typeof decayReputation> = entity(10_000n)
  expect(reputationStatus(entry, bundlerReputationParams)).toBe('banned')
  for (let hour = 0; hour < 24 * 10; hour++) entry = decayReputation(entry)
  expect(entry).toEqual(entity(0n))
})
