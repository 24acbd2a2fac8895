import { op } from '../../../../opcodes.ts'
import type { FrameType } from '../../../trace.ts'

/** The opcodes that end a frame without an error. */
export const endings: ReadonlySet<number> = new Set([op.stop, op.return, op.selfDestruct])

/** The opcodes that run another account's code. */
export const callTypes: ReadonlyMap<number, FrameType> = new Map([
  [op.call, 'CALL'],
  [op.callCode, 'CALLCODE'],
  [op.delegateCall, 'DELEGATECALL'],
  [op.staticCall, 'STATICCALL'],
])
