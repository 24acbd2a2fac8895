import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { runProgram } from '../../../scripts/tests/runProgram.ts'

export const root = join(import.meta.dirname, '../../..')

/** What integrators install, in the order in which they depend on each other. */
export const packageNames = ['contracts', 'sdk'] as const
export type PackageName = (typeof packageNames)[number]

/** A project outside of the workspace that holds nothing but the packed packages and viem, as npm installs them. */
export type PackedProject = {
  folder: string
  tarballs: Record<PackageName, string>
  /** Runs a program of the project's folder; fails with what it printed. */
  run(name: string, args: readonly string[], env?: Record<string, string>): Promise<string>
  remove(): Promise<void>
}

export async function createPackedProject(): Promise<PackedProject> {
  const folder = await mkdtemp(join(tmpdir(), 'fabstir-integrator-'))
  const run = (name: string, args: readonly string[], env: Record<string, string> = {}) =>
    runIn(folder, name, args, env)
  const packs = join(folder, 'packs')
  await mkdir(packs)
  for (const name of packageNames) await pack(name, packs)
  const files = await readdir(packs)
  const tarballOf = (name: PackageName) => {
    const file = files.find((file) => file.startsWith(`fabstir-${name}-`))
    if (!file) throw new Error(`pnpm pack gave no tarball of ${name}, only ${files.join(', ')}`)
    return join(packs, file)
  }
  const tarballs = { contracts: tarballOf('contracts'), sdk: tarballOf('sdk') }

  await run('npm', ['init', '-y'])
  await run('npm', ['pkg', 'set', 'type=module'])
  const dependencies = [tarballs.sdk, tarballs.contracts, `viem@${await viemVersion()}`]
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...dependencies])
  return { folder, tarballs, run, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** The version that everything else here is tested with, so that a release of viem breaks nothing over night. */
async function viemVersion(): Promise<string> {
  const path = createRequire(join(root, 'sdk/package.json')).resolve('viem/package.json')
  return (JSON.parse(await readFile(path, 'utf8')) as { version: string }).version
}

async function pack(name: PackageName, destination: string) {
  const pnpm = process.env.npm_execpath ?? ''
  const [program, ...first] = basename(pnpm).startsWith('pnpm')
    ? [pnpm]
    : ['npx', '-y', 'pnpm@12.21.0']
  await runIn(join(root, name), program ?? pnpm, [
    ...first,
    'pack',
    '--pack-destination',
    destination,
  ])
}

async function runIn(
  cwd: string,
  name: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  let printed = ''
  const { code, output } = await runProgram(name, args, {
    cwd,
    env,
    onOutput: (text) => {
      printed += text
    },
  })
  if (code !== 0)
    throw new Error(`${basename(name)} ${args.join(' ')} exited with ${code}:\n${printed}`)
  return output
}
