import type { Address, Hex } from 'viem'
import { isInvalidParams } from '../types/chainError.ts'
import type { Block, RpcBlock, RpcLog, RpcTransactionReceipt } from './block.ts'
import { toBlock } from './block.ts'
import type { ChainReader } from './reader.ts'

type Request = Pick<ChainReader, 'request'>

/** A block by tag or number; `undefined` when the node does not have it. */
export async function getBlock(
  reader: Request,
  block: 'latest' | number,
): Promise<Block | undefined> {
  const tag = block === 'latest' ? block : quantity(block)
  const found = (await reader.request('eth_getBlockByNumber', [tag, false])) as RpcBlock | null
  return found ? toBlock(found) : undefined
}

/** A block by hash; `undefined` when the node does not have it. */
export async function getBlockByHash(reader: Request, hash: Hex): Promise<Block | undefined> {
  const found = (await reader.request('eth_getBlockByHash', [hash, false])) as RpcBlock | null
  return found ? toBlock(found) : undefined
}

/** Logs of `addresses` in one block. Pinned to the hash, so a reorg in between cannot mix two chains. */
export async function getBlockLogs(
  reader: Request,
  blockHash: Hex,
  addresses: readonly Address[],
): Promise<RpcLog[]> {
  return (await reader.request('eth_getLogs', [{ blockHash, address: addresses }])) as RpcLog[]
}

/** Logs of `addresses` from block `from` to block `to`, both included, optionally filtered by topics. */
export async function getLogs(
  reader: Request,
  filter: {
    from: number
    to: number | 'latest'
    addresses: readonly Address[]
    topics?: readonly (Hex | null)[]
  },
): Promise<RpcLog[]> {
  return (await reader.request('eth_getLogs', [
    {
      fromBlock: quantity(filter.from),
      toBlock: filter.to === 'latest' ? filter.to : quantity(filter.to),
      address: filter.addresses,
      ...(filter.topics && { topics: filter.topics }),
    },
  ])) as RpcLog[]
}

/** `undefined` while the transaction is not in a canonical block. */
export async function getTransactionReceipt(
  reader: Request,
  hash: Hex,
): Promise<RpcTransactionReceipt | undefined> {
  const found = await reader.request('eth_getTransactionReceipt', [hash])
  return found ? (found as RpcTransactionReceipt) : undefined
}

/** Calldata of a transaction; `undefined` when the node does not know it. */
export async function getTransactionInput(reader: Request, hash: Hex): Promise<Hex | undefined> {
  const found = (await reader.request('eth_getTransactionByHash', [hash])) as { input: Hex } | null
  return found?.input
}

/** Number of transactions that `address` has on chain now (its next nonce). */
export async function getTransactionCount(reader: Request, address: Address): Promise<number> {
  return Number(await reader.request('eth_getTransactionCount', [address, 'latest']))
}

/**
 * The same at one block, pinned to its hash (EIP-1898): a reorg in between is an error, not a wrong
 * number. Nodes that do not know EIP-1898 are asked by number.
 */
export async function getTransactionCountAt(
  reader: Request,
  address: Address,
  block: { number: number; hash: Hex },
): Promise<number> {
  try {
    const params = [address, { blockHash: block.hash }]
    return Number(await reader.request('eth_getTransactionCount', params))
  } catch (error) {
    if (!isInvalidParams(error)) throw error
    return Number(
      await reader.request('eth_getTransactionCount', [address, quantity(block.number)]),
    )
  }
}

/** Wei. */
export async function getBalance(reader: Request, address: Address): Promise<bigint> {
  return BigInt((await reader.request('eth_getBalance', [address, 'latest'])) as Hex)
}

export async function getCode(reader: Request, address: Address): Promise<Hex> {
  return (await reader.request('eth_getCode', [address, 'latest'])) as Hex
}

export async function getChainId(reader: Request): Promise<number> {
  return Number(await reader.request('eth_chainId', []))
}

function quantity(value: number): Hex {
  return `0x${value.toString(16)}`
}
