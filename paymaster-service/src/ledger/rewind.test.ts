import { expect, test } from 'vitest'
import {
  alice,
  block,
  cap,
  chainId,
  changes,
  charge,
  hash,
  paymaster,
  request,
  start,
  terms,
} from '../testing/ledgerFixtures.ts'
import { onEveryStore } from '../testing/ledgers.ts'

onEveryStore((ledger) => {
  const at = (height: bigint, seconds: number) => ({ ...block(height), timestamp: start + seconds })
  const policy = terms({ user: [cap({ count: 1 })] })
  const budget = async () => {
    const { reserved, settled } = await ledger().budget(policy, start)
    return { reserved, settled }
  }
  const expireAt = async (seconds: number) => {
    await ledger().follow(changes({ through: at(5n, 590) }))
    await ledger().follow({
      ...changes({ through: at(6n, seconds) }),
      expireBefore: start + seconds - 60,
    })
  }

  test('a signature that had ended in blocks that are gone is promised again while it may be included', async () => {
    await ledger().reserve(request({ id: hash(1), policy }))
    await expireAt(700)
    expect(await budget()).toEqual({ reserved: 0n, settled: 0n })
    await ledger().rewind(chainId, at(6n, 700), at(5n, 590))
    expect(await budget()).toEqual({ reserved: 100n, settled: 0n })
    // It is no operation that was never sent any more, and is charged where it is included after all.
    expect(await ledger().balance(`p/${alice.toLowerCase()}/never/0`)).toMatchObject({ expired: 0 })
    await ledger().follow(changes({ through: at(6n, 595), charges: [charge({ blockNumber: 6n })] }))
    expect(await budget()).toEqual({ reserved: 0n, settled: 40n })
  })

  test('one that had ended before them stays ended', async () => {
    await ledger().reserve(request({ id: hash(1), policy }))
    await expireAt(700)
    await ledger().rewind(chainId, at(6n, 700), at(5n, 601))
    expect(await budget()).toEqual({ reserved: 0n, settled: 0n })
  })

  test('nor is one promised again whose nonce another operation took below', async () => {
    await ledger().reserve(request({ id: hash(1), policy }))
    await expireAt(700)
    const window = { validAfter: start, validUntil: start + 900 }
    await ledger().reserve(request({ id: hash(2), policy, amount: 50n, window }))
    const key = { chainId, paymaster, sender: alice, nonce: 0n, blockNumber: 7n } as const
    await ledger().follow(changes({ through: at(7n, 701), consumed: [key] }))
    await ledger().follow(changes({ through: at(8n, 702) }))
    await ledger().rewind(chainId, at(8n, 702), { ...at(7n, 590) })
    expect(await budget()).toEqual({ reserved: 0n, settled: 0n })
  })
})
