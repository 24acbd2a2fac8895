import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'

/** Gas limits of an operation, or what is thought to be needed in their place. */
export type GasLimits = {
  callGasLimit: bigint
  verificationGasLimit: bigint
  preVerificationGas: bigint
}

/** What became of a sender's included operations. Gas. */
export type GasPast = {
  operations: number
  /** Sum of the limits. */
  granted: number
  /** Sum of `actualGasUsed`. */
  used: number
  /** Unix seconds at which the oldest of it is forgotten. */
  resetsAt: number
}

export type UnusedGas = {
  maxPercent: number
  remembered?: { operations: number; seconds: number } | undefined
}

/** Rule `gas.limit`. */
export function checkGasLimits(
  limits: { readonly [name in keyof GasLimits]?: number | undefined } | undefined,
  asked: GasLimits,
): Refusal | undefined {
  for (const name of ['callGasLimit', 'verificationGasLimit', 'preVerificationGas'] as const) {
    const most = limits?.[name]
    if (most !== undefined && asked[name] > BigInt(most))
      return refuse('gas.limit', `${name} ${asked[name]} is above ${most}`)
  }
  return undefined
}

/**
 * Rules `gas.unused` and `gas.unused-before`: what an operation asks for beside its estimate, and
 * what its sender asked for and did not use.
 */
export function checkUnusedGas(
  rule: UnusedGas | undefined,
  asked: GasLimits,
  estimate: GasLimits | undefined,
  past: GasPast | undefined,
): Refusal | undefined {
  if (!rule) return undefined
  const { maxPercent, remembered } = rule
  if (estimate) {
    const limit = total(asked)
    const unused = limit - total(estimate)
    if (unused * 100n > limit * BigInt(maxPercent)) {
      return refuse(
        'gas.unused',
        `${unused} of ${limit} gas is above the estimate, more than ${maxPercent} percent`,
      )
    }
  }
  if (!remembered || !past || past.operations < remembered.operations) return undefined
  const { operations, granted, used, resetsAt } = past
  if ((granted - used) * 100 <= granted * maxPercent) return undefined
  return {
    ...refuse(
      'gas.unused-before',
      `the sender's last ${operations} operations used ${used} of ${granted} gas and left more than ${maxPercent} percent`,
    ),
    resetsAt,
  }
}

function total({ callGasLimit, verificationGasLimit, preVerificationGas }: GasLimits): bigint {
  return callGasLimit + verificationGasLimit + preVerificationGas
}
