import type { StoreLocation } from '../store/location.ts'
import { openStore } from '../store/openStore.ts'
import type { Ledger } from './ledger.ts'
import { ledgerArea } from './sql/schema.ts'
import { createSqlLedger } from './sql/sqlLedger.ts'

/**
 * Opens a store that holds nothing but a ledger.
 * @throws DatabaseInUseError, StoreUnavailableError, StoreVersionError
 */
export async function openLedger(
  location: StoreLocation,
): Promise<Ledger & { close(): Promise<void> }> {
  const store = await openStore(location, [ledgerArea])
  return { ...createSqlLedger(store), close: store.close }
}
