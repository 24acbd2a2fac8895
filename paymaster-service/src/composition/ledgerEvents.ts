import type { LedgerObserver } from '../ledger/ledgerObserver.ts'
import type { LedgerTransaction } from '../ledger/sql/rows.ts'
import { toKeyColumns } from '../ledger/sql/rows.ts'
import type { SponsorshipRow } from '../ledger/sql/schema.ts'
import type { JsonValue } from '../policy/canonicalJson.ts'
import type { UsageTables } from '../usage/tables.ts'
import type { Announcement, Outbox } from '../webhooks/outbox.ts'
import type { WebhookTables } from '../webhooks/tables.ts'

/** Keeps who asked for what, and tells webhooks what the ledger did, in the ledger's own transactions. */
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

  return {
    async reserved(trx, { id, origin }, { kind }) {
      if (kind !== 'reserved' || !origin) return
      await trx
        .withTables<UsageTables>()
        .insertInto('sponsorship_origins')
        .values({
          sponsorship_id: id,
          app: origin.app,
          key_id: origin.keyId ?? null,
          selectors: [...new Set(origin.selectors)].sort().join('+'),
          signed_until: null,
          settled_in: null,
        })
        .onConflict((conflict) => conflict.column('sponsorship_id').doNothing())
        .execute()
    },

    async signed(trx, id) {
      if (!(await outbox.wanted(trx.withTables<WebhookTables>(), 'sponsorship.sponsored'))) return
      const row = await read(trx, id)
      if (!row) return
      const { valid_until } = row
      const origin = await trx
        .withTables<UsageTables>()
        .updateTable('sponsorship_origins')
        .set({ signed_until: valid_until })
        .where('sponsorship_id', '=', id)
        .where(({ eb, or }) =>
          or([eb('signed_until', 'is', null), eb('signed_until', '!=', valid_until)]),
        )
        .returning('app')
        .executeTakeFirst()
      if (origin)
        await outbox.write(trx.withTables<WebhookTables>(), [
          told('sponsorship.sponsored', row, origin.app),
        ])
    },

    async advanced(trx, { charges }) {
      if (
        charges.length === 0 ||
        !(await outbox.wanted(trx.withTables<WebhookTables>(), 'sponsorship.settled'))
      )
        return
      const announcements: Announcement[] = []
      for (const charge of charges) {
        const { chain_id, paymaster, sender, nonce } = toKeyColumns(charge)
        const row = await trx
          .selectFrom('sponsorships')
          .selectAll()
          .where('sender', '=', sender)
          .where('nonce', '=', nonce)
          .where('paymaster', '=', paymaster)
          .where('chain_id', '=', chain_id)
          .where('state', '=', 'settled')
          .executeTakeFirst()
        if (!row?.transaction_hash) continue
        const { transaction_hash } = row
        const origin = await trx
          .withTables<UsageTables>()
          .updateTable('sponsorship_origins')
          .set({ settled_in: transaction_hash })
          .where('sponsorship_id', '=', row.id)
          .where(({ eb, or }) =>
            or([eb('settled_in', 'is', null), eb('settled_in', '!=', transaction_hash)]),
          )
          .returning('app')
          .executeTakeFirst()
        if (origin) announcements.push(told('sponsorship.settled', row, origin.app))
      }
      await outbox.write(trx.withTables<WebhookTables>(), announcements)
    },
  }
}

function read(trx: LedgerTransaction, id: string): Promise<SponsorshipRow | undefined> {
  return trx.selectFrom('sponsorships').selectAll().where('id', '=', id).executeTakeFirst()
}

function sponsorshipData(row: SponsorshipRow): { [key: string]: JsonValue } {
  return {
    sponsorshipId: row.id,
    policyId: row.policy_id,
    policyHash: row.policy_hash,
    chainId: row.chain_id,
    paymaster: row.paymaster,
    sender: row.sender,
    nonce: row.nonce,
    userOpHash: row.user_op_hash,
    reservedWei: row.amount,
    costWei: row.state === 'settled' ? row.cost : null,
    transactionHash: row.transaction_hash,
    blockNumber: row.block_number,
    validUntil: row.valid_until,
  }
}
