import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import type { StoreDatabase } from '../../store/store.ts'

const more = `
  insert into live_senders values (new.chain_id, new.sender, 1)
  on conflict (chain_id, sender) do update set reservations = reservations + 1;`
const less = `
  update live_senders set reservations = reservations - 1
  where chain_id = old.chain_id and sender = old.sender;
  delete from live_senders
  where chain_id = old.chain_id and sender = old.sender and reservations = 0;`

/** What happens to a sponsorship, and what it does to the count. */
const triggers = [
  ["insert on sponsorships when new.state = 'reserved'", more],
  ["delete on sponsorships when old.state = 'reserved'", less],
  ["update of state on sponsorships when new.state = 'reserved' and old.state != 'reserved'", more],
  ["update of state on sponsorships when old.state = 'reserved' and new.state != 'reserved'", less],
] as const

/**
 * Counts the reservations of each sender in a table of the connection, in memory: an index of `sponsorships` has a
 * place at random for each reservation, and SQLite writes the whole page (decision 114). Triggers keep it, so that it
 * changes with the transaction that changes a sponsorship, or not at all.
 */
export async function countLiveSenders(db: StoreDatabase): Promise<void> {
  await sql`
    create temporary table live_senders (
      chain_id integer not null, sender text not null, reservations integer not null,
      primary key (chain_id, sender)
    ) without rowid
  `.execute(db)
  await sql`
    insert into live_senders
    select chain_id, sender, count(*) from sponsorships where state = 'reserved'
    group by chain_id, sender
  `.execute(db)
  for (const [index, [event, change]] of triggers.entries())
    await sql
      .raw(`create temporary trigger live_senders_${index} after ${event} begin ${change} end`)
      .execute(db)
}

/** Senders with reservations, as {@link countLiveSenders} has them. */
export function liveSendersQuery({
  chainId,
  limit,
}: {
  chainId: number
  limit: number
}): RawBuilder<{ sender: string }> {
  return sql<{ sender: string }>`
    select sender from live_senders where chain_id = ${chainId} order by sender limit ${limit}
  `
}
