import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Abi, Hex } from 'viem'

/** Contracts of this project that are deployed or called, with the folder of their source. */
const sources = {
  FabToken: 'tokens',
  TestUsdc: 'tokens',
  Timelock: 'deployment',
  ProxyDeployer: 'deployment',
  FabstirGovernor: 'governance',
  ParameterGuard: 'governance',
  EmergencyGuardian: 'governance',
  VotesAdapter: 'governance',
  NodeRegistry: 'registry',
  ReputationSystem: 'reputation',
  ProofSystem: 'proof',
  EzklVerifier: 'proof',
  JobMarketplace: 'marketplace',
  FabstirAccount: 'account',
  FabstirAccountFactory: 'account',
  SponsorPaymaster: 'paymaster',
  TokenPaymaster: 'paymaster',
  TopUpVault: 'paymaster',
  StakersPool: 'tokenomics',
  RevenueSplitter: 'tokenomics',
  Buyback: 'tokenomics',
  ModelRegistry: 'models',
  DynamicPricing: 'models',
  Subscriptions: 'models',
} as const

/** Deployed, but never called by a function of its own: no ABI is generated. */
const codeOnly = {
  FabstirProxy: 'deployment',
  JobMarketplaceExtension: 'marketplace',
  JobMarketplaceOffice: 'marketplace',
  JobMarketplaceGovernance: 'marketplace',
  MigrationHelper: 'migration',
  ParallelSponsorPaymaster: 'paymaster',
} as const

export type ArtifactName = keyof typeof sources
export const artifactNames = Object.keys(sources) as ArtifactName[]
/** With the contracts that are only code behind another one's address. */
export type CodeName = ArtifactName | keyof typeof codeOnly
export const codeNames = [...artifactNames, ...Object.keys(codeOnly)] as CodeName[]

/** Contracts whose code goes on in others, behind the same address: their ABI is that of all parts. */
export const codeParts: { readonly [name in CodeName]?: readonly CodeName[] } = {
  JobMarketplace: ['JobMarketplaceExtension', 'JobMarketplaceOffice', 'JobMarketplaceGovernance'],
}

/** Bytes of the code that the constructor fills in. */
export type ImmutableReferences = Record<string, readonly { start: number; length: number }[]>

export type Artifact = {
  abi: Abi
  bytecode: Hex
  deployedBytecode: Hex
  immutableReferences: ImmutableReferences
  /** Name of the source in the compiler's input, like "project/contracts/tokens/FabToken.sol". */
  inputSourceName: string
  buildInfoId: string
}

/** Folder that `hardhat build` writes to. */
export const artifactsFolder = join(import.meta.dirname, '../../artifacts')

/**
 * Compiled contract, as `hardhat build` leaves it; of a contract in parts the code of the first and the ABI of all.
 * Throws {@link ArtifactMissingError} before the first build.
 */
export async function readArtifact(name: CodeName): Promise<Artifact> {
  const artifact = await readPart(name)
  const items = new Map(artifact.abi.map((item) => [JSON.stringify(item), item]))
  for (const part of codeParts[name] ?? []) {
    for (const item of (await readPart(part)).abi) {
      if (item.type !== 'constructor' && item.type !== 'fallback') {
        items.set(JSON.stringify(item), item)
      }
    }
  }
  return { ...artifact, abi: [...items.values()] }
}

async function readPart(name: CodeName): Promise<Artifact> {
  const folder = { ...sources, ...codeOnly }[name]
  const path = join(artifactsFolder, `contracts/${folder}/${name}.sol/${name}.json`)
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
