import type { OperationKey } from '../ledger/ledger.ts'
import type { LedgerObserver } from '../ledger/ledgerObserver.ts'
import { hashesOf, ofOperation, operationKey } from '../ledger/sql/rows.ts'
import type { LedgerDatabase, SponsorshipRow } from '../ledger/sql/schema.ts'
import type { JsonValue } from '../policy/canonicalJson.ts'
import type { Announcement, Outbox } from '../webhooks/outbox.ts'
import type { WebhookTables } from '../webhooks/tables.ts'

/** Tells webhooks what the ledger did, in the ledger's own transactions. */
export function ledgerEvents(
  outbox: Pick<Outbox, 'write' | 'wanted'>,
  clock: () => number,
): LedgerObserver {
  const told = (type: Announcement['type'], row: SponsorshipRow, app: string): Announcement => ({
    type,
    app,
    at: clock(),
    data: sponsorshipData(row),
  })
  const wanted = (trx: LedgerDatabase, type: Announcement['type']) =>
    outbox.wanted(trx.withTables<WebhookTables>(), type)

  return {
    async signed(trx, signed) {
      if (!(await wanted(trx, 'sponsorship.sponsored'))) return
      const announcements: Announcement[] = []
      for (const { key, id } of signed) {
        const row = await rowsAt(trx, key).where('id', '=', id).executeTakeFirst()
        const app = row && (await markSigned(trx, row))
        if (row && app !== undefined) announcements.push(told('sponsorship.sponsored', row, app))
      }
      await outbox.write(trx.withTables<WebhookTables>(), announcements)
    },

    async advanced(trx, { charges }) {
      if (charges.length === 0 || !(await wanted(trx, 'sponsorship.settled'))) return
      const announcements: Announcement[] = []
      for (const charge of charges) {
        const row = await rowsAt(trx, charge).where('state', '=', 'settled').executeTakeFirst()
        const app = row && (await markSettled(trx, row))
        if (row && app !== undefined) announcements.push(told('sponsorship.settled', row, app))
      }
      await outbox.write(trx.withTables<WebhookTables>(), announcements)
    },
  }
}

function rowsAt(trx: LedgerDatabase, of: OperationKey) {
  return trx
    .selectFrom('sponsorships')
    .selectAll()
    .where(ofOperation(operationKey(of)))
}

/** Changes one row, by the whole of its primary key. */
function update(trx: LedgerDatabase, { id, nonce, sender }: SponsorshipRow) {
  return trx
    .updateTable('sponsorships')
    .where('sender', '=', sender)
    .where('nonce', '=', nonce)
    .where('id', '=', id)
}

/** @returns The app, when nobody was told of this signature yet. */
async function markSigned(
  trx: LedgerDatabase,
  sponsorship: SponsorshipRow,
): Promise<string | undefined> {
  const { valid_until } = sponsorship
  const row = await update(trx, sponsorship)
    .set({ told_until: valid_until })
    .where('app', 'is not', null)
    .where(({ eb, or }) => or([eb('told_until', 'is', null), eb('told_until', '!=', valid_until)]))
    .returning('app')
    .executeTakeFirst()
  return row?.app ?? undefined
}

/** @returns The app, when nobody was told of this settlement yet: a reorg makes another one. */
async function markSettled(
  trx: LedgerDatabase,
  sponsorship: SponsorshipRow,
): Promise<string | undefined> {
  const settlement = `${sponsorship.block_number}:${sponsorship.transaction_hash}`
  const row = await update(trx, sponsorship)
    .set({ told_settlement: settlement })
    .where('app', 'is not', null)
    .where(({ eb, or }) =>
      or([eb('told_settlement', 'is', null), eb('told_settlement', '!=', settlement)]),
    )
    .returning('app')
    .executeTakeFirst()
  return row?.app ?? undefined
}

function sponsorshipData(row: SponsorshipRow): { [key: string]: JsonValue } {
  const isSettled = row.state === 'settled'
  return {
    sponsorshipId: row.id,
    policyId: row.policy_id,
    policyHash: row.policy_hash,
    chainId: row.chain_id,
    paymaster: row.paymaster,
    sender: row.sender,
    nonce: row.nonce,
    userOpHash: hashesOf(row)[0] ?? null,
    reservedWei: row.amount,
    costWei: isSettled ? row.cost : null,
    success: isSettled ? row.reverted === 0 : null,
    transactionHash: row.transaction_hash,
    blockNumber: row.block_number,
    validUntil: row.valid_until,
  }
}
