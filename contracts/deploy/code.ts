import { createHash } from 'node:crypto'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Abi, Hex } from 'viem'
import type { CodeName } from './artifact.ts'

/** What a deployment needs of a contract. */
export type Code = { abi: Abi; bytecode: Hex }

const root = join(import.meta.dirname, '../..')

/** Folder of the generated creation code, one file for each contract. */
export const codeFolder = join(root, 'contracts/generated/code')

/** ABI and creation code of a contract, as `pnpm generate` wrote them: deploying needs no compiler. */
export async function readCode(name: CodeName): Promise<Code> {
  return JSON.parse(await readFile(join(codeFolder, `${name}.json`), 'utf8')) as Code
}

/** Entries of the lock file that the compiler reads: itself, and the libraries that sources import. */
const compiledPackages =
  /^ {2}'?(?:solc|@openzeppelin\/[\w-]+|@account-abstraction\/[\w-]+)@[^\n]+:\n {4}resolution: [^\n]+$/gm

/** Fingerprint of what the generated code was compiled from: the sources and how they are compiled. */
export async function sourcesFingerprint(): Promise<string> {
  const paths: string[] = []
  for await (const path of glob('contracts/**/*.sol', { cwd: root })) {
    if (!path.endsWith('.t.sol') && !path.includes('mocks')) paths.push(path)
  }
  const hash = createHash('sha256')
  for (const path of [...paths.sort(), 'hardhat.config.ts']) {
    hash.update(path.replaceAll('\\', '/')).update('\0')
    hash.update(await readFile(join(root, path))).update('\0')
  }
  const lock = await readFile(join(root, 'pnpm-lock.yaml'), 'utf8')
  // Without a package the pattern would be out of date, and a new compiler would go unnoticed.
  const packages = lock.replaceAll('\r', '').match(compiledPackages) ?? []
  if (packages.length < 3) throw new Error('pnpm-lock.yaml lists no compiler and libraries')
  for (const entry of packages) hash.update(entry).update('\0')
  return hash.digest('hex')
}

/** Whether the generated code was compiled from the sources that are here now. */
export async function codeIsCurrent(): Promise<boolean> {
  const written = await readFile(join(codeFolder, 'fingerprint.txt'), 'utf8').catch(() => '')
  return written.trim() === (await sourcesFingerprint())
}
