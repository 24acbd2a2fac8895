import type { Address, Hex } from 'viem'
import type {
  StorageAccess,
  ValidationDependencies,
  ValidationRecord,
} from '../../types/validationRecord.ts'
import type { EntityFrame, Scene } from '../erc7562/scene.ts'
import { lower } from '../erc7562/scene.ts'
import { op } from '../opcodes.ts'
import type { ValidationTrace } from '../trace/trace.ts'
import type { Code } from './codeCache.ts'
import { entityGas } from './entityGas.ts'

export type RecordParts = Pick<ValidationDependencies, 'contextSize'> & {
  staked: ValidationRecord['staked']
  trace: ValidationTrace
  frames: readonly EntityFrame[]
  scene: Pick<Scene, 'entryPoint'>
  /** Slots of the EntryPoint that the entities depend on: deposit of the sender, locks of stakes. */
  entryPointSlots: ReadonlySet<Hex>
  /** Of every address that was named. */
  codes: ReadonlyMap<Address, Code>
}

/** What the validation behind a trace depended on. */
export function makeRecord(parts: RecordParts): ValidationRecord {
  const { trace, frames, scene, codes, entryPointSlots } = parts
  const gasUsed = entityGas(frames)
  return {
    staked: parts.staked,
    reads: accessesOf(frames, 'reads'),
    writes: accessesOf(frames, 'writes'),
    dependencies: {
      // Of the EntryPoint's own slots most change with every bundle, and its code judges them in the dry run.
      slots: trace.slotValues.flatMap(({ address, slot, value }) =>
        lower(address) !== scene.entryPoint || entryPointSlots.has(lower(slot))
          ? [{ address: lower(address), slot, value }]
          : [],
      ),
      codes: [...codes].map(([address, { codeHash }]) => ({ address, codeHash })),
      payments: paymentsOf(frames),
      readsBalances: frames.some(
        ({ frame }) => frame.opcodes.has(op.balance) || frame.opcodes.has(op.selfBalance),
      ),
      contextSize: parts.contextSize,
      ...(gasUsed && { gasUsed }),
    },
  }
}

/** Persistent storage that entities used in one way; the EntryPoint's own is not theirs. */
function accessesOf(frames: readonly EntityFrame[], way: 'reads' | 'writes'): StorageAccess[] {
  const byAddress = new Map<Address, Set<Hex>>()
  for (const { frame } of frames) {
    const used = frame.storage[way]
    if (used.length === 0) continue
    const address = lower(frame.address)
    const slots = byAddress.get(address) ?? new Set()
    byAddress.set(address, slots)
    for (const slot of used) slots.add(slot)
  }
  return [...byAddress].map(([address, slots]) => ({ address, slots: [...slots] }))
}

/** A transfer that failed because there was too little counts as well: with more it would not fail again. */
function paymentsOf(frames: readonly EntityFrame[]): ValidationDependencies['payments'] {
  const sums = new Map<Address, bigint>()
  for (const { children } of frames) {
    for (const { from, value } of children) {
      if (value > 0n) sums.set(lower(from), (sums.get(lower(from)) ?? 0n) + value)
    }
  }
  return [...sums].map(([from, amount]) => ({ from, amount }))
}
