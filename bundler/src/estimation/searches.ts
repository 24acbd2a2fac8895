import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { size, slice, zeroAddress } from 'viem'
import type { StateOverride } from '../chain/reader.ts'
import type { TargetCall } from '../simulation/entryPointSimulation.ts'
import { operationStart } from '../simulation/searchLayout.ts'
import { simulationOf } from '../simulation/simulations.ts'
import { ampleWei } from './funding.ts'
import type { Probe, Search } from './gasSearch.ts'
import type { EstimationLimits } from './limits.ts'

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

/** State that the searches of calls need. */
export const witnessOverride: StateOverride = { [witness.address]: { code: witness.code } }

const word = 32

/** The validation of each of `ops`, once. */
export function validationRun(
  ops: readonly UserOperation[],
  entryPoint: EntryPointAdapter,
): Search {
  return {
    probes: ops.map((op) => validationProbe(op, entryPoint, undefined)),
    judge: simulationOf(entryPoint).layout.validation,
    most: 0n,
  }
}

/** Least `field` with which one of `ops` passes validation. */
export function validationSearch(
  ops: readonly UserOperation[],
  entryPoint: EntryPointAdapter,
  field: 'verificationGasLimit' | 'paymasterVerificationGasLimit',
  most: bigint,
): Search {
  return {
    probes: ops.map((op) => validationProbe(op, entryPoint, field)),
    judge: simulationOf(entryPoint).layout.validation,
    most,
  }
}

function validationProbe(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  field: 'verificationGasLimit' | 'paymasterVerificationGasLimit' | undefined,
): Probe {
  const simulation = simulationOf(entryPoint)
  const place = field && simulation.layout.operation(entryPoint.encodeOperation(op))[field]
  const limits = {
    verificationGasLimit: op.verificationGasLimit,
    paymasterVerificationGasLimit: op.paymasterVerificationGasLimit ?? 0n,
  }
  return {
    data: simulation.encodeSimulateValidation(op, entryPoint),
    places: place === undefined ? [] : [operationStart.validation + place],
    fixedGas:
      limits.verificationGasLimit +
      limits.paymasterVerificationGasLimit -
      (field ? limits[field] : 0n),
  }
}

/**
 * Least `callGasLimit` with which the call succeeds after the validation of one of `ops`. The call of the
 * simulated operation itself is skipped.
 */
export function callSearch(
  ops: readonly UserOperation[],
  entryPoint: EntryPointAdapter,
  chainId: number,
  { maxCallGas }: Pick<EstimationLimits, 'maxCallGas'>,
): Search {
  const simulation = simulationOf(entryPoint)
  return {
    probes: ops.map((op) => {
      const step = {
        ...op,
        callGasLimit: 0n,
        paymaster: witness.address,
        paymasterPostOpGasLimit: witnessGas,
        // Bounds `postOp` on EntryPoint 0.6.
        verificationGasLimit: witnessGas,
        // The cost must fit the witness's prefund.
        maxFeePerGas: 1n,
        maxPriorityFeePerGas: 1n,
      }
      const { skipped, inner } = innerCall(op, step, entryPoint, chainId, '0x01')
      return {
        data: simulation.encodeSimulateHandleOp(skipped, entryPoint, inner),
        places: [targetData(skipped, entryPoint) + simulation.layout.inner.callGasLimit],
        fixedGas: witnessGas + postOpReserve(op, entryPoint),
      }
    }),
    judge: simulation.layout.execution,
    validation: 0,
    most: maxCallGas,
  }
}

/**
 * Least gas with which `postOp` succeeds after validation and call of one of `ops`.
 * @param ops `tried` when the paymaster insists on seeing the limit that is tried in validation.
 */
export function postOpSearch(
  ops: readonly { op: UserOperation; tried: boolean }[],
  entryPoint: EntryPointAdapter,
  chainId: number,
  { maxPostOpGas }: Pick<EstimationLimits, 'maxPostOpGas'>,
): Search {
  const simulation = simulationOf(entryPoint)
  const { layout } = simulation
  const shared = { validation: 0, appendsContext: layout.contextPlace, most: maxPostOpGas }
  if (!entryPoint.supports.paymasterGasLimits) {
    const probes = ops.map(({ op }) => wholeProbe(op, entryPoint))
    return { ...shared, probes, judge: { ...layout.execution, flagAt: 0n } }
  }
  return {
    ...shared,
    probes: ops.map(({ op, tried }) => {
      const { skipped, inner } = innerCall(op, op, entryPoint, chainId, '0x')
      const outer = simulation.encodeSimulateHandleOp(skipped, entryPoint, { ...inner, data: '0x' })
      const seen = tried
        ? layout.operation(entryPoint.encodeOperation(skipped)).paymasterPostOpGasLimit
        : undefined
      return {
        // Both end with a length of zero, where target calldata and context come.
        data: slice(outer, 0, -word),
        inner: slice(inner.data, 0, -word),
        places: [
          targetData(skipped, entryPoint) + layout.inner.postOpGasLimit,
          ...(seen === undefined ? [] : [operationStart.execution + seen]),
        ],
        fixedGas: op.callGasLimit + postOpReserve(op, entryPoint),
      }
    }),
    judge: layout.execution,
  }
}

/**
 * On EntryPoint 0.6 `postOp` cannot be kept from running once with the validated operation, and has the
 * same limit as validation: the operation itself is tried with it.
 */
function wholeProbe(op: UserOperation, entryPoint: EntryPointAdapter): Probe {
  const simulation = simulationOf(entryPoint)
  const encoded = entryPoint.encodeOperation(op)
  const place = simulation.layout.operation(encoded).verificationGasLimit
  const noTarget = { target: zeroAddress, data: '0x' } as const
  return {
    data: simulation.encodeSimulateHandleOp(op, entryPoint, noTarget),
    places: [operationStart.execution + place],
    fixedGas: op.callGasLimit,
  }
}

/** What the simulated operation is, and the `innerHandleOp` that runs in place of its call. */
function innerCall(
  op: UserOperation,
  step: UserOperation,
  entryPoint: EntryPointAdapter,
  chainId: number,
  paymasterContext: Hex,
): { skipped: UserOperation; inner: TargetCall } {
  const skipped = withoutCall(op)
  const validated = { op: skipped, hash: entryPoint.hash(skipped, chainId) }
  const data = simulationOf(entryPoint).encodeInnerHandleOp(
    { op: step, validated, prefund: ampleWei, paymasterContext },
    entryPoint,
  )
  // `innerHandleOp` is for the EntryPoint alone, and the target call comes from the EntryPoint.
  return { skipped, inner: { target: entryPoint.address, data } }
}

/** Gas that the simulated operation's own step must find there for its `postOp` (AA95). */
function postOpReserve(op: UserOperation, { supports }: EntryPointAdapter): bigint {
  return supports.paymasterGasLimits ? (op.paymasterPostOpGasLimit ?? 0n) : op.verificationGasLimit
}

/** Byte offset of the target's calldata in `simulateHandleOp`. */
function targetData(op: UserOperation, entryPoint: EntryPointAdapter): number {
  return operationStart.execution + size(entryPoint.encodeOperation(op)) + word
}

/** With no gas the call fails at once and touches nothing. */
export function withoutCall(op: UserOperation): UserOperation {
  return { ...op, callGasLimit: 0n }
}
