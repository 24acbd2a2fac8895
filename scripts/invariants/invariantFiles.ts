import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Test files with invariants, below the project's root; those with `text` in their path. */
export async function invariantFiles(root: string, text: string): Promise<string[]> {
  const found: string[] = []
  for await (const name of glob('contracts/**/*.t.sol', { cwd: root })) {
    const file = name.replaceAll('\\', '/')
    if (!file.includes(text)) continue
    const source = await readFile(join(root, file), 'utf8')
    if (source.includes('function invariant_')) found.push(file)
  }
  return found.sort()
}
