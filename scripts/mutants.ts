/**
 * Puts one mistake at a time into a copy of the contracts, and runs the walk that has to see it. Prints a table; exits 1
 * when a mistake went unseen, or a walk fails without one.
 */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { renderTable } from '../contracts/operations/cli/table.ts'
import { mutants } from './mutants/mutants.ts'
import { type Mutant, mutate, type Verdict, verdict } from './mutants/mutate.ts'
import { runProgram } from './tests/runProgram.ts'

const helpText = `Mutation check of the invariant walks.

Usage: pnpm mutants [options]

  --only TEXT   mutants with this in their name or file
  --list        what there is, without running it
  --help        this text
`

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  options: {
    only: { type: 'string', default: '' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

const root = join(import.meta.dirname, '..')
const chosen = mutants.filter(({ name, file }) => `${name} ${file}`.includes(values.only))

if (values.help) process.stdout.write(helpText)
else if (values.list) for (const { name, file } of chosen) console.log(`${file}: ${name}`)
else process.exitCode = await main()

async function main(): Promise<number> {
  if (chosen.length === 0) throw new RangeError(`--only: no mutant with "${values.only}"`)
  const folder = await mkdtemp(join(tmpdir(), 'fabstir-mutants-'))
  try {
    await copyProject(folder)
    const unharmed = await checkUnharmed(folder)
    if (unharmed !== undefined) {
      console.error(`a walk fails without a mutant:\n${unharmed}`)
      return 1
    }
    const rows: { mutant: Mutant; outcome: Verdict }[] = []
    for (const mutant of chosen) {
      const outcome = await tryMutant(folder, mutant)
      rows.push({ mutant, outcome })
      console.log(`${rows.length}/${chosen.length} ${mutant.name}: ${describe(outcome)}`)
    }
    console.log(
      `\n${renderTable([
        ['mutant', 'file', 'outcome'],
        ...rows.map(({ mutant, outcome }) => [
          mutant.name,
          mutant.file.replace('contracts/', ''),
          describe(outcome),
        ]),
      ])}\n`,
    )
    const unseen = rows.filter(({ outcome }) => !outcome.status.startsWith('caught'))
    console.log(`${rows.length - unseen.length} caught, ${unseen.length} not`)
    return unseen.length === 0 ? 0 : 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** With what was compiled already, so that a mutant costs only the contracts it is in. */
async function copyProject(folder: string) {
  const names = [
    'contracts',
    'scripts',
    'hardhat.config.ts',
    'package.json',
    'tsconfig.json',
    'tsconfig.base.json',
  ]
  for (const name of [...names, 'artifacts', 'cache', 'test/fixtures']) {
    await cp(join(root, name), join(folder, name), { recursive: true, force: true }).catch(
      (error: NodeJS.ErrnoException) => {
        // Nothing compiled yet.
        if (error.code !== 'ENOENT' || names.includes(name)) throw error
      },
    )
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
}

/** What a walk says without any mutant; nothing when all hold. */
async function checkUnharmed(folder: string): Promise<string | undefined> {
  const build = await hardhat(folder, ['build', '--quiet', '--no-tests'])
  if (build.code !== 0) return build.output
  for (const file of new Set(chosen.map((mutant) => mutant.walk))) {
    const { code, output } = await walk(folder, file)
    if (code !== 0) return output
  }
  return undefined
}

async function tryMutant(folder: string, mutant: Mutant): Promise<Verdict> {
  const path = join(folder, mutant.file)
  const source = await readFile(path, 'utf8')
  await writeFile(path, mutate(mutant, source))
  try {
    const build = await hardhat(folder, ['build', '--quiet', '--no-tests'])
    if (build.code !== 0) return { status: 'broken', why: 'it does not compile' }
    const { code, output } = await walk(folder, mutant.walk)
    return verdict(mutant, code, output)
  } finally {
    await writeFile(path, source)
  }
}

function walk(folder: string, file: string) {
  return hardhat(folder, ['test', 'solidity', '--test-profile', 'mutants', file])
}

function hardhat(cwd: string, args: string[]) {
  return runProgram('hardhat', args, { cwd, env: { PWD: cwd } })
}

function describe(outcome: Verdict): string {
  if (outcome.status === 'survived') return 'SURVIVED'
  if (outcome.status === 'broken') return `BROKEN: ${outcome.why}`
  return `${outcome.status}: ${outcome.by}`
}
