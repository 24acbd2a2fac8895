import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Artifact,
  type ArtifactName,
  artifactNames,
  artifactsFolder,
  readArtifact,
} from '../../deploy/artifact.ts'
import type { Source } from './storageLayout.ts'

export type CompiledSources = {
  sources: Record<string, Source>
  /** Contracts with `proxiableUUID`, whose storage outlives their code. */
  upgradeable: ArtifactName[]
}

/** Syntax trees of the last build of each contract. One compilation for each, as ids mean something only within it. */
export async function readCompilations(): Promise<CompiledSources[]> {
  const builds = new Map<string, { upgradeable: ArtifactName[]; roots: string[] }>()
  for (const name of artifactNames) {
    const artifact = await readArtifact(name)
    const build = builds.get(artifact.buildInfoId) ?? { upgradeable: [], roots: [] }
    build.roots.push(artifact.inputSourceName)
    if (isUpgradeable(artifact)) build.upgradeable.push(name)
    builds.set(artifact.buildInfoId, build)
  }
  return Promise.all(
    [...builds].map(async ([id, { upgradeable, roots }]) => {
      const path = join(artifactsFolder, 'build-info', `${id}.output.json`)
      const { output } = JSON.parse(await readFile(path, 'utf8')) as {
        output: { sources: Record<string, Source> }
      }
      return { sources: neededBy(roots, output.sources), upgradeable }
    }),
  )
}

/** What `roots` import. The rest of a compilation may be older than the last build of it. */
function neededBy(
  roots: readonly string[],
  sources: Readonly<Record<string, Source>>,
): Record<string, Source> {
  const needed = new Set(roots)
  for (const name of needed) {
    for (const { nodeType, absolutePath } of sources[name]?.ast.nodes ?? []) {
      if (nodeType === 'ImportDirective' && absolutePath) needed.add(absolutePath)
    }
  }
  return Object.fromEntries(Object.entries(sources).filter(([name]) => needed.has(name)))
}

function isUpgradeable({ abi }: Artifact): boolean {
  return abi.some((item) => item.type === 'function' && item.name === 'proxiableUUID')
}
