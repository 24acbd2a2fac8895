import { type Address, type BlockTag, type Client, type Hex, numberToHex } from 'viem'
import { request } from './request.ts'

/** When a view is read; the latest block by default. */
export type AtBlock = { blockNumber?: bigint | undefined; blockTag?: BlockTag | undefined }

/** A client that may have viem's public actions. */
type CallingClient = Client & {
  call?: (parameters: { to: Address; data: Hex } & AtBlock) => Promise<{ data?: Hex | undefined }>
}

/** What a call returns; '0x' when nothing. A client's own `call` is used where it has one, so that its batches stay. */
export async function call(
  client: CallingClient,
  { to, data, blockNumber, blockTag = 'latest' }: { to: Address; data: Hex } & AtBlock,
): Promise<Hex> {
  if (client.call) {
    const at = blockNumber === undefined ? { blockTag } : { blockNumber }
    const answer = await client.call({ to, data, ...at })
    return answer.data ?? '0x'
  }
  const block = blockNumber === undefined ? blockTag : numberToHex(blockNumber)
  return request(client, 'eth_call', [{ to, data }, block])
}
