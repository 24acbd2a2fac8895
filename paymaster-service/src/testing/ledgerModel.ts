import type { Address, Hash } from 'viem'
import type { Balance } from '../ledger/accounts.ts'
import type { Advance, ReserveRequest } from '../ledger/ledger.ts'
import { microUsdOf } from '../policy/price.ts'

/** One signature that was given out, as a person with paper would keep it. */
export type Signature = {
  id: Hash
  sender: Address
  nonce: bigint
  amount: bigint
  price: bigint
  validUntil: number
  reservedAt: number
  state: 'reserved' | 'settled' | 'released' | 'expired'
  cost: bigint
  block: bigint | undefined
}

/** What a ledger should hold by its definition, without sums that are carried along. */
export type LedgerModel = {
  reserved(request: ReserveRequest, validUntil: number): void
  /** A signature that may still be charged. */
  live(pick: number): Signature | undefined
  /** No signature was given out. */
  abandoned(id: Hash): void
  advanced(changes: Pick<Advance, 'charges' | 'consumed' | 'expireBefore'>): void
  rewound(height: bigint): void
  /** Whoever has one, in the order of their addresses. */
  liveSenders(): Address[]
  balance(of: (signature: Signature) => boolean): Balance
}

export function createLedgerModel(): LedgerModel {
  const signatures = new Map<Hash, Signature>()
  const all = () => [...signatures.values()]
  const liveOf = ({ sender, nonce }: { sender: Address; nonce: bigint }) =>
    all().filter(
      (each) => each.sender === sender && each.nonce === nonce && each.state === 'reserved',
    )

  return {
    reserved({ id, sender, nonce, amount, price, now }, validUntil) {
      const known = signatures.get(id)
      // Given again, not reserved anew.
      if (known?.state === 'settled') return
      if (known?.state === 'reserved' && known.validUntil === validUntil) return
      signatures.set(id, {
        id,
        sender,
        nonce,
        amount,
        price: price.kind === 'fresh' ? price.microUsdPerEther : 0n,
        validUntil,
        reservedAt: now,
        state: 'reserved',
        cost: 0n,
        block: undefined,
      })
    },

    live(pick) {
      const live = all().filter(({ state }) => state === 'reserved')
      return live[pick % Math.max(live.length, 1)]
    },

    abandoned(id) {
      const known = signatures.get(id)
      if (known) known.state = 'released'
    },

    advanced({ charges, consumed, expireBefore }) {
      for (const charge of charges) {
        for (const each of liveOf(charge)) {
          const isPaid = each.id === charge.userOpHash
          each.state = isPaid ? 'settled' : 'released'
          each.cost = isPaid ? charge.cost : 0n
          each.block = charge.blockNumber
        }
      }
      for (const key of consumed) {
        for (const each of liveOf(key)) {
          each.state = 'released'
          each.block = key.blockNumber
        }
      }
      for (const each of all())
        if (each.state === 'reserved' && each.validUntil < expireBefore) each.state = 'expired'
    },

    rewound(height) {
      for (const each of all()) {
        if (each.block === undefined || each.block <= height) continue
        each.state = 'reserved'
        each.cost = 0n
        each.block = undefined
      }
    },

    liveSenders: () =>
      [...new Set(all().flatMap((each) => (each.state === 'reserved' ? each.sender : [])))].sort(
        (a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1),
      ),

    balance(of) {
      const operations = Map.groupBy(all().filter(of), ({ sender, nonce }) => `${sender} ${nonce}`)
      const balances = [...operations.values()].map(balanceOfOperation)
      const sum = (read: (balance: Balance) => bigint) =>
        balances.reduce((total, each) => total + read(each), 0n)
      const count = (read: (balance: Balance) => number) =>
        balances.reduce((total, each) => total + read(each), 0)
      return {
        reserved: {
          wei: sum(({ reserved }) => reserved.wei),
          microUsd: sum(({ reserved }) => reserved.microUsd),
          operations: count(({ reserved }) => reserved.operations),
        },
        settled: {
          wei: sum(({ settled }) => settled.wei),
          microUsd: sum(({ settled }) => settled.microUsd),
          operations: count(({ settled }) => settled.operations),
        },
        expired: count(({ expired }) => expired),
      }
    },
  }
}

/** Of the signatures of one nonce at most one can be charged: the largest is held back. */
function balanceOfOperation(signatures: readonly Signature[]): Balance {
  const live = signatures.filter(({ state }) => state === 'reserved')
  const paid = signatures.filter(({ state }) => state === 'settled')
  const largest = (values: readonly bigint[]) =>
    [...values].sort((a, b) => (a > b ? -1 : 1))[0] ?? 0n
  const total = (values: readonly bigint[]) => values.reduce((sum, value) => sum + value, 0n)
  return {
    reserved: {
      wei: largest(live.map(({ amount }) => amount)),
      microUsd: largest(live.map(({ amount, price }) => microUsdOf(amount, price))),
      operations: live.length > 0 && paid.length === 0 ? 1 : 0,
    },
    settled: {
      wei: total(paid.map(({ cost }) => cost)),
      microUsd: total(paid.map(({ cost, price }) => microUsdOf(cost, price))),
      operations: paid.length,
    },
    expired:
      live.length + paid.length === 0 && signatures.some(({ state }) => state === 'expired')
        ? 1
        : 0,
  }
}
