/**
 * Writes `docs/access-matrix.md` from the table that `test/contracts/accessMatrix.test.ts` holds against the deployed
 * system. `--check` writes nothing and exits 1 when the file is out of date.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Rule, roles } from '../../test/contracts/access/rules.ts'
import { accessMatrix } from '../../test/contracts/accessMatrix.ts'

const path = join(import.meta.dirname, '../../docs/access-matrix.md')

const who = ({ allowed }: Rule): string => {
  if (allowed === 'anyone') return 'anyone'
  return allowed.length === 0 ? 'nobody' : allowed.join(', ')
}

const refusal = (rule: Rule): string =>
  rule.allowed === 'anyone'
    ? ''
    : [rule.refusal]
        .flat()
        .map((error) => (error === 'no reason' ? error : `\`${error}\``))
        .join(', ')

/** "name: case" of the table. */
const title = (line: string): string => {
  const [name, of] = line.split(': ')
  return `\`${name}\`${of ? `, ${of}` : ''}`
}

const sections = Object.entries(accessMatrix).map(([contract, rules]) => {
  const rows = Object.entries(rules)
    .toSorted(([a], [b]) => a.localeCompare(b, 'en'))
    .map(([line, rule]) => [title(line), who(rule), refusal(rule), rule.note ?? ''].join(' | '))
    .map((row) => `| ${row} |`)
  const head = ['| Function | Who passes | Others get | |', '|---|---|---|---|']
  return [
    `## ${contract}`,
    '',
    ...(rows.length === 0 ? ['Nothing that changes anything.'] : [...head, ...rows]),
  ].join('\n')
})

const text = `# Who may call what

Every function that changes something. Generated from \`test/contracts/accessMatrix.ts\` by \`pnpm access-matrix\`; the
test beside it calls each function of the deployed system as each role and compares. "Anyone" means that the caller
is not checked: such a call concerns what belongs to the caller, carries a signature, or is bound by a time.

| Role | |
|---|---|
${Object.entries(roles)
  .map(([role, is]) => `| ${role} | ${is} |`)
  .join('\n')}

${sections.join('\n\n')}
`

if (process.argv.includes('--check')) {
  if ((await readFile(path, 'utf8').catch(() => '')) !== text) {
    console.error('docs/access-matrix.md is out of date. Run "pnpm access-matrix".')
    process.exitCode = 1
  }
} else {
  await writeFile(path, text)
  console.log('docs/access-matrix.md')
}
