import { sql } from 'kysely'
import type { ReserveRequest } from '../ledger/ledger.ts'
import type { ListStatement } from '../store/listStatement.ts'
import type { Store } from '../store/store.ts'
import type { UsageTables } from './tables.ts'

type Asked = Pick<ReserveRequest, 'id' | 'origin' | 'selectors'>

/** Remembers who asked for reservations, and for what. One that is asked for again keeps its first. */
export type KeepOrigins = (
  trx: Parameters<ListStatement<Origin, unknown>>[0],
  requests: readonly Asked[],
) => Promise<void>

type Origin = Omit<UsageTables['sponsorship_origins'], 'signed_until' | 'settled_in'>

export function originKeeper(store: Pick<Store, 'listStatement'>): KeepOrigins {
  const valuesOf = ({ sponsorship_id, app, key_id, selectors }: Origin): unknown[] => [
    ...[sponsorship_id, app, key_id, selectors],
  ]
  const write = store.listStatement<Origin, unknown>({
    build: (db, origins) =>
      sql`
        insert into sponsorship_origins (sponsorship_id, app, key_id, selectors)
        values ${sql.join(origins.map((origin) => sql`(${sql.join(valuesOf(origin))})`))}
        on conflict (sponsorship_id) do nothing
      `.compile(db),
    parameters: valuesOf,
  })

  return async (trx, requests) => {
    // A group has each id once: PostgreSQL takes no statement that meets a conflict of its own making twice.
    const origins = new Map<string, Origin>()
    for (const { id, origin, selectors } of requests)
      if (origin)
        origins.set(id, {
          sponsorship_id: id,
          app: origin.app,
          key_id: origin.keyId ?? null,
          selectors: [...new Set(selectors)].sort().join('+'),
        })
    await write(trx, [...origins.values()])
  }
}
