import { describe, expect, test } from 'vitest'
import { helpText, optionSections } from './help.ts'
import { optionNames } from './options.ts'

describe('helpText', () => {
  test('shows every option once, under a heading, with its default', () => {
    const rows = optionSections().flatMap(({ rows }) => rows)
    expect(rows).toHaveLength(optionNames.length)
    const lines = helpText().split('\n')
    for (const { label, description } of rows) {
      expect(description).not.toBe('')
      expect(lines.filter((line) => line.startsWith(`  ${label} `))).toHaveLength(1)
    }
    const flat = helpText().replaceAll(/\s+/g, ' ')
    expect(flat).toContain('--port PORT Port to listen on; 0 takes a free one (default 4337)')
  })

  test('every section has options', () => {
    expect(optionSections().filter(({ rows }) => rows.length === 0)).toEqual([])
  })

  test('no line is wider than a terminal of 110 columns', () => {
    expect(
      helpText()
        .split('\n')
        .filter((line) => line.length > 110),
    ).toEqual([])
  })
})
