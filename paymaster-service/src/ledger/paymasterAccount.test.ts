import { sql } from 'kysely'
import type { Address } from 'viem'
import { expect, test } from 'vitest'
import { lastPromiseQuery } from '../ledger/sql/paymasterAccount.ts'
import { bob, chainId, hash, paymaster, request, start } from '../testing/ledgerFixtures.ts'
import { onEveryStore } from '../testing/ledgers.ts'

const other = bob

onEveryStore((ledger) => {
  test('what is promised for another paymaster, or on another chain, is in its own account', async () => {
    const ends = async (of: { chainId: number; paymaster: Address }) =>
      (await ledger().paymasterAccount(of)).lastValidUntil
    const until = (validUntil: number) => ({ window: { validAfter: start, validUntil } })
    await ledger().reserve(request({ id: hash(1), ...until(start + 300) }))
    await ledger().reserve(
      request({ id: hash(2), nonce: 1n, paymaster: other, ...until(start + 600) }),
    )
    await ledger().reserve(request({ id: hash(3), nonce: 2n, chainId: 2, ...until(start + 900) }))
    expect(await ends({ chainId, paymaster })).toBe(start + 300)
    expect(await ends({ chainId, paymaster: other })).toBe(start + 600)
    expect(await ends({ chainId: 2, paymaster })).toBe(start + 900)
    expect(await ends({ chainId: 2, paymaster: other })).toBeUndefined()
  })

  test('SQLite finds the end in an index, also where nothing is promised', async () => {
    if (ledger().store.kind !== 'sqlite') return
    const { rows } = await sql<{
      detail: string
    }>`explain query plan ${lastPromiseQuery({ chainId, paymaster })}`.execute(ledger().store.db)
    expect(rows.map(({ detail }) => detail)).toEqual([
      'SEARCH sponsorships USING COVERING INDEX sponsorships_promised (chain_id=? AND paymaster=?)',
    ])
  })
})
