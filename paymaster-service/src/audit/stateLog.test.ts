import { expect, test } from 'vitest'
import type { AuditEntry } from './auditChain.ts'
import { createStateLog } from './stateLog.ts'

const entry = (seq: number, subject: string, beforeHash: string | null, afterHash: string | null) =>
  ({ seq, subject, beforeHash, afterHash }) as AuditEntry

function compare(entries: readonly AuditEntry[], stored: Record<string, string[]>) {
  const log = createStateLog()
  for (const each of entries) log.next(each)
  const subjects = new Map(Object.entries(stored).map(([name, states]) => [name, new Set(states)]))
  return (changes: Parameters<typeof log.compare>[0]['changes'] = []) =>
    log.compare({ subjects, changes, broken: [] })
}

const history = [entry(1, 'a', null, '1'), entry(2, 'b', null, '1'), entry(3, 'a', '1', '2')]

test('what each last entry left is as it should be; entries that come again change nothing', () => {
  expect(compare([...history, ...history], { a: ['2'], b: ['0', '1'] })()).toEqual([])
  expect(compare([...history, entry(4, 'b', '1', null)], { a: ['2'] })()).toEqual([])
})

test.each([
  { stored: { a: ['1'], b: ['1'] }, problem: { subject: 'a', seq: 3, problem: /not as its last/ } },
  { stored: { a: ['2'] }, problem: { subject: 'b', seq: 2, problem: /is gone/ } },
  {
    stored: { a: ['2'], b: ['1'], c: ['1'] },
    problem: { subject: 'c', seq: null, problem: /no entry made it/ },
  },
])('$stored: $problem.problem', ({ stored, problem }) => {
  expect(compare(history, stored)()).toEqual([
    { ...problem, problem: expect.stringMatching(problem.problem) },
  ])
})

test('what was taken out and is there again', () => {
  const entries = [...history, entry(4, 'b', '1', null)]
  expect(compare(entries, { a: ['2'], b: ['1'] })()).toMatchObject([
    { subject: 'b', seq: 4, problem: 'is there, though it was taken out' },
  ])
})

test('rows that stay are told by an entry, with what was before where they know it', () => {
  const stored = compare(history, { a: ['2'], b: ['1'] })
  const row = { subject: 'a', what: 'version 1' }
  expect(stored([{ ...row, to: '1' }])).toEqual([])
  expect(stored([{ ...row, to: '2', from: '1' }])).toEqual([])
  expect(stored([{ ...row, to: '2', from: '0' }])).toMatchObject([
    { subject: 'a', seq: 3, problem: 'no entry made version 1' },
  ])
  expect(stored([{ ...row, to: '3' }])).toHaveLength(1)
})
