import type { Address } from 'viem'
import type { DepositDatabase } from './tables.ts'

type Of = { chainId: number; paymaster: Address }

/**
 * Remembers that a deposit is low, in the transaction in which somebody is told.
 * @returns Whether it was not known yet: of several instances one hears so.
 */
export async function markLow(
  trx: DepositDatabase,
  { chainId, paymaster, at }: Of & { at: number },
): Promise<boolean> {
  const inserted = await trx
    .insertInto('low_deposits')
    .values({ chain_id: chainId, paymaster: paymaster.toLowerCase(), since: at })
    .onConflict((conflict) => conflict.doNothing())
    .returning('since')
    .executeTakeFirst()
  return inserted !== undefined
}

/** @returns Whether it was low until now. */
export async function markEnough(
  trx: DepositDatabase,
  { chainId, paymaster }: Of,
): Promise<boolean> {
  const removed = await trx
    .deleteFrom('low_deposits')
    .where('chain_id', '=', chainId)
    .where('paymaster', '=', paymaster.toLowerCase())
    .returning('since')
    .executeTakeFirst()
  return removed !== undefined
}
