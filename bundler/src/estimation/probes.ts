import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { size } from 'viem'
import type { ChainReader, StateOverride } from '../chain/reader.ts'
import type {
  Simulated,
  SimulatedHandleOp,
  SimulatedValidation,
  TargetCall,
} from '../simulation/entryPointSimulation.ts'
import { simulateValidation } from '../simulation/simulateValidation.ts'
import { simulationOf } from '../simulation/simulations.ts'
import { delegationOverride, mergeStateOverrides } from '../simulation/stateOverride.ts'
import type { Funding } from './fundingOverride.ts'

export type ProbeDependencies = {
  reader: Pick<ChainReader, 'call'>
  chainId: number
  entryPoint: EntryPointAdapter
  stateOverride: StateOverride
  funding: Funding
}

export type ExecutionProbe =
  /** `charged` is the cost of the step at 1 wei per gas, with the charge for unused gas. */
  | { success: true; charged: bigint }
  /** `revertData` is that of the EntryPoint, not of the sender. */
  | { success: false; revertData: Hex }

export type CallProbe = { success: true; gasUsed: bigint } | { success: false }

/** The questions that an estimate asks the chain, one `eth_call` each. */
export type Probes = {
  /** Whether the operation passes validation with its present limits. */
  validation(op: UserOperation): Promise<Simulated<SimulatedValidation>>
  /** The same with a paymaster that accepts everything and does nothing in place of its own. */
  idlePaymasterValidation(op: UserOperation): Promise<Simulated<SimulatedValidation>>
  /** The call of the operation with `callGasLimit`, after its validation. `gasUsed` is about what it used. */
  call(op: UserOperation, callGasLimit: bigint): Promise<Simulated<CallProbe>>
  /** Its call and its paymaster's `postOp` with `postOpGasLimit`, after its validation. */
  postOp(
    op: UserOperation,
    postOpGasLimit: bigint,
    validation: SimulatedValidation,
  ): Promise<Simulated<ExecutionProbe>>
  /** Its call with all gas there is, for the sender's own revert data. */
  callRevert(op: UserOperation): Promise<Simulated<{ success: boolean; data: Hex }>>
}

/**
 * Stands in as the paymaster of a probed call. The EntryPoint swallows a failed call, but tells `postOp`
 * about it: this code reverts on every mode but `opSucceeded`, and the revert reaches the probe.
 */
const witness: { address: Address; code: Hex } = {
  address: '0x00000000000000000000000000000000c0ffee77',
  // if (calldata[4:36] != 0) revert()
  code: '0x600435600757005b60006000fd',
}
const witnessGas = 10_000n

/** Accepts everything, without a context for `postOp`. */
const idlePaymaster: { address: Address; code: Hex } = {
  address: '0x00000000000000000000000000000000c0ffee78',
  // mstore(0, 64); return(0, 96)
  code: '0x604060005260606000f3',
}

/** What the EntryPoint and the witness spend around the call. */
const callOverheadGas = 1_700n

/** Fits a deposit of 112 bits, and any cost at 1 wei per gas. */
const ampleWei = 1n << 100n

export function createProbes({
  reader,
  chainId,
  entryPoint,
  stateOverride,
  funding,
}: ProbeDependencies): Probes {
  const simulation = simulationOf(entryPoint)
  const validation = (op: UserOperation, more: StateOverride = {}) =>
    simulateValidation(
      op,
      entryPoint,
      reader,
      mergeStateOverrides(stateOverride, funding(op), more),
    )

  const handleOp = async (
    op: UserOperation,
    call: TargetCall,
  ): Promise<Simulated<SimulatedHandleOp>> => {
    const result = await reader.call({
      to: entryPoint.address,
      data: simulation.encodeSimulateHandleOp(op, entryPoint, call),
      stateOverride: mergeStateOverrides(
        delegationOverride(op),
        stateOverride,
        funding(op),
        { [witness.address]: { code: witness.code } },
        simulation.override(entryPoint),
      ),
    })
    return simulation.decodeSimulateHandleOp(result)
  }

  /** Validates `op`, skips its call, and then runs `step` in its place. */
  const execute = async (
    op: UserOperation,
    step: { op: UserOperation; prefund: bigint; paymasterContext: Hex },
  ): Promise<Simulated<ExecutionProbe>> => {
    const skipped = withoutCall(op)
    const validated = { op: skipped, hash: entryPoint.hash(skipped, chainId) }
    const simulated = await handleOp(skipped, {
      // `innerHandleOp` is for the EntryPoint alone, and the target call comes from the EntryPoint.
      target: entryPoint.address,
      data: simulation.encodeInnerHandleOp({ ...step, validated }, entryPoint),
    })
    if (!simulated.ok) return simulated
    const { targetSuccess, targetResult } = simulated.result
    return {
      ok: true,
      result: targetSuccess
        ? { success: true, charged: BigInt(targetResult) }
        : { success: false, revertData: targetResult },
    }
  }

  return {
    validation: (op) => validation(op),

    idlePaymasterValidation: (op) =>
      validation(
        { ...op, paymaster: idlePaymaster.address },
        { [idlePaymaster.address]: { code: idlePaymaster.code } },
      ),

    async call(op, callGasLimit) {
      const step = {
        ...op,
        callGasLimit,
        paymaster: witness.address,
        paymasterPostOpGasLimit: witnessGas,
        // At 1 wei per gas the cost that comes back is the gas.
        maxFeePerGas: 1n,
        maxPriorityFeePerGas: 1n,
      }
      const probe = await execute(op, { op: step, prefund: ampleWei, paymasterContext: '0x01' })
      if (!probe.ok) return probe
      if (!probe.result.success) return { ok: true, result: { success: false } }
      return {
        ok: true,
        result: { success: true, gasUsed: usedGas(probe.result.charged, step, entryPoint) },
      }
    },

    postOp: (op, postOpGasLimit, { paymasterContext }) =>
      execute(op, {
        op: entryPoint.supports.paymasterGasLimits
          ? { ...op, paymasterPostOpGasLimit: postOpGasLimit }
          : { ...op, verificationGasLimit: postOpGasLimit },
        prefund: ampleWei,
        paymasterContext,
      }),

    async callRevert(op) {
      const skipped = withoutCall(op)
      const validated = { op: skipped, hash: entryPoint.hash(skipped, chainId) }
      const simulated = await handleOp(skipped, {
        target: op.sender,
        data: simulation.executionCall(validated, entryPoint),
      })
      if (!simulated.ok) return simulated
      const { targetSuccess, targetResult } = simulated.result
      return { ok: true, result: { success: targetSuccess, data: targetResult } }
    },
  }
}

/** Takes the charge for unused gas and the EntryPoint's own gas out of what a step was charged. */
function usedGas(charged: bigint, step: UserOperation, entryPoint: EntryPointAdapter): bigint {
  const unusedCharge = entryPoint.minimumChargedGas(step)
  // Of `limit` gas, `used` is charged in full and the rest by a tenth: limit/10 + used*9/10.
  const used = unusedCharge > 0n ? ((charged - unusedCharge) * 10n) / 9n : charged
  return used > callOverheadGas ? used - callOverheadGas : 0n
}

/** With no gas the call fails at once and touches nothing. */
function withoutCall(op: UserOperation): UserOperation {
  return { ...op, callGasLimit: 0n }
}

/** Whether the paymaster's `postOp` is called at all. */
export function hasPostOp({ paymasterContext }: SimulatedValidation): boolean {
  return size(paymasterContext) > 0
}
