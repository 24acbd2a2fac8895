import { accessArea } from '../access/tables.ts'
import { auditArea } from '../audit/tables.ts'
import { depositsArea } from '../deposits/tables.ts'
import { ratesArea } from '../gate/rateTables.ts'
import { ledgerKeysArea } from '../ledger/sql/keysArea.ts'
import { ledgerArea } from '../ledger/sql/schema.ts'
import { paymastersArea } from '../paymasters/tables.ts'
import { policiesArea } from '../policyVersions/tables.ts'
import type { StoreArea } from '../store/store.ts'
import { usageArea } from '../usage/tables.ts'
import { webhooksArea } from '../webhooks/tables.ts'

/** Every area that has tables in the store. Whoever opens a store of the service opens it with all. */
export const storeAreas: readonly StoreArea[] = [
  ledgerArea,
  accessArea,
  policiesArea,
  auditArea,
  webhooksArea,
  usageArea,
  ledgerKeysArea,
  paymastersArea,
  depositsArea,
  ratesArea,
]
