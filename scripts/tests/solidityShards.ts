import { glob } from 'node:fs/promises'
import { join } from 'node:path'

/** Solidity tests that are compiled and run by one process. */
export type Shard = { name: string; files: readonly string[] }

/**
 * The first pattern that fits a test's path below contracts/ names its shard. The compiler uses one core, and writes the
 * code of what a test deploys once more into every test: so tests of the same contracts stay together, and shards cost
 * about the same.
 */
const patterns: readonly (readonly [name: string, path: RegExp])[] = [
  ['system', /^system\//],
  ['sessions', /^marketplace\/(Session|Attested|Verified|Marketplace|JobMarketplace|Fee|BreakerE)/],
  ['jobs', /^marketplace\//],
  ['account', /^(account|paymaster)\//],
  ['others', /./],
]

/** Its tests read the contracts' code from the artifacts of a build (`vm.getCode`), which has to come first. */
const shardOnArtifacts = 'system'

/** Solidity tests that need nothing but their sources, each in one shard. */
export async function solidityShards(root: string): Promise<Shard[]> {
  return (await allShards(root)).filter(({ name }) => name !== shardOnArtifacts)
}

/** Solidity tests that need the artifacts of a fresh build. */
export async function testsOnArtifacts(root: string): Promise<readonly string[]> {
  return (await allShards(root)).find(({ name }) => name === shardOnArtifacts)?.files ?? []
}

async function allShards(root: string): Promise<Shard[]> {
  const files = new Map<string, string[]>(patterns.map(([name]) => [name, []]))
  for await (const file of glob('**/*.t.sol', { cwd: join(root, 'contracts') })) {
    const path = file.replaceAll('\\', '/')
    const [name = 'others'] = patterns.find(([, pattern]) => pattern.test(path)) ?? []
    files.get(name)?.push(join(root, 'contracts', file))
  }
  return [...files].map(([name, own]) => ({ name, files: own.sort() }))
}
