import { describe, expect, test } from 'vitest'
import { staked, testAdmission, valid } from '../testing/admission.ts'
import { testStakePolicy } from '../testing/pool.ts'
import { testAddress } from '../testing/pooledOperation.ts'

test('[GREP-010] a banned entity is refused before anything is simulated', async () => {
  const { run, validate } = testAdmission({ seen: { [testAddress(1)]: 510n } })
  await expect(run()).rejects.toMatchObject({
    code: -32504,
    message: `account ${testAddress(1)} is banned`,
    data: { rule: 'GREP-010', status: 'banned', account: testAddress(1) },
  })
  expect(validate).not.toHaveBeenCalled()
})

test('[GREP-010] one that is banned while it is validated is refused, too', async () => {
  const gate = Promise.withResolvers<void>()
  const parts = testAdmission({
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
  const { run, validate } = testAdmission({ seen: { [testAddress(1)]: 110n }, validate: staked })
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
  const { run, mempool } = testAdmission({ seen: { [testAddress(9)]: 110n } })
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
    const { run, mempool } = testAdmission({ validate })
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
  const { run, mempool } = testAdmission({ maxOperations: 100, deposit: 10n ** 18n })
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
    const unstaked = testAdmission({ deposit: 10_000n })
    await unstaked.run({ paymaster })
    expect(unstaked.opsSeen()).toEqual({ [paymaster]: 1n })
    const other = testAdmission({ deposit: 10_000n, validate: staked })
    await other.run({ paymaster })
    await other.run({ paymaster, nonce: 9n << 64n })
    expect(other.opsSeen()).toEqual({ [paymaster]: 2n, [testAddress(1)]: 2n })
  })

  test('[GREP-050] it moves with a replacement', async () => {
    const { run, opsSeen } = testAdmission({ deposit: 10_000n })
    await run({ paymaster })
    await run({ paymaster, ...dear(2n) })
    expect(opsSeen()).toEqual({ [paymaster]: 1n })
    await run({ paymaster: testAddress(8), ...dear(3n) })
    expect(opsSeen()).toEqual({ [paymaster]: 0n, [testAddress(8)]: 1n })
    await run(dear(4n))
    expect(opsSeen()).toEqual({ [paymaster]: 0n, [testAddress(8)]: 0n })
  })

  test('it does not count what was refused or not journaled', async () => {
    const { run, opsSeen } = testAdmission({ deposit: 0n })
    await expect(run({ paymaster })).rejects.toMatchObject({ code: -32508 })
    const broken = testAdmission({
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
    const parts = testAdmission({ maxOperations: 1, deposit: 10_000n })
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
    const parts = testAdmission({
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
    const { run } = testAdmission({ maxOperations: 1 })
    await run(cheap)
    await expect(run({ ...cheap, sender: testAddress(2) })).rejects.toMatchObject({
      code: -32504,
      data: { rule: 'mempoolFull', effectiveGasPrice: 2n },
    })
  })
})
