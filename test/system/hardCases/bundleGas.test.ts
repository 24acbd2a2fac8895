import type { EntryPointAdapter } from '@fabstir/erc4337'
import { entryPointAdapters } from '@fabstir/erc4337'
import type { Address } from 'viem'
import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { handleOpsGas } from '../../../bundler/src/bundling/bundleGas.ts'
import type { PooledOperation } from '../../../bundler/src/types/pooledOperation.ts'
import { pooled } from '../../fixtures/pooled.ts'
import type { SimpleAccounts } from '../../fixtures/simpleAccounts.ts'
import { deploySimpleAccounts, execute } from '../../fixtures/simpleAccounts.ts'
import type { TestChain } from '../../fixtures/testChain.ts'
import { startTestChain } from '../../fixtures/testChain.ts'

let chain: TestChain
let accounts: SimpleAccounts

/** Runs until its gas is used up. */
const burner: Address = '0x000000000000000000000000000000000000b19e'

beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
  await chain.client.setCode({ address: burner, bytecode: '0x5b600056' })
})

afterAll(() => chain?.stop())

type Fields = Parameters<typeof pooled>[2]

async function operation({ version }: EntryPointAdapter, fields: Fields): Promise<PooledOperation> {
  return pooled(await accounts.counterfactual(version, parseEther('10')), chain.chainId, fields)
}

/** Sends a bundle with the gas limit that the bundler gives it. */
function send(entryPoint: EntryPointAdapter, operations: readonly PooledOperation[]) {
  const data = entryPoint.encodeHandleOps(
    operations.map(({ op }) => op),
    chain.bundler,
  )
  return chain.send({ to: entryPoint.address, data, gas: handleOpsGas(entryPoint, operations) })
}

describe.each(entryPointAdapters)('AA95 / bundle gas, EntryPoint $version', (entryPoint) => {
  test.each([
    { callGasLimit: 1_500_000n, count: 6 },
    { callGasLimit: 9_000_000n, count: 1 },
    { callGasLimit: 30_000n, count: 12 },
  ])(
    '$count operations that burn all of $callGasLimit call gas: the bundle goes through',
    async ({ callGasLimit, count }) => {
      const operations: PooledOperation[] = []
      for (let n = 0; n < count; n++) {
        const fields = { callGasLimit, callData: execute({ to: burner }) }
        operations.push(await operation(entryPoint, fields))
      }
      const receipt = await send(entryPoint, operations)
      expect(receipt.status).toBe('success')
      expect(receipt.gasUsed).toBeGreaterThan((callGasLimit * BigInt(count) * 9n) / 10n)
    },
  )

  test.each([
    { bytes: 40_000, count: 2 },
    { bytes: 100_000, count: 1 },
  ])(
    '$count operations of $bytes bytes: copies and memory are paid for',
    async ({ bytes, count }) => {
      const data = `0x${'ab'.repeat(bytes)}` as const
      const operations: PooledOperation[] = []
      for (let n = 0; n < count; n++) {
        operations.push(
          await operation(entryPoint, {
            callData: execute({ to: '0x00000000000000000000000000000000000000A1', data }),
            callGasLimit: 300_000n,
            preVerificationGas: 5_000_000n,
          }),
        )
      }
      expect((await send(entryPoint, operations)).status).toBe('success')
    },
  )

  test('10 % unused gas penalty: what is charged for 2,000,000 unused gas pays the executor, too', async () => {
    const of = (callGasLimit: bigint) => operation(entryPoint, { callGasLimit })
    const balance = () => chain.client.getBalance({ address: beneficiary })
    const beneficiary: Address = '0x00000000000000000000000000000000000b0b0b'
    const paid = async (pooledOne: PooledOperation) => {
      const before = await balance()
      const data = entryPoint.encodeHandleOps([pooledOne.op], beneficiary)
      const gas = handleOpsGas(entryPoint, [pooledOne])
      const { effectiveGasPrice } = await chain.send({ to: entryPoint.address, data, gas })
      return { gas: ((await balance()) - before) / effectiveGasPrice, effectiveGasPrice }
    }
    await paid(await of(100_000n))
    const [frugal, wasteful] = [await paid(await of(60_000n)), await paid(await of(2_060_000n))]
    const charged = wasteful.gas - frugal.gas
    const expected = entryPoint.minimumChargedGas((await of(2_000_000n)).op)
    expect(charged).toBeGreaterThanOrEqual((expected * 8n) / 10n)
    expect(charged).toBeLessThanOrEqual((expected * 12n) / 10n + 20_000n)
  })
})
