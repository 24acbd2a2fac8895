import { useContext } from 'react'
import type { FabstirClient } from '../clients/createFabstirClient.ts'
import { FabstirProviderNotFoundError } from './errors.ts'
import { FabstirContext } from './fabstirContext.ts'

/**
 * The client of the nearest `FabstirProvider`; `undefined` while no account is connected.
 * @throws {FabstirProviderNotFoundError} Outside of one.
 * @example
 * const client = useFabstirClient()
 */
export function useFabstirClient(): FabstirClient | undefined {
  const context = useContext(FabstirContext)
  if (!context) throw new FabstirProviderNotFoundError()
  return context.client
}
