import type { Hex } from 'viem'
import type { BlockTag } from '../../../../chain/reader.ts'
import { RpcError, rpcErrorCode } from '../../../../types/rpcError.ts'
import type { RequestBatcher } from './requestBatch.ts'

/**
 * The hash of the block that a tag stands for now.
 * @returns `undefined` when the node has no such block.
 * @throws RpcError -32602 for `pending`, which no hash stands for.
 */
export async function pinBlock(batcher: RequestBatcher, tag: BlockTag): Promise<Hex | undefined> {
  if (typeof tag === 'object') return tag.blockHash
  if (tag === 'pending') {
    throw new RpcError(
      rpcErrorCode.invalidParams,
      'blockTag must not be pending: a local trace is pinned to the hash of a block',
    )
  }
  const block = (await batcher.request('eth_getBlockByNumber', [tag, false])) as {
    hash: Hex
  } | null
  return block?.hash
}
