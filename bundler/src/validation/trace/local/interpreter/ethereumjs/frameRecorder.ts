import type { EVMResult, InterpreterStep, Message } from '@ethereumjs/evm'
import { EVMError } from '@ethereumjs/evm'
import { bytesToHex } from '@ethereumjs/util'
import type { Address, Hex } from 'viem'
import { op } from '../../../../opcodes.ts'
import type { SlotValue, TouchedAddress, ValidationTrace } from '../../../trace.ts'
import type { FrameCall, FrameDraft } from './frameDraft.ts'
import { countOpcode, createFrameDraft, toTraceFrame, touch } from './frameDraft.ts'
import { callTypes, endings } from './opcodes.ts'
import type { CallStep } from './stepReader.ts'
import { addressNamedBy, callOf, preimageOf, slotOf } from './stepReader.ts'

type OpenFrame = {
  frame: FrameDraft
  message: Message
  /** Absent before the first step. */
  lastOpcode: number | undefined
  /** A GAS whose next opcode is not seen yet. */
  gasPending: boolean
  /** The call that the last step makes, until it is entered. */
  callPending: CallStep | undefined
  /** An EXTCODESIZE whose next opcode is not seen yet. */
  sizePending: Omit<TouchedAddress, 'existenceCheck'> | undefined
}

/** State as it is at a step. */
export type StepState = {
  codeSizeOf(address: Address): number
  /** Whether a slot holds what the call itself wrote. */
  isWritten(address: Address, slot: Hex): boolean
  /** The value of a slot before the call. */
  originalSlot(address: Address, slot: Hex): Hex
}

export type FrameRecorder = {
  onMessage(message: Message): void
  onStep(step: InterpreterStep): void
  onResult(result: EVMResult): void
  /** Once the call has ended. */
  recorded(): Omit<ValidationTrace, 'result'>
}

/** Records what ERC-7562 asks about from the events of `@ethereumjs/evm`. */
export function createFrameRecorder(state: StepState): FrameRecorder {
  const frames: FrameDraft[] = []
  const open: OpenFrame[] = []
  const preimages = new Set<Hex>()
  /** Slots whose value is noted. */
  const noted = new Set<string>()
  const slotValues: SlotValue[] = []

  function enter(call: Omit<FrameCall, 'parent'>): FrameDraft {
    const parent = open.at(-1)?.frame.position ?? -1
    const frame = createFrameDraft({ ...call, parent }, frames.length)
    frames.push(frame)
    return frame
  }

  /** A call that the EVM refused, for want of balance or of depth, was made all the same [OP-061]. */
  function enterRefused(caller: OpenFrame): void {
    if (!caller.callPending) return
    const { type, codeAddress, value, selector } = caller.callPending
    caller.callPending = undefined
    const from = caller.frame.address
    const address = type === 'DELEGATECALL' || type === 'CALLCODE' ? from : codeAddress
    enter({ type, from, address, codeAddress, selector, value }).reverted = true
  }

  function recordSlot({ address, storage }: FrameDraft, number: number, slot: Hex): void {
    slotsOf(storage, number)?.add(slot)
    const key = `${address}${slot}`
    if (number !== op.sload || noted.has(key) || state.isWritten(address, slot)) return
    noted.add(key)
    slotValues.push({ address, slot, value: state.originalSlot(address, slot) })
  }

  return {
    onMessage(message) {
      const caller = open.at(-1)
      const type = message.to
        ? (caller?.callPending?.type ?? 'CALL')
        : message.salt
          ? 'CREATE2'
          : 'CREATE'
      if (caller) caller.callPending = undefined
      const frame = enter({
        type,
        from: caller?.frame.address ?? message.caller.toString(),
        // The address of a new contract is known when its code begins.
        address: message.to?.toString() ?? '0x',
        codeAddress: message.to ? message.codeAddress.toString() : '0x',
        selector: bytesToHex(message.data.subarray(0, 4)),
        value: type === 'DELEGATECALL' ? 0n : message.value,
      })
      open.push({
        frame,
        message,
        lastOpcode: undefined,
        gasPending: false,
        callPending: undefined,
        sizePending: undefined,
      })
    },

    onStep(step) {
      const current = open.at(-1)
      if (!current) return
      const { frame } = current
      const number = opcodeAt(current.message, step)
      if (frame.address === '0x') nameCreated(frame, step.address.toString())
      enterRefused(current)
      settlePending(current, number)
      current.lastOpcode = number
      if (number === op.gas) current.gasPending = true
      else countOpcode(frame, number)

      const slot = storageOpcodes.has(number) ? slotOf(step) : undefined
      if (slot) recordSlot(frame, number, slot)
      const address = addressNamedBy(step, number)
      if (address) {
        const named = { address, opcode: number, codeSize: state.codeSizeOf(address) }
        if (number === op.extCodeSize) current.sizePending = named
        else touch(frame, { ...named, existenceCheck: false })
      }
      const preimage = number === op.keccak256 ? preimageOf(step) : undefined
      if (preimage) preimages.add(preimage)
      current.callPending = callOf(step, number)
    },

    onResult({ execResult, createdAddress }) {
      const current = open.at(-1)
      if (!current) return
      const { frame, lastOpcode } = current
      const { OUT_OF_GAS, CODESTORE_OUT_OF_GAS, REVERT } = EVMError.errorMessages
      const error = execResult.exceptionError?.error
      // Behind its last byte code goes on with STOP, of which the EVM tells nothing.
      const stopped = error === undefined && lastOpcode !== undefined && !endings.has(lastOpcode)
      settlePending(current, stopped ? op.stop : undefined)
      if (stopped) countOpcode(frame, op.stop)
      if (createdAddress) nameCreated(frame, createdAddress.toString())
      // Its code may end with a call that was refused; a step that failed made none.
      if (error === undefined) enterRefused(current)
      frame.outOfGas = error === OUT_OF_GAS || error === CODESTORE_OUT_OF_GAS
      frame.reverted = error !== undefined
      frame.gasUsed = execResult.executionGasUsed
      // An exceptional halt returns nothing, whatever the code had prepared.
      if (error === undefined || error === REVERT) frame.output = bytesToHex(execResult.returnValue)
      open.pop()
    },

    recorded: () => ({ frames: frames.map(toTraceFrame), preimages: [...preimages], slotValues }),
  }
}

/** Undefined opcodes keep their number: the event calls all of them INVALID. */
function opcodeAt({ code }: Message, { pc, opcode }: InterpreterStep): number {
  return (code instanceof Uint8Array ? code[pc] : undefined) ?? opcode.code
}

function settlePending(current: OpenFrame, next: number | undefined): void {
  const { frame, gasPending, sizePending } = current
  const isCall = next !== undefined && callTypes.has(next)
  // [OP-012] GAS is legal when a call follows at once.
  if (gasPending && !isCall) countOpcode(frame, op.gas)
  // [OP-051] EXTCODESIZE is a question for existence when ISZERO follows at once.
  if (sizePending) touch(frame, { ...sizePending, existenceCheck: next === op.isZero })
  current.gasPending = false
  current.sizePending = undefined
}

function nameCreated(frame: FrameDraft, address: Address): void {
  frame.address = address
  frame.codeAddress = address
}

const storageOpcodes: ReadonlySet<number> = new Set([op.sload, op.sstore, op.tload, op.tstore])

function slotsOf(storage: FrameDraft['storage'], number: number): Set<Hex> | undefined {
  switch (number) {
    case op.sload:
      return storage.reads
    case op.sstore:
      return storage.writes
    case op.tload:
      return storage.transientReads
    case op.tstore:
      return storage.transientWrites
    default:
      return undefined
  }
}
