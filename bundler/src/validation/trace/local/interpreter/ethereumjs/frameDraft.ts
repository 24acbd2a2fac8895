import type { Address, Hex } from 'viem'
import type { FrameType, TouchedAddress, TraceFrame } from '../../../trace.ts'

/** A frame while it is recorded. */
export type FrameDraft = {
  position: number
  parent: number
  type: FrameType
  from: Address
  address: Address
  codeAddress: Address
  selector: Hex
  value: bigint
  opcodes: Map<number, number>
  storage: {
    reads: Set<Hex>
    writes: Set<Hex>
    transientReads: Set<Hex>
    transientWrites: Set<Hex>
  }
  /** By all that they say. */
  touched: Map<string, TouchedAddress>
  outOfGas: boolean
  gasUsed: bigint
  output: Hex
  reverted: boolean
}

export type FrameCall = Pick<
  FrameDraft,
  'parent' | 'type' | 'from' | 'address' | 'codeAddress' | 'selector' | 'value'
>

export function createFrameDraft(call: FrameCall, position: number): FrameDraft {
  return {
    ...call,
    position,
    opcodes: new Map(),
    storage: {
      reads: new Set(),
      writes: new Set(),
      transientReads: new Set(),
      transientWrites: new Set(),
    },
    touched: new Map(),
    outOfGas: false,
    gasUsed: 0n,
    output: '0x',
    reverted: false,
  }
}

export function toTraceFrame(draft: FrameDraft): TraceFrame {
  const { position: _, storage, touched, ...frame } = draft
  const { reads, writes, transientReads, transientWrites } = storage
  return {
    ...frame,
    storage: {
      reads: [...reads],
      writes: [...writes],
      transientReads: [...transientReads],
      transientWrites: [...transientWrites],
    },
    touched: [...touched.values()],
  }
}

export function countOpcode({ opcodes }: FrameDraft, opcode: number): void {
  opcodes.set(opcode, (opcodes.get(opcode) ?? 0) + 1)
}

/** Notes an address that an opcode named. */
export function touch({ touched }: FrameDraft, entry: TouchedAddress): void {
  touched.set(Object.values(entry).join(), entry)
}
