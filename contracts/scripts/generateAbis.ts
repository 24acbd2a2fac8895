/**
 * Writes `contracts/generated/abi/*.ts` from Hardhat's artifacts, so that ABIs are typed constants.
 * `--check` writes nothing and exits 1 when a file is out of date.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { artifactNames, readArtifact } from '../deploy/artifact.ts'

const folder = join(import.meta.dirname, '..', 'generated', 'abi')

const constantName = (contract: string) => `${contract[0]?.toLowerCase()}${contract.slice(1)}Abi`

const files = new Map<string, string>()
for (const contract of artifactNames) {
  const { abi } = await readArtifact(contract)
  const name = constantName(contract)
  files.set(`${name}.ts`, `export const ${name} = ${JSON.stringify(abi, null, 2)} as const\n`)
}
files.set(
  'index.ts',
  [...files.keys()]
    .map((file) => `export { ${file.slice(0, -'.ts'.length)} } from './${file}'\n`)
    .join(''),
)

const current = await readdir(folder).catch(() => [])
if (process.argv.includes('--check')) {
  const stale = current.filter((file) => !files.has(file))
  for (const [file, text] of files) {
    const written = await readFile(join(folder, file), 'utf8').catch(() => undefined)
    if (written !== text) stale.push(file)
  }
  if (stale.length > 0) {
    console.error(`Generated ABIs are out of date: ${stale.join(', ')}. Run "pnpm generate".`)
    process.exit(1)
  }
} else {
  await mkdir(folder, { recursive: true })
  for (const file of current) if (!files.has(file)) await rm(join(folder, file))
  for (const [file, text] of files) await writeFile(join(folder, file), text)
  console.log(`${files.size} files in contracts/generated/abi`)
}
