import type { Policy } from '../policy/policy.ts'

export type DryRunRequest = {
  /** A document that need not be applied. */
  policy?: Policy
  /** Ids of policies in force. */
  policies?: readonly string[] | undefined
  /** A UserOperation as JSON-RPC has it. */
  userOperation: unknown
  entryPoint: string
  /** HTTP `Origin` that the operation would be asked from. */
  origin?: string | undefined
}

/** What each policy says to an operation. Spends nothing. */
export type DryRun = (request: DryRunRequest) => Promise<unknown>
