import { numberToHex } from 'viem'
import { describe, expect, test } from 'vitest'
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

  test('a storage that cannot be written to stops the send', async () => {
    const full = {
      getItem: () => null,
      setItem: () => {
        throw new Error('quota exceeded')
      },
    }
    await expect(createSentOperations(full, 'mine').add(operation(1))).rejects.toThrow('quota')
  })

  test.each(['not JSON', '{}', 'null', '[null, 7, {}, {"request": null}]'])(
    '%s in it is not from here',
    async (text) => {
      const sent = createSentOperations(memory(new Map([['mine', text]])), 'mine')
      expect(await sent.take('0x')).toBeUndefined()
    },
  )
})
