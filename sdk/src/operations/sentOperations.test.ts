import { numberToHex } from 'viem'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createSentOperations } from './sentOperations.ts'

const operation = (number: number, callData: `0x${string}` = '0x') => ({
  hash: numberToHex(number, { size: 32 }),
  callData,
  request: { nonce: '0x7' } as never,
  fromBlock: '0x1' as const,
})
const memory = (items = new Map<string, string>()) => ({
  items,
  getItem: (key: string) => items.get(key),
  setItem: (key: string, value: string) => void items.set(key, value),
})

afterEach(() => vi.restoreAllMocks())
/** A storage whose function of this name fails until it is told otherwise. */
function failing() {
  let broken: 'getItem' | 'setItem' | undefined
  const { items, ...storage } = memory()
  const or =
    <args extends unknown[], result>(name: typeof broken, run: (...args: args) => result) =>
    (...args: args): result => {
      if (broken === name) throw new Error('quota exceeded')
      return run(...args)
    }
  return {
    items,
    getItem: or('getItem', storage.getItem),
    setItem: or('setItem', storage.setItem),
    fail(name?: typeof broken) {
      broken = name
    },
  }
}

describe('createSentOperations', () => {
  test('gives the oldest lost operation with the same calls, once', async () => {
    const sent = createSentOperations()
    const [first, second] = [operation(1, '0xaa'), operation(2, '0xaa')]
    for (const kept of [first, operation(3, '0xbb'), second]) {
      await sent.add(kept)
      sent.lose(kept.hash)
    }
    expect(await sent.take('0xaa')).toBe(first)
    expect(await sent.take('0xaa')).toBe(second)
    expect(await sent.take('0xaa')).toBeUndefined()
  })

  test('an operation that its caller still waits for is nobody else’s', async () => {
    const sent = createSentOperations()
    await sent.add(operation(1, '0xaa'))
    expect(await sent.has('0xaa')).toBe(false)
    expect(await sent.take('0xaa')).toBeUndefined()
    expect(sent.find(operation(1).hash)).toEqual(operation(1, '0xaa'))
  })

  test('an operation that was lost and then handed over is nobody else’s', async () => {
    const sent = createSentOperations()
    await sent.add(operation(1, '0xaa'))
    sent.lose(operation(1).hash)
    await sent.handOver(operation(1).hash)
    expect(await sent.has('0xaa')).toBe(false)
    expect(await sent.take('0xaa')).toBeUndefined()
    expect(sent.find(operation(1).hash)).toEqual(operation(1, '0xaa'))
  })

  test('gives no operation that is known to have ended', async () => {
    const sent = createSentOperations()
    await sent.add(operation(1, '0xaa'))
    sent.lose(operation(1).hash)
    await sent.forget(operation(1).hash)
    expect(await sent.take('0xaa')).toBeUndefined()
    expect(sent.find(operation(1).hash)).toBeUndefined()
  })

  test('holds 1,000 operations: one more pushes the oldest out', async () => {
    const sent = createSentOperations()
    for (let number = 1; number <= 1001; number += 1) {
      await sent.add(operation(number, numberToHex(number)))
      sent.lose(operation(number).hash)
    }
    expect(await sent.take('0x1')).toBeUndefined()
    expect(await sent.take('0x2')).toBeDefined()
  })
})

describe('with a storage', () => {
  test('the next process finds what nobody has seen the end of', async () => {
    const storage = memory()
    await createSentOperations(storage, 'mine').add(operation(1, '0xaa'))
    const restarted = createSentOperations(storage, 'mine')
    expect(await restarted.has('0xaa')).toBe(true)
    expect(await restarted.take('0xaa')).toEqual(operation(1, '0xaa'))
    expect(await createSentOperations(storage, 'another').take('0xaa')).toBeUndefined()
  })

  test('it is written before the send goes on, and what was there stays', async () => {
    const storage = memory()
    await createSentOperations(storage, 'mine').add(operation(1))
    await createSentOperations(storage, 'mine').add(operation(2))
    expect(JSON.parse(storage.items.get('mine') ?? '')).toEqual([operation(1), operation(2)])
  })

  test.each(['handOver', 'forget'] as const)('%s takes it out', async (ended) => {
    const storage = memory()
    const sent = createSentOperations(storage, 'mine')
    await sent.add(operation(1))
    await sent[ended](operation(1).hash)
    expect(storage.items.get('mine')).toBe('[]')
  })

  test('one that cannot be written to stops the send, of which nothing is kept', async () => {
    const storage = failing()
    const sent = createSentOperations(storage, 'mine')
    storage.fail('setItem')
    await expect(sent.add(operation(1))).rejects.toThrow('quota exceeded')
    expect(sent.find(operation(1).hash)).toBeUndefined()
    storage.fail()
    await sent.add(operation(2))
    expect(JSON.parse(storage.items.get('mine') ?? '')).toEqual([operation(2)])
  })

  test.each(['handOver', 'forget'] as const)(
    'one that fails when an operation was sent is told, and %s goes on',
    async (ended) => {
      const told = vi.spyOn(console, 'error').mockReturnValue()
      const storage = failing()
      const sent = createSentOperations(storage, 'mine')
      await sent.add(operation(1, '0xaa'))
      sent.lose(operation(1).hash)
      storage.fail('setItem')
      await sent[ended](operation(1).hash)
      expect(told.mock.calls).toEqual([[new Error('quota exceeded')]])
      expect(await sent.take('0xaa')).toBeUndefined()
    },
  )

  test('one that could not be read is read again by the next caller', async () => {
    const storage = failing()
    storage.items.set('mine', JSON.stringify([operation(1, '0xaa')]))
    const sent = createSentOperations(storage, 'mine')
    storage.fail('getItem')
    await expect(sent.take('0xaa')).rejects.toThrow('quota exceeded')
    storage.fail()
    expect(await sent.take('0xaa')).toEqual(operation(1, '0xaa'))
  })

  test.each(['not JSON', '{}', 'null', '[null, 7, {}, {"request": null}]'])(
    '%s in it is not from here',
    async (text) => {
      const sent = createSentOperations(memory(new Map([['mine', text]])), 'mine')
      expect(await sent.take('0x')).toBeUndefined()
    },
  )
})
