import type { EntryPointAdapter } from '@fabstir/erc4337'
import { eip7702FactoryMarker, entryPointAdapters } from '@fabstir/erc4337'
import type { Address } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dryRun } from '../../../bundler/src/bundling/dryRun.ts'
import { callableEntryPoint } from '../../../bundler/src/simulation/callableEntryPoint.ts'
import type { PooledOperation } from '../../../bundler/src/types/pooledOperation.ts'
import { paymasterCode } from '../../fixtures/paymasterCode.ts'
import { pooled } from '../../fixtures/pooled.ts'
import type { SimpleAccounts } from '../../fixtures/simpleAccounts.ts'
import { deploySimpleAccounts } from '../../fixtures/simpleAccounts.ts'
import type { TestChain } from '../../fixtures/testChain.ts'
import { startTestChain } from '../../fixtures/testChain.ts'

let chain: TestChain
let accounts: SimpleAccounts

beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
})

afterAll(() => chain?.stop())

async function run(entryPoint: EntryPointAdapter, operations: readonly PooledOperation[]) {
  const code = (await chain.client.getCode({ address: entryPoint.address })) ?? '0x'
  const { baseFeePerGas } = await chain.client.getBlock()
  return dryRun(chain.reader, {
    entryPoint,
    entryPointCode: callableEntryPoint(code),
    operations,
    executor: chain.bundler,
    gasPrice: 4n * (baseFeePerGas ?? 0n),
  })
}

const hashes = (operations: readonly PooledOperation[]) => operations.map(({ hash }) => hash)

async function sound({ version }: EntryPointAdapter): Promise<PooledOperation> {
  return pooled(await accounts.counterfactual(version), chain.chainId)
}

/** Makes `handleOps` revert without naming anybody: it says to be delegated, and is not. */
async function undelegated(entryPoint: EntryPointAdapter): Promise<PooledOperation> {
  const operation = await sound(entryPoint)
  return {
    ...operation,
    op: { ...operation.op, factory: eip7702FactoryMarker, factoryData: '0x' },
  }
}

const withDelegation = entryPointAdapters.filter(({ supports }) => supports.eip7702)

describe.each(withDelegation)('EntryPoint $version', (entryPoint) => {
  test('ambiguous multi-op revert: who makes it revert is isolated, nobody else is evicted', async () => {
    const operations = [
      await sound(entryPoint),
      await undelegated(entryPoint),
      await sound(entryPoint),
      await sound(entryPoint),
      await undelegated(entryPoint),
      await sound(entryPoint),
      await sound(entryPoint),
    ]
    const bad = operations.filter(({ op }) => op.factory === eip7702FactoryMarker)
    const result = await run(entryPoint, operations)
    expect(hashes(result.passing)).toEqual(
      hashes(operations.filter((operation) => !bad.includes(operation))),
    )
    expect(hashes(result.failures.map(({ operation }) => operation))).toEqual(hashes(bad))
    expect(result.failures.map(({ reason }) => reason.rule)).toEqual(bad.map(() => 'bundleReverts'))
    // Nobody is named, so nobody is blamed.
    expect(result.failures.every(({ phase }) => phase === undefined)).toBe(true)
  })
})

describe.each(entryPointAdapters)('EntryPoint $version', (entryPoint) => {
  test('multi-op + paymaster: a deposit for one of two operations carries one, and the other is kept', async () => {
    const paymaster: Address = `0x${entryPoint.version.replace('.', '').padStart(40, 'b')}`
    await chain.client.setCode({ address: paymaster, bytecode: paymasterCode() })
    const sponsored = {
      paymaster,
      paymasterData: '0x',
      ...(entryPoint.supports.paymasterGasLimits && {
        paymasterVerificationGasLimit: 100_000n,
        paymasterPostOpGasLimit: 0n,
      }),
    } as const
    const [first, second] = await Promise.all(
      [0, 1].map(async () =>
        pooled(await accounts.counterfactual(entryPoint.version), chain.chainId, sponsored),
      ),
    )
    if (!first || !second) throw new Error('there are two')
    await chain.deposit(entryPoint, paymaster, (first.prefund * 3n) / 2n)
    const result = await run(entryPoint, [first, second])
    expect(hashes(result.passing)).toEqual([first.hash])
    expect(result.failures).toEqual([])
    expect(result.inCompany).toMatchObject([
      { operation: { hash: second.hash }, reason: { rule: 'AA31' } },
    ])
  })
})
