import { entitiesOf } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import type { PooledOperation } from '../types/pooledOperation.ts'

/** How many operations have an address as their sender, and how many as another entity. */
export type Roles = { sender: number; other: number }

/** What the operations of the pool add up to. */
export type Tally = {
  add(operation: PooledOperation): void
  remove(operation: PooledOperation): void
  /** Operations at an EntryPoint that have the address as one of their entities. */
  withEntity(entryPoint: Address, address: Address): ReadonlySet<Hex>
  /** At all EntryPoints: the storage of a contract is the same for all. */
  rolesOf(address: Address): Roles
  /** Operations for which the address, no entity of theirs, pays the EntryPoint [OP-053]. */
  paidBy(address: Address): number
  /** Wei of a paymaster's deposit that pooled and in-flight operations may use up. */
  reserved(entryPoint: Address, paymaster: Address): bigint
  clear(): void
}

const none: ReadonlySet<Hex> = new Set()

/** Whose balance the validation of an operation spends beside its own and its factory's. */
export function helperPayers({ op, record }: PooledOperation): Address[] {
  const own = [op.sender, op.factory].map((address) => address?.toLowerCase())
  const payers = (record?.dependencies?.payments ?? []).map(({ from }) => from)
  return payers.filter((payer) => !own.includes(payer.toLowerCase()))
}

/** Counters that are moved with every operation, so that nothing is ever added up over the pool. */
export function createTally(): Tally {
  const byEntity = new Map<string, Set<Hex>>()
  const roles = new Map<Address, Roles>()
  const reservations = new Map<string, bigint>()
  const payers = new Map<Address, number>()

  function move(operation: PooledOperation, by: 1 | -1) {
    const { hash, entryPoint, op, prefund } = operation
    const { account, ...others } = entitiesOf(op)
    const other = [...new Set(Object.values(others))]
    for (const address of new Set([account, ...other])) {
      const key = keyOf(entryPoint.address, address)
      const hashes = byEntity.get(key) ?? new Set()
      if (by > 0) byEntity.set(key, hashes.add(hash))
      else if (hashes.delete(hash) && hashes.size === 0) byEntity.delete(key)
    }
    moveRole(account, 'sender', by)
    for (const address of other) moveRole(address, 'other', by)
    for (const payer of helperPayers(operation)) {
      const paid = (payers.get(payer) ?? 0) + by
      if (paid > 0) payers.set(payer, paid)
      else payers.delete(payer)
    }
    if (!op.paymaster) return
    const key = keyOf(entryPoint.address, op.paymaster)
    const reserved = (reservations.get(key) ?? 0n) + BigInt(by) * prefund
    if (byEntity.has(key)) reservations.set(key, reserved)
    else reservations.delete(key)
  }

  function moveRole(address: Address, role: keyof Roles, by: 1 | -1) {
    const known = roles.get(address) ?? { sender: 0, other: 0 }
    const moved = { ...known, [role]: known[role] + by }
    if (moved.sender === 0 && moved.other === 0) roles.delete(address)
    else roles.set(address, moved)
  }

  return {
    add: (operation) => move(operation, 1),
    remove: (operation) => move(operation, -1),
    withEntity: (entryPoint, address) => byEntity.get(keyOf(entryPoint, address)) ?? none,
    rolesOf: (address) => roles.get(address) ?? { sender: 0, other: 0 },
    paidBy: (address) => payers.get(address) ?? 0,
    reserved: (entryPoint, paymaster) => reservations.get(keyOf(entryPoint, paymaster)) ?? 0n,
    clear() {
      byEntity.clear()
      roles.clear()
      reservations.clear()
      payers.clear()
    },
  }
}

function keyOf(entryPoint: Address, address: Address): string {
  return `${entryPoint}:${address}`
}
