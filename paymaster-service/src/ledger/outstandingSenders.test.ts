import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { outstandingSendersQuery } from '../ledger/sql/outstandingSenders.ts'
import { alice, bob, chainId, changes, charge, hash, request } from '../testing/ledgerFixtures.ts'
import { onEveryStore } from '../testing/ledgers.ts'

onEveryStore((ledger) => {
  test('each sender with a reservation on the chain, once', async () => {
    expect(await ledger().outstandingSenders(chainId, 9)).toEqual([])
    for (const [index, sender] of [bob, alice, bob, alice].entries())
      await ledger().reserve(request({ id: hash(index), nonce: BigInt(index), sender }))
    await ledger().reserve(request({ id: hash(9), chainId: 2, sender: bob }))
    expect(await ledger().outstandingSenders(chainId, 9)).toEqual([alice, bob])
    expect(await ledger().outstandingSenders(chainId, 1)).toEqual([alice])
    expect(await ledger().outstandingSenders(2, 9)).toEqual([bob])
    expect(await ledger().outstandingSenders(3, 9)).toEqual([])

    const charges = [0n, 2n].map((nonce) => charge({ sender: bob, nonce, userOpHash: hash(nonce) }))
    await ledger().follow(changes({ charges }))
    expect(await ledger().outstandingSenders(chainId, 9)).toEqual([alice])
  })

  test('SQLite goes through an index of reservations, and through no table', async () => {
    if (ledger().store.kind !== 'sqlite') return
    const { rows } = await sql<{
      detail: string
    }>`explain query plan ${outstandingSendersQuery({ chainId, limit: 9 })}`.execute(
      ledger().store.db,
    )
    const steps = rows.map(({ detail }) => detail).filter((each) => each.includes('sponsorships'))
    expect(steps).toHaveLength(2)
    for (const step of steps)
      expect(step).toContain('USING COVERING INDEX sponsorships_outstanding (chain_id=?')
  })
})
