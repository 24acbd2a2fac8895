import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { decodeRevert } from '@fabstir/erc4337'
import type { ChainReader, StateOverride } from '../chain/reader.ts'
import type { Turns } from '../chain/turns.ts'
import type { DataAvailability } from '../fees/dataAvailability/dataAvailability.ts'
import { noDataFee } from '../fees/dataAvailability/dataAvailability.ts'
import { amountBreach } from '../fields/amountRules.ts'
import type { Breach } from '../fields/breach.ts'
import { breachError, breach as breachOf } from '../fields/breach.ts'
import { fieldBreach } from '../fields/fieldRules.ts'
import { checkOperationSize } from '../fields/operationSize.ts'
import { largerOf } from '../math/amounts.ts'
import { rejectionOf } from '../simulation/rejection.ts'
import { simulateValidation } from '../simulation/simulateValidation.ts'
import { mergeStateOverrides } from '../simulation/stateOverride.ts'
import { validationDataCount } from '../simulation/validationDataCount.ts'
import { missingFunding } from './funding.ts'
import type { GasEstimate } from './gasEstimate.ts'
import type { EstimationLimits } from './limits.ts'
import { asSigned, estimatePreVerificationGas } from './preVerificationGas.ts'
import type { FoundLimits, SearchContext } from './searchLimits.ts'
import { searchLimits } from './searchLimits.ts'

export type EstimatorDependencies = {
  reader: Pick<ChainReader, 'call'>
  chainId: number
  limits: EstimationLimits
  /** Fees for operations that carry none: an account pays its prefund only when there is one. */
  gasPrice: () => Promise<{ standard: { maxFeePerGas: bigint; maxPriorityFeePerGas: bigint } }>
  /** By default the chain charges nothing for data. */
  dataAvailability?: Pick<DataAvailability, 'offered'>
  /** Unix seconds that a block to come will have; absent when the node runs calls at the newest block's time only. */
  nextTime?: (() => bigint) | undefined
  /** When an estimate may ask the node: a search is the most costly call there is. By default at once. */
  turns?: Turns
}

export type Estimator = {
  /**
   * Gas limits with which `op` would be validated and executed in the next block. Its own limits are ignored, except
   * those of its paymaster, which the paymaster has signed or chosen.
   * @param op Missing gas fields are 0; the signature may be a dummy of the right size.
   * @throws RpcError -32521 when the call reverts, -32500 to -32508 when validation does (ERC-7769), -32000
   * when too many wait for theirs.
   */
  estimate(
    op: UserOperation,
    entryPoint: EntryPointAdapter,
    stateOverride?: StateOverride,
  ): Promise<GasEstimate>
}

export function createEstimator(dependencies: EstimatorDependencies): Estimator {
  const { turns = (work) => work() } = dependencies
  return {
    estimate: (op, entryPoint, stateOverride = {}) =>
      turns(() => estimateGas(op, entryPoint, stateOverride, dependencies)),
  }
}

async function estimateGas(
  requested: UserOperation,
  entryPoint: EntryPointAdapter,
  stateOverride: StateOverride,
  {
    reader,
    chainId,
    limits,
    gasPrice,
    dataAvailability = noDataFee,
    nextTime,
  }: EstimatorDependencies,
): Promise<GasEstimate> {
  // First: what follows takes time by the byte.
  checkOperationSize(requested, entryPoint)
  const largest = largestLimits(await withFees(requested, gasPrice), entryPoint, limits)
  const breach =
    fieldBreach(largest, entryPoint) ?? amountBreach(largest) ?? keptBreach(requested, limits)
  if (breach) throw breachError(breach)
  const context: SearchContext = {
    reader,
    chainId,
    limits,
    nextTime: nextTime?.(),
    stateOverride,
    keeps: {
      paymasterVerification: hasLimit(requested.paymasterVerificationGasLimit),
      postOp: hasLimit(requested.paymasterPostOpGasLimit),
    },
  }
  const found = await searchLimits(largest, entryPoint, context)
  const { expectedBundleSize } = limits
  const ownGas = (limited: UserOperation, verificationGasUsed: bigint) =>
    estimatePreVerificationGas({ ...requested, ...limitsOf(limited) }, entryPoint, {
      expectedBundleSize,
      verificationGasUsed,
      // A dummy signature fails, and counts as the range of a good one would.
      validationDataCount: validationDataCount(found.validation, requested, entryPoint),
    })
  const dataGas = await dataAvailability.offered(
    signedForData({ ...requested, ...limitsOf(foundLimits(found)) }, largest, ownGas(largest, 0n)),
    entryPoint,
  )
  const preVerificationGas: Settling['preVerificationGas'] = (limited, verificationGasUsed) =>
    dataGas + ownGas(limited, verificationGasUsed)
  return settle(found, entryPoint, { context, preVerificationGas })
}

/** The operation whose data is charged for: as signed, but with its own fees, which decide what a unit of gas pays. */
function signedForData(
  limited: UserOperation,
  { maxFeePerGas, maxPriorityFeePerGas }: UserOperation,
  preVerificationGas: bigint,
): UserOperation {
  const { verificationGasLimit } = limited
  return {
    ...asSigned(limited),
    verificationGasLimit,
    preVerificationGas,
    maxFeePerGas,
    maxPriorityFeePerGas,
  }
}

type Settling = {
  context: SearchContext
  preVerificationGas: (op: UserOperation, verificationGasUsed: bigint) => bigint
}

/**
 * Fits preVerificationGas and the verification limits together. The prefund depends on the former; whether
 * the account has to pay some of it in, and uses more gas for that, depends on the prefund; and where the
 * EIP-7623 floor counts, preVerificationGas depends on the gas used.
 */
async function settle(
  found: FoundLimits,
  entryPoint: EntryPointAdapter,
  { context, preVerificationGas }: Settling,
): Promise<GasEstimate> {
  // With the largest limits: the most that it can be.
  const mostUsed = found.validation.preOpGas - found.op.preVerificationGas
  const paying = withPostOpGas(foundLimits(found), found.postOpGasLimit, entryPoint)
  const least = preVerificationGas(paying, mostUsed)
  const first = await raiseUntilAccepted(
    byDeposit({ ...paying, preVerificationGas: least }, found, entryPoint),
    entryPoint,
    found,
    context,
  )
  const needed = preVerificationGas(first.op, first.verificationGasUsed)
  if (needed <= least) return { preVerificationGas: least, ...limitsOf(first.op) }
  const more = { ...paying, preVerificationGas: needed }
  const second = await raiseUntilAccepted(
    byDeposit(more, found, entryPoint),
    entryPoint,
    found,
    context,
  )
  return { preVerificationGas: needed, ...limitsOf(second.op) }
}

function foundLimits(found: FoundLimits): UserOperation {
  const { op, verificationGasLimit, callGasLimit, paymasterVerificationGasLimit } = found
  return {
    ...op,
    verificationGasLimit,
    callGasLimit,
    ...(paymasterVerificationGasLimit === undefined ? {} : { paymasterVerificationGasLimit }),
  }
}

/** An account whose deposit covers its prefund pays nothing in, and uses less gas. */
function byDeposit(
  op: UserOperation,
  { verificationGasLimitByDeposit, funds }: FoundLimits,
  entryPoint: EntryPointAdapter,
): UserOperation {
  if (op.paymaster || verificationGasLimitByDeposit === undefined) return op
  const lower = { ...op, verificationGasLimit: verificationGasLimitByDeposit }
  return entryPoint.requiredPrefund(lower) <= funds.deposit ? lower : op
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
      validationDataCount: 0n,
    }),
    ...paymasterLimits,
  }
}

/** The paymaster's own limits stay, so they must be such as a node can try. */
function keptBreach(
  op: UserOperation,
  { maxVerificationGas, maxCallGas }: EstimationLimits,
): Breach | undefined {
  const most = {
    paymasterVerificationGasLimit: maxVerificationGas,
    paymasterPostOpGasLimit: maxCallGas,
  }
  for (const field of ['paymasterVerificationGasLimit', 'paymasterPostOpGasLimit'] as const) {
    const [given = 0n, max] = [op[field], most[field]]
    if (given > max) return breachOf(field, `${field} is above ${max}`, { [field]: given, max })
  }
  return undefined
}

function hasLimit(limit: bigint | undefined): limit is bigint {
  return limit !== undefined && limit > 0n
}

/** Times that the verification limits are raised when all of them together are too low. */
const maxRaises = 3

/** The limits were searched one by one; this is the operation with all of them. */
async function raiseUntilAccepted(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  { funds }: FoundLimits,
  { reader, stateOverride, keeps }: SearchContext,
): Promise<{ op: UserOperation; verificationGasUsed: bigint }> {
  let candidate = op
  for (let raises = 0; ; raises++) {
    const validation = await simulateValidation(
      candidate,
      entryPoint,
      reader,
      mergeStateOverrides(stateOverride, missingFunding(candidate, entryPoint, funds)),
    )
    if (validation.ok) {
      const { preOpGas } = validation.result
      return { op: candidate, verificationGasUsed: preOpGas - candidate.preVerificationGas }
    }
    if (raises === maxRaises) throw rejectionOf(decodeRevert(validation.data), validation.data)
    const paymasterLimit = candidate.paymasterVerificationGasLimit
    candidate = {
      ...candidate,
      verificationGasLimit: raised(candidate.verificationGasLimit),
      ...(paymasterLimit === undefined || keeps.paymasterVerification
        ? {}
        : { paymasterVerificationGasLimit: raised(paymasterLimit) }),
    }
  }
}

function raised(limit: bigint): bigint {
  return (limit * 21n) / 20n
}
