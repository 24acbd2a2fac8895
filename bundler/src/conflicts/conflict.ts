import type { Address, Hex } from 'viem'
import type { StorageAccess, ValidationRecord } from '../types/validationRecord.ts'

/** What decides whether two operations can go together. */
export type Accessor = {
  hash: Hex
  sender: Address
  /** Entities whose own storage is their own business: they answer for it with stake and reputation. */
  entities: readonly Address[]
  reads: readonly StorageAccess[]
  writes: readonly StorageAccess[]
}

/**
 * Whether two operations of different senders could invalidate each other.
 *
 * - [STO-041] validation of one touches storage of the contract that is the sender of the other.
 * - One writes a slot that the other reads or writes. Between operations that share a factory or
 *   paymaster this is allowed: the slot is that entity's (STO-031, STO-032), or else associated with
 *   one of the senders and therefore not the same.
 *
 * Operations of one sender go in the order of their nonces and are validated together.
 */
export function conflict(a: Accessor, b: Accessor): boolean {
  if (sameAddress(a.sender, b.sender)) return false
  if (touches(a, b.sender) || touches(b, a.sender)) return true
  if (sharesEntity(a, b)) return false
  return overlap(a.writes, b.reads) || overlap(a.writes, b.writes) || overlap(b.writes, a.reads)
}

/** What an operation accessed, as far as its validation was traced. */
export function accessorOf(operation: {
  hash: Hex
  op: { sender: Address; factory?: Address; paymaster?: Address }
  record?: ValidationRecord
}): Accessor {
  const { hash, op, record } = operation
  return {
    hash,
    sender: op.sender,
    entities: [op.factory, op.paymaster].filter((address) => address !== undefined),
    reads: record?.reads ?? [],
    writes: record?.writes ?? [],
  }
}

function touches({ reads, writes }: Accessor, sender: Address): boolean {
  return [...reads, ...writes].some(
    ({ address, slots }) => slots.length > 0 && sameAddress(address, sender),
  )
}

export function sharesEntity(a: Accessor, b: Accessor): boolean {
  return a.entities.some((entity) => b.entities.some((other) => sameAddress(entity, other)))
}

function overlap(a: readonly StorageAccess[], b: readonly StorageAccess[]): boolean {
  const keys = new Set(slotKeys(a))
  return slotKeys(b).some((key) => keys.has(key))
}

/** One string per slot. Tracers write addresses in lower case. */
export function slotKeys(accesses: readonly StorageAccess[]): string[] {
  return accesses.flatMap(({ address, slots }) =>
    slots.map((slot) => `${address}:${slot}`.toLowerCase()),
  )
}

export function sameAddress(a: Address, b: Address): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
