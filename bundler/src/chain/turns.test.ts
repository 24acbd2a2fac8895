import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

test('as many run as may, the others wait in order, and one too many is refused', async () => {
  const turns = createTurns({ atOnce: 2, waiting: 2 })
  const started: number[] = []
  const gates = [1, 2, 3, 4].map(() => Promise.withResolvers<void>())
  const run = (n: number) =>
    turns(async () => {
      started.push(n)
      await gates[n - 1]?.promise
      return n
    })
  const results = [1, 2, 3, 4].map(run)
  await Promise.resolve()
  expect(started).toEqual([1, 2])
  await expect(run(5)).rejects.toMatchObject({ code: -32000, data: { reason: 'busy' } })

  gates[1]?.resolve()
  expect(await results[1]).toBe(2)
  expect(started).toEqual([1, 2, 3])
  for (const gate of gates) gate.resolve()
  expect(await Promise.all(results)).toEqual([1, 2, 3, 4])
})

test('a turn that fails is over', async () => {
  const turns = createTurns({ atOnce: 1, waiting: 1 })
  const failing = turns(() => Promise.reject(new Error('no')))
  const next = turns(async () => 'next')
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('next')
})
