import type { Address } from 'viem'

/** Contracts that exist once for each EntryPoint the accounts can use. */
export type EntryPointDeployment = {
  entryPoint: Address
  entryPointVersion: '0.8' | '0.9'
  accountFactory: Address
  accountImplementation: Address
  sponsorPaymaster: Address
}

/** Where one chain's contracts are. */
export type AddressBook = {
  chainId: number
  fab: Address
  usdc: Address
  timelock: Address
  registry: Address
  marketplace: Address
  /** The first one is the default of the chain. */
  deployments: readonly EntryPointDeployment[]
}
