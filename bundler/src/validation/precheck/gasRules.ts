import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { minCallGasLimit, requiredPreVerificationGas } from '@fabstir/erc4337'
import { amountBreach } from '../../fields/amountRules.ts'
import type { Breach } from '../../fields/breach.ts'
import { breach } from '../../fields/breach.ts'
import type { ValidationLimits } from '../limits.ts'

/** Gas limits that the bundler can afford to run and that pay for what the EntryPoint does not measure. */
export function gasBreach(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  limits: ValidationLimits,
): Breach | undefined {
  return (
    amountBreach(op) ??
    verificationGasBreach(op, limits) ??
    callGasBreach(op) ??
    operationGasBreach(op, entryPoint, limits) ??
    preVerificationGasBreach(op, entryPoint, { expectedBundleSize: limits.expectedBundleSize })
  )
}

function verificationGasBreach(op: UserOperation, limits: ValidationLimits): Breach | undefined {
  const max = limits.maxVerificationGas
  if (op.verificationGasLimit > max)
    return breach('verificationGasLimit', `verificationGasLimit is above ${max}`, {
      verificationGasLimit: op.verificationGasLimit,
      max,
    })
  const paymasterLimit = op.paymasterVerificationGasLimit ?? 0n
  if (paymasterLimit > max)
    return breach(
      'paymasterVerificationGasLimit',
      `paymasterVerificationGasLimit is above ${max}`,
      {
        paymasterVerificationGasLimit: paymasterLimit,
        max,
      },
    )
  return undefined
}

/** [ERC-4337] At least the cost of a CALL with value, when there is something to call. */
function callGasBreach(op: UserOperation): Breach | undefined {
  if (op.callData === '0x' || op.callGasLimit >= minCallGasLimit) return undefined
  return breach('callGasLimit', `callGasLimit is below ${minCallGasLimit}`, {
    callGasLimit: op.callGasLimit,
    min: minCallGasLimit,
  })
}

function operationGasBreach(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  { maxOperationGas: max }: ValidationLimits,
): Breach | undefined {
  const gas = entryPoint.requiredGas(op)
  if (gas <= max) return undefined
  return breach('operationGas', `the gas limits together are above ${max}`, { gas, max })
}

/** preVerificationGas covers what the EntryPoint does not measure, and the data fee of a rollup. */
export function preVerificationGasBreach(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  {
    expectedBundleSize,
    verificationGasUsed = op.verificationGasLimit + (op.paymasterVerificationGasLimit ?? 0n),
    validationDataCount = 0n,
    dataGas = 0n,
  }: {
    expectedBundleSize: bigint
    /** Measured; before that, the most it can be. */
    verificationGasUsed?: bigint
    /** Entities whose validation returns more than 0; before that is known, none. */
    validationDataCount?: bigint
    /** Gas for the data fee; before that is known, none. */
    dataGas?: bigint
  },
): Breach | undefined {
  const parameters = { expectedBundleSize, verificationGasUsed, validationDataCount }
  const required = requiredPreVerificationGas(op, entryPoint, parameters) + dataGas
  if (op.preVerificationGas >= required) return undefined
  return breach('preVerificationGas', `preVerificationGas is below ${required}`, {
    preVerificationGas: op.preVerificationGas,
    required,
    ...(dataGas > 0n && { dataGas }),
  })
}
