import type { Address, Hex } from 'viem'
import { concat } from 'viem'
import type { ChainReader } from './reader.ts'
import { createRequestBatch } from './requestBatch.ts'

export type ChainRules = {
  /** [EIP-7825] Transactions have at most 2^24 gas. Osaka brought it, and with it CLZ (EIP-7939). */
  capsTransactionGas: boolean
  /** NUMBER is the number of the block; on some rollups it is that of the chain below. */
  tellsBlockNumber: boolean
}

const probe: Address = '0x00000000000000000000000000000000f0be0008'
/** return(NUMBER) */
const numberCode: Hex = '0x4360005260206000f3'
/** CLZ of zero. */
const clzCode: Hex = concat(['0x60001e', '0x5000'])
/** Blocks that may be mined between two requests of one body. */
const TOLERANCE = 2

/** Finds out by calls which rules the chain has. @throws RpcError `nodeUnavailable` */
export async function probeChainRules(reader: Pick<ChainReader, 'batch'>): Promise<ChainRules> {
  const node = createRequestBatch(reader)
  const run = (code: Hex) =>
    node.call({ to: probe, data: '0x', gas: 100_000n, stateOverride: { [probe]: { code } } })
  const [seen, clz, newest] = await Promise.all([
    run(numberCode),
    run(clzCode),
    node.request('eth_blockNumber', []),
  ])
  const difference = seen.ok ? Number(BigInt(seen.data)) - Number(newest) : Number.NaN
  return { capsTransactionGas: clz.ok, tellsBlockNumber: Math.abs(difference) <= TOLERANCE }
}
