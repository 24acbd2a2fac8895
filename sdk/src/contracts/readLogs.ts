import {
  type Address,
  type Client,
  type Hex,
  type LogTopic,
  numberToHex,
  type RpcLog,
  toEventSelector,
} from 'viem'
import { isUnanswered } from '../errors/rpcError.ts'
import { type AbiText, toAbi } from './abiText.ts'
import { askInSpans, createBlockSpan } from './blockSpan.ts'
import { request } from './request.ts'

export type ReadLogsParameters = {
  address: Address
  /** By their place: one, any of several, or anything. The first is that of the event: {@link topicOf}. */
  topics: LogTopic[]
  fromBlock: bigint
}

/** Blocks in one question for logs of a node that has refused all of them at once. */
const maxBlockRange = 10_000n

/**
 * Logs of a contract in their order on chain, as `parseEvent` reads them: in one question where the node allows it.
 * viem's would bring its own parsing along.
 */
export async function readLogs(
  client: Client,
  { fromBlock, ...filter }: ReadLogsParameters,
): Promise<RpcLog[]> {
  const ask = (from: bigint, to?: bigint) =>
    request<RpcLog[]>(client, 'eth_getLogs', [
      {
        ...filter,
        fromBlock: numberToHex(from),
        toBlock: to === undefined ? 'latest' : numberToHex(to),
      },
    ])
  try {
    return await ask(fromBlock)
  } catch (error) {
    if (isUnanswered(error)) throw error
    const last = BigInt(await request<Hex>(client, 'eth_blockNumber'))
    return askInSpans(createBlockSpan(maxBlockRange), { from: fromBlock, last }, ask)
  }
}

/** First topic of an event. */
export function topicOf(text: AbiText): Hex {
  const [event] = toAbi(text)
  if (event.type !== 'event') throw new Error(`${text} is no event`)
  return toEventSelector(event)
}
