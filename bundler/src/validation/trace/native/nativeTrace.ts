import type { Address, Hex } from 'viem'
import { pad, zeroAddress } from 'viem'
import { op } from '../../opcodes.ts'
import type { FrameType, SlotValue, TouchedAddress, TraceFrame, ValidationTrace } from '../trace.ts'

/** A frame of geth's `erc7562Tracer`, calls below it included. */
export type NativeFrame = {
  type: string
  from: Address
  /** Absent of a creation that failed. */
  to?: Address
  input?: Hex
  output?: Hex
  error?: string
  value?: Hex
  gasUsed?: Hex
  accessedSlots: {
    /** With the value before the first write, where the slot was read first. */
    reads?: Record<Hex, Hex[]> | null
    writes?: Record<Hex, unknown> | null
    transientReads?: Record<Hex, unknown> | null
    transientWrites?: Record<Hex, unknown> | null
  }
  /** EXTCODE* apart from an EXTCODESIZE that ISZERO follows. */
  extCodeAccessInfo?: Address[] | null
  /** By opcode number in hex. */
  usedOpcodes: Record<Hex, number>
  /** Size, and by which opcode it was named first. */
  contractSize: Record<Address, { contractSize: number; opcode: number }>
  outOfGas?: boolean
  /** Only of the outermost frame. */
  keccak?: Hex[] | null
  calls?: NativeFrame[] | null
}

const opcodeOfCall: Record<string, number> = {
  CALL: op.call,
  CALLCODE: op.callCode,
  DELEGATECALL: op.delegateCall,
  STATICCALL: op.staticCall,
}
const valueless = new Set(['DELEGATECALL', 'STATICCALL'])
const borrowing = new Set(['DELEGATECALL', 'CALLCODE'])

/** The trace in the one shape that rules are checked on. */
export function toValidationTrace(root: NativeFrame): ValidationTrace {
  const frames: TraceFrame[] = []
  const slotValues: SlotValue[] = []
  const seen = new Set<string>()

  function visit(frame: NativeFrame, parent: number): void {
    // The transfer of a SELFDESTRUCT, which runs nothing and calls nobody.
    if (frame.type === 'SELFDESTRUCT') return
    const to = frame.to ?? zeroAddress
    const address = borrowing.has(frame.type) ? (frames[parent]?.address ?? frame.from) : to
    const position = frames.length
    frames.push(toFrame(frame, { parent, address, to }))
    collectValues(frame, address)
    for (const call of frame.calls ?? []) visit(call, position)
  }

  // The tracer keeps the first read of each frame, and no order between frames: whether a read of one came
  // before a write of another is not known. So every distinct value is listed; of two for one slot the
  // chain can hold one at most, and then the operation is traced again.
  function collectValues({ accessedSlots }: NativeFrame, address: Address): void {
    for (const [slot, [value]] of Object.entries(accessedSlots.reads ?? {})) {
      const key = `${address}:${slot}:${value}`
      if (value === undefined || seen.has(key)) continue
      seen.add(key)
      slotValues.push({ address, slot: word(slot), value: word(value) })
    }
  }

  visit(root, -1)
  const data = root.output ?? '0x'
  return {
    frames,
    preimages: (root.keccak ?? []).filter((preimage) => {
      const bytes = (preimage.length - 2) / 2
      return bytes >= 32 && bytes <= 512
    }),
    slotValues,
    result: root.error ? { ok: false, data, message: root.error } : { ok: true, data },
  }
}

function toFrame(
  frame: NativeFrame,
  at: { parent: number; address: Address; to: Address },
): TraceFrame {
  const { accessedSlots } = frame
  const slots = (record: Record<Hex, unknown> | null | undefined) =>
    Object.keys(record ?? {}).map(word)
  return {
    parent: at.parent,
    type: frame.type as FrameType,
    from: frame.from,
    address: at.address,
    codeAddress: at.to,
    selector: (frame.input ?? '0x').slice(0, 10) as Hex,
    value: valueless.has(frame.type) ? 0n : BigInt(frame.value ?? '0x0'),
    opcodes: new Map(
      Object.entries(frame.usedOpcodes).map(([opcode, count]) => [Number(opcode), count]),
    ),
    storage: {
      // A slot that was written first is in `writes` alone, although it may have been read later.
      reads: slots(accessedSlots.reads),
      writes: slots(accessedSlots.writes),
      transientReads: slots(accessedSlots.transientReads),
      transientWrites: slots(accessedSlots.transientWrites),
    },
    touched: touchedBy(frame),
    outOfGas: frame.outOfGas === true,
    ...(frame.gasUsed !== undefined && { gasUsed: BigInt(frame.gasUsed) }),
    output: frame.output ?? '0x',
    reverted: frame.error !== undefined && frame.error !== '',
  }
}

/**
 * The tracer keeps the first opcode for each address; calls are completed from the frames below, and an
 * EXTCODESIZE that is not in `extCodeAccessInfo` was a question for existence.
 */
function touchedBy({ contractSize, extCodeAccessInfo, calls }: NativeFrame): TouchedAddress[] {
  const sizes = new Map(
    Object.entries(contractSize).map(([address, entry]) => [address.toLowerCase(), entry]),
  )
  const sizeOf = (address: string) => sizes.get(address)?.contractSize ?? 0
  const looked = new Set((extCodeAccessInfo ?? []).map((address) => address.toLowerCase()))
  const found = new Map<string, TouchedAddress>()
  const add = (address: string, opcode: number, existenceCheck: boolean) =>
    found.set(`${opcode}:${address}:${existenceCheck}`, {
      address: address as Address,
      opcode,
      codeSize: sizeOf(address),
      existenceCheck,
    })
  for (const [address, { opcode }] of sizes) {
    add(address, opcode, opcode === op.extCodeSize && !looked.has(address))
  }
  for (const address of looked) {
    const first = sizes.get(address)?.opcode
    const isLook =
      first !== undefined && Object.values(opcodeOfCall).every((call) => call !== first)
    add(address, isLook ? first : op.extCodeSize, false)
  }
  for (const { type, to } of calls ?? []) {
    const opcode = opcodeOfCall[type]
    if (opcode !== undefined && to) add(to.toLowerCase(), opcode, false)
  }
  return [...found.values()]
}

function word(hex: string): Hex {
  return pad(hex as Hex, { size: 32 })
}
