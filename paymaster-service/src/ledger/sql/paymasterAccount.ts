import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import { emptyBalance } from '../accounts.ts'
import { paymasterBucket } from '../buckets.ts'
import type { OperationKey, PaymasterAccount } from '../ledger.ts'
import { toBalance } from './rows.ts'
import type { LedgerDatabase } from './schema.ts'

/** The account of a paymaster's deposit. */
export async function readPaymasterAccount(
  db: LedgerDatabase,
  of: Pick<OperationKey, 'chainId' | 'paymaster'>,
): Promise<PaymasterAccount> {
  const bucket = await db
    .selectFrom('buckets')
    .selectAll()
    .where('id', '=', paymasterBucket(of))
    .executeTakeFirst()
  const {
    rows: [last],
  } = await lastPromiseQuery(of).execute(db)
  const { reserved, settled } = bucket ? toBalance(bucket) : emptyBalance
  return {
    reservedWei: reserved.wei,
    settledWei: settled.wei,
    lastValidUntil: last?.valid_until,
  }
}

/** The end of the signature that may be charged last: one look into an index, however much is promised. */
export function lastPromiseQuery({
  chainId,
  paymaster,
}: Pick<OperationKey, 'chainId' | 'paymaster'>): RawBuilder<{ valid_until: number }> {
  // The state is text of the statement: a parameter would hide from the planner that the index has all of it.
  return sql<{ valid_until: number }>`
    select valid_until from sponsorships
    where state = 'reserved' and chain_id = ${chainId} and paymaster = ${paymaster.toLowerCase()}
    order by valid_until desc limit 1
  `
}
