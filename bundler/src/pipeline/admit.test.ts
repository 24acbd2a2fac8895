import { defaultEntryPoint, eip7702FactoryMarker } from '@fabstir/erc4337'
import { describe, expect, test, vi } from 'vitest'
import { testAdmission, valid } from '../testing/admission.ts'
import { readyOperations } from '../testing/pool.ts'
import { testAddress, testHash, testOperation } from '../testing/pooledOperation.ts'
import { RpcError } from '../types/rpcError.ts'
import type { Validator } from '../validation/validate.ts'

const entryPoint = defaultEntryPoint.address

describe('createAdmission', () => {
  test('the hash is returned when the operation is in the journal, not before', async () => {
    const journal = Promise.withResolvers<void>()
    const { run, mempool, onAdmitted } = testAdmission({ commit: () => journal.promise })
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
    const { run, mempool } = testAdmission({
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
    const { run, mempool, store } = testAdmission({
      validate: () => Promise.reject(new RpcError(-32500, 'AA23 reverted')),
    })
    await expect(run()).rejects.toMatchObject({ code: -32500 })
    expect(mempool.size()).toBe(0)
    expect(await store.pendingOperations()).toEqual([])
  })

  test('the same operation twice, at once or later, is accepted once', async () => {
    const { run, mempool, validate } = testAdmission()
    const [first, second] = await Promise.all([run(), run()])
    expect(await run()).toBe(first)
    expect(second).toBe(first)
    expect(validate).toHaveBeenCalledTimes(1)
    expect(mempool.size()).toBe(1)
  })

  describe('the hash does not cover signatures', () => {
    const forged = { signature: '0xbad1' } as const

    test('a copy with a bad one does not take the good one along', async () => {
      const gate = Promise.withResolvers<void>()
      const { run, mempool } = testAdmission({
        async validate(op, at) {
          if (op.signature !== forged.signature) return valid(op, at)
          await gate.promise
          throw new RpcError(-32507, 'AA24 signature error')
        },
      })
      const copy = run(forged)
      const hash = await run()
      gate.resolve()
      await expect(copy).rejects.toMatchObject({ code: -32507 })
      expect(mempool.get(hash)?.op.signature).toBe('0x')
    })

    test('of two good ones the first is kept, and both are answered when it is in the journal', async () => {
      const journal = Promise.withResolvers<void>()
      const { run, mempool, validate } = testAdmission({ commit: () => journal.promise })
      const answered: string[] = []
      const note = (name: string) => (hash: string) => {
        answered.push(name)
        return hash
      }
      const both = [run().then(note('one')), run({ signature: '0x01' }).then(note('other'))]
      await vi.waitFor(() => expect(validate).toHaveBeenCalledTimes(2))
      await new Promise((resolve) => setImmediate(resolve))
      expect(answered).toEqual([])
      journal.resolve()
      const [one, other] = await Promise.all(both)
      expect(other).toBe(one)
      expect([...mempool.entries()].map(({ op }) => op.signature)).toEqual(['0x'])
    })
  })

  describe('future nonces', () => {
    /** An EntryPoint whose next nonce is 5. */
    const inTurn: Validator['validate'] = (op, at, stateOverride) =>
      op.nonce === 5n || stateOverride
        ? valid(op, at)
        : Promise.reject(new RpcError(-32500, 'AA25 invalid account nonce', { aaCode: 'AA25' }))

    test('one within the bound is accepted and waits for its predecessors', async () => {
      const { run, mempool, validate } = testAdmission({ validate: inTurn, nextNonce: 5n })
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
      const { run, validate } = testAdmission({ validate: inTurn, nextNonce: 5n })
      await run({ nonce: 5n })
      validate.mockClear()
      await run({ nonce: 6n })
      expect(validate).toHaveBeenCalledTimes(1)
    })

    test.each([
      { nonce: 8n, answer: 'accepted' },
      { nonce: 9n, answer: 'refused' },
    ])('nonce $nonce with 5 next and three ahead allowed: $answer', async ({ nonce, answer }) => {
      const { run, mempool } = testAdmission({ validate: inTurn, nextNonce: 5n })
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
      const { run } = testAdmission({ validate: inTurn, nextNonce: 5n })
      await expect(run({ nonce: 4n })).rejects.toMatchObject({ data: { aaCode: 'AA25' } })
    })
  })

  test('an operation that is larger than a transaction may be is refused with the numbers', async () => {
    const { run, validate } = testAdmission()
    await expect(run({ callData: `0x${'00'.repeat(130_000)}` })).rejects.toMatchObject({
      code: -32602,
      data: { rule: 'maxBundleSize', limit: 130_048 },
    })
    expect(validate).not.toHaveBeenCalled()
  })

  test('an operation that fits into no bundle is refused with the numbers', async () => {
    const { run } = testAdmission()
    await expect(run({ callGasLimit: 1n << 24n })).rejects.toMatchObject({
      code: -32602,
      data: { rule: 'maxBundleGas', limit: '16777216' },
    })
  })

  test('the paymaster deposit counts at the EntryPoint, less what is reserved', async () => {
    const { run } = testAdmission({ deposit: 1_999n })
    const paymaster = testAddress(7)
    await run({ paymaster, nonce: 1n << 64n })
    await expect(run({ paymaster, nonce: 2n << 64n })).rejects.toMatchObject({ code: -32508 })
  })

  test('the EIP-7702 marker without authorization is a parameter error', async () => {
    const { run } = testAdmission()
    await expect(run({ factory: eip7702FactoryMarker, factoryData: '0x' })).rejects.toMatchObject({
      code: -32602,
      data: { field: 'eip7702Auth' },
    })
  })
})
