import { ruleMeanings } from '../src/policy/rules/ruleMeanings.ts'

/** Tables of docs/paymaster.md that are made of the code, by the name of their place. */
const tables: Readonly<Record<string, () => string>> = {
  rules: () =>
    [
      '| Rule | Refuses when |',
      '|---|---|',
      ...Object.entries(ruleMeanings).map(
        ([rule, meaning]) => `| \`${rule}\` | ${meaning.replaceAll('|', '\\|')} |`,
      ),
    ].join('\n'),
}

/**
 * The document with its tables as the code says. A place is between `<!-- name -->` and `<!-- /name -->`.
 * @throws RangeError when a place is missing.
 */
export function withTables(document: string): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const [before, rest] = text.split(`<!-- ${name} -->`)
    const [, after] = rest?.split(`<!-- /${name} -->`) ?? []
    if (before === undefined || after === undefined) {
      throw new RangeError(`the document has no place for the table of ${name}`)
    }
    return `${before}<!-- ${name} -->\n${table()}\n<!-- /${name} -->${after}`
  }, document)
}
