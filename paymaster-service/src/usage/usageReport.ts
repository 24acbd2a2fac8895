import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import type { LedgerTables } from '../ledger/sql/schema.ts'
import type { Store } from '../store/store.ts'

/** What usage can be grouped by. */
export const usageDimensions = ['policy', 'user', 'selector', 'day', 'app', 'key'] as const

export type UsageDimension = (typeof usageDimensions)[number]

export type UsageQuery = {
  /** The lines are sorted in this order. */
  by: readonly UsageDimension[]
  /** Unix seconds of the first day of reservations that counts, and of the first after those. */
  from?: number | undefined
  to?: number | undefined
  policy?: string | undefined
  app?: string | undefined
  /** Lower case. */
  user?: string | undefined
  /** Operations with at least one call of it. Lower case. */
  selector?: string | undefined
  /** Most groups. */
  limit: number
}

export type UsageGroup = Partial<Record<UsageDimension, string | null>> & {
  /** Operations that the paymaster paid for. */
  settled: number
  /** Of those: whose calls reverted. */
  reverted: number
  /** What it paid for them, wei as decimal text. */
  wei: string
  /** The same at the prices of their reservations, micro-USD; what had no price is not in it. */
  microUsd: string
  /** Operations that are signed, and neither paid nor given up. */
  pending: number
  /** Held back for them, wei as decimal text. */
  reserved: string
}

const columns: Record<UsageDimension, RawBuilder<unknown>> = {
  policy: sql`sponsorships.policy_id`,
  user: sql`sponsorships.sender`,
  // A batch is one group of its own: groups never share an operation, so their sums are exact.
  selector: sql`sponsorships.selectors`,
  day: sql`sponsorships.day`,
  app: sql`sponsorships.app`,
  key: sql`sponsorships.key_id`,
}

/** What was paid, grouped; days are those of the reservations, in UTC. */
export async function usageReport(
  store: Pick<Store, 'db' | 'exactSum'>,
  { by, from, to, policy, app, user, selector, limit }: UsageQuery,
): Promise<{ groups: UsageGroup[]; truncated: boolean }> {
  const dimensions = [...new Set(by)]
  let query = store.db
    .withTables<LedgerTables>()
    .selectFrom('sponsorships')
    .select([
      sql<number>`count(case when sponsorships.state = 'settled' then 1 end)`.as('settled'),
      sql<number>`coalesce(sum(sponsorships.reverted), 0)`.as('reverted'),
      store.exactSum('sponsorships.cost').as('wei'),
      store.exactSum('sponsorships.cost_micro_usd').as('micro_usd'),
      sql<number>`count(distinct case when sponsorships.state = 'reserved' then operation_key end)`.as(
        'pending',
      ),
      store.exactSum('sponsorships.held').as('reserved'),
    ])
    .where('sponsorships.state', 'in', ['reserved', 'settled'])
    .limit(limit + 1)
  for (const dimension of dimensions) {
    const column = columns[dimension]
    query = query.select(column.as(dimension)).groupBy(column).orderBy(column)
  }
  if (from !== undefined) query = query.where('sponsorships.day', '>=', from)
  if (to !== undefined) query = query.where('sponsorships.day', '<', to)
  if (policy !== undefined) query = query.where('sponsorships.policy_id', '=', policy)
  if (user !== undefined) query = query.where('sponsorships.sender', '=', user)
  if (app !== undefined) query = query.where('sponsorships.app', '=', app)
  if (selector !== undefined) query = query.where('sponsorships.selectors', 'like', `%${selector}%`)
  const rows = await query.execute()
  return {
    groups: rows.slice(0, limit).map((row) => ({
      ...Object.fromEntries(
        dimensions.map((dimension) => [dimension, label(dimension, valueIn(row, dimension))]),
      ),
      settled: Number(row.settled),
      reverted: Number(row.reverted),
      wei: row.wei ?? '0',
      microUsd: row.micro_usd ?? '0',
      pending: Number(row.pending),
      reserved: row.reserved ?? '0',
    })),
    truncated: rows.length > limit,
  }
}

/** The select list depends on what is asked, so rows have the columns that were asked. */
function valueIn(row: object, dimension: UsageDimension): unknown {
  return dimension in row ? Object.entries(row).find(([name]) => name === dimension)?.[1] : null
}

function label(dimension: UsageDimension, value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (dimension !== 'day') return String(value)
  return new Date(Number(value) * 1_000).toISOString().slice(0, 10)
}
