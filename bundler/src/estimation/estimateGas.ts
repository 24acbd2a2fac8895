import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { decodeRevert } from '@fabstir/erc4337'
import type { ChainReader, StateOverride } from '../chain/reader.ts'
import { amountBreach } from '../fields/amountRules.ts'
import { breachError } from '../fields/breach.ts'
import { fieldBreach } from '../fields/fieldRules.ts'
import { largerOf } from '../math/amounts.ts'
import type { SimulatedValidation } from '../simulation/entryPointSimulation.ts'
import { rejectionOf } from '../simulation/rejection.ts'
import { createFunding } from './fundingOverride.ts'
import type { GasEstimate } from './gasEstimate.ts'
import type { EstimationLimits } from './limits.ts'
import { aroundUsed, withMargin } from './margin.ts'
import { estimatePreVerificationGas } from './preVerificationGas.ts'
import type { Probes } from './probes.ts'
import { createProbes } from './probes.ts'
import { searchCallGas } from './searchCallGas.ts'
import { searchPostOpGas } from './searchPostOpGas.ts'
import { searchVerificationGas } from './searchVerificationGas.ts'

export type EstimatorDependencies = {
  reader: Pick<ChainReader, 'call' | 'request'>
  chainId: number
  limits: EstimationLimits
  /** Fees for operations that carry none: an account pays its prefund only when there is one. */
  gasPrice: () => Promise<{ standard: { maxFeePerGas: bigint; maxPriorityFeePerGas: bigint } }>
}

export type Estimator = {
  /**
   * Gas limits with which `op` would be validated and executed now. Its own limits are ignored, except
   * those of its paymaster, which the paymaster has signed or chosen.
   * @param op Missing gas fields are 0; the signature may be a dummy of the right size.
   * @throws RpcError -32521 when the call reverts, -32500 to -32508 when validation does (ERC-7769).
   */
  estimate(
    op: UserOperation,
    entryPoint: EntryPointAdapter,
    stateOverride?: StateOverride,
  ): Promise<GasEstimate>
}

export function createEstimator(dependencies: EstimatorDependencies): Estimator {
  return {
    estimate: (op, entryPoint, stateOverride = {}) =>
      estimateGas(op, entryPoint, stateOverride, dependencies),
  }
}

async function estimateGas(
  requested: UserOperation,
  entryPoint: EntryPointAdapter,
  callerOverride: StateOverride,
  { reader, chainId, limits, gasPrice }: EstimatorDependencies,
): Promise<GasEstimate> {
  const largest = largestLimits(await withFees(requested, gasPrice), entryPoint, limits)
  const breach = fieldBreach(largest, entryPoint) ?? amountBreach(largest)
  if (breach) throw breachError(breach)
  const funding = await createFunding(largest, entryPoint, { reader, callerOverride })
  const probes = createProbes({
    reader,
    chainId,
    entryPoint,
    stateOverride: callerOverride,
    funding,
  })
  const { op, validation } = await validateWithLargestLimits(largest, probes)

  const searches = [
    searchCallGas(op, entryPoint, probes, limits),
    searchVerificationGas(op, entryPoint, validation, probes, limits, {
      keepPaymasterLimit: hasLimit(requested.paymasterVerificationGasLimit),
    }),
    searchPostOpGas(op, entryPoint, validation, probes, limits, {
      keepPaymasterLimit: hasLimit(requested.paymasterPostOpGasLimit),
    }),
  ] as const
  // Of several failures that of the call says most, so all are waited for.
  await Promise.allSettled(searches)
  const [callGasLimit, verificationLimits, postOpGas] = await Promise.all(searches)
  const finished = withPostOpGas(
    { ...op, callGasLimit, ...verificationLimits },
    postOpGas,
    entryPoint,
  )
  return settle(finished, {
    probes,
    keepPaymasterLimit: hasLimit(requested.paymasterVerificationGasLimit),
    verificationGasUsed: validation.preOpGas - op.preVerificationGas,
    preVerificationGas: (limited, verificationGasUsed) =>
      estimatePreVerificationGas({ ...requested, ...limitsOf(limited) }, entryPoint, {
        ...limits,
        verificationGasUsed,
      }),
  })
}

/**
 * Fits preVerificationGas and the verification limits together. The prefund depends on the former; whether
 * the account has to pay some of it in, and uses more gas for that, depends on the prefund; and where the
 * EIP-7623 floor counts, preVerificationGas depends on the gas used.
 */
async function settle(
  op: UserOperation,
  {
    probes,
    keepPaymasterLimit,
    verificationGasUsed,
    preVerificationGas,
  }: {
    probes: Probes
    keepPaymasterLimit: boolean
    /** With the largest limits: the most that it can be. */
    verificationGasUsed: bigint
    preVerificationGas: (op: UserOperation, verificationGasUsed: bigint) => bigint
  },
): Promise<GasEstimate> {
  const least = preVerificationGas(op, verificationGasUsed)
  const accepted = await raiseUntilAccepted({ ...op, preVerificationGas: least }, probes, {
    keepPaymasterLimit,
  })
  const first = await lowerToUsed(accepted, probes)
  const needed = preVerificationGas(first.op, first.verificationGasUsed)
  if (needed <= least) return { preVerificationGas: least, ...limitsOf(first.op) }
  const second = await raiseUntilAccepted({ ...first.op, preVerificationGas: needed }, probes, {
    keepPaymasterLimit,
  })
  return { preVerificationGas: needed, ...limitsOf(second.op) }
}

/** On EntryPoint 0.6 `verificationGasLimit` bounds `postOp` too. */
function withPostOpGas(
  op: UserOperation,
  postOpGas: bigint | undefined,
  { supports }: EntryPointAdapter,
): UserOperation {
  if (postOpGas === undefined) return op
  if (supports.paymasterGasLimits) return { ...op, paymasterPostOpGasLimit: postOpGas }
  return { ...op, verificationGasLimit: largerOf(op.verificationGasLimit, postOpGas) }
}

function limitsOf(op: UserOperation) {
  const { verificationGasLimit, callGasLimit } = op
  const { paymasterVerificationGasLimit, paymasterPostOpGasLimit } = op
  return {
    verificationGasLimit,
    callGasLimit,
    ...(paymasterVerificationGasLimit === undefined ? {} : { paymasterVerificationGasLimit }),
    ...(paymasterPostOpGasLimit === undefined ? {} : { paymasterPostOpGasLimit }),
  }
}

async function withFees(
  op: UserOperation,
  gasPrice: EstimatorDependencies['gasPrice'],
): Promise<UserOperation> {
  if (op.maxFeePerGas > 0n) return op
  return { ...op, ...(await gasPrice()).standard }
}

function largestLimits(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  limits: EstimationLimits,
): UserOperation {
  const paymasterLimits =
    op.paymaster && entryPoint.supports.paymasterGasLimits
      ? {
          paymasterVerificationGasLimit: hasLimit(op.paymasterVerificationGasLimit)
            ? op.paymasterVerificationGasLimit
            : limits.maxVerificationGas,
          paymasterPostOpGasLimit: hasLimit(op.paymasterPostOpGasLimit)
            ? op.paymasterPostOpGasLimit
            : limits.maxPostOpGas,
        }
      : {}
  return {
    ...op,
    verificationGasLimit: limits.maxVerificationGas,
    callGasLimit: limits.maxCallGas,
    preVerificationGas: estimatePreVerificationGas(op, entryPoint, {
      ...limits,
      verificationGasUsed: 0n,
    }),
    ...paymasterLimits,
  }
}

function hasLimit(limit: bigint | undefined): limit is bigint {
  return limit !== undefined && limit > 0n
}

/**
 * A paymaster that charges the sender in advance may find the cost of the largest limits too high.
 * Then fees of 1 wei tell what it thinks of the operation itself.
 */
async function validateWithLargestLimits(
  op: UserOperation,
  probes: Probes,
): Promise<{ op: UserOperation; validation: SimulatedValidation }> {
  const first = await probes.validation(op)
  if (first.ok) return { op, validation: first.result }
  if (op.paymaster) {
    const cheap = { ...op, maxFeePerGas: 1n, maxPriorityFeePerGas: 1n }
    const second = await probes.validation(cheap)
    if (second.ok) return { op: cheap, validation: second.result }
  }
  throw rejectionOf(decodeRevert(first.data), first.data)
}

/** Times that the verification limits are raised by a tenth when all of them together are too low. */
const maxRaises = 3

/** The limits were searched one by one; this is the operation with all of them. */
async function raiseUntilAccepted(
  op: UserOperation,
  probes: Probes,
  { keepPaymasterLimit }: { keepPaymasterLimit: boolean },
): Promise<Accepted> {
  let candidate = op
  for (let raises = 0; ; raises++) {
    const validation = await probes.validation(candidate)
    if (validation.ok) {
      const { preOpGas } = validation.result
      return { op: candidate, verificationGasUsed: preOpGas - candidate.preVerificationGas }
    }
    if (raises === maxRaises) throw rejectionOf(decodeRevert(validation.data), validation.data)
    const paymasterLimit = candidate.paymasterVerificationGasLimit
    candidate = {
      ...candidate,
      verificationGasLimit: (candidate.verificationGasLimit * 11n) / 10n,
      ...(paymasterLimit === undefined || keepPaymasterLimit
        ? {}
        : { paymasterVerificationGasLimit: (paymasterLimit * 11n) / 10n }),
    }
  }
}

type Accepted = { op: UserOperation; verificationGasUsed: bigint }

/**
 * An account with a deposit may have paid in for the largest limits, but not for the found ones, and then
 * it uses less gas. Its limit follows when there is more between them than margin and tolerance.
 */
async function lowerToUsed(accepted: Accepted, probes: Probes): Promise<Accepted> {
  const { op, verificationGasUsed } = accepted
  if (op.paymaster || op.verificationGasLimit * 100n <= verificationGasUsed * 108n) return accepted
  const { guess } = aroundUsed(verificationGasUsed, op.verificationGasLimit)
  const lower = { ...op, verificationGasLimit: withMargin(guess, op.verificationGasLimit) }
  const validation = await probes.validation(lower)
  if (!validation.ok) return accepted
  return { op: lower, verificationGasUsed: validation.result.preOpGas - lower.preVerificationGas }
}
