import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { DelegateUnknownError } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'

/** userOpHash. @throws RpcError -32602 when an EIP-7702 authorization is missing that enters it. */
export function operationHash(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  chainId: number,
): Hex {
  try {
    return entryPoint.hash(op, chainId)
  } catch (error) {
    if (!(error instanceof DelegateUnknownError)) throw error
    throw new RpcError(
      rpcErrorCode.invalidParams,
      'an operation with the EIP-7702 factory marker needs eip7702Auth',
      { field: 'eip7702Auth', rule: 'required' },
    )
  }
}
