import type { EntryPointAdapter } from '@fabstir/erc4337'
import { entryPointAdapters } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  executionGas,
  handleOpsGas,
  transactionGasUsed,
} from '../../bundler/src/bundling/bundleGas.ts'
import type { DryRunResult } from '../../bundler/src/bundling/dryRun.ts'
import { dryRun } from '../../bundler/src/bundling/dryRun.ts'
import type { ChainReader } from '../../bundler/src/chain/reader.ts'
import { callableEntryPoint } from '../../bundler/src/simulation/callableEntryPoint.ts'
import type { PooledOperation } from '../../bundler/src/types/pooledOperation.ts'
import { pooled } from '../fixtures/pooled.ts'
import type { SimpleAccounts } from '../fixtures/simpleAccounts.ts'
import { deploySimpleAccounts } from '../fixtures/simpleAccounts.ts'
import type { TestChain } from '../fixtures/testChain.ts'
import { startTestChain } from '../fixtures/testChain.ts'

let chain: TestChain
let accounts: SimpleAccounts

beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
})

afterAll(() => chain?.stop())

type Fields = Parameters<typeof pooled>[2]

/** Operations of new accounts, one for each of `fields`. */
async function fresh({ version }: EntryPointAdapter, fields: readonly Fields[]) {
  const operations: PooledOperation[] = []
  for (const each of fields) {
    operations.push(await pooled(await accounts.counterfactual(version), chain.chainId, each))
  }
  return operations
}

async function run(
  entryPoint: EntryPointAdapter,
  operations: readonly PooledOperation[],
  reader: Pick<ChainReader, 'call'> = chain.reader,
): Promise<DryRunResult> {
  const code = (await chain.client.getCode({ address: entryPoint.address })) ?? '0x'
  const { baseFeePerGas } = await chain.client.getBlock()
  return dryRun(reader, {
    entryPoint,
    entryPointCode: callableEntryPoint(code),
    operations,
    executor: chain.bundler,
    gasPrice: 4n * (baseFeePerGas ?? 0n),
  })
}

function send(entryPoint: EntryPointAdapter, operations: readonly PooledOperation[]) {
  return chain.send({
    to: entryPoint.address,
    data: entryPoint.encodeHandleOps(
      operations.map(({ op }) => op),
      beneficiary,
    ),
    gas: handleOpsGas(entryPoint, operations),
  })
}

const beneficiary: Hex = '0x00000000000000000000000000000000000b0b0b'
const hashes = (operations: readonly PooledOperation[]) => operations.map(({ hash }) => hash)
const rules = ({ failures }: DryRunResult) =>
  failures.map(({ operation, reason }) => [operation.hash, reason.rule])
const bad: Fields = { nonce: 7n }

/** The least `verificationGasLimit` with which an operation passes alone. */
async function leastVerificationGas(entryPoint: EntryPointAdapter): Promise<PooledOperation> {
  const account = await accounts.counterfactual(entryPoint.version)
  const withLimit = (verificationGasLimit: bigint) =>
    pooled(account, chain.chainId, { verificationGasLimit })
  let [low, high] = [10_000n, 1_000_000n]
  while (high - low > 1n) {
    const middle = (low + high) / 2n
    const { passing } = await run(entryPoint, [await withLimit(middle)])
    if (passing.length === 1) high = middle
    else low = middle
  }
  return withLimit(high)
}

describe.each(entryPointAdapters)('EntryPoint $version', (entryPoint) => {
  test('what the dry run pays is what the chain pays, and its gas is what the chain uses before refunds', async () => {
    const operations = await fresh(entryPoint, [{}, {}, {}])
    const result = await run(entryPoint, operations)
    expect(hashes(result.passing)).toEqual(hashes(operations))
    await chain.client.setNextBlockBaseFeePerGas({ baseFeePerGas: result.baseFee })
    const before = await chain.client.getBalance({ address: beneficiary })
    const receipt = await send(entryPoint, operations)
    expect(receipt.status).toBe('success')
    const paid = (await chain.client.getBalance({ address: beneficiary })) - before
    expect(paid).toBe(result.paid)
    const data = entryPoint.encodeHandleOps(
      operations.map(({ op }) => op),
      beneficiary,
    )
    const bound = transactionGasUsed(data, { executed: result.gasUsed, authorizations: 0 })
    // Here the beneficiary may be new, which the executor never is; refunds are a fifth at most.
    expect(receipt.gasUsed).toBeLessThanOrEqual(bound + 25_000n)
    expect(receipt.gasUsed).toBeGreaterThanOrEqual((bound * 4n) / 5n)
  })

  test('every third of 24 fails: one call finds each of them, and the others pass together', async () => {
    const operations = await fresh(
      entryPoint,
      Array.from({ length: 24 }, (_, index) => (index % 3 === 1 ? bad : {})),
    )
    let calls = 0
    const counted: Pick<ChainReader, 'call'> = {
      call: (parameters) => {
        calls += 1
        return chain.reader.call(parameters)
      },
    }
    const result = await run(entryPoint, operations, counted)
    const failing = operations.filter((_, index) => index % 3 === 1)
    expect(hashes(result.passing)).toEqual(
      hashes(operations.filter((operation) => !failing.includes(operation))),
    )
    expect(rules(result)).toEqual(failing.map(({ hash }) => [hash, 'AA25']))
    expect(calls).toBe(1)
    expect((await send(entryPoint, result.passing)).status).toBe('success')
  })

  // The memory of the others is allocated before it is validated, so what it allocates itself costs more.
  test('one with the least verificationGasLimit fails before others only: it is kept, not judged', async () => {
    const tight = await leastVerificationGas(entryPoint)
    const [middle, last] = await fresh(entryPoint, [{}, {}])
    if (!middle || !last) throw new Error('there are two')
    const result = await run(entryPoint, [tight, middle, last])
    expect(hashes(result.passing)).toEqual(hashes([middle, last]))
    expect(result.failures).toEqual([])
    expect(result.inCompany).toMatchObject([
      {
        operation: { hash: tight.hash },
        reason: { rule: entryPoint.supports.paymasterGasLimits ? 'AA26' : 'AA40' },
      },
    ])
    const alone = await run(entryPoint, [tight])
    expect(hashes(alone.passing)).toEqual([tight.hash])
    expect((await send(entryPoint, [tight])).status).toBe('success')
  })

  test('operations behind a failing one on its nonce key wait, those on other keys do not', async () => {
    const account = await accounts.counterfactual(entryPoint.version, parseEther('10'))
    const of = (nonce: bigint, fields: Fields = {}) =>
      pooled(account, chain.chainId, { nonce, deploy: nonce === 0n, ...fields })
    const operations = [
      await of(0n),
      await of(1n, { verificationGasLimit: 9_000n }),
      await of(2n),
      await of(1n << 64n),
    ]
    const [first, failing, behind, otherKey] = hashes(operations)
    const result = await run(entryPoint, operations)
    expect(hashes(result.passing)).toEqual([first, otherKey])
    expect(hashes(result.undecided)).toEqual([behind])
    expect(result.failures).toMatchObject([{ operation: { hash: failing }, amongSiblings: true }])
  })

  test('when the node gives less gas than the whole needs, what fits passes and the rest waits', async () => {
    const operations = await fresh(
      entryPoint,
      Array.from({ length: 6 }, () => ({ callGasLimit: 2_000_000n })),
    )
    const each = executionGas(entryPoint, operations[0]?.op ?? operations[1]?.op ?? never())
    const tightfisted: Pick<ChainReader, 'call'> = {
      call: (parameters) => chain.reader.call({ ...parameters, gas: each * 4n }),
    }
    const result = await run(entryPoint, operations, tightfisted)
    expect(result.failures).toEqual([])
    expect(result.passing.length).toBeGreaterThan(0)
    expect(result.passing.length + result.undecided.length).toBe(6)
  })
})

function never(): never {
  throw new Error('there is one')
}

test('the EntryPoint that accepts accounts alone is called as it is, but for its check', async () => {
  const codes = await Promise.all(
    entryPointAdapters.map(({ address }) => chain.client.getCode({ address })),
  )
  const patched = codes.map((code) => callableEntryPoint(code ?? '0x'))
  expect(patched.map((code) => code !== undefined)).toEqual([false, false, false, true])
  const [original, callable] = [codes.at(-1) ?? '0x', patched.at(-1) ?? '0x']
  expect(callable).toHaveLength(original.length)
  const changed = Array.from({ length: original.length / 2 }, (_, byte) => byte).filter(
    (byte) => original.slice(2 * byte, 2 * byte + 2) !== callable.slice(2 * byte, 2 * byte + 2),
  )
  // Twice, in handleOps and handleAggregatedOps: ORIGIN, and the jump over the other half.
  expect(changed).toHaveLength(2 * 6)
  expect(() => callableEntryPoint(original.replace(/333214/, '323214') as Hex)).toThrow(
    /origin of a transaction/,
  )
})
