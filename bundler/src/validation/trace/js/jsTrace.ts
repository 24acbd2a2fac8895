import type { Address, Hex } from 'viem'
import type { FrameType, TouchedAddress, TraceFrame, ValidationTrace } from '../trace.ts'

/** What `jsTracer` answers. Slots, addresses and values are hex digits without prefix where noted. */
export type JsTrace = {
  frames: JsFrame[]
  preimages: Hex[]
  /** Address, slot without prefix, value. */
  values: [Address, string, Hex][]
}

export type JsFrame = {
  parent: number
  type: string
  from: Address
  to: Address
  selector: Hex
  /** Hex digits. */
  value: string
  opcodes: Record<string, number>
  /** `opcode:slot` */
  slots: string[]
  /** `opcode:address:codeSize:existenceCheck` */
  touched: string[]
  outOfGas: boolean
  gasUsed?: number
  output: Hex
  error: string
}

const opcodeOf = { sload: 0x54, sstore: 0x55, tload: 0x5c, tstore: 0x5d }
/** Frames without value of their own; some nodes report the caller's. */
const valueless = new Set(['DELEGATECALL', 'STATICCALL'])
const borrowing = new Set(['DELEGATECALL', 'CALLCODE'])

/** The trace in the one shape that rules are checked on. */
export function toValidationTrace(answer: JsTrace): ValidationTrace {
  // geth also enters the transfer of a SELFDESTRUCT, which runs nothing and calls nobody.
  const kept = answer.frames.flatMap((frame, index) => (isFrame(frame) ? [index] : []))
  const position = new Map(kept.map((index, at) => [index, at]))
  const frames: TraceFrame[] = []
  for (const index of kept) {
    const frame = answer.frames[index]
    if (frame) frames.push(toFrame(frame, position.get(frame.parent) ?? -1, frames))
  }
  const [root] = answer.frames
  return {
    frames,
    preimages: answer.preimages,
    slotValues: answer.values.map(([address, slot, value]) => ({
      address,
      slot: `0x${slot}`,
      value,
    })),
    result: root?.error
      ? { ok: false, data: root.output, message: root.error }
      : { ok: true, data: root?.output ?? '0x' },
  }
}

function isFrame({ type }: JsFrame): boolean {
  return type !== 'SELFDESTRUCT'
}

function toFrame(frame: JsFrame, parent: number, before: readonly TraceFrame[]): TraceFrame {
  const slots = (opcode: number): Hex[] =>
    frame.slots.flatMap((entry) => {
      const [op, slot] = entry.split(':')
      return Number(op) === opcode ? [`0x${slot}` as const] : []
    })
  return {
    parent,
    type: frame.type as FrameType,
    from: frame.from,
    address: borrowing.has(frame.type) ? (before[parent]?.address ?? frame.from) : frame.to,
    codeAddress: frame.to,
    selector: frame.selector,
    value: valueless.has(frame.type) ? 0n : BigInt(`0x${frame.value}`),
    opcodes: new Map(Object.entries(frame.opcodes).map(([op, count]) => [Number(op), count])),
    storage: {
      reads: slots(opcodeOf.sload),
      writes: slots(opcodeOf.sstore),
      transientReads: slots(opcodeOf.tload),
      transientWrites: slots(opcodeOf.tstore),
    },
    touched: frame.touched.map(toTouched),
    outOfGas: frame.outOfGas,
    ...(frame.gasUsed !== undefined && { gasUsed: BigInt(frame.gasUsed) }),
    output: frame.output,
    reverted: frame.error !== '',
  }
}

function toTouched(entry: string): TouchedAddress {
  const [opcode, address, codeSize, check] = entry.split(':')
  return {
    address: `0x${address}`,
    opcode: Number(opcode),
    codeSize: Number(codeSize),
    existenceCheck: check === '1',
  }
}
