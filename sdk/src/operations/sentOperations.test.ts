import { type Hash, numberToHex } from 'viem'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createSentOperations } from './sentOperations.ts'

const operation = (number: number, callData: `0x${string}` = '0x') => ({
  hash: numberToHex(number, { size: 32 }),
  callData,
  request: { nonce: '0x7' } as never,
  fromBlock: '0x1' as const,
  lane: 0,
  earlier: [] as Hash[],
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
      sent.lose(kept.hash, 'unanswered')
    }
    expect(await sent.take('0xaa')).toEqual({ operation: first, state: 'unanswered' })
    expect(await sent.take('0xaa')).toEqual({ operation: second, state: 'unanswered' })
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
    sent.lose(operation(1).hash, 'unanswered')
    await sent.handOver(operation(1).hash)
    expect(await sent.has('0xaa')).toBe(false)
    expect(await sent.take('0xaa')).toBeUndefined()
    expect(sent.find(operation(1).hash)).toEqual(operation(1, '0xaa'))
  })

  test('gives no operation that is known to have ended', async () => {
    const sent = createSentOperations()
    await sent.add(operation(1, '0xaa'))
    sent.lose(operation(1).hash, 'unanswered')
    await sent.forget(operation(1).hash)
    expect(await sent.take('0xaa')).toBeUndefined()
    expect(sent.find(operation(1).hash)).toBeUndefined()
  })

  test('holds 1,000 operations: one more pushes the oldest out', async () => {
    const sent = createSentOperations()
    for (let number = 1; number <= 1001; number += 1) {
      await sent.add(operation(number, numberToHex(number)))
      sent.lose(operation(number).hash, 'unanswered')
    }
    expect(await sent.take('0x1')).toBeUndefined()
    expect(await sent.take('0x2')).toBeDefined()
  })
})

describe('an operation that takes the place of another', () => {
  const first = operation(1, '0xaa')
  const second = { ...operation(2, '0xaa'), earlier: [first.hash] }
  const replaced = async () => {
    const sent = createSentOperations()
    await sent.add(first)
    sent.lose(first.hash, 'unanswered')
    await sent.take('0xaa')
    await sent.add(second)
    return sent
  }

  test('stands for both', async () => {
    const sent = await replaced()
    expect(sent.find(first.hash)).toBe(second)
    expect(sent.find(second.hash)).toBe(second)
    sent.giveBack(first.hash, 'dropped')
    expect(await sent.take('0xaa')).toEqual({ operation: second, state: 'dropped' })
    expect(await sent.take('0xaa')).toBeUndefined()
  })

  test('is nobody else’s while its taker sends it, whatever others hear of it', async () => {
    const sent = await replaced()
    sent.lose(first.hash, 'dropped')
    expect(await sent.take('0xaa')).toBeUndefined()
    sent.giveBack(first.hash, 'sent')
    expect(await sent.take('0xaa')).toBeUndefined()
    sent.lose(second.hash, 'dropped')
    expect(await sent.take('0xaa')).toBeDefined()
  })

  test('ends for both, and whoever asks by the other hash still finds it', async () => {
    const sent = await replaced()
    await sent.forget(first.hash)
    for (const { hash } of [first, second]) {
      expect(sent.isOpen(hash)).toBe(false)
      expect(sent.find(hash)).toBe(second)
      sent.lose(hash, 'dropped')
    }
    expect(await sent.take('0xaa')).toBeUndefined()
  })

  test('does not take it when it cannot be stored', async () => {
    const storage = failing()
    const sent = createSentOperations(storage, 'mine')
    await sent.add(first)
    storage.fail('setItem')
    await expect(sent.add(second)).rejects.toThrow('quota exceeded')
    expect(sent.find(first.hash)).toBe(first)
    expect(sent.find(second.hash)).toBeUndefined()
  })

  test('is alone in the storage', async () => {
    const storage = memory()
    const sent = createSentOperations(storage, 'mine')
    await sent.add(first)
    await sent.add(second)
    expect(JSON.parse(storage.items.get('mine') ?? '')).toEqual([second])
    await sent.forget(second.hash)
    expect(storage.items.get('mine')).toBe('[]')
  })
})

describe('with a storage', () => {
  test('the next process finds what nobody has seen the end of', async () => {
    const storage = memory()
    await createSentOperations(storage, 'mine').add(operation(1, '0xaa'))
    const restarted = createSentOperations(storage, 'mine')
    expect(await restarted.has('0xaa')).toBe(true)
    expect(await restarted.take('0xaa')).toMatchObject({ operation: operation(1, '0xaa') })
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

  test('one that was handed over and dropped is in it again', async () => {
    const storage = memory()
    const sent = createSentOperations(storage, 'mine')
    await sent.add(operation(1, '0xaa'))
    await sent.handOver(operation(1).hash)
    sent.lose(operation(1).hash, 'dropped')
    await vi.waitFor(async () =>
      expect(await createSentOperations(storage, 'mine').has('0xaa')).toBe(true),
    )
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
      sent.lose(operation(1).hash, 'unanswered')
      storage.fail('setItem')
      await sent[ended](operation(1).hash)
      expect(told.mock.calls).toEqual([[new Error('quota exceeded')]])
      expect(await sent.take('0xaa')).toBeUndefined()
    },
  )

  test('of two writes, the newer ends last, though the older takes longer', async () => {
    const items = new Map<string, string>()
    const delays = [30, 1]
    const storage = {
      getItem: async (key: string) => items.get(key),
      async setItem(key: string, value: string) {
        await new Promise((resolve) => setTimeout(resolve, delays.shift()))
        items.set(key, value)
      },
    }
    const sent = createSentOperations(storage, 'mine')
    await Promise.all([sent.add(operation(1)), sent.add(operation(2))])
    expect(JSON.parse(items.get('mine') ?? '')).toEqual([operation(1), operation(2)])
  })

  test('a write that fails holds up no later one', async () => {
    const storage = failing()
    const sent = createSentOperations(storage, 'mine')
    storage.fail('setItem')
    await expect(sent.add(operation(1))).rejects.toThrow('quota exceeded')
    storage.fail()
    await sent.add(operation(2))
    expect(JSON.parse(storage.items.get('mine') ?? '')).toEqual([operation(2)])
  })

  test('one that could not be read is read again by the next caller', async () => {
    const storage = failing()
    storage.items.set('mine', JSON.stringify([operation(1, '0xaa')]))
    const sent = createSentOperations(storage, 'mine')
    storage.fail('getItem')
    await expect(sent.take('0xaa')).rejects.toThrow('quota exceeded')
    storage.fail()
    expect(await sent.take('0xaa')).toMatchObject({ operation: operation(1, '0xaa') })
  })

  test.each(['not JSON', '{}', 'null', '[null, 7, {}, {"request": null}]'])(
    '%s in it is not from here',
    async (text) => {
      const sent = createSentOperations(memory(new Map([['mine', text]])), 'mine')
      expect(await sent.take('0x')).toBeUndefined()
    },
  )
})
