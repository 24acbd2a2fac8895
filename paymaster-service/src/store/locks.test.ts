import { expect, test } from 'vitest'
import { lockNumbers } from './locks.ts'

test('however many nonces a step touches, it takes fewer locks than a database server has', () => {
  const locks = Array.from(
    { length: 20_000 },
    (_, index) => ({ kind: 'operation', name: `${index}` }) as const,
  )
  const numbers = lockNumbers(locks)
  expect(numbers.length).toBeLessThanOrEqual(1_024)
  expect(numbers).toEqual([...numbers].sort(([, a], [, b]) => a - b))
})

test('kinds come in their order, and one name is one lock', () => {
  const kinds = ['paymaster', 'policy', 'operation', 'policy'] as const
  const taken = lockNumbers(kinds.map((kind) => ({ kind, name: 'a' })))
  expect(taken.map(([kind]) => kind)).toEqual([3, 4, 5])
})
