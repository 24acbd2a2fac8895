import type { Address, Hex } from 'viem'
import type { BlockTag, CallResult, ChainReader, StateOverride } from '../../chain/reader.ts'

/** How a frame was entered. */
export type FrameType = 'CALL' | 'STATICCALL' | 'DELEGATECALL' | 'CALLCODE' | 'CREATE' | 'CREATE2'

/** One call or creation, with code or without: what ERC-7562 asks about, whichever source recorded it. */
export type TraceFrame = {
  /** Position of the calling frame in the list; -1 of the traced call itself. */
  parent: number
  type: FrameType
  /** Address of the calling frame (not of its code). */
  from: Address
  /** Whose storage, balance and address it uses: the caller's in a DELEGATECALL or CALLCODE. */
  address: Address
  /** Whose code runs. An EIP-7702 delegation is followed by the EVM and does not show here. */
  codeAddress: Address
  /** First four bytes of the input; all of it when it is shorter. */
  selector: Hex
  /** Wei sent along; 0 in a DELEGATECALL or STATICCALL. */
  value: bigint
  /** How often each opcode ran, by opcode number. A GAS that a call follows at once is not counted [OP-012]. */
  opcodes: ReadonlyMap<number, number>
  /** Slots by kind of access, each once, as 32-byte words. */
  storage: {
    reads: readonly Hex[]
    writes: readonly Hex[]
    transientReads: readonly Hex[]
    transientWrites: readonly Hex[]
  }
  /** Addresses that the frame named in CALL and its kin or EXTCODE* [OP-041], each way of naming them once. */
  touched: readonly TouchedAddress[]
  /** The frame, and not only one below it, ran out of gas [OP-020]. */
  outOfGas: boolean
  /** Gas that it used, frames below it included; absent when the source does not say. */
  gasUsed?: bigint
  /** Returned or reverted bytes. */
  output: Hex
  reverted: boolean
}

export type TouchedAddress = {
  address: Address
  opcode: number
  /** Bytes of code when it was named; 23 of an EIP-7702 delegation. */
  codeSize: number
  /** An EXTCODESIZE that ISZERO follows at once: a question for existence and no more [OP-051]. */
  existenceCheck: boolean
}

/** A slot of persistent storage and what it held. */
export type SlotValue = { address: Address; slot: Hex; value: Hex }

/** One traced call. */
export type ValidationTrace = {
  /** In the order in which they were entered: a caller comes before whom it calls. */
  frames: readonly TraceFrame[]
  /** Inputs of KECCAK256 of 32 to 512 bytes, each once: they tell whose mapping entries slots are [STO-021]. */
  preimages: readonly Hex[]
  /**
   * Persistent slots that were read, with what was found: where the chain holds all of these, the call runs
   * as before. Left out is only what the call itself had written before the read, where that is certain (a
   * revert undoes writes). Two values for one slot are allowed, and mean that nothing can be concluded.
   */
  slotValues: readonly SlotValue[]
  /** What the traced call returned, as `eth_call` would. */
  result: CallResult
}

/** The call to trace, exactly as `eth_call` would make it. */
export type TracedCall = {
  from: Address
  to: Address
  data: Hex
  /** Gas limit. */
  gas: bigint
  stateOverride: StateOverride
  blockTag: BlockTag
}

/** Where traces come from. */
export type TraceSource = {
  name: 'native' | 'local' | 'js'
  /**
   * Runs the call and records it.
   * @param node Joins requests that are made at once into one HTTP body; a source that asks the node for
   * the trace asks through it.
   * @throws RpcError -32000 `nodeUnavailable` when the node does not answer, or has not the state of the block.
   */
  trace(call: TracedCall, node?: Pick<ChainReader, 'request'>): Promise<ValidationTrace>
  /**
   * Of a source that collects its own requests in bodies: what is asked through it in the turn of a
   * trace leaves in the same body.
   */
  node?: Pick<ChainReader, 'call' | 'request'>
  /** Tells the hash of a new head, so that a trace need not ask for it first. */
  announce?(blockHash: Hex): void
  close(): Promise<void>
}
