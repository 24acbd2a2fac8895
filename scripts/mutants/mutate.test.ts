import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { mutants } from './mutants.ts'
import { type Mutant, MutantOutdatedError, mutate, verdict } from './mutate.ts'

const mutant: Mutant = {
  name: 'a fee too much',
  file: 'contracts/Fee.sol',
  find: 'fee = a / b;',
  replace: 'fee = a / b + 1;',
  walk: 'contracts/Walk.t.sol',
  rule: 'I2',
}

describe('mutate', () => {
  test('changes the one place', () => {
    expect(mutate(mutant, 'x; fee = a / b; y;')).toBe('x; fee = a / b + 1; y;')
  })

  test.each([
    { source: 'x;', found: 0 },
    { source: 'fee = a / b; fee = a / b;', found: 2 },
  ])('refuses a text that stands there $found times', ({ source, found }) => {
    expect(() => mutate(mutant, source)).toThrow(MutantOutdatedError)
    expect(() => mutate(mutant, source)).toThrow(`found it ${found} times`)
  })
})

describe('verdict', () => {
  const failed = (reason: string) => `
  1 passing
  1 failing

  1) WalkTest#invariant_all()
    Error: ${reason}
`
  test.each([
    { output: failed('I2: host !=  != '), code: 1, expected: { status: 'caught', by: 'I2: host' } },
    {
      output: failed('I1: the sum: 3 != 4'),
      code: 1,
      expected: { status: 'caught otherwise', by: 'I1: the sum: 3 != 4' },
    },
    { output: '  2 passing\n', code: 0, expected: { status: 'survived' } },
    {
      output: 'HHE1: no compiler',
      code: 1,
      expected: { status: 'broken', why: 'no test was run: HHE1: no compiler' },
    },
    {
      output: '  2 passing\n',
      code: 3,
      expected: { status: 'broken', why: 'exit code 3 without a failing test' },
    },
  ])('$expected.status', ({ output, code, expected }) => {
    expect(verdict(mutant, code, output)).toEqual(expected)
  })
})

test('every mutant fits its source, and each of I1 to I8 has one', async () => {
  for (const each of mutants) {
    const source = await readFile(join(import.meta.dirname, '../..', each.file), 'utf8')
    expect(mutate(each, source), each.name).not.toBe(source)
  }
  expect(mutants.length).toBeGreaterThanOrEqual(12)
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
})
