import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { withTables } from '@fabstir/service/documents'
import { expect, test } from 'vitest'
import { operations } from '../src/admin/operations.ts'
import { accountShapes } from '../src/policy/accounts/accountShape.ts'
import { policyDocumentSchema } from '../src/policy/policyDocument.ts'
import { ruleMeanings } from '../src/policy/rules/ruleMeanings.ts'
import { tables } from './documentTables.ts'

const document = readFileSync(join(import.meta.dirname, '../../docs/paymaster.md'), 'utf8')

/** Rule ids that the sources refuse with. */
function rulesInSources(): Set<string> {
  const folder = join(import.meta.dirname, '../src')
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .filter((path) => !path.includes('testing') && !path.endsWith('ruleMeanings.ts'))
    .map((path) => readFileSync(join(folder, path), 'utf8'))
  const pattern =
    /(?:refuse\(\s*|over\(\s*|rule: |RateRule = |\| )'([a-z]+(?:-[a-z]+)*\.[a-zA-Z-]+)'/g
  const named = sources.flatMap((text) => [...text.matchAll(pattern)].map(([, id]) => id ?? ''))
  // Caps of users and of all are checked by the same lines.
  const scoped = sources
    .flatMap((text) => [...text.matchAll(/`\$\{scope\}\.([a-z]+)`/g)])
    .flatMap(([, name]) => [`user.${name}`, `global.${name}`])
  return new Set([...named, ...scoped])
}

test('docs/paymaster.md has the rules, options and metrics that there are; `pnpm paymaster:docs` renews it', () => {
  expect(withTables(document, tables)).toBe(document)
})

test('every rule that refuses has a meaning, and no other has one', () => {
  expect([...rulesInSources()].sort()).toEqual(Object.keys(ruleMeanings).sort())
})

test('docs/paymaster.md names every member of a policy and every shape', () => {
  const names = [...Object.keys(policyDocumentSchema.shape), ...accountShapes]
  expect(names.filter((name) => !document.includes(`\`${name}\``))).toEqual([])
})

test('docs/paymaster.md names every path of the admin API', () => {
  const paths = [...new Set(Object.values(operations).map(({ path }) => path))]
  expect(paths.length).toBeGreaterThan(15)
  expect(paths.filter((path) => !document.includes(path))).toEqual([])
})
