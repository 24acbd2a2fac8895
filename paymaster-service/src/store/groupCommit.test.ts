import { describe, expect, test } from 'vitest'
import { StoreUnavailableError } from './errors.ts'
import { groupCommit } from './groupCommit.ts'
import type { Lock } from './locks.ts'

/** A list that keeps what was put in when its transaction ends well. */
function setUp({ failures = [] as Error[] } = {}) {
  const kept: string[] = []
  const commits: { locks: readonly Lock[]; size: number }[] = []
  const commit = groupCommit<string[], Lock>(async (locks, run) => {
    const written = [...kept]
    await run(written)
    const failure = failures.shift()
    if (failure) throw failure
    commits.push({ locks, size: written.length - kept.length })
    kept.push(...written.slice(kept.length))
  })
  const put = (key: string) =>
    commit([{ kind: 'policy', name: key }], async (written) => {
      if (written.includes(key)) throw new Error(`${key} is there`)
      written.push(key)
      return `${key}:${written.length}`
    })
  return { kept, commits, put }
}

describe('groupCommit', () => {
  test('100 at once have one transaction with all their locks, and each its own answer', async () => {
    const { put, commits } = setUp()
    const names = Array.from({ length: 100 }, (_, index) => `k${index}`)
    expect(await Promise.all(names.map(put))).toEqual(names.map((name, i) => `${name}:${i + 1}`))
    expect(commits).toEqual([{ size: 100, locks: names.map((name) => ({ kind: 'policy', name })) }])
  })

  test('129 have two: a group has an end', async () => {
    const { put, commits } = setUp()
    await Promise.all(Array.from({ length: 129 }, (_, index) => put(`k${index}`)))
    expect(commits.map(({ size }) => size)).toEqual([128, 1])
  })

  test('an answer comes after the commit', async () => {
    const { put, commits } = setUp()
    const committed: number[] = []
    await Promise.all(['a', 'b'].map((key) => put(key).then(() => committed.push(commits.length))))
    expect(committed).toEqual([1, 1])
  })

  test('one that fails takes nobody along', async () => {
    const { put, kept } = setUp()
    const outcomes = await Promise.allSettled([put('a'), put('b'), put('b'), put('c')])
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    expect(kept).toEqual(['a', 'b', 'c'])
  })

  test('when the database is gone all are told at once, and the next may find it again', async () => {
    const { put, kept } = setUp({ failures: [new StoreUnavailableError('x', new Error('gone'))] })
    const outcomes = await Promise.allSettled([put('a'), put('b')])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await put('c')).toBe('c:1')
    expect(kept).toEqual(['c'])
  })
})
