import type { Address, Hash } from 'viem'

/** Contracts that exist once for each EntryPoint the accounts can use. */
export type EntryPointDeployment = {
  entryPoint: Address
  entryPointVersion: '0.8' | '0.9'
  accountFactory: Address
  accountImplementation: Address
  /** On EntryPoint 0.9 a ParallelSponsorPaymaster, which takes signatures outside of the hash too. */
  sponsorPaymaster: Address
  /** Takes gas in USDC or FAB. */
  tokenPaymaster: Address
}

/** The SponsorPaymaster of an EntryPoint that accounts of others use, and this project's do not. */
export type SponsorDeployment = {
  entryPoint: Address
  entryPointVersion: '0.7'
  sponsorPaymaster: Address
}

/** Where one chain's contracts are. */
export type AddressBook = {
  chainId: number
  fab: Address
  usdc: Address
  /** Owner of everything that has one. */
  timelock: Address
  governor: Address
  parameterGuard: Address
  emergencyGuardian: Address
  votesAdapter: Address
  registry: Address
  marketplace: Address
  reputation: Address
  proofSystem: Address
  stakersPool: Address
  revenueSplitter: Address
  buyback: Address
  modelRegistry: Address
  dynamicPricing: Address
  subscriptions: Address
  topUpVault: Address
  /** The first one is the default of the chain. */
  deployments: readonly EntryPointDeployment[]
  /** Absent where only the project's own accounts are sponsored. */
  otherSponsors?: readonly SponsorDeployment[]
}

/** Every SponsorPaymaster of a book with its EntryPoint; that of the default accounts is the first. */
export function sponsorsOf({
  deployments,
  otherSponsors = [],
}: Pick<AddressBook, 'deployments' | 'otherSponsors'>): readonly Pick<
  EntryPointDeployment | SponsorDeployment,
  'entryPoint' | 'entryPointVersion' | 'sponsorPaymaster'
>[] {
  return [...deployments, ...otherSponsors]
}

/** One contract as a run of the deploy module leaves it. */
export type DeployedContract = {
  /** Name of its source. */
  name: string
  /** Its name, with the EntryPoint's version where there is one for each. */
  label: string
  address: Address
  /** Absent when it was there before. */
  block?: bigint
  constructorArgs: readonly unknown[]
  /** Of contracts behind an ERC-1967 proxy. */
  proxy?: { implementation: Address; initializerArgs: readonly unknown[] }
  /** Whether this run deployed it, or in a dry run would. */
  deployed: boolean
}

/** One contract in `deployments/<chainId>.json`. Whole numbers are decimal strings in its arguments. */
export type ContractRecord = Omit<DeployedContract, 'block' | 'deployed'> & {
  /** Block of its deployment. */
  block: string
  /** keccak256 of the code at `address`. */
  codeHash: Hash
  /** keccak256 of the implementation's code. */
  implementationCodeHash?: Hash
}

/** What `deployments/<chainId>.json` holds. */
export type DeploymentFile = {
  addressBook: AddressBook
  /** Account that sent the deployment; it must hold no role afterwards. */
  deployer: Address
  /** Proposer and executor of the timelock. */
  governance: Address
  contracts: readonly ContractRecord[]
}
