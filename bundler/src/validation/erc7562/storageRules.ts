import type { Hex } from 'viem'
import type { TraceFrame } from '../trace/trace.ts'
import type { Association } from './associatedStorage.ts'
import type { EntityFrame, Finding, Scene } from './scene.ts'
import { lower } from './scene.ts'

type SlotAccess = { slot: Hex; write: boolean; transient: boolean }

/** Storage that an entity may not use, or not without stake. [OP-070] Transient storage counts the same. */
export function storageFindings(
  { frame, entity }: EntityFrame,
  scene: Pick<Scene, 'entities' | 'staked'>,
  associated: Association,
): Finding[] {
  const { entities, staked } = scene
  const contract = lower(frame.address)
  // [STO-010] The account's own storage is open to every entity.
  if (contract === entities.account) return []
  const self = entities[entity]
  const isStaked = staked.has(entity)
  const isEntity = contract === entities.factory || contract === entities.paymaster

  const judge = ({ slot, write }: SlotAccess): Omit<Finding, 'deed'> | undefined => {
    // [STO-031] An entity's own storage.
    if (contract === self) return isStaked ? undefined : { rule: 'STO-031', stakeOf: entity }
    // [STO-033] ends at the contracts of other entities.
    if (isEntity) return { rule: 'STO-033' }
    if (associated(slot, entities.account)) {
      // [STO-021] The account exists.
      if (!entities.factory || staked.has('factory')) return undefined
      if (isStaked && !write) return undefined
      // [STO-022] It is being deployed: only with a staked factory.
      return { rule: 'STO-022', stakeOf: 'factory' }
    }
    // [STO-032] Associated with the entity.
    if (self && associated(slot, self)) {
      return isStaked ? undefined : { rule: 'STO-032', stakeOf: entity }
    }
    // [STO-033] Anything else: read by a staked entity.
    if (write) return { rule: 'STO-033' }
    return isStaked ? undefined : { rule: 'STO-033', stakeOf: entity }
  }

  return accessesOf(frame).flatMap((access) => {
    const breach = judge(access)
    if (!breach) return []
    const kind = `${access.transient ? 'transient ' : ''}slot ${access.slot}`
    const deed = `has forbidden ${access.write ? 'write to' : 'read from'} ${kind} of ${nameOf(contract, scene)}`
    return [{ ...breach, deed, values: { storageOf: contract, slot: access.slot } }]
  })
}

/** Each slot once, as written when it is both read and written. */
function accessesOf({ storage }: TraceFrame): SlotAccess[] {
  const list = (writes: readonly Hex[], reads: readonly Hex[], transient: boolean) => {
    const written = new Set(writes)
    return [
      ...writes.map((slot) => ({ slot, write: true, transient })),
      ...reads
        .filter((slot) => !written.has(slot))
        .map((slot) => ({ slot, write: false, transient })),
    ]
  }
  return [
    ...list(storage.writes, storage.reads, false),
    ...list(storage.transientWrites, storage.transientReads, true),
  ]
}

function nameOf(contract: Hex, { entities }: Pick<Scene, 'entities'>): string {
  if (contract === entities.paymaster) return `paymaster ${contract}`
  if (contract === entities.factory) return `factory ${contract}`
  return contract
}
