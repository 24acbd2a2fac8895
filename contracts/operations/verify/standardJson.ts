import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Artifact, artifactsFolder } from '../../deploy/artifact.ts'

/** The compiler's input, as block explorers take it. */
export type StandardJson = {
  language: string
  sources: Record<string, { content: string }>
  settings: Record<string, unknown>
}

type BuildInfo = { solcLongVersion: string; input: StandardJson }
type BuildOutput = {
  output: {
    sources: Record<string, { ast: { nodes: { nodeType: string; absolutePath?: string }[] } }>
  }
}

/** Compiler input with the sources that one contract needs, and the version that compiled it. */
export async function standardJsonOf({
  buildInfoId,
  inputSourceName,
}: Artifact): Promise<{ compiler: string; input: StandardJson }> {
  const { solcLongVersion, input } = await readBuild<BuildInfo>(`${buildInfoId}.json`)
  const { output } = await readBuild<BuildOutput>(`${buildInfoId}.output.json`)

  const needed = new Set([inputSourceName])
  for (const name of needed) {
    for (const { nodeType, absolutePath } of output.sources[name]?.ast.nodes ?? []) {
      if (nodeType === 'ImportDirective' && absolutePath) needed.add(absolutePath)
    }
  }
  const sources = Object.fromEntries(
    Object.entries(input.sources).filter(([name]) => needed.has(name)),
  )
  return { compiler: `v${solcLongVersion}`, input: { ...input, sources } }
}

async function readBuild<Content>(file: string): Promise<Content> {
  return JSON.parse(await readFile(join(artifactsFolder, 'build-info', file), 'utf8')) as Content
}
