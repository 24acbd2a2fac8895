import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Abi, Hex } from 'viem'

/** Contracts of this project that are deployed or called, with the folder of their source. */
const sources = {
  FabToken: 'tokens',
  TestUsdc: 'tokens',
  Timelock: 'deployment',
  ProxyDeployer: 'deployment',
  NodeRegistry: 'registry',
  JobMarketplace: 'marketplace',
  FabstirAccount: 'account',
  FabstirAccountFactory: 'account',
  SponsorPaymaster: 'paymaster',
} as const

export type ArtifactName = keyof typeof sources
export const artifactNames = Object.keys(sources) as ArtifactName[]

export type Artifact = { abi: Abi; bytecode: Hex }

/** Compiled contract, as `hardhat build` leaves it. Throws {@link ArtifactMissingError} before the first build. */
export async function readArtifact(name: ArtifactName): Promise<Artifact> {
  const path = join(
    import.meta.dirname,
    `../../artifacts/contracts/${sources[name]}/${name}.sol/${name}.json`,
  )
  const text = await readFile(path, 'utf8').catch(() => {
    throw new ArtifactMissingError(name)
  })
  return JSON.parse(text) as Artifact
}

export class ArtifactMissingError extends Error {
  override name = 'ArtifactMissingError'
  constructor(contract: string) {
    super(`${contract} is not compiled. Run "pnpm compile" first.`)
  }
}
