import type { Hex } from 'viem'
import type { ValidationTrace } from '../../trace.ts'
import type { BlockEnvironment, EvmRules, InterpretedCall } from '../interpreter/interpreter.ts'
import type { StateEntry, StateKey } from '../state/stateKey.ts'

/** To a worker: plain values only. */
export type WorkerRequest =
  | {
      kind: 'trace'
      job: number
      rules: EvmRules
      maxSteps: number
      call: InterpretedCall
      block: BlockEnvironment
      /** Which block's state `entries` add to; what was sent for it before is still there. */
      stateId: number
      entries: readonly StateEntry[]
      codes: readonly (readonly [Hex, Uint8Array])[]
    }
  /** The state will not be asked for again. */
  | { kind: 'forget'; stateId: number }
  /** Nothing that was sent counts any longer. */
  | { kind: 'reset' }

/** How one run ended. */
export type RunOutcome =
  | { kind: 'traced'; trace: ValidationTrace }
  /** `ms`: milliseconds until it came to that. */
  | { kind: 'missing'; key: StateKey; ms: number }
  /** The run was given up: the operation is to blame. */
  | { kind: 'refused'; message: string }
  /** A fault of the interpreter. */
  | { kind: 'failed'; message: string }

/** From a worker. */
export type WorkerResponse = 'ready' | { job: number; outcome: RunOutcome }
