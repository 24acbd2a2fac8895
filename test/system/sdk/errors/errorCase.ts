import type { FabstirError } from '@fabstir/sdk'
import type { ErrorStage } from './errorStage.ts'

/** A class of errors. What its constructor takes is nobody's business here. */
export type ErrorClass = abstract new (...parameters: never) => FabstirError

/** One way to make an error happen on the real stack. */
export type ErrorCase = {
  error: ErrorClass
  /** Who or what brings it about. */
  when: string
  /** Throws it, or returns a promise that rejects with it. */
  happen(stage: ErrorStage): unknown
  /** Its own fields, or how some of them look. */
  fields?: Readonly<Record<string, unknown>>
  /** How the error at the bottom of its causes looks, where somebody else's error is behind it. */
  cause?: Readonly<Record<string, unknown>>
}
