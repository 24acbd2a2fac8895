import {
  type Address,
  createClient,
  custom,
  type Hash,
  type Hex,
  hexToBigInt,
  type Log,
  type LogTopic,
  numberToHex,
} from 'viem'
import type { ReadClient } from '../types/client.ts'
import { testContracts as contracts } from './addressBook.ts'

type Question = { method: string; params?: readonly unknown[] }

type Filter = {
  address: Address | readonly Address[]
  topics: readonly LogTopic[]
  blockHash?: Hash
  fromBlock?: Hex
  toBlock?: Hex | 'latest'
}

export type TestNode = ReadClient & {
  /** Questions of a method, by their first parameter, in order. */
  asked: (method: string) => readonly unknown[]
}

export type TestNodeOptions = {
  /** Number of the newest block. */
  head: number
  /** Logs by the number of their block, like those of `logOf`. */
  logs?: Readonly<Record<number, readonly Log[]>>
  /** Comes between: what is answered instead, or thrown. `forward` asks the node itself, perhaps as of another head. */
  answer?: (question: Question, forward: (head?: number) => unknown) => unknown
}

/** Unix seconds of a block of a test node. */
export const timeOf = (number: number): number => 1_700_000_000 + 2 * number

/** A node with one chain that stands. It filters logs as nodes do. */
export function testNode({
  head,
  logs = {},
  answer = (_, forward) => forward(),
}: TestNodeOptions): TestNode {
  const questions: Question[] = []
  const request = async (question: Question): Promise<unknown> => {
    questions.push(question)
    return answer(question, (newest = head) => answerAsOf(newest, logs, question))
  }
  const transport = custom({ request }, { retryCount: 0 })
  return {
    client: createClient({ transport, pollingInterval: 1 }),
    contracts,
    asked: (method) =>
      questions.filter((question) => question.method === method).map(({ params }) => params?.[0]),
  }
}

function answerAsOf(
  head: number,
  logs: NonNullable<TestNodeOptions['logs']>,
  { method, params: [first] = [] }: Question,
): unknown {
  switch (method) {
    case 'eth_chainId':
      return numberToHex(contracts.chainId)
    case 'eth_blockNumber':
      return numberToHex(head)
    case 'eth_getBlockByNumber': {
      const number = numberOf(first as Hex, head)
      return number <= head ? blockAt(number) : null
    }
    case 'eth_getLogs': {
      const { address, topics, ...range } = first as Filter
      if (range.blockHash !== undefined && hexToBigInt(range.blockHash) > hexToBigInt(hashOf(head)))
        throw Object.assign(new Error('unknown block'), { code: -32000 })
      return Object.entries(logs).flatMap(([number, members]) =>
        isIn(range, Number(number), head)
          ? members.flatMap((log, index) =>
              [address].flat().includes(log.address) && fitsTopics(log, topics)
                ? [toRpcLog(log, Number(number), index)]
                : [],
            )
          : [],
      )
    }
    default:
      throw new Error(`nobody expected ${method}`)
  }
}

const hashOf = (number: number): Hash => numberToHex(0xb10c00000000n + BigInt(number), { size: 32 })

const blockAt = (number: number) => ({
  number: numberToHex(number),
  hash: hashOf(number),
  parentHash: hashOf(number - 1),
  timestamp: numberToHex(timeOf(number)),
})

const numberOf = (block: Hex | 'latest', head: number) =>
  block === 'latest' ? head : Number(block)

const isIn = (
  { blockHash, fromBlock = '0x0', toBlock = 'latest' }: Omit<Filter, 'address' | 'topics'>,
  number: number,
  head: number,
): boolean =>
  blockHash === undefined
    ? number >= numberOf(fromBlock, head) && number <= Math.min(numberOf(toBlock, head), head)
    : blockHash === hashOf(number)

const fitsTopics = (log: Log, topics: readonly LogTopic[]): boolean =>
  topics.every((wanted, index) => {
    // An empty list lets everything through, as in geth.
    const values = [wanted ?? []].flat()
    return values.length === 0 || values.includes(log.topics[index] ?? '0x')
  })

const toRpcLog = ({ address, topics, data }: Log, number: number, index: number) => ({
  address,
  topics,
  data,
  blockNumber: numberToHex(number),
  blockHash: hashOf(number),
  transactionHash: hashOf(number),
  logIndex: numberToHex(index),
})
