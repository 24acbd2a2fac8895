import { describe, expect, test } from 'vitest'
import { parseOptions } from '../config/options.ts'
import { isStaked } from './stakePolicy.ts'

const key = `0x${'11'.repeat(32)}`
const policyOf = (options: object) => {
  const { minStake, minUnstakeDelay } = parseOptions({
    rpcUrl: 'http://127.0.0.1:8545',
    executorPrivateKeys: [key],
    ...options,
  })
  return { minStake, minUnstakeDelay: BigInt(minUnstakeDelay) }
}
const ether = 10n ** 18n

describe('stake / unstake delay', () => {
  test.each([
    { stake: ether, unstakeDelaySec: 86_400n, staked: true },
    { stake: ether - 1n, unstakeDelaySec: 86_400n, staked: false },
    { stake: ether, unstakeDelaySec: 86_399n, staked: false },
  ])('by default $stake wei for $unstakeDelaySec s: $staked', ({ staked, ...stake }) => {
    expect(isStaked(stake, policyOf({}))).toBe(staked)
  })

  test('a test network lowers both', () => {
    const policy = policyOf({ minStake: '1', minUnstakeDelay: '2' })
    expect(isStaked({ stake: 1n, unstakeDelaySec: 2n }, policy)).toBe(true)
    expect(isStaked({ stake: 1n, unstakeDelaySec: 1n }, policy)).toBe(false)
  })
})
