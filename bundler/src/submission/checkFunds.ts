import type { Address } from 'viem'
import { getBalance } from '../chain/blocks.ts'
import type { ChainReader } from '../chain/reader.ts'

/**
 * Whether any executor can pay for bundles.
 * @param least Wei.
 * @returns `true`, or what is wrong.
 */
export async function checkFunds(
  reader: Pick<ChainReader, 'request'>,
  executors: readonly Address[],
  least: bigint,
): Promise<true | string> {
  const balances = await Promise.all(executors.map((address) => getBalance(reader, address)))
  if (balances.some((balance) => balance >= least)) return true
  return `none of the ${executors.length} executors has ${least} wei`
}
