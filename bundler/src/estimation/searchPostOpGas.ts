import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { decodeRevert } from '@fabstir/erc4337'
import type { SimulatedValidation } from '../simulation/entryPointSimulation.ts'
import { rejectionOf } from '../simulation/rejection.ts'
import type { EstimationLimits } from './limits.ts'
import { searchEffort, withMargin } from './margin.ts'
import { postOpReverted } from './postOpReverted.ts'
import type { Probes } from './probes.ts'
import { hasPostOp } from './probes.ts'
import { searchGasLimit } from './searchGasLimit.ts'

/** Where a search for a `postOp` starts; it cannot be measured before it runs. */
const postOpGuess = 30_000n

/**
 * Least gas with which the `postOp` of the paymaster of `op` succeeds, with a margin.
 * @returns gas; `undefined` when there is nothing to limit.
 * @param op With limits that its validation and its call pass.
 * @throws RpcError -32501 when `postOp` reverts.
 */
export async function searchPostOpGas(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  validation: SimulatedValidation,
  probes: Probes,
  { maxPostOpGas }: Pick<EstimationLimits, 'maxPostOpGas'>,
  { keepPaymasterLimit }: { keepPaymasterLimit: boolean },
): Promise<bigint | undefined> {
  if (!op.paymaster || keepPaymasterLimit) return undefined
  const own = entryPoint.supports.paymasterGasLimits
  if (!hasPostOp(validation)) return own ? 0n : undefined

  // The probe validates first; a paymaster that insists on some limit must see the one that is tried.
  const silent = { ...op, paymasterPostOpGasLimit: 0n }
  const insists = own && !(await probes.validation(silent)).ok
  const validated = (limit: bigint) => {
    if (!own) return op
    return insists ? { ...op, paymasterPostOpGasLimit: limit } : silent
  }

  const largest = await probes.postOp(validated(maxPostOpGas), maxPostOpGas, validation)
  if (!largest.ok) throw rejectionOf(decodeRevert(largest.data), largest.data)
  if (!largest.result.success) throw postOpReverted(largest.result.revertData)

  const found = await searchGasLimit({
    guess: postOpGuess,
    max: maxPostOpGas,
    ...searchEffort,
    probe: async (limit) => {
      const probe = await probes.postOp(validated(limit), limit, validation)
      return probe.ok && probe.result.success
    },
  })
  return withMargin(found, maxPostOpGas)
}
