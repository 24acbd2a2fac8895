import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { operations } from '../src/admin/operations.ts'
import { commands } from '../src/cli/commands.ts'
import { withTables } from './documentTables.ts'

const document = readFileSync(join(import.meta.dirname, '../../docs/paymaster.md'), 'utf8')

test('docs/paymaster.md has the options and metrics that there are; `pnpm paymaster:docs` renews it', () => {
  expect(withTables(document)).toBe(document)
})

test('a document without a place for a table is refused', () => {
  expect(() => withTables('# Paymaster service')).toThrow('no place for the table of options')
})

test('docs/paymaster.md names every path of the admin API', () => {
  const paths = [...new Set(Object.values(operations).map(({ path }) => path))]
  expect(paths.length).toBeGreaterThan(15)
  expect(paths.filter((path) => !document.includes(path))).toEqual([])
})

test('every command stands for an operation that there is', () => {
  expect(commands.filter(({ operation }) => !(operation in operations))).toEqual([])
})
