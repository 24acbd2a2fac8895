import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { decodeRevert, minCallGasLimit } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { size } from 'viem'
import type { CallParameters, ChainReader, StateOverride } from '../chain/reader.ts'
import { largerOf } from '../math/amounts.ts'
import type { SimulatedValidation } from '../simulation/entryPointSimulation.ts'
import { rejectionOf } from '../simulation/rejection.ts'
import { simulationOf } from '../simulation/simulations.ts'
import { delegationOverride, mergeStateOverrides } from '../simulation/stateOverride.ts'
import { isInvalidParams } from '../types/chainError.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import { executionReverted } from './executionReverted.ts'
import { ampleFunding } from './funding.ts'
import type { Found, Search } from './gasSearch.ts'
import { searchGas } from './gasSearch.ts'
import type { EstimationLimits } from './limits.ts'
import { withMargin } from './margin.ts'
import { postOpReverted } from './postOpReverted.ts'
import {
  callSearch,
  postOpSearch,
  validationRun,
  validationSearch,
  witnessOverride,
} from './searches.ts'

export type SearchContext = {
  reader: Pick<ChainReader, 'call'>
  chainId: number
  limits: EstimationLimits
  /** Unix seconds of a block to come, at which calls run and are searched; absent: of the newest block. */
  nextTime?: bigint | undefined
  /** The caller's own. */
  stateOverride: StateOverride
  /** Limits that the caller has set and that stay. */
  keeps: { paymasterVerification: boolean; postOp: boolean }
}

/** Least limits of an operation, each with its margin. */
export type FoundLimits = {
  /** The operation that passes validation: as given, or with fees of 1 wei. */
  op: UserOperation
  /** Of that operation with the largest limits, of which a sender pays its prefund. */
  validation: SimulatedValidation
  verificationGasLimit: bigint
  /** The same when the sender's deposit covers its prefund; absent without a deposit. */
  verificationGasLimitByDeposit?: bigint
  callGasLimit: bigint
  paymasterVerificationGasLimit?: bigint
  /** Absent when there is nothing to limit. */
  postOpGasLimit?: bigint
  /** Of the sender, in wei. */
  funds: { balance: bigint; deposit: bigint }
}

/**
 * Searches all limits in two calls side by side: validation in one, where the payer has ample funds, and
 * execution in another, where the sender has no more than its own.
 * @param largest The operation with the largest limits.
 * @throws RpcError -32521 when the call reverts, -32501 when `postOp` does, -32500 to -32508 for validation.
 */
export async function searchLimits(
  largest: UserOperation,
  entryPoint: EntryPointAdapter,
  context: SearchContext,
): Promise<FoundLimits> {
  const [verified, executed] = await Promise.allSettled([
    searchVerification(largest, entryPoint, context),
    searchNextExecution(largest, entryPoint, context),
  ])
  // Of several failures that of validation comes first.
  if (verified.status === 'rejected') throw verified.reason
  if (executed.status === 'rejected') throw executed.reason
  return { ...verified.value, ...executed.value }
}

async function searchVerification(
  largest: UserOperation,
  entryPoint: EntryPointAdapter,
  { reader, limits, stateOverride, keeps }: SearchContext,
) {
  const { maxVerificationGas: max } = limits
  const ops = affordable(largest)
  const separate = largest.paymaster !== undefined && entryPoint.supports.paymasterGasLimits
  const simulation = simulationOf(entryPoint)
  const { found } = await searchGas({
    reader,
    entryPoint: entryPoint.address,
    sender: largest.sender,
    searches: [
      validationSearch(ops, entryPoint, 'verificationGasLimit', max),
      ...(separate && !keeps.paymasterVerification
        ? [validationSearch(ops, entryPoint, 'paymasterVerificationGasLimit', max)]
        : []),
    ],
    stateOverride: mergeStateOverrides(
      delegationOverride(largest),
      stateOverride,
      ampleFunding(largest, entryPoint),
      simulation.override(entryPoint),
    ),
  })
  const [account, paymaster] = found
  if (!account) throw new RangeError('a search without an answer')
  const validation = simulation.decodeSimulateValidation(account.output, entryPoint)
  if (!validation.ok) throw rejectionOf(decodeRevert(validation.data), validation.data)
  return {
    op: ops[account.probe] ?? largest,
    validation: validation.result,
    verificationGasLimit: withMargin(account.limit, max),
    ...(separate && {
      paymasterVerificationGasLimit: paymaster
        ? withMargin(paymaster.limit, max)
        : (largest.paymasterVerificationGasLimit ?? 0n),
    }),
  }
}

/**
 * At a later time than that of the newest block: what this block wrote for its own time (votes, streams, averages)
 * is written anew in the next one, and takes more gas. A call that fails by then may still have this block's time.
 */
async function searchNextExecution(
  largest: UserOperation,
  entryPoint: EntryPointAdapter,
  context: SearchContext,
) {
  const { nextTime: time, reader } = context
  if (time === undefined) return searchExecution(largest, entryPoint, context)
  const later = { call: (call: CallParameters) => reader.call({ ...call, time }) }
  try {
    return await searchExecution(largest, entryPoint, { ...context, reader: later })
  } catch (error) {
    if (!mayBeOfTime(error)) throw error
    return searchExecution(largest, entryPoint, context)
  }
}

/** A call that reverts, or a node behind the same address that takes no time for a call. */
function mayBeOfTime(error: unknown): boolean {
  if (error instanceof RpcError) return error.code === rpcErrorCode.executionReverted
  return isInvalidParams(error)
}

async function searchExecution(
  largest: UserOperation,
  entryPoint: EntryPointAdapter,
  { reader, chainId, limits, stateOverride, keeps }: SearchContext,
) {
  const { candidates, searches } = executionSearches(largest, entryPoint, {
    chainId,
    limits,
    searchesPostOp: largest.paymaster !== undefined && !keeps.postOp,
  })
  const override = mergeStateOverrides(
    delegationOverride(largest),
    stateOverride,
    largest.paymaster ? ampleFunding(largest, entryPoint) : {},
    witnessOverride,
    simulationOf(entryPoint).override(entryPoint),
  )
  const { found, balance, deposit } = await searchGas({
    reader,
    entryPoint: entryPoint.address,
    sender: largest.sender,
    searches: searches.map(({ search }) => search),
    stateOverride: override,
  })
  const of = (name: SearchName): Found | undefined =>
    found[searches.findIndex((search) => search.name === name)]

  const run = of('run')
  // Whoever passes validation with its fees and fails without gives no reason of its own.
  if (run?.outcome === 'failed') throw rejectionOf(decodeRevert(run.output.data), run.output.data)
  const call = of('call')
  if (call?.outcome === 'failed') {
    const op = candidates[run?.probe ?? 0]?.op ?? largest
    throw await executionReverted(op, entryPoint, {
      reader,
      chainId,
      maxCallGas: limits.maxCallGas,
      stateOverride: override,
    })
  }
  const postOp = of('postOp')
  if (postOp?.outcome === 'failed') throw postOpFailure(postOp, entryPoint)
  const byDeposit = of('byDeposit')
  const noPostOp = entryPoint.supports.paymasterGasLimits ? { postOpGasLimit: 0n } : {}
  return {
    callGasLimit: call ? largerOf(withMargin(call.limit, limits.maxCallGas), minCallGasLimit) : 0n,
    ...(byDeposit?.outcome === 'found' && {
      verificationGasLimitByDeposit: withMargin(byDeposit.limit, limits.maxVerificationGas),
    }),
    ...(postOp &&
      (postOp.outcome === 'found'
        ? { postOpGasLimit: withMargin(postOp.limit, limits.maxPostOpGas) }
        : noPostOp)),
    funds: { balance, deposit },
  }
}

type SearchName = 'run' | 'byDeposit' | 'call' | 'postOp'

/**
 * A sender executes with fees of zero, so that its prefund takes nothing from balance and deposit. The
 * `postOp` of a validated operation must not run, for it would warm slots that the call then finds cold:
 * it gets no gas, unless the paymaster insists on some.
 */
function executionSearches(
  largest: UserOperation,
  entryPoint: EntryPointAdapter,
  {
    chainId,
    limits,
    searchesPostOp,
  }: { chainId: number; limits: EstimationLimits; searchesPostOp: boolean },
) {
  const payable = largest.paymaster
    ? affordable(largest)
    : [{ ...largest, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }]
  const silent =
    largest.paymaster && entryPoint.supports.paymasterGasLimits
      ? payable.map((op) => ({ op: { ...op, paymasterPostOpGasLimit: 0n }, tried: false }))
      : []
  const insisting = payable.map((op) => ({ op, tried: silent.length > 0 }))
  const candidates = [...silent, ...insisting]
  const ops = candidates.map(({ op }) => op)
  const { maxVerificationGas } = limits
  const searches: { name: SearchName; search: Search }[] = [
    { name: 'run', search: validationRun(ops, entryPoint) },
  ]
  if (!largest.paymaster) {
    // Fees of 1 wei: a prefund of nothing would leave the deposit unwritten.
    const charged = [cheap(largest)]
    const search = validationSearch(charged, entryPoint, 'verificationGasLimit', maxVerificationGas)
    searches.push({ name: 'byDeposit', search: { ...search, needsDeposit: true } })
  }
  if (size(largest.callData) > 0)
    searches.push({ name: 'call', search: callSearch(ops, entryPoint, chainId, limits) })
  if (searchesPostOp)
    searches.push({ name: 'postOp', search: postOpSearch(candidates, entryPoint, chainId, limits) })
  return { candidates, searches }
}

/**
 * A paymaster that charges the sender in advance may find the cost of the largest limits too high.
 * Then fees of 1 wei tell what it thinks of the operation itself.
 */
function affordable(op: UserOperation): UserOperation[] {
  return op.paymaster ? [op, cheap(op)] : [op]
}

function cheap(op: UserOperation): UserOperation {
  return { ...op, maxFeePerGas: 1n, maxPriorityFeePerGas: 1n }
}

function postOpFailure(postOp: Found, entryPoint: EntryPointAdapter) {
  const simulated = simulationOf(entryPoint).decodeSimulateHandleOp(postOp.output)
  return postOpReverted(revertBytes(simulated))
}

function revertBytes(
  simulated: { ok: true; result: { targetResult: Hex } } | { ok: false; data: Hex },
): Hex {
  return simulated.ok ? simulated.result.targetResult : simulated.data
}
