import { defaultEntryPoint, eip7702FactoryMarker } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { describe, expect, test, vi } from 'vitest'
import { createMempool } from '../mempool/mempool.ts'
import type { ReputationStatus } from '../reputation/reputation.ts'
import { createMemoryStore } from '../store/memory/memoryStore.ts'
import type { Store } from '../store/store.ts'
import { testAddress, testOperation } from '../testing/pooledOperation.ts'
import { RpcError } from '../types/rpcError.ts'
import type { Validator } from '../validation/validate.ts'
import { createAdmission } from './admit.ts'

const sender = { address: testAddress(1), stake: 0n, unstakeDelaySec: 0n }
const valid: Validator['validate'] = async () => ({
  preOpGas: 1n,
  prefund: 1_000n,
  validAfter: 0,
  validUntil: 0,
  entities: { sender },
})

function admission(
  parts: {
    validate?: Validator['validate']
    commit?: Store['commit']
    status?: ReputationStatus
    deposit?: bigint
  } = {},
) {
  const store = createMemoryStore()
  const mempool = createMempool({ maxOperations: 10, maxOperationsPerSender: 4 })
  const validate = vi.fn(parts.validate ?? valid)
  const onAdmitted = vi.fn()
  const deposit: Hex = `0x${(parts.deposit ?? 0n).toString(16).padStart(64, '0')}`
  const admit = createAdmission({
    chainId: 31_337,
    reader: { call: async () => ({ ok: true, data: deposit }) },
    validator: { validate },
    mempool,
    reputation: { status: () => parts.status ?? 'ok' },
    store: { commit: parts.commit ?? store.commit },
    maxBundleGas: () => 1n << 24n,
    now: () => 1,
    onAdmitted,
  })
  const run = (fields: Parameters<typeof testOperation>[0] = {}) =>
    admit(testOperation(fields), defaultEntryPoint)
  return { run, store, mempool, validate, onAdmitted }
}

describe('createAdmission', () => {
  test('the hash is returned when the operation is in the journal, not before', async () => {
    const journal = Promise.withResolvers<void>()
    const { run, mempool, onAdmitted } = admission({ commit: () => journal.promise })
    let answered = false
    const answer = run().then((hash) => {
      answered = true
      return hash
    })
    await vi.waitFor(() => expect(mempool.size()).toBe(1))
    await new Promise((resolve) => setImmediate(resolve))
    expect(answered).toBe(false)
    expect(mempool.candidates(defaultEntryPoint.address)).toEqual([])
    expect(onAdmitted).not.toHaveBeenCalled()

    journal.resolve()
    const hash = await answer
    expect(hash).toBe(defaultEntryPoint.hash(testOperation(), 31_337))
    expect(mempool.candidates(defaultEntryPoint.address).map((entry) => entry.hash)).toEqual([hash])
    expect(onAdmitted).toHaveBeenCalledTimes(1)
  })

  test('when the journal fails, the operation is not accepted and the one it replaced is back', async () => {
    let broken = false
    const { run, mempool } = admission({
      commit: async () => {
        if (broken) throw new Error('disk full')
      },
    })
    const first = await run()
    broken = true
    await expect(run({ maxFeePerGas: 200n, maxPriorityFeePerGas: 20n })).rejects.toThrow(
      'disk full',
    )
    expect([...mempool.entries()].map(({ hash }) => hash)).toEqual([first])
  })

  test('what validation refuses leaves no trace', async () => {
    const { run, mempool, store } = admission({
      validate: () => Promise.reject(new RpcError(-32500, 'AA23 reverted')),
    })
    await expect(run()).rejects.toMatchObject({ code: -32500 })
    expect(mempool.size()).toBe(0)
    expect(await store.pendingOperations()).toEqual([])
  })

  test('the same operation twice, at once or later, is accepted once', async () => {
    const { run, mempool, validate } = admission()
    const [first, second] = await Promise.all([run(), run()])
    expect(await run()).toBe(first)
    expect(second).toBe(first)
    expect(validate).toHaveBeenCalledTimes(1)
    expect(mempool.size()).toBe(1)
  })

  test('a banned entity is refused before anything is simulated', async () => {
    const { run, validate } = admission({ status: 'banned' })
    await expect(run()).rejects.toMatchObject({ code: -32504, data: { status: 'banned' } })
    expect(validate).not.toHaveBeenCalled()
  })

  test('a throttled entity may have four pending operations', async () => {
    const { run } = admission({ status: 'throttled' })
    for (const key of [1n, 2n, 3n, 4n]) await run({ nonce: key << 64n })
    await expect(run({ sender: testAddress(2), nonce: 0n })).resolves.toMatch(/^0x/)
    await expect(run({ nonce: 5n << 64n })).rejects.toMatchObject({
      code: -32504,
      data: { status: 'throttled' },
    })
  })

  test('five operations of a throttled entity at once: four are taken', async () => {
    const { run, mempool } = admission({ status: 'throttled' })
    // Five senders with one factory: a sender has a limit of four anyway.
    const answers = await Promise.allSettled(
      [1, 2, 3, 4, 5].map((n) =>
        run({ sender: testAddress(n), factory: testAddress(9), factoryData: '0x' }),
      ),
    )
    const refused = answers.filter(({ status }) => status === 'rejected')
    expect(refused).toMatchObject([{ reason: { code: -32504, data: { entity: 'factory' } } }])
    expect(mempool.size()).toBe(4)
  })

  test('an operation that is larger than a transaction may be is refused with the numbers', async () => {
    const { run, validate } = admission()
    await expect(run({ callData: `0x${'00'.repeat(130_000)}` })).rejects.toMatchObject({
      code: -32602,
      data: { rule: 'maxBundleSize', limit: 130_048 },
    })
    expect(validate).not.toHaveBeenCalled()
  })

  test('an operation that fits into no bundle is refused with the numbers', async () => {
    const { run } = admission()
    await expect(run({ callGasLimit: 1n << 24n })).rejects.toMatchObject({
      code: -32602,
      data: { rule: 'maxBundleGas', limit: '16777216' },
    })
  })

  test('the paymaster deposit counts at the EntryPoint, less what is reserved', async () => {
    const { run } = admission({ deposit: 1_999n })
    const paymaster = testAddress(7)
    await run({ paymaster, nonce: 1n << 64n })
    await expect(run({ paymaster, nonce: 2n << 64n })).rejects.toMatchObject({ code: -32508 })
  })

  test('the EIP-7702 marker without authorization is a parameter error', async () => {
    const { run } = admission()
    await expect(run({ factory: eip7702FactoryMarker, factoryData: '0x' })).rejects.toMatchObject({
      code: -32602,
      data: { field: 'eip7702Auth' },
    })
  })
})
