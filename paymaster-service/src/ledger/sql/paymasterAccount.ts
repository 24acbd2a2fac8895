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
  const last = await db
    .selectFrom('sponsorships')
    .select('valid_until')
    .where('state', '=', 'reserved')
    .where('chain_id', '=', of.chainId)
    .where('paymaster', '=', of.paymaster.toLowerCase())
    .orderBy('valid_until', 'desc')
    .limit(1)
    .executeTakeFirst()
  const { reserved, settled } = bucket ? toBalance(bucket) : emptyBalance
  return {
    reservedWei: reserved.wei,
    settledWei: settled.wei,
    lastValidUntil: last?.valid_until,
  }
}
