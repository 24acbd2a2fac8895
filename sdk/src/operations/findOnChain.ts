import {
  type Address,
  type Client,
  type Hash,
  type Hex,
  isAddressEqual,
  pad,
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
import { request } from '../contracts/request.ts'
import { MalformedAnswerError } from '../errors/transport.ts'
import { hashesOf, type SignedOperation } from './sentOperations.ts'

/** Of every EntryPoint. Behind the hash, account and paymaster are indexed. */
const userOperationEvent = toEventSelector(
  'UserOperationEvent(bytes32,address,address,uint256,bool,uint256,uint256)',
)
/** What the EntryPoint emits when all operations of a bundle were validated. */
const beforeExecution = toEventSelector('BeforeExecution()')

/** Blocks that are looked through first when nobody knows when an operation was sent: nodes limit how many. */
const lookback = 9_999n

export type FindOnChainParameters = {
  hash: Hash
  entryPoint: Address
  /** The operation, where it is known: then it is looked for by its nonce. */
  operation?: SignedOperation | undefined
}

/**
 * Receipt of an operation out of the logs of its EntryPoint, or of an earlier one that it takes the place of: the
 * bundler that had it may have forgotten it, and only the chain knows that there is none.
 * @returns `'replaced'` when another operation has used its nonce; `undefined` when there is none so far.
 * @throws {MalformedAnswerError} When the node has the log and not yet its transaction.
 */
export async function findOnChain(
  client: Client,
  { hash, entryPoint, operation }: FindOnChainParameters,
): Promise<UserOperationReceipt | 'replaced' | undefined> {
  const event = await (operation
    ? findNonceUse(client, entryPoint, operation)
    : findByHash(client, entryPoint, hash))
  if (!event) return undefined
  if (operation && !hashesOf(operation).includes(event.topics[1] as Hash)) return 'replaced'
  const method = 'eth_getTransactionReceipt'
  const receipt = await request<RpcTransactionReceipt | null>(client, method, [
    event.transactionHash,
  ])
  // One node behind a balancer has the log, and the next one not yet the block.
  if (!receipt) throw new MalformedAnswerError({ service: 'node', method, answer: receipt })
  return formatUserOperationReceipt(toOperationReceipt(receipt, event, entryPoint))
}

/** The newest block: what is signed now cannot have been included before it. */
export const currentBlock = (client: Client) => request<Hex>(client, 'eth_blockNumber')

/** Whoever has used the nonce of an operation. */
async function findNonceUse(
  client: Client,
  address: Address,
  { request: { sender, nonce }, fromBlock }: SignedOperation,
): Promise<RpcLog | undefined> {
  const topics = [userOperationEvent, null, pad(sender, { size: 32 })]
  const events = await readLogs(client, { address, topics, fromBlock: BigInt(fromBlock) })
  return events.find(({ data }) => BigInt(slice(data, 0, 32)) === BigInt(nonce))
}

/** That it is not in the newest blocks decides nothing; a node that does not look through all of them neither. */
async function findByHash(
  client: Client,
  address: Address,
  hash: Hash,
): Promise<RpcLog | undefined> {
  const topics = [userOperationEvent, hash]
  const latest = BigInt(await currentBlock(client))
  const newest = latest > lookback ? latest - lookback : 0n
  const [recent] = await readLogs(client, { address, topics, fromBlock: newest })
  if (recent || newest === 0n) return recent
  // In one question: in parts, a long chain would be asked thousands, and all of them again soon.
  const all = { address, topics, fromBlock: '0x0', toBlock: 'latest' }
  const [event] = await request<RpcLog[]>(client, 'eth_getLogs', [all])
  return event
}

function toOperationReceipt(
  receipt: RpcTransactionReceipt,
  { topics: [, userOpHash, sender, paymaster], data, logIndex }: RpcLog,
  entryPoint: Address,
): RpcUserOperationReceipt {
  const { logs } = receipt
  const end = logs.findIndex((log) => log.logIndex === logIndex)
  const start = logs.findLastIndex(
    ({ address, topics: [topic = '0x'] }, index) =>
      index < end &&
      isAddressEqual(address, entryPoint) &&
      [userOperationEvent, beforeExecution].includes(topic),
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
