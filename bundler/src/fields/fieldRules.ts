import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { eip7702FactoryMarker } from '@fabstir/erc4337'
import { zeroAddress } from 'viem'
import type { Breach } from './breach.ts'
import { breach } from './breach.ts'

/** Which fields stand together, and which of them the EntryPoint knows. */
export function fieldBreach(op: UserOperation, entryPoint: EntryPointAdapter): Breach | undefined {
  return (
    factoryBreach(op) ??
    paymasterBreach(op, entryPoint) ??
    paymasterSignatureBreach(op, entryPoint) ??
    delegationBreach(op, entryPoint)
  )
}

function factoryBreach(op: UserOperation): Breach | undefined {
  if (op.factoryData !== undefined && op.factoryData !== '0x' && !op.factory)
    return breach('factoryData', 'factoryData without factory')
  return undefined
}

function paymasterBreach(
  op: UserOperation,
  { supports, version }: EntryPointAdapter,
): Breach | undefined {
  const limits = [op.paymasterVerificationGasLimit, op.paymasterPostOpGasLimit]
  if (!op.paymaster) {
    if (limits.some((limit) => limit !== undefined && limit !== 0n))
      return breach('paymaster', 'paymaster gas limits without paymaster')
    if (op.paymasterData !== undefined && op.paymasterData !== '0x')
      return breach('paymaster', 'paymasterData without paymaster')
    return undefined
  }
  if (op.paymaster === zeroAddress) return breach('paymaster', 'paymaster is the zero address')
  if (!supports.paymasterGasLimits) {
    if (limits.some((limit) => limit !== undefined))
      return breach('paymaster', `EntryPoint ${version} has no paymaster gas limits`)
    return undefined
  }
  if (!op.paymasterVerificationGasLimit)
    return breach('paymaster', 'paymaster without paymasterVerificationGasLimit')
  if (op.paymasterPostOpGasLimit === undefined)
    return breach('paymaster', 'paymaster without paymasterPostOpGasLimit')
  return undefined
}

function paymasterSignatureBreach(
  op: UserOperation,
  { supports, version }: EntryPointAdapter,
): Breach | undefined {
  if (op.paymasterSignature === undefined || op.paymasterSignature === '0x') return undefined
  if (!supports.paymasterSignature)
    return breach('paymasterSignature', `EntryPoint ${version} has no paymasterSignature`)
  if (!op.paymaster) return breach('paymasterSignature', 'paymasterSignature without paymaster')
  return undefined
}

function delegationBreach(
  op: UserOperation,
  { supports, version }: EntryPointAdapter,
): Breach | undefined {
  const marked = op.factory === eip7702FactoryMarker
  if (!marked && !op.eip7702Auth) return undefined
  if (!supports.eip7702)
    return breach('eip7702Auth', `EntryPoint ${version} has no EIP-7702 senders`)
  if (!op.eip7702Auth)
    return breach('eip7702Auth', `factory ${eip7702FactoryMarker} without eip7702Auth`)
  return undefined
}
