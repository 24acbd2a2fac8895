import { entryPointAdapters } from '@fabstir/erc4337'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Estimator } from '../../../bundler/src/estimation/estimateGas.ts'
import { groundOf, judgesOf } from '../../fixtures/estimating.ts'
import { include } from '../../fixtures/gasNeed.ts'
import type { SimpleAccounts } from '../../fixtures/simpleAccounts.ts'
import { deploySimpleAccounts, execute, unsigned } from '../../fixtures/simpleAccounts.ts'
import type { TestChain } from '../../fixtures/testChain.ts'
import { startTestChain } from '../../fixtures/testChain.ts'

let chain: TestChain
let accounts: SimpleAccounts
let estimator: Estimator

beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
  ;({ estimator } = judgesOf(chain))
})

afterAll(async () => {
  await chain?.stop()
})

/** Gas that the EntryPoint charges an operation for `unused` gas of its callGasLimit, beside what it charges anyway. */
const penalties = {
  '0.6': () => 0n,
  '0.7': (unused: bigint) => unused / 10n,
  '0.8': (unused: bigint) => (unused > 40_000n ? unused / 10n : 0n),
  '0.9': (unused: bigint) => (unused > 40_000n ? unused / 10n : 0n),
}

test.each(entryPointAdapters.map((entryPoint) => ({ version: entryPoint.version, entryPoint })))(
  '10 % unused gas penalty: EntryPoint $version charges what its adapter expects',
  async ({ version, entryPoint }) => {
    const charged: Record<string, bigint> = {}
    for (const more of [0n, 30_000n, 100_000n]) {
      const account = await accounts.counterfactual(version)
      const op = unsigned(account, { deploy: true, callData: execute({ to: chain.bundler }) })
      const estimate = await estimator.estimate(op, entryPoint)
      const limited = { ...op, ...estimate, callGasLimit: 9_000n + more }
      const trial = await include(groundOf(chain, account), {
        ...limited,
        preVerificationGas: 60_000n,
      })
      expect(trial.success).toBe(true)
      // Whatever is used of the limit, that much is charged for certain.
      const least = entryPoint.minimumChargedGas(limited)
      expect(trial.charged).toBeGreaterThan(least + 60_000n)
      charged[`${more}`] = trial.charged
    }
    const base = charged['0'] ?? 0n
    for (const more of [30_000n, 100_000n]) {
      const penalty = (charged[`${more}`] ?? 0n) - base
      // Some of the first 9,000 gas is not used either; signatures of other owners differ by some gas.
      const expected = penalties[version](more)
      expect(penalty).toBeGreaterThan(expected - 250n)
      expect(penalty).toBeLessThan(expected + 1_200n)
    }
  },
)
