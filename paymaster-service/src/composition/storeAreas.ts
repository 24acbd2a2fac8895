import { ledgerArea } from '../ledger/sql/schema.ts'
import type { StoreArea } from '../store/store.ts'

/** Every area that has tables in the store. Whoever opens a store of the service opens it with all. */
export const storeAreas: readonly StoreArea[] = [ledgerArea]
