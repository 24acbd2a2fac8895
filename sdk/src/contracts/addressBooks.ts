import type { AddressBook, EntryPointDeployment } from '@fabstir/contracts/addressBook'
import type { Chain } from 'viem'
import { ContractsNotFoundError } from '../errors/configuration.ts'

/** Version of the EntryPoint that accounts of this package can use. */
export type FabstirEntryPointVersion = EntryPointDeployment['entryPointVersion']

/** Contracts of the chains that this package knows, by chain id. */
export const addressBooks: { readonly [chainId: number]: AddressBook } = {}

/**
 * Contracts of a chain: the given book, else the one that the chain brings along as `custom.fabstir`, else the known
 * one.
 * @throws {ContractsNotFoundError} When there is none, or the given one is for another chain.
 */
export function resolveContracts(
  chain: Pick<Chain, 'id' | 'custom'> | undefined,
  contracts: AddressBook | undefined,
): AddressBook {
  const chainId = chain?.id
  const brought = chain?.custom?.fabstir as AddressBook | undefined
  const book = contracts ?? brought ?? (chainId === undefined ? undefined : addressBooks[chainId])
  if (!book || (chainId !== undefined && book.chainId !== chainId))
    throw new ContractsNotFoundError({ chainId, bookChainId: book?.chainId })
  return book
}

/**
 * Account factory and paymaster for an EntryPoint of the chain; the book's first one by default.
 * @throws {ContractsNotFoundError} When the chain has no accounts on that EntryPoint.
 */
export function resolveDeployment(
  contracts: AddressBook,
  entryPoint?: FabstirEntryPointVersion,
): EntryPointDeployment {
  const deployment = entryPoint
    ? contracts.deployments.find((candidate) => candidate.entryPointVersion === entryPoint)
    : contracts.deployments[0]
  if (!deployment) throw new ContractsNotFoundError({ chainId: contracts.chainId, entryPoint })
  return deployment
}
