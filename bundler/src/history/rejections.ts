import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { DelegateUnknownError } from '@fabstir/erc4337'
import { BoundedMap } from '@fabstir/service/collections'
import type { Hex } from 'viem'
import { isHex } from 'viem'
import type { DropReason } from '../types/operationUpdate.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'

/**
 * Why operations were not accepted, the latest of them. A hash does not cover the signature, so anybody
 * can have a good operation's hash refused: what pool or journal know goes first.
 */
export function createRejections(max: number) {
  const byHash = new BoundedMap<Hex, DropReason>(max)
  return {
    remember(op: UserOperation, entryPoint: EntryPointAdapter, chainId: number, error: unknown) {
      // A node that is away or a fault of this program says nothing about the operation.
      if (!(error instanceof RpcError) || error.code === rpcErrorCode.nodeUnavailable) return
      const hash = hashOf(op, entryPoint, chainId)
      if (hash !== undefined) byHash.set(hash, reasonOf(error))
    },
    find: (hash: Hex): DropReason | undefined => byHash.get(hash),
  }
}

function hashOf(op: UserOperation, entryPoint: EntryPointAdapter, chainId: number) {
  try {
    return entryPoint.hash(op, chainId)
  } catch (error) {
    if (error instanceof DelegateUnknownError) return undefined
    throw error
  }
}

function reasonOf({ code, message, data }: RpcError): DropReason {
  const { rule, revertData }: { rule?: unknown; revertData?: unknown } = Object(data)
  return {
    rule: typeof rule === 'string' ? rule : (/^AA\d\d/.exec(message)?.[0] ?? String(code)),
    message,
    ...(isHex(revertData) && { revertData }),
  }
}
