import { createContext } from 'react'
import type { FabstirClient } from '../clients/createFabstirClient.ts'

/** The client of the hooks; `undefined` while no account is connected. */
export const FabstirContext = createContext<{ client: FabstirClient | undefined } | undefined>(
  undefined,
)
