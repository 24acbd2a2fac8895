import { Registry } from 'prom-client'
import { expect, test, vi } from 'vitest'
import { storeMetrics } from './storeMetrics.ts'
import { sampleOf } from './testing/sampleOf.ts'

function watched(journaled: () => void) {
  const registry = new Registry()
  const onFault = vi.fn()
  let elapsed = 0
  const clock = { now: () => 0, elapsed: () => (elapsed += 20) }
  return { registry, onFault, commit: storeMetrics(registry, clock, journaled, onFault) }
}

test('a commit is told once it is durable, with its time', async () => {
  const steps: string[] = []
  const { commit, registry } = watched(() => steps.push('told'))
  await commit([], async () => void steps.push('durable'))
  expect(steps).toEqual(['durable', 'told'])
  expect(await sampleOf(registry, 'store_commit_seconds_sum')).toBe(0.02)
})

test('a commit that fails is not told, and fails', async () => {
  const journaled = vi.fn()
  const { commit, registry } = watched(journaled)
  const full = new Error('disk full')
  await expect(commit([], () => Promise.reject(full))).rejects.toBe(full)
  expect(journaled).not.toHaveBeenCalled()
  expect(await sampleOf(registry, 'store_commit_failures_total')).toBe(1)
})

test('a fault of the counting does not undo a commit', async () => {
  const fault = new Error('wrong label')
  const { commit, onFault } = watched(() => {
    throw fault
  })
  await expect(commit([], async () => 'committed')).resolves.toBe('committed')
  expect(onFault).toHaveBeenCalledWith(fault)
})
