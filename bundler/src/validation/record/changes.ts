import type { Address, Hex } from 'viem'
import { zeroHash } from 'viem'
import type { CurrentState, StateQuery } from '../../chain/stateProbe.ts'
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

/** The state that any number of validations depended on. */
export function stateBehind(
  dependencies: readonly ValidationDependencies[],
): Pick<StateQuery, 'slots' | 'accounts'> {
  return {
    slots: dependencies.flatMap(({ slots }) => slots),
    accounts: dependencies.flatMap(({ codes, payments }) => [
      ...codes.map(({ address }) => address),
      ...payments.map(({ from }) => from),
    ]),
  }
}

/**
 * What has changed since an operation was validated; `undefined` when another validation would run as the
 * first did, so that it can be left out.
 */
export function changeSince(
  record: ValidationDependencies | undefined,
  { slots, accounts }: Pick<CurrentState, 'slots' | 'accounts'>,
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
