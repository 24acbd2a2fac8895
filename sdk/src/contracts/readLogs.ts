import {
  type Address,
  type Client,
  type Hex,
  type LogTopic,
  numberToHex,
  type RpcLog,
  toEventSelector,
} from 'viem'
import { type AbiText, toAbi } from './abiText.ts'

export type ReadLogsParameters = {
  address: Address
  /** By their place: one, any of several, or anything. The first is that of the event: {@link topicOf}. */
  topics: LogTopic[]
  fromBlock: bigint
}

/** Logs of a contract in their order on chain, as `parseEvent` reads them. viem's would bring its own parsing along. */
export function readLogs(
  client: Client,
  { address, topics, fromBlock }: ReadLogsParameters,
): Promise<RpcLog[]> {
  return client.request<{ Method: 'eth_getLogs'; Parameters: unknown; ReturnType: RpcLog[] }>({
    method: 'eth_getLogs',
    params: [{ address, topics, fromBlock: numberToHex(fromBlock), toBlock: 'latest' }],
  })
}

/** First topic of an event. */
export function topicOf(text: AbiText): Hex {
  const [event] = toAbi(text)
  if (event.type !== 'event') throw new Error(`${text} is no event`)
  return toEventSelector(event)
}
