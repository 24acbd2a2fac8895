import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { decodeRevert } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import type { ChainReader, StateOverride } from '../chain/reader.ts'
import { rejectionOf } from '../simulation/rejection.ts'
import { simulationOf } from '../simulation/simulations.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import { postOpReverted } from './postOpReverted.ts'
import { withoutCall } from './searches.ts'

/**
 * The error -32521 for a call that fails, with the sender's own revert data: the call is run once more,
 * with all the gas there is.
 * @param op That passes validation.
 */
export async function executionReverted(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  {
    reader,
    chainId,
    maxCallGas,
    stateOverride,
  }: {
    reader: Pick<ChainReader, 'call'>
    chainId: number
    maxCallGas: bigint
    stateOverride: StateOverride
  },
): Promise<RpcError> {
  const simulation = simulationOf(entryPoint)
  const skipped = withoutCall(op)
  const validated = { op: skipped, hash: entryPoint.hash(skipped, chainId) }
  const result = await reader.call({
    to: entryPoint.address,
    data: simulation.encodeSimulateHandleOp(skipped, entryPoint, {
      target: op.sender,
      data: simulation.executionCall(validated, entryPoint),
    }),
    stateOverride,
  })
  const simulated = simulation.decodeSimulateHandleOp(result)
  if (!simulated.ok) return failureOf(op, simulated.data)
  const { targetSuccess, targetResult } = simulated.result
  const message = targetSuccess
    ? `execution needs more than ${maxCallGas} gas`
    : `execution reverted${because(targetResult)}`
  return new RpcError(rpcErrorCode.executionReverted, message, {
    revertData: targetSuccess ? '0x' : targetResult,
  })
}

/** The operation passes validation, so a revert that the EntryPoint gives no reason for is of `postOp` (0.6). */
function failureOf(op: UserOperation, data: Hex): RpcError {
  const revert = decodeRevert(data)
  return op.paymaster && revert.kind === 'unknown'
    ? postOpReverted(data)
    : rejectionOf(revert, data)
}

function because(data: Hex): string {
  const revert = decodeRevert(data)
  return revert.kind === 'message' ? `: ${revert.message}` : ''
}
