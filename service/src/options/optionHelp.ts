export type OptionRow = {
  /** As it is given: `--port PORT`, or the name in the environment of a secret. */
  label: string
  description: string
  /** As it would be written; absent when there is none. */
  defaultValue?: string
}

export type OptionSection = { title: string; rows: OptionRow[] }

/**
 * Every option under its heading, in the order of the names.
 * @param groups Headings in their order.
 */
export function sectionsOf<Name extends string>(
  names: readonly Name[],
  {
    groups,
    groupOf,
    rowOf,
  }: {
    groups: readonly string[]
    groupOf: Readonly<Record<Name, string>>
    rowOf: (name: Name) => OptionRow
  },
): OptionSection[] {
  return groups.map((title) => ({
    title,
    rows: names.filter((name) => groupOf[name] === title).map(rowOf),
  }))
}

/** Columns of the text beside the labels. */
const textWidth = 72

/** Sections as `--help` shows them. */
export function helpLines(sections: readonly OptionSection[]): string[] {
  const width = Math.max(...sections.flatMap(({ rows }) => rows.map(({ label }) => label.length)))
  return sections.flatMap(({ title, rows }) => [
    '',
    `${title}:`,
    ...rows.flatMap((row) => linesOf(row, width)),
  ])
}

function linesOf({ label, description, defaultValue }: OptionRow, width: number): string[] {
  const text = defaultValue === undefined ? description : `${description} (default ${defaultValue})`
  const [first = '', ...rest] = wrapped(text)
  const indent = ' '.repeat(width + 4)
  return [`  ${label.padEnd(width)}  ${first}`, ...rest.map((line) => `${indent}${line}`)]
}

function wrapped(text: string): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= textWidth) {
      lines[lines.length - 1] = `${last} ${word}`
    } else lines.push(word)
  }
  return lines
}
