import type { Address } from 'viem'
import { accountProbeCall, decodeAccountProbe } from '../../chain/accountProbe.ts'
import type { ChainReader } from '../../chain/reader.ts'
import { RpcError, rpcErrorCode } from '../../types/rpcError.ts'
import type { Code, CodeCache } from './codeCache.ts'

/**
 * Code of addresses in lower case, from the cache or by one call.
 * @throws RpcError -32000 when the node cannot be reached or does not run calls as it should.
 */
export async function readCodes(
  addresses: readonly Address[],
  cache: CodeCache,
  node: Pick<ChainReader, 'call'>,
): Promise<Map<Address, Code>> {
  const codes = new Map<Address, Code>()
  const unknown = new Set<Address>()
  for (const address of addresses) {
    const code = cache.get(address)
    if (code) codes.set(address, code)
    else unknown.add(address)
  }
  if (unknown.size === 0) return codes
  const asked = [...unknown]
  const result = await node.call(accountProbeCall(asked))
  if (!result.ok) {
    throw new RpcError(rpcErrorCode.nodeUnavailable, `code cannot be read: ${result.message}`)
  }
  for (const [index, state] of decodeAccountProbe(asked, result.data).entries()) {
    const address = asked[index]
    if (address) codes.set(address, cache.learn(address, state))
  }
  return codes
}
