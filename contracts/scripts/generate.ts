/**
 * Writes from Hardhat's artifacts `contracts/generated/abi/*.ts`, so that ABIs are typed constants, and
 * `contracts/generated/code/*.json`, so that a deployment needs no compiler.
 * `--check` writes nothing and exits 1 when a file is out of date.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { artifactNames, codeNames, readArtifact } from '../deploy/artifact.ts'
import { codeFolder, sourcesFingerprint } from '../deploy/code.ts'

type Files = Map<string, string>

const abiFolder = join(import.meta.dirname, '..', 'generated', 'abi')
const constantName = (contract: string) => `${contract[0]?.toLowerCase()}${contract.slice(1)}Abi`

async function abiFiles(): Promise<Files> {
  const files: Files = new Map()
  for (const contract of artifactNames) {
    const { abi } = await readArtifact(contract)
    const name = constantName(contract)
    files.set(`${name}.ts`, `export const ${name} = ${JSON.stringify(abi, null, 2)} as const\n`)
  }
  const index = [...files.keys()]
    .map((file) => `export { ${file.slice(0, -'.ts'.length)} } from './${file}'\n`)
    .join('')
  return files.set('index.ts', index)
}

async function codeFiles(): Promise<Files> {
  const files: Files = new Map()
  for (const contract of codeNames) {
    const { abi, bytecode } = await readArtifact(contract)
    files.set(`${contract}.json`, `${JSON.stringify({ abi, bytecode })}\n`)
  }
  return files.set('fingerprint.txt', `${await sourcesFingerprint()}\n`)
}

async function staleFiles(folder: string, files: Files): Promise<string[]> {
  const current = await readdir(folder).catch(() => [])
  const stale = current.filter((file) => !files.has(file))
  for (const [file, text] of files) {
    const written = await readFile(join(folder, file), 'utf8').catch(() => undefined)
    if (written !== text) stale.push(file)
  }
  return stale
}

async function write(folder: string, files: Files) {
  await mkdir(folder, { recursive: true })
  for (const file of await readdir(folder)) if (!files.has(file)) await rm(join(folder, file))
  for (const [file, text] of files) await writeFile(join(folder, file), text)
  console.log(`${files.size} files in ${folder.slice(folder.indexOf('contracts'))}`)
}

const [abi, code] = [await abiFiles(), await codeFiles()]
if (process.argv.includes('--check')) {
  const stale = [...(await staleFiles(abiFolder, abi)), ...(await staleFiles(codeFolder, code))]
  if (stale.length > 0) {
    console.error(`Generated files are out of date: ${stale.join(', ')}. Run "pnpm generate".`)
    process.exit(1)
  }
} else {
  await write(abiFolder, abi)
  await write(codeFolder, code)
}
