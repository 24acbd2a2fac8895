import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { decodeRevert, minCallGasLimit } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { largerOf } from '../math/amounts.ts'
import { rejectionOf } from '../simulation/rejection.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import type { EstimationLimits } from './limits.ts'
import { aroundUsed, searchEffort, withMargin } from './margin.ts'
import { postOpReverted } from './postOpReverted.ts'
import type { CallProbe, Probes } from './probes.ts'
import { searchGasLimit } from './searchGasLimit.ts'

/**
 * Least `callGasLimit` with which the call of `op` succeeds after its validation, with a margin.
 * @param op With limits that its validation passes.
 * @throws RpcError -32521 with `data.revertData` when the call reverts.
 */
export async function searchCallGas(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  probes: Probes,
  { maxCallGas }: Pick<EstimationLimits, 'maxCallGas'>,
): Promise<bigint> {
  if (op.callData === '0x') return 0n
  const { op: probed, largest } = await probeLargest(op, entryPoint, probes, maxCallGas)
  if (!largest.success) throw await executionReverted(probed, probes, maxCallGas)

  const limit = await searchGasLimit({
    ...aroundUsed(largest.gasUsed, maxCallGas),
    max: maxCallGas,
    ...searchEffort,
    probe: async (callGasLimit) => {
      const probe = await probes.call(probed, callGasLimit)
      return probe.ok && probe.result.success
    },
  })
  const estimate = withMargin(limit, maxCallGas)
  return largerOf(estimate, minCallGasLimit)
}

/**
 * The probe validates the operation and skips its call. Its `postOp` should not run either, because it
 * would warm slots that the call then finds cold; so it gets no gas, unless the paymaster insists.
 */
async function probeLargest(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  probes: Probes,
  maxCallGas: bigint,
): Promise<{ op: UserOperation; largest: CallProbe }> {
  if (op.paymaster && entryPoint.supports.paymasterGasLimits) {
    const silent = { ...op, paymasterPostOpGasLimit: 0n }
    const probe = await probes.call(silent, maxCallGas)
    if (probe.ok) return { op: silent, largest: probe.result }
  }
  const probe = await probes.call(op, maxCallGas)
  if (!probe.ok) throw failureOf(op, probe.data)
  return { op, largest: probe.result }
}

/** The operation passes validation, so a revert that the EntryPoint gives no reason for is of `postOp` (0.6). */
function failureOf(op: UserOperation, data: Hex): RpcError {
  const revert = decodeRevert(data)
  return op.paymaster && revert.kind === 'unknown'
    ? postOpReverted(data)
    : rejectionOf(revert, data)
}

async function executionReverted(
  op: UserOperation,
  probes: Probes,
  maxCallGas: bigint,
): Promise<RpcError> {
  const call = await probes.callRevert(op)
  if (!call.ok) return rejectionOf(decodeRevert(call.data), call.data)
  if (call.result.success)
    return new RpcError(
      rpcErrorCode.executionReverted,
      `execution needs more than ${maxCallGas} gas`,
      { revertData: '0x' },
    )
  const { data } = call.result
  return new RpcError(rpcErrorCode.executionReverted, `execution reverted${because(data)}`, {
    revertData: data,
  })
}

function because(data: Hex): string {
  const revert = decodeRevert(data)
  return revert.kind === 'message' ? `: ${revert.message}` : ''
}
