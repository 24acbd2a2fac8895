import type { PooledOperation } from '../types/pooledOperation.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import { depositCovers } from './paymasterDeposits.ts'
import { canReplace, REPLACEMENT_BUMP_PERCENT, replacementFees } from './replacement.ts'

export type MempoolLimits = {
  /** Operations in the pool, in-flight ones included. */
  maxOperations: number
  /** [UREP-010] Operations of one sender at one EntryPoint. */
  maxOperationsPerSender: number
}

export type AdmissionContext = {
  limits: MempoolLimits
  /** Operations in the pool now. */
  size: number
  /** Operations of the same sender at the same EntryPoint now. */
  ofSender: number
  /** The operation with the same sender and nonce. */
  replaced: (PooledOperation & { state: string }) | undefined
  /** Wei; absent without paymaster. */
  paymasterDeposit?: { deposit: bigint; reserved: bigint }
}

/** Decides whether a valid operation gets a place. @throws RpcError naming the rule and its numbers. */
export function checkAdmission(operation: PooledOperation, context: AdmissionContext): void {
  const { limits, size, ofSender, replaced, paymasterDeposit } = context
  if (replaced) checkReplacement(operation, replaced)
  else {
    if (ofSender >= limits.maxOperationsPerSender) {
      throw new RpcError(
        rpcErrorCode.throttledOrBanned,
        `sender ${operation.op.sender} has ${ofSender} pending operations, the most it may have`,
        { rule: 'UREP-010', sender: operation.op.sender, limit: limits.maxOperationsPerSender },
      )
    }
    // Refused rather than evicting another one: what was acknowledged stays.
    if (size >= limits.maxOperations) {
      throw new RpcError(
        rpcErrorCode.throttledOrBanned,
        `the mempool is full (${limits.maxOperations} operations), try again later`,
        { rule: 'mempoolFull', limit: limits.maxOperations },
      )
    }
  }
  if (!paymasterDeposit) return
  const { deposit, reserved } = paymasterDeposit
  if (!depositCovers(deposit, reserved, operation.prefund)) {
    throw new RpcError(
      rpcErrorCode.paymasterDepositTooLow,
      'AA31 paymaster deposit too low for its pending operations',
      {
        rule: 'EREP-010',
        paymaster: operation.op.paymaster,
        deposit: deposit.toString(),
        reserved: reserved.toString(),
        required: operation.prefund.toString(),
      },
    )
  }
}

function checkReplacement(
  { op }: PooledOperation,
  replaced: PooledOperation & { state: string },
): void {
  if (replaced.state === 'inFlight') {
    throw new RpcError(
      rpcErrorCode.invalidParams,
      `operation ${replaced.hash} with this nonce is already on its way to the chain`,
      { rule: 'replacementInFlight', pending: replaced.hash },
    )
  }
  if (canReplace(replaced.op, op)) return
  const least = replacementFees(replaced.op)
  throw new RpcError(
    rpcErrorCode.invalidParams,
    `replacement underpriced: both fees must rise by ${REPLACEMENT_BUMP_PERCENT} %`,
    {
      rule: 'replacementUnderpriced',
      pending: replaced.hash,
      maxFeePerGas: `0x${least.maxFeePerGas.toString(16)}`,
      maxPriorityFeePerGas: `0x${least.maxPriorityFeePerGas.toString(16)}`,
    },
  )
}
