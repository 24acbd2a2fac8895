import {
  type Address,
  type BlockTag,
  type Hash,
  type Hex,
  hexToBigInt,
  hexToNumber,
  isHex,
  numberToHex,
} from 'viem'
import { request } from '../contracts/request.ts'
import { withTypedErrors } from '../errors/explainFailure.ts'
import { MalformedAnswerError } from '../errors/transport.ts'
import type { ReadClient } from '../types/client.ts'
import type { Block, ChainReader } from './chainReader.ts'
import type { LogQuery } from './eventFilter.ts'
import type { BlockId, ChainLog } from './trail.ts'

/**
 * When events count: at once, after so many blocks on top of their own, or when the chain says that their block is
 * safe or finalized.
 */
export type Confirmations = number | 'safe' | 'finalized'

/** What one question for logs asks for, of one contract or of several. */
type RpcQuery = Pick<LogQuery, 'topics'> & { address: Address | readonly Address[] }

type RpcBlock = { number: Hex; hash: Hash; parentHash: Hash; timestamp: Hex }
type Range = { blockHash: Hash } | { fromBlock: Hex; toBlock: Hex }

/**
 * Reads blocks and logs of a node. Answers that do not fit the question are failures.
 * @throws {NodeUnavailableError | ChainMismatchError | MalformedAnswerError}
 */
export function createRpcReader(
  client: ReadClient,
  { queries, confirmations }: { queries: readonly RpcQuery[]; confirmations: Confirmations },
): ChainReader {
  const ask = <result>(method: string, params: readonly unknown[]): Promise<result> =>
    withTypedErrors(client, () => request<result>(client.client, method, params))
  const blockBy = async (block: Hex | BlockTag): Promise<Block | undefined> => {
    const found = await ask<RpcBlock | null>('eth_getBlockByNumber', [block, false])
    return found ? toBlock(found) : undefined
  }
  const logsIn = async (range: Range, isInRange: (log: ChainLog) => boolean) => {
    const answers = await Promise.all(
      queries.map((query) => ask<unknown[]>('eth_getLogs', [{ ...query, ...range }])),
    )
    const logs = answers.flat().map(toChainLog)
    if (!logs.every(isInRange)) throw malformed('eth_getLogs', answers)
    // What fits two questions comes with both answers.
    const once = new Map(logs.map((log) => [`${log.blockHash} ${log.logIndex}`, log]))
    return [...once.values()].toSorted(
      (a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex,
    )
  }

  return {
    async target() {
      const tag = typeof confirmations === 'number' ? 'latest' : confirmations
      const head = await blockBy(tag)
      // Some chains have no safe block in their first minutes.
      if (!head) return { number: -1n }
      if (typeof confirmations !== 'number' || confirmations === 0) return head
      return { number: head.number - BigInt(confirmations) }
    },
    async block(number) {
      const block = await blockBy(numberToHex(number))
      if (block && block.number !== number)
        throw malformed('eth_getBlockByNumber', `block ${block.number} for ${number}`)
      return block
    },
    logsOf: ({ number, hash }: BlockId) =>
      logsIn({ blockHash: hash }, (log) => log.blockHash === hash && log.blockNumber === number),
    logsBetween: (from, to) =>
      logsIn(
        { fromBlock: numberToHex(from), toBlock: numberToHex(to) },
        ({ blockNumber }) => blockNumber >= from && blockNumber <= to,
      ),
  }
}

function toBlock(block: RpcBlock): Block {
  const { number, hash, parentHash, timestamp } = block
  if (![number, hash, parentHash, timestamp].every((value) => isHex(value)))
    throw malformed('eth_getBlockByNumber', block)
  return { number: hexToBigInt(number), hash, parentHash, timestamp: hexToNumber(timestamp) }
}

/** A log out of an answer of a node, or of a cursor. */
export function toChainLog(log: unknown): ChainLog {
  if (typeof log !== 'object' || log === null) throw malformed('eth_getLogs', log)
  const { address, topics, data, ...place } = log as Readonly<Record<string, unknown>>
  const { blockNumber, blockHash, transactionHash, logIndex } = place
  const isLog =
    isHex(address) && Array.isArray(topics) && topics.every((topic) => isHex(topic)) && isHex(data)
  if (!isLog || !isHex(blockNumber) || !isHex(blockHash) || !isHex(logIndex))
    throw malformed('eth_getLogs', log)
  if (!isHex(transactionHash)) throw malformed('eth_getLogs', log)
  return {
    address,
    topics,
    data,
    blockNumber: hexToBigInt(blockNumber),
    blockHash,
    transactionHash,
    logIndex: hexToNumber(logIndex),
  }
}

const malformed = (method: string, answer: unknown) =>
  new MalformedAnswerError({ service: 'node', method, answer })
