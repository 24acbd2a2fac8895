import { Counter, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { metricsTable, optionTables, withTables } from './documentTables.ts'

test('tables stand in their places, and the rest of the document stays', () => {
  const document = 'a\n<!-- one -->\nold\n<!-- /one -->\nb\n<!-- two -->\n<!-- /two -->\n'
  const renewed = withTables(document, { one: () => '1', two: () => '2' })
  expect(renewed).toBe('a\n<!-- one -->\n1\n<!-- /one -->\nb\n<!-- two -->\n2\n<!-- /two -->\n')
  expect(withTables(renewed, { one: () => '1' })).toBe(renewed)
})

test.each(['# Title', '# Title\n<!-- rules -->', '# Title\n<!-- /rules -->'])(
  'a document without a place for a table is refused: %j',
  (document) => {
    expect(() => withTables(document, { rules: () => '' })).toThrow(
      'no place for the table of rules',
    )
  },
)

test('options have a table under each heading', () => {
  const rows = [
    { label: '--port PORT', description: 'a|b', defaultValue: '1' },
    { label: '--key KEY', description: 'c' },
  ]
  expect(optionTables([{ title: 'Network', rows }])).toBe(
    [
      '**Network**',
      '',
      '| Option | Default | Meaning |',
      '|---|---|---|',
      '| `--port PORT` | `1` | a\\|b |',
      '| `--key KEY` |  | c |',
    ].join('\n'),
  )
})

test('metrics of the own prefix are told with their labels', () => {
  const registry = new Registry()
  const common = { help: 'Things', registers: [registry] }
  new Counter({ ...common, name: 'own_things_total', labelNames: ['kind', 'code'] })
  new Counter({ ...common, name: 'process_things_total' })
  expect(metricsTable(registry, 'own_').split('\n').slice(2)).toEqual([
    '| `own_things_total` | `kind`, `code` | Things |',
  ])
})
