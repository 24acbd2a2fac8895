import type { EntryPointAdapter } from '@fabstir/erc4337'
import type { Address } from 'viem'
import { RpcError, rpcErrorCode } from '../errors.ts'

export type ServedEntryPoint = {
  entryPoint: EntryPointAdapter
  paymaster: Address
  /** Whether the paymaster takes signatures outside of the hash (EntryPoint 0.9). */
  parallelSigning?: boolean
}

/** @throws RpcError for a chain or an EntryPoint that is not served. */
export function findEntryPoint<served extends ServedEntryPoint>(
  { chainId, served }: { chainId: number; served: readonly served[] },
  params: { chainId: number | undefined; entryPoint: Address },
): served {
  // Some methods do not name the chain: there is one.
  if (params.chainId !== undefined && params.chainId !== chainId) {
    throw new RpcError(
      rpcErrorCode.invalidParams,
      `chainId: ${params.chainId} is not served, only ${chainId} is`,
      { field: 'chainId' },
    )
  }
  const match = served.find(({ entryPoint }) => entryPoint.address === params.entryPoint)
  if (!match) {
    const addresses = served.map(({ entryPoint }) => entryPoint.address).join(', ')
    throw new RpcError(
      rpcErrorCode.invalidParams,
      `entryPoint: ${params.entryPoint} is not served; served: ${addresses}`,
      { field: 'entryPoint' },
    )
  }
  return match
}
