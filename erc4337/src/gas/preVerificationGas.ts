import type { EntryPointAdapter } from '../entryPoint/adapter.ts'
import type { UserOperation } from '../userOperation.ts'
import { calldataGas } from './calldata.ts'

export type PreVerificationGasParameters = {
  /** Operations over which a bundle's fixed cost is spread. At least 1. */
  expectedBundleSize: bigint
}

/** Gas of a transaction without calldata. */
const transactionGas = 21_000n
/** EIP-7702: gas of one authorization in a transaction, before refunds. */
const authorizationGas = 25_000n

/**
 * Gas of a bundle that the EntryPoint does not measure, in `handleOps` of any length and per
 * operation. Measured on the EntryPoints 0.6 to 0.9 (test/system/preVerificationGas.test.ts); the
 * largest of the four stands here.
 */
const bundleOverheadGas = 14_000n
const operationOverheadGas = 12_000n
/** Copies of the operation to memory, its hash and the calls that carry it: gas per 32-byte word. */
const operationWordGas = 20n

/**
 * preVerificationGas that lets a bundle pay for itself: the share of the operation in the bundle's
 * fixed cost, its calldata, and what the EntryPoint does not measure. Where the EIP-7623 floor is
 * above the standard cost, it makes up what execution gas that is charged for certain does not.
 * @returns gas
 */
export function requiredPreVerificationGas(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  { expectedBundleSize }: PreVerificationGasParameters,
): bigint {
  const encoded = entryPoint.encodeOperation(op)
  const calldata = calldataGas(encoded)
  const words = BigInt(Math.ceil((encoded.length - 2) / 64))
  const authorization = op.eip7702Auth ? authorizationGas : 0n
  const standard =
    divideUp(transactionGas + bundleOverheadGas, expectedBundleSize) +
    calldata.standard +
    words * operationWordGas +
    operationOverheadGas +
    authorization
  const floor =
    divideUp(transactionGas, expectedBundleSize) +
    calldata.floor +
    authorization -
    entryPoint.minimumChargedGas(op)
  return standard > floor ? standard : floor
}

function divideUp(value: bigint, divisor: bigint): bigint {
  return (value + divisor - 1n) / divisor
}
