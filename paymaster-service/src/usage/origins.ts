import type { ReserveRequest } from '../ledger/ledger.ts'
import type { UsageDatabase } from './tables.ts'

/** Remembers who asked for reservations, and for what. One that is asked for again keeps its first. */
export async function keepOrigins(
  db: UsageDatabase,
  requests: readonly Pick<ReserveRequest, 'id' | 'origin' | 'selectors'>[],
): Promise<void> {
  // A group has each id once: PostgreSQL takes no statement that meets a conflict of its own making twice.
  const origins = new Map(
    requests.flatMap(({ id, origin, selectors }) =>
      origin
        ? [
            [
              id,
              {
                sponsorship_id: id,
                app: origin.app,
                key_id: origin.keyId ?? null,
                selectors: [...new Set(selectors)].sort().join('+'),
                signed_until: null,
                settled_in: null,
              },
            ] as const,
          ]
        : [],
    ),
  )
  if (origins.size === 0) return
  await db
    .insertInto('sponsorship_origins')
    .values([...origins.values()])
    .onConflict((conflict) => conflict.column('sponsorship_id').doNothing())
    .execute()
}
