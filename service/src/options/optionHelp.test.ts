import { expect, test } from 'vitest'
import { helpLines, sectionsOf } from './optionHelp.ts'

const sections = sectionsOf(['port', 'store', 'host'], {
  groups: ['Network', 'Storage'],
  groupOf: { port: 'Network', store: 'Storage', host: 'Network' },
  rowOf: (name) => ({
    label: `--${name}`,
    description: name === 'store' ? 'where all of it is kept '.repeat(5).trim() : `the ${name}`,
    ...(name === 'port' && { defaultValue: '1' }),
  }),
})

test('options stand under their heading in the order of their names', () => {
  expect(sections.map(({ title, rows }) => [title, rows.map(({ label }) => label)])).toEqual([
    ['Network', ['--port', '--host']],
    ['Storage', ['--store']],
  ])
})

test('texts begin in one column, and go on there in the next line', () => {
  expect(helpLines(sections)).toEqual([
    '',
    'Network:',
    '  --port   the port (default 1)',
    '  --host   the host',
    '',
    'Storage:',
    '  --store  where all of it is kept where all of it is kept where all of it is kept',
    '           where all of it is kept where all of it is kept',
  ])
})
