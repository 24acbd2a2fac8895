import { sql } from 'kysely'
import type { Address, Hex } from 'viem'
import { getAddress } from 'viem'
import { windowBounds } from '../../policy/window.ts'
import type { Store } from '../../store/store.ts'
import type { UsageGroup, UsageLine, UsageQuery } from '../usageReport.ts'
import type { LedgerTables } from './schema.ts'

const columns = {
  policy: 'policy_id',
  sender: 'sender',
  selector: 'selector',
  day: 'day',
} as const satisfies Record<UsageGroup, string>

/** Sums over sponsorships, in one statement. */
export async function report(store: Store, query: UsageQuery): Promise<UsageLine[]> {
  const { policyIds, sender, selector, from, until, groupBy, limit, offset = 0 } = query
  const bySelector = groupBy.includes('selector')
  const groups = (['day', 'policy', 'sender', 'selector'] as const).filter((group) =>
    groupBy.includes(group),
  )
  let select = store.db
    .withTables<LedgerTables>()
    .selectFrom('sponsorships')
    .$if(bySelector, (each) =>
      each.innerJoin('sponsorship_selectors', 'sponsorship_selectors.id', 'sponsorships.id'),
    )
    .select([
      sql<number>`count(distinct operation_key)`.as('operations'),
      sql<number>`count(case when state = 'settled' then 1 end)`.as('settled'),
      sql<number>`coalesce(sum(reverted), 0)`.as('reverted'),
      sql<number>`count(distinct case when state = 'expired' then operation_key end)`.as('expired'),
      store.exactSum('held').as('reserved'),
      store.exactSum('cost').as('cost'),
      store.exactSum('cost_micro_usd').as('cost_micro_usd'),
    ])
  if (policyIds) select = select.where('policy_id', 'in', [...policyIds])
  if (sender) select = select.where('sender', '=', sender.toLowerCase())
  if (from !== undefined) select = select.where('day', '>=', windowBounds('day', from).start)
  if (until !== undefined) select = select.where('day', '<=', windowBounds('day', until).start)
  if (selector && bySelector)
    select = select.where(sql.ref('selector'), '=', selector.toLowerCase())
  else if (selector)
    select = select.where('sponsorships.id', 'in', (each) =>
      each
        .selectFrom('sponsorship_selectors')
        .select('sponsorship_selectors.id')
        .where('selector', '=', selector.toLowerCase()),
    )
  for (const group of groups) {
    const column = sql.ref<string | number>(columns[group])
    select = select
      .select(column.as(group))
      .groupBy(column)
      .orderBy(column, group === 'day' ? 'desc' : 'asc')
  }
  const rows: readonly ReportRow[] = await select.limit(limit).offset(offset).execute()
  return rows.filter(({ operations }) => operations > 0).map(toLine)
}

type ReportRow = {
  operations: number
  settled: number
  reverted: number
  expired: number
  reserved: string | null
  cost: string | null
  cost_micro_usd: string | null
} & Partial<Record<UsageGroup, string | number>>

function toLine(row: ReportRow): UsageLine {
  return {
    ...(row.policy === undefined ? {} : { policyId: String(row.policy) }),
    ...(row.sender === undefined ? {} : { sender: getAddress(row.sender as Address) }),
    ...(row.selector === undefined ? {} : { selector: row.selector as Hex }),
    ...(row.day === undefined ? {} : { day: Number(row.day) }),
    operations: row.operations,
    settled: row.settled,
    reverted: row.reverted,
    expired: row.expired,
    reserved: BigInt(row.reserved ?? 0),
    cost: BigInt(row.cost ?? 0),
    costMicroUsd: BigInt(row.cost_micro_usd ?? 0),
  }
}
