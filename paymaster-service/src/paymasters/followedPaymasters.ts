import type { Address } from 'viem'
import { getAddress } from 'viem'
import type { PaymasterDatabase } from './tables.ts'

type Pair = { entryPoint: Address; paymaster: Address }

/** Remembers paymasters that are about to sign. */
export async function keepFollowed(
  db: PaymasterDatabase,
  chainId: number,
  pairs: readonly Pair[],
): Promise<void> {
  await db
    .insertInto('followed_paymasters')
    .values(
      pairs.map(({ entryPoint, paymaster }) => ({
        chain_id: chainId,
        entry_point: entryPoint.toLowerCase(),
        paymaster: paymaster.toLowerCase(),
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Every paymaster that the options of any instance ever named on a chain. */
export async function listFollowed(db: PaymasterDatabase, chainId: number): Promise<Pair[]> {
  const rows = await db
    .selectFrom('followed_paymasters')
    .select(['entry_point', 'paymaster'])
    .where('chain_id', '=', chainId)
    .orderBy('entry_point')
    .orderBy('paymaster')
    .execute()
  return rows.map(({ entry_point, paymaster }) => ({
    entryPoint: getAddress(entry_point),
    paymaster: getAddress(paymaster),
  }))
}
