import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import type { Address } from 'viem'
import { getAddress } from 'viem'
import type { LedgerDatabase } from './schema.ts'

/**
 * Senders with reservations, from one to the next in the index: `distinct` would read every reservation,
 * a hundred thousand of them after some minutes of load, with every block.
 */
export async function outstandingSenders(
  db: LedgerDatabase,
  of: { chainId: number; limit: number },
): Promise<Address[]> {
  const { rows } = await outstandingSendersQuery(of).execute(db)
  return rows.map(({ sender }) => getAddress(sender))
}

export function outstandingSendersQuery({
  chainId,
  limit,
}: {
  chainId: number
  limit: number
}): RawBuilder<{ sender: string }> {
  // The state is text of the statement: a parameter would hide from the planner that the index has all of it.
  const first = (after: ReturnType<typeof sql>) => sql`(
    select sender from sponsorships
    where state = 'reserved' and chain_id = ${chainId} ${after}
    order by sender limit 1
  )`
  return sql<{ sender: string }>`
    with recursive found(sender) as (
      select ${first(sql``)}
      union all
      select ${first(sql`and sender > found.sender`)} from found where found.sender is not null
    )
    select sender from found where sender is not null limit ${limit}
  `
}
