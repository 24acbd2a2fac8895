import type { Address } from 'viem'
import { getAddress } from 'viem'
import type { Rotation } from './rotations.ts'
import type { PaymasterDatabase } from './tables.ts'

type On = { chainId: number; entryPoint: Address }

/** Rotations on one chain, by EntryPoint in lower case. */
export async function listRotations(
  db: PaymasterDatabase,
  chainId: number,
): Promise<Map<string, Rotation[]>> {
  const rows = await db
    .selectFrom('paymaster_rotations')
    .selectAll()
    .where('chain_id', '=', chainId)
    .orderBy('rotated_at')
    .orderBy('paymaster')
    .execute()
  return Map.groupBy(
    rows.map(({ entry_point, paymaster, successor }) => ({
      entry_point,
      paymaster: getAddress(paymaster),
      successor: getAddress(successor),
    })),
    ({ entry_point }) => entry_point,
  )
}

/** Puts a successor in the place of a paymaster. */
export async function insertRotation(
  db: PaymasterDatabase,
  { chainId, entryPoint, paymaster, successor, at }: On & Rotation & { at: number },
): Promise<void> {
  // A paymaster that comes back leads nowhere any more.
  await db
    .deleteFrom('paymaster_rotations')
    .where('chain_id', '=', chainId)
    .where('entry_point', '=', entryPoint.toLowerCase())
    .where('paymaster', 'in', [paymaster.toLowerCase(), successor.toLowerCase()])
    .execute()
  await db
    .insertInto('paymaster_rotations')
    .values({
      chain_id: chainId,
      entry_point: entryPoint.toLowerCase(),
      paymaster: paymaster.toLowerCase(),
      successor: successor.toLowerCase(),
      rotated_at: at,
    })
    .execute()
}

export async function listRevokedSigners(db: PaymasterDatabase): Promise<Address[]> {
  const rows = await db.selectFrom('revoked_signers').select('address').orderBy('address').execute()
  return rows.map(({ address }) => getAddress(address))
}

export async function insertRevokedSigner(
  db: PaymasterDatabase,
  { address, at }: { address: Address; at: number },
): Promise<void> {
  await db
    .insertInto('revoked_signers')
    .values({ address: address.toLowerCase(), revoked_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
