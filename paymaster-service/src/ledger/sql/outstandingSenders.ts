import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import type { Address } from 'viem'
import { getAddress } from 'viem'
import type { Store } from '../../store/store.ts'
import { liveSendersQuery } from './liveSenders.ts'
import type { LedgerDatabase } from './schema.ts'

type Question = { chainId: number; limit: number }
type Answer = RawBuilder<{ sender: string }>

/** Senders with reservations, in the order of their addresses. */
export async function outstandingSenders(
  db: LedgerDatabase,
  kind: Store['kind'],
  of: Question,
): Promise<Address[]> {
  const query = kind === 'sqlite' ? liveSendersQuery(of) : indexedSendersQuery(of)
  const { rows } = await query.execute(db)
  return rows.map(({ sender }) => getAddress(sender))
}

/**
 * From one to the next in the index: `distinct` would read every reservation, a hundred thousand of them after some
 * minutes of load, with every block.
 */
function indexedSendersQuery({ chainId, limit }: Question): Answer {
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
