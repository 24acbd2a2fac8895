import { entryPointAdapters } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { parseAbi, parseEventLogs } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEstimator } from '../../bundler/src/estimation/estimateGas.ts'
import { defaultEstimationLimits } from '../../bundler/src/estimation/limits.ts'
import { createFeeOracle } from '../../bundler/src/fees/feeOracle.ts'
import type { SimpleAccounts, TestAccount } from '../fixtures/simpleAccounts.ts'
import { deploySimpleAccounts, execute, sign, unsigned } from '../fixtures/simpleAccounts.ts'
import type { TestChain } from '../fixtures/testChain.ts'
import { startTestChain } from '../fixtures/testChain.ts'

let chain: TestChain
let accounts: SimpleAccounts

beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
})

afterAll(async () => {
  await chain?.stop()
})

const nonceAbi = parseAbi(['function getNonce(address, uint192) view returns (uint256)'])

/** A bundle of one operation each, estimated for its size. */
async function bundleOf(bundled: readonly TestAccount[], callData: Hex) {
  const { reader, chainId } = chain
  const { gasPrice } = createFeeOracle({ reader })
  const expectedBundleSize = BigInt(bundled.length)
  const estimator = createEstimator({
    reader,
    chainId,
    limits: { ...defaultEstimationLimits, expectedBundleSize },
    gasPrice,
  })
  const ops = []
  for (const account of bundled) {
    const nonce = await chain.client.readContract({
      address: account.entryPoint.address,
      abi: nonceAbi,
      functionName: 'getNonce',
      args: [account.address, 0n],
    })
    // With both fees the same, what an operation has to pay leaves nothing of its prefund to spare.
    const op = unsigned(account, {
      deploy: nonce === 0n,
      nonce,
      callData,
      maxFeePerGas: 3_000_000_000n,
      maxPriorityFeePerGas: 3_000_000_000n,
    })
    const estimate = await estimator.estimate(op, account.entryPoint)
    ops.push(await sign(account, { ...op, ...estimate }, chainId))
  }
  return ops
}

describe.each(entryPointAdapters.map((adapter) => ({ version: adapter.version, adapter })))(
  'a bundle of EntryPoint $version',
  ({ adapter }) => {
    test.each([
      // Without a call there is no unused gas that an EntryPoint charges for.
      { name: 'operations without a call', bytes: undefined },
      { name: 'short calls', bytes: 0 },
      // So much call data that the EIP-7623 floor is what a single operation costs.
      { name: 'calls with 3,200 bytes', bytes: 3_200 },
    ])('of 1, 2 and 8 $name pays for its gas, and at most 10 % more', async ({ bytes }) => {
      const all: TestAccount[] = []
      for (let index = 0; index < 8; index++)
        all.push(await accounts.counterfactual(adapter.version))
      const callData =
        bytes === undefined ? '0x' : execute({ to: chain.bundler, data: `0x${'ff'.repeat(bytes)}` })
      for (const size of [8, 1, 2, 8]) {
        const bundled = all.slice(0, size)
        const receipt = await chain.send({
          to: adapter.address,
          // The executor is the beneficiary, as in every bundle.
          data: adapter.encodeHandleOps(await bundleOf(bundled, callData), chain.bundler),
          gas: 15_000_000n,
        })
        expect(receipt.status).toBe('success')
        const events = parseEventLogs({
          abi: adapter.abi,
          logs: receipt.logs,
          eventName: 'UserOperationEvent',
        }) as unknown as { args: { actualGasUsed: bigint; success: boolean } }[]
        expect(events.map(({ args }) => args.success)).toEqual(bundled.map(() => true))
        const charged = events.reduce((sum, { args }) => sum + args.actualGasUsed, 0n)
        expect(charged).toBeGreaterThanOrEqual(receipt.gasUsed)
        expect(charged).toBeLessThanOrEqual((receipt.gasUsed * 110n) / 100n)
      }
    })
  },
)
