import {
  type Address,
  type Client,
  type Hash,
  type Hex,
  type RpcLog,
  type RpcTransactionReceipt,
  slice,
  toEventSelector,
} from 'viem'
import {
  formatUserOperationReceipt,
  type RpcUserOperationReceipt,
  type UserOperationReceipt,
} from 'viem/account-abstraction'
import { readLogs } from '../contracts/readLogs.ts'

/** Of every EntryPoint. Behind the hash, account and paymaster are indexed. */
const userOperationEvent = toEventSelector(
  'UserOperationEvent(bytes32,address,address,uint256,bool,uint256,uint256)',
)
/** What the EntryPoint emits when all operations of a bundle were validated. */
const beforeExecution = toEventSelector('BeforeExecution()')

/** Blocks that are looked through when nobody knows when an operation was sent: more than many nodes allow. */
const lookback = 9_999n

export type FindOnChainParameters = {
  hash: Hash
  entryPoint: Address
  /** The block before which it cannot have been included. */
  fromBlock?: Hex | undefined
}

/**
 * Receipt of an operation out of the logs of its EntryPoint: the bundler that had it may have forgotten it, and only
 * the chain knows that there is none.
 */
export async function findOnChain(
  client: Client,
  { hash, entryPoint, fromBlock }: FindOnChainParameters,
): Promise<UserOperationReceipt | undefined> {
  const [event] = await readLogs(client, {
    address: entryPoint,
    topics: [userOperationEvent, hash],
    fromBlock: fromBlock ? BigInt(fromBlock) : await recentBlock(client),
  })
  if (!event?.transactionHash) return undefined
  const receipt = await request<RpcTransactionReceipt | null>(client, 'eth_getTransactionReceipt', [
    event.transactionHash,
  ])
  if (!receipt) return undefined
  return formatUserOperationReceipt(toOperationReceipt(receipt, event, entryPoint))
}

/** The newest block: what is signed now cannot have been included before it. */
export const currentBlock = (client: Client) => request<Hex>(client, 'eth_blockNumber')

async function recentBlock(client: Client): Promise<bigint> {
  const latest = BigInt(await currentBlock(client))
  return latest > lookback ? latest - lookback : 0n
}

function toOperationReceipt(
  receipt: RpcTransactionReceipt,
  { topics: [, userOpHash, sender, paymaster], data, logIndex }: RpcLog,
  entryPoint: Address,
): RpcUserOperationReceipt {
  const { logs } = receipt
  const end = logs.findIndex((log) => log.logIndex === logIndex)
  const start = logs.findLastIndex(
    ({ topics: [topic = '0x'] }, index) =>
      index < end && [userOperationEvent, beforeExecution].includes(topic),
  )
  const word = (index: number) => slice(data, index * 32, index * 32 + 32)
  return {
    userOpHash: userOpHash as Hash,
    entryPoint,
    sender: slice(sender as Hex, 12),
    paymaster: slice(paymaster as Hex, 12),
    nonce: word(0),
    success: BigInt(word(1)) === 1n,
    actualGasCost: word(2),
    actualGasUsed: word(3),
    logs: logs.slice(start + 1, end + 1),
    receipt,
  }
}

function request<result>(client: Client, method: string, params: unknown[] = []): Promise<result> {
  return client.request<{ Method: string; Parameters: unknown; ReturnType: result }>({
    method,
    params,
  })
}
