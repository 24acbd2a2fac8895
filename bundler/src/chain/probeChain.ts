import type { EntryPointAdapter } from '@fabstir/erc4337'
import { entryPointAdapters } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { getBlock, getChainId, getCode } from './blocks.ts'
import { isNodeUnavailable } from './httpChainReader.ts'
import type { ChainReader } from './reader.ts'

export type ChainProbe = {
  chainId: number
  genesisHash: Hex
  /** EntryPoints to serve. */
  entryPoints: EntryPointAdapter[]
}

/**
 * Waits for the node, and finds out which chain it is on and which EntryPoints that has.
 * @param options.entryPoints The EntryPoints to serve; by default all that the chain has.
 * @param options.startTimeout Milliseconds.
 * @throws RpcError `nodeUnavailable` after the time, EntryPointMissingError.
 */
export async function probeChain(
  reader: Pick<ChainReader, 'request'>,
  options: { entryPoints?: readonly EntryPointAdapter[] | undefined; startTimeout: number },
): Promise<ChainProbe> {
  const deadline = Date.now() + options.startTimeout
  for (;;) {
    try {
      const [chainId, genesis] = await Promise.all([getChainId(reader), getBlock(reader, 0)])
      const entryPoints = await presentEntryPoints(reader, options.entryPoints)
      return { chainId, genesisHash: genesis?.hash ?? '0x', entryPoints }
    } catch (error) {
      if (!isNodeUnavailable(error) || Date.now() >= deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

async function presentEntryPoints(
  reader: Pick<ChainReader, 'request'>,
  wanted: readonly EntryPointAdapter[] | undefined,
): Promise<EntryPointAdapter[]> {
  const candidates = wanted ?? entryPointAdapters
  const codes = await Promise.all(candidates.map(({ address }) => getCode(reader, address)))
  const present = candidates.filter((_, index) => codes[index] !== '0x')
  const missing = candidates.filter((candidate) => !present.includes(candidate))
  if (present.length === 0 || (wanted && missing.length > 0)) {
    throw new EntryPointMissingError(missing.map(({ address }) => address))
  }
  return present
}

/** The chain has no contract where an EntryPoint should be. */
export class EntryPointMissingError extends Error {
  override name = 'EntryPointMissingError'
  addresses: Hex[]

  constructor(addresses: Hex[]) {
    super(`the chain has no EntryPoint at ${addresses.join(', ')}`)
    this.addresses = addresses
  }
}
