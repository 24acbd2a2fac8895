import { size } from 'viem'
import { executeUserOpSelector } from '../constants.ts'
import type { EntryPointAdapter } from '../entryPoint/adapter.ts'
import type { UserOperation } from '../userOperation.ts'
import { calldataGas } from './calldata.ts'

export type PreVerificationGasParameters = {
  /** Operations over which a bundle's fixed cost is spread. At least 1. */
  expectedBundleSize: bigint
  /** Gas that the operation's validation is known to use; it counts towards the EIP-7623 floor. */
  verificationGasUsed?: bigint
  /** Account and paymaster whose validation is known to return anything but 0: 0 to 2. */
  validationDataCount?: bigint
}

/** Gas of a transaction without calldata. */
const transactionGas = 21_000n
/** EIP-7702: gas of one authorization in a transaction, before refunds. */
const authorizationGas = 25_000n

/** Calldata of `handleOps` around its operations: selector, offset, beneficiary, count. */
const bundleCalldata = { standard: 720n, floor: 1_800n }
/** Its offset to one operation. */
const offsetCalldata = { standard: 164n, floor: 410n }

/**
 * preVerificationGas that lets a bundle pay for itself: the share of the operation in the bundle's
 * fixed cost, its calldata, and what the EntryPoint does not measure. Where the EIP-7623 floor is
 * above the standard cost, it makes up what execution gas that is charged for certain does not.
 * @returns gas
 */
export function requiredPreVerificationGas(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  {
    expectedBundleSize,
    verificationGasUsed = 0n,
    validationDataCount = 0n,
  }: PreVerificationGasParameters,
): bigint {
  const encoded = entryPoint.encodeOperation(op)
  const calldata = calldataGas(encoded)
  const words = BigInt(Math.ceil(size(encoded) / 32))
  const authorization = op.eip7702Auth ? authorizationGas : 0n
  const { bundle, operation, word, executeUserOp, validationData } = entryPoint.unmeasuredGas

  const share = (gas: bigint) => divideUp(gas, expectedBundleSize)
  const standard =
    share(transactionGas + bundleCalldata.standard + bundle) +
    calldata.standard +
    offsetCalldata.standard +
    operation +
    words * word +
    validationDataCount * validationData +
    (givesOperation(op) ? executeUserOp.operation + words * executeUserOp.word : 0n) +
    authorization
  // [EIP-7623] The floor is of calldata alone: an authorization counts towards it as execution does.
  const floor =
    share(transactionGas + bundleCalldata.floor) +
    calldata.floor +
    offsetCalldata.floor -
    entryPoint.minimumChargedGas(op) -
    verificationGasUsed
  return standard > floor ? standard : floor
}

/** Whether the account is given the whole operation, which is encoded for it outside of what is measured. */
function givesOperation({ callData }: UserOperation): boolean {
  return callData.toLowerCase().startsWith(executeUserOpSelector)
}

function divideUp(value: bigint, divisor: bigint): bigint {
  return (value + divisor - 1n) / divisor
}
