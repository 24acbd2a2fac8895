import { expect, test } from 'vitest'
import { once } from './once.ts'

test('makes one value for all who ask, and tries again after a failure', async () => {
  let tries = 0
  const open = once(async () => {
    tries += 1
    if (tries === 1) throw new Error('the storage is locked')
    return tries
  })
  const both = await Promise.allSettled([open(), open()])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await Promise.all([open(), open()])).toEqual([2, 2])
})
