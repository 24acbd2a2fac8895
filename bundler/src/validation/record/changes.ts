import type { Address, Hex } from 'viem'
import { zeroHash } from 'viem'
import type { AccountState } from '../../chain/accountProbe.ts'
import { accountProbeCall, decodeAccountProbe } from '../../chain/accountProbe.ts'
import type { CallParameters } from '../../chain/reader.ts'
import type { SlotQuery } from '../../chain/slotProbe.ts'
import { decodeSlotProbe, slotProbeCall } from '../../chain/slotProbe.ts'
import type { ValidationDependencies } from '../../types/validationRecord.ts'

/** Why an operation has to be validated again. */
export type Change =
  /** None was kept: the operation comes from the journal, or was accepted without tracing. */
  | { kind: 'noRecord' }
  | { kind: 'balance' }
  | { kind: 'slot'; address: Address; slot: Hex }
  /** [COD-010] With this one the operation is invalid, whatever another validation says. */
  | { kind: 'code'; address: Address }
  | { kind: 'payment'; address: Address }

/** What the chain holds now of all that records speak of. */
export type CurrentState = {
  slots: ReadonlyMap<string, Hex>
  accounts: ReadonlyMap<Address, AccountState>
}

/**
 * The two calls that read the current state of what any number of validations depended on, to be sent in
 * one body with whatever else is asked, and how to read their answers.
 */
export function stateQuery(records: readonly ValidationDependencies[]): {
  calls: [slots: CallParameters, accounts: CallParameters]
  /** @throws AccountProbeError when the node answered with anything else. */
  decode(slots: Hex, accounts: Hex): CurrentState
} {
  const byAddress = new Map<Address, Set<Hex>>()
  const addresses = new Set<Address>()
  for (const { slots, codes, payments } of records) {
    for (const { address, slot } of slots) {
      byAddress.set(address, (byAddress.get(address) ?? new Set()).add(slot))
    }
    for (const { address } of codes) addresses.add(address)
    for (const { from } of payments) addresses.add(from)
  }
  const queries: SlotQuery[] = [...byAddress].map(([address, slots]) => ({
    address,
    slots: [...slots],
  }))
  const accounts = [...addresses]
  return {
    calls: [slotProbeCall(queries), accountProbeCall(accounts)],
    decode(slotWords, accountWords) {
      const values = decodeSlotProbe(queries, slotWords)
      const slots = new Map<string, Hex>()
      for (const [index, query] of queries.entries()) {
        for (const [at, slot] of query.slots.entries()) {
          const value = values[index]?.[at]
          if (value !== undefined) slots.set(slotKey(query.address, slot), value)
        }
      }
      const states = decodeAccountProbe(accounts, accountWords)
      return {
        slots,
        accounts: new Map(
          accounts.flatMap((address, index) => {
            const state = states[index]
            return state ? [[address, state] as const] : []
          }),
        ),
      }
    },
  }
}

/**
 * What has changed since an operation was validated; `undefined` when another validation would run as the
 * first did, so that it can be left out.
 */
export function changeSince(
  record: ValidationDependencies | undefined,
  { slots, accounts }: CurrentState,
): Change | undefined {
  if (!record) return { kind: 'noRecord' }
  for (const { address, codeHash } of record.codes) {
    const state = accounts.get(address)
    const now = !state || state.codeSize === 0 ? zeroHash : state.codeHash
    if (now !== codeHash) return { kind: 'code', address }
  }
  if (record.readsBalances) return { kind: 'balance' }
  for (const { address, slot, value } of record.slots) {
    if (slots.get(slotKey(address, slot)) !== value) return { kind: 'slot', address, slot }
  }
  for (const { from, amount } of record.payments) {
    if ((accounts.get(from)?.balance ?? 0n) < amount) return { kind: 'payment', address: from }
  }
  return undefined
}

function slotKey(address: Address, slot: Hex): string {
  return `${address}:${slot}`
}
