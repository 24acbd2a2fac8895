import type { FrameType } from '../../../trace.ts'

/** Opcodes that are recorded with more than their number. */
export const opcode = {
  stop: 0x00,
  isZero: 0x15,
  keccak256: 0x20,
  extCodeSize: 0x3b,
  extCodeCopy: 0x3c,
  extCodeHash: 0x3f,
  sload: 0x54,
  sstore: 0x55,
  gas: 0x5a,
  tload: 0x5c,
  tstore: 0x5d,
  call: 0xf1,
  callCode: 0xf2,
  delegateCall: 0xf4,
  return: 0xf3,
  staticCall: 0xfa,
  selfDestruct: 0xff,
} as const

/** The opcodes that end a frame without an error. */
export const endings: ReadonlySet<number> = new Set([
  opcode.stop,
  opcode.return,
  opcode.selfDestruct,
])

/** The opcodes that run another account's code. */
export const callTypes: ReadonlyMap<number, FrameType> = new Map([
  [opcode.call, 'CALL'],
  [opcode.callCode, 'CALLCODE'],
  [opcode.delegateCall, 'DELEGATECALL'],
  [opcode.staticCall, 'STATICCALL'],
])
