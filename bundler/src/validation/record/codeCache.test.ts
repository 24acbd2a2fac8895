import type { Address } from 'viem'
import { zeroHash } from 'viem'
import { expect, test } from 'vitest'
import { testAddress, testHash } from '../../testing/pooledOperation.ts'
import { createCodeCache } from './codeCache.ts'
import { readCodes } from './readCodes.ts'

const state = { codeHash: testHash(1), codeSize: 10, balance: 0n }

test('[EIP-6780] code of a contract is remembered', () => {
  const cache = createCodeCache(true)
  expect(cache.learn(testAddress(1), state)).toEqual({
    codeHash: testHash(1),
    isDelegation: false,
  })
  expect(cache.get(testAddress(1))).toEqual({ codeHash: testHash(1), isDelegation: false })
})

test.each([
  { name: 'no code', isFinal: true, fields: { codeSize: 0 } },
  { name: 'an EIP-7702 delegation', isFinal: true, fields: { delegate: testAddress(2) } },
  { name: 'any code before Cancun', isFinal: false, fields: {} },
])('$name is read again', ({ isFinal, fields }) => {
  const cache = createCodeCache(isFinal)
  cache.learn(testAddress(1), { ...state, ...fields })
  expect(cache.get(testAddress(1))).toBeUndefined()
})

test('the oldest of too many goes', () => {
  const cache = createCodeCache(true, 2)
  for (const n of [1, 2, 3]) cache.learn(testAddress(n), state)
  expect([1, 2, 3].map((n) => cache.get(testAddress(n)) !== undefined)).toEqual([false, true, true])
})

test('only what is not known is asked for, each address once', async () => {
  const cache = createCodeCache(true)
  cache.learn(testAddress(1), state)
  const asked: string[] = []
  const node = {
    async call({ data }: { data: `0x${string}` }) {
      asked.push(data)
      const nothing = '00'.repeat(32)
      return { ok: true as const, data: `0x${nothing.repeat(4)}` as const }
    },
  }
  const addresses: Address[] = [testAddress(1), testAddress(2), testAddress(2)]
  const codes = await readCodes(addresses, cache, node)
  expect(asked).toEqual([`0x${'0'.repeat(24)}${testAddress(2).slice(2)}`])
  expect(codes.get(testAddress(2))).toEqual({ codeHash: zeroHash, isDelegation: false })
  await readCodes([testAddress(1)], cache, node)
  expect(asked).toHaveLength(1)
})
