import { defaultEntryPoint, eip7702FactoryMarker } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { toFunctionSelector } from 'viem'
import { describe, expect, test, vi } from 'vitest'
import { createMemoryStore } from '../store/memory/memoryStore.ts'
import type { Store } from '../store/store.ts'
import { readyOperations, testMempool, testReputation, testStakePolicy } from '../testing/pool.ts'
import { testAddress, testHash, testOperation } from '../testing/pooledOperation.ts'
import { RpcError } from '../types/rpcError.ts'
import type { Validator } from '../validation/validate.ts'
import { createAdmission } from './admit.ts'

const entryPoint = defaultEntryPoint.address
const sender = { address: testAddress(1), stake: 0n, unstakeDelaySec: 0n }
const valid: Validator['validate'] = async () => ({
  preOpGas: 1n,
  prefund: 1_000n,
  validAfter: 0,
  validUntil: 0,
  entities: { sender },
})
/** The same, of a sender that is staked. */
const staked: Validator['validate'] = async (...args) => ({
  ...(await valid(...args)),
  entities: {
    sender: {
      ...sender,
      stake: testStakePolicy.minStake,
      unstakeDelaySec: testStakePolicy.minUnstakeDelay,
    },
  },
})

function admission(
  parts: {
    validate?: Validator['validate']
    commit?: Store['commit']
    /** Operations of senders and paymasters seen so far, none of them included. */
    seen?: Record<Address, bigint>
    deposit?: bigint
    /** The next nonce on chain, of every sender and key. */
    nextNonce?: bigint
    maxOperations?: number
  } = {},
) {
  const store = createMemoryStore()
  const mempool = testMempool({ maxOperations: parts.maxOperations ?? 10 })
  const reputation = testReputation()
  const seen = Object.entries(parts.seen ?? {}) as [Address, bigint][]
  reputation.set(
    seen.map(([address, opsSeen]) => ({ entryPoint, address, opsSeen, opsIncluded: 0n, hour: 0 })),
  )
  const onUpdates = vi.fn()
  const validate = vi.fn(parts.validate ?? valid)
  const onAdmitted = vi.fn()
  const word = (value = 0n): Hex => `0x${value.toString(16).padStart(64, '0')}`
  const isNonceCall = (data: Hex) =>
    data.startsWith(toFunctionSelector('getNonce(address,uint192)'))
  const admit = createAdmission({
    chainId: 31_337,
    reader: {
      call: async ({ data }) => ({
        ok: true,
        data: word(isNonceCall(data) ? parts.nextNonce : parts.deposit),
      }),
    },
    validator: { validate },
    mempool,
    reputation,
    stakePolicy: testStakePolicy,
    maxOperationsPerSender: 4,
    maxNoncesAhead: 3,
    head: () => ({ number: 10, baseFeePerGas: 0n }),
    store: { commit: parts.commit ?? store.commit },
    maxBundleGas: () => 1n << 24n,
    now: () => 1,
    onAdmitted,
    onUpdates,
  })
  const run = (fields: Parameters<typeof testOperation>[0] = {}) =>
    admit(testOperation(fields), defaultEntryPoint)
  const opsSeen = () =>
    Object.fromEntries(
      reputation.entries(entryPoint).map((entry) => [entry.address, entry.opsSeen]),
    )
  const ban = (address: Address) => reputation.apply(entryPoint, [{ address, effect: 'ban' }])
  return { run, store, mempool, validate, onAdmitted, onUpdates, opsSeen, ban }
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
    expect(readyOperations(mempool, entryPoint)).toEqual([])
    expect(onAdmitted).not.toHaveBeenCalled()

    journal.resolve()
    const hash = await answer
    expect(hash).toBe(defaultEntryPoint.hash(testOperation(), 31_337))
    expect(readyOperations(mempool, entryPoint).map((entry) => entry.hash)).toEqual([hash])
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

  test('[GREP-010] a banned entity is refused before anything is simulated', async () => {
    const { run, validate } = admission({ seen: { [testAddress(1)]: 510n } })
    await expect(run()).rejects.toMatchObject({
      code: -32504,
      message: `account ${testAddress(1)} is banned`,
      data: { rule: 'GREP-010', status: 'banned', account: testAddress(1) },
    })
    expect(validate).not.toHaveBeenCalled()
  })

  test('[GREP-010] one that is banned while it is validated is refused, too', async () => {
    const gate = Promise.withResolvers<void>()
    const parts = admission({
      validate: async (...args) => {
        await gate.promise
        return valid(...args)
      },
    })
    const answer = parts.run({ paymaster: testAddress(7) })
    parts.ban(testAddress(7))
    gate.resolve()
    await expect(answer).rejects.toMatchObject({ code: -32504, data: { entity: 'paymaster' } })
    expect(parts.mempool.size()).toBe(0)
  })

  test('[GREP-020] a throttled entity may have four pending operations, a staked one, too', async () => {
    const { run, validate } = admission({ seen: { [testAddress(1)]: 110n }, validate: staked })
    for (const key of [1n, 2n, 3n, 4n]) await run({ nonce: key << 64n })
    await expect(run({ sender: testAddress(2), nonce: 0n })).resolves.toMatch(/^0x/)
    validate.mockClear()
    await expect(run({ nonce: 5n << 64n })).rejects.toMatchObject({
      code: -32504,
      data: { rule: 'GREP-020', status: 'throttled' },
    })
    expect(validate).not.toHaveBeenCalled()
  })

  test('[GREP-020] five operations of a throttled entity at once: four are taken', async () => {
    const { run, mempool } = admission({ seen: { [testAddress(9)]: 110n } })
    const answers = await Promise.allSettled(
      [1, 2, 3, 4, 5].map((n) =>
        run({ sender: testAddress(n), factory: testAddress(9), factoryData: '0x' }),
      ),
    )
    const refused = answers.filter(({ status }) => status === 'rejected')
    expect(refused).toMatchObject([{ reason: { code: -32504, data: { entity: 'factory' } } }])
    expect(mempool.size()).toBe(4)
  })

  test('[UREP-010] an unstaked sender may have four, [UREP-011] a staked one more', async () => {
    for (const [validate, taken] of [
      [valid, 4],
      [staked, 6],
    ] as const) {
      const { run, mempool } = admission({ validate })
      const keys = [1n, 2n, 3n, 4n, 5n, 6n]
      const answers = await Promise.allSettled(keys.map((key) => run({ nonce: key << 64n })))
      expect(mempool.size()).toBe(taken)
      for (const refused of answers.slice(taken)) {
        expect(refused).toMatchObject({
          reason: {
            code: -32505,
            data: { rule: 'UREP-010', minimumStake: testStakePolicy.minStake },
          },
        })
      }
    }
  })

  test('[UREP-020] an unstaked paymaster without a past may have ten', async () => {
    const paymaster = testAddress(99)
    const { run, mempool } = admission({ maxOperations: 100, deposit: 10n ** 18n })
    const answers = await Promise.allSettled(
      Array.from({ length: 11 }, (_, n) => run({ sender: testAddress(n + 1), paymaster })),
    )
    expect(mempool.size()).toBe(10)
    expect(answers.at(-1)).toMatchObject({
      reason: { code: -32505, data: { rule: 'UREP-020', paymaster } },
    })
  })

  describe('opsSeen', () => {
    const paymaster = testAddress(7)
    const dear = (factor: bigint) => ({
      maxFeePerGas: 100n * factor,
      maxPriorityFeePerGas: 10n * factor,
    })

    test('it counts accepted operations of paymasters and staked entities', async () => {
      const unstaked = admission({ deposit: 10_000n })
      await unstaked.run({ paymaster })
      expect(unstaked.opsSeen()).toEqual({ [paymaster]: 1n })
      const other = admission({ deposit: 10_000n, validate: staked })
      await other.run({ paymaster })
      await other.run({ paymaster, nonce: 9n << 64n })
      expect(other.opsSeen()).toEqual({ [paymaster]: 2n, [testAddress(1)]: 2n })
    })

    test('[GREP-050] it moves with a replacement', async () => {
      const { run, opsSeen } = admission({ deposit: 10_000n })
      await run({ paymaster })
      await run({ paymaster, ...dear(2n) })
      expect(opsSeen()).toEqual({ [paymaster]: 1n })
      await run({ paymaster: testAddress(8), ...dear(3n) })
      expect(opsSeen()).toEqual({ [paymaster]: 0n, [testAddress(8)]: 1n })
      await run(dear(4n))
      expect(opsSeen()).toEqual({ [paymaster]: 0n, [testAddress(8)]: 0n })
    })

    test('it does not count what was refused or not journaled', async () => {
      const { run, opsSeen } = admission({ deposit: 0n })
      await expect(run({ paymaster })).rejects.toMatchObject({ code: -32508 })
      const broken = admission({
        deposit: 10_000n,
        commit: () => Promise.reject(new Error('disk full')),
      })
      await expect(broken.run({ paymaster })).rejects.toThrow('disk full')
      expect([opsSeen(), broken.opsSeen()]).toEqual([{}, {}])
    })
  })

  describe('when the pool is full', () => {
    const cheap = { sender: testAddress(1), maxPriorityFeePerGas: 1n }
    const dear = { sender: testAddress(2), maxPriorityFeePerGas: 50n }

    test('a better payer takes the place of the worst, in one commit, and that is told', async () => {
      const parts = admission({ maxOperations: 1, deposit: 10_000n })
      const evicted = await parts.run({ ...cheap, paymaster: testAddress(7) })
      const hash = await parts.run(dear)
      const reason = { rule: 'evicted', message: `the mempool is full and ${hash} pays more` }
      expect(parts.onUpdates).toHaveBeenCalledWith([{ type: 'dropped', hash: evicted, reason }])
      expect(await parts.store.findOperation(evicted)).toMatchObject({ state: 'dropped', reason })
      expect((await parts.store.pendingOperations()).map((op) => op.hash)).toEqual([hash])
      // Nobody's fault.
      expect(parts.opsSeen()).toEqual({ [testAddress(7)]: 0n })
    })

    test('when the journal fails, who was evicted is back', async () => {
      let broken = false
      const parts = admission({
        maxOperations: 1,
        commit: async () => {
          if (broken) throw new Error('disk full')
        },
      })
      const first = await parts.run(cheap)
      broken = true
      await expect(parts.run(dear)).rejects.toThrow('disk full')
      expect([...parts.mempool.entries()].map(({ hash }) => hash)).toEqual([first])
    })

    test('an equal payer is refused and told what is enough', async () => {
      const { run } = admission({ maxOperations: 1 })
      await run(cheap)
      await expect(run({ ...cheap, sender: testAddress(2) })).rejects.toMatchObject({
        code: -32504,
        data: { rule: 'mempoolFull', effectiveGasPrice: 2n },
      })
    })
  })

  describe('future nonces', () => {
    /** An EntryPoint whose next nonce is 5. */
    const inTurn: Validator['validate'] = (op, at, stateOverride) =>
      op.nonce === 5n || stateOverride
        ? valid(op, at)
        : Promise.reject(new RpcError(-32500, 'AA25 invalid account nonce', { aaCode: 'AA25' }))

    test('one within the bound is accepted and waits for its predecessors', async () => {
      const { run, mempool, validate } = admission({ validate: inTurn, nextNonce: 5n })
      const last = await run({ nonce: 7n })
      expect(readyOperations(mempool, entryPoint)).toEqual([])
      const override = validate.mock.calls.at(-1)?.[2]
      expect(Object.values(override?.[entryPoint]?.stateDiff ?? {})).toEqual([testHash(7)])
      const first = await run({ nonce: 5n })
      await run({ nonce: 6n })
      expect(readyOperations(mempool, entryPoint).map(({ hash }) => hash)).toEqual([first])
      expect(mempool.get(last)?.state).toBe('waiting')
    })

    test('behind a pooled predecessor it takes one validation', async () => {
      const { run, validate } = admission({ validate: inTurn, nextNonce: 5n })
      await run({ nonce: 5n })
      validate.mockClear()
      await run({ nonce: 6n })
      expect(validate).toHaveBeenCalledTimes(1)
    })

    test.each([
      { nonce: 8n, answer: 'accepted' },
      { nonce: 9n, answer: 'refused' },
    ])('nonce $nonce with 5 next and three ahead allowed: $answer', async ({ nonce, answer }) => {
      const { run, mempool } = admission({ validate: inTurn, nextNonce: 5n })
      const sent = run({ nonce })
      if (answer === 'accepted') await expect(sent).resolves.toMatch(/^0x/)
      else {
        await expect(sent).rejects.toMatchObject({
          code: -32500,
          data: { rule: 'nonceTooFar', nonce: 9n, next: 5n, limit: 3 },
        })
        expect(mempool.size()).toBe(0)
      }
    })

    test('a nonce that is used is AA25', async () => {
      const { run } = admission({ validate: inTurn, nextNonce: 5n })
      await expect(run({ nonce: 4n })).rejects.toMatchObject({ data: { aaCode: 'AA25' } })
    })
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
