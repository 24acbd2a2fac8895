import type { Address, Hex } from 'viem'

/** The parts of a block header that the bundler reads. */
export type Block = {
  number: number
  hash: Hex
  parentHash: Hex
  /** Unix seconds. */
  timestamp: number
  gasLimit: bigint
  /** Wei per gas; 0 before London. */
  baseFeePerGas: bigint
}

/** A log as `eth_getLogs` and receipts give it; quantities stay hex because they are passed on. */
export type RpcLog = {
  address: Address
  topics: Hex[]
  data: Hex
  blockHash: Hex
  blockNumber: Hex
  transactionHash: Hex
  transactionIndex: Hex
  logIndex: Hex
}

/** The parts of `eth_getTransactionReceipt` that are read; the rest is passed on untouched. */
export type RpcTransactionReceipt = {
  transactionHash: Hex
  blockHash: Hex
  blockNumber: Hex
  status: Hex
  logs: RpcLog[]
  [field: string]: unknown
}

export type RpcBlock = {
  number: Hex
  hash: Hex
  parentHash: Hex
  timestamp: Hex
  gasLimit: Hex
  baseFeePerGas?: Hex
}

/** Reads the fields of a JSON-RPC block object. */
export function toBlock(block: RpcBlock): Block {
  return {
    number: Number(block.number),
    hash: block.hash,
    parentHash: block.parentHash,
    timestamp: Number(block.timestamp),
    gasLimit: BigInt(block.gasLimit),
    baseFeePerGas: BigInt(block.baseFeePerGas ?? '0x0'),
  }
}
